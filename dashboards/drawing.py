"""Makes the figures of a warehouse: which rows of which mart, under which words, in which table."""

from collections.abc import Mapping, Sequence

from . import multiples, questions, world
from .fields import FIELDS
from .figures import LINES_TABLE, MEASURES, Choice, Figure, Panel
from .marts import Marts, Row, grouped
from .wording import month, percent

# The time axis of the small lines of the first page.
FIRST_DAY = "2016-01-01"
CROSSINGS_TABLE = {
    "source_label": ("Source", "text"),
    "population": ("Population", "text"),
    "label": ("Leader at the end", "text"),
    "changed_date": ("Ahead since", "date"),
    "crossed_low": ("from", "date"),
    "crossed_high": ("to", "date"),
    "first_date": ("First figures", "date"),
    "end_date": ("Last figures", "date"),
    "words": ("In words", "text"),
}
READINGS_TABLE = {
    "claim_id": ("Claim", "text"),
    "statement": ("Statement", "text"),
    "published": ("Published, %", "pct"),
    "measured": ("Measured, %", "pct"),
    "low": ("from, %", "pct"),
    "high": ("to, %", "pct"),
    "verdict": ("Verdict", "text"),
}


PAIR_OF_SERIES = ("source", "series", "framework_a", "framework_b")


class Drawing:
    """Makes the figures of one warehouse, asking each mart once."""

    def __init__(self, marts: Marts, passed_on: Mapping[str, str]) -> None:
        self.marts = marts
        pairs = marts.rows(questions.PAIR)
        nobody = {"framework_a": "", "framework_b": "", "label_a": "", "label_b": ""}
        self.pair: Row = pairs[0] if pairs else nobody
        self.lines = grouped(marts.rows(questions.LINES), "source", "series", "choice")
        self.choices = grouped(marts.rows(questions.CHOICES), "source")
        self.breaks = grouped(marts.rows(questions.BREAKS), "source")
        self.events = marts.rows(questions.EVENTS)
        pair_keys = ("framework_a", "framework_b")
        self.changes = grouped(marts.rows(questions.LEAD_CHANGES), *pair_keys)
        self.crossings = grouped(marts.rows_if("crossovers", questions.LAST_CROSSINGS), *pair_keys)
        self.sources = {
            row["source"]: row
            | {"is_passed_on": row["source"] in passed_on, "passed_on": passed_on.get(row["source"], "not passed on")}
            for row in marts.rows(questions.SOURCES)
        }

    def events_of(self, frameworks: Sequence[str], first: str, last: str) -> list[Row]:
        """Events of some frameworks within a time, numbered."""
        within = [
            event for event in self.events if event["framework"] in frameworks and first <= event["event_date"] <= last
        ]
        return [event | {"number": number} for number, event in enumerate(within, start=1)]

    def breaks_of(self, source: str, rows: Sequence[Row]) -> list[Row]:
        """Breaks of a source within the time of some rows."""
        days = [row["period_middle"] for row in rows] or [""]
        return [row for row in self.breaks.get((source,), []) if min(days) < row["event_date"] <= max(days)]

    def full(self, source: str, prefix: str = "") -> Figure | None:
        """The full chart of one source with all its choices; None where it has no figures."""
        described = self.choices.get((source,), [])
        name = f"{prefix}{source}"
        choices = [self._choice(name, row) for row in described]
        if not choices:
            return None
        first, last = min(row["first_middle"] for row in described), max(row["last_middle"] for row in described)
        return Figure(
            name=name,
            shape="lines",
            choices=choices,
            table=LINES_TABLE,
            fields=FIELDS["lines"],
            pair=self.pair,
            sources=[self.sources[source]],
            measure=_first_measure(choices[0]),
            events=self.events_of([self.pair["framework_a"], self.pair["framework_b"]], first, last),
            named=[self.pair["framework_a"], self.pair["framework_b"]],
        )

    def _choice(self, name: str, words: Row) -> Choice:
        rows = self.lines.get((words["source"], words["series"], words["choice"]), [])
        drawn = [row for row in rows if row["is_drawn"]]
        subtitles = {
            measure: words[f"subtitle_{measure}"] for measure in MEASURES if words[f"subtitle_{measure}"] is not None
        }
        names = MEASURES | {"count": words["count_name"]}
        return Choice(
            key=f"{words['series']}|{words['choice']}",
            label=words["label"],
            title=words["title"],
            subtitles=subtitles,
            measures={measure: names[measure] for measure in subtitles},
            text_alternative=words["text_alternative"],
            data_up_to=words["data_up_to"],
            note=words["note"],
            origins=tuple(words["origins"].split("|")),
            qualities=tuple(words["qualities"].split("|")),
            is_percent=words["count_name"] == "Percent",
            panels=[Panel(f"{name}-plot", rows, self.breaks_of(words["source"], drawn))],
        )

    def by_source(self, pair: Row, rows: Sequence[Row], sentences: dict[str, Row]) -> Figure | None:
        """One pair at every source: a small chart a source, all on one time axis."""
        panels = [
            Panel(
                f"sources-{source}",
                own,
                self.breaks_of(source, [row for row in own if row["is_drawn"]]),
                heading=own[0]["source_label"],
                words=sentences[source],
            )
            for (source,), own in grouped(rows, "source").items()
            if source in sentences and any(row["is_drawn"] for row in own)
        ]
        return multiples.by_source(pair, panels, [self.sources[row["source"]] for row in sentences.values()])

    def conferences(self, sentences: Sequence[Row]) -> Figure | None:
        """The first pair at every conference."""
        pair = self.pair
        found = [
            row
            for row in self.marts.rows_if("population_summaries", questions.SUMMARIES)
            if row["source"] == "conference_papers"
            and (row["framework_a"], row["framework_b"]) == (pair["framework_a"], pair["framework_b"])
        ]
        if not found:
            return None
        wanted = [found[0][key] for key in PAIR_OF_SERIES]
        # What follows a comma is another way to list the same conference.
        said = [
            row for row in sentences if [row[key] for key in PAIR_OF_SERIES] == wanted and "," not in row["population"]
        ]
        return multiples.by_conference(pair, said, self.lines, found[0], self.sources["conference_papers"])

    def world(self) -> Figure | None:
        """The first pair in every country."""
        pair = self.pair
        rows = [
            row
            for row in self.marts.rows_if("population_summaries", questions.BY_COUNTRY)
            if (row["framework_a"], row["framework_b"]) == (pair["framework_a"], pair["framework_b"])
        ]
        return world.world(pair, rows, self.sources["google_trends"]) if rows else None

    def sparks(self, cards: Sequence[Row]) -> Figure | None:
        """The small lines of the first page, one a kind of evidence, all on one time axis."""
        if not cards:
            return None
        panels = []
        for card in cards:
            rows = self.lines[(card["source"], card["series"], card["population"])]
            own = [row for row in rows if row["framework"] == card["framework_a"]]
            panels.append(Panel(f"evidence-{card['source']}", own))
        choice = Choice("all", "", "Evidence", {"pair": ""}, "", "", panels, measures={"pair": ""})
        return Figure(
            name="evidence",
            shape="lines",
            choices=[choice],
            table={},
            fields=FIELDS["lines"],
            pair=self.pair | {"label_a": "", "label_b": ""},
            sources=[],
            measure="pair",
            small=True,
            first_day=FIRST_DAY,
            last_day=max(row["period_middle"] for panel in panels for row in panel.rows),
        )

    def timeline(self, pair: Row) -> Figure | None:
        """When the lead of one pair changed, by source."""
        key = (pair["framework_a"], pair["framework_b"])
        found = {row["source"]: row for row in self.crossings.get(key, [])}
        own = [_dated(row, found.get(row["source"])) for row in self.changes.get(key, [])]
        if not own:
            return None
        words = "; ".join(f"{row['source_label']}: {row['words']}" for row in own)
        choice = Choice(
            key="all",
            label="",
            title=own[0]["title"],
            subtitles={
                "": "Since when the leader of the newest figures has been ahead, by source. Dot: best estimate. Bar: "
                "range in which the change lies. Dashes: ahead since the series begins."
            },
            text_alternative=f"Since when the leader of the newest figures has been ahead. {words}.",
            data_up_to=month(max(row["end_date"] for row in own)),
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
            events=self.events_of([pair["framework_a"], pair["framework_b"]], min(days), max(days)),
            file_name=f"{pair['framework_a']}-{pair['framework_b']}-crossings",
        )

    def readings(self, rows: Sequence[Row]) -> Figure | None:
        """Published percentages beside measured ones."""
        if not rows:
            return None
        words = "; ".join(f"{row['statement']}: measured {percent(row['measured'])}" for row in rows)
        choice = Choice(
            key="all",
            label="",
            title="Published percentages beside what the figures give",
            subtitles={"": "Ring: the number as published. Dot: the same measure on our figures. Bar: 95% interval."},
            text_alternative=words + ".",
            data_up_to=month(max(row["latest_period"] for row in self.sources.values() if row["latest_period"])),
            panels=[Panel("readings-plot", list(rows))],
        )
        return Figure(
            name="readings",
            shape="readings",
            choices=[choice],
            table=READINGS_TABLE,
            fields=FIELDS["readings"],
            pair=self.pair,
            sources=[self.sources[source] for source in dict.fromkeys(row["source"] for row in rows)],
            file_name="published-and-measured",
        )


def _first_measure(choice: Choice) -> str:
    """Shares before counts; an index has no levels to speak of, so the pair goes before it."""
    wanted = ["share", "pair", "count"] if choice.measures.get("count") == "Index" else ["share", "count"]
    return next(measure for measure in wanted if measure in choice.measures)


def _dated(row: Row, crossing: Row | None) -> Row:
    """A row of the timeline, with the crossing's own date and range where the analysis found one."""
    found = crossing if crossing and crossing["leader_after"] == row["framework"] else None
    if not found:
        return row | {"crossed_date": row["changed_date"], "crossed_low": None, "crossed_high": None}
    return row | {
        "changed_date": found["crossed_date"],
        "crossed_date": found["crossed_date"],
        "crossed_low": found["crossed_low"],
        "crossed_high": found["crossed_high"],
        "words": f"{row['label']} {found['words']}",
        "short_words": found["short_words"],
    }
