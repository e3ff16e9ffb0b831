"""What answers a reader's question."""

import argparse
import sys
from pathlib import Path
from typing import TextIO

from ..errors import SettingsError
from ..settings import Settings
from .chapters import Add

EXAMPLES = {
    "query": """examples:
  trends query "from marts.source_status"
  trends query "select * from marts.head_to_head where source = 'google_trends'" --format csv --output trends.csv
  trends query "from marts.framework_shares" --format parquet --output shares.parquet
  trends query "from framework_shares where framework = $name limit 5" --param name=jax --format markdown
  trends query --file question.sql --format jsonl
  trends query --lake --release 2026-11-30T060000Z "from marts.headlines"     of a lake that hosts share
  echo "select count(*) from marts.framework_shares" | trends query -
A parameter is text; write $year::integer to calculate with it. `trends describe` and `trends queries` help.""",
    "describe": """examples:
  trends describe                          every table with its rows and meaning
  trends describe framework_shares         its columns, types and meanings""",
    "queries": """examples:
  trends queries                           the worked queries, each with the question it answers
  trends queries who_leads_where           run this one
  trends queries who_leads_where --sql     show its SQL, to start your own from""",
    "models": """examples:
  trends models                            every table with what it reads
  trends models marts.framework_shares     its columns, rules and lineage""",
}


def add_commands(add: Add) -> None:
    """Add the words of this chapter."""
    query = add("query", run_query, "ask the published warehouse in SQL, read-only")
    query.add_argument("sql", nargs="?", metavar="SQL", help="one statement, or - to read it from standard input")
    query.add_argument("--file", type=Path, metavar="FILE", help="read the statement from a file")
    query.add_argument(
        "--param", action="append", default=[], metavar="NAME=VALUE", help="text for $NAME in the statement"
    )
    query.add_argument("--lake", action="store_true", help="ask the newest release of the lake (TRENDS_LAKE)")
    query.add_argument("--release", metavar="ID", help="with --lake: this release, or this snapshot, in place of it")
    _add_answer(query)
    describe = add("describe", run_describe, "list the tables that can be asked, and what their columns mean")
    describe.add_argument("table", nargs="?", metavar="TABLE", help="show this one's columns")
    queries = add("queries", run_queries, "list the worked queries, or run one")
    queries.add_argument("name", nargs="?", metavar="NAME", help="run this one")
    queries.add_argument("--sql", action="store_true", help="show its SQL and do not run it")
    _add_answer(queries)
    models = add("models", run_models, "list the warehouse's tables, what they read and what their columns mean")
    models.add_argument("table", nargs="?", metavar="TABLE", help="show this one in full")


def run_query(args: argparse.Namespace, settings: Settings) -> int:
    """Answer one query."""
    if (args.sql is None) == (args.file is None):
        raise SettingsError("trends query: expected SQL, - (standard input) or --file FILE, one of them. See --help.")
    sql = _text_of(args.file) if args.file else _begun(sys.stdin) if args.sql == "-" else args.sql
    parameters = dict(_parameter(text) for text in args.param)
    if args.release and not args.lake:
        raise SettingsError(f"--release {args.release}: expected --lake beside it; here only the current one is asked.")
    if args.lake:
        from ..lake import reading

        settings = reading.copied(settings, args.release)
    _answer(args, settings, sql, parameters)
    return 0


def run_describe(args: argparse.Namespace, settings: Settings) -> int:
    """List the tables, or the columns of one."""
    from . import tables

    print(tables.described(settings, args.table) if args.table else tables.described_tables(settings))
    return 0


def run_queries(args: argparse.Namespace, settings: Settings) -> int:
    """List the worked queries, or run or show one."""
    from ..ask import catalogue
    from . import tables

    if not args.name:
        print(tables.queries(settings))
        return 0
    worked = catalogue.worked_query(settings, args.name)
    if args.sql:
        print(f"-- {worked.question}\n-- {worked.note}\n{worked.sql}")
        return 0
    if args.format == "table" and not args.output:
        print(f"{worked.question}\n{worked.note}\n")
    _answer(args, settings, worked.sql, {})
    return 0


def run_models(args: argparse.Namespace, settings: Settings) -> int:
    """List models, or show one."""
    from . import tables

    print(tables.model(settings, args.table) if args.table else tables.models(settings))
    return 0


def _answer(args: argparse.Namespace, settings: Settings, sql: str, parameters: dict[str, str]) -> None:
    from ..ask import walls

    output = args.output or sys.stdout
    walls.ask(settings, sql, output, args.format, parameters, args.limit, for_spreadsheet=args.for_spreadsheet)


def _add_answer(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--format",
        choices=("table", "csv", "json", "jsonl", "markdown", "parquet"),
        default="table",
        help="form of the answer (table)",
    )
    command.add_argument("--output", type=Path, metavar="FILE", help="write there instead of standard output")
    command.add_argument(
        "--for-spreadsheet", action="store_true", help="put an apostrophe before texts that a spreadsheet would run"
    )
    command.add_argument("--limit", type=_positive, metavar="N", help="rows to show at most (tables: 500)")


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, found {text!r}")
    return int(text)


def _parameter(text: str) -> tuple[str, str]:
    name, is_given, value = text.partition("=")
    if not is_given or not name.isidentifier():
        raise SettingsError(f"--param {text}: expected NAME=VALUE. The statement names it $NAME.")
    return name, value


def _begun(stream: TextIO) -> str:
    """The text of a stream, or as much of one without end as tells that it is no query."""
    from ..ask.walls import LONGEST_QUERY

    return stream.read(LONGEST_QUERY + 1)


def _text_of(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return _begun(file)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"--file {path}: expected a text file, found none that can be read ({error}).") from error
