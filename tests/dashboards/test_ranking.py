"""The ranking in Chromium: a moved weight changes the order, the address brings it back, and all is said in words."""

import time
from itertools import pairwise

import duckdb
import pytest

pytest.importorskip("selenium.webdriver")
from tests.dashboards.in_chromium import MARKS, opened, troubles, until, violations, words

pytestmark = MARKS
MOVE = """
const [held, done] = arguments;
Object.keys(held).forEach((name) => { document.querySelector(`form.weighing [name="${name}"]`).value = held[name]; });
const started = performance.now();
document.querySelector("form.weighing input").dispatchEvent(new Event("input", { bubbles: true }));
const order = () => document.querySelector(".order").innerText;
requestAnimationFrame(() => requestAnimationFrame(() => done([performance.now() - started, order()])));
"""
ORDER = "Array.from(document.querySelectorAll('.order li'), (item) => item.textContent)"
# Nothing but the survey counts.
SURVEY = {"kind Research": 0, "kind Search": 0, "kind Developer activity": 0}


@pytest.fixture
def page(browser, site):
    return opened(browser, site, "ranking")


def test_a_weight_that_is_moved_changes_the_order_and_the_address_brings_it_back(page, site):
    before = page.execute_script(f"return {ORDER}")
    assert len(before) > 3
    took, _ = page.execute_async_script(MOVE, SURVEY)
    # Two frames, and what a shared machine adds.
    assert took < 100
    after = page.execute_script(f"return {ORDER}")
    assert after != before
    until(page, "location.hash.includes('w=')")
    state = page.execute_script("return location.hash")
    opened(page, site, "ranking", state=state)
    assert page.execute_script(f"return {ORDER}") == after
    value = "document.querySelector('[name=\"kind Surveys\"]').getAttribute('aria-valuetext')"
    assert page.execute_script(f"return {value}") == "100 percent of all weight"
    page.execute_script("document.querySelector('form.weighing [type=reset]').click()")
    assert page.execute_script(f"return {ORDER}") == before
    until(page, "!location.hash.includes('w=')")


def test_presets_have_the_orders_that_the_method_gave_them(page, given):
    assert {"equal", "industry"} <= given.keys()
    for preset, labels in given.items():
        page.execute_script(f"document.querySelector('[data-preset={preset}]').click()")
        assert page.execute_script(f"return {ORDER}") == labels, preset
        pressed = "Array.from(document.querySelectorAll('[aria-pressed=true]'), (one) => one.dataset.preset)"
        assert preset in page.execute_script(f"return {pressed}")


@pytest.fixture(scope="module")
def given(small_warehouse):
    with duckdb.connect(str(small_warehouse), read_only=True) as con:
        found = con.execute(
            "select preset, list(label order by rank) from marts.preset_ranks "
            "inner join marts.frameworks using (framework) where year = 'newest' group by preset"
        ).fetchall()
    return dict(found)


def test_the_new_order_is_said_at_most_once_a_second(page):
    page.execute_script("""
        window.told = [];
        const status = document.querySelector('.weigh [role=status]');
        new MutationObserver(() => window.told.push([performance.now(), status.textContent]))
            .observe(status, { childList: true, characterData: true, subtree: true });
    """)
    for value in range(0, 100, 5):
        page.execute_async_script(MOVE, {"kind Surveys": value})
    time.sleep(1.2)
    told = page.execute_script("return window.told")
    assert told
    assert all(later[0] - before[0] > 950 for before, later in pairwise(told))
    assert told[-1][1].startswith("With these weights: ")
    assert page.execute_script(f"return {ORDER}.join(', then ')") in told[-1][1]


def test_nothing_has_a_weight_is_said(page):
    page.execute_async_script(MOVE, SURVEY | {"kind Surveys": 0})
    assert words(page, ".typical") == "Nothing has a weight: move a control up."


@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_is_well_at_both_widths_and_in_both_schemes(browser, site, rules, width):
    for scheme in ("light", "dark"):
        page = opened(browser, site, "ranking", width, scheme)
        assert troubles(page) == []
        assert violations(page, rules) == []
        assert page.execute_script("return document.querySelectorAll('form.weighing label').length") > 4
