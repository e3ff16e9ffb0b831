"""Takes in CSV exports of the Google Trends page: `trends import google-trends FILE`.

What the file does not say of itself goes on its card: the day, the place, whether its columns are words or topics, and
of which category and which of Google's searches the figures are.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from datetime import UTC, date, timedelta
from pathlib import Path

from ...engine import duckdb
from ...errors import SettingsError, SourceError
from ...landing.landing import LandedFile, Landing
from ...landing.taken import Taken
from ...months import month_after
from ...reference.tables import read_rows
from ...settings import Settings
from ...sql_text import Value, insert_rows, quoted
from .cells import EXPORT, looks_like_export
from .dates import plain
from .exports import Export, read_export
from .words import ALL_CATEGORIES, COUNTRIES, WORLD

ROWS_AT_ONCE = 2000
PROPERTIES = ("web", "images", "news", "youtube", "shopping")
# Codes that people write for places that have another one, or none.
NO_CODES = {
    "UK": "the United Kingdom is GB",
    "EN": "the United Kingdom is GB",
    "EU": "the European Union is no country: import each country by itself",
    "WW": "the whole world is the word world",
}


def add_import_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options; what the file tells need not be given."""
    parser.epilog = (
        "example: trends import google-trends multiTimeline.csv --retrieved 2026-11-20 --geo world --kind term"
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV export of a chart or map, in any language")
    parser.add_argument("--retrieved", metavar="DATE", help="day of the download, as in 2026-11-20")
    parser.add_argument("--geo", metavar="GEO", help="world, or the ISO code of a country, as in DE")
    parser.add_argument("--kind", choices=("term", "topic"), help="whether the columns are search terms or topics")
    parser.add_argument(
        "--category", metavar="NAME", help="category of the figures, if the file does not name it (all)"
    )
    parser.add_argument("--property", choices=PROPERTIES, default="web", help="which of Google's searches (web)")
    parser.add_argument("--window", metavar="DAYS", help="first and last day of a map, as in 2021-11-30/2026-11-30")


def recognised(path: Path, settings: Settings) -> str | None:
    """What a file is, if it is an export of Google Trends."""
    try:
        export = read_export(path)
    except (SourceError, OSError):
        return "an export of Google Trends" if looks_like_export(path) else None
    words = ", ".join(column.keyword for column in export.columns)
    of = "places" if export.grain == "region" else f"{export.grain}s"
    return f"an export of Google Trends ({len(export.times)} {of} of {words})"


def import_file(landing: Landing, args: argparse.Namespace) -> Taken:
    """Land an export; say what it holds and what of it will not count."""
    today = landing.now.astimezone().date()  # where the person is
    retrieved = _retrieved(args.retrieved, today) if args.retrieved else None
    countries = _countries(landing.settings)
    given_geo = _geo(args.geo, countries) if args.geo else None
    found = EXPORT.refuse_file(args.file) if args.file.is_file() else "no such file"
    if found:
        raise SourceError(str(args.file), EXPORT.words, found, "Name the file as it was downloaded.")
    export = read_export(args.file)
    geo = _told_geo(args.file, export, given_geo, countries)
    kind = args.kind or _told_kind(export)
    if not retrieved or not geo or not kind:
        raise _question(args.file, export, today, retrieved=retrieved, geo=geo, kind=kind)
    category = _category(args.file, export, args.category)
    _refuse_early(args.file, export, retrieved)
    window = export.window or _window(args.window)
    details = {"kind": kind, "geo": geo, "retrieved": retrieved.isoformat(), "grain": export.grain}
    further = {"category": category, "property": args.property, "window": window}
    details |= {name: value for name, value in further.items() if value not in ("", "all", "web")}
    followed = {column.keyword: _framework(landing, kind, column.keyword) for column in export.columns}
    warnings = [*export.warnings, *_place_warnings(export, geo, countries), *_unknown(followed)]
    warnings += _grain_warnings(export, details)
    landed = landing.take_in(args.file, name=_name(export, args.file, details), expect=EXPORT, details=details)
    shown = ", ".join(f"{word} ({framework})" if framework else word for word, framework in followed.items())
    span = f"from {export.times[0]} to {export.times[-1]}" if export.grain != "region" else "of places"
    lines = [f"landed {landed.source_file}: {len(export.times)} rows {span}, one per {export.grain}; columns {shown}"]
    if others := [details[name] for name in ("category", "property") if name in details]:
        lines.append(
            f"of {', '.join(others)}: a population of its own, never averaged with all categories of web search"
        )
    said = "\n".join([*lines, *(f"warning: {warning}" for warning in warnings)])
    return Taken(said, _where(export, details) if any(followed.values()) else "", is_averaged=True)


def _where(export: Export, details: dict[str, str]) -> str:
    """The published figures that an export may take the place of."""
    series = "topics" if details["kind"] == "topic" else "search_terms"
    if export.grain == "region":
        return f"series = {quoted(series + '_by_country')}"
    population = ", ".join(details[name] for name in ("geo", "category", "property") if name in details)
    span = f"between {quoted(export.times[0][:10])} and {quoted(export.times[-1][:10])}"
    same = f"series = {quoted(series)} and population = {quoted(population)} and grain = {quoted(export.grain)}"
    return f"{same} and period_start {span}"


def load_imports(landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
    """Fill the raw tables with imported exports."""
    for file in landed:
        export = read_export(file.path)
        table = "google_trends_countries" if export.grain == "region" else "google_trends_points"
        rows = list(_country_rows(file, export) if export.grain == "region" else _point_rows(file, export))
        for start in range(0, len(rows), ROWS_AT_ONCE):
            insert_rows(con, f"raw.{table}", rows[start : start + ROWS_AT_ONCE])


def is_partial(time: str, grain: str, retrieved: date) -> bool:
    """Whether a bucket had not ended on the day before the download; the export itself does not say."""
    first = date.fromisoformat(time[:10])
    days = timedelta(days=7 if grain == "week" else 1)
    return (month_after(first) if grain == "month" else first + days) > retrieved


def _point_rows(file: LandedFile, export: Export) -> Iterator[tuple[Value, ...]]:
    details = file.card.details
    retrieved = date.fromisoformat(details["retrieved"])
    partial = dict(zip(export.times, export.partial, strict=False))
    for time, position, cell in export.points():
        has_ended = not partial.get(time, is_partial(time, export.grain, retrieved))
        yield (
            *_request(file, export, position),
            *(time, cell or None, cell or None, bool(cell), not has_ended, None),
            *_landed(file),
        )


def _country_rows(file: LandedFile, export: Export) -> Iterator[tuple[Value, ...]]:
    for place, position, cell in export.points():
        yield (*_request(file, export, position), None, place, cell or None, cell or None, bool(cell), *_landed(file))


def _request(file: LandedFile, export: Export, position: int) -> tuple[Value, ...]:
    """The columns that both raw tables begin with."""
    details = file.card.details
    window = export.window or details.get("window", "")
    if export.grain != "region":
        window = f"{export.times[0]} {export.times[-1]}"
    return (
        *(details["kind"], "" if details["geo"] == "world" else details["geo"], None, window or None),
        *(export.grain.upper(), details["retrieved"], None, True, details.get("category"), details.get("property")),
        *(export.columns[position - 1].keyword, position),
    )


def _landed(file: LandedFile) -> tuple[Value, ...]:
    return file.card.fetched_at.astimezone(UTC), file.source_file


def _retrieved(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"--retrieved: expected a day such as {today}, found {text!r}. Write it so.") from None
    if day > today:
        raise SettingsError(f"--retrieved: expected a day up to today, {today}, found {day}. Give the download's day.")
    return day


def _geo(text: str, countries: dict[str, str]) -> str:
    code = text.strip().upper()
    if code == "WORLD":
        return "world"
    if code in countries.values() and len(code) == 2:
        return code
    named = countries.get(text.strip().casefold())
    hint = NO_CODES.get(code) or (f"{text} is {named}" if named else "give one")
    raise SettingsError(f"--geo: expected world or the ISO code of a country such as DE, found {text!r}: {hint}.")


def _countries(settings: Settings) -> dict[str, str]:
    """Codes of countries by their English names."""
    found = {}
    for row in read_rows(settings.reference, "countries"):
        for name in (row["name"], *row["other_names"].split("|")):
            if name:
                found[name.casefold()] = row["country"]
    return found


def _told_geo(path: Path, export: Export, given: str | None, countries: dict[str, str]) -> str | None:
    """The place that the header names, if we know its language, held against --geo."""
    if export.grain == "region":
        return given or ("world" if export.head in COUNTRIES else None)
    for place in sorted({plain(column.place).casefold() for column in export.columns if column.place}):
        told = "world" if place in WORLD else countries.get(place)
        if told and given and told != given:
            shown = next(column.place for column in export.columns if column.place)
            raise SourceError(
                str(path), f"columns of --geo {given}", f"({shown})", f"Give --geo {told}, or leave it out."
            )
        given = given or told
    return given


def _told_kind(export: Export) -> str | None:
    """Topics are known by their ids; titles of topics look like terms."""
    is_id = [bool(re.fullmatch(r"/[mg]/\w+", column.keyword)) for column in export.columns]
    return "topic" if all(is_id) else None


def _question(
    path: Path, export: Export, today: date, *, retrieved: date | None, geo: str | None, kind: str | None
) -> SettingsError:
    """Ask for what the file does not tell."""
    asked = [
        *([] if retrieved else [f"on which day it was downloaded (--retrieved {today})"]),
        *([] if geo else ["of which place it is (--geo world, or a country such as --geo DE)"]),
        *([] if kind else ["whether its columns are search terms or topics (--kind term, or --kind topic)"]),
    ]
    words = ", ".join(column.keyword for column in export.columns)
    return SettingsError(
        f"{path}: this is an export of Google Trends, one row per {export.grain}, of {words}. It does not say "
        f"{'; nor '.join(asked)}. Give that too."
    )


def _category(path: Path, export: Export, given: str | None) -> str:
    """The category of the figures: that of the preamble, else the one that is given, else all."""
    if given and plain(given).casefold() in ALL_CATEGORIES:
        given = "all"
    if given and export.category and export.category not in ("all", given) and given != "all":
        cure = "Leave --category out: the file names it."
        raise SourceError(str(path), f"figures of --category {given}", f"those of {export.category}", cure)
    # A category in a language that we do not know may be all of them: then --category all says so.
    return given or export.category or "all"


def _window(text: str | None) -> str:
    if not text:
        return ""
    try:
        first, last = (date.fromisoformat(day) for day in re.split(r"[/ ]", text))
    except ValueError:
        raise SettingsError(f"--window: expected two days such as 2021-11-30/2026-11-30, found {text!r}.") from None
    if first >= last:
        raise SettingsError(f"--window: expected the first day before the last, found {text!r}.")
    return f"{first} {last}"


def _refuse_early(path: Path, export: Export, retrieved: date) -> None:
    """Raise when the file reaches beyond the day on which it is said to have been downloaded."""
    if export.grain != "region" and date.fromisoformat(export.times[-1][:10]) > retrieved:
        found = f"a row for {export.times[-1]}"
        raise SourceError(str(path), f"rows up to --retrieved {retrieved}", found, "Give the day of the download.")


def _place_warnings(export: Export, geo: str, countries: dict[str, str]) -> Iterator[str]:
    """Tell of places whose language we do not know."""
    for place in (
        sorted({column.place for column in export.columns if column.place}) if export.grain != "region" else ()
    ):
        word = plain(place).casefold()
        if word not in WORLD and word not in countries:
            yield f"the header says ({place}) and --geo says {geo}; import it again if that is wrong"


def _unknown(followed: dict[str, str | None]) -> Iterator[str]:
    unknown = [keyword for keyword, framework in followed.items() if not framework]
    if unknown:
        rest = "" if any(followed.values()) else "; nothing of this file will count"
        words = "frameworks.csv names no such search term or topic, and many a word means other things too"
        yield f"landed, but not counted: {', '.join(unknown)} ({words}){rest}"


def _grain_warnings(export: Export, details: dict[str, str]) -> Iterator[str]:
    if export.grain in ("day", "hour"):
        yield f"landed, but not counted: the series are weekly and monthly, this file is one row per {export.grain}"
    if export.grain != "region":
        return
    if len(export.columns) == 1 or details["geo"] != "world":
        yield "landed, but not counted: only a table of countries that compares two or more terms gives shares"
    elif "category" in details or "property" in details:
        yield "landed, but not counted: tables of countries count for all categories of web search only"
    elif not (export.window or "window" in details):
        cure = "--window 2021-11-30/2026-11-30 says them"
        yield f"landed, but not counted: the days in its header cannot be read in one way only; {cure}"


def _framework(landing: Landing, kind: str, keyword: str) -> str | None:
    """The framework that a column names: the search term itself, or the topic's id or title."""
    word = keyword.strip().casefold()
    for row in read_rows(landing.settings.reference, "frameworks"):
        names = [row["google_search_term"]]
        if kind == "topic":
            names += [row["google_topic_id"], row["label"], row["framework"]]
        if row["is_framework"] == "true" and word in {name.casefold() for name in names if name}:
            return row["framework"]
    return None


def _name(export: Export, file: Path, details: dict[str, str]) -> str:
    """Name of the landed file: the same export again takes the place of the one before, another window does not."""
    others = [re.sub(r"\W+", "-", details[name]).strip("-") for name in ("category", "property") if name in details]
    span = (export.window or "places").split() if export.grain == "region" else [export.times[0], export.times[-1]]
    stem = re.sub(r"[^\w-]+", "-", file.stem).strip("-")[:60] or "export"
    span = [re.sub(r"[^\w-]+", "", part) for part in span]
    return (
        "_".join(
            [f"import_{details['kind']}s", details["geo"], *others, export.grain, *span, details["retrieved"], stem]
        )
        + ".csv"
    )
