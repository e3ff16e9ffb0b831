"""What changed from release to release: the page of the feed."""

from collections.abc import Iterator

from ..drawing import Drawing
from ..feed import FILE, PAGE, THIS, change_id
from ..tables import Row, grouped
from ..wording import month
from . import Page
from .kinds import place

MOST = 1000
NOTHING = (
    "Nothing changed since the release before: no leader, claim, source or edition is new, and no figure was revised."
)


def pages(drawing: Drawing) -> Iterator[Page]:
    """The page of all changes, by release, newest first."""
    changes = [row | {"id": f"change-{change_id(row)}"} for row in drawing.tables.rows("marts.change_log")[:MOST]]
    told = {release: rows for (release,), rows in grouped(changes, "release_id").items()}
    ours = told.pop(THIS["release_id"], [])
    newest = sorted(drawing.headlines(drawing.pair), key=lambda row: row["period_start"], reverse=True)
    words = {
        "ours": ours,
        "nothing": NOTHING,
        "months": _by_month(told),
        "newest": [row | {"file": place(row)} for row in newest],
        "feed": FILE,
    }
    yield Page(
        PAGE,
        "What changed",
        words,
        description=" ".join(row["sentence"] for row in ours[:3]) or NOTHING,
    )


def _by_month(told: dict[str, list[Row]]) -> dict[str, dict[str, list[Row]]]:
    """Releases with what they told, by the name of their month."""
    months: dict[str, dict[str, list[Row]]] = {}
    for release, rows in told.items():
        months.setdefault(month(release), {})[release] = rows
    return months
