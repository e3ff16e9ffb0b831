"""What the tests of the activity sources share: a project of few frameworks, and services that play along."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import duckdb

from flows.landing.landing import landed_files
from flows.landing.status import SourceCheck
from flows.refresh import steps
from flows.release.loaders import raw_tables
from flows.settings import PROJECT, Settings
from flows.sources import Source
from flows.warehouse.runner import create_table
from tests.loopback import Answer, Loopback, Request
from tests.parquet import as_parquet
from tests.sql.support import database

GITHUB, STACK_EXCHANGE, HUGGING_FACE, SUCCESSOR = (
    *("api.github.com", "api.stackexchange.com", "huggingface.co"),
    "paperswithcode.co",
)
DATASET = "/api/datasets/codeofpaper/paper-code-graph"
DUMP = {
    "papers": [{"id": 7, "arxiv_id": "2508.00007", "published_date": "2025-08-03", "abstract": "Long."}],
    "repositories": [{"id": 70, "html_url": "https://github.com/a/b", "framework": "PyTorch", "stars": 3}],
    "paper_repositories": [{"paper_id": 7, "repository_id": 70, "tier": "official"}],
}


def project(folder: Path, column: str, names: Mapping[str, tuple[str, str]]) -> Path:
    """A copy of the project in which only these frameworks have a name in a column.

    Args:
        folder: to make it in.
        column: of frameworks.csv.
        names: name there and first release by framework; a framework that the table lacks is added.
    """
    made = folder / "project"
    (made / "data" / "reference").mkdir(parents=True)
    (made / "sql").symlink_to(PROJECT / "sql")
    for path in (PROJECT / "data" / "reference").iterdir():
        if path.name != "frameworks.csv":
            (made / "data" / "reference" / path.name).symlink_to(path)
    with (PROJECT / "data" / "reference" / "frameworks.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows += [
        dict.fromkeys(rows[0], "") | {"framework": name, "label": name, "is_framework": "true", "is_compared": "false"}
        for name in names.keys() - {row["framework"] for row in rows}
    ]
    for row in rows:
        row[column], row["first_release"] = names.get(row["framework"], ("", row["first_release"]))
    with (made / "data" / "reference" / "frameworks.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return made


def following(settings: Settings, folder: Path, column: str, names: Mapping[str, tuple[str, str]]) -> Settings:
    """Settings of a project that follows these frameworks."""
    return replace(settings, project=project(folder, column, names))


def pulled(settings: Settings, source: Source, now: datetime) -> SourceCheck:
    """One refresh of one source."""
    settings.data.mkdir(exist_ok=True)
    return steps.pull_and_note(settings, source, now, None)


@contextmanager
def raw(settings: Settings, source: Source) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with the raw tables that a build would fill from what is landed."""
    with database() as con:
        for table in source.TABLES:
            create_table(con, table, raw_tables()[table])
        landed = landed_files(settings, source.NAME)
        if landed:
            source.load(landed, con)
        yield con


def asked(server: Loopback, host: str) -> list[str]:
    """Path and query of what was asked of a host, in order."""
    return [f"{request.path}?{request.query}".removesuffix("?") for request in server.requests if request.host == host]


def parameters(request: Request) -> dict[str, str]:
    """The query of a request."""
    return {name: values[0] for name, values in parse_qs(request.query, keep_blank_values=True).items()}


def weeks_up_to(now: datetime, count: int, stars_a_day: int = 1) -> list[dict[str, Any]]:
    """So many weeks of a star history, newest first; days that are still to come have no stars."""
    sunday = now.date() - timedelta(days=(now.weekday() + 1) % 7)
    listed = []
    for number in range(count):
        first = sunday - timedelta(weeks=number)
        days = [stars_a_day if first + timedelta(days=day) <= now.date() else 0 for day in range(7)]
        start = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp())
        listed.append({"week": start, "total": sum(days), "days": days})
    return listed


def serve_repository(
    server: Loopback,
    repository: str,
    weeks: Sequence[dict[str, Any]],
    stars: int = 1000,
    headers: Callable[[], Mapping[str, str]] = dict,
    identity: int | None = None,
) -> None:
    """GitHub's answers about one repository, paged by Link."""
    path, counts = f"/repos/{repository}", {"forks_count": 7, "open_issues_count": 3, "full_name": repository}
    counts |= {"id": identity} if identity else {}
    if weeks:
        counts["created_at"] = f"{datetime.fromtimestamp(weeks[-1]['week'], UTC):%Y-%m-%dT%H:%M:%SZ}"

    def history(request: Request) -> Answer:
        query = parameters(request)
        page, size = int(query["page"]), int(query["per_page"])
        rows = list(weeks[(page - 1) * size : page * size])
        sent = dict(headers())
        if page * size < len(weeks):
            following = f"https://{GITHUB}{request.path}?per_page={size}&page={page + 1}"
            sent["Link"] = f'<{following}>; rel="next", <{following}>; rel="last"'
        return Answer(rows, headers=sent)

    server.answer(GITHUB, path, lambda _: Answer(counts | {"stargazers_count": stars}, headers=dict(headers())))
    server.answer(GITHUB, f"{path}/stargazers/history", history)


def serve_questions(
    server: Loopback,
    count: Callable[[str, date], Any],
    first: Mapping[str, date] | None = None,
    more: Mapping[str, Any] | None = None,
) -> None:
    """Stack Exchange's answers: questions by tag and month, and the first question of a tag."""

    def answer(request: Request) -> Answer:
        query = parameters(request)
        tag = query["tagged"]
        if "filter" in query:
            start, end = (datetime.fromtimestamp(int(query[name]), UTC) for name in ("fromdate", "todate"))
            assert (start.day, end.day) == (1, 1), "whole months of UTC"
            return Answer({"total": count(tag, start.date())} | dict(more or {}))
        day = (first or {})[tag]
        created = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
        return Answer({"items": [{"creation_date": created}], "has_more": True, "quota_remaining": 200})

    server.answer(STACK_EXCHANGE, "/2.3/questions", answer)


def serve_dump(server: Loopback, folder: Path, tables: Mapping[str, list[dict[str, Any]]] = DUMP) -> None:
    """CodeOfPaper's dump, listed by Hugging Face."""
    listing = {}
    for table, rows in tables.items():
        path = f"{DATASET}/parquet/{table}/train/0.parquet"
        listing[table] = {"train": [f"https://{HUGGING_FACE}{path}"]}
        server.answer(HUGGING_FACE, path, Answer(as_parquet(folder, rows), etag=f'"{table}"'))
    server.answer(HUGGING_FACE, f"{DATASET}/parquet", Answer(listing | {"repository_forks": {"train": []}}))


def daily(request: Request) -> Answer:
    """Two daily papers a month."""
    query = parameters(request)
    papers = [{"id": f"{query['month'][2:].replace('-', '')}.0000{n}", "githubRepo": f"a/{n}"} for n in (1, 2)]
    rows = [{"paper": paper | {"publishedAt": f"{query['month']}-03T00:00:00.000Z"}} for paper in papers]
    return Answer(rows if query["p"] == "0" else [])


def listed(request: Request) -> Answer:
    """One paper a window."""
    query = parameters(request)
    day = query["start_date"]
    paper = {"id": day, "published": day, "repositories": [{"url": "https://github.com/a/b"}]}
    applied = {name: query[name] for name in ("start_date", "end_date")}
    return Answer({"results": [paper], "count": 1, "applied_filters": applied})


def serve_lists(server: Loopback) -> None:
    """The lists of papers: two papers a month in one, one a window in the other; CodeOfPaper knows no repository."""
    for year, month in ((2025 + number // 12, number % 12 + 1) for number in range(6, 24)):
        for number in (1, 2):
            path = f"/papers/{year % 100}{month:02d}.0000{number}/repos"
            server.answer("api.codeofpaper.com", path, Answer({"paper": {}, "top_repos": []}))
    server.answer(HUGGING_FACE, "/api/daily_papers", daily)
    server.answer(SUCCESSOR, "/api/v1/papers/", listed)


def serve_created(server: Loopback, count: Callable[[str, str], Any], newest: str = "2026-11-20T10:00:00.000Z") -> None:
    """The dataset viewer: models created by library (none for all that name one) and month, and the newest model."""

    def answer(request: Request) -> Answer:
        query = parameters(request)
        if "orderby" in query:
            return Answer({"rows": [{"row_idx": 0, "row": {"id": "a/b", "createdAt": newest}}], "num_rows_total": 9})
        month = query["where"].partition("'")[2][:7]
        library = query["where"].partition("list_contains('")[2].partition("'")[0]
        return Answer({"rows": [], "num_rows_total": count(library, month), "partial": False})

    server.answer("datasets-server.huggingface.co", "/filter", answer)
