"""Kill -9 at any moment of a refresh leaves the old release or the new one, whole; the next refresh heals the rest.

Two kinds of moments: after a random time, wherever that falls; and right before a step on disk of a given phase
(tests/killed_refresh.py), so that the instants between two renames are hit too.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest

from flows.settings import PROJECT
from tests.killed_refresh import PHASES, REFRESH
from tests.loopback import Answer, Loopback, Request

HOST = "huggingface.co"
LINKS = "/datasets/pwc-archive/links-between-paper-and-code/resolve/main/data/train-00000-of-00001.parquet"
LINK_COUNT = 3000
SEED = int(os.environ.get("TRENDS_KILL_SEED", "20261121"))


@dataclass
class Archive:
    """A small archive of links that is another one at each refresh: its row count is its version."""

    folder: Path
    version: int = 0
    made: dict[int, bytes] = field(default_factory=dict)

    def turn(self) -> None:
        """Publish the next version."""
        self.version += 1
        file = self.folder / f"{self.version}.parquet"
        with duckdb.connect() as con:
            con.execute(
                f"""
                copy (
                    select
                        'https://paperswithcode.com/paper/p-' || number as paper_url,
                        'Title ' || number as paper_title,
                        printf('%02d%02d.%05d', 17 + number % 7, 1 + number % 12, number) as paper_arxiv_id,
                        'http://arxiv.org/abs/' || number as paper_url_abs,
                        'http://arxiv.org/pdf/' || number as paper_url_pdf,
                        'https://github.com/owner/name-' || number as repo_url,
                        number % 3 = 0 as is_official,
                        number % 5 = 0 as mentioned_in_paper,
                        number % 2 = 0 as mentioned_in_github,
                        ['pytorch', 'tf', 'none', 'jax'][1 + number % 4] as framework
                    from range({LINK_COUNT + self.version}) as numbers (number)
                ) to '{file}' (format parquet)
                """
            )
        self.made[self.version] = file.read_bytes()

    def answer(self, _: Request) -> Answer:
        """The body comes in pieces, so that landing takes time and can be hit."""
        body = self.made[self.version]
        return Answer(
            body, etag=f'"{self.version}"', accept_ranges=True, drip_seconds=0.02, drip_bytes=len(body) // 25 + 1
        )


@dataclass
class World:
    """A source that changes, a data folder, and refreshes of it in processes of their own."""

    data: Path
    server: Loopback
    archive: Archive

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a refresh in its own process group, after the source has changed."""
        self.archive.turn()
        environ = {name: value for name, value in os.environ.items() if not name.startswith("TRENDS_")}
        environ |= {"TRENDS_DATA": str(self.data), "TRENDS_MIRROR": self.server.address, "TRENDS_RELEASES_KEPT": "2"}
        environ |= {"TRENDS_EXPECT_SIZES": "0"}
        return subprocess.Popen(
            [sys.executable, *words],
            cwd=PROJECT,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def refresh(self) -> None:
        """Refresh without any kill; it must publish the source's newest version and leave nothing behind."""
        with self.start("-m", "flows.command.cli", *REFRESH) as process:
            said, _ = process.communicate(timeout=180)
        assert process.returncode == 0, said
        assert self.version_published() == self.archive.version, said
        assert self.leftovers() == []

    def version_published(self) -> int | None:
        """The version that the current release shows, after checking that all its parts speak of the same one."""
        current = self.data / "current"
        assert current.is_symlink() or not current.exists()
        if not current.is_symlink():
            return None
        assert current.exists(), f"current points at {current.readlink()}, which is not there"
        current = current.resolve()  # followed once: a refresh may publish while its parts are read here
        release = json.loads((current / "release.json").read_text())
        page = (current / "site" / "index.html").read_text(encoding="utf-8")
        assert current.name == release["release_id"]
        assert f"release {release['release_id']}" in page
        assert release["fingerprint"][:12] in page
        with closing(duckdb.connect()) as con:
            con.execute(f"attach '{current / 'warehouse.duckdb'}' as warehouse (read_only)")
            con.execute("use warehouse")
            counts = {
                name: con.execute(f"select count(*) from marts.{name}").fetchall()[0][0]
                for name in release["row_counts"]
            }
            assert counts == release["row_counts"]
            said = con.execute(
                f"""
                select count(*), min(release_id), max(release_id), sum(value), (
                    select sum(value) from marts.framework_shares
                )
                from read_parquet('{current / "history" / "framework_shares.parquet"}')
                """
            ).fetchall()[0]
            assert said[:3] == (counts["framework_shares"], release["release_id"], release["release_id"])
            assert said[3] == pytest.approx(said[4])
            links = con.execute("select count(*) from raw.papers_with_code_links").fetchall()[0][0]
            [(sha256,)] = con.execute("select sha256 from raw.refresh_landings").fetchall() or [(None,)]
        version = int(links) - LINK_COUNT
        landed = [card["sha256"] for card in self.cards() if card["size"] == len(self.archive.made[version])]
        assert sha256 in landed
        return version

    def cards(self) -> list[dict[str, str]]:
        return [json.loads(path.read_text()) for path in self.data.glob("raw/*/2*/*.card.json")]

    def leftovers(self) -> list[str]:
        """What an interrupted run may leave and a finished one may not."""
        found = [path for path in self.data.rglob("*") if path.name.startswith(".") or path.suffix in (".part", ".tmp")]
        found += [*self.data.glob("tmp"), *self.data.rglob("*.wal")]
        names = {str(path.relative_to(self.data)) for path in found if path.name != ".partial"} - {
            ".lock",
            ".noting",
            ".turn",
        }
        history = {path.stem for path in (self.data / "history" / "framework_shares").glob("*")}
        names |= {
            f"{path.name} was never published"
            for path in (self.data / "releases").glob("[0-9]*")
            if path.name not in history
        }
        return sorted(names)


@pytest.fixture
def world(tmp_path: Path, server: Loopback) -> World:
    (tmp_path / "archive").mkdir()
    made = World(tmp_path / "data", server, Archive(tmp_path / "archive"))
    server.answer(HOST, LINKS, made.archive.answer)
    return made


def kill_many(world: World, count: int, tmp_path: Path, *, lost: bool = False, seed: int = SEED) -> Counter[str]:
    """Kill so many refreshes, half after a random time and half right before a step, and check after each one.

    Args:
        world: that is refreshed.
        count: of kills.
        tmp_path: for notes.
        lost: each kill is a power cut right before a step: what had not reached the disk is lost.
        seed: of the moments.
    """
    draw = random.Random(seed)
    world.refresh()
    started = time.monotonic()
    world.refresh()
    duration = time.monotonic() - started
    told = tmp_path / "steps"
    with world.start("-m", "tests.killed_refresh", str(told)) as process:
        said, _ = process.communicate(timeout=180)
    assert process.returncode == 0, said
    steps = Counter(line.split()[0] for line in told.read_text().splitlines())
    assert set(steps) == set(PHASES), "every phase of a refresh has steps on disk"
    print(f"\nseed {seed}; a refresh takes {duration:.1f} s; steps on disk: {dict(steps)}")
    hits: Counter[str] = Counter()
    for number in range(count):
        if number % 2 and not lost:
            words, moment = ["-m", "flows.command.cli", *REFRESH], draw.uniform(0, duration)
            place = f"after {moment:.2f} s"
        else:
            phase = PHASES[number // 2 % len(PHASES)]
            step = str(draw.randint(1, steps[phase]))
            words, moment = ["-m", "tests.killed_refresh", phase, step, *(["lost"] if lost else [])], 180.0
            place = f"{phase}, before step {step}"
        before = world.version_published()
        with world.start(*words) as process:
            try:
                process.wait(moment)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        found = world.version_published()
        outcome = "the new release" if found == world.archive.version else "the previous release"
        print(f"{number + 1:3d} {place:32s} exit {process.returncode:3d}  leaves {outcome}: {world.leftovers()}")
        assert process.returncode in (-signal.SIGKILL, 0)
        assert found in (before, world.archive.version)
        hits[place.partition(",")[0].partition(" ")[0] if process.returncode else "ended before"] += 1
        world.refresh()
    print(f"{count} kills, no broken or mixed release: {dict(hits)}")
    return hits


@pytest.mark.slow
def test_twenty_kills(world: World, tmp_path: Path) -> None:
    hits = kill_many(world, 20, tmp_path)
    assert set(PHASES) <= set(hits)


@pytest.mark.slow
def test_eight_power_cuts(world: World, tmp_path: Path) -> None:
    hits = kill_many(world, 8, tmp_path, lost=True)
    assert set(PHASES) <= set(hits)


@pytest.mark.soak
@pytest.mark.parametrize("lost", [False, True], ids=["kills", "cuts"])
@pytest.mark.parametrize("fifth", range(5))
def test_two_hundred_of_each(world: World, tmp_path: Path, fifth: int, *, lost: bool) -> None:
    """In portions of minutes, each with moments of its own."""
    hits = kill_many(world, 40, tmp_path, lost=lost, seed=SEED + fifth)
    assert set(PHASES) <= set(hits)


@pytest.mark.slow
def test_killed_before_the_first_release_was_published(world: World) -> None:
    for phase, number in (("landing", 3), ("build", 2), ("swap", 2), ("cleanup", 1)):
        with world.start("-m", "tests.killed_refresh", phase, str(number)) as process:
            process.wait(180)
        assert process.returncode == -signal.SIGKILL
        assert world.version_published() in (None, world.archive.version)
    world.refresh()
