"""Ways to make a query misbehave, and what each one came to: `python -m tests.flows.ask.misbehaving` prints the table.

Each way is asked by the command itself, of the warehouse of TRENDS_DATA, as a reader would.
"""

import functools
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flows.settings import PROJECT

COMMAND = (sys.executable, "-m", "flows.command.cli", "query")
SECONDS, MEGABYTES = 4, 300
SPARE_SECONDS, SPARE_MEGABYTES = 2, 100
LIMITS = {"TRENDS_QUERY_SECONDS": str(SECONDS), "TRENDS_QUERY_MEMORY": f"{MEGABYTES}MB"}

WAYS = {
    "a text of 2 GB": "select repeat('a', 2000000000)",
    "the distance of long texts": "select levenshtein(repeat('a', 300000), repeat('b', 300000))",
    "a replacement without end": "select regexp_replace(repeat('ab', 3000000), '(a|b)*?(.*?)b', repeat('x', 100), 'g')",
    "JSON nested 10 million deep": "select json_valid(repeat('[', 10000000) || repeat(']', 10000000))",
    "JSON taken apart, nested deep": "select json_structure((repeat('[', 1000000) || repeat(']', 1000000))::json)",
    "a tree of JSON, nested deep": "select count(*) from json_tree(repeat('[', 1000000) || repeat(']', 1000000))",
    "recursion without end": "with recursive r as (select 1 as n union all select n + 1 from r) select max(n) from r",
    "doubling recursion": "with recursive r as (select 1 union all from r, range(2) select 1) from r select count(*)",
    "a cross join": "select count(*) from range(10000000) a, range(10000000) b where a.range * b.range % 7 = 3",
    "a cross join kept": "select list(a.range + b.range) from range(100000) a, range(100000) b",
    "a sort beyond memory": "select * from range(200000000) order by hash(range)",
    "a long series": "select generate_series(1, 10000000000)",
    "an answer without end": "from range(1000000000000000)",
    "a cell of many texts": "select string_agg(repeat('x', 1000000), '') from range(100000)",
    "a list of lists": "select list_transform(range(100000), lambda x: range(100000))",
    "a sum of 20,000 terms": "select " + "+".join(["1"] * 20000),
    "lists 2,000 deep": "select " + "[" * 2000 + "1" + "]" * 2000,
    "sub-queries 400 deep": "select * from (" * 400 + "select 1" + ")" * 400,
    "a large window": "select sum(a.range) over (order by hash(a.range + b.range)) from range(20000) a, range(20000) b",
    "a sleep": "select sleep_ms(100000)",
    "a number of many digits": "select length(printf('%900000000d', 1))",
    "a padded text": "select length(lpad('x', 2000000000, 'y'))",
    "a bit string": "select bit_count(repeat('1', 900000000)::bit)",
    "an error of 100 MB": "select error(repeat('x', 100000000))",
    "many groups": "select count(*) from (select range as r, count(*) from range(1000000000) group by all)",
}


@dataclass(frozen=True)
class Outcome:
    """What a misbehaving query came to."""

    code: int
    seconds: float
    megabytes: float
    said: str
    answer_bytes: int


BETWEEN = """
import os, resource, subprocess, sys
code = subprocess.call(sys.argv[2:])
os.write(int(sys.argv[1]), str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss).encode())
sys.exit(code)
"""


def asked(sql: str, data: Path, environment: Mapping[str, str], *options: str) -> Outcome:
    """Ask by the command; time and memory are those of all its processes, memory of the largest.

    A process begins with the peak of the one that starts it, so that a small one stands between the two.
    """
    peak, peak_write = os.pipe()
    environment = {**os.environ, "TRENDS_DATA": str(data), **environment}
    started = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-c", BETWEEN, str(peak_write), *COMMAND, "--format", "csv", "-", *options],
        pass_fds=(peak_write,),
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(sql.encode())
        process.stdin.close()
        size = 0
        while piece := process.stdout.read(1 << 20):
            size += len(piece)
        said = process.stderr.read().decode()
        process.wait()
    os.close(peak_write)
    with os.fdopen(peak) as told:
        megabytes = int(told.read()) / 1000
    return Outcome(process.returncode, time.monotonic() - started, megabytes, said, size)


def main() -> None:
    """Print the table."""
    data = Path(os.environ.get("TRENDS_DATA", PROJECT / "data"))
    write = functools.partial(print, flush=True)
    write(f"Limits: {SECONDS} s, {MEGABYTES} MB.\n\n| way | exit | s | MB | said |\n|---|---:|---:|---:|---|")
    for name, sql in WAYS.items():
        found = asked(sql, data, LIMITS)
        said = found.said.strip().removeprefix("trends: ").replace("|", "\\|") or f"{found.answer_bytes:,} bytes"
        write(f"| {name} | {found.code} | {found.seconds:.1f} | {found.megabytes:.0f} | {said[:150]} |")


if __name__ == "__main__":
    main()
