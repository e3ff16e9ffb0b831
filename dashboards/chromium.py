"""Debian's Chromium, driven with no network, for the browser tests, the pictures of the README and the benchmark."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
DRAWN = "return !document.querySelector('[data-figure]') || document.documentElement.classList.contains('all-drawn')"


@contextmanager
def chromium() -> Iterator[Any]:
    """A fresh browser; it is closed at the end."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = str(CHROMIUM)
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
        try:
            yield driver
        finally:
            driver.quit()


def look(driver: Any, width: int, scheme: str) -> None:
    """Set the width of the window and the scheme that the system prefers."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)


def open_page(driver: Any, address: str, width: int = 1280, scheme: str = "light", seconds: float = 60) -> None:
    """Open a page and wait until every chart is drawn."""
    from selenium.webdriver.support.ui import WebDriverWait

    look(driver, width, scheme)
    # Another part of the same page would not load it anew.
    driver.get("about:blank")
    for log in ("browser", "performance"):
        driver.get_log(log)
    driver.get(address)
    WebDriverWait(driver, seconds, poll_frequency=0.05).until(lambda b: b.execute_script(DRAWN))
