"""What a figure consists of: words, the reader's choices, the rows of each, and the table of the same numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .tables import Row, columns

# What buttons of a figure without a source of its own are told apart by.
SPOKEN = {
    "sources": "every source",
    "conferences": "every conference",
    "fits": "fitted lines",
    "countries": "map of countries",
    "crossings": "changes of lead",
    "readings": "published and measured",
    "several": "several frameworks",
    "ranks": "shares of ranks",
    "bump": "ranks by year",
}
MEASURES = {"share": "Share of all", "pair": "Share of the pair", "count": "Counts"}

# Of a figure of several sources: none borrows the date of another one.
OWN_DATES = "the newest period of each source"

# The frame of an embedded figure: its width, and the least height, which a chart over time fills.
FRAME = (640, 480)
# Of kinds that take what height they need: pixels that a picture takes, and each of its rows.
TALL = {"crossings": (60, 47), "readings": (40, 66), "ranks": (40, 80), "bump": (40, 44), "tiles": (100, 0)}
PANEL = 245  # one of two beside each other, without its words

# column: (heading, how it is shown)
LINES_TABLE = {
    "period_label": ("Period", "text"),
    "population": ("Population", "text"),
    "label": ("Framework", "text"),
    "value": ("Figure", "number"),
    "base": ("Base", "number"),
    "share_pct": ("Share, %", "pct"),
    "share_low_pct": ("from, %", "pct"),
    "share_high_pct": ("to, %", "pct"),
    "pair_pct": ("Share of the pair, %", "pct"),
    "pair_low_pct": ("from, %", "pct"),
    "pair_high_pct": ("to, %", "pct"),
}


@dataclass(frozen=True)
class Panel:
    """One picture of a figure: its rows, and what else is drawn in it."""

    plot_id: str
    rows: list[Row]
    breaks: list[Row] = field(default_factory=list)
    heading: str = ""
    words: Row | None = None
    is_percent: bool = False


@dataclass(frozen=True)
class Choice:
    """One choice of the reader, as "Labelled links, official", with everything that it changes.

    Attributes:
        error: how sure its figures are; a citation tells it.
        source: whose figures it shows, where another choice shows those of another one.
    """

    key: str
    label: str
    title: str
    subtitles: dict[str, str]
    text_alternative: str
    data_up_to: str
    panels: list[Panel]
    title_pair: str | None = None
    measures: dict[str, str] = field(default_factory=dict)
    error: str = ""
    note: str = ""
    origins: tuple[str, ...] = ()
    qualities: tuple[str, ...] = ()
    source: Row | None = None


@dataclass(frozen=True)
class Figure:
    """Everything that the template writes for one figure."""

    name: str
    shape: str
    choices: list[Choice]
    table: dict[str, tuple[str, str]]
    fields: tuple[str, ...]
    pair: Row
    sources: list[Row]
    measure: str = ""
    note: str = ""
    events: list[Row] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    small: bool = False
    several: tuple[int, int] | None = None
    file_name: str = ""
    first_day: str | None = None
    last_day: str | None = None
    places: list[Row] = field(default_factory=list)

    @property
    def withheld(self) -> list[str]:
        """Sources whose figures may be shown and not passed on as a file, as in the exports."""
        return [row["label"] for row in self.sources if not row["is_passed_on"]]

    @property
    def has_csv(self) -> bool:
        """Some source lets its figures be passed on."""
        return len(self.withheld) < len(self.sources)

    @property
    def first(self) -> Choice:
        """The choice that is shown first."""
        return self.choices[0]

    @property
    def title(self) -> str:
        """The finding of the choice and measure that are shown first."""
        return (self.measure == "pair" and self.first.title_pair) or self.first.title

    @property
    def spoken(self) -> str:
        """A short name, to tell buttons of one page apart."""
        return (
            ", ".join(row["label"] for row in self.sources[:1])
            if self.shape == "lines" and not self.small and not self.several
            else SPOKEN.get(self.name, self.name)
        )

    def whose(self, choice: Choice) -> str:
        """Attribution and licence of what a choice shows."""
        sources = [choice.source] if choice.source else self.sources
        licensed = [
            row["attribution"] + ("" if row["licence"] in row["attribution"] else f" (licence: {row['licence']})")
            for row in sources
        ]
        return "; ".join(licensed)

    @property
    def row_count(self) -> int:
        """Rows of the choice that is shown first."""
        return sum(len(panel.rows) for panel in self.first.panels)

    @property
    def years(self) -> list[str]:
        """Years with figures in some choice."""
        if self.shape != "lines":
            return []
        return sorted(
            {row["period_middle"][:4] for choice in self.choices for panel in choice.panels for row in panel.rows}
        )

    @property
    def frameworks(self) -> list[Row]:
        """Every framework that some choice draws, in the order in which they come."""
        found: dict[str, Row] = {}
        for choice in self.choices:
            for panel in choice.panels:
                for row in panel.rows:
                    if "next_start" in row and row["framework"] not in found:
                        found[row["framework"]] = {"framework": row["framework"], "label": row["label"]}
        order = {name: place for place, name in enumerate(self.named)}
        return sorted(found.values(), key=lambda row: order.get(row["framework"], len(order)))

    @property
    def framed_height(self) -> int:
        """Pixels that hold it in a frame of 640: its picture, and all words around it."""
        return max(FRAME[1], *map(self._framed_height, self.choices))

    def _framed_height(self, choice: Choice) -> int:
        foot = f"Data up to {choice.data_up_to}. Source: {self.whose(choice)}."
        subtitle = max(choice.subtitles.values(), key=len, default="")
        around = 80 + 23 * _lines(choice.title, 60) + 20 * (_lines(subtitle, 88) + _lines(foot, 92))
        if self.shape in TALL:
            fixed, step = TALL[self.shape]
            places = {row.get("place", number) for number, row in enumerate(choice.panels[0].rows)}
            told = 22 * len(self.events) + 14 * bool(self.events)
            return around + told + fixed + step * (len(places) if self.shape != "bump" else 8)
        if not choice.panels[0].heading:
            return FRAME[1]
        tall = [
            PANEL
            + 21 * sum(_lines(str((panel.words or {}).get(part) or ""), 38) for part in ("population", "sentence"))
            for panel in choice.panels
        ]
        return around + sum(max(tall[first : first + 2]) for first in range(0, len(tall), 2))

    @cached_property
    def data(self) -> dict[str, Any]:
        """What the script of its page, and that of its picture, needs of it."""
        wanted = list(dict.fromkeys([*self.fields, *self.table, "is_drawn"]))
        return {
            "shape": self.shape,
            "small": self.small,
            "several": self.several,
            "labels": {row["framework"]: row["label"] for row in self.frameworks} if self.several else None,
            "measure": self.measure,
            "named": self.named,
            "pair": [self.pair["framework_a"], self.pair["framework_b"]],
            "pair_labels": [self.pair["label_a"], self.pair["label_b"]],
            "table": [[key, heading, shown] for key, (heading, shown) in self.table.items()],
            "events": self.events,
            "first": self.first_day,
            "last": self.last_day,
            "places": columns(self.places, list(self.places[0])) if self.places else None,
            "sources": {row["label"]: [row["attribution"], row["licence"]] for row in self.sources},
            "withheld": self.withheld,
            "height": self.framed_height,
            "file": self.file_name or self.name.replace("_", "-"),
            "choices": [self._choice_data(choice, wanted) for choice in self.choices],
        }

    def _choice_data(self, choice: Choice, wanted: Sequence[str]) -> dict[str, Any]:
        return {
            "key": choice.key,
            "label": choice.label,
            "title": choice.title,
            "title_pair": choice.title_pair,
            "subtitles": choice.subtitles,
            "measures": choice.measures,
            "alternative": choice.text_alternative,
            "error": choice.error,
            "note": choice.note,
            "up_to": choice.data_up_to,
            "whose": self.whose(choice) if choice.source else None,
            "panels": [
                {
                    "plot": panel.plot_id,
                    "rows": columns(panel.rows, [name for name in wanted if not panel.rows or name in panel.rows[0]]),
                    "breaks": panel.breaks,
                    "is_percent": panel.is_percent,
                    "unit": panel.rows[0].get("unit_words", "") if panel.rows else "",
                }
                for panel in choice.panels
            ],
        }


def _lines(words: str, room: int) -> int:
    """Lines that words fill where so many letters have room."""
    return -(-len(words) // room)
