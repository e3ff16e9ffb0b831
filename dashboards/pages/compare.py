"""Compare any two: the choosers, in how many sources which one has more, and every pair in words."""

from collections.abc import Iterator, Sequence

from ..drawing import Drawing
from ..tables import Row
from . import Page

FILE = "compare/index.html"


def pages(drawing: Drawing) -> Iterator[Page]:
    """The page of all pairs."""
    yield Page(
        FILE, "Compare any two", {"pairs": drawing.pairs, "matrix": _matrix(drawing.pairs), **choosers(drawing.pairs)}
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
