"""Two hosts, each with a network of its own, share the lake of a third; a cable is pulled in the middle of a commit."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from flows.lake import shared
from flows.release import releases
from flows.settings import PROJECT, Settings
from flows.sources import papers_with_code
from tests.flows.lake import networks, services
from tests.flows.lake.networks import Host
from tests.flows.lake.test_builds import links
from tests.flows.lake.test_commits import published
from tests.parquet import as_parquet

pytestmark = pytest.mark.slow
NUMBERS = count(1)
# Brings the lake along, and halts at the first call of a function until a line comes in.
KEEPS_UP = """
import importlib, os, sys
from flows.lake import shared
from flows.settings import Settings
settings = Settings.from_env(os.environ)
if len(sys.argv) > 1:
    module, name = importlib.import_module(sys.argv[1]), sys.argv[2]
    real = getattr(module, name)
    def halted(*arguments):
        setattr(module, name, real)
        print("halted", flush=True)
        sys.stdin.readline()
        return real(*arguments)
    setattr(module, name, halted)
shared.keep_up(settings)
print(shared.trouble(settings) or "kept up", flush=True)
"""
# What is left where the cable is pulled in the few milliseconds that the catalogue's own transaction takes.
BEGINS = """
import os, sys
from flows.lake import engine
from flows.settings import Settings
catalogue = "__ducklake_metadata_lake.ducklake_snapshot"
with engine.connected(Settings.from_env(os.environ)) as con:
    con.execute("begin")
    con.execute(f"insert into {catalogue} select * replace (snapshot_id + 1 as snapshot_id) from {catalogue} "
                "order by snapshot_id desc limit 1")
    print("halted", flush=True)
    sys.stdin.readline()
"""


@dataclass(frozen=True)
class Machine:
    """A host with a data folder and an environment of its own."""

    host: Host
    environ: dict[str, str]

    @property
    def settings(self) -> Settings:
        return Settings.from_env(self.environ)

    def start(self, *command: str) -> subprocess.Popen[str]:
        words = [*self.host.within, *command]
        return subprocess.Popen(
            words, cwd=PROJECT, env=self.environ, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def run(self, *command: str, seconds: float = 200) -> str:
        with self.start(*command) as process:
            try:
                output, _ = process.communicate(timeout=seconds)
            finally:
                process.kill()
        assert process.returncode == 0, output
        return output.strip()

    def trends(self, *words: str) -> str:
        return self.run(str(Path(sys.executable).parent / "trends"), *words)

    def keep_up(self, *halted: str, seconds: float = 200) -> str:
        return self.run(sys.executable, "-c", KEEPS_UP, *halted, seconds=seconds).splitlines()[-1]


@dataclass(frozen=True)
class Network:
    """Two hosts without data, and the servers of a third."""

    hosts: list[Host]
    catalogue: services.Postgres
    environ: dict[str, str]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """The third host has PostgreSQL, an object store and a mirror with the links of Papers With Code."""
    folder = tmp_path_factory.mktemp("server")
    with ExitStack() as stack:
        server, *others = stack.enter_context(networks.hosts(["server", "a", "b"]))
        above = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="trends-lake-")))
        above.chmod(0o755)
        catalogue = stack.enter_context(services.postgres(above / "postgres", server.address, server.within))
        keys = stack.enter_context(services.store(folder, server.address, server.within))
        address = urlsplit(papers_with_code.URL["links.parquet"])
        file = folder / "mirror" / address.netloc / address.path.removeprefix("/")
        file.parent.mkdir(parents=True)
        file.write_bytes(as_parquet(folder, links(600)))
        command = [
            *server.within,
            sys.executable,
            "-m",
            "http.server",
            "-b",
            server.address,
            "-d",
            f"{folder}/mirror",
            "80",
        ]
        mirror = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        stack.callback(mirror.wait)
        stack.callback(mirror.terminate)
        yield Network(others, catalogue, os.environ | keys | {"TRENDS_MIRROR": f"http://{server.address}"})


@pytest.fixture
def machines(network: Network, tmp_path: Path) -> list[Machine]:
    """The two hosts, each with a data folder, and a lake for both."""
    name = f"lake{next(NUMBERS)}"
    lake = {"TRENDS_LAKE": network.catalogue.database(name), "TRENDS_LAKE_DATA": f"s3://lake/{name}"}
    return [
        Machine(host, network.environ | lake | {"TRENDS_DATA": str(tmp_path / host.name)}) for host in network.hosts
    ]


def test_two_hosts_refresh_and_each_sees_the_release_of_the_other(machines: list[Machine]) -> None:
    for machine, words in zip(machines, (["--source", "papers_with_code"], ["--offline"]), strict=True):
        machine.trends("refresh", *words)
    made = [releases.current(one.settings) for one in machines]
    question = "select count(*) from framework_shares where source = 'papers_with_code' and origin = 'live'"
    counts = [
        int(one.trends("query", "--lake", "--release", release.release_id, "--format", "csv", question).split()[-1])
        for release in made
        for one in machines
    ]
    print([release.release_id for release in made], counts)
    assert counts[0] == counts[1] > 0, "both read what the first one pulled"
    assert counts[2:] == [0, 0]


@pytest.mark.parametrize(
    "moment", [("flows.lake.commits", "comment_as"), ("flows.lake.commits", "_held"), None], ids=str
)
def test_a_cable_that_is_pulled_in_the_middle_of_a_commit_costs_no_release(machines: list[Machine], moment) -> None:
    first, second = machines
    published(first.settings, "2026-01-01T000000Z", 1)
    assert first.keep_up() == "kept up"
    published(first.settings, "2026-01-02T000000Z", 2)
    published(second.settings, "2026-01-03T000000Z", 3)
    words = [KEEPS_UP, *moment] if moment else [BEGINS]
    with first.start(sys.executable, "-c", *words) as halted:
        assert halted.stdout.readline() == "halted\n"
        first.host.cut()
        begun = time.monotonic()
        try:
            assert second.keep_up(seconds=150) == "kept up", "the other goes on"
            waited = time.monotonic() - begun
            output, _ = halted.communicate("go on\n", timeout=200)
        finally:
            halted.kill()
            first.host.mend()
    told = time.monotonic() - begun
    print(f"the other waited {waited:.0f} s, the one without a cable knew after {told:.0f} s: {output.strip()[-300:]}")
    assert "What is published here stays as it is." in output or not moment
    assert services.PASSWORD not in output
    assert releases.current(first.settings).release_id == "2026-01-02T000000Z"
    newest = "select max(value), count(*) from shares"
    assert second.trends("query", "--lake", "--format", "csv", newest).split()[-1] == "3,1000", "whole"
    assert first.keep_up() == "kept up"
    assert not shared.trouble(first.settings)
    for release, value in (("2026-01-01", 1), ("2026-01-02", 2), ("2026-01-03", 3)):
        words = ["--release", f"{release}T000000Z", "--format", "csv"]
        assert second.trends("query", "--lake", *words, newest).split()[-1] == f"{value},1000"
