"""The pages in Chromium, opened from disk with no network."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

webdriver = pytest.importorskip("selenium.webdriver")
from selenium.webdriver.chrome.service import Service  # noqa: E402  # after the check that selenium is there
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import WebDriverWait  # noqa: E402

CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM.exists() and DRIVER.exists()), reason="needs Chromium and its driver"),
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator["webdriver.Chrome"]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in [*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    yield driver
    driver.quit()


def opened(browser, site: Path, width: int = 1280, scheme: str = "light"):
    """Open the page at a width and wait until every chart is drawn."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    for log in ("browser", "performance"):
        browser.get_log(log)
    browser.get(f"file://{site}/index.html")
    drawn = "return document.documentElement.classList.contains('all-drawn')"
    WebDriverWait(browser, 20).until(lambda b: b.execute_script(drawn))
    return browser


def requested(browser) -> list[str]:
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 800, 1280])
def test_the_page_opens_from_disk_and_fits(browser, site, width, scheme):
    opened(browser, site, width, scheme)
    assert browser.get_log("browser") == []
    assert [url for url in requested(browser) if not url.startswith(("file:", "data:", "blob:"))] == []
    sizes = "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    scroll, client = browser.execute_script(sizes)
    assert scroll <= client


@pytest.mark.parametrize("width", [360, 1280])
def test_every_chart_has_marks_and_no_label_outside(browser, site, width):
    opened(browser, site, width)
    found = browser.execute_script("""
        return Array.from(document.querySelectorAll('.plot'), plot => {
            const box = plot.getBoundingClientRect();
            const outside = Array.from(plot.querySelectorAll('svg text')).filter(text => {
                const place = text.getBoundingClientRect();
                return text.textContent && (place.left < box.left - 1 || place.right > box.right + 1
                    || place.top < box.top - 1 || place.bottom > box.bottom + 1);
            }).map(text => text.textContent);
            return [plot.id, plot.querySelectorAll('svg path').length, outside];
        })""")
    assert len(found) > 3
    for name, paths, outside in found:
        assert paths > 5, name
        assert outside == [], name


@pytest.mark.parametrize(("scheme", "background"), [("light", "rgb(250, 248, 244)"), ("dark", "rgb(21, 23, 26)")])
def test_the_system_chooses_the_colours(browser, site, scheme, background):
    opened(browser, site, scheme=scheme)
    assert browser.execute_script("return getComputedStyle(document.body).backgroundColor") == background


def test_the_switch_goes_before_the_system_and_is_remembered(browser, site):
    opened(browser, site)
    press = "document.getElementById('theme').click(); return document.documentElement.dataset.theme || 'auto'"
    assert [browser.execute_script(press) for _ in range(4)] == ["dark", "light", "auto", "dark"]
    opened(browser, site)
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


def test_measures_change_chart_and_subtitle(browser, site):
    opened(browser, site)
    lines = "return document.querySelector('#research_shares .plot svg').innerHTML"
    words = "return document.querySelector('#research_shares .subtitle').textContent"
    choose = "document.querySelector('#research_shares input[value=count]').click()"
    before = browser.execute_script(lines), browser.execute_script(words)
    browser.execute_script(choose)
    WebDriverWait(browser, 5).until(lambda b: b.execute_script(lines) != before[0])
    assert browser.execute_script(words) != before[1]
    assert browser.get_log("browser") == []


def test_the_keyboard_reaches_every_control(browser, site):
    opened(browser, site)
    reached = []
    for _ in range(40):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        element = browser.switch_to.active_element
        reached.append(element.get_attribute("id") or element.get_attribute("name") or element.text)
        outline = browser.execute_script(
            "const e = document.activeElement; const shown = e.matches('input[type=radio]') ? e.nextElementSibling : e;"
            "return getComputedStyle(shown).outlineStyle"
        )
        assert outline == "solid" or element.tag_name in ("body", "html"), reached[-1]
    assert {"theme", "research_shares-measure", "research_shares-tab-chart"} <= set(reached)
    assert {"research_head_to_head-tab-chart", "head_to_head_by_source-tab-chart"} <= set(reached)


def test_arrow_keys_change_from_chart_to_table(browser, site):
    opened(browser, site)
    browser.execute_script("document.getElementById('research_shares-tab-chart').focus()")
    browser.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    assert browser.switch_to.active_element.get_attribute("id") == "research_shares-tab-table"
    shown = "return ['chart', 'table'].map(n => document.getElementById('research_shares-' + n).offsetHeight > 0)"
    assert browser.execute_script(shown) == [False, True]


def test_a_hostile_name_runs_nothing(browser, hostile_site):
    opened(browser, hostile_site)
    assert browser.get_log("browser") == []
    assert "<script>alert(1)</script>" in browser.execute_script("return document.querySelector('h1').textContent")
    shown = browser.execute_script("return document.querySelector('#research_shares svg').textContent")
    assert "<script>alert(1)" in shown
