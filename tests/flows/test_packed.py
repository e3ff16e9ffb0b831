"""One name for all: packed into one package, the program is found there, and nothing of it under its names of today."""

import subprocess
import sys
from pathlib import Path

import pytest

from flows.settings import PROJECT

LOOK = """
import importlib, pkgutil, sys
import framework_trends
for found in pkgutil.walk_packages(framework_trends.__path__, "framework_trends."):
    if not found.name.endswith(("__main__", ".flows.schedule.flows", ".flows.schedule.serving")):
        importlib.import_module(found.name)
from framework_trends.flows.refresh import steps
assert steps.dashboards("site").__name__ == "framework_trends.dashboards.site"
print(sorted(name for name in sys.modules if name.partition(".")[0] in ("flows", "dashboards")))
"""


@pytest.mark.slow
def test_packed_under_one_name_every_module_is_found_there(tmp_path: Path) -> None:
    package = tmp_path / "framework_trends"
    package.mkdir()
    (package / "__init__.py").write_text("")
    for part in ("flows", "dashboards"):
        (package / part).symlink_to(PROJECT / part)
    done = subprocess.run([sys.executable, "-c", LOOK], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")
