"""`.gz` and `.br` beside what web servers give."""

import gzip
from pathlib import Path

import brotli
import pytest

from flows.release import packed


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "api").mkdir(parents=True)
    (folder / "index.html").write_text("<p>PyTorch</p>\n" * 400)
    (folder / "api" / "index.json").write_text("[1, 2, 3]\n" * 400)
    (folder / "small.txt").write_text("small")
    (folder / "picture.png").write_bytes(b"\x89PNG" * 400)
    return folder


def pack(site: Path, cache: Path) -> dict[str, bytes]:
    packed.pack(site, cache)
    return {
        str(path.relative_to(site)): path.read_bytes() for path in site.rglob("*.*") if path.suffix in (".gz", ".br")
    }


def test_texts_are_packed_whole_and_what_is_small_or_packed_already_is_not(site, tmp_path):
    found = pack(site, tmp_path / "cache")
    assert set(found) == {"index.html.gz", "index.html.br", "api/index.json.gz", "api/index.json.br"}
    whole = (site / "index.html").read_bytes()
    assert gzip.decompress(found["index.html.gz"]) == whole
    assert brotli.decompress(found["index.html.br"]) == whole
    assert len(found["index.html.br"]) < len(whole) / 10


def test_only_what_changed_is_packed_again_and_the_cache_holds_nothing_else(site, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    first = pack(site, cache)
    asked = []
    whole = packed.PACKINGS[".gz"]
    monkeypatch.setitem(packed.PACKINGS, ".gz", lambda held: asked.append(held) or whole(held))
    for path in site.rglob("*.*"):
        if path.suffix in (".gz", ".br"):
            path.unlink()
    assert pack(site, cache) == first
    assert asked == []
    for path in site.rglob("*.*"):
        if path.suffix in (".gz", ".br"):
            path.unlink()
    (site / "index.html").write_text("<p>JAX</p>\n" * 400)
    assert pack(site, cache) != first
    assert len(asked) == 1
    assert len(list((cache / "packed").iterdir())) == 4
