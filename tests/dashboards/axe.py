"""The accessibility rules of axe-core, from the npm registry: pinned, checked, kept in a cache, never committed."""

import base64
import hashlib
import os
import subprocess
import tarfile
import tempfile
from pathlib import Path

VERSION = "4.11.0"
INTEGRITY = "sha512-ilYanEU8vxxBexpJd8cWM4ElSQq4QctCLKih0TSfjIfCQTeyH/6zVrmIJfLPrKTKJRbiG+cfnZbQIjAlJmF1jQ=="
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "framework-trends"


def script() -> str:
    """The text of axe.min.js.

    Raises:
        RuntimeError: npm is missing or cannot fetch it, or its bytes are not the ones that we know.
    """
    kept = CACHE / f"axe-core-{VERSION}.tgz"
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        _fetch(kept)
    found = "sha512-" + base64.b64encode(hashlib.sha512(kept.read_bytes()).digest()).decode()
    if found != INTEGRITY:
        kept.unlink()
        raise RuntimeError(f"{kept}: expected axe-core {VERSION} with {INTEGRITY}, found {found}. Run the tests again.")
    with tarfile.open(kept) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        return member.read().decode("utf-8")


def _fetch(kept: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", f"axe-core@{VERSION}"]
        try:
            subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=120)
        except FileNotFoundError as error:
            raise RuntimeError(
                f"npm is not installed, and axe-core {VERSION} is not in {CACHE}. Install npm."
            ) from error
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            said = getattr(error, "stderr", "") or str(error)
            raise RuntimeError(
                f"npm could not fetch axe-core {VERSION}: {said[:300]}. Check the npm registry."
            ) from error
        (made,) = Path(folder).glob("*.tgz")
        made.replace(kept) if made.stat().st_dev == kept.parent.stat().st_dev else kept.write_bytes(made.read_bytes())
