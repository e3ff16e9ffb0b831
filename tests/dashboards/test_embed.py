"""A figure in a frame of another page."""

import re
from pathlib import Path

import pytest

pytest.importorskip("selenium.webdriver")
from dashboards.chromium import open_page
from tests.dashboards.in_chromium import MARKS, press, troubles, until

pytestmark = MARKS
SHAPES = ("lines", "crossings", "readings", "substitution", "ranks", "bump")
BOX = """
    const seen = (name) => { const one = document.querySelector(name); return Boolean(one && one.offsetHeight); };
    return [".bar", ".masthead", "footer", ".controls", ".take", "figure.asked .title", ".back a"].map(seen)"""


@pytest.fixture(scope="module")
def asked(site: Path) -> dict[str, tuple[Path, str]]:
    """For each kind of picture the first figure that has it, with its page."""
    found: dict[str, tuple[Path, str]] = {}
    for path in sorted(site.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for figure in re.findall(r'id="([^"]+)" data-figure aria-labelledby', text):
            data = text.split(f'id="{figure}-data">')[1]
            (shape,) = re.findall(r'"shape": ?"(\w+)"', data.split("</script>")[0])[:1]
            found.setdefault(shape, (path, figure))
    return found


@pytest.mark.parametrize("width", [280, 640, 1100])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_figure_stands_alone_in_a_frame_of_any_width(browser, asked, shape, width):
    path, figure = asked[shape]
    open_page(browser, f"file://{path}#f={figure}&embed=1", width)
    assert troubles(browser) == []
    assert browser.execute_script(BOX) == [False, False, False, False, False, True, True]
    assert browser.execute_script("return document.querySelectorAll('figure').length") == 1
    back = browser.execute_script("return document.querySelector('.back a').href")
    assert back == f"file://{path}#f={figure}"


def test_the_way_back_keeps_what_was_chosen(browser, site):
    browser.set_window_size(800, 500)
    open_page(browser, f"file://{site}/research.html#f=papers_with_code&m=pair&from=2019&embed=1", 800)
    back = browser.execute_script("return document.querySelector('.back a').href")
    assert back.endswith("research.html#f=papers_with_code&m=pair&from=2019")
    assert "together" in browser.execute_script("return document.querySelector('.subtitle').textContent")


def test_a_chart_over_time_fits_the_height_of_its_frame(browser, site):
    for height in (380, 480):
        browser.get("about:blank")
        size = {"width": 700, "height": height, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        browser.get(f"file://{site}/research.html#f=papers_with_code&embed=1")
        browser.implicitly_wait(5)
        browser.find_element("css selector", ".all-drawn .plot.drawn")
        assert browser.execute_script("return document.documentElement.scrollHeight") <= height
    browser.implicitly_wait(0)


@pytest.mark.parametrize(("page", "figure", "sure"), [
    ("research", "conference_papers", r"\d{4}.*: .*\d% \(\d+\.\d to \d+\.\d\).* How sure: in brackets the 95 percent "),
    ("search", "google_trends", r"Feb 2025: .*65\.8%.* How sure: each figure is read off a picture within 1 point"),
])  # fmt: skip
def test_a_frame_says_how_sure_the_newest_figures_are(browser, site, page, figure, sure):
    open_page(browser, f"file://{site}/{page}.html#f={figure}&embed=1", 640)
    told = browser.execute_script("const p = document.querySelector('.sure'); return p && p.innerText")
    assert told
    assert re.search(sure, told), told


TALL = ("index#crossings", "ranking#ranks", "research#conferences", "research#papers_with_code", "framework/jax#own")


@pytest.mark.parametrize("asked", [*TALL, "compare/pytorch-jax#sources", "compare/pytorch-jax#fits", "claims#readings"])
def test_the_frame_of_the_embed_code_holds_its_figure(browser, site, asked):
    page, figure = asked.split("#")
    open_page(browser, f"file://{site}/{page}.html")
    press(browser, f"#{figure} [data-act=embed]")
    code = browser.execute_script(f"return document.querySelector('#{figure} textarea').value")
    (address,), (width,), (height,) = (re.findall(rf'{name}="([^"]+)"', code) for name in ("src", "width", "height"))
    size = {"width": int(width), "height": int(height), "deviceScaleFactor": 1, "mobile": False}
    browser.get("about:blank")
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get(f"file://{site}/{page}.html#{address.replace('&amp;', '&').partition('#')[2]}")
    until(browser, "document.querySelector('.all-drawn .plot.drawn') !== null")
    content = browser.execute_script("return document.body.scrollHeight")
    assert content <= int(height) <= content + 250


def test_a_figure_that_is_gone_is_one_line(browser, site):
    open_page(browser, f"file://{site}/research.html#f=no_such_figure&embed=1", 280)
    assert browser.execute_script("return document.body.innerText.trim()").startswith(
        "This figure is not published any more. Framework Trends"
    )
    back = browser.execute_script("return document.querySelector('.back a').href")
    assert back == f"file://{site}/research.html"
    assert troubles(browser) == []
