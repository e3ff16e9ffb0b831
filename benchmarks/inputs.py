"""Everything that the program reads, made up at its real size: what a mirror serves, and what is landed beforehand.

Files that a refresh fetches whole are served: links, papers and surveys. What is asked for in thousands of small
questions at a polite pace (Google Trends, stars, questions, downloads) or imported by hand (Kaggle) is landed
beforehand, in the sources' own formats: waiting between questions is no work that could be measured.
"""

import argparse
import json
import random
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType

import duckdb

from benchmarks import archive, surveys
from benchmarks.lineage import LANDED_AT
from benchmarks.measuring import INPUTS, say
from flows.landing.landing import Landing, landed_files
from flows.landing.ledger import Entry, Ledger
from flows.reference import tables as reference
from flows.reference.frameworks import followed, main_names
from flows.settings import Settings
from flows.sources import github_stars, papers_with_code, pypi_downloads, stack_overflow_questions
from flows.sources.google_trends import source as google_trends
from flows.sources.surveys import kaggle_survey
from tests.activity import weeks_up_to
from tests.flows.sources.google_trends.google_trends_site import timeline, weeks

FIRST_DAY = date(2016, 1, 1)
WEEKS_OF_FIVE_YEARS = 261
FRAMEWORKS, COUNTRIES = 12, 60
KAGGLE_COLUMNS = 250
GEOS = """
AE AR AT AU BD BE BG BR CA CH CL CN CO CZ DE DK EG ES ET FI FR GB GH GR HK HR HU ID IE IL IN IR IT JP KE KR LK MA MX MY
NG NL NO NP NZ PE PH PK PL PT RO RS RU SA SE SG TH TN TR US
"""


@dataclass(frozen=True)
class Made:
    """The inputs.

    Attributes:
        links: file of links.
        served: files by outside address.
        landed: folder like data/raw with what is landed beforehand.
    """

    links: Path
    served: dict[str, Path]
    landed: Path


def make(scale: float = 1) -> Made:
    """Make what is missing; `scale` is a part of the full size."""
    folder = INPUTS if scale == 1 else INPUTS / f"scale-{scale:g}"
    say("making inputs: links and papers")
    links = archive.make(folder, int(archive.LINKS * scale))
    papers = archive.make_papers(folder, int(archive.PAPERS * scale))
    say("making inputs: surveys (a minute or two, once)")
    tables = surveys.make(surveys.FOLDER if scale == 1 else folder / "surveys", scale)
    say("making inputs: answers of the sources that are asked in small questions")
    landed = make_landed(folder / "landed", scale)
    say()
    served = dict(zip(papers_with_code.PAPERS_URL.values(), papers, strict=True)) | tables
    return Made(links, {papers_with_code.URL["links.parquet"]: links} | served, landed)


def make_landed(folder: Path, scale: float) -> Path:
    """Land what is not served; return the folder."""
    if not (folder / "raw").exists():
        temporary = folder.with_name(f"{folder.name}.part")
        shutil.rmtree(temporary, ignore_errors=True)
        settings = Settings(data=temporary)
        land_searches(_landing(settings, google_trends), scale)
        land_kaggle(_landing(settings, kaggle_survey), temporary / "kaggle.csv", scale)
        land_downloads(_landing(settings, pypi_downloads), scale)
        land_stars(_landing(settings, github_stars), scale)
        land_questions(_landing(settings, stack_overflow_questions), scale)
        for leftover in temporary.rglob(".partial"):
            shutil.rmtree(leftover)
        temporary.rename(folder)
    return folder / "raw"


def _landing(settings: Settings, source: ModuleType) -> Landing:
    texts = {"licence": "made up", "citation": "made up"}
    return Landing(settings, source.NAME, None, checks={}, now=LANDED_AT, **texts)  # type: ignore[arg-type]


def land_searches(landing: Landing, scale: float) -> None:
    """Twelve frameworks, in groups of five that share one, by week in the whole world and in sixty countries."""
    names = [row["label"] for row in _frameworks(landing.settings)][:FRAMEWORKS]
    groups = [names[:5], [names[2], *names[5:9]], [names[2], *names[9:]]]
    days = weeks(LANDED_AT.date(), WEEKS_OF_FIVE_YEARS)
    for place, geo in enumerate(["", *GEOS.split()[: max(1, int(COUNTRIES * scale))]]):
        for group in groups:
            draw = random.Random(f"{geo} {group}")
            levels = [[1 + draw.random() * 90 / (1 + names.index(name)) for name in group] for _ in days]
            question = google_trends.Question("topic", geo, "today 5-y", "time", tuple(group), tuple(group))
            window = f"{days[0]} {LANDED_AT:%Y-%m-%d}"
            more = {"resolution": "WEEK", "window": window, "user_type": "USER_TYPE_SCRAPER"}
            landing.keep_answer(
                timeline(days, levels).payload,
                name=f"topics-{place}-{groups.index(group)}.json",
                address="https://trends.google.com/trends/api/widgetdata/multiline",
                details=question.details | more,
            )


def _frameworks(settings: Settings) -> list[dict[str, str]]:
    return [row for row in reference.read_rows(settings.reference, "frameworks") if row["is_framework"] == "true"]


def land_kaggle(landing: Landing, table: Path, scale: float) -> None:
    """The six editions, 130,298 respondents in all, as if an operator had imported them."""
    options = [row["kaggle_tokens"].split("|")[0] for row in _frameworks(landing.settings) if row["kaggle_tokens"]]
    for row in reference.read_rows(landing.settings.reference, kaggle_survey.FORMS):
        if not row["year"]:
            continue
        form = kaggle_survey.Form.of(row)
        taken = {column: _answer(form, options, place) for place, column in enumerate(form.option_columns)}
        taken |= {form.job_title_column: "['Data Scientist', 'Student', 'Other'][1 + (hash(n, 1) % 3)::integer]"}
        if form.number_column:
            taken |= {form.number_column: "(300 + hash(n, 2) % 3000)"}
        others = {f"Q{90 + n}": f"if(hash(n, {n}) % 5 = 0, 'Choice ' || {n}, null)" for n in range(KAGGLE_COLUMNS)}
        columns = ", ".join(f'{sql} as "{name}"' for name, sql in (taken | others).items())
        count = max(50, int(int(row["row_count"]) * scale))
        with duckdb.connect() as con:
            con.execute(f"copy (select {columns} from range({count}) as t (n)) to '{table}' (format csv, header)")
        kaggle_survey.import_file(landing, argparse.Namespace(file=table, year=form.year))
        table.unlink()


def _answer(form: kaggle_survey.Form, options: list[str], place: int) -> str:
    if len(form.option_columns) == 1:
        return f"'R,Python,' || {options}[1 + (hash(n, 3) % {len(options)})::integer]"
    texts = [*form.answers, *options]
    ticked = texts[place] if place < len(texts) else f"Option {place}"
    return f"if(hash(n, {place}) % 3 = 0, '{ticked}', null)"


def land_downloads(landing: Landing, scale: float) -> None:
    """Every main package by month, and by day since 2016."""
    draw, last = random.Random(1), LANDED_AT.date() - timedelta(days=1)
    packages = list(main_names(landing.settings, "pypi_package"))
    months, days = list(_months()), [FIRST_DAY + timedelta(days=n) for n in range((last - FIRST_DAY).days + 1)]
    days = days[-max(200, int(len(days) * scale)) :]
    rows = [
        {"project": p, "month": f"{m}", "download_count": f"{draw.randrange(10**8)}"} for p in packages for m in months
    ]
    details = {"projects": " ".join(packages), "first": f"{FIRST_DAY}", "last": f"{months[-1]}", "request": "made up"}
    name = f"months-{FIRST_DAY:%Y-%m}-to-{months[-1]:%Y-%m}-made-up.json"
    _keep_json(landing, name, pypi_downloads.QUERY_URL, {"data": rows}, details)
    for package in packages:
        data = [{"category": "without_mirrors", "date": f"{day}", "downloads": draw.randrange(10**6)} for day in days]
        address = pypi_downloads.DAYS_URL.format(package=package)
        _keep_json(landing, f"days-{package}-to-{months[-1]:%Y-%m}.json", address, {"package": package, "data": data})


def land_newest_month(settings: Settings) -> None:
    """Land the newest month of PyPI once more, each package with one download more."""
    files = [f for f in landed_files(settings, pypi_downloads.NAME) if f.card.name.startswith("months-")]
    newest = max(files, key=lambda file: file.card.fetched_at)
    told = json.loads(newest.path.read_text(encoding="utf-8"))["data"]
    month = max(row["month"] for row in told)
    rows = [row | {"download_count": f"{int(row['download_count']) + 1}"} for row in told if row["month"] == month]
    landing = _landing(settings, pypi_downloads)
    landing.now = newest.card.fetched_at + timedelta(hours=1)
    details = newest.card.details | {"first": month, "last": month}
    name = f"months-{month[:7]}-to-{month[:7]}-{landing.now:%d%H}.json"
    _keep_json(landing, name, pypi_downloads.QUERY_URL, {"data": rows}, details)


def _keep_json(landing: Landing, name: str, address: str, body: object, details: dict[str, str] | None = None) -> None:
    landing.keep_answer(json.dumps(body).encode(), name=name, address=address, details=details or {})


def land_stars(landing: Landing, scale: float) -> None:
    """Every repository by day since 2016, in pages as GitHub gives them."""
    size = github_stars.WEEKS_A_PAGE
    count = max(size, int((LANDED_AT.date() - FIRST_DAY).days // 7 * scale))
    listed = weeks_up_to(LANDED_AT, count, stars_a_day=17)
    pages = [listed[start : start + size] for start in range(0, count, size)]
    counts = {"stargazers_count": 17 * 7 * count, "forks_count": 7, "open_issues_count": 3}

    def entries(repository: str) -> Iterable[Entry]:
        address = f"{github_stars.API}/repos/{repository}"
        yield _entry("now", repository.lower(), "", address, counts | {"full_name": repository})
        for number, page in enumerate(pages, start=1):
            following = f"{address}?page={number + 1}" if number < len(pages) else ""
            yield replace(_entry("history", repository.lower(), f"{number}", address, page), next_address=following)

    with Ledger(landing, f"{github_stars.API}/repos") as answers:
        for repository in followed(landing.settings, "github_repo"):
            answers.add(*entries(repository))


def land_questions(landing: Landing, scale: float) -> None:
    """Every tag by month since 2016: the service counts no shorter periods in one call."""
    draw, months = random.Random(2), list(_months())
    months = months[-max(12, int(len(months) * scale)) :]
    with Ledger(landing, stack_overflow_questions.URL) as answers:
        for tag in followed(landing.settings, "stack_overflow_tag"):
            address = f"{stack_overflow_questions.URL}?tagged={tag}"
            answers.add(_entry("first", tag, f"{months[0]:%Y-%m}", address, {"items": []}))
            counted = [_entry("month", tag, f"{m:%Y-%m}", address, {"total": draw.randrange(3000)}) for m in months]
            answers.add(*counted)


def _entry(kind: str, subject: str, part: str, address: str, body: object) -> Entry:
    return Entry(kind, subject, part, address, address, "", LANDED_AT, json.dumps(body))


def _months() -> Iterable[date]:
    """Months since 2016 that are over."""
    month = FIRST_DAY
    while month < LANDED_AT.date():
        yield month
        month = (datetime(month.year, month.month, 1, tzinfo=UTC) + timedelta(days=32)).date().replace(day=1)
