"""Nothing of many hosts is needed, installed or imported where one machine is enough."""

import subprocess
import sys
import tomllib

from flows.settings import PROJECT

OPTIONAL = ("dask", "distributed", "prefect_dask", "duckdb_extension_ducklake", "fsspec", "boto3")
EVERY_MODULE = """
import importlib, pkgutil, sys
import flows
for found in pkgutil.walk_packages(flows.__path__, "flows."):
    name = found.name
    if not name.endswith(("__main__", "flows.lake.tasks")) and not name.startswith("flows.schedule"):
        importlib.import_module(name)
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_no_module_but_that_of_the_tasks_imports_an_optional_package() -> None:
    done = subprocess.run([sys.executable, "-c", EVERY_MODULE], cwd=PROJECT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {"duckdb", "flows"} <= loaded
    assert not loaded & set(OPTIONAL)


def test_they_stand_in_optional_groups_alone() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = " ".join(project["dependencies"]).replace("_", "-")
    assert not [name for name in OPTIONAL if name.replace("_", "-") in needed]
    assert {"lake", "cluster"} <= project["optional-dependencies"].keys()
