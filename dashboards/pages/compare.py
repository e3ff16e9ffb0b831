"""Compare any two: the choosers, in how many sources which one has more, and every pair in words."""

from collections.abc import Iterator, Sequence

from ..drawing import Drawing
from ..fields import FIELDS
from ..figures import LINES_TABLE, MEASURES, Choice, Figure
from ..tables import Row
from . import Page

FILE = "compare/index.html"
# Fewer are no comparison, and more are no longer told apart.
SEVERAL = (2, 5)


def pages(drawing: Drawing) -> Iterator[Page]:
    """The page of all pairs."""
    names = {row["framework"] for row in _compared(drawing.pairs)}
    yield Page(
        FILE,
        "Compare frameworks",
        {
            "pairs": drawing.pairs,
            "matrix": _matrix(drawing.pairs),
            "several": _several(drawing),
            "moved": [row for row in drawing.tables.rows("pages.frameworks") if row["framework"] in names],
            **choosers(drawing.pairs),
        },
        has_charts=True,
    )


def _several(drawing: Drawing) -> Figure | None:
    """Two to five frameworks that the reader chooses, in the series that speaks for each source."""
    speaking = {
        (row["source"], row["series"], row["choice"])
        for row in drawing.tables.rows("pages.options")
        if row["is_headline"]
    }
    told = [
        (source, row)
        for source, rows in drawing.choices.items()
        for row in rows
        if (source, row["series"], row["choice"]) in speaking
    ]
    if not told or not drawing.pairs:
        return None
    choices = [
        Choice(
            key=source,
            label=name,
            # The finding of the source is about all frameworks that it knows; the reader chose some of them.
            title=name,
            subtitles={kind: row[f"subtitle_{kind}"] for kind in ("share", "count") if row[f"subtitle_{kind}"]},
            measures={
                kind: {"share": MEASURES["share"], "count": row["count_name"]}[kind]
                for kind in ("share", "count")
                if row[f"subtitle_{kind}"]
            },
            text_alternative=row["text_alternative"],
            data_up_to=row["data_up_to"],
            error=row["error_words"],
            note=row["note"],
            origins=tuple(row["origins"].split("|")),
            qualities=tuple(row["qualities"].split("|")),
            source=drawing.sources[source],
            panels=[drawing.panel("several-plot", row, rows)],
        )
        for source, row in told
        for label in [drawing.sources[source]["label"]]
        for name in [": ".join(dict.fromkeys([label, row["label"]]))]
        for rows in [[line | {"source_label": label} for line in drawing.lines(row, "choice")]]
    ]
    return Figure(
        name="several",
        shape="lines",
        choices=choices,
        table={"source_label": ("Source", "text")}
        | {name: shown for name, shown in LINES_TABLE.items() if not name.startswith("pair")},
        fields=tuple(name for name in FIELDS["lines"] if not name.startswith("pair")),
        pair=drawing.pair,
        sources=[drawing.sources[source] for source, _ in told],
        measure=next(iter(choices[0].measures)),
        named=[row["framework"] for row in _compared(drawing.pairs)[:3]],
        several=SEVERAL,
        file_name="several",
    )


def choosers(pairs: Sequence[Row]) -> Row:
    """What the two choosers offer, and where each choice leads."""
    return {
        "compared": _compared(pairs),
        "pair_pages": {f"{row['framework_a']} {row['framework_b']}": row["file"] for row in pairs},
    }


def _compared(pairs: Sequence[Row]) -> list[Row]:
    """Frameworks of some pair, in order of importance."""
    found: dict[str, Row] = {}
    for row in pairs:
        for side in ("a", "b"):
            name = row[f"framework_{side}"]
            found[name] = {"framework": name, "label": row[f"label_{side}"], "order": row[f"order_{side}"]}
    return sorted(found.values(), key=lambda row: row["order"])


def _matrix(pairs: Sequence[Row]) -> list[Row]:
    """One line per framework: in how many sources it has more than each other one."""
    cells: dict[tuple[str, str], Row] = {}
    for row in pairs:
        for one, other in (("a", "b"), ("b", "a")):
            ahead, total = row[f"{one}_count"], row["source_count"]
            cells[row[f"framework_{one}"], row[f"framework_{other}"]] = {
                "file": row["file"],
                "ahead": ahead,
                "source_count": total,
                "leads": ahead > row[f"{other}_count"],
                "words": f"{row[f'label_{one}']} has more than {row[f'label_{other}']} in {ahead} of {total} sources",
            }
    lines = _compared(pairs)
    return [line | {"cells": [cells.get((line["framework"], other["framework"])) for other in lines]} for line in lines]
