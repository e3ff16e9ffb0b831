"""What every figure needs: title, subtitle, controls, plot, table of the same numbers, notes and text alternative."""

import importlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from types import ModuleType
from typing import Any

import duckdb

from dashboards import theme
from dashboards.theme import Row
from flows.errors import DashboardError

# The order of the page.
FIGURES = ("research_shares", "research_head_to_head", "head_to_head_by_source")

NO_FIGURE = "\N{EN DASH}"
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
    drawn = [row for row in rows if row["is_drawn"]]
    if not words or not drawn:
        return None
    events = _events(con, module, _ends(drawn))
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
        plots=_plots(con, module, name, drawn, events),
        events=events,
    )


def shown(column: str, value: object) -> str:
    """A value as a table shows it: percent with one decimal, counts with thousands."""
    if value is None:
        return NO_FIGURE
    if column.endswith("_pct"):
        return f"{value:.1f}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    return str(value)


def _plots(
    con: duckdb.DuckDBPyConnection, module: ModuleType, name: str, drawn: list[Row], events: list[Row]
) -> list[Plot]:
    breaks = rows_of(con, module.BREAKS) if hasattr(module, "BREAKS") else []
    ends = _ends(drawn)
    lanes = max((event["lane"] for event in events), default=-1) + 1
    spec = specification(module.chart(drawn), ends, top=14 + 13 * lanes)
    if not hasattr(module, "PANEL_BY"):
        datasets = {"rows": drawn, "events": events, "breaks": breaks}
        return [Plot(f"{name}-plot", _with(spec, datasets))]
    headlines = {row["source"]: row for row in rows_of(con, HEADLINES)}
    plots = []
    for key in dict.fromkeys(row[module.PANEL_BY] for row in drawn):
        own = [row for row in drawn if row[module.PANEL_BY] == key]
        first, last = _ends(own)
        parted = [row for row in breaks if row["source"] == key and first < row["event_date"] <= last]
        datasets = {"rows": own, "breaks": parted}
        plots.append(Plot(f"{name}-{key}", _with(spec, datasets), headlines[key]))
    return plots


def specification(chart: theme.Layered, ends: tuple[str, str], top: int) -> dict[str, Any]:
    """The chart as Vega-Lite, with the page's look; rows are added, and the width is set where it is drawn."""
    # The tests hold every chart against the schema; doing it here would double the time of a render.
    spec: dict[str, Any] = chart.to_dict(validate=False)
    days = [{"name": name, "expr": f"toDate('{day}')"} for name, day in zip(("x0", "x1"), ends, strict=True)]
    return spec | {
        "params": days + spec.get("params", []),
        "autosize": "none",
        "padding": PADDING | {"top": top},
        "config": theme.CONFIG,
    }


def _with(spec: dict[str, Any], datasets: dict[str, list[Row]]) -> dict[str, Any]:
    """The specification with its rows; a layer without any is left out, as Vega warns of it."""
    layers = [layer for layer in spec["layer"] if datasets.get(layer.get("data", {}).get("name"), True)]
    return spec | {"layer": layers, "datasets": spec.get("datasets", {}) | datasets}


def _ends(drawn: Sequence[Row]) -> tuple[str, str]:
    days = [row["period_middle"] for row in drawn]
    return min(days), max(days)


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
        order by series.series_order, series.population, shares.origin, shares.quality
        """,
    )
    return [row for row in held if (row["source"], row["series"], row["population"]) in drawn]


def _events(con: duckdb.DuckDBPyConnection, module: ModuleType, ends: tuple[str, str]) -> list[Row]:
    """The events within the drawn time, numbered, each in a lane where its number meets no other."""
    if not hasattr(module, "EVENTS"):
        return []
    within = [event for event in rows_of(con, module.EVENTS) if ends[0] <= event["event_date"] <= ends[1]]
    first, last = (date.fromisoformat(day).toordinal() for day in ends)
    needed = (last - first) * NUMBER_WIDTH / NARROWEST_PLOT
    taken: dict[int, int] = {}
    for number, event in enumerate(within, start=1):
        day = date.fromisoformat(event["event_date"]).toordinal()
        free = [lane for lane in range(LANES) if day - taken.get(lane, -last) >= needed]
        event["number"], event["lane"] = number, free[0] if free else LANES
        taken[event["lane"]] = day
    return within


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
