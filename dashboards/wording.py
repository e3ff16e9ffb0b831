"""How values look on pages, and what the words of origin and quality mean."""

from datetime import date

NO_FIGURE = "\N{EN DASH}"

ORIGINS = {
    "live": "pulled from the source and confirmed within its rhythm",
    "cached": "pulled from the source, not confirmed lately",
    "imported": "from a file given to the import command",
    "reference": "from the tables that come with the project",
}
# What a reader should know of a source that stands so (sql/macros); what an operator should do, `trends status` tells.
STATES = {
    "live": "Pulled from the source, and confirmed within its rhythm.",
    "cached": "Pulled from the source, and not confirmed lately.",
    "imported": "From a file that was given.",
    "embedded": "From the tables that come with the project.",
    "waiting": "Nothing newer was pulled from the source yet.",
    "held back": "Its newest figures look wrong and are held back; these are older.",
    "never answered": "The source has not answered yet.",
    "complete": "Ended, and held complete: nobody adds anything more.",
    "closed": "No more figures come: these stay as they are.",
}
# A source that goes on without asking for frameworks any more is closed to us, and not to those who read of it.
STATE_WORDS = {"closed": "no more figures"}
QUALITIES = {
    "full": "a full count",
    "sample": "a sample",
    "digitised": "read off a published chart; how far a figure may be off stands beside it",
    "decoded": "read out of a published picture's data",
    "published": "as printed by the publisher",
    "fitted_base": "the base is inferred from published shares",
    "detected": "labelled by our own rules",
}


def month(day: str | None) -> str:
    """An ISO day as "Mar 2024"."""
    return date.fromisoformat(day[:10]).strftime("%b %Y") if day else NO_FIGURE


def day(moment: object) -> str:
    """The day of a time, as "21 Nov 2026"."""
    return f"{date.fromisoformat(str(moment)[:10]):%-d %b %Y}" if moment else NO_FIGURE


def or_dash(words: str | None) -> str:
    """Words of a cell, and a dash where there are none."""
    return words or NO_FIGURE


def safe_address(address: str) -> str:
    """An address that a link may lead to; others would run or read something."""
    return address if address.startswith(("https://", "http://")) else "#"


FILTERS = {"month": month, "day": day, "or_dash": or_dash, "safe_address": safe_address}
