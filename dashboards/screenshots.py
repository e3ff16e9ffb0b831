"""Draws the pictures of the README: `python -m dashboards.screenshots [FOLDER]`, from the published pages.

overview_light.png and overview_dark.png at 1280 pixels, phone.png at 360, each below 400 kB.
"""

import base64
import logging
import os
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

from .chromium import CHROMIUM, DRIVER, chromium, open_page
from .program import PROJECT, DashboardError, Settings

log = logging.getLogger(__name__)

# name: (width, scheme, height at most)
PICTURES = {
    "overview_light.png": (1280, "light", 2000),
    "overview_dark.png": (1280, "dark", 2000),
    "phone.png": (360, "light", 3400),
}
MOST_BYTES = 400_000


def draw(site: Path, folder: Path) -> list[Path]:
    """Write every picture into `folder`.

    Raises:
        DashboardError: there is no site or no browser, or a picture is too large.
    """
    page = site / "index.html"
    if not page.exists():
        raise DashboardError(f"{page}: expected the published overview, found nothing. Run `trends refresh`.")
    if not (CHROMIUM.exists() and DRIVER.exists()):
        raise DashboardError(f"{CHROMIUM}: expected Chromium and its driver. Run `apt-get install chromium-driver`.")
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as driver:
        return [_picture(driver, page, folder / name, *how) for name, how in PICTURES.items()]


def _picture(driver: Any, page: Path, target: Path, width: int, scheme: str, height: int) -> Path:
    open_page(driver, f"file://{page.resolve()}", width, scheme)
    # The first section that would be cut ends the picture.
    ends = driver.execute_script(
        "return Array.from(document.querySelectorAll('.evidence, figure'), e => e.getBoundingClientRect().bottom + 24)"
    )
    bottom = max((end for end in ends if end <= height), default=height)
    clip = {"x": 0, "y": 0, "width": width, "height": round(bottom), "scale": 1}
    shot = {"format": "png", "captureBeyondViewport": True, "clip": clip}
    content = packed(base64.b64decode(driver.execute_cdp_cmd("Page.captureScreenshot", shot)["data"]))
    if len(content) > MOST_BYTES:
        raise DashboardError(f"{target}: expected at most {MOST_BYTES:,} bytes, found {len(content):,}.")
    target.write_bytes(content)
    log.info("%s %s bytes", target, f"{len(content):,}")
    return target


def packed(picture: bytes) -> bytes:
    """The same PNG, its pixels compressed as far as zlib can: Chromium does it in a hurry."""
    head: list[bytes] = []
    tail: list[bytes] = []
    place, pixels = 8, b""
    while place < len(picture):
        (length,) = struct.unpack(">I", picture[place : place + 4])
        chunk = picture[place : place + 12 + length]
        if chunk[4:8] == b"IDAT":
            pixels += chunk[8:-4]
        else:
            (tail if pixels else head).append(chunk)
        place += len(chunk)
    body = b"IDAT" + zlib.compress(zlib.decompress(pixels), 9)
    data = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return picture[:8] + b"".join(head) + data + b"".join(tail)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    settings = Settings.from_env(os.environ)
    draw(settings.current / "site", Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT / "docs")
