"""The Vega libraries as one classic script, made once and kept."""

import os
import shutil
from importlib.metadata import version
from pathlib import Path

from .program import put

NAME = "vega.js"


def place_bundle(cache: Path, folder: Path) -> None:
    """Put the bundle into `folder`, from `cache` when it is there.

    Making it takes more than a second; the name in the cache holds the version that made it.
    """
    kept = cache / f"vega-bundle-{version('vl-convert-python')}.js"
    if not kept.exists():
        _make(kept)
    try:
        os.link(kept, folder / NAME)
    except OSError:
        # Another file system, or one without links.
        shutil.copyfile(kept, folder / NAME)


def _make(kept: Path) -> None:
    # The import alone costs time that no other render should pay.
    import vl_convert

    # The bundle is a module full of short names: a function of its own keeps them to itself, and a classic script
    # opens from disk, where module scripts are refused.
    libraries = vl_convert.javascript_bundle()  # type: ignore[call-arg]  # its stub forgets the default
    put(kept, f"(function () {{\n{libraries}\n}})();\n")
