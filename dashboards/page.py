"""What every figure needs: title, subtitle, controls, plot, table of the same numbers, notes and text alternative."""

import importlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from types import ModuleType
from typing import Any

import altair as alt
import duckdb

from dashboards import theme
from dashboards.theme import Row
from flows.errors import DashboardError

# The order of the page.
FIGURES = ("research_shares", "research_head_to_head", "head_to_head_by_source")

PADDING = {"left": 44, "right": 112, "bottom": 28}
LANES = 4
# Pixels that an event's number takes, and those of the narrowest plot (a phone's).
NUMBER_WIDTH, NARROWEST_PLOT = 14, 210


@dataclass(frozen=True)
class Plot:
    """One picture: its element's id and its Vega-Lite specification, and the headline that stands below it."""

    plot_id: str
    spec: dict[str, Any]
    headline: Row | None = None


@dataclass(frozen=True)
class Figure:
    """Everything that the template writes for one chart module."""

    name: str
    title: str
    subtitles: dict[str, str]
    measures: dict[str, str]
    text_alternative: str
    data_up_to: str
    note: str
    headings: list[str]
    table: list[list[str]]
    sources: list[Row]
    plots: list[Plot]
    events: list[Row] = field(default_factory=list)

    @property
    def subtitle(self) -> str:
        """The subtitle of the measure that is shown first."""
        return next(iter(self.subtitles.values()))


def rows_of(con: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    """Rows of a query as dictionaries; dates become ISO days, the form in which Vega reads them."""
    found = con.execute(query)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, map(_plain, row), strict=True)) for row in found.fetchall()]


def figure(con: duckdb.DuckDBPyConnection, name: str) -> Figure | None:
    """Make the figure of one chart module; None where the marts hold nothing for it.

    Raises:
        DashboardError: its query cannot be run.
    """
    module = importlib.import_module(f"dashboards.charts.{name}")
    try:
        rows = rows_of(con, module.QUERY)
        words = rows_of(con, f"from marts.figure_words where figure = '{name}'")
    except duckdb.Error as error:
        raise DashboardError(
            f"dashboards/charts/{name}.py: its query fails on this warehouse: {error}. Run `trends build`."
        ) from error
    if not words or not any(row["is_drawn"] for row in rows):
        return None
    events = _events(con, module, rows)
    return Figure(
        name=name,
        title=words[0]["title"],
        subtitles=module.SUBTITLES,
        measures=getattr(module, "MEASURES", {}),
        text_alternative=words[0]["text_alternative"],
        data_up_to=words[0]["data_up_to"],
        note=module.NOTE,
        headings=list(module.TABLE.values()),
        table=[[shown(column, row[column]) for column in module.TABLE] for row in rows],
        sources=_sources(con, rows),
        plots=_plots(con, module, name, rows, events),
        events=events,
    )


def shown(column: str, value: object) -> str:
    """A value as a table shows it: percent with one decimal, counts with thousands."""
    if value is None:
        return "–"
    if column.endswith("_pct"):
        return f"{value:.1f}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    return str(value)


def _plots(
    con: duckdb.DuckDBPyConnection, module: ModuleType, name: str, rows: list[Row], events: list[Row]
) -> list[Plot]:
    drawn = [row for row in rows if row["is_drawn"]]
    if not hasattr(module, "panels"):
        layered = alt.layer(*theme.event_rules(events), module.chart(rows))
        lanes = max((event["lane"] for event in events), default=-1) + 1
        return [Plot(f"{name}-plot", specification(layered, drawn, top=14 + 13 * lanes))]
    headlines = {row["source"]: row for row in rows_of(con, HEADLINES)}
    return [
        Plot(
            f"{name}-{key}",
            specification(chart, [row for row in drawn if row["source"] == key], top=8),
            headlines.get(key),
        )
        for key, chart in module.panels(rows, rows_of(con, module.BREAKS)).items()
    ]


def specification(chart: alt.LayerChart, rows: list[Row], top: int) -> dict[str, Any]:
    """The chart as Vega-Lite, with the page's look; the width is set where it is drawn."""
    spec: dict[str, Any] = chart.to_dict()
    datasets = spec.get("datasets", {}) | {"rows": rows}
    return spec | {"datasets": datasets, "autosize": "none", "padding": PADDING | {"top": top}, "config": theme.CONFIG}


HEADLINES = """
select headlines.*, sources.label as source_label, sources.attribution, sources.licence
from marts.headlines as headlines
inner join marts.source_status as sources on sources.source = headlines.source
order by position
"""


def _sources(con: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> list[Row]:
    """What each source of a figure counts, of which base, under which licence."""
    drawn = {(row["source"], row["series"], row["population"]) for row in rows}
    held = rows_of(
        con,
        """
        select distinct
            series.source, series.series, series.population, sources.label, series.counts_what, series.base_definition,
            series.caveat, sources.attribution, sources.licence, shares.origin, shares.quality, series.series_order
        from marts.series as series
        inner join marts.source_status as sources on sources.source = series.source
        inner join marts.framework_shares as shares
            on shares.source = series.source
            and shares.series = series.series
            and shares.population = series.population
        order by series.series_order
        """,
    )
    return [row for row in held if (row["source"], row["series"], row["population"]) in drawn]


def _events(con: duckdb.DuckDBPyConnection, module: ModuleType, rows: list[Row]) -> list[Row]:
    """The events within the drawn time, numbered, each in a lane where its number meets no other."""
    if not hasattr(module, "EVENTS"):
        return []
    days = [row["period_middle"] for row in rows if row["is_drawn"]]
    within = [event for event in rows_of(con, module.EVENTS) if min(days) <= event["event_date"] <= max(days)]
    span = (date.fromisoformat(max(days)) - date.fromisoformat(min(days))).days
    needed = span * NUMBER_WIDTH / NARROWEST_PLOT
    taken: dict[int, int] = {}
    for number, event in enumerate(within, start=1):
        day = date.fromisoformat(event["event_date"]).toordinal()
        free = [lane for lane in range(LANES) if day - taken.get(lane, -span) >= needed]
        event["number"], event["lane"] = number, free[0] if free else LANES
        taken[event["lane"]] = day
    return within


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
