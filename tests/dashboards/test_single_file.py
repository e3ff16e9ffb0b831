"""The whole site as one file, and what goes into the README."""

import base64
import hashlib
import re
import struct
import zlib
from pathlib import Path

import pytest

from dashboards import screenshots, single_file
from flows.errors import DashboardError

# The file holds the whole site: five seconds to make.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def one_file(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("single") / "trends.html"
    assert single_file.write(site, target) == target.stat().st_size
    return target


def test_every_page_and_script_is_inside(one_file, site):
    text = one_file.read_text(encoding="utf-8")
    held = re.findall(r'<template data-page="([^"]+)"', text)
    assert held == sorted(str(path.relative_to(site)) for path in site.rglob("*.html"))
    assert not re.findall(r"<(?:script|link)[^>]*(?:src|rel=.stylesheet)", text)


def test_files_beside_the_site_are_not_linked(one_file, site):
    assert 'href="data/' in (site / "data.html").read_text(encoding="utf-8")
    assert 'href="data/' not in one_file.read_text(encoding="utf-8")


def test_the_policy_names_exactly_the_scripts(one_file):
    text = one_file.read_text(encoding="utf-8")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', text)
    named = set(re.findall(r"'sha256-([^']+)'", policy))
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    made = {base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts}
    assert len(scripts) == 5
    assert named == made
    assert not {"'unsafe-inline'", "'unsafe-eval'"} & set(policy.split("script-src")[1].split(";")[0].split())


def test_the_same_site_gives_the_same_file(one_file, site, tmp_path):
    single_file.write(site, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_bytes() == one_file.read_bytes()


def test_a_folder_without_pages_is_named(tmp_path):
    with pytest.raises(DashboardError, match=r"expected index\.html, found none"):
        single_file.write(tmp_path, tmp_path / "one.html")


def test_a_place_that_cannot_be_written_is_named(site, tmp_path):
    with pytest.raises(DashboardError, match="cannot be written"):
        single_file.write(site, tmp_path / "missing" / "one.html")


def test_pictures_of_a_missing_site_are_refused(tmp_path):
    with pytest.raises(DashboardError, match="trends refresh"):
        screenshots.draw(tmp_path, tmp_path)


def chunk(kind: bytes, content: bytes) -> bytes:
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def test_packing_a_picture_keeps_its_pixels():
    pixels = b"".join(b"\x00" + bytes([row % 7] * 300) for row in range(100))
    hurried = zlib.compress(pixels, 0)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 100, 100, 8, 2, 0, 0, 0))
    data = chunk(b"IDAT", hurried[:500]) + chunk(b"IDAT", hurried[500:])
    picture = b"\x89PNG\r\n\x1a\n" + header + data + chunk(b"IEND", b"")
    small = screenshots.packed(picture)
    assert len(small) < len(picture) / 10
    assert small.startswith(b"\x89PNG\r\n\x1a\n" + header)
    assert small.endswith(chunk(b"IEND", b""))
    (length,) = struct.unpack(">I", small[33:37])
    assert zlib.decompress(small[41 : 41 + length]) == pixels
