"""How values look on pages, and what the words of origin and quality mean."""

from datetime import date

NO_FIGURE = "\N{EN DASH}"

ORIGINS = {
    "live": "pulled from the source and confirmed within its rhythm",
    "cached": "pulled from the source, not confirmed lately",
    "imported": "from a file given to the import command",
    "reference": "from the tables that come with the project",
}
QUALITIES = {
    "full": "a full count",
    "sample": "a sample",
    "digitised": "read off a published chart, about one point of error",
    "decoded": "read out of a published picture's data",
    "published": "as printed by the publisher",
    "fitted_base": "the base is inferred from published shares",
}
UNITS = {
    "percent": "percent",
    "percentage_points": "percentage points",
    "per_day": "downloads a day",
    "ratio": "times",
    "index_0_100": "points of the search index",
}
COMPARATORS = {
    "gt": "more than {}",
    "lt": "less than {}",
    "up": "a rise",
    "down": "a fall",
    "before": "before {}",
    "after": "after {}",
}


def published(value: str, comparator: str, unit: str) -> str:
    """What a claim states, as "a ratio above 1" or "69 percent"."""
    if unit in ("date", "year"):
        return COMPARATORS.get(comparator, "{}").format(day(value) if unit == "date" else value)
    if comparator in ("gt", "lt") and (unit == "ratio" or value == "0"):
        return f"{'a ratio ' if unit == 'ratio' else ''}{'above' if comparator == 'gt' else 'below'} {value}"
    unit_words = UNITS.get(unit, unit)
    number = f"rank {value}" if unit == "rank" else f"{value} {unit_words}"
    return COMPARATORS.get(comparator, "{}").format(number)


def measured(value: float | None, unit: str) -> str:
    """What the figures give, in the unit of a claim."""
    if value is None:
        return NO_FIGURE
    if unit in ("year", "rank"):
        return f"{unit} {value:.0f}" if unit == "rank" else f"{value:.0f}"
    return f"{figure(value)} {UNITS.get(unit, unit)}"


def month(day: str | None) -> str:
    """An ISO day as "Mar 2024"."""
    return date.fromisoformat(day[:10]).strftime("%b %Y") if day else NO_FIGURE


def day(moment: object) -> str:
    """The day of a time, as "21 Nov 2026"."""
    return f"{date.fromisoformat(str(moment)[:10]):%-d %b %Y}" if moment else NO_FIGURE


def percent(value: float | None) -> str:
    """A share in text: whole, but with one decimal where that would hide on which side of a half it lies."""
    if value is None:
        return NO_FIGURE
    return f"{value:.1f}%" if abs(value - 50) < 0.5 else f"{value:.0f}%"


def whole(value: float | None) -> str:
    """A difference of shares, in whole points."""
    return NO_FIGURE if value is None else f"{value:.0f}"


def one_decimal(value: float | None) -> str:
    """A share in a table."""
    return NO_FIGURE if value is None else f"{value:.1f}"


def two_decimals(value: float | None) -> str:
    """A rate in a table."""
    return NO_FIGURE if value is None else f"{value:.2f}"


def figure(value: float | None) -> str:
    """Any figure: whole numbers with thousands, others with one decimal."""
    if value is None:
        return NO_FIGURE
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def safe_address(address: str) -> str:
    """An address that a link may lead to; others would run or read something."""
    return address if address.startswith(("https://", "http://")) else "#"


FILTERS = {
    "month": month,
    "day": day,
    "percent": percent,
    "whole": whole,
    "one_decimal": one_decimal,
    "two_decimals": two_decimals,
    "figure": figure,
    "safe_address": safe_address,
}
