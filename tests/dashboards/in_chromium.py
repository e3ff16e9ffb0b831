"""What the browser tests share: opening a page, waiting, and what no page may have."""

import json
import os
from pathlib import Path

import pytest
from selenium.webdriver.support.ui import WebDriverWait

from dashboards.chromium import CHROMIUM, DRIVER, open_page

MARKS = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (CHROMIUM.exists() and DRIVER.exists()) and os.environ.get("CI") != "true",
        reason="needs Chromium and its driver",
    ),
]
WAIT = 20


def opened(browser, site: Path, page: str = "index", width: int = 1280, scheme: str = "light", state: str = ""):
    open_page(browser, f"file://{site}/{page}.html{state}", width, scheme)
    return browser


def until(browser, script: str):
    return WebDriverWait(browser, WAIT, poll_frequency=0.05).until(lambda b: b.execute_script(f"return {script}"))


def requested(browser) -> list[str]:
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]


def violations(browser, rules: str) -> list[str]:
    browser.execute_script(rules)
    return browser.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run(document, {resultTypes: ['violations']}).then(result => done(result.violations.map(v => "
        "v.id + ': ' + v.nodes.map(n => n.html.slice(0, 140) + ' ' + (n.failureSummary || '').slice(0, 120)).join())))"
    )


def troubles(browser) -> list:
    """Everything that a page must not have, at the width at which it is open."""
    outside = """
        return Array.from(document.querySelectorAll('.plot'), plot => {
            const box = plot.getBoundingClientRect();
            return Array.from(plot.querySelectorAll('svg text')).filter(text => {
                const place = text.getBoundingClientRect();
                const hidden = getComputedStyle(text).opacity === '0' || text.closest('[opacity="0"]');
                return text.textContent && !hidden && place.width && (place.left < box.left - 1
                    || place.right > box.right + 1 || place.top < box.top - 1 || place.bottom > box.bottom + 1);
            }).map(text => plot.id + ' clips ' + text.textContent);
        }).flat()"""
    sizes = "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    scroll, client = browser.execute_script(sizes)
    empty = """
        return Array.from(document.querySelectorAll('.plot')).filter(plot => plot.clientWidth
            && plot.querySelectorAll('svg path').length < 4).map(plot => plot.id + ' is empty')"""
    wide = [f"scrolls sideways: {scroll} over {client}"] if scroll > client else []
    return [*browser.get_log("browser"), *wide, *browser.execute_script(outside), *browser.execute_script(empty)]


def drawn(browser, figure: str) -> str:
    return browser.execute_script(f"return document.querySelector('#{figure} .plot svg').innerHTML")


def redrawn(browser, figure: str, before: str) -> None:
    WebDriverWait(browser, WAIT, poll_frequency=0.05).until(
        lambda b: (
            b.execute_script(f"const s = document.querySelector('#{figure} .plot svg'); return s && s.innerHTML")
            not in (None, before)
        )
    )


def words(browser, selector: str) -> str:
    return browser.execute_script(f"return document.querySelector('{selector}').textContent")


def press(browser, selector: str) -> None:
    browser.execute_script(f"document.querySelector('{selector}').click()")
