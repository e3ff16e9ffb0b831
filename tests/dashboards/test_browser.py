"""The pages in Chromium, opened from disk with no network."""

import base64
import csv
import io
import itertools
import json
import re
import struct
import time
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest

pytest.importorskip("selenium.webdriver")
from selenium.webdriver.common.action_chains import ActionChains  # after the check that selenium is there
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from dashboards import single_file
from dashboards.chromium import look, open_page
from dashboards.wording import NO_FIGURE
from tests.dashboards.conftest import HOSTILE
from tests.dashboards.in_chromium import (
    MARKS,
    WAIT,
    drawn,
    opened,
    press,
    redrawn,
    requested,
    troubles,
    until,
    violations,
    words,
)

pytestmark = MARKS
PAGES = [
    "index",
    "research",
    "search",
    "surveys",
    "activity",
    "compare/index",
    "compare/pytorch-tensorflow",
    "compare/pytorch-jax",
    "compare/pytorch-keras",
    "compare/pytorch-scikit-learn",
    "claims",
    "which-one",
    "sources",
    "data",
]


@pytest.fixture(scope="module")
def downloads(browser, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("downloads")
    allowed = {"behavior": "allow", "downloadPath": str(folder)}
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", allowed)
    return folder


@pytest.mark.parametrize("page", PAGES)
def test_a_page_in_both_schemes_and_widths(browser, site, rules, page):
    for width in (1280, 360):
        opened(browser, site, page, width)
        assert troubles(browser) == []
        assert [url for url in requested(browser) if not url.startswith(("file:", "data:", "blob:", "about:"))] == []
        for scheme in ("light", "dark"):
            look(browser, width, scheme)
            assert violations(browser, rules) == [], (width, scheme)


@pytest.mark.parametrize(
    ("width", "seen"), [(1280, "broad"), (1000, "broad"), (700, None), (412, "slim"), (360, "slim")]
)
def test_the_first_figure_is_seen_before_scripts_run_and_nothing_moves_when_they_have(
    browser, site, tmp_path, width, seen
):
    place = (
        "const box = document.querySelector('#crossings .plot').getBoundingClientRect(); return [box.top, box.height]"
    )
    stills = "Array.from(document.querySelectorAll('.still'))"
    shown = f"return {stills}.filter(one => one.checkVisibility()).map(one => one.classList[1])"
    look(browser, width, "light")
    for name in ("index.html", "site.css", "theme.css", "site.js"):  # those of charts are on their way
        (tmp_path / name).write_bytes((site / name).read_bytes())
    browser.get(f"file://{tmp_path}/index.html")
    assert browser.execute_script(shown) == ([seen] if seen else [])
    before = browser.execute_script(place)
    (tmp_path / "site.js").unlink()  # none ever runs
    browser.get(f"file://{tmp_path}/index.html")
    assert browser.execute_script(shown) == ([seen] if seen else [])
    opened(browser, site, "index", width)
    assert browser.execute_script("return document.querySelectorAll('.still').length") == 0
    if seen:
        assert browser.execute_script(place) == pytest.approx(before, abs=1)


@pytest.mark.slow
def test_every_other_page_in_a_width_and_a_scheme(browser, site, rules):
    """They are of a few kinds, so each page meets one of the four looks, and each kind all of them."""
    others = {str(path.relative_to(site).with_suffix("")) for path in site.rglob("*.html")} - {*PAGES, "sql"}
    assert len(others) > 20
    looks = itertools.cycle(itertools.product((1280, 360), ("light", "dark")))
    wrong = {}
    for page, (width, scheme) in zip(sorted(others), looks, strict=False):
        opened(browser, site, page, width)
        wrong[page, width] = troubles(browser)
        look(browser, width, scheme)
        wrong[page, width, scheme] = violations(browser, rules)
    assert {where: what for where, what in wrong.items() if what} == {}


@pytest.mark.parametrize(("scheme", "background"), [("light", "rgb(250, 248, 244)"), ("dark", "rgb(21, 23, 26)")])
def test_the_system_chooses_the_colours(browser, site, scheme, background):
    opened(browser, site, "data", scheme=scheme)
    assert browser.execute_script("return getComputedStyle(document.body).backgroundColor") == background


def test_the_switch_goes_before_the_system_and_is_remembered(browser, site):
    opened(browser, site, "data")
    press = "document.getElementById('theme').click(); return document.documentElement.dataset.theme || 'auto'"
    assert [browser.execute_script(press) for _ in range(4)] == ["dark", "light", "auto", "dark"]
    opened(browser, site, "sources")
    assert browser.execute_script("return document.documentElement.dataset.theme") == "dark"
    browser.execute_script("localStorage.clear()")


def test_the_page_works_without_storage(browser, site):
    refuse = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused'); } })"
    added = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": refuse})
    try:
        opened(browser, site)
        press = "document.getElementById('theme').click(); return document.documentElement.dataset.theme"
        assert browser.execute_script(press) == "dark"
        assert browser.get_log("browser") == []
    finally:
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


# --- choices of the reader -------------------------------------------------------------------------------------------


def test_measures_change_chart_subtitle_and_address(browser, site):
    opened(browser, site, "research")
    for measure in ("pair", "count", "share"):
        before = drawn(browser, "conference_papers")
        subtitle = words(browser, "#conference_papers .subtitle")
        press(browser, f"#conference_papers .measures input[value={measure}]")
        redrawn(browser, "conference_papers", before)
        assert words(browser, "#conference_papers .subtitle") != subtitle
        assert (f"m={measure}" in browser.current_url) == (measure != "share")
    assert browser.get_log("browser") == []


def test_frameworks_are_picked_and_hidden(browser, site):
    state = "#f=papers_with_code&s=links_known%7Csample+of+2%2C297+links+%282024-09%29"
    opened(browser, site, "research", state=state)
    names = """return Array.from(document.querySelectorAll('#papers_with_code svg text'), t => t.textContent)
        .filter(t => t.startsWith('PaddlePaddle')).length"""
    assert browser.execute_script(names) == 0
    before = drawn(browser, "papers_with_code")
    press(browser, "#papers_with_code .chips input[value=paddlepaddle]")
    redrawn(browser, "papers_with_code", before)
    assert browser.execute_script(names) == 1
    lines = "return document.querySelectorAll('#papers_with_code .mark-line path').length"
    shown = browser.execute_script(lines)
    before = drawn(browser, "papers_with_code")
    press(browser, "#papers_with_code .alone")
    redrawn(browser, "papers_with_code", before)
    assert browser.execute_script(lines) < shown


@pytest.mark.parametrize(
    ("width", "name"), [(1280, ["Hugging Face Transformers"]), (360, ["Hugging Face", "Transformers"])]
)
def test_names_and_numbers_stand_whole_at_the_line_ends(browser, site, width, name):
    opened(browser, site, "activity", width)
    texts = browser.execute_script("""
        return Array.from(document.querySelectorAll('#pypi_downloads svg text'), text =>
            Array.from(text.querySelectorAll("tspan"), line => line.textContent))""")
    ends = [text for text in texts if len(text) > 1]
    assert sorted(ends) == [[*name, "4.15M"], ["PyTorch", "2.82M"], ["TensorFlow", "731k"]]


def test_the_list_of_events_names_only_those_that_are_drawn(browser, site):
    opened(browser, site, "activity", 360, state="#f=pypi_downloads&from=2020&to=2021")
    shown = browser.execute_script("""
        return Array.from(document.querySelectorAll('#pypi_downloads .events li'))
            .filter(item => item.offsetHeight).map(item => [item.value, item.textContent.split(',')[0]])""")
    assert shown == [[1, "OpenAI standardises on PyTorch"], [2, "TorchServe launched"]]


def test_the_time_range_holds(browser, site):
    opened(browser, site, "activity")
    years = """return Array.from(document.querySelectorAll('#pypi_downloads .role-axis-label text'), t => t.textContent)
        .filter(t => /^20\\d\\d$/.test(t))"""
    assert "2019" in browser.execute_script(years)
    before = drawn(browser, "pypi_downloads")
    for end, year in (("from", "2021"), ("to", "2023")):
        Select(browser.find_element(By.CSS_SELECTOR, f"#pypi_downloads .{end}")).select_by_visible_text(year)
    redrawn(browser, "pypi_downloads", before)
    until(browser, "!document.querySelector('#pypi_downloads svg').textContent.includes('2025')")
    shown = {int(year) for year in browser.execute_script(years)}
    assert shown
    assert min(shown) >= 2021
    assert max(shown) <= 2024


def test_what_is_counted_changes_title_table_and_words(browser, site):
    opened(browser, site, "surveys")
    title = words(browser, "#stack_overflow_survey .title")
    alternative = "return document.querySelector('#stack_overflow_survey [role=img]').getAttribute('aria-label')"
    before = browser.execute_script(alternative)
    choice = Select(browser.find_element(By.CSS_SELECTOR, "#stack_overflow_survey .choose"))
    choice.select_by_visible_text("Worked with, as published, learning to code")
    until(browser, f"document.querySelector('#stack_overflow_survey .title').textContent !== {json.dumps(title)}")
    assert browser.execute_script(alternative) != before
    assert "s=worked_with_published" in browser.current_url


def test_a_link_restores_exactly_this_view(browser, site):
    state = "#" + "&".join(
        ["f=papers_with_code", "m=count", "fw=jax%2Cpytorch", "alone=1", "from=2019", "to=2022", "v=chart"]
    )
    opened(browser, site, "research", state=state)
    picture = drawn(browser, "papers_with_code")
    held = browser.execute_script("""
        const f = document.querySelector('#papers_with_code');
        const named = Array.from(f.querySelectorAll('.chips input[value]:checked'), i => i.value);
        return [f.querySelector('.measures input:checked').value, f.querySelector('.from').value,
            f.querySelector('.to').value, f.querySelector('.alone').checked, named.filter(v => v !== 'on').sort()]""")
    assert held == ["count", "2019", "2022", True, ["jax", "pytorch"]]
    press(browser, "#papers_with_code [data-act=link]")
    link = browser.execute_script("return document.querySelector('#papers_with_code textarea').value")
    # A path on this disk is of no use to anybody else, and so it is told.
    assert link.startswith("research.html#f=papers_with_code")
    assert "put before it the address at which others find them" in words(browser, "#papers_with_code .give output")
    open_page(browser, f"file://{site}/{link}")
    assert drawn(browser, "papers_with_code") == picture
    assert browser.get_log("browser") == []


def test_a_link_to_another_choice_and_its_table(browser, site):
    state = "#f=stack_overflow_survey&s=wanted%7Call+respondents&v=table"
    opened(browser, site, "surveys", state=state)
    assert "Want to work with" in words(browser, "#stack_overflow_survey .title")
    assert browser.execute_script("return document.querySelector('#stack_overflow_survey-table').offsetHeight > 0")


@pytest.mark.parametrize(
    "state",
    ["#f=nobody&m=pair", "#f=papers_with_code&m=nonsense&s=%3Cscript%3E&from=abcd&fw=%22", "#=", "#sources", "#%"],
)
def test_a_bad_address_leaves_the_page_as_it_is(browser, site, state):
    opened(browser, site, "index", state=state)
    assert browser.get_log("browser") == []
    assert browser.execute_script(
        "return document.querySelector('#papers_with_code .measures input:checked').value"
    ) == ("count")


def test_the_table_equals_the_query(browser, site, small_warehouse):
    opened(browser, site, "activity", state="#f=pypi_downloads&v=table")
    cells = browser.execute_script("""
        return Array.from(document.querySelectorAll('#pypi_downloads-table tbody tr'),
            row => Array.from(row.cells, cell => cell.textContent))""")
    with duckdb.connect(str(small_warehouse), read_only=True) as con:
        held = con.execute("""
            select period_label, population, label,
                if(value = round(value), format('{:,}', value::bigint), format('{:,.1f}', value)),
                null, null, null, null,
                printf('%.1f', pair_pct), null, null
            from pages.lines where source = 'pypi_downloads' and (series, choice) = (
                select (series, choice) from pages.choices where source = 'pypi_downloads' limit 1)""").fetchall()
    assert [tuple(None if cell == NO_FIGURE else cell for cell in row) for row in cells] == held


def test_arrow_keys_change_from_chart_to_table(browser, site):
    opened(browser, site)
    browser.execute_script("document.getElementById('papers_with_code-tab-chart').focus()")
    browser.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    assert browser.switch_to.active_element.get_attribute("id") == "papers_with_code-tab-table"
    shown = "return ['chart', 'table'].map(n => document.getElementById('papers_with_code-' + n).offsetHeight > 0)"
    assert browser.execute_script(shown) == [False, True]


@pytest.mark.parametrize("page", ["index", "surveys", "compare/pytorch-jax"])
def test_the_keyboard_reaches_every_control(browser, site, page):
    opened(browser, site, page)
    wanted = browser.execute_script("""
        const all = Array.from(document.querySelectorAll('a[href], button, select, input, summary, [tabindex="0"]'))
            .filter(e => e.offsetParent !== null && !e.disabled && e.tabIndex >= 0
                && !(e.type === 'radio' && !e.checked)
                && !(e.closest('details:not([open])') && !e.matches('summary')));
        all.forEach((e, i) => { e.dataset.stop = i; });
        return all.length""")
    reached = set()
    browser.execute_script("document.activeElement.blur(); window.scrollTo(0, 0)")
    for _ in range(wanted + 3):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        stop, outline = browser.execute_script("""
            const e = document.activeElement;
            const seen = e.matches('.segments input') ? e.nextElementSibling : e;
            return [e.dataset.stop, getComputedStyle(seen).outlineStyle]""")
        if stop is None:
            continue
        assert outline != "none", stop
        reached.add(int(stop))
    assert reached == set(range(wanted))


# --- taking it away --------------------------------------------------------------------------------------------------


def downloaded(folder: Path, name: str) -> bytes:
    path = folder / name
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline:
        if path.exists() and path.stat().st_size:
            return path.read_bytes()
        time.sleep(0.05)
    raise AssertionError(f"{name} was not downloaded; there is {sorted(p.name for p in folder.iterdir())}")


def test_the_csv_holds_the_rows_of_the_mart(browser, site, small_warehouse, downloads):
    opened(browser, site, "surveys")
    press(browser, "#kaggle_survey [data-act=csv]")
    text = downloaded(downloads, "kaggle-survey.csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    with duckdb.connect(str(small_warehouse), read_only=True) as con:
        held = con.execute(
            "select period_label, framework, value from pages.lines where source = 'kaggle_survey' and "
            "series = 'ml_frameworks_used' and choice = 'all respondents'"
        ).fetchall()
    assert [(row["period_label"], row["framework"], float(row["value"])) for row in rows] == held


def test_the_csv_holds_what_the_reader_chose(browser, site, downloads):
    opened(browser, site, "activity", state="#f=pypi_downloads&m=pair&from=2024&to=2025")
    press(browser, "#pypi_downloads [data-act=csv]")
    rows = list(csv.DictReader(io.StringIO(downloaded(downloads, "pypi-downloads.csv").decode("utf-8-sig"))))
    assert {row["period_start"][:4] for row in rows} == {"2024", "2025"}
    assert {row["framework"] for row in rows} == {"pytorch", "tensorflow"}
    assert not {"is_drawn", "next_start", "period_middle"} & set(rows[0])
    press(browser, "#pypi_downloads-tab-table")
    assert browser.execute_script("return document.querySelectorAll('#pypi_downloads-table tbody tr').length") == len(
        rows
    )
    press(browser, "#pypi_downloads [data-act=cite]")
    cited = browser.execute_script("return document.querySelector('#pypi_downloads textarea').value")
    assert "Shown: 2024 to 2025." in cited
    assert "from=2024" in cited


def test_a_range_that_ends_before_it_begins_is_one_year(browser, site):
    opened(browser, site, "activity", state="#f=pypi_downloads&from=2023&to=2024")
    Select(browser.find_element(By.CSS_SELECTOR, "#pypi_downloads .to")).select_by_visible_text("2021")
    held = "return ['from', 'to'].map(end => document.querySelector('#pypi_downloads .' + end).value)"
    assert browser.execute_script(held) == ["2021", "2021"]
    Select(browser.find_element(By.CSS_SELECTOR, "#pypi_downloads .from")).select_by_visible_text("2025")
    assert browser.execute_script(held) == ["2025", "2025"]


def test_where_nothing_is_chosen_the_chart_says_so(browser, site):
    opened(browser, site, "activity", state="#f=pypi_downloads&fw=&alone=1")
    assert words(browser, "#pypi_downloads .plot svg").strip() == "Nothing is chosen: tick a name below the chart."
    assert browser.get_log("browser") == []


def test_the_chosen_measure_is_seen_in_forced_colours(browser, site):
    opened(browser, site, "surveys")
    media = {"features": [{"name": "forced-colors", "value": "active"}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    outlines = browser.execute_script("""
        return Array.from(document.querySelectorAll('#kaggle_survey .segments input'), input =>
            [input.checked, getComputedStyle(input.nextElementSibling).outlineStyle])""")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert {tuple(pair) for pair in outlines} == {(True, "solid"), (False, "none")}


def test_breaks_are_quiet_and_say_why(browser, site):
    opened(browser, site, "activity")
    darkest = """return Array.from(document.querySelectorAll('#pypi_downloads .mark-rule line'))
        .filter(line => line.getAttribute('stroke') === 'var(--ink)').length"""
    assert browser.execute_script(darkest) == 0
    assert "A double rule parts what is not comparable." in words(browser, "#pypi_downloads .choice-note")


def test_pictures_stand_alone(browser, site, downloads):
    opened(browser, site, "search")
    press(browser, "#google_trends [data-act=svg]")
    text = downloaded(downloads, "google-trends.svg").decode("utf-8")
    root = ElementTree.fromstring(text)
    assert root.tag.endswith("svg")
    assert "var(" not in text
    assert "Google searches" in text
    assert "Framework Trends, release" in text
    press(browser, "#google_trends [data-act=png]")
    picture = downloaded(downloads, "google-trends.png")
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", picture[16:24])
    assert width > 1500
    assert height > 700
    assert len(picture) > 20_000
    assert browser.get_log("browser") == []


def test_panels_are_saved_together(browser, site, downloads):
    opened(browser, site, "compare/pytorch-jax")
    press(browser, "#sources [data-act=svg]")
    text = downloaded(downloads, "pytorch-jax-by-source.svg").decode("utf-8")
    pictures = ElementTree.fromstring(text).findall("{http://www.w3.org/2000/svg}svg")
    assert len(pictures) == 7
    # Side by side as on the page, each with what is counted and its newest figure.
    assert len({float(one.get("x")) for one in pictures}) == 3
    assert len({float(one.get("y")) for one in pictures}) == 3
    assert "trends page" in text.lower()
    assert "2024 edition" in text


@pytest.mark.parametrize(("page", "figure"), [("research", "papers_with_code"), ("activity", "pypi_downloads")])
def test_a_citation_names_all_that_the_chart_names_at_its_lines(browser, site, page, figure):
    opened(browser, site, page)
    press(browser, f"#{figure} [data-act=cite]")
    cited = browser.execute_script(f"return document.querySelector('#{figure} textarea').value")
    known = (
        f"return Array.from(document.querySelectorAll('#{figure} .chip:not(.plain)'), one => one.textContent.trim())"
    )
    drawn = f"return Array.from(document.querySelectorAll('#{figure} svg text'), one => one.textContent).join(' ')"
    written = browser.execute_script(drawn)
    named = [name for name in browser.execute_script(known) if name in written]
    assert len(named) > 2, "a grey line is named too"
    assert [name for name in named if name not in cited] == []


def test_citation_and_embed_code(browser, site):
    opened(browser, site, "search")
    press(browser, "#google_trends [data-act=cite]")
    given = "return document.querySelector('#google_trends textarea').value"
    cited = browser.execute_script(given)
    # The figure, how sure it is, the release and its date, whose it is.
    figures = (
        "PyTorch 77 points of the search index, 65.8% of the pair; TensorFlow 40 points of the search index, 34.2%"
    )
    assert f"Feb 2025: {figures} of the pair." in cited
    assert "How sure: each figure is read off a picture within 1 point." in cited
    assert "not settled" not in cited
    assert "Framework Trends, release 2026-11-21T120000Z of 21 Nov 2026" in cited
    assert "Google Trends" in cited
    # Nobody else has this disk: the page is named, or where it is published.
    assert re.search(r" search\.html#f=google_trends\S*$", cited), cited
    assert "lie on this disk" not in words(browser, "#google_trends .give output")
    press(browser, "#google_trends [data-act=embed]")
    (address,) = re.findall(r'<iframe src="([^"]+)"', browser.execute_script(given))
    assert address.startswith("search.html#f=google_trends"), "of nobody's disk"
    assert "lie on this disk" in words(browser, "#google_trends .give output")
    browser.execute_script(
        "document.head.insertAdjacentHTML('beforeend', '<link rel=canonical href=https://trends.example/search.html>')"
    )
    press(browser, "#google_trends [data-act=cite]")
    assert " https://trends.example/search.html#f=google_trends" in browser.execute_script(given)
    for act in ("embed", "link"):
        press(browser, f"#google_trends [data-act={act}]")
        assert "https://trends.example/search.html#f=google_trends" in browser.execute_script(given)
        assert "lie on this disk" not in words(browser, "#google_trends .give output")
    open_page(browser, f"file://{site}/{address.replace('&amp;', '&')}", width=800)
    shown = "return ['.bar', '.masthead', '#google_trends'].map(n => document.querySelector(n)?.offsetHeight > 0)"
    assert browser.execute_script(shown) == [False, False, True]


def test_two_choosers_lead_to_the_page_of_a_pair(browser, site):
    opened(browser, site, "compare/index")
    form = "document.querySelector('form.pairs')"
    Select(browser.find_element(By.NAME, "first")).select_by_value("keras")
    Select(browser.find_element(By.NAME, "second")).select_by_value("keras")
    assert browser.execute_script(f"return {form}.querySelector('output').textContent") == "Choose two different ones."
    Select(browser.find_element(By.NAME, "second")).select_by_value("pytorch")
    browser.find_element(By.CSS_SELECTOR, "form.pairs button").click()
    until(browser, "location.pathname.endsWith('/compare/pytorch-keras.html')")


# --- what else readers do --------------------------------------------------------------------------------------------


def test_print_shows_chart_and_table_without_controls(browser, site):
    opened(browser, site, "surveys")
    pdf = browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    assert len(base64.b64decode(pdf["data"])) > 20_000
    assert browser.execute_script("return document.querySelectorAll('#kaggle_survey-table tbody tr').length") > 40
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print", "features": []})
    try:
        shown = """return ['nav', '#theme', '#kaggle_survey .controls', '#kaggle_survey .take', '#kaggle_survey .plot',
            '#kaggle_survey-table'].map(n => (document.querySelector(n)?.offsetHeight ?? 0) > 0)"""
        assert browser.execute_script(shown) == [False, False, False, False, True, True]
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})


@pytest.mark.parametrize("width", [900, 1280, 1600])
@pytest.mark.parametrize("page", ["index", "surveys", "compare/pytorch-tensorflow"])
def test_on_paper_no_picture_is_cut(browser, site, page, width):
    opened(browser, site, page, width)
    browser.execute_script("window.dispatchEvent(new Event('beforeprint'))")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print", "features": []})
    try:
        # As wide as a page of paper on end; the window stays.
        browser.execute_script("document.body.style.width = '703px'")
        cut = browser.execute_script("""
            return Array.from(document.querySelectorAll('.plot'), plot => {
                const edge = plot.getBoundingClientRect();
                return Array.from(plot.querySelectorAll('svg text')).filter(text => {
                    const place = text.getBoundingClientRect();
                    return place.width && (place.right > edge.right + 1 || place.bottom > edge.bottom + 1);
                }).map(text => plot.id + ' cuts ' + text.textContent);
            }).flat()""")
        assert cut == []
        # Events are told in the picture or in the list beside it.
        twice = browser.execute_script("""
            return Array.from(document.querySelectorAll('.events li'), item => {
                const words = item.textContent.split(', ')[0];
                const drawn = item.closest('figure').querySelector('.plot svg').textContent;
                return item.offsetHeight && drawn.includes(words) ? words : '';
            }).filter(Boolean)""")
        assert twice == []
        # Letters of the large pictures keep the size of a note.
        letters = browser.execute_script("""
            return Array.from(document.querySelectorAll('.plot.tall svg'), svg =>
                12 * svg.getBoundingClientRect().width / Number(svg.getAttribute('width')))""")
        assert 11 < min(letters, default=12) <= max(letters, default=12) < 14
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    # Afterwards the window has its own width again.
    browser.execute_script("document.body.style.width = ''; window.dispatchEvent(new Event('afterprint'))")
    as_wide = """Array.from(document.querySelectorAll('.plot')).every(plot => !plot.clientWidth
        || Math.abs(plot.querySelector('svg').getAttribute('width') - plot.clientWidth) < 2)"""
    until(browser, as_wide)


@pytest.mark.parametrize("page", ["index", "ranking", "claims", "framework/jax"])
def test_on_paper_pages_stand_on_end_and_none_ends_with_a_heading(browser, site, page):
    pypdf = pytest.importorskip("pypdf")
    opened(browser, site, page)
    heads = browser.execute_script("""
        return Array.from(document.querySelectorAll('main :is(h2, h3)'), head => {
            const next = head.nextElementSibling;
            const lead = next && next.matches('.lead, .subtitle, .population') ? next.textContent : '';
            return [head.textContent, head.textContent + lead];
        }).flat()""")
    content = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"]
    printed = pypdf.PdfReader(io.BytesIO(base64.b64decode(content)))
    assert all(sheet.mediabox.width < sheet.mediabox.height for sheet in printed.pages)
    # Letters lie apart in some files, and words of a chart are told last, wherever they stand.
    charts = re.sub(
        r"\s", "", browser.execute_script("return [...document.querySelectorAll('svg')].map(s => s.textContent).join()")
    )
    packed = {re.sub(r"\s", "", words) for words in heads} - {""}
    packed = {words for words in packed if words not in charts}
    # A heading that links is followed by its address.
    texts = [re.sub(r"\s", "", sheet.extract_text()) for sheet in printed.pages]
    ends = [re.sub(r"\(https?:[^)]*\)?$", "", text) for text in texts]
    assert packed
    assert [words for words in packed for end in ends if end.endswith(words)] == []


def test_on_paper_a_long_table_holds_its_newest_period(browser, site, small_warehouse):
    opened(browser, site, "activity")
    browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    cells = browser.execute_script("""
        return Array.from(document.querySelectorAll('#pypi_downloads-table tbody tr'),
            row => Array.from(row.cells, cell => cell.textContent))""")
    assert {row[0] for row in cells} == {"Mar 2026"}
    assert len(cells) > 5
    press(browser, "#pypi_downloads-tab-table")
    rows = "return document.querySelectorAll('#pypi_downloads-table tbody tr').length"
    assert browser.execute_script(rows) > 100


def test_claims_are_filtered_by_verdict_and_article(browser, site):
    opened(browser, site, "claims")
    shown = """return Array.from(document.querySelectorAll('.claim')).filter(claim => claim.offsetHeight)
        .map(claim => [claim.dataset.verdict, claim.dataset.article])"""
    every = browser.execute_script(shown)
    Select(browser.find_element(By.NAME, "verdict")).select_by_visible_text("inconsistent")
    wanted = [claim for claim in every if claim[0] == "inconsistent"]
    assert browser.execute_script(shown) == wanted
    assert 0 < len(wanted) < len(every)
    Select(browser.find_element(By.NAME, "article")).select_by_index(1)
    assert browser.execute_script(shown) == [claim for claim in wanted if claim[1] == "1"]
    told = browser.execute_script("return document.querySelector('form.filter output').textContent")
    assert told == f"{len([claim for claim in wanted if claim[1] == '1'])} of {len(every)}"


def test_without_scripts_the_words_remain(browser, site):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(f"file://{site}/research.html")
        text = browser.find_element(By.TAG_NAME, "main").text
        assert "Lines over time" in text
        assert "What is counted" not in text
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_less_motion_is_honoured(browser, site):
    opened(browser, site, "data")
    moves = "return getComputedStyle(document.getElementById('theme')).transitionDuration"
    assert browser.execute_script(moves) == "0.12s"
    media = {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    assert browser.execute_script(moves) == "0s"


@pytest.mark.parametrize("page", ["index", "research", "compare/pytorch-jax", "compare/index"])
def test_a_hostile_name_runs_nothing(browser, hostile_site, page):
    opened(browser, hostile_site, page)
    assert browser.get_log("browser") == []
    assert "<script>alert(1)" in words(browser, "body")
    if page == "research":
        assert HOSTILE[:20] in words(browser, "#papers_with_code svg")
        press(browser, "#papers_with_code-tab-table")
        assert HOSTILE in words(browser, "#papers_with_code-table")


def test_the_rules_find_what_is_wrong(browser, site, rules):
    opened(browser, site, "data")
    browser.execute_script("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"data:,\">')")
    assert [found.split(":")[0] for found in violations(browser, rules)] == ["image-alt"]


def test_the_single_file_holds_every_page(browser, site, rules, tmp_path):
    single_file.write(site, tmp_path / "trends.html")
    open_page(browser, f"file://{tmp_path}/trends.html")
    until(browser, "document.documentElement.classList.contains('all-drawn')")
    assert troubles(browser) == []
    assert violations(browser, rules) == []
    press(browser, '.bar nav a[href="evidence.html"]')
    until(browser, "document.querySelector('.below a')")
    press(browser, '.below a[href="research.html"]')
    until(browser, "document.querySelector('h1').textContent.startsWith('Research')")
    until(browser, "document.documentElement.classList.contains('all-drawn')")
    press(browser, "#papers_with_code .measures input[value=pair]")
    until(browser, "location.hash.includes('m=pair')")
    link = browser.current_url
    press(browser, '.bar nav a[href="compare/index.html"]')
    until(browser, "document.querySelector('form.pairs') && !document.querySelector('form.pairs').hidden")
    Select(browser.find_element(By.NAME, "second")).select_by_value("keras")
    browser.find_element(By.CSS_SELECTOR, "form.pairs button").click()
    until(browser, "document.querySelector('h1').textContent.includes('Keras')")
    until(browser, "document.querySelectorAll('.plot.drawn').length > 3")
    assert [url for url in requested(browser) if not url.startswith(("file:", "data:", "blob:", "about:"))] == []
    assert browser.get_log("browser") == []
    open_page(browser, link)
    until(browser, "document.querySelector('#papers_with_code .measures input:checked').value === 'pair'")


@pytest.mark.slow
@pytest.mark.parametrize("page", ["index", "research", "claims", "data"])
def test_at_twice_the_size_nothing_is_lost(browser, site, page):
    opened(browser, site, page, 640)
    size = {"width": 640, "height": 450, "deviceScaleFactor": 2, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    assert troubles(browser) == []
