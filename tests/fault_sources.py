"""The good answers of every source that asks the network, made of what the sources' own tests serve.

tests/flows/refresh/test_faults.py fails when a source of flows/sources asks a host and has no entry in GOOD.
"""

import json
import tempfile
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from flows.reference.frameworks import followed, further_names, main_names, titles
from flows.settings import Settings
from tests import activity
from tests.fault_answers import Good, as_parquet, book, halved
from tests.flows.sources import github_graphql
from tests.flows.sources import test_hn_hiring as hiring
from tests.flows.sources import test_huggingface_models as hugging_face
from tests.flows.sources import test_openalex_citations as openalex
from tests.flows.sources import test_pypi_downloads as pypi
from tests.flows.sources.github_graphql import GitHub, Repository
from tests.flows.sources.google_trends.google_trends_site import TrendsSite
from tests.flows.sources.papers_after_2025 import test_papers_after_2025 as successors
from tests.flows.sources.surveys import survey_files as survey
from tests.loopback import Answer, Loopback, Request

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PROJECT = Settings()
# What sources say of a limit and of an empty body that they judge themselves.
PAUSED = {"429": ("failed", "limits us"), "429 with Retry-After": ("failed", "stay away until")}


def emptied(request: Request, body: bytes) -> bytes:
    """The nearest thing to half the rows where an answer holds one number: half of the things asked for have none."""
    query = activity.parameters(request)
    return b"{}" if len(query.get("tagged") or query.get("library") or query["filter"]) % 2 == 0 else body


def one_object(change: dict[str, Any] | None) -> Any:
    """Spoil an answer that is one object around its lists: rename all keys, or put these values in."""

    def spoil(_: Request, body: bytes) -> bytes:
        found = json.loads(body)
        if not isinstance(found, dict):
            found = [{f"{key}_renamed": value for key, value in row.items()} for row in found]
        elif change is None:
            found = {f"{key}_renamed": value for key, value in found.items()}
        else:
            found |= change
        return json.dumps(found).encode()

    return spoil


def papers_with_code(request: Request) -> Answer:
    labels = ("pytorch", "tf", "none")
    links = [
        {
            "paper_url": f"https://paperswithcode.com/paper/paper-{number}",
            "paper_title": f"Title {number}",
            "paper_arxiv_id": f"2106.{number:05d}",
            "paper_url_abs": f"http://arxiv.org/abs/2106.{number:05d}",
            "paper_url_pdf": f"http://arxiv.org/pdf/2106.{number:05d}.pdf",
            "repo_url": f"https://github.com/owner/name-{number}",
            "is_official": number % 2 == 0,
            "mentioned_in_paper": True,
            "mentioned_in_github": False,
            "framework": labels[number % 3],
        }
        for number in range(1, 61)
    ]
    return Answer(as_parquet(links)) if "/pwc-archive/" in request.path else Answer(b"not here", status=404)


def stack_overflow_survey(server: Loopback) -> None:
    answers = [
        {"branch": survey.PROFESSIONAL, "worked_with": "TensorFlow", "wanted": "Torch/PyTorch"},
        {"branch": survey.LEARNING, "worked_with": "Torch/PyTorch;TensorFlow"},
    ] * 8
    for year in range(2018, 2025):
        lacks = {"branch"} if year == 2018 else set()
        rows = [{name: text for name, text in row.items() if name not in lacks} for row in answers]
        server.answer(survey.ARCHIVE_HOST, survey.ARCHIVE_PATH.format(year), Answer(survey.so_text(year, *rows)))


@cache
def conda_month(month: str) -> bytes:
    packages = main_names(PROJECT, "conda_package")
    kept = dict.fromkeys(("pkg_version", "pkg_platform", "pkg_python"), "3")
    return as_parquet(
        [
            {"data_source": channel, "time": month, "pkg_name": name, **kept, "counts": 3100}
            for channel in ("conda-forge", "anaconda")
            for name in packages
        ]
    )


def conda_downloads(request: Request) -> Answer:
    return Answer(conda_month(request.path.rpartition("/")[2].removesuffix(".parquet")))


def pypi_downloads(server: Loopback) -> None:
    main = list(main_names(PROJECT, "pypi_package"))
    every = [*main, *further_names(PROJECT, "pypi_variant", "pypi_companion")]
    # By project and month, as asked; an odd number of months, so that every second row hits the newest of half of them.
    months = ("2026-09-01", "2026-10-01", "2026-11-01")
    rows = [pypi.month(project, month, 31000) for project in every for month in months]
    pypi.serve(server, rows, **{name: pypi.days(name, date(2026, 5, 25), date(2026, 11, 20)) for name in main})


def fewer_rows(request: Request, body: bytes) -> bytes:
    """Every second row is gone, and the answer knows of no others."""
    found = json.loads(halved(request, body))
    if "rows" in found:
        found["rows"] = len(found["data"])
    return json.dumps(found).encode()


def hn_hiring(server: Loopback) -> None:
    hiring.serve_year(server, "PyTorch and Keras", *["TensorFlow"] * 11)
    hiring.serve_thread(server, 112, date(2026, 11, 1), "PyTorch and Keras", *["TensorFlow"] * 11)


def huggingface_models(server: Loopback) -> None:
    for library in main_names(PROJECT, "huggingface_library"):
        hugging_face.serve(server, **{library: hugging_face.total(9000)})
        hugging_face.serve_list(server, library, ["a/1", "a/2"], ["a/3"])


def openalex_citations(server: Loopback) -> None:
    years = {f"y{year}": 100 + year for year in range(2015, 2027)}
    for number, (doi, title) in enumerate(titles(PROJECT, "openalex_work").items()):
        server.answer(openalex.HOST, f"/works/doi:{doi}", Answer(openalex.work(number, title, **years)))


def github_dependents(request: Request) -> Answer:
    """A list each Thursday."""
    if not request.path.startswith("/dsanr/best-of-ML/main/history/"):
        return Answer(b"404: Not Found", status=404)
    rows = [
        f"{number},{name},https://github.com/{name},{number * 1000}.0"
        for number, name in enumerate(followed(PROJECT, "github_repo"), 1)
    ]
    return Answer("\n".join(["projectrank,name,github_url,github_dependent_project_count", *rows]) + "\n")


def github_stars(server: Loopback) -> None:
    weeks = activity.weeks_up_to(NOW, 25)
    for repository in followed(PROJECT, "github_repo"):
        activity.serve_repository(server, repository, weeks)


def stack_overflow_questions(server: Loopback) -> None:
    first = dict.fromkeys(followed(PROJECT, "stack_overflow_tag"), date(2025, 1, 5))
    activity.serve_questions(server, lambda tag, month: 100 * month.month + len(tag), first)


def papers_after_2025(server: Loopback) -> None:
    numbers = range(1, 61)
    dump: dict[str, list[dict[str, Any]]] = {
        "papers": [{"id": n, "arxiv_id": f"2508.{n:05d}", "published_date": "2025-08-03"} for n in numbers],
        "repositories": [
            {"id": n, "html_url": f"https://github.com/a/{n}", "framework": ("PyTorch", "TensorFlow")[n % 2]}
            for n in numbers
        ],
        "paper_repositories": [{"paper_id": n, "repository_id": n} for n in numbers],
    }
    with tempfile.TemporaryDirectory() as folder:
        activity.serve_dump(server, Path(folder), dump)
    months = [f"{number // 12}-{number % 12 + 1:02d}" for number in range(2025 * 12 + 6, 2027 * 12)]
    successors.serve_daily(server, dict.fromkeys(months, 12))
    successors.serve_list(server, lambda day: 2 if day < NOW.date() else 0)


class _Anything(dict[str, Repository]):
    """Every repository that is asked for, with a README; every other one has no code and is looked at again."""

    def get(self, name: str, _: Any = None) -> Repository:
        code = {"train.py": "import torch"} if len(name) % 2 else {}
        return Repository(name, {"README.md": "A model in PyTorch"} | code)


def every_other_unreadable(_: Request, body: bytes) -> bytes:
    document = json.loads(body)
    for number, node in enumerate(node for name, node in document["data"].items() if name.startswith("r")):
        for blob in [part for part in node.values() if isinstance(part, dict) and "text" in part][: number % 2]:
            blob |= {"text": None, "isBinary": True}
    return json.dumps(document).encode()


def repository_frameworks(server: Loopback) -> None:
    server.answer(github_graphql.HOST, github_graphql.PATH, GitHub(_Anything()).answer)


GOOD: dict[str, Good] = {
    "papers_with_code": Good(papers_with_code),
    "google_trends": Good(book(TrendsSite)),
    "stack_overflow_survey": Good(book(stack_overflow_survey)),
    "papers_after_2025": Good(book(papers_after_2025)),
    "repository_frameworks": Good(
        book(repository_frameworks),
        broken={
            "renamed column": one_object(None),
            "wrong types": one_object({"data": "perhaps"}),
            "half the rows": every_other_unreadable,
        },
        # What cannot be read of a repository makes it undecided: it stands in no share, and all others do.
        expects={**PAUSED, "half the rows": ("passes", "")},
        days_later=91,  # repositories without code are looked at once more
    ),
    # The newest month is asked for again on the next day.
    "conda_downloads": Good(conda_downloads, days_later=1),
    "pypi_downloads": Good(
        book(pypi_downloads),
        broken={"half the rows": fewer_rows},
        # Months and days that are told already stay; of the new month half the packages are missing, which is told.
        expects={"half the rows": ("told", "tells no downloads of")},
    ),
    "huggingface_models": Good(
        book(huggingface_models),
        broken={
            "renamed column": one_object(None),
            "wrong types": one_object({"numTotalItems": "perhaps"}),
            "half the rows": emptied,
        },
        expects={"half the rows": ("told", "missing for now")},
    ),
    # A list that was not taken in yet is missing, and what is held stays right.
    "github_dependents": Good(github_dependents, expects={"404": ("told", "missing for now")}),
    "github_stars": Good(
        book(github_stars),
        # A month of which a day is missing has no figure, so what is published stays; nothing else is lost.
        expects={**PAUSED, "half the rows": ("passes", "")},
    ),
    "stack_overflow_questions": Good(
        book(stack_overflow_questions),
        broken={"half the rows": emptied},
        expects={
            "429": ("failed", "quota for this address is spent"),
            "429 with Retry-After": ("failed", "it returns 2026-12-31 13:00 UTC"),
            "half the rows": ("told", "missing for now"),
        },
    ),
    "openalex_citations": Good(book(openalex_citations)),
    "hn_hiring": Good(
        book(hn_hiring),
        # A thread that is read again on the rota and has lost half its posts is held back. A new one with half of them
        # is a small thread: their number differs by as much from month to month.
        expects={"half the rows": ("refused", "")},
    ),
}
