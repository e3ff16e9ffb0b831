"""Files that the operator gives: `trends import FILE [options]`, or `trends import SOURCE FILE [options]`.

A source module that takes files offers three functions, and is then a word of this command:

    recognised(path, settings) -> str | None    what the file is, if it is one of this source
    add_import_arguments(parser)                its positional FILE and options
    import_file(landing, args) -> Taken         lands the file with landing.take_in; asks for what it does not tell

An import only lands; it works on an empty data folder, and the next build uses it.
"""

import argparse
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from ..ask.query import opened, warehouse_path
from ..errors import QueryError, SourceError
from ..landing.landing import Landing
from ..landing.taken import Taken
from ..network.expect import HEAD_BYTES, describe, is_page
from ..network.web import Web
from ..reference.sources import source_row
from ..release import lock
from ..settings import Settings
from ..sources import SOURCES
from ..sql_text import quoted
from .chapters import Parser

SHOWN = 6
# Files of other programs, by their first bytes.
OTHER_KINDS = {
    b"\xd0\xcf\x11\xe0": "a spreadsheet's workbook",
    b"PAR1": "a Parquet file",
    b"ARROW1": "an Arrow file",
    b"$FL2": "an SPSS file",
    b"<stata_dta>": "a Stata file",
    b"RDX": "an R data file",
    b"\x1f\x8b": "a packed file, such as R data",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
}
FULL = ("full", "fitted_base", "published")
EXAMPLES = """examples:
  trends import FILE                       finds out what it is, and asks for what it does not tell
  trends import google-trends --help       what one of them needs to know
  trends import google-trends multiTimeline.csv --retrieved 2026-11-20 --geo world --kind term
  trends build                             the next build uses what was landed"""


def run(settings: Settings, arguments: Sequence[str], now: datetime) -> str:
    """Land what the arguments name; return what to tell the operator."""
    told, arguments = _with_source(settings, arguments)
    args = parser().parse_args(arguments)
    source: Any = args.source
    row = source_row(settings, source.NAME)
    with lock.locked(settings), Web(settings, source=source.NAME) as web:
        landing = Landing(settings, source.NAME, web, licence=row.licence, citation=row.attribution, checks={}, now=now)
        landing.sweep()
        taken: Taken = source.import_file(landing, args)
    return "\n".join([*told, taken.said, *_displaced(settings, source.NAME, taken), "Next: trends build"])


def _with_source(settings: Settings, arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Put the source in front of a file that is named alone, and say what it was taken for."""
    words = {_word(source): source for source in _sources()}
    if not arguments or arguments[0] in words or not (named := _paths(arguments)):
        return [], list(arguments)
    path = next((one for one in named if one.exists()), None)
    if path is None:
        expected = f"a file, or one of {', '.join(words)}"
        raise SourceError(str(named[0]), expected, "neither", "Name the file as it was downloaded.")
    found = {word: said for word, source in words.items() if (said := source.recognised(path, settings))}
    if len(found) == 1:
        ((word, said),) = found.items()
        return [f"{path.name}: taken for {said}"], [word, *arguments]
    head = _described(path) if path.is_file() else "a folder without them"
    seen = " and for ".join(found.values()) or head
    expected = "an export of Google Trends, a table of a survey, or a folder of lists of conference papers"
    cure = f"Name it as it was downloaded, or say what it is: `trends import SOURCE {path.name}`."
    if any(head.startswith(kind) for kind in OTHER_KINDS.values()):
        cure = "Save it as CSV in UTF-8 there, and name that file."
    raise SourceError(str(path), expected, seen, cure)


def _described(path: Path) -> str:
    """What a file is that nobody takes."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
        if any(name.startswith(("xl/", "content.xml", "Index/")) for name in names):
            return OTHER_KINDS[b"\xd0\xcf\x11\xe0"]
        return f"a zip of {', '.join(names[:SHOWN]) or 'nothing'}"
    if kind := next((words for start, words in OTHER_KINDS.items() if head.startswith(start)), None):
        return kind
    if not is_page(head) and head.isascii() and b"\0" not in head and head.strip():
        return f"text that begins with {head.strip().splitlines()[0].decode()[:80]!r}"
    return describe(head, path.stat().st_size)


def _paths(arguments: Sequence[str]) -> list[Path]:
    """What may be files among the arguments: neither options nor their values, unless there is such a file."""
    behind = {arguments[number + 1] for number, word in enumerate(arguments[:-1]) if word.startswith("--")}
    found = [Path(word) for word in arguments if not word.startswith("-")]
    return [path for path in found if path.exists()] or [path for path in found if str(path) not in behind]


def _displaced(settings: Settings, source: str, taken: Taken) -> Iterator[str]:
    """Tell which published figures an import takes the place of, joins, or stays behind."""
    rows = []
    query = (
        "select series, population, origin, quality, count(*), min(period_start)::varchar, max(period_start)::varchar "
        f"from marts.framework_shares where source = {quoted(source)} and ({taken.where}) group by all order by all"
    )
    if taken.where:
        with suppress(QueryError), opened(warehouse_path(settings)) as con:  # nothing is published yet
            rows = con.execute(query).fetchall()

    def standing(origin: str) -> str:
        if origin in ("live", "cached"):
            return "ahead"
        return "beside" if taken.is_averaged and origin == "imported" else "behind"

    for where in ("behind", "beside", "ahead"):
        said = [row for row in rows if standing(row[2]) == where]
        if not said:
            continue
        count = sum(row[4] for row in said)
        listed = "; ".join(
            f"{series}, {population}, {first[:7]}{f' to {last[:7]}' if last != first else ''} ({origin}, {quality})"
            for series, population, origin, quality, _, first, last in said[:SHOWN]
        )
        more = f"; and {len(said) - SHOWN} more" if len(said) > SHOWN else ""
        if where == "ahead":
            yield f"{count} published figures of the same periods were pulled and stay in front of it: {listed}{more}"
            continue
        if where == "beside":
            yield f"is averaged with {count} published figures of the same periods: {listed}{more}"
            continue
        is_loss = taken.is_sample and any(row[3] in FULL for row in said)
        words = "warning: a sample takes the place of full counts: " if is_loss else "takes the place of "
        then = f". Where it is far from them, builds hold it back until `trends accept {source}`" if is_loss else ""
        yield f"{words}{count} published figures: {listed}{more}{then}"


def _sources() -> list[Any]:
    return [source for source in SOURCES if hasattr(source, "import_file")]


def _word(source: Any) -> str:
    return str(source.NAME).replace("_", "-")


def parser() -> argparse.ArgumentParser:
    """The sources that take files, each with its options."""
    top = Parser(
        prog="trends import",
        description="Land a file that you downloaded yourself.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    words = top.add_subparsers(title="sources", required=True, metavar="SOURCE")
    for source in _sources():
        summary = (source.__doc__ or "").strip().splitlines()[0]
        word = words.add_parser(_word(source), help=summary, description=summary)
        source.add_import_arguments(word)
        word.set_defaults(source=source)
    return top
