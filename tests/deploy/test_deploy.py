"""The examples of deploy/ and .github/ parse, and every command, file and setting that they name exists."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import fields
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

from flows.command.cli import parser
from flows.lake import engine
from flows.network.environment import PROXIES
from flows.schedule.processes import prefect_yaml
from flows.settings import PROJECT, Settings
from flows.sources import SOURCES

DEPLOY = PROJECT / "deploy"
WORKFLOW = PROJECT / ".github" / "workflows" / "refresh.yml"
EXAMPLES = [
    DEPLOY / name for name in ("Dockerfile", "compose.yaml", "cluster.yaml", "framework-trends.service", "prefect.yaml")
]
INSTRUCTIONS = {"FROM", "ARG", "ENV", "WORKDIR", "COPY", "RUN", "USER", "VOLUME", "CMD"}

SETTINGS = {f"TRENDS_{field.name.upper()}" for field in fields(Settings)} | {"TRENDS_PROJECT"}
# What a service of ours reads beside the program's own settings: libpq, the engine's store, requests, Prefect.
READ_BY_OTHERS = {"PGPASSWORD", *engine.KEYS.values(), engine.REGION, *engine.ENDPOINTS, "NO_PROXY"}
READ_BY_OTHERS |= {name.upper() for name in PROXIES}


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
    assert set(re.findall(r"TRENDS_\w+", words(path))) <= SETTINGS


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


@pytest.mark.parametrize(
    ("name", "services"),
    [
        ("compose.yaml", {"postgres", "server", "worker"}),
        (
            "cluster.yaml",
            {
                "postgres",
                "databases",
                "store",
                "bucket",
                "server",
                "pool",
                "worker-1",
                "worker-2",
                "scheduler",
                "dask-1",
                "dask-2",
            },
        ),
    ],
)
def test_compose(name: str, services: set[str]) -> None:
    compose = parsed(DEPLOY / name)
    assert set(compose["services"]) == services
    # As `docker compose config` does: what is written twice is merged, variables have values.
    text = re.sub(r"(?<!\$)\$\{\w+(:[-?][^}]*)?\}", "given", yaml.safe_dump(compose))
    known = PyCompose.from_yaml(text)
    known.validate()
    known.to_spec()
    for service in compose["services"].values():
        ends = service["restart"] == "on-failure"
        assert ends or service["restart"] == "unless-stopped"
        assert "build" in service or re.fullmatch(r"\S+:\S+", service["image"]), "the image is pinned"
        if "build" in service:
            build = service["build"]
            assert (DEPLOY / build["context"] / build["dockerfile"]).exists()
        for other, waits in service.get("depends_on", {}).items():
            below = compose["services"][other]
            if waits["condition"] == "service_healthy":
                assert "healthcheck" in below, other
            else:
                assert (waits["condition"], below["restart"]) == ("service_completed_successfully", "on-failure")
        # A host that an address names is a service; a bucket is none.
        if "build" in service:
            names = {name for name in service.get("environment", {}) if not name.startswith("PREFECT_")}
            assert names <= READ_BY_OTHERS | SETTINGS, "somebody reads it"
        environment = service.get("environment", {}).values()
        addresses = [str(value) for value in environment if not str(value).startswith("s3://")]
        named = re.findall(r"://(?:[^/@]*@)?([a-z]+)(?=[:/])", " ".join(addresses))
        assert set(named) <= services, named
    volumes = {
        volume.partition(":")[0] for service in compose["services"].values() for volume in service.get("volumes", ())
    }
    assert volumes == set(compose["volumes"])
    ports = [port for service in compose["services"].values() for port in service.get("ports", ())]
    assert all(port.startswith("127.0.0.1:") for port in ports)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["compose.yaml", "cluster.yaml"])
def test_settings_and_words_of_prefect_in_compose_exist(name: str) -> None:
    """Importing prefect takes seconds."""
    services = parsed(DEPLOY / name)["services"].values()
    named = {key for service in services for key in service.get("environment", {}) if key.startswith("PREFECT_")}
    assert named
    look = (
        "import sys; from prefect import settings; print(*[one for one in sys.argv[1:] if not hasattr(settings, one)])"
    )
    command = [sys.executable, "-c", look, "PREFECT_NO_SUCH_THING", *sorted(named)]
    unknown = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout.split()
    assert unknown == ["PREFECT_NO_SUCH_THING"]
    said = {line for service in services for line in spoken(service.get("command", [])) if line[0] == "prefect"}
    assert said
    for line in said:
        verbs = list(
            takewhile(lambda word: not word.startswith("-"), (word for word in line[1:] if word != "--no-prompt"))
        )
        while True:  # the last words may be what the command is given
            asked = ["prefect", *verbs, "--help"]
            done = subprocess.run(
                [sys.executable, "-m", *asked], capture_output=True, text=True, timeout=120, check=False
            )
            if done.returncode == 0 or len(verbs) < 2:
                break
            verbs.pop()
        assert done.returncode == 0, line
        options = {word for word in line if word.startswith("--")} - {"--no-prompt"}
        assert options <= set(re.findall(r"--[\w-]+", done.stdout)), line


def spoken(command: list[str]) -> list[tuple[str, ...]]:
    """The commands of a service, one by one, where a shell gets several."""
    lines = command[-1].splitlines() if command[:1] == ["sh"] else [shlex.join(command)]
    return [tuple(shlex.split(line.strip().removeprefix("exec "))) for line in lines if line.strip()]


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
