"""The Prefect flow for real: it takes a server of its own, so these tests are slow."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
import requests

from flows.settings import PROJECT
from flows.sources import SOURCES

pytestmark = pytest.mark.slow


def run_flow(tmp_path: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flows.refresh"],
        cwd=PROJECT,
        env=os.environ
        | {
            "TRENDS_DATA": str(tmp_path / "data"),
            "PREFECT_HOME": str(tmp_path / "prefect"),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
            "DO_NOT_TRACK": "1",
        }
        | environ,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


def test_the_flow_publishes_and_ends_failed_with_the_name_of_a_source_that_fails(tmp_path, server):
    done = run_flow(tmp_path, TRENDS_MIRROR=server.address, TRENDS_EXPECT_SIZES="0")
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert "sources that failed: papers_with_code" in said
    release = json.loads((tmp_path / "data" / "current" / "release.json").read_text())
    assert {source: origin for source, origin, *_ in release["told"]["figures"]}["papers_with_code"] == "reference"
    assert (tmp_path / "data" / "current" / "site" / "index.html").is_file()


@pytest.fixture
def prefect(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """The `prefect` command beside a real server of its own, on a data folder of its own."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = os.environ | {
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "COLUMNS": "200",
        "TRENDS_DATA": str(tmp_path / "data"),
        "TRENDS_PROJECT": str(PROJECT),
        "PYTHONPATH": str(PROJECT),
    }
    command = [sys.executable, "-m", "prefect"]
    with (tmp_path / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "server", "start", "--host", "127.0.0.1", "--port", str(port)],
            env=environ,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def run(*words: str) -> str:
        done = subprocess.run(
            [*command, *words], cwd=PROJECT, env=environ, capture_output=True, text=True, timeout=400, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    try:
        end = time.monotonic() + 180
        while time.monotonic() < end:
            with suppress(requests.RequestException):
                if requests.get(f"{environ['PREFECT_API_URL']}/health", timeout=2).ok:
                    break
            assert server.poll() is None, (tmp_path / "server.log").read_text()
            time.sleep(0.5)
        yield run
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(60)


def test_the_deployments_of_deploy_are_made_and_a_worker_runs_one_to_the_end(
    prefect: Callable[..., str], tmp_path: Path
) -> None:
    """The words of deploy/compose.yaml, one after the other."""
    prefect("work-pool", "create", "framework-trends", "--type", "process", "--overwrite")
    prefect("work-pool", "set-concurrency-limit", "framework-trends", "1")
    prefect("--no-prompt", "deploy", "--all", "--prefect-file", "deploy/prefect.yaml")
    listed = prefect("deployment", "ls")
    for source in SOURCES:
        assert (f"{source.NAME}/" in listed) is bool(source.HOSTS), listed
    prefect("deployment", "run", "refresh/by-hand", "--param", "names=[]")
    prefect("worker", "start", "--pool", "framework-trends", "--type", "process", "--limit", "1", "--run-once")
    assert "published 2" in prefect("flow-run", "ls", "--state", "Completed")
    assert (tmp_path / "data" / "current" / "site" / "index.html").is_file()


def test_the_rule_of_a_pool_is_made_on_a_server_that_stays(tmp_path):
    environ = {name: text for name, text in os.environ.items() if name != "PREFECT_API_URL"}
    environ["PREFECT_HOME"] = str(tmp_path)
    command = [sys.executable, "-m", "flows.schedule.pool"]
    done = subprocess.run(command, cwd=PROJECT, env=environ, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("PREFECT_API_URL: expected the address of the server")
