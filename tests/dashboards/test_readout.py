"""Values at a date, the map and the small charts, in Chromium."""

import csv
import io
import re
from collections.abc import Callable

import duckdb
import pytest

pytest.importorskip("selenium.webdriver")
from selenium.webdriver.common.action_chains import ActionChains  # after the check that selenium is there
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from dashboards.chromium import look
from tests.dashboards.in_chromium import MARKS, opened, press, requested, troubles, until, violations, words

pytestmark = MARKS
BUBBLE = "document.querySelector('.bubble')"
SHOWN = f"{BUBBLE} && !{BUBBLE}.hidden"
RULE = """Array.from(document.querySelectorAll('#pypi_downloads .mark-rule line'))
    .filter(line => line.getAttribute('stroke') === 'var(--accent)')
    .map(line => line.getAttribute('opacity') || '1')[0]"""


def said(browser) -> list[str]:
    return browser.execute_script(f"return Array.from({BUBBLE}.children, line => line.textContent)")


def said_of_figures(browser) -> list[str]:
    """Without what tells why a line is cut there."""
    return [line for line in said(browser) if not line.startswith("Not comparable")]


def point(browser, selector: str, across: float) -> None:
    """Move the pointer over a chart, at a part of its width."""
    browser.execute_script(f"document.querySelector('{selector}').scrollIntoView({{block: 'center'}})")
    element = browser.find_element(By.CSS_SELECTOR, selector)
    offset = int(element.size["width"] * (across - 0.5))
    ActionChains(browser).move_to_element_with_offset(element, offset, 0).perform()


def at(con, period: str, column: str = "value") -> dict[str, float]:
    found = con.execute(
        f"select label, {column} from pages.lines where source = 'pypi_downloads' and period_label = ? and "
        "(series, choice) = (select (series, choice) from pages.choices where source = 'pypi_downloads' limit 1) "
        f"and is_drawn and {column} is not null",
        [period],
    ).fetchall()
    return dict(found)


@pytest.fixture
def con(small_warehouse):
    with duckdb.connect(str(small_warehouse), read_only=True) as con:
        yield con


def test_the_pointer_shows_every_framework_at_the_nearest_date(browser, site, con):
    opened(browser, site, "activity")
    assert browser.execute_script(f"return {RULE}") == "0"
    for across in (0.3, 0.6, 0.75):
        point(browser, "#pypi_downloads .plot", across)
        until(browser, SHOWN)
        period, *lines = said(browser)
        held = at(con, period)
        assert held, period
        assert dict(line.split(": ") for line in lines) == {
            label: f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}" for label, value in held.items()
        }
        shown = [float(line.split(": ")[1].replace(",", "")) for line in lines]
        assert shown == sorted(shown, reverse=True)
        until(browser, f"{RULE} === '1'")
    ActionChains(browser).move_to_element(browser.find_element(By.TAG_NAME, "h1")).perform()
    until(browser, f"{BUBBLE}.hidden && {RULE} === '0'")
    assert browser.get_log("browser") == []


def test_of_the_pair_both_sides_are_told(browser, site, con):
    opened(browser, site, "activity", state="#f=pypi_downloads&m=pair")
    point(browser, "#pypi_downloads .plot", 0.7)
    until(browser, SHOWN)
    period, *lines = said_of_figures(browser)
    assert dict(line.split(": ") for line in lines) == {
        label: f"{value:.1f}%" for label, value in at(con, period, "pair_pct").items()
    }
    assert [line.split(":")[0] for line in lines] in (["PyTorch", "TensorFlow"], ["TensorFlow", "PyTorch"])


def test_hidden_frameworks_are_not_told(browser, site):
    opened(browser, site, "activity", state="#f=pypi_downloads&alone=1")
    point(browser, "#pypi_downloads .plot", 0.7)
    until(browser, SHOWN)
    assert {line.split(":")[0] for line in said_of_figures(browser)[1:]} == {"PyTorch", "TensorFlow"}


def test_intervals_are_told_where_members_are_counted(browser, site):
    opened(browser, site, "research")
    point(browser, "#conference_papers .plot", 0.6)
    until(browser, SHOWN)
    assert any(line.startswith("PyTorch: ") and " to " in line for line in said(browser))


def test_arrow_keys_walk_through_the_dates(browser, site, con):
    opened(browser, site, "activity")
    slider = browser.find_element(By.CSS_SELECTOR, "#pypi_downloads .reader")
    seen = "return getComputedStyle(document.querySelector('#pypi_downloads .reader')).opacity"
    assert browser.execute_script(seen) == "0"
    # By the keyboard, so that the focus is one that shows.
    browser.execute_script("document.querySelector('#pypi_downloads-tab-chart').focus()")
    browser.switch_to.active_element.send_keys(Keys.TAB)
    assert browser.execute_script("return document.activeElement.className") == "reader"
    assert browser.execute_script(seen) == "1"
    periods = []
    for _ in range(3):
        period, *lines = slider.get_attribute("aria-valuetext").split("; ")
        assert {line.split(": ")[0] for line in lines} == set(at(con, period))
        periods.append(period)
        slider.send_keys(Keys.ARROW_LEFT)
    assert periods == ["Mar 2026", "Feb 2026", "Jan 2026"]
    browser.execute_script("document.activeElement.blur()")
    until(browser, f"{BUBBLE}.hidden && {RULE} === '0'")


def test_the_slider_of_small_charts_tells_of_each(browser, site):
    opened(browser, site, "compare/pytorch-tensorflow")
    slider = browser.find_element(By.CSS_SELECTOR, "#sources .reader")
    browser.execute_script("arguments[0].focus()", slider)
    for _ in range(30):
        slider.send_keys(Keys.ARROW_LEFT)
    told = slider.get_attribute("aria-valuetext")
    assert "Google Trends, " in told
    assert "PyPI downloads, " in told
    assert told.count("PyTorch: ") == told.count("TensorFlow: ") > 2


def test_a_fitted_line_tells_figure_line_and_interval(browser, site):
    opened(browser, site, "compare/pytorch-tensorflow")
    point(browser, "#fits-0", 0.5)
    until(browser, SHOWN)
    _, *lines = said(browser)
    assert [line.split(":")[0] for line in lines] == ["Figures", "Curve"]
    assert " to " in lines[1]
    point(browser, "#fits-0", 0.78)
    assert browser.get_log("browser") == []


def finger(browser, figure: str) -> Callable[[str, float | None], None]:
    """A finger on the chart of a figure: its place is a part of the width; None lifts it."""
    plot = f"document.querySelector('#{figure} .plot')"
    browser.execute_script(f"{plot}.scrollIntoView({{block: 'center'}})")
    left, top, width = browser.execute_script(
        f"const box = {plot}.getBoundingClientRect(); return [box.left, box.top + box.height / 2, box.width]"
    )

    def touch(kind: str, across: float | None) -> None:
        points = [] if across is None else [{"x": left + width * across, "y": top}]
        browser.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    return touch


def test_a_finger_reads_while_it_moves_and_the_reading_stays(browser, site):
    opened(browser, site, "activity", 360)
    touch = finger(browser, "pypi_downloads")
    touch("touchStart", 0.3)
    until(browser, SHOWN)
    read = [said(browser)[0]]
    for step in range(1, 8):
        touch("touchMove", 0.3 + 0.05 * step)
        # Chromium hands moves on with its next frame, so the reading follows a little later.
        until(browser, f"{SHOWN} && {BUBBLE}.firstChild.textContent !== '{read[-1]}'")
        read.append(said(browser)[0])
    touch("touchEnd", None)
    assert len(set(read)) == 8
    assert browser.execute_script(f"return {SHOWN}")
    assert said(browser)[0] == read[-1]
    browser.execute_script(
        "document.querySelector('h1').dispatchEvent(new PointerEvent('pointerdown', {bubbles: true}))"
    )
    until(browser, f"{BUBBLE}.hidden")


def test_a_finger_reads_why_a_line_is_parted(browser, site):
    opened(browser, site, "activity", 360)
    touch = finger(browser, "pypi_downloads")
    touch("touchStart", 0.5)
    until(browser, SHOWN)
    found = False
    for step in range(60):
        touch("touchMove", 0.5 + 0.005 * step)
        browser.execute_async_script("requestAnimationFrame(() => setTimeout(arguments[0], 20))")
        found = any("Not comparable with before: PyPI lists count all installers" in line for line in said(browser))
        if found:
            break
    touch("touchEnd", None)
    assert found
    # It stays when the finger is lifted, within the window.
    right = f"{BUBBLE}.getBoundingClientRect().right <= document.documentElement.clientWidth"
    assert browser.execute_script(f"return {SHOWN} && {right}")
    assert any("Not comparable" in line for line in said(browser))


@pytest.mark.parametrize("width", [1280, 360])
def test_the_map_in_both_schemes(browser, map_site, rules, width):
    opened(browser, map_site, "search", width)
    assert troubles(browser) == []
    assert [url for url in requested(browser) if not url.startswith(("file:", "data:", "blob:", "about:"))] == []
    for scheme in ("light", "dark"):
        look(browser, width, scheme)
        assert violations(browser, rules) == []
    texts = browser.execute_script(
        "return Array.from(document.querySelectorAll('#countries-plot svg text'), t => t.textContent)"
    )
    # Monaco is small, and shown since it has figures; Andorra is small and has none; XX has no place.
    assert {"CN", "BR", "DE", "MC", "FR", "US", "Europe", "more PyTorch", "more TensorFlow"} <= set(texts)
    assert not {"AD", "XX"} & set(texts)
    size = browser.execute_script("""
        const box = document.querySelector('#countries-plot svg').getBoundingClientRect();
        return [box.width, document.querySelector('#countries-plot').clientWidth]""")
    assert size[0] <= size[1] + 1


def test_round_and_square_tell_who_is_ahead_without_colour(browser, map_site):
    opened(browser, map_site, "search")
    tiles = browser.execute_script("""
        return Array.from(document.querySelectorAll('#countries-plot .mark-rect path'))
            .filter(path => (path.getAttribute('stroke') || '').startsWith('var(--fw-')).slice(0, 4)
            .map(path => ['stroke', 'd', 'fill-opacity'].map(name => path.getAttribute(name)))""")
    # China, Monaco, Germany where nobody leads, Brazil: the upper edge of a round tile has no length.
    edges = {}
    for colour, outline, _ in tiles:
        start, end = re.match(r"M([\d.]+),[\d.]+L([\d.]+),", outline).groups()
        edges[colour] = float(end) - float(start)
    assert edges["var(--fw-pytorch)"] < 1
    assert edges["var(--fw-tensorflow)"] > 20
    assert {float(fill) for *_, fill in tiles} == {1, 0.5, 0.2}


def test_another_window_draws_another_map(browser, map_site):
    opened(browser, map_site, "search", state="#f=countries&s=search_terms_by_country%7C2020-01-01")
    assert "1 of 2" not in words(browser, "#countries .title")
    assert "TensorFlow had more than PyTorch in 2 of 2 countries" in words(browser, "#countries .title")
    press(browser, "#countries-tab-table")
    rows = browser.execute_script("""
        return Array.from(document.querySelectorAll('#countries-table tbody tr'),
            row => Array.from(row.cells, cell => cell.textContent))""")
    assert rows == [
        ["China", "CN", "20.0", "80.0", "20.0", "TensorFlow"],
        ["France", "FR", "10.0", "90.0", "10.0", "TensorFlow"],
    ]


def test_the_csv_of_the_map_names_whose_figures_it_holds(browser, map_site):
    opened(browser, map_site, "search")
    # The text itself: the download of a chart has its own test.
    browser.execute_script("""
        window.saved = null;
        window.Blob = class { constructor(parts) { window.saved = parts.join(''); } };
        URL.createObjectURL = () => 'data:,';""")
    press(browser, "#countries [data-act=csv]")
    rows = list(csv.DictReader(io.StringIO(browser.execute_script("return window.saved").lstrip("\ufeff"))))
    assert [row["country"] for row in rows] == ["CN", "MC", "XX", "DE", "BR"]
    assert {(row["attribution"], row["licence"]) for row in rows} == {("Google Trends", "Google terms; numbers only")}


def test_the_bubble_of_a_country_names_it(browser, map_site):
    opened(browser, map_site, "search")
    browser.execute_script("document.querySelector('#countries-plot').scrollIntoView({block: 'center'})")
    tile = browser.execute_script("""
        return Array.from(document.querySelectorAll('#countries-plot .mark-rect path'))
            .find(path => path.getAttribute('stroke') === 'var(--fw-tensorflow)')""")
    ActionChains(browser).move_to_element(tile).perform()
    until(browser, SHOWN)
    assert said(browser) == ["Brazil", "Has more: TensorFlow", "Share of the pair, %: 39"]
