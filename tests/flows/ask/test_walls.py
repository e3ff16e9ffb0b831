"""A question in a process of its own: what it may take, and that nothing of an answer is lost on the way."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from flows.ask import walls
from flows.errors import QueryError, SettingsError
from flows.settings import PROJECT, Settings

from .misbehaving import COMMAND, LIMITS, MEGABYTES, SECONDS, SPARE_MEGABYTES, SPARE_SECONDS, WAYS, asked

ENDLESS = "select count(*) from range(10000000) as a, range(1000000) as b where a.range % 7 = b.range % 11"
CRASH = WAYS["JSON taken apart, nested deep"]
# Ways that the engine survives in other versions; they are held to their limits all the same.
MAY_PASS = ("a long series", "a tree of JSON, nested deep", "a bit string")


def answer(settings: Settings, sql: str, form: str = "csv", limit: int | None = None) -> str:
    stream = io.StringIO()
    walls.ask(settings, sql, stream, form, limit=limit)
    return stream.getvalue()


def test_an_answer_comes_whole_with_its_count_and_its_warning(here, caplog):
    stream = io.StringIO()
    count = walls.ask(
        here, "select 'ü大' || range as t from range($n::integer)", stream, "csv", {"n": "200000"}, 150_000
    )
    assert count == 150_000
    assert stream.getvalue() == "t\n" + "".join(f"ü大{number}\n" for number in range(150_000))
    assert [record.getMessage()[:22] for record in caplog.records] == ["Cut after 150,000 rows"]
    assert answer(here, "from things order by name limit 1", "table").endswith("(1 row)\n")


def test_what_goes_wrong_is_one_error_and_leaves_the_file_that_was_there(here, tmp_path):
    target = tmp_path / "x.csv"
    target.write_text("before")
    for sql in ("select nam from things", "select error('stop') from range(3)"):
        with pytest.raises(QueryError) as caught:
            walls.ask(here, sql, target, "csv")
        assert "\n" not in str(caught.value)
        assert target.read_text() == "before"
    with pytest.raises(QueryError, match=r"cannot be written \(No such file.*Name another file"):
        walls.ask(here, "select 1", tmp_path / "none" / "x.csv", "csv")
    with pytest.raises(QueryError, match="needs a file"):
        answer(here, "select 1", "parquet")
    assert walls.ask(here, "from things", target, "csv") == 2
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(duckdb.__version__ >= "2", reason="no query is known that this engine crashes over")
def test_a_crash_of_the_engine_is_told(here, tmp_path):
    target = tmp_path / "x.csv"
    target.write_text("before")
    with pytest.raises(QueryError):
        walls.ask(here, CRASH, target, "csv")
    assert target.read_text() == "before"
    with pytest.raises(QueryError, match=r"the engine broke down over this query \(SIG(SEGV|ABRT|BUS)\)"):
        answer(here, CRASH)


def test_a_query_that_takes_too_long_is_ended(here):
    slow = Settings(data=here.data, query_seconds=0.5)
    started = time.monotonic()
    with pytest.raises(QueryError, match=r"longer than 0.5 s.*TRENDS_QUERY_SECONDS"):
        answer(slow, ENDLESS)
    assert time.monotonic() - started < 1.5


def test_a_query_may_not_fill_the_memory(here):
    small = Settings(data=here.data, query_memory="100MB")
    with pytest.raises(QueryError, match=r"(out of memory|engine broke down).*raise TRENDS_QUERY_MEMORY"):
        answer(small, "select list(range) as l from range(100000000)")
    # Here the engine does not count what it takes.
    with pytest.raises(QueryError, match="out of memory"):
        answer(small, "select length(repeat('a', 200000000))")
    with pytest.raises(SettingsError, match=r"TRENDS_QUERY_MEMORY: expected a size such as .*, found 'much'"):
        answer(Settings(data=here.data, query_memory="much"), "select 1")


@pytest.mark.parametrize(
    ("words", "size"), [("500MB", 500_000_000), ("1.5 GiB", 1_610_612_736), ("64kb", 64_000), ("1TB", 10**12)]
)
def test_sizes_are_those_of_the_engine(words, size):
    assert walls.size_of(words) == size


def test_an_error_neither_floods_a_terminal_nor_commands_it(here):
    with pytest.raises(QueryError) as caught:
        answer(here, "select error(chr(27) || '[31m' || repeat('x', 1000000))")
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) <= walls.LONGEST_SAYING
    with pytest.raises(QueryError, match="at most 1,000,000 characters"):
        answer(here, "select 1" + " " * walls.LONGEST_QUERY)


def run(settings: Settings, *arguments: str, **options: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # type: ignore[call-overload]
        [*COMMAND, *arguments],
        cwd=PROJECT,
        env={**os.environ, "TRENDS_DATA": str(settings.data)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_gone(pid: int) -> bool:
    """Whether a process has ended; one that waits to be buried has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def waited(condition: object, seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < end:  # type: ignore[operator]
        time.sleep(0.02)
    return bool(met)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("by", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM), (signal.SIGKILL, -9)]
)
def test_no_child_outlives_the_command(here, by, code):
    with run(here, ENDLESS) as process:
        assert waited(lambda: children(process.pid))
        (child,) = children(process.pid)
        time.sleep(0.3)
        process.send_signal(by)
        said = process.communicate(timeout=60)[1].decode()
    assert process.returncode == code, said
    assert waited(lambda: is_gone(child))
    assert said == ("trends: interrupted; what was published stays as it is.\n" if by == signal.SIGINT else "")


@pytest.mark.slow
def test_a_reader_that_leaves_ends_the_query_and_a_slow_one_loses_nothing(here):
    with run(here, "from range(1000000000000)", "--format", "csv") as process:
        assert process.stdout.read(20).startswith(b"range\n0\n1\n")
        process.stdout.close()
        assert process.wait(5) == 0
        assert process.stderr.read() == b""
    slow = Settings(data=here.data)
    environment = {"TRENDS_QUERY_SECONDS": "1"}
    with subprocess.Popen(
        [*COMMAND, "select range, repeat('x', 100) as x from range(100000)", "--format", "csv"],
        cwd=PROJECT,
        env={**os.environ, **environment, "TRENDS_DATA": str(slow.data)},
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout
        time.sleep(2)
        assert process.stdout.read().count(b"\n") == 100_001
        assert process.wait(5) == 0


@pytest.mark.slow
def test_a_query_without_end_is_not_read_to_its_end(here):
    with Path("/dev/zero").open("rb") as zeros, run(here, "-", stdin=zeros) as process:
        assert b"at most 1,000,000 characters" in process.communicate(timeout=10)[1]
        assert process.returncode == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", WAYS)
def test_a_misbehaving_query_keeps_to_its_limits(here, name):
    found = asked(WAYS[name], here.data, LIMITS)
    assert found.seconds < SECONDS + SPARE_SECONDS
    assert found.megabytes < MEGABYTES + SPARE_MEGABYTES
    if found.code or name not in MAY_PASS:
        assert found.code == 1
        assert found.said.startswith("trends: ")
        assert found.said.count("\n") == 1


def test_the_command_loads_no_engine_and_its_child_only_what_it_uses(here):
    code = (
        "import sys; from flows.command.cli import main; "
        "code = main(['query', 'select $one as one', '--param', 'one=1', '--format', 'csv']); "
        "print(code, sorted({'duckdb', 'prefect', 'pandas', 'numpy', 'altair', 'requests'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={"TRENDS_DATA": str(here.data), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "one\n1\n0 []\n"
