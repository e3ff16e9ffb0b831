"""Makes the figures of a warehouse: which rows of which mart, under which words, in which table."""

from collections.abc import Sequence

from dashboards import questions
from dashboards.charts import crossings, lines, readings
from dashboards.figures import Choice, Figure, Panel
from dashboards.marts import Marts, Row, grouped
from dashboards.wording import month, percent

# The time axis of the small lines of the first page.
FIRST_DAY = "2016-01-01"
MEASURES = {"share": "Share of all", "pair": "Share of the pair", "count": "Counts"}

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


class Drawing:
    """Makes the figures of one warehouse, asking each mart once."""

    def __init__(self, marts: Marts) -> None:
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
        self.sources = {row["source"]: row for row in marts.rows(questions.SOURCES)}

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
            fields=lines.FIELDS,
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
        if not panels:
            return None
        said = " ".join(panel.words["sentence"] for panel in panels if panel.words)
        choice = Choice(
            key="all",
            label="",
            title=pair["spread"],
            subtitles={
                "pair": f"{pair['label_a']} as a share of {pair['label_a']} and {pair['label_b']} together, percent. "
                "Each source counts something else: compare directions, not levels.",
                "share": "Share of all that a source counts, percent, where it has a base.",
                "count": "The figures themselves, each source in its own unit.",
            },
            measures=MEASURES | {"pair": "Share of the pair"},
            text_alternative=f"One small chart a source, each over time. {said}",
            data_up_to=max(
                (panel.words["period_start"], panel.words["period_label"]) for panel in panels if panel.words
            )[1],
            panels=panels,
        )
        return Figure(
            name="sources",
            shape="lines",
            choices=[choice],
            table={"source_label": ("Source", "text")} | LINES_TABLE,
            fields=lines.FIELDS,
            pair=pair,
            sources=[self.sources[row["source"]] for row in sentences.values()],
            measure="pair",
            named=[pair["framework_a"], pair["framework_b"]],
            small=True,
            file_name=f"{pair['framework_a']}-{pair['framework_b']}-by-source",
            note="A double rule marks a day across which a source's figures are not comparable; a gap is a missing "
            "period. Respondents and papers may name both frameworks.",
        )

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
            fields=lines.FIELDS,
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
            fields=(*crossings.FIELDS, "source"),
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
            fields=readings.FIELDS,
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
