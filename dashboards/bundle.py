"""What pages need of the Vega libraries as one classic script, made once and kept."""

import hashlib
import os
import shutil
from importlib.metadata import version
from pathlib import Path

from .program import put

NAME = "vega.js"
# By the names under which vl-convert's wheel carries them, so that nothing is fetched; another version of it may carry
# others, hence its pin.
PARTS = {
    "vega-dataflow": "6.1.0",
    "vega-encode": "5.1.0",
    "vega-interpreter": "2.0.0",
    "vega-parser": "7.1.0",
    "vega-transforms": "5.1.0",
    "vega-view": "6.1.0",
    "vega-view-transforms": "5.1.0",
}
# In a page expressions are walked as trees: compiled ones would need 'unsafe-eval' in its policy. Pictures that are
# drawn without one compile them.
SNIPPET = """
import { transforms } from "vega-dataflow";
import * as encode from "vega-encode";
import { expressionInterpreter } from "vega-interpreter";
import { parse } from "vega-parser";
import * as data from "vega-transforms";
import { View } from "vega-view";
import * as layout from "vega-view-transforms";
Object.assign(transforms, data, encode, layout);
window.trendsFlow = (specification) => parse(specification, {}, { ast: true });
window.trendsView = (flow, element, tooltip) => new View(flow, {
  renderer: element ? "svg" : "none",
  container: element, hover: Boolean(element), tooltip: tooltip,
  expr: element ? expressionInterpreter : undefined,
});
"""


def place_bundle(cache: Path, folder: Path) -> None:
    """Put the bundle into `folder`, from `cache` when it is there.

    Making it takes most of a second; the name in the cache holds what it is made of.
    """
    made_of = hashlib.sha256(_snippet().encode()).hexdigest()[:8]
    kept = cache / f"vega-bundle-{version('vl-convert-python')}-{made_of}.js"
    if not kept.exists():
        _make(kept)
    try:
        os.link(kept, folder / NAME)
    except OSError:
        # Another file system, or one without links.
        shutil.copyfile(kept, folder / NAME)


def _snippet() -> str:
    text = SNIPPET
    for name, number in PARTS.items():
        text = text.replace(f'"{name}"', f'"https://cdn.jsdelivr.net/npm/{name}@{number}/+esm"')
    return text


def _make(kept: Path) -> None:
    # The import alone costs time that no other render should pay.
    import vl_convert

    # The bundle is a module full of short names: a function of its own keeps them to itself, and a classic script
    # opens from disk, where module scripts are refused.
    libraries = vl_convert.javascript_bundle(_snippet())
    put(kept, f"(function () {{\n{libraries}\n}})();\n")
