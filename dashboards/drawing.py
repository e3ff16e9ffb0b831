"""What pages share: the first pair, the sources, and the figures that stand on more than one page."""

from collections.abc import Mapping, Sequence

from .fields import FIELDS
from .figures import LINES_TABLE, MEASURES, OWN_DATES, Choice, Figure, Panel
from .tables import Row, Tables, grouped
from .wording import month

CROSSINGS_TABLE = {
    "source_label": ("Source", "text"),
    "population": ("Population", "text"),
    "label": ("Leader at the end", "text"),
    "crossed_label": ("Ahead since", "text"),
    "low_label": ("from", "text"),
    "high_label": ("to", "text"),
    "first_label": ("First figures", "text"),
    "end_label": ("Last figures", "text"),
    "words": ("In words", "text"),
}
PAIR = ("framework_a", "framework_b")
NOBODY: Row = {"framework_a": "", "framework_b": "", "label_a": "", "label_b": ""}


class Drawing:
    """Makes the figures of one warehouse.

    Attributes:
        tables: what they are made of.
        sources: rows of marts.source_status by source, with whether its figures may be passed on, and why.
        pairs: every pair with figures, and the file of its page.
        pair: the pair that the first page speaks of.
        choices: what a reader may choose, by source.
        breaks: days across which figures are not comparable, by source.
    """

    def __init__(self, tables: Tables, passed_on: Mapping[str, str]) -> None:
        self.tables = tables
        self.sources = {
            row["source"]: row
            | {"is_passed_on": row["source"] in passed_on, "passed_on": passed_on.get(row["source"], "not passed on")}
            for row in tables.rows("marts.source_status")
        }
        self.pairs = [
            row | {"file": f"{row['framework_a']}-{row['framework_b']}.html"} for row in tables.rows("pages.pairs")
        ]
        self.pair = self.pairs[0] if self.pairs else NOBODY
        self.choices = {source: rows for (source,), rows in tables.by("pages.choices", "source").items()}
        self._percents = {
            (row["source"], row["series"])
            for rows in self.choices.values()
            for row in rows
            if row["count_name"] == "Percent"
        }
        events = [row | {"event": row["event"].removeprefix("Series break: ")} for row in tables.rows("marts.events")]
        self.breaks = grouped([row for row in events if row["is_break"]], "source")
        self._events = [row for row in events if row["framework"] and not row["is_break"]]

    def lines(self, row: Row, population: str) -> list[Row]:
        """Rows of one choice of a full chart."""
        key = (row["source"], row["series"], row[population])
        return self.tables.by("pages.lines", "source", "series", "choice").get(key, [])

    def of_pair(self, table: str, pair: Row) -> list[Row]:
        """Rows of a table that speak of one pair."""
        return self.tables.by(table, *PAIR).get((pair["framework_a"], pair["framework_b"]), [])

    def headlines(self, pair: Row) -> list[Row]:
        """The sentences of one pair that speak for their sources."""
        return [row for row in self.of_pair("pages.sentences", pair) if row["is_headline"]]

    def sources_of(self, kind: str) -> list[str]:
        """Sources with figures of one kind of evidence."""
        return [source for source, rows in self.choices.items() if rows[0]["kind"] == kind]

    def events_of(self, pair: Row, first: str, last: str) -> list[Row]:
        """Events of a pair within a time, numbered; their words on a chart end before what stands in brackets."""
        within = [
            row
            for row in self._events
            if row["framework"] in (pair["framework_a"], pair["framework_b"]) and first <= row["event_date"] <= last
        ]
        return [
            {
                "event_date": row["event_date"],
                "event": row["event"],
                "number": number,
                "words": row["event"].split(" (")[0],
            }
            for number, row in enumerate(within, start=1)
        ]

    def breaks_of(self, source: str, series: str, rows: Sequence[Row]) -> list[Row]:
        """Breaks of a series within the time of some rows."""
        drawn = [row for row in rows if row["is_drawn"]]
        days = [row["period_middle"] for row in drawn] or [""]
        populations = {None, *(row["population"] for row in drawn)}
        return [
            {"event_date": row["event_date"], "event": row["event"]}
            for row in self.breaks.get((source,), [])
            if min(days) < row["event_date"] <= max(days)
            and row["series"] in (None, series)
            and row["population"] in populations
        ]

    def panel(self, plot_id: str, series: Row, rows: list[Row], heading: str = "", words: Row | None = None) -> Panel:
        """A chart over time of one series of a source, with what parts it and whether its figures are percents."""
        breaks = self.breaks_of(series["source"], series["series"], rows)
        is_percent = (series["source"], series["series"]) in self._percents
        return Panel(plot_id, rows, breaks, heading, words, is_percent)

    def full(self, source: str) -> Figure | None:
        """The full chart of one source with all its choices; None where it has no figures."""
        described = self.choices.get(source, [])
        if not described:
            return None
        choices = [self._choice(row) for row in described]
        return Figure(
            name=source,
            shape="lines",
            choices=choices,
            table=LINES_TABLE,
            fields=FIELDS["lines"],
            pair=self.pair,
            sources=[self.sources[source]],
            measure=_first_measure(choices[0]),
            events=self.events_of(
                self.pair,
                min(row["first_middle"] for row in described),
                max(row["last_middle"] for row in described),
            ),
            named=[self.pair["framework_a"], self.pair["framework_b"]],
        )

    def _choice(self, words: Row) -> Choice:
        rows = self.lines(words, "choice")
        panel = self.panel(f"{words['source']}-plot", words, rows)
        parted = "; ".join(f"{month(row['event_date'])}: {row['event']}" for row in panel.breaks)
        subtitles = {name: words[f"subtitle_{name}"] for name in MEASURES if words[f"subtitle_{name}"] is not None}
        names = MEASURES | {"count": words["count_name"]}
        return Choice(
            key=f"{words['series']}|{words['choice']}",
            label=words["label"],
            title=words["title"],
            title_pair=words["title_pair"],
            subtitles=subtitles,
            measures={measure: names[measure] for measure in subtitles},
            text_alternative=words["text_alternative"],
            data_up_to=words["data_up_to"],
            error=words["error_words"],
            note=words["note"] + (f" A double rule parts what is not comparable. {parted}." if parted else ""),
            origins=tuple(words["origins"].split("|")),
            qualities=tuple(words["qualities"].split("|")),
            panels=[panel],
        )

    def timeline(self, pair: Row) -> Figure | None:
        """When the lead of one pair changed, by source."""
        own = self.of_pair("pages.lead_changes", pair)
        if not own:
            return None
        words = "; ".join(f"{row['source_label']}: {row['words']}" for row in own)
        choice = Choice(
            key="all",
            label="",
            title=own[0]["title"],
            subtitles={
                "": "Since when the one with more in the newest figures has had more, by source. Dot: its first "
                "period, where the passing is proven. Bar: range in which the change lies. Dashes: no change is proven."
            },
            text_alternative=f"Since when the one with more in the newest figures has had more, by source. {words}.",
            data_up_to=OWN_DATES,
            panels=[Panel("crossings-plot", own)],
        )
        days = [row["first_date"] for row in own] + [row["end_date"] for row in own]
        return Figure(
            name="crossings",
            shape="crossings",
            choices=[choice],
            table=CROSSINGS_TABLE,
            fields=(*FIELDS["crossings"], "source"),
            pair=pair,
            sources=[self.sources[row["source"]] for row in own],
            events=self.events_of(pair, min(days), max(days)),
            file_name=f"{pair['framework_a']}-{pair['framework_b']}-crossings",
        )


def _first_measure(choice: Choice) -> str:
    """Shares before counts; an index has no levels to speak of, so the pair goes before it."""
    wanted = ["share", "pair", "count"] if choice.measures.get("count") == "Index" else ["share", "count"]
    return next(measure for measure in wanted if measure in choice.measures)
