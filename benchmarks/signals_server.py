"""Plays the services of counts at full history, as a process of its own: `python -m benchmarks.signals_server FOLDER`.

Prints its address, and serves until its standard input ends. Sizes are those of the real services as far as they are
known: 150,000 rows a conda month, 600 posts a thread, ten years of stars, a hundred papers a window.
"""

import json
import random
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from flows.months import newest_first
from flows.reference.frameworks import followed, further_names, main_names
from flows.settings import Settings
from flows.sources import conda_downloads, hn_hiring, openalex_citations, pypi_downloads
from tests.activity import parameters, serve_created, serve_dump, serve_questions, serve_repository, weeks_up_to
from tests.loopback import Answer, Loopback, Request

UNLIMITED = "whole-history"  # user agent of the run that GitHub's quota does not hold for
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LAST = date(2026, 10, 1)
CONDA_ROWS, POSTS, WEEKS, PAPERS = 150_000, 600, 520, 100
WORDS = "we are hiring a senior engineer remote python react machine learning team salary visa office".split()  # noqa: SIM905


def main() -> None:
    """Serve until nobody reads any more."""
    folder, settings = Path(sys.argv[1]), Settings()
    with Loopback() as server:
        for serve in (serve_counts, serve_conda, serve_threads, serve_activity):
            serve(server, settings, folder)
        print(server.address, flush=True)
        sys.stdin.read()


def serve_counts(server: Loopback, settings: Settings, folder: Path) -> None:
    """PyPI, Hugging Face and OpenAlex."""
    packages = [*main_names(settings, "pypi_package"), *further_names(settings, "pypi_variant", "pypi_companion")]
    server.answer(pypi_downloads.CLICKHOUSE, "/", _counted(packages))
    days = [f"{NOW.date() - timedelta(days=number)}" for number in range(1, 181)]
    for package in packages:
        data = [{"category": "without_mirrors", "date": day, "downloads": 12345} for day in days]
        body = {"data": data, "package": package, "type": "overall_downloads"}
        server.answer(pypi_downloads.PYPISTATS, f"/api/packages/{package}/overall", Answer(json.dumps(body)))
    for library in main_names(settings, "huggingface_library"):
        path = f"/models-json?library={library}&withCount=true"
        server.answer("huggingface.co", path, Answer({"numTotalItems": 123456}))
    serve_created(server, lambda library, _: 40_000 if library else 100_000)
    for doi in further_names(settings, "openalex_work"):
        counts = [{"year": year, "cited_by_count": 999} for year in range(2016, 2027)]
        server.answer(openalex_citations.HOST, f"/works/doi:{doi}", Answer({"id": "W", "counts_by_year": counts}))


def _counted(packages: list[str]) -> Any:
    months = [f"{month}" for month in newest_first(LAST, pypi_downloads.FIRST_MONTH)]

    def answer(request: Request) -> Answer:
        query = request.body.decode()
        first, last = query.partition("BETWEEN '")[2][:10], query.partition("' AND '")[2][:10]
        asked = [month for month in months if first <= month <= last]
        rows = [{"project": p, "month": m, "download_count": "123456789"} for p in packages for m in asked]
        return Answer(json.dumps({"meta": [], "data": rows}))

    return answer


def serve_conda(server: Loopback, settings: Settings, folder: Path) -> None:
    """One Parquet file per month, with every package of the channels."""
    names = list(main_names(settings, "conda_package"))
    for month in newest_first(LAST, conda_downloads.FIRST_MONTH):
        with duckdb.connect() as con:
            con.execute(
                f"copy (select ['anaconda', 'conda-forge', 'bioconda'][1 + i % 3] as data_source, "
                f"'{month:%Y-%m}' as time, if(i % 100 < {len(names)}, {names}[1 + i % 100], 'package-' || (i // 30)) "
                "as pkg_name, '1.' || (i % 977) as pkg_version, 'linux-64' as pkg_platform, "
                f"'3.' || (i % 9) as pkg_python, i % 4999 as counts from range({CONDA_ROWS}) as t (i) "
                f"order by hash(i)) to '{folder}/month.parquet'"
            )
        path = f"/conda/monthly/{month:%Y}/{month:%Y-%m}.parquet"
        server.answer(conda_downloads.HOST, path, Answer((folder / "month.parquet").read_bytes(), etag='"1"'))


def serve_threads(server: Loopback, settings: Settings, folder: Path) -> None:
    """One hiring thread a month."""
    draw = random.Random(1)
    months = [*newest_first(LAST, hn_hiring.FIRST_MONTH)]
    hits = [{"objectID": f"{m:%Y%m}", "title": f"Ask HN: Who is hiring? ({m:%B %Y})"} for m in months]
    server.answer(hn_hiring.HOST, "/api/v1/search_by_date", Answer({"hits": hits, "nbPages": 1}, etag='"1"'))
    texts = [" ".join([*draw.choices(WORDS, k=110), *(["PyTorch"] if n % 20 == 0 else [])]) for n in range(POSTS)]
    for month in months:
        posts = [{"id": int(f"{month:%Y%m}{n}"), "text": text, "children": []} for n, text in enumerate(texts)]
        body = {"id": int(f"{month:%Y%m}"), "title": "x", "children": posts}
        server.answer(hn_hiring.HOST, f"/api/v1/items/{month:%Y%m}", Answer(json.dumps(body)))


class Quota:
    """GitHub's for those without a token: sixty requests, then sixty again after the hour that nobody waits for."""

    def __init__(self) -> None:
        self.left = 60

    def __call__(self) -> dict[str, str]:
        self.left = self.left - 1 if self.left else 59
        return {"X-RateLimit-Limit": "60", "X-RateLimit-Remaining": f"{self.left}"}


def _limited(answer: Any, quota: Quota) -> Any:
    def limited(request: Request) -> Answer:
        given: Answer = answer(request)
        free = request.headers["User-Agent"] == UNLIMITED
        return given if free else replace(given, headers={**given.headers, **quota()})

    return limited


def serve_activity(server: Loopback, settings: Settings, folder: Path) -> None:
    """GitHub, Stack Exchange and the lists of papers."""
    for name in followed(settings, "github_repo"):
        serve_repository(server, name, weeks_up_to(NOW, WEEKS))
    quota = Quota()
    for (host, path), answers in list(server._answers.items()):
        if host == "api.github.com":
            server.answer(host, path, _limited(answers[0], quota))
    first = dict.fromkeys(followed(settings, "stack_overflow_tag"), date(2016, 1, 5))
    serve_questions(server, lambda _, month: month.month, first)
    serve_dump(server, folder)
    server.answer("huggingface.co", "/api/daily_papers", _daily)
    known = Answer(json.dumps({"top_repos": [{"full_name": f"a/{n}", "framework": "pytorch"} for n in range(3)]}))
    for month in newest_first(LAST, date(2025, 7, 1)):
        for number in range(1000):
            server.answer("api.codeofpaper.com", f"/papers/{month:%y%m}.{number:05d}/repos", known)
    server.answer("paperswithcode.co", "/api/v1/papers/", _listed)


def _daily(request: Request) -> Answer:
    """Twenty pages of fifty papers a month."""
    query = parameters(request)
    month, page = query["month"], int(query["p"])
    papers = [f"{month[2:4]}{month[5:]}.{page * 50 + number:05d}" for number in range(50 if page < 20 else 0)]
    rows = [
        {"paper": {"id": p, "publishedAt": f"{month}-03T00:00:00.000Z", "githubRepo": f"a/{p}", "summary": "x" * 1500}}
        for p in papers
    ]
    return Answer(json.dumps(rows))


def _listed(request: Request) -> Answer:
    """A page of papers a window."""
    query = parameters(request)
    day = query["start_date"]
    papers = [
        {
            "id": f"{day}-{n}",
            "published": day,
            "repositories": [{"url": f"https://github.com/a/{n}"}],
            "abstract": "x" * 1500,
        }
        for n in range(PAPERS)
    ]
    applied = {name: query[name] for name in ("start_date", "end_date")}
    return Answer(json.dumps({"results": papers, "count": PAPERS, "applied_filters": applied}))


if __name__ == "__main__":
    main()
