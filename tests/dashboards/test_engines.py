"""The pages in Firefox and WebKit: they draw, are read, print, and raise no error. Chromium has test_browser.py."""

import base64
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("selenium.webdriver")
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.dashboards import engines
from tests.dashboards.in_chromium import violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # selenium's own driver of WebKit uses what selenium deprecates.
    pytest.mark.filterwarnings("ignore:setting remote_server_addr"),
]
LACKS = engines.missing()
# What went wrong in a page is collected in the page: WebKit's driver has no log.
COLLECT = (
    "<script>window.collected = [];"
    "addEventListener('error', (e) => window.collected.push(String(e.message || e.target.src || e.target.href)), true);"
    "addEventListener('unhandledrejection', (e) => window.collected.push(String(e.reason)));"
    "document.addEventListener('securitypolicyviolation', (e) => window.collected.push(e.violatedDirective));"
    "</script>"
)


@pytest.fixture(scope="module")
def told_site(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with a collector of errors before all else in each page."""
    folder = tmp_path_factory.mktemp("told") / "site"
    folder.mkdir()
    for path in site.rglob("*"):
        target = folder / path.relative_to(site)
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        elif path.suffix == ".html":
            target.parent.mkdir(parents=True, exist_ok=True)
            text = path.read_text(encoding="utf-8").replace(
                "script-src 'self' file:", "script-src 'unsafe-inline' 'self' file:"
            )
            target.write_text(text.replace('<meta name="color-scheme"', COLLECT + '<meta name="color-scheme"', 1))
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, target)
    return folder


@pytest.fixture(scope="module", params=["firefox", "webkit"])
def engine(request: pytest.FixtureRequest) -> Iterator[Any]:
    name = request.param
    if name in LACKS and os.environ.get("CI") != "true":
        pytest.skip(LACKS[name])
    with getattr(engines, name)() as driver:
        driver.engine = name
        yield driver


def pages_of(site: Path) -> list[str]:
    """The pages of the first folder, and the first one of each other folder."""
    found = sorted(str(path.relative_to(site)) for path in site.rglob("*.html") if not path.name.startswith("sql"))
    folders = {name.rpartition("/")[0]: name for name in reversed(found)}
    return [name for name in found if "/" not in name or folders[name.rpartition("/")[0]] == name]


def test_every_page_draws_without_an_error(engine, told_site):
    drawn = 0
    for page in pages_of(told_site):
        engines.opened(engine, f"file://{told_site}/{page}")
        assert engine.execute_script("return window.collected") == [], page
        empty = engine.execute_script(
            "return [...document.querySelectorAll('.plot')].filter(p => p.clientWidth && "
            "p.querySelectorAll('svg path').length < 4).map(p => p.id)"
        )
        assert empty == [], page
        drawn += engine.execute_script("return document.querySelectorAll('.plot svg').length")
    assert drawn > 15


def test_the_pointer_and_the_keyboard_read_a_chart(engine, told_site):
    engines.opened(engine, f"file://{told_site}/research.html")
    plot = engine.find_element(By.ID, "papers_with_code-plot")
    engine.execute_script("arguments[0].scrollIntoView({block: 'center'})", plot)
    ActionChains(engine).move_to_element(plot).perform()
    bubble = "const b = document.querySelector('.bubble'); return b && !b.hidden ? b.innerText : ''"
    assert "%" in engine.execute_script(bubble)
    slider = engine.find_element(By.CSS_SELECTOR, "#papers_with_code .reader")
    engine.execute_script("arguments[0].focus()", slider)
    before = slider.get_attribute("aria-valuetext")
    slider.send_keys(Keys.ARROW_LEFT)
    assert "%" in slider.get_attribute("aria-valuetext")
    assert slider.get_attribute("aria-valuetext") != before


def test_a_finger_reads_and_what_it_read_stays(engine, told_site):
    engines.opened(engine, f"file://{told_site}/research.html")
    shown = engine.execute_script("""
        const plot = document.getElementById('papers_with_code-plot');
        const box = plot.getBoundingClientRect();
        plot.setPointerCapture = () => {};
        const fire = (name, part) => plot.dispatchEvent(new PointerEvent(name, {bubbles: true, pointerType: 'touch',
            pointerId: 7, clientX: box.left + box.width * part, clientY: box.top + 100}));
        fire('pointerdown', 0.3); fire('pointermove', 0.5); fire('pointerup', 0.5); fire('pointerleave', 0.5);
        const bubble = document.querySelector('.bubble');
        return bubble && !bubble.hidden ? bubble.innerText : ''""")
    assert "%" in shown


def test_a_measure_changes_chart_and_address(engine, told_site):
    engines.opened(engine, f"file://{told_site}/research.html")
    shown = "return document.querySelector('#papers_with_code .subtitle').textContent"
    before = engine.execute_script(shown)
    engine.execute_script("document.querySelector('#papers_with_code input[value=pair]').click()")
    assert engine.execute_script(shown) != before
    WebDriverWait(engine, 20).until(lambda one: "m=pair" in one.execute_script("return location.hash"))


def test_a_figure_in_a_frame(engine, told_site):
    engines.opened(engine, f"file://{told_site}/research.html#f=papers_with_code&embed=1")
    assert engine.execute_script("return document.querySelectorAll('figure').length") == 1
    assert engine.execute_script("return document.querySelector('.bar').offsetHeight") == 0


def test_the_rules_of_accessibility_hold(engine, told_site, rules):
    for page in ("index", "research", "claims"):
        engines.opened(engine, f"file://{told_site}/{page}.html")
        assert violations(engine, rules) == [], page


def test_on_paper_the_newest_year_and_the_names_at_the_ends_are_there(engine, told_site):
    if engine.engine == "webkit":
        pytest.skip("its driver cannot print")
    pypdf = pytest.importorskip("pypdf")
    engines.opened(engine, f"file://{told_site}/research.html")
    labels = engine.execute_script(
        "return [...document.querySelectorAll('#papers_with_code .plot svg text')].map(t => t.textContent)"
    )
    newest = max(label for label in labels if re.fullmatch(r"20\d\d", label))
    printed = pypdf.PdfReader(io.BytesIO(base64.b64decode(engine.print_page())))
    text = " ".join(page.extract_text() for page in printed.pages)
    assert newest in text
    # Names and numbers at the ends of lines are bold; letters lie apart in some files.
    bold = engine.execute_script(
        "return [...document.querySelectorAll('#papers_with_code .plot svg text[font-weight=bold]')]"
        ".map(t => t.textContent)"
    )
    packed = re.sub(r"\s", "", text)
    assert bold
    assert [words for words in bold if re.sub(r"\s", "", words) not in packed] == []
