"""What the commands say on the screen."""

import json
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

import duckdb

from flows.errors import SettingsError
from flows.models import Model, read_models
from flows.query import opened, warehouse_path
from flows.settings import Settings

if TYPE_CHECKING:
    from flows.health import SourceHealth
    from flows.steps import Report


def refreshed(settings: Settings, report: "Report") -> str:
    """What a refresh did: each source with its origin, then the release."""
    lines = [sources(settings, {name: check.outcome for name, check in report.checks.items()})]
    release = report.built.release
    if report.built.is_new:
        lines.append(f"published {release.release_id}" + _against(report))
    else:
        lines.append(f"no new release: {report.built.reason}. Current is {release.release_id}.")
    lines += headlines(settings)
    lines.append(f"pages      {settings.current / 'site' / 'index.html'}")
    lines.append(f"warehouse  {settings.current / 'warehouse.duckdb'}")
    return "\n".join(lines)


def sources(settings: Settings, outcomes: dict[str, str]) -> str:
    """A table of the sources in use, with what this run's check of each one found."""
    with opened(warehouse_path(settings)) as con:
        found = con.execute(
            "select source, origin, row_count, latest_period, last_success_at, message from marts.source_status"
        ).fetchall()
    header = ("source", "origin", "rows", "data up to", "last confirmed", "this time", "note")
    rows = [
        (
            source,
            origin or "-",
            f"{row_count:,}",
            f"{latest:%Y-%m}" if latest else "-",
            f"{confirmed:%Y-%m-%d %H:%M}" if confirmed else "-",
            outcomes.get(source, "-"),
            message or "",
        )
        for source, origin, row_count, latest, confirmed, message in found
    ]
    return table(header, rows)


def held_back(settings: Settings) -> list[str]:
    """Why landings are in quarantine, one sentence a source."""
    from flows.status import read_status

    return [held.reason for _, held in sorted(read_status(settings).quarantined.items())]


def headlines(settings: Settings) -> list[str]:
    """The sentences of the site's first screen."""
    with opened(warehouse_path(settings)) as con:
        return [
            row[0] for row in con.execute("select sentence from marts.headlines order by position limit 1").fetchall()
        ]


def status(settings: Settings, found: list["SourceHealth"]) -> str:
    """How the sources stand, what is wrong, and the release in use."""
    from flows import releases
    from flows.alerts import open_troubles

    header = ("source", "origin", "rows", "data up to", "last confirmed", "age", "next run", "last check", "")
    rows = [
        (
            one.source,
            one.origin or "-",
            f"{one.row_count:,}",
            one.latest_period[:7] if one.latest_period else "-",
            f"{one.confirmed_at:%Y-%m-%d %H:%M}" if one.confirmed_at else "-",
            _age(one.age_seconds),
            f"{one.next_run_at:%Y-%m-%d %H:%M}" if one.next_run_at else "-",
            one.outcome or "-",
            "STALE" if one.is_stale else "held back" if one.held_back else "",
        )
        for one in found
    ]
    lines = [table(header, rows)]
    for one in found:
        lines += [f"{one.source}: {words}" for words in (one.error, one.held_back) if words]
    known = {one.source for one in found}
    lines += [f"{key}: {words}" for key, words in open_troubles(settings).items() if key.partition(":")[2] not in known]
    release = releases.current(settings)
    lines.append(f"release {release.release_id if release else '-'}, built {release.built_at if release else '-'}")
    lines.append("times are UTC; next runs happen while `trends schedule` runs")
    return "\n".join(lines)


def status_json(settings: Settings, found: list["SourceHealth"]) -> str:
    """The same for machines."""
    from flows import releases
    from flows.alerts import open_troubles

    release = releases.current(settings)
    words = {
        "is_stale": any(one.is_stale for one in found),
        "release_id": release.release_id if release else None,
        "built_at": release.built_at if release else None,
        "sources": [one.as_dict() for one in found],
        "troubles": open_troubles(settings),
    }
    return json.dumps(words, indent=2)


def _age(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    return f"{seconds / 3600:.0f} h" if seconds < 48 * 3600 else f"{seconds / 86400:.0f} d"


def models(settings: Settings) -> str:
    """Every model with what it reads and what it is."""
    return table(
        ("table", "what it is", "reads"),
        [(model.table, model.description, ", ".join(sorted(model.reads)) or "-") for model in _models(settings)],
    )


def model(settings: Settings, name: str) -> str:
    """One model: columns, rules, what it reads and what reads it."""
    known = {model.table: model for model in _models(settings)}
    if name not in known:
        raise SettingsError(f"{name}: expected a table that `trends models` lists, found none of that name.")
    found = known[name]
    lines = [found.table, found.description, "", f"one row per {', '.join(found.grain)}" if found.grain else ""]
    width = max((len(column) for column in found.columns), default=0)
    lines += [f"  {column:<{width}}  {meaning}" for column, meaning in found.columns.items()]
    lines += [f"  stops the build unless {rule}" for rule in found.fails]
    lines += [f"  warns: {warn.meaning}" for warn in found.warns]
    lines.append(f"reads    {', '.join(sorted(found.reads)) or '-'}")
    readers = sorted(other.table for other in known.values() if name in other.reads)
    lines.append(f"read by  {', '.join(readers) or '-'}")
    lines.append(f"file     sql/{found.layer}/{found.name}.sql")
    return "\n".join(lines)


def table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Columns of words, left aligned."""
    cells = [[str(cell) for cell in row] for row in [header, *rows]]
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    )


def _models(settings: Settings) -> list[Model]:
    with closing(duckdb.connect(":memory:")) as con:
        return read_models(settings.sql, con)


def _against(report: "Report") -> str:
    """Rows of the shares beside those of the release before."""
    rows = report.built.release.row_counts.get("framework_shares", 0)
    if report.before is None:
        return f": {rows:,} shares"
    rows_before = report.before.row_counts.get("framework_shares", 0)
    return f": {rows:,} shares (before: {rows_before:,} in {report.before.release_id})"
