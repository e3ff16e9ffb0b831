"""Two workers with one data folder and a real server, by the words of deploy/cluster.yaml: several hosts in small.

A host is asked at its pace by both together, a source is pulled by one of them at a time, and what a killed one had
begun is done by the other.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import yaml

from flows.settings import PROJECT
from flows.sources import github_dependents
from flows.sources.surveys import editions
from tests.fault_sources import github_dependents as lists
from tests.flows.lake.services import prefect as served
from tests.flows.network.test_pace import most_in
from tests.flows.refresh.test_kill import HOST, LINKS, Archive
from tests.flows.schedule.test_schedule import descendants, until
from tests.loopback import Answer, Loopback, Request

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

SERVICES: dict[str, Any] = yaml.safe_load((PROJECT / "deploy" / "cluster.yaml").read_text(encoding="utf-8"))["services"]
SILENT_SECONDS = 40  # a run gives a sign every 30 s, which is as often as Prefect lets it
SOONER = "import asyncio; from flows.schedule import pool; asyncio.run(pool.register(pool.automation({})))"


class Pool:
    """A server with our deployments and rule, and workers that share a data folder."""

    def __init__(self, folder: Path, api: str, mirror: str) -> None:
        self.folder, self.api, self.workers = folder, api, dict[str, subprocess.Popen[bytes]]()
        self.environ = {name: text for name, text in os.environ.items() if not name.startswith(("TRENDS_", "PREFECT_"))}
        self.environ |= {
            "PREFECT_API_URL": api,
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "DO_NOT_TRACK": "1",
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PYTHONPATH": str(PROJECT),
            "TRENDS_PROJECT": str(PROJECT),
            "TRENDS_DATA": str(folder / "data"),
            "TRENDS_MIRROR": mirror,
            "TRENDS_EXPECT_SIZES": "0",
            "TRENDS_ATTEMPTS": "1",
            "TRENDS_READ_SECONDS": "110",  # longer than what is stalled here waits
            "TRENDS_RETRY_SECONDS": "0.1",
        }

    def do(self, *command: str) -> None:
        environ = self.environ | {"PREFECT_HOME": str(self.folder / "home")}
        done = subprocess.run(command, cwd=PROJECT, env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def start_worker(self, name: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self.workers[name] = subprocess.Popen(
                [*SERVICES["worker-1"]["command"], "--name", name],
                cwd=PROJECT,
                env=self.environ | {"PREFECT_HOME": str(self.folder / name)},  # hosts share no home
                stdout=log,
                stderr=log,
            )

    def kill(self, name: str) -> None:
        """Kill a worker with all that it has started, as the end of its host does."""
        process = self.workers.pop(name)
        for pid in [process.pid, *descendants(process.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()

    def ask(self, what: str, method: str = "post", **words: Any) -> Any:
        """What the server says; SQLite, which it keeps its runs in here, may be busy."""
        end = time.monotonic() + 60
        while (answer := requests.request(method, f"{self.api}/{what}", timeout=30, **words)).status_code >= 500:
            assert time.monotonic() < end, answer.text
            time.sleep(1)
        answer.raise_for_status()
        return answer.json()

    def run(self, deployment: str, **parameters: Any) -> str:
        """Ask for a run now; its id."""
        made = self.ask(f"deployments/name/{deployment}", "get")
        asked = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        run = self.ask(f"deployments/{made['id']}/create_flow_run", json=asked)
        return str(run["id"])

    def of(self, run: str) -> Any:
        return self.ask(f"flow_runs/{run}", "get")

    def is_in(self, run: str, *states: str) -> Callable[[], Any]:
        return lambda: self.of(run)["state_type"] in states

    def states(self, run: str) -> list[str]:
        found = self.ask("flow_run_states/", "get", params={"flow_run_id": run})
        return [state["name"] for state in sorted(found, key=lambda one: one["timestamp"])]

    def worker_of(self, run: str) -> str:
        """The worker whose process does a run."""
        [name] = [
            name
            for name, process in self.workers.items()
            if any(run in environ_of(pid) for pid in descendants(process.pid))
        ]
        return name


def environ_of(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/environ").read_text(errors="replace")
    return ""


@pytest.fixture
def pool(tmp_path: Path, server: Loopback) -> Iterator[Pool]:
    home = {"PREFECT_HOME": str(tmp_path / "server"), "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}
    with served(tmp_path, os.environ | home) as api:
        made = Pool(tmp_path, api, server.address)
        made.do(*SERVICES["pool"]["command"])
        made.do(sys.executable, "-c", SOONER.format(SILENT_SECONDS))
        assert [one["trigger"]["within"] for one in made.ask("automations/filter", json={})] == [SILENT_SECONDS], (
            "one rule"
        )
        try:
            yield made
        finally:
            for name in list(made.workers):
                made.kill(name)


def test_two_workers_keep_one_pace_pull_a_source_in_turn_and_do_what_a_killed_one_had_begun(
    pool: Pool, server: Loopback, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        pool.start_worker(name)
    shares_one_host(pool, server)
    archive, is_answering = Archive(tmp_path), [False]
    archive.turn()

    def links(request: Request) -> Answer:
        return archive.answer(request) if is_answering[0] else Answer(stall_seconds=300)

    server.answer(HOST, LINKS, links)
    first = pool.run("papers_with_code/scheduled")
    until("it is asked", lambda: server.asked(LINKS))
    second = pool.run("refresh/by-hand", names=["papers_with_code"])
    until("the other worker is at it", pool.is_in(second, "RUNNING"))
    time.sleep(5)
    assert len(server.asked(LINKS)) == 1, "a source is pulled by one worker at a time"
    killed = pool.worker_of(first)
    is_answering[0] = True
    pool.kill(killed)
    for run in (second, first):
        until("it is done", pool.is_in(run, "COMPLETED", "FAILED", "CRASHED", "CANCELLED"), 180)
    said = {name: (tmp_path / f"{name}.log").read_text()[-3000:] for name in ("one", "two")}
    assert [pool.of(run)["state_type"] for run in (second, first)] == ["COMPLETED"] * 2, said
    assert "AwaitingRetry" in pool.states(first)
    assert pool.of(first)["run_count"] == 2
    assert len(server.asked(LINKS)) >= 3


def shares_one_host(pool: Pool, server: Loopback) -> None:
    """Two sources that ask one host, each in a run of its own; nobody gets a turn before both are at work."""
    days = [
        day
        for number in range(13)
        for day in github_dependents.thursdays(date(2025 + (10 + number) // 12, 1 + (10 + number) % 12, 1))
    ]
    addresses = [github_dependents.URL.format(day=day) for day in days]
    addresses += [editions.ARCHIVE_COUNTS.format(year=year) for year in range(2018, 2027)]
    for address in addresses:
        server.answer(github_dependents.HOST, urlsplit(address).path, lists)
    data, sources = pool.folder / "data", ("github_dependents", "stack_overflow_survey")
    (data / "paces").mkdir(parents=True)
    with (data / "paces" / github_dependents.HOST).open("ab") as turns:
        fcntl.flock(turns, fcntl.LOCK_EX)
        runs = [pool.run(f"{name}/scheduled") for name in sources]
        for name in sources:
            until(f"{name} is being pulled", partial(is_locked, data / ".pulling" / name), 300)
        assert not [one for one in server.requests if one.host == github_dependents.HOST], "both wait for a turn"
    for run in runs:
        until("it is done", pool.is_in(run, "COMPLETED", "FAILED", "CRASHED", "CANCELLED"), 150)
    asked = [request for request in server.requests if request.host == github_dependents.HOST]
    lists_asked = sum("/history/" in request.path for request in asked)
    pace = github_dependents.PACES[github_dependents.HOST]
    assert min(lists_asked, len(asked) - lists_asked) > 1
    assert len(asked) > pace.count, "more than the host allows at once"
    assert most_in([each.time for each in asked], 1) <= pace.count


def is_locked(path: Path) -> bool:
    with suppress(FileNotFoundError), path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
