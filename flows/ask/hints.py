"""Errors of the engine in the reader's words: where it is, what was meant, and where the names are listed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..engine import duckdb

LINE = re.compile(r"\n*LINE (\d+): ")
NAMES = (
    re.compile(r"(?:Table|View) with name \"?([\w./-]+?)\"? does not exist"),
    re.compile(r"Referenced (?:column|table) \"(\w+)\" not found"),
    re.compile(r"does not have a column named \"(\w+)\""),
    re.compile(r"Column with name \"?(\w+)\"? does not exist"),
)
# What the engine offers instead; ours knows the meaning of schemas and leaves the system's tables out.
OFFERS = re.compile(r"\s*(?:Did you mean \"[^\"]*\"\??|Candidate (?:bindings|tables): .*?|Candidates?: .*?)(?=\n|$)")
OUT_OF_MEMORY = "out of memory: the query needs more than it may take. Narrow it down, or raise TRENDS_QUERY_MEMORY."
TOO_DEEP = "the query is nested too deeply. Take it apart with `with`."
LISTED = "`trends describe` lists tables and columns, `trends models` shows where they come from."
READS_ONLY = "Queries may only read the warehouse's own tables."


def explained(error: duckdb.Error, names: Sequence[str] = ()) -> str:
    """One line for an error.

    Args:
        error: what the engine said.
        names: tables (`schema.table`) and columns that a wrong name is held against.
    """
    text, place = _parted(str(error))
    if isinstance(error, duckdb.PermissionException):
        return f"{text} {READS_ONLY}"
    if isinstance(error, duckdb.OutOfMemoryException) or "bad_alloc" in text:
        return OUT_OF_MEMORY
    if "Max expression depth" in text:
        return TOO_DEEP
    if isinstance(error, duckdb.CatalogException | duckdb.BinderException):
        missing = _missing(str(error))
        near = [name for name in nearest(missing, names) if name != missing]
        meant = f" Nearest: {', '.join(near)}." if near else ""
        return f"{text}{place}{meant} {LISTED}"
    if isinstance(error, duckdb.ParserException):
        return f"{text}{place} `trends queries` shows statements that run, `trends models` lists the tables."
    return f"{text}{place}"


def nearest(name: str, names: Sequence[str]) -> list[str]:
    """Up to three of the names that look like this one, best first."""
    import difflib  # an answer without a slip needs none of it

    wanted = name.lower()
    bare = {known: known.rpartition(".")[2].lower() for known in names}
    if same := [known for known in names if bare[known] == wanted.rpartition(".")[2]]:
        return same[:3]

    def likeness(known: str) -> float:
        target = known.lower() if "." in wanted else bare[known]
        ratio = difflib.SequenceMatcher(None, wanted, target).ratio()
        return ratio + 0.2 * (min(len(wanted), len(target)) > 3 and (wanted in target or target in wanted))

    good = sorted(((likeness(known), known) for known in dict.fromkeys(names)), key=lambda pair: (-pair[0], pair[1]))
    return [known for score, known in good[:3] if score >= 0.6 and score >= good[0][0] - 0.15]


def _missing(text: str) -> str:
    found = next((match[1] for pattern in NAMES if (match := pattern.search(text))), "")
    return found.strip('"')


def _parted(text: str) -> tuple[str, str]:
    """What is wrong, ending in a full stop, and where."""
    parts = LINE.split(text, maxsplit=1)
    words = " ".join(OFFERS.sub("", parts[0]).split())
    words = words if words.endswith((".", "!", "?")) else f"{words}."
    if len(parts) < 3:
        return words, ""
    line, _, pointer = parts[2].partition("\n")
    column = max(len(pointer.rstrip("^ \n")), pointer.find("^")) - len(f"LINE {parts[1]}: ")
    there = line[max(column, 0) :].strip()[:40]
    return words, f" Line {parts[1]}: {there!r}." if there else ""
