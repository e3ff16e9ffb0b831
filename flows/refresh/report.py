"""What the commands say on the screen."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..ask.query import opened, warehouse_path
from ..engine import duckdb
from ..errors import QueryError, TrendsError, WarehouseError
from ..release import releases, told
from ..release.told import Rows
from ..settings import Settings
from .health import together

if TYPE_CHECKING:
    from .health import SourceHealth
    from .steps import Report


SHOWN_CHANGES = 10
NARROWEST = 20  # a column of words that has less room stays as it is
# What marts.source_status says of each source that only stands in the embedded tables.
EMBEDDED = "Embedded reference data."
# The claims, those that broke, and the release that they are compared with.
VERIFY = (
    "select claim_id, verdict, comparator || ' ' || published_value, "
    "coalesce(measured_date::varchar, printf('%.6g', measured_value), '-'), "
    "coalesce(printf('%.1f to %.1f', measured_low, measured_high), '-'), "
    "evidence, coalesce(nullif(quality, ''), '-'), coalesce(population, '-'), statement "
    "from marts.claims order by claim_order",
    "select 'Claim broke ' || if(is_new, 'now', coalesce('in ' || broke_in, 'before')) || ': ' || claim_id || '. ' "
    "|| statement || ' ' || coalesce(reason, '') from marts.broken_claims order by claim_id",
    "select max(release_id) from staging.history__claims",
)


def refreshed(settings: Settings, report: Report) -> str:
    """What a refresh did: each source with its origin, then the release."""
    release = report.built.release
    outcomes = {name: check.outcome for name, check in report.checks.items()}
    lines = [sources(told.of(settings, told.sources), outcomes, report.unreached)]
    said = [sentence for (sentence,) in told.of(settings, told.headlines)]
    if report.built.is_new:
        with opened(warehouse_path(settings)) as con:
            said += changes(con)
    if report.unreached:
        lines.insert(0, f"{report.unreached} What is landed and the embedded figures are used.")
    if report.built.is_new:
        lines.append(f"published {release.release_id}" + _against(report))
    else:
        lines.append(f"no new release: {report.built.reason}. Current is {release.release_id}.")
    lines += said
    lines.append(f"pages      {near(settings.current / 'site' / 'index.html')}")
    lines.append(f"warehouse  {near(settings.current / 'warehouse.duckdb')}")
    return "\n".join(lines)


def near(path: Path) -> Path:
    """The path as one would type it here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def sources(found: Rows, outcomes: dict[str, str], unreached: str | None = None) -> str:
    """A table of the sources in use, with what this run's check of each one found.

    Args:
        found: what the release says of each.
        outcomes: of the checks, by source.
        unreached: what every source would say, which is said once above the table.
    """
    if unreached:
        outcomes = dict.fromkeys(outcomes, "-")
    header = ("source", "state", "rows", "data up to", "last confirmed", "this time", "note")
    rows = [
        (
            source,
            state or "-",
            f"{row_count:,}",
            latest or "-",
            confirmed or "-",
            outcomes.get(source, "-"),
            (message or "").replace(unreached or "\0", "").replace(EMBEDDED if unreached else "\0", "").strip(),
        )
        for source, state, row_count, latest, confirmed, message in found
    ]
    return table(header, rows)


def held_back(settings: Settings) -> list[str]:
    """Why landings are in quarantine, one sentence per source."""
    from ..landing.status import read_status

    return [held.reason for _, held in sorted(read_status(settings).quarantined.items())]


def changes(con: duckdb.DuckDBPyConnection) -> list[str]:
    """What differs from the previous release, the weightiest first."""
    sentences = [row[0] for row in con.execute("select sentence from marts.changes order by change_order").fetchall()]
    shown = [f"changed    {sentence}" for sentence in sentences[:SHOWN_CHANGES]]
    if len(sentences) > SHOWN_CHANGES:
        shown.append(f"changed    and {len(sentences) - SHOWN_CHANGES} more: see marts.changes")
    return shown


def verified(settings: Settings) -> tuple[str, int]:
    """Every claim with its verdict, and how many were met once and are not met now.

    Raises:
        WarehouseError: the release is older than the claims are.
    """
    try:
        with opened(warehouse_path(settings)) as con:
            found, broken, before = (con.execute(query).fetchall() for query in VERIFY)
    except QueryError as error:
        if not isinstance(error.__cause__, duckdb.CatalogException):
            raise
        raise WarehouseError(
            f"{settings.current}: expected a release with the table marts.claims, found one from before there was any. "
            "Run `trends build`."
        ) from error
    header = ("claim", "verdict", "published", "measured", "range", "evidence", "quality", "population", "statement")
    counts = Counter(row[1] for row in found)
    lines = [table(header, found), ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))]
    release_before = before[0][0]
    lines.append(f"compared with {release_before}" if release_before else "no previous release to compare with")
    lines += [sentence for (sentence,) in broken]
    return "\n".join(lines), len(broken)


def status(settings: Settings, found: list[SourceHealth], wrong: Mapping[str, str]) -> str:
    """How the sources stand, what is wrong, and the release in use."""
    header = ("source", "state", "rows", "data up to", "last confirmed", "age", "next run", "last check", "")
    rows = [
        (
            one.source,
            one.state,
            f"{one.row_count:,}",
            one.latest_period[:7] if one.latest_period else "-",
            f"{one.confirmed_at:%Y-%m-%d %H:%M}" if one.confirmed_at else "-",
            _age(one.age_seconds),
            f"{one.next_run_at:%Y-%m-%d %H:%M}" if one.next_run_at else "-",
            one.outcome or "-",
            "STALE" if one.is_stale else "",
        )
        for one in found
    ]
    lines = [table(header, rows)]
    said = [(one.source, words) for one in found for words in (one.error, one.held_back, one.first_fill) if words]
    lines += [f"{names}: {words}" for names, words in together(said)]
    known = {one.source for one in found}
    lines += [f"{key}: {words}" for key, words in wrong.items() if key.partition(":")[2] not in known]
    release_id, built_at = _current(settings)
    lines.append(f"release {release_id or '-'}, built {built_at or '-'}")
    lines.append("times are UTC; next runs happen while `trends schedule` runs")
    return "\n".join(lines)


def status_json(settings: Settings, found: list[SourceHealth], wrong: Mapping[str, str]) -> str:
    """The same for machines."""
    release_id, built_at = _current(settings)
    words = {
        "is_well": not any(is_grave(key) for key in wrong),
        "is_stale": any(one.is_stale for one in found),
        "release_id": release_id,
        "built_at": built_at,
        "sources": [one.as_dict() for one in found],
        "troubles": dict(wrong),
    }
    return json.dumps(words, indent=2)


def is_of_a_refresh(trouble: str) -> bool:
    """Whether only a refresh finds out about a trouble."""
    return trouble == "failed:refresh" or trouble.startswith("claim:")


def is_grave(trouble: str) -> bool:
    """Whether a trouble makes `trends status` end with 1: one failed check or a landing held back may wait."""
    kind = trouble.partition(":")[0]
    return kind in ("stale", "silent", "clock", "disk", "folder", "release", "lake") or trouble == "failed:refresh"


def _current(settings: Settings) -> tuple[str | None, str | None]:
    """Id and time of the current release; a damaged one is a trouble, and told as such."""
    with suppress(TrendsError):
        release = releases.current(settings)
        return (release.release_id, release.built_at) if release else (None, None)
    return settings.current.resolve().name, None


def _age(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    return f"{seconds / 3600:.0f} h" if seconds < 48 * 3600 else f"{seconds / 86400:.0f} d"


def table(header: Sequence[str], rows: Sequence[Sequence[Any]], width: int | None = None) -> str:
    """Columns of words, left aligned; in a terminal of `width` the last one goes on below itself."""
    cells = [[str(cell) for cell in row] for row in [header, *rows]]
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    if width and (left := width - sum(widths[:-1]) - 2 * len(widths[:-1])) >= NARROWEST:
        blank = [""] * (len(header) - 1)
        cells = [
            [*(blank if number else row[:-1]), line]
            for row in cells
            for number, line in enumerate(textwrap.wrap(row[-1], left) or [""])
        ]
        widths[-1] = min(widths[-1], left)
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    )


def _against(report: Report) -> str:
    """Rows of the shares beside those of the previous release."""
    rows = report.built.release.row_counts.get("framework_shares", 0)
    if report.before is None:
        return f": {rows:,} shares"
    rows_before = report.before.row_counts.get("framework_shares", 0)
    return f": {rows:,} shares (before: {rows_before:,} in {report.before.release_id})"
