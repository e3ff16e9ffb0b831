"""Repositories whose label by Papers With Code is known, behind a server that speaks GitHub's GraphQL.

`python -m tests.labelled_repositories` measures how our labels and theirs agree, by a whole refresh against that
server, and writes data/reference/detection_agreement.csv; a test does the same and compares.
"""

import csv
import gzip
import json
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import duckdb

from flows.refresh import steps
from flows.settings import Settings
from flows.sources import papers_with_code
from flows.sources.repository_frameworks import source as repository_frameworks
from tests.flows.sources.github_graphql import HOST, PATH, GitHub, Repository
from tests.loopback import Answer, Loopback, Request
from tests.parquet import as_parquet
from tests.shared_data import FOLDER as SHARED

NOW = datetime(2026, 11, 21, 14, 15, tzinfo=UTC)
FOLDER = SHARED / "framework_labels"
PROJECT = Path(__file__).resolve().parent.parent
TABLE = PROJECT / "data" / "reference" / "detection_agreement.csv"
# How a module is brought in, by the kind of file that the list names it for; Python by default.
BRINGS_IN = {
    **dict.fromkeys(("c", "cc", "cpp", "cu", "cuh", "h", "hpp"), "#include <{}>"),
    **dict.fromkeys(("r", "rmd"), "library({})"),
    **dict.fromkeys(("js", "ts"), "const it = require('{}')"),
    "lua": "require '{}'",
    "jl": "using {}",
    "java": "import {};",
}


def repositories() -> dict[str, Repository]:
    """All of them, each with the texts that are known: README, manifests, and its code as lines that import."""
    found = {}
    with gzip.open(FOLDER / "repositories.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            told = json.loads(line)
            imports = {
                path: "\n".join(BRINGS_IN.get(kind, "import {}").format(module) for module in modules)
                for path, (modules, kind) in told["imports"].items()
            }
            sizes = {path: size for path, size in told["tree"] if path.count("/") <= 2}
            files = {path: told["manifests"].get(path, imports.get(path, "")) for path in sizes}
            name = told["repository"]
            found[name.lower()] = Repository(
                name, files, created=told["first_commit_at"], committed=_utc(told["committed_at"]), size=sizes
            )
    return found


def links() -> list[dict[str, Any]]:
    """The archive's records of them, with months of our own: the list tells the label and no paper."""
    with (FOLDER / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        {
            "paper_url": f"https://paperswithcode.com/paper/{number}",
            "paper_title": f"Paper {number}",
            # Some papers of the archive have no arXiv id; their repositories are in the draw like all others.
            "paper_arxiv_id": f"{18 + number % 7}{1 + number % 12:02}.{number:05}" if number % 20 else "",
            "paper_url_abs": "",
            "paper_url_pdf": "",
            "repo_url": f"https://github.com/{row['repo']}",
            "is_official": True,
            "mentioned_in_paper": True,
            "mentioned_in_github": True,
            "framework": row["pwc_label"],
        }
        for number, row in enumerate(rows)
    ]


def serve(server: Loopback, folder: Path) -> GitHub:
    """Serve the archive and the repositories."""
    github = GitHub(repositories())
    server.answer(HOST, PATH, github.answer)
    address = papers_with_code.URL["links.parquet"].removeprefix("https://huggingface.co")
    server.answer("huggingface.co", address, Answer(as_parquet(folder, links())))
    return github


def serve_lists(server: Loopback) -> None:
    """Serve the same repositories as those of the daily papers of August 2025 to January 2026, ten papers a page."""
    names = sorted(repositories())

    def daily(request: Request) -> Answer:
        asked = dict(parse_qsl(request.query))
        year, month = map(int, asked["month"].split("-"))
        number = 12 * (year - 2025) + month - 8
        mine = names[number::6] if 0 <= number < 6 else []
        papers = [
            {"id": f"{year % 100}{month:02}.{place:05}", "publishedAt": f"{asked['month']}-05T00:00:00.000Z"}
            | {"githubRepo": f"https://github.com/{name}"}
            for place, name in enumerate(mine)
        ]
        first = 10 * int(asked["p"])
        return Answer([{"paper": paper} for paper in papers[first : first + 10]])

    server.answer("huggingface.co", "/api/daily_papers", daily)


def refreshed(settings: Settings) -> Mapping[tuple[str, str], int]:
    """Pull both sources and build; how many repositories have which two labels."""
    steps.pull(settings, [papers_with_code, repository_frameworks], NOW)
    steps.build(settings, NOW)
    with duckdb.connect(str(settings.current / "warehouse.duckdb"), read_only=True) as con:
        rows = con.execute(
            "select theirs, ours, sum(repository_count)::bigint from intermediate.detection_pairs "
            "where basis = 'draw from the archive' group by all order by all"
        ).fetchall()
    return {(theirs, ours): count for theirs, ours, count in rows}


def _utc(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def main() -> None:
    """Measure, and write the table."""
    with tempfile.TemporaryDirectory() as name, Loopback() as server:
        folder = Path(name)
        serve(server, folder)
        settings = Settings(
            project=PROJECT, data=folder / "data", mirror=server.address, expect_sizes=False, read_seconds=30
        )
        found = refreshed(settings)
    lines = [f"{theirs},{ours},{count}" for (theirs, ours), count in sorted(found.items())]
    TABLE.write_text("\n".join(["theirs,ours,repository_count", *lines]) + "\n", encoding="utf-8")
    agreeing = sum(count for (theirs, ours), count in found.items() if theirs == ours)
    sys.stdout.write(f"{agreeing} of {sum(found.values())} labels agree; {TABLE.name} is written\n")


if __name__ == "__main__":
    main()
