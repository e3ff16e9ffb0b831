"""The package as others install it: one name, everything inside, nothing of others, and it works from any folder."""

import site
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from flows.settings import PROJECT, VERSION
from tests import wheel

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel.build(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def binaries(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel alone; what it depends on comes from ours, without our editable installation."""
    environment = tmp_path_factory.mktemp("clean") / "environment"
    venv.create(environment, symlinks=True, with_pip=False)
    install = [sys.executable, "-m", "pip", "--python", str(environment / "bin" / "python"), "install", "--quiet"]
    wheel.run([*install, "--no-deps", "--no-index", str(built)], environment, {})
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(next(path for path in site.getsitepackages()), encoding="utf-8")
    return environment / "bin"


def test_it_works_from_any_folder_and_writes_nothing_beside_its_code(binaries: Path, tmp_path: Path) -> None:
    said = wheel.try_out(binaries, tmp_path)
    assert said["--version"] == f"trends {VERSION}\n"
    assert Path(said["package"]).is_relative_to(binaries.parent)
    assert int(said["query"].split()[-1]) > 1000
    assert (tmp_path / "home/.local/share/framework-trends/current/site/index.html").exists()


def test_every_module_is_found_under_one_name(binaries: Path, tmp_path: Path) -> None:
    look = """
import importlib, pkgutil, sys
import framework_trends
for found in pkgutil.walk_packages(framework_trends.__path__, "framework_trends."):
    if not found.name.endswith(("__main__", ".flows.schedule.flows", ".flows.schedule.serving")):
        importlib.import_module(found.name)
from framework_trends.flows.refresh import making
assert making.dashboards("site").__name__ == "framework_trends.dashboards.site"
print(sorted(name for name in sys.modules if name.partition(".")[0] in ("flows", "dashboards")))
"""
    assert wheel.run([str(binaries / "python"), "-c", look], tmp_path, {}) == "[]\n"


def test_all_that_git_has_of_the_program_is_inside(built: Path) -> None:
    listed = ["git", "ls-files", "flows", "dashboards", "sql", "data/reference", "docs/methods.md"]
    listed = wheel.run(listed, PROJECT, {}).splitlines()
    held = {name.removeprefix("framework_trends/") for name in zipfile.ZipFile(built).namelist()}
    assert set(listed) <= held
    assert "py.typed" in held


def test_the_source_distribution_makes_the_same_wheel_and_holds_no_data_of_others(built: Path, tmp_path: Path) -> None:
    packed = wheel.build(tmp_path / "dist", "sdist")
    with tarfile.open(packed) as archive:
        archive.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.glob("framework_trends-*")
    data = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.suffix in (".csv", ".xz", ".parquet")}
    known = set(wheel.run(["git", "ls-files", "data/reference", "sql"], PROJECT, {}).splitlines())
    assert data <= known
    again = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path / "again")]
    subprocess.run(again, cwd=folder, check=True, capture_output=True)
    (second,) = (tmp_path / "again").glob("*.whl")
    assert sorted(zipfile.ZipFile(second).namelist()) == sorted(zipfile.ZipFile(built).namelist())
