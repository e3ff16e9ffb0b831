"""Pairs of frameworks: their pages, the matrix of all of them, and one pair's years side by side."""

from collections.abc import Sequence

from .marts import Row, grouped


def pair_file(pair: Row) -> str:
    """The page of a pair, within compare/."""
    return f"{pair['framework_a']}-{pair['framework_b']}.html"


def is_pair(row: Row, pair: Row) -> bool:
    """The row speaks of this pair."""
    return bool(row["framework_a"] == pair["framework_a"] and row["framework_b"] == pair["framework_b"])


def choosers(pairs: Sequence[Row]) -> Row:
    """What the two choosers offer, and where each choice leads."""
    return {
        "compared": compared(pairs),
        "pair_pages": {f"{row['framework_a']} {row['framework_b']}": row["file"] for row in pairs},
    }


def compared(pairs: Sequence[Row]) -> list[Row]:
    """Frameworks of some pair, in order of importance."""
    found: dict[str, Row] = {}
    for row in pairs:
        for side in ("a", "b"):
            name = row[f"framework_{side}"]
            found[name] = {"framework": name, "label": row[f"label_{side}"], "order": row[f"order_{side}"]}
    return sorted(found.values(), key=lambda row: row["order"])


def matrix(pairs: Sequence[Row]) -> list[Row]:
    """One line a framework: at how many sources it is ahead of each other one."""
    cells: dict[tuple[str, str], Row] = {}
    for row in pairs:
        for one, other in (("a", "b"), ("b", "a")):
            ahead, total = row[f"{one}_count"], row["source_count"]
            cells[row[f"framework_{one}"], row[f"framework_{other}"]] = {
                "file": row["file"],
                "ahead": ahead,
                "source_count": total,
                "leads": ahead > row[f"{other}_count"],
                "words": f"{row[f'label_{one}']} ahead of {row[f'label_{other}']} at {ahead} of {total} sources",
            }
    lines = compared(pairs)
    return [line | {"cells": [cells.get((line["framework"], other["framework"])) for other in lines]} for line in lines]


def by_year(rows: Sequence[Row]) -> Row | None:
    """Years side by side, one line a source and population; `told` says what all sources of a year say together."""
    if not rows:
        return None
    years = sorted({row["year"] for row in rows})
    lines = [
        own[0] | {"years": [{row["year"]: row for row in own}.get(year) for year in years]}
        for own in grouped(rows, "source", "population").values()
    ]
    told = {row["year"]: row for row in rows}
    return {"years": years, "lines": lines, "told": [told[year] for year in years]}
