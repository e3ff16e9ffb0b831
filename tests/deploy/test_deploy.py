"""The examples of deploy/ and .github/ parse, and every command, file and setting that they name exists."""

import configparser
import os
import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.command.cli import parser
from flows.schedule.processes import prefect_yaml
from flows.settings import PROJECT, Settings
from flows.sources import SOURCES

DEPLOY = PROJECT / "deploy"
WORKFLOW = PROJECT / ".github" / "workflows" / "refresh.yml"
EXAMPLES = [DEPLOY / name for name in ("Dockerfile", "compose.yaml", "framework-trends.service", "prefect.yaml")]
INSTRUCTIONS = {"FROM", "ENV", "WORKDIR", "COPY", "RUN", "USER", "VOLUME", "CMD"}


def words(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def parsed(path: Path) -> Any:
    return yaml.safe_load(words(path))


def test_prefect_yaml_is_what_the_sources_say() -> None:
    made = prefect_yaml(Settings())
    assert words(DEPLOY / "prefect.yaml") == made, "run `python -m flows.schedule.processes > deploy/prefect.yaml`"
    deployments = {each["entrypoint"]: each for each in yaml.safe_load(made)["deployments"]}
    month = deployments["flows.schedule.flows.papers_with_code"]["schedules"][0]
    assert (month["interval"], month["timezone"]) == (30 * 86400, "UTC")
    assert "schedules" not in deployments["flows.schedule.flows.refresh"]
    pulled = {source.NAME for source in SOURCES if source.HOSTS}
    assert {name.rpartition(".")[2] for name in deployments} == pulled | {"refresh"}, "each has a flow of its name"


@pytest.mark.parametrize("path", [*EXAMPLES, WORKFLOW, PROJECT / "Makefile"], ids=lambda path: path.name)
def test_trends_commands_exist(path: Path) -> None:
    known = next(action.choices for action in parser()._actions if action.choices)
    named = re.findall(r"(?:^|[ /\"])trends[\"]?,? \"?(\w+)", re.sub(r"(?m)^ *#.*$", "", words(path)))
    assert set(named) - {"false"} <= set(known or ())


@pytest.mark.parametrize("path", [*EXAMPLES, WORKFLOW], ids=lambda path: path.name)
def test_settings_that_are_named_exist(path: Path) -> None:
    known = {f"TRENDS_{field.name.upper()}" for field in fields(Settings)} | {"TRENDS_PROJECT"}
    assert set(re.findall(r"TRENDS_\w+", words(path))) <= known


@pytest.mark.parametrize("path", [*EXAMPLES, WORKFLOW], ids=lambda path: path.name)
def test_secrets_come_from_outside(path: Path) -> None:
    for name in ("PASSWORD", "WEBHOOK", "API_KEY", "TOKEN"):
        for value in re.findall(rf"{name}: +(\S+)", words(path)):
            assert value.startswith("${"), f"{name} is written down in {path.name}"


def test_dockerfile() -> None:
    text = re.sub(r"\\\n", " ", words(DEPLOY / "Dockerfile"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert {line.split()[0] for line in lines} <= INSTRUCTIONS
    assert re.search(r"(?m)^FROM \S+:\S+$", text), "the image is pinned"
    assert "USER trends" in lines
    assert lines.index("USER trends") < lines.index('CMD ["trends", "schedule"]')
    for line in lines:
        if line.startswith("COPY"):
            for source in line.split()[1:-1]:
                assert (PROJECT / source).exists(), source


def test_compose() -> None:
    compose = parsed(DEPLOY / "compose.yaml")
    assert set(compose["services"]) == {"postgres", "server", "worker"}
    for service in compose["services"].values():
        assert service["restart"] == "unless-stopped"
        assert re.fullmatch(r"\S+:\S+", service["image"]) if "image" in service else service["build"]
        if "build" in service:
            build = service["build"]
            assert (DEPLOY / build["context"] / build["dockerfile"]).exists()
    volumes = {
        volume.partition(":")[0] for service in compose["services"].values() for volume in service.get("volumes", ())
    }
    assert volumes == set(compose["volumes"])
    assert all(port.startswith("127.0.0.1:") for port in compose["services"]["server"]["ports"])


def test_systemd_unit() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # keys keep their case
    unit.read_string(words(DEPLOY / "framework-trends.service"))
    service = unit["Service"]
    assert service["ExecStart"].endswith("/.venv/bin/trends schedule")
    assert service["Restart"] == "always"
    assert service["User"] != "root"
    assert unit["Install"]["WantedBy"] == "multi-user.target"
    known = {"Description", "Wants", "After", "WantedBy", "User", "StateDirectory", "StateDirectoryMode", "UMask"}
    known |= {
        "Environment",
        "EnvironmentFile",
        "WorkingDirectory",
        "ExecStart",
        "KillMode",
        "TimeoutStopSec",
        "Restart",
    }
    known |= {"RestartSec", "NoNewPrivileges", "PrivateTmp", "ProtectSystem", "ProtectHome", "MemoryMax"}
    known |= {"StartLimitIntervalSec", "StartLimitBurst"}
    assert {key for section in unit.values() for key in section} <= known
    # A start takes up to a minute: what ends at once, again and again, must reach the limit, or OnFailure= never runs.
    assert unit["Unit"]["StartLimitIntervalSec"] == "1h"
    assert int(unit["Unit"]["StartLimitBurst"]) * (int(service["RestartSec"]) + 60) < 3600


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze") and os.environ.get("CI") != "true":
        pytest.skip("systemd-analyze is not installed here")
    unit = words(DEPLOY / "framework-trends.service").replace("/opt/framework-trends/.venv/bin/trends", "/bin/true")
    (tmp_path / "framework-trends.service").write_text(unit)
    verify = ["systemd-analyze", "verify", str(tmp_path / "framework-trends.service")]
    done = subprocess.run(verify, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_workflow() -> None:
    workflow = parsed(WORKFLOW)
    (job,) = workflow["jobs"].values()
    assert workflow[True]["schedule"], "YAML reads the key `on` as true"
    assert workflow["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}
    assert job["timeout-minutes"] <= 60
    for step in job["steps"]:
        assert re.fullmatch(r"actions/[\w-]+@v\d+", step["uses"]) if "uses" in step else step["run"]
    assert "constraints.txt" in words(WORKFLOW)
    assert "/data/current/site" in words(WORKFLOW).replace("$TRENDS_DATA", "/data")
