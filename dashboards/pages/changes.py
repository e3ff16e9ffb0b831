"""What changed from release to release: the page of the feed."""

from collections.abc import Iterator

from ..drawing import Drawing
from ..feed import FILE, PAGE, change_id
from ..tables import grouped
from . import Page

MOST = 1000


def pages(drawing: Drawing) -> Iterator[Page]:
    """The page of all changes, by release, newest first."""
    changes = [row | {"id": f"change-{change_id(row)}"} for row in drawing.tables.rows("marts.change_log")[:MOST]]
    yield Page(
        PAGE,
        "What changed",
        {"told_by": {told: rows for (told,), rows in grouped(changes, "release_id").items()}, "feed": FILE},
        description=" ".join(row["sentence"] for row in changes[:3])
        or "Nothing has changed since the previous release.",
    )
