"""Files that the operator gives: `trends import SOURCE FILE [options]`.

A source module that takes files offers two functions, and is then a word of this command:

    add_import_arguments(parser)        its positional FILE and options
    import_file(landing, args) -> str   lands the file with landing.take_in, and says what it took in

An import only lands; it works on an empty data folder, and the next build uses it.
"""

import argparse
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ..landing.landing import Landing
from ..network.web import Web
from ..reference.sources import source_row
from ..release import releases
from ..settings import Settings
from ..sources import SOURCES

EXAMPLES = """examples:
  trends import google-trends --help       what one of them needs to know
  trends import google-trends multiTimeline.csv --retrieved 2026-11-20 --geo world --kind term
  trends build                             the next build uses what was landed"""


def run(settings: Settings, arguments: Sequence[str], now: datetime) -> str:
    """Land what the arguments name; return what to tell the operator."""
    args = parser().parse_args(arguments)
    source: Any = args.source
    row = source_row(settings, source.NAME)
    with releases.locked(settings), Web(settings, source=source.NAME) as web:
        landing = Landing(settings, source.NAME, web, licence=row.licence, citation=row.attribution, checks={}, now=now)
        landing.sweep()
        said = str(source.import_file(landing, args))
    return f"{said}\nNext: trends build"


def parser() -> argparse.ArgumentParser:
    """The sources that take files, each with its options."""
    top = argparse.ArgumentParser(
        prog="trends import",
        description="Land a file that you downloaded yourself.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    words = top.add_subparsers(title="sources", required=True, metavar="SOURCE")
    for source in SOURCES:
        if hasattr(source, "import_file"):
            summary = (source.__doc__ or "").strip().splitlines()[0]
            word = words.add_parser(source.NAME.replace("_", "-"), help=summary, description=summary)
            module: Any = source
            module.add_import_arguments(word)
            word.set_defaults(source=source)
    return top
