"""Takes in CSV exports of the Google Trends page: `trends import google-trends FILE --retrieved --geo --kind`.

What the file does not say of itself goes on its card: the day, the place, and whether its columns are words or topics.
"""

import argparse
import re
from collections.abc import Iterator
from datetime import UTC, date, timedelta
from pathlib import Path

import duckdb

from ...errors import SettingsError, SourceError
from ...landing.landing import CSV, LandedFile, Landing
from ...months import month_after
from ...reference.tables import read_rows
from ...sql_text import Value, insert_rows
from .exports import WORLD, Export, read_export

ROWS_AT_ONCE = 2000


def add_import_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.epilog = (
        "example: trends import google-trends multiTimeline.csv --retrieved 2026-11-20 --geo world --kind term"
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV export of a chart or map, in any language")
    parser.add_argument("--retrieved", required=True, metavar="DATE", help="day of the download, as in 2026-11-20")
    parser.add_argument("--geo", required=True, metavar="GEO", help="world, or the ISO code of a country, as in DE")
    parser.add_argument(
        "--kind", required=True, choices=("term", "topic"), help="whether the columns are search terms or topics"
    )


def import_file(landing: Landing, args: argparse.Namespace) -> str:
    """Land an export; say what it holds and what of it will not count."""
    retrieved, geo = _retrieved(args.retrieved, landing.now.date()), _geo(args.geo)
    found = CSV.refuse_file(args.file) if args.file.is_file() else "no such file"
    if found:
        raise SourceError(str(args.file), CSV.words, found, "Name the file as it was downloaded.")
    export = read_export(args.file)
    _refuse_early(args.file, export, retrieved)
    warnings = [*export.warnings, *_place_warnings(args.file, export, geo)]
    followed = {column.keyword: _framework(landing, args.kind, column.keyword) for column in export.columns}
    if unknown := [keyword for keyword, framework in followed.items() if not framework]:
        rest = "" if any(followed.values()) else "; nothing of this file will count"
        warnings.append(f"landed, but not counted: no framework that we follow goes by {', '.join(unknown)}{rest}")
    warnings += _grain_warnings(export, geo)
    details = {"kind": args.kind, "geo": geo, "retrieved": retrieved.isoformat(), "grain": export.grain}
    landed = landing.take_in(args.file, name=_name(export, args.file, details), expect=CSV, details=details)
    shown = ", ".join(f"{word} ({framework})" if framework else word for word, framework in followed.items())
    span = f"from {export.times[0]} to {export.times[-1]}" if export.grain != "region" else "of places"
    lines = [f"landed {landed.source_file}: {len(export.times)} rows {span}, one a {export.grain}; columns {shown}"]
    return "\n".join([*lines, *(f"warning: {warning}" for warning in warnings)])


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
    for time, position, cell in export.points():
        yield (
            *_request(file, export, position),
            *(time, cell or None, cell or None, bool(cell), is_partial(time, export.grain, retrieved), None),
            *_landed(file),
        )


def _country_rows(file: LandedFile, export: Export) -> Iterator[tuple[Value, ...]]:
    for place, position, cell in export.points():
        yield (*_request(file, export, position), None, place, cell or None, cell or None, bool(cell), *_landed(file))


def _request(file: LandedFile, export: Export, position: int) -> tuple[Value, ...]:
    """The columns that both raw tables begin with."""
    details = file.card.details
    window = export.window or f"{export.times[0]} {export.times[-1]}" if export.grain != "region" else export.window
    return (
        *(details["kind"], "" if details["geo"] == "world" else details["geo"], None, window or None),
        *(export.grain.upper(), details["retrieved"], None, True, export.columns[position - 1].keyword, position),
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


def _geo(text: str) -> str:
    if text.lower() == "world":
        return "world"
    if re.fullmatch(r"[A-Za-z]{2}", text):
        return text.upper()
    raise SettingsError(f"--geo: expected world or the ISO code of a country such as DE, found {text!r}. Give one.")


def _refuse_early(path: Path, export: Export, retrieved: date) -> None:
    """Raise when the file reaches beyond the day on which it is said to have been downloaded."""
    if export.grain != "region" and date.fromisoformat(export.times[-1][:10]) > retrieved:
        found = f"a row for {export.times[-1]}"
        raise SourceError(str(path), f"rows up to --retrieved {retrieved}", found, "Give the day of the download.")


def _place_warnings(path: Path, export: Export, geo: str) -> Iterator[str]:
    """Compare the place in the header with --geo as far as its language is known."""
    if export.grain == "region":
        return
    places = {column.place for column in export.columns if column.place}
    if len(places) > 1:
        yield f"the columns speak of {len(places)} places, and --geo of one: {', '.join(sorted(places))}"
    for place in sorted(places):
        if place.casefold() in WORLD and geo != "world":
            cure = "Give --geo world, or the export of that country."
            raise SourceError(str(path), f"columns of --geo {geo}", f"({place})", cure)
        if place.casefold() not in WORLD and geo == "world":
            yield f"the header says ({place}) and --geo says world; import it again if that is wrong"


def _grain_warnings(export: Export, geo: str) -> Iterator[str]:
    if export.grain in ("day", "hour"):
        yield f"landed, but not counted: the series are weekly and monthly, this file is one row a {export.grain}"
    if export.grain != "region":
        return
    if len(export.columns) == 1 or geo != "world":
        yield "landed, but not counted: only a table of countries that compares two or more terms gives shares"
    elif not export.window:
        yield "landed, but not counted: the days in its header cannot be read in one way only"


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
    span = (export.window or "places").split() if export.grain == "region" else [export.times[0], export.times[-1]]
    stem = re.sub(r"[^\w-]+", "-", file.stem).strip("-")[:60] or "export"
    span = [re.sub(r"[^\w-]+", "", part) for part in span]
    return (
        "_".join([f"import_{details['kind']}s", details["geo"], export.grain, *span, details["retrieved"], stem])
        + ".csv"
    )
