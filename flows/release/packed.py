"""`.gz` and `.br` beside the files of the site, for web servers that give what lies packed.

Packing goes by content: what was packed before is shared, and the same bytes give the same packed ones.
"""

import gzip
import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ENDINGS = {".html", ".js", ".css", ".svg", ".json", ".jsonld", ".xml", ".txt", ".cff"}
LEAST = 1024  # smaller ones are not worth a second file
WORKERS = 2


def pack(site: Path, cache: Path) -> None:
    """Write the packed form of every text of the site that is large enough.

    Args:
        site: folder with everything in it.
        cache: keeps what is packed, under the checksum of what it was; what is not used any more is deleted.
    """
    kept = cache / "packed"
    kept.mkdir(parents=True, exist_ok=True)
    files = [path for path in sorted(site.rglob("*")) if path.suffix in ENDINGS and path.stat().st_size >= LEAST]
    with ThreadPoolExecutor(WORKERS) as pool:
        used = {name for names in pool.map(lambda path: _pack_one(path, kept), files) for name in names}
    for path in kept.iterdir():
        if path.name not in used:
            path.unlink()


def _pack_one(path: Path, kept: Path) -> list[str]:
    held = path.read_bytes()
    key = hashlib.sha256(held).hexdigest()[:32]
    names = []
    for ending, packing in PACKINGS.items():
        packed = kept / f"{key}{ending}"
        if not packed.exists():
            unfinished = packed.with_name(f".{path.name}-{key}{ending}")
            unfinished.write_bytes(packing(held))
            unfinished.replace(packed)
        target = path.with_name(path.name + ending)
        try:
            os.link(packed, target)
        except OSError:
            # Another file system, or one without links.
            target.write_bytes(packed.read_bytes())
        names.append(packed.name)
    return names


def _brotli(held: bytes) -> bytes:
    # As with the charts: the import is paid by those that pack.
    import brotli

    packed: bytes = brotli.compress(held, quality=QUALITY)
    return packed


QUALITY = 7  # 9 takes nine times as long for half a percent
PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": lambda held: gzip.compress(held, compresslevel=9, mtime=0),
    ".br": _brotli,
}
