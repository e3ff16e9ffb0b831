"""Packages of the npm registry that only tests need: pinned, checked, kept in a cache, never committed."""

import base64
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "framework-trends"


def packed(name: str, version: str, integrity: str) -> Path:
    """The package as npm packs it, fetched once.

    Raises:
        RuntimeError: npm is missing or cannot fetch it, or its bytes are not the ones that we know.
    """
    kept = CACHE / f"{name}-{version}.tgz"
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        _fetch(f"{name}@{version}", kept)
    found = "sha512-" + base64.b64encode(hashlib.sha512(kept.read_bytes()).digest()).decode()
    if found != integrity:
        kept.unlink()
        raise RuntimeError(f"{kept}: expected {name} {version} with {integrity}, found {found}. Run the tests again.")
    return kept


def _fetch(package: str, kept: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", package]
        try:
            subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=120)
        except FileNotFoundError as error:
            raise RuntimeError(f"npm is not installed, and {package} is not in {CACHE}. Install npm.") from error
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            said = getattr(error, "stderr", "") or str(error)
            raise RuntimeError(f"npm could not fetch {package}: {said[:300]}. Check the npm registry.") from error
        (made,) = Path(folder).glob("*.tgz")
        shutil.move(made, kept)
