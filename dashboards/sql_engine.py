"""DuckDB for the browser: fetched once from npm, pinned by version and checksum, kept beside the landed data.

`make sql-page` runs this module. The package is 31 MB and is not part of the project: without it the site is built
without its SQL page.
"""

import base64
import gzip
import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from .program import DashboardError, Settings, put

log = logging.getLogger(__name__)

PACKAGE, VERSION = "@duckdb/duckdb-wasm", "1.32.0"
SHA256 = "13c29d80888b795cb493b281685d3d3e1738db2fad50d419e2884c6585789722"
# The engine inside that version.
DUCKDB = "1.4.3"
# The build that every browser of the last years runs: WebAssembly exceptions, one thread.
WASM, WORKER = "package/dist/duckdb-eh.wasm", "package/dist/duckdb-browser-eh.worker.js"


def kept(cache: Path) -> Path:
    """Where the engine is kept: a JSON document {wasm, worker}, each gzip in base64."""
    return cache / f"sql-engine-{VERSION}.json"


def fetch(cache: Path) -> Path:
    """Fetch the package unless it is there, check it, and keep what the page needs of it.

    Raises:
        DashboardError: npm is missing or fails, or the package is not the pinned one.
    """
    target = kept(cache)
    if target.exists():
        return target
    npm = shutil.which("npm")
    if npm is None:
        raise DashboardError(
            "npm: expected on the path, found none. Install Node.js; the site works without this page."
        )
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", "--silent", f"{PACKAGE}@{VERSION}"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        packed = next(Path(folder).glob("*.tgz"), None)
        if done.returncode or packed is None:
            raise DashboardError(
                f"npm pack {PACKAGE}@{VERSION}: expected an archive, found: {done.stderr.strip()[-300:] or 'nothing'}. "
                "Check the network and try again; the site works without this page."
            )
        keep(packed, target)
    return target


def keep(packed: Path, target: Path) -> None:
    """Check an archive of the package and write what the page needs to `target`."""
    found = hashlib.sha256(packed.read_bytes()).hexdigest()
    if found != SHA256:
        raise DashboardError(
            f"{packed.name}: expected SHA-256 {SHA256}, found {found}. "
            "It is not the package that was reviewed: do not use it; report it if npm serves it for this version."
        )
    with tarfile.open(packed) as archive:
        held = {name: archive.extractfile(path) for name, path in (("wasm", WASM), ("worker", WORKER))}
        parts = {name: file.read() for name, file in held.items() if file}
    parts["worker"] = parts["worker"].partition(b"//# sourceMappingURL")[0]
    text = json.dumps({name: packed_text(held) for name, held in parts.items()})
    put(target, text)


def packed_text(held: bytes) -> str:
    """Bytes as gzip in base64; the same bytes give the same text."""
    return base64.b64encode(gzip.compress(held, 6, mtime=0)).decode("ascii")


def main() -> int:
    """Fetch the engine into the cache of the data folder."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        path = fetch(Settings.from_env(os.environ).data / "cache")
    except DashboardError as error:
        log.error("%s", error)
        return 1
    log.info(
        "%s %s is ready (%.1f MB); `trends site` puts the page into the site.",
        PACKAGE,
        VERSION,
        path.stat().st_size / 1e6,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
