"""Where pages stand, and that addresses which readers keep still lead to what they named."""

import functools
import html
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboards import sql_page
from dashboards.chromium import open_page
from dashboards.navigation import BELOW, NAVIGATION, below
from tests.dashboards.conftest import data_of
from tests.dashboards.in_chromium import MARKS, until

# Pages of the release of November 2026, each with the anchors that a link could name.
KEPT = [line.split() for line in Path(__file__).with_name("addresses.txt").read_text(encoding="utf-8").splitlines()]
# A page, the figure that a reader chose, and the state that the address holds.
STATES = [
    ("research", "papers_with_code", {"v": "table", "from": "2021"}),
    ("search", "google_trends", {"m": "count", "to": "2020"}),
    ("surveys", "kaggle_survey", {"m": "count", "fw": "keras,jax", "alone": "1"}),
    ("activity", "github_stars", {"fw": "pytorch,jax"}),
    ("index", "pypi_downloads", {"v": "table"}),
    ("compare/pytorch-tensorflow", "sources", {"m": "share", "from": "2019"}),
    ("compare/jax-keras", "fits", {"v": "table"}),
]


def text_of(site: Path, page: str) -> str:
    return (site / page).read_text(encoding="utf-8")


def test_seven_entries_lead_to_everything(site):
    assert [label for _, label in NAVIGATION] == [
        *("Overview", "Ranking", "Evidence", "Compare", "Frameworks", "Claims", "Data")
    ]
    pages = sorted(str(path.relative_to(site)) for path in site.rglob("*.html"))
    for page in pages:
        bar = text_of(site, page).split("<nav aria-label")[1].split("</nav>")[0]
        assert len(re.findall("<a ", bar)) == len(NAVIGATION), page
        assert len(re.findall("aria-current", bar)) == 1, page
    assert {page for below in BELOW.values() for page, _ in below} <= {*pages, "sql.html"}
    assert {"Downloads", "Sources", "Methods", "SQL"} <= {label for _, label in BELOW["data.html"]}
    assert len(BELOW["evidence.html"]) == 5


def test_sql_is_in_the_menu_only_where_its_page_can_answer(site):
    assert "sql.html" not in text_of(site, "data.html")
    assert below(has_sql=True) == BELOW
    assert {label for _, label in BELOW["data.html"]} - {label for _, label in below(has_sql=False)["data.html"]} == {
        "SQL"
    }


def test_every_address_of_the_previous_release_leads_to_what_it_named(site, small_warehouse, tmp_path):
    sql_page.render(small_warehouse, site, tmp_path)
    try:
        for page, *anchors in KEPT:
            held = set(re.findall(r'\bid="([^"]+)"', text_of(site, page)))
            assert not [anchor for anchor in anchors if anchor not in held], page
    finally:
        (site / "sql.html").unlink()


def test_the_methods_are_the_text_of_the_documentation(site):
    text = text_of(site, "methods.html")
    words = " ".join(html.unescape(re.sub(r"<[^>]+>", "", text)).split())
    source = (Path(__file__).parents[2] / "docs" / "methods.md").read_text(encoding="utf-8")
    for heading in re.findall(r"^## (.*)$", source, re.MULTILINE):
        assert f">{html.escape(heading)}</h2>" in text
    plain = " ".join(re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", source).replace("**", "").replace("`", "").split())
    for sentence in ("Wilson's (1927)", "says how often each interval holds it"):
        assert sentence in plain
        assert sentence in words
    assert "RESULTS.md" not in text


def test_names_of_frameworks_lead_to_their_pages(site):
    assert '<a href="framework/jax.html">JAX</a>' in text_of(site, "index.html")
    keras = text_of(site, "framework/keras.html")
    assert '<a href="../framework/pytorch.html">PyTorch</a>' in keras
    assert ">Keras</a>" not in keras.split("<main")[1].split('id="rivals"')[0], "no page leads to itself"
    assert '<a href="framework/pytorch.html">' in text_of(site, "evidence.html")


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.mark.browser
@pytest.mark.parametrize("is_served", [False, True], ids=["disk", "server"])
class TestSavedStates:
    pytestmark = MARKS

    @pytest.mark.parametrize(("page", "figure", "state"), STATES, ids=[page for page, *_ in STATES])
    def test_a_saved_state_shows_the_same_figure_again(self, browser, site, served, is_served, page, figure, state):
        base = served if is_served else f"file://{site}"
        kept = "&".join(f"{name}={value}" for name, value in {"f": figure, **state}.items())
        open_page(browser, f"{base}/{page}.html#{kept}", 1280, "light")
        until(browser, "document.documentElement.classList.contains('all-drawn')")
        shown = browser.execute_script(
            """const box = document.getElementById(arguments[0]);
            const value = (name) => { const one = box.querySelector(name); return one && (one.value || null); };
            return {
                v: box.querySelector('[role=tab][aria-selected=true]').dataset.view,
                m: value('.measures input:checked'), from: value('.from'), to: value('.to'),
                fw: Array.from(box.querySelectorAll('.chips .chip:not(.plain) input:checked'), (one) => one.value),
                alone: String(Number(!!box.querySelector('.alone:checked'))), top: box.getBoundingClientRect().top,
            };""",
            figure,
        )
        for name, value in state.items():
            assert set(shown[name]) == set(value.split(",")) if name == "fw" else shown[name] == value, name
        assert -2 < shown["top"] < 600
        assert data_of(text_of(site, f"{page}.html"), figure)["choices"]
