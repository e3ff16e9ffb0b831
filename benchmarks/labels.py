"""What landing and labelling repositories takes, beside parsing the same answers with the json module.

`python -m benchmarks labels [REPOSITORIES]` asks a service, which is a process of its own, for as many repositories as
the labels want (17,000), once with code files as long as people's and once with lines that import alone. Trees, texts
and sizes are made up by a fixed seed, of the sizes that were measured: 39 files to the second folder in the middle, 578
at the 95th percentile. Kept in benchmarks/RESULTS.md.
"""

import json
import math
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from benchmarks import results
from flows.landing.cards import landed_files
from flows.landing.landing import Landing
from flows.network.web import Answer, Web
from flows.release.inputs import read_inputs
from flows.release.loaders import loaders, raw_tables
from flows.settings import PROJECT, Settings
from flows.sources.repository_frameworks import source
from flows.sources.repository_frameworks.asking import ROOT_FILES
from flows.warehouse.runner import create_table
from tests.loopback import Answer as Sent
from tests.loopback import Loopback, Request
from tests.sql.support import SQL, database

SEED = 20261130
REPOSITORIES = 17_000
MADE, CODES = 500, 40  # different ones, and code files of each framework and kind; each stands for many
MOST_TIMES = 4.0
NOW = datetime(2026, 11, 30, tzinfo=UTC)
FRAMEWORKS = ("torch", "torch", "torch", "tensorflow", "jax", "paddle", "")
MODULES = "os sys numpy argparse json matplotlib pandas scipy tqdm random math time collections".split()  # noqa: SIM905
WORDS = "model the of for and network data results paper layer training we use with to loss image set".split()  # noqa: SIM905
MODELS = (
    "staging/repository_frameworks__answers",
    "staging/reference__framework_words",
    "staging/reference__frameworks",
)
DETECTION = ("intermediate/repository_readings", "intermediate/repository_evidence", "intermediate/repository_labels")


class Made:
    """Repositories that the service tells of.

    Args:
        whole: code files are as long as people's; else lines that import alone.
    """

    def __init__(self, whole: bool) -> None:
        self._random, self._whole = random.Random(SEED), whole
        kinds = [(framework, ending) for framework in sorted(set(FRAMEWORKS)) for ending in ("py", "ipynb")]
        self._codes = {kind: [self._code(*kind) for _ in range(CODES)] for kind in kinds}
        self._blobs = _Blobs()
        made = [self._one() for _ in range(MADE)]
        self._facts, self._files = [facts for facts, _ in made], [files for _, files in made]

    def answer(self, request: Request) -> Sent:
        """What GitHub would send."""
        variables = json.loads(request.body)["variables"]
        numbers = [int(variables[name][1:]) % MADE for name in variables if name[0] == "n"]
        if any(name[0] == "p" for name in variables):
            files: dict[int, list[str]] = {}
            for name, path in variables.items():
                if name[0] == "p":
                    number, place = map(int, name[1:].split("_"))
                    text = self._files[numbers[number]][path.partition(":")[2]]
                    files.setdefault(number, []).append(f'"f{place}": {text}')
            parts = [f'"r{number}": {{{", ".join(found)}}}' for number, found in files.items()]
        else:
            parts = [f'"r{place}": {self._facts[number]}' for place, number in enumerate(numbers)]
        limit = '{"cost": 1, "limit": 5000, "remaining": 4000, "resetAt": "2026-11-30T01:00:00Z"}'
        return Sent(f'{{"data": {{"rateLimit": {limit}, {", ".join(parts)}}}}}')

    def _one(self) -> tuple[str, dict[str, str]]:
        draw = self._random
        framework = draw.choice(FRAMEWORKS)
        count = min(1500, max(2, round(draw.lognormvariate(math.log(39), math.log(578 / 39) / 1.645))))
        endings = ("py", "py", "py", "png", "md", "json", "yaml", "txt", "ipynb", "sh")
        texts = {"README.md": self._words(round(draw.lognormvariate(8.2, 1)))}
        texts["requirements.txt"] = "\n".join([*MODULES, framework])
        paths = [
            "/".join([f"folder{draw.randrange(8)}"] * draw.randrange(3)) + f"/{draw.choice(WORDS)}_{number}.{ending}"
            for number in range(count)
            for ending in [draw.choice(endings)]
        ]
        for path in (path.lstrip("/") for path in paths):
            codes = self._codes.get((framework, path.rpartition(".")[2]))
            texts[path] = draw.choice(codes) if codes else ""
        blobs = {path: self._blobs[text] for path, text in texts.items()}
        files = {
            f"f{number}": json.loads(blobs[path]) if path in blobs else None for number, path in enumerate(ROOT_FILES)
        }
        commit = {"oid": f"{draw.getrandbits(160):040x}", "committedDate": "2026-10-01T00:00:00Z"}
        facts = {
            "nameWithOwner": f"o/r{draw.getrandbits(40)}", "createdAt": "2026-09-01T00:00:00Z",
            "pushedAt": "2026-10-01T00:00:00Z", "isFork": False, "isArchived": False, "isEmpty": False,
            "defaultBranchRef": {"target": commit},
            "tree": _tree({path: len(text.encode()) or 20_000 for path, text in texts.items()}),
        }  # fmt: skip
        return json.dumps(facts | files), blobs

    def _words(self, length: int) -> str:
        lines = [" ".join(self._random.choices(WORDS, k=12)) for _ in range(1 + length // 60)]
        return "\n".join(lines)[:length]

    def _code(self, framework: str, ending: str) -> str:
        draw = self._random
        brought = [f"import {name}" for name in draw.sample(MODULES, 6)] + ["from utils.data import Dataset, loader"]
        lines = [*brought, f"import {framework}" if framework else ""]
        if self._whole:
            length = round(draw.lognormvariate(8.7, 1))
            lines += [f"    self.{draw.choice(WORDS)} = {self._words(40)!r}  # {n}" for n in range(length // 75)]
        if ending == "py":
            return "\n".join(lines)
        cells = [{"cell_type": "code", "metadata": {}, "source": [f"{line}\n" for line in lines]}]
        return json.dumps({"cells": cells, "nbformat": 4}, indent=1)


class _Blobs(dict[str, str]):
    """The answer for each text."""

    def __missing__(self, text: str) -> str:
        self[text] = json.dumps(_blob(text))
        return self[text]


def _blob(text: str) -> dict[str, Any]:
    return {"byteSize": len(text.encode()), "isBinary": False, "isTruncated": False, "text": text}


def _tree(sizes: dict[str, int], below: str = "") -> dict[str, Any]:
    entries = []
    for name in sorted({path[len(below) :].partition("/")[0] for path in sizes if path.startswith(below)}):
        path = below + name
        if path in sizes:
            entries.append({"path": path, "type": "blob", "size": sizes[path], "object": {}})
        else:
            entries.append({"path": path, "type": "tree", "size": 0, "object": _tree(sizes, path + "/")})
    return {"entries": entries}


@dataclass
class Took:
    """Seconds of processor time by step, and what was landed."""

    steps: dict[str, float] = field(default_factory=dict)
    json: float = 0.0
    answers_mb: float = 0.0
    landed_mb: float = 0.0

    @property
    def times(self) -> float:
        """How many times the parsing."""
        return sum(self.steps.values()) / self.json

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add what the step takes, without the parsing that is measured beside it."""
        started, parsing = time.process_time(), self.json
        yield
        self.steps[name] = time.process_time() - started - (self.json - parsing)


def measure(count: int, whole: bool) -> Took:
    """Land and label so many repositories."""
    took = Took()

    class Parsing(Web):
        """Parses every answer once more, and notes how long that takes."""

        def get(self, *args: Any, **rest: Any) -> Answer:
            answer = super().get(*args, **rest)
            started = time.process_time()
            json.loads(answer.body)
            took.json += time.process_time() - started
            took.answers_mb += len(answer.body) / 1e6
            return answer

    source.Web = Parsing  # type: ignore[attr-defined]
    source.PACES.clear()
    command = [sys.executable, "-m", "benchmarks.labels", "serve", str(int(whole))]
    with (
        tempfile.TemporaryDirectory() as name,
        subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process,
    ):
        assert process.stdout
        settings = replace(Settings(), data=Path(name), mirror=process.stdout.readline().strip(), labels_seconds=1e6)
        landing = Landing(settings, source.NAME, None, licence="", citation="", checks={}, now=NOW)  # type: ignore[arg-type]
        landing.wanted = [(f"o/r{number}", "2026-01", date(2026, 1, 1), None, None, 1) for number in range(count)]
        with took.step("landing"):
            note = source.fetch(landing, settings)
        assert note is None, note
        process.communicate()
        label(settings, took, count)
    return took


def label(settings: Settings, took: Took, count: int) -> None:
    """Load what is landed and run the rules."""
    landed = landed_files(settings, source.NAME)
    took.landed_mb = sum(file.card.size for file in landed) / 1e6
    with database() as con:
        for table, columns in raw_tables().items():
            create_table(con, table, columns)
        loaders(read_inputs(settings, NOW))[0].fill(con)
        with took.step("loading"):
            source.load(landed, con)
        for model in MODELS:
            con.execute(f"create view {model.replace('/', '.')} as {(SQL / f'{model}.sql').read_text()}")
        for model in DETECTION:
            with took.step(model.rpartition("/")[2].replace("_", " ")):
                con.execute(f"create table {model.replace('/', '.')} as {(SQL / f'{model}.sql').read_text()}")
        ((labelled,),) = con.execute("select count(*) from intermediate.repository_labels").fetchall()
        assert labelled == count, labelled


def main() -> None:
    """Measure both, and keep the table."""
    if sys.argv[1:2] == ["serve"]:
        with Loopback() as server:
            server.answer(source.HOST, "/graphql", Made(sys.argv[2] == "1").answer)
            print(server.address, flush=True)
            sys.stdin.read()
        return
    count = int(sys.argv[1]) if sys.argv[1:] else REPOSITORIES
    found = {words: measure(count, whole) for whole, words in ((False, "lines that import"), (True, "whole files"))}
    page = markdown(count, found)
    print(page)
    if count >= REPOSITORIES:
        results.keep(results.LABELS, page)


def markdown(count: int, found: Mapping[str, Took]) -> str:
    """The table."""
    steps = list(next(iter(found.values())).steps)
    head = ["code files of", "answers MB", "landed MB", "json module", *steps, "times the json module", "target"]
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    for words, took in found.items():
        verdict = f"at most {MOST_TIMES:g}: {'met' if took.times <= MOST_TIMES else '**not met**'}"
        cells = [words, f"{took.answers_mb:,.0f}", f"{took.landed_mb:,.0f}", f"{took.json:.2f}"]
        cells += [f"{took.steps[step]:.2f}" for step in steps]
        lines.append(f"| {' | '.join([*cells, f'{took.times:.2f}', verdict])} |")
    about = (
        f"{count:,} repositories, made by the seed {SEED}, from a service that is a process of its own. Seconds of "
        "processor time; landing holds requests, parsing, choosing and keeping. Parsing the same answers again by the "
        "json module is what all steps are held against. In the first line code files hold lines that import alone."
    )
    return "\n".join([about, "", *lines])


if __name__ == "__main__":
    main()
