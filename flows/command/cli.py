"""The `trends` command.

Each command imports what it needs when it runs: `trends query` pays neither for the chart library nor for requests.
"""

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ..errors import SettingsError
from ..settings import VERSION, Settings, misspelt
from . import endings

if TYPE_CHECKING:
    from ..refresh.steps import Built

Command = Callable[[argparse.Namespace, Settings], int]

EXAMPLES = {
    "refresh": """examples:
  trends refresh                           ask every source, build, publish
  trends refresh --offline                 use what is landed and the embedded reference tables
  trends refresh --source papers_with_code --strict
  TRENDS_MIRROR=http://127.0.0.1:8000 trends refresh    every outside request goes to a mirror""",
    "build": """examples:
  trends build                             after changing a file in sql/, or to publish a rolled back input again
  trends build --full                      the same, keeping no table of the current release and trusting no file""",
    "site": """example:
  trends site                              after changing a file in dashboards/
  trends site --single-file trends.html    all pages of the current release in one file, to mail around""",
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
    "import": """example:
  trends import --help                     the sources that take files, with examples""",
    "bundle": """examples:
  trends bundle write trends.bundle        what was pulled here, for a machine without network
  trends bundle read trends.bundle         there; then trends build""",
    "status": """examples:
  trends status                            what each source gave, when, and what went wrong
  trends status --json                     the same for a monitor; exit 1 when a source is stale""",
    "doctor": """example:
  trends doctor                            network, proxy, clock, disk, permissions, landings, versions""",
    "probe": """examples:
  trends probe                             one small question to every host, in under 20 seconds
  trends probe openalex_citations --json   one source, for a monitor
  trends probe --hosts                     what a firewall has to let through""",
    "schedule": """examples:
  trends schedule                          a Prefect server on port 4200, and every source at its cadence
  PREFECT_API_URL=http://server:4200/api trends schedule     with a server that runs already""",
    "accept": """example:
  trends accept papers_with_code           after `trends status` told why its landing is held back""",
    "verify": """example:
  trends verify                            every published claim with its verdict; exit 1 if a confirmed one broke""",
    "rollback": """example:
  trends rollback                          publish the previous release again""",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit code: 0 done, 1 an error of ours in one line, 2 usage, 130 and 143 stopped."""
    args = parsed(sys.argv[1:] if arguments is None else arguments)
    # Progress is for a person who waits; piped output stays quiet.
    level = logging.INFO if args.verbose or sys.stderr.isatty() else logging.WARNING
    logging.basicConfig(level=level, format="%(message)s", stream=sys.stderr)
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    command: Command = args.run
    try:
        settings = Settings.from_env(os.environ)
        for words in misspelt(os.environ):
            print(f"warning: {words}", file=sys.stderr)
        return command(args, settings)
    except BaseException as error:
        code = endings.told(error)
        return endings.leave(code) if arguments is None else code


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse the command line; what stands behind `import` belongs to the parser of the sources, its --help too."""
    if not arguments or arguments[0] != "import":
        return parser().parse_args(arguments)
    own = 1 + next((n for n, word in enumerate(arguments[1:]) if word not in ("-v", "--verbose")), len(arguments) - 1)
    args = parser().parse_args(arguments[:own])
    args.rest = list(arguments[own:])
    return args


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="trends", description="How machine-learning frameworks rise and fall, with numbers anyone can check."
    )
    top.add_argument("--version", action="version", version=f"trends {VERSION}")
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(name: str, run: Command, help_: str) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name,
            help=help_,
            description=help_[0].upper() + help_[1:] + ".",
            epilog=EXAMPLES[name],
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_argument("-v", "--verbose", action="store_true", help="show progress also when piped")
        command.set_defaults(run=run)
        return command

    refresh = add("refresh", run_refresh, "pull every source, build the warehouse, draw the pages, publish both")
    refresh.add_argument("--offline", action="store_true", help="ask no source; use what is landed and embedded")
    refresh.add_argument(
        "--source", action="append", default=[], metavar="NAME", help="ask only this source; repeatable"
    )
    refresh.add_argument("--strict", action="store_true", help="exit 1 when a source fails")
    build = add("build", run_build, "build and publish from what is landed, asking no source")
    build.add_argument("--full", action="store_true", help="make every table anew and hash every landed file")
    site = add("site", run_site, "draw the pages of the current warehouse anew and publish them")
    site.add_argument("--single-file", type=Path, metavar="FILE", help="write all published pages into this one file")
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
    import_ = add("import", run_import, "land a file that you downloaded yourself")
    import_.usage = "trends import [SOURCE] FILE [options]"
    import_.set_defaults(rest=[])
    bundle = add("bundle", run_bundle, "carry what was pulled to a machine without network, as far as licences allow")
    bundle.add_argument("way", choices=("write", "read"), help="write a bundle here, or land what one holds")
    bundle.add_argument("file", type=Path, metavar="FILE", help="the bundle")
    status = add("status", run_status, "show what each source gave, and how fresh it is; exit 1 when one is stale")
    status.add_argument("--json", action="store_true", help="for machines")
    add("doctor", run_doctor, "look for the usual trouble and say the cure; exit 1 when there is some")
    probe = add("probe", run_probe, "ask every host one small question and say what differs; exit 1 when one fails")
    probe.add_argument("source", nargs="*", metavar="SOURCE", help="ask the hosts of this source alone")
    probe.add_argument("--json", action="store_true", help="for machines")
    probe.add_argument("--hosts", action="store_true", help="list the hosts and ask none")
    add("schedule", run_schedule, "refresh every source at its cadence until stopped, beside a Prefect server")
    accept = add("accept", run_accept, "use a landing that was held back, and publish what is made with it")
    accept.add_argument("source", metavar="SOURCE", help="source that `trends status` shows as held back")
    add("verify", run_verify, "check every published claim against the figures of the current release")
    add("rollback", run_rollback, "publish the previous release again")
    return top


def run_refresh(args: argparse.Namespace, settings: Settings) -> int:
    """Pull, build, render, publish; say per source what was used."""
    try:
        from ..network.reach import NO_NETWORK
        from ..refresh import alerts, report, steps
    except ModuleNotFoundError as error:
        endings.note_missing(settings, error)
        raise

    endings.unwind_when_stopped()
    # That there is no network is said once, by the report, and not by each source's alert.
    logging.getLogger(alerts.__name__).addFilter(lambda record: NO_NETWORK not in record.getMessage())
    report_ = steps.refresh(settings, steps.chosen(args.source), datetime.now(UTC), offline=args.offline)
    print(report.refreshed(settings, report_))
    for name, check in report_.checks.items():
        if check.message == report_.unreached:
            continue
        if check.outcome == "failed":
            print(f"warning: {name}: {check.message}", file=sys.stderr)
        elif check.message:
            print(f"note: {name}: {check.message}", file=sys.stderr)
    for held in report.held_back(settings):
        print(f"warning: {held}", file=sys.stderr)
    return 1 if args.strict and report_.failed_sources else 0


def run_build(args: argparse.Namespace, settings: Settings) -> int:
    """Build and publish, asking no source."""
    from ..landing.verified import verified
    from ..refresh import steps
    from ..release import lock, releases

    with lock.locked(settings):
        releases.sweep(settings)
        if args.full:
            verified(settings.data).forget()
        return _published(steps.build(settings, datetime.now(UTC), force=True, full=args.full), settings)


def run_site(args: argparse.Namespace, settings: Settings) -> int:
    """Draw the pages anew, or write those that are published into one file."""
    from ..refresh import steps
    from ..release import lock, releases

    if args.single_file:
        size = steps.write_single_file(settings, args.single_file)
        print(f"{args.single_file}: all pages, {size / 1e6:.1f} MB; opens from disk, asks nothing of the network")
        return 0
    with lock.locked(settings):
        releases.sweep(settings)
        return _published(steps.render_again(settings, datetime.now(UTC)), settings)


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


def _answer(args: argparse.Namespace, settings: Settings, sql: str, parameters: dict[str, str]) -> None:
    from ..ask import walls

    output = args.output or sys.stdout
    walls.ask(settings, sql, output, args.format, parameters, args.limit, for_spreadsheet=args.for_spreadsheet)


def run_models(args: argparse.Namespace, settings: Settings) -> int:
    """List models, or show one."""
    from . import tables

    print(tables.model(settings, args.table) if args.table else tables.models(settings))
    return 0


def run_import(args: argparse.Namespace, settings: Settings) -> int:
    """Land a given file; which options there are is the source module's to say."""
    from . import imports

    print(imports.run(settings, args.rest, datetime.now(UTC)))
    return 0


def run_bundle(args: argparse.Namespace, settings: Settings) -> int:
    """Write or read a bundle."""
    from ..release import bundle, lock

    with lock.locked(settings):
        if args.way == "write":
            print(bundle.write(settings, args.file, datetime.now(UTC)))
        else:
            print(f"{bundle.read(settings, args.file)}\nNext: trends build")
    return 0


def run_status(args: argparse.Namespace, settings: Settings) -> int:
    """Show how the sources stand."""
    from ..ask.query import warehouse_path
    from ..refresh import report
    from ..refresh.alerts import open_troubles
    from ..refresh.health import health, troubles

    found = health(settings, datetime.now(UTC))
    # What only a refresh can find out, its own failure and broken claims, stands as the last one left it.
    told = {key: words for key, words in open_troubles(settings).items() if report.is_of_a_refresh(key)}
    if not told and not any(one.checked_at for one in found):
        warehouse_path(settings)  # nothing was ever asked: say so if nothing was ever built either
    wrong = troubles(settings, found) | told
    print((report.status_json if args.json else report.status)(settings, found, wrong))
    return 1 if any(report.is_grave(key) for key in wrong) else 0


def run_probe(args: argparse.Namespace, settings: Settings) -> int:
    """Ask every host one small question; write nothing."""
    from ..refresh.steps import chosen
    from ..sources import hosts
    from . import probe

    if args.hosts:
        print(hosts.as_markdown())
        return 0
    found = probe.probe(settings, chosen(args.source), datetime.now(UTC).date())
    print(json.dumps(probe.as_rows(found), indent=2) if args.json else probe.as_text(found))
    return 0 if probe.is_well(found) else 1


def run_doctor(_: argparse.Namespace, settings: Settings) -> int:
    """Look for the usual trouble."""
    from ..refresh import report
    from . import doctor

    found = doctor.examine(settings, os.environ, datetime.now(UTC))
    print(report.table(("", "", ""), [("ok" if one.is_fine else "BAD", one.what, one.found) for one in found]).lstrip())
    for one in found:
        if not one.is_fine:
            print(f"{one.what}: {one.cure}")
    return 0 if all(one.is_fine for one in found) else 1


def run_schedule(_: argparse.Namespace, settings: Settings) -> int:
    """Serve the schedules until told to stop."""
    from ..schedule import processes as scheduling

    return scheduling.run(settings, os.environ)


def run_accept(args: argparse.Namespace, settings: Settings) -> int:
    """Release a landing from quarantine by hand."""
    from ..refresh import steps
    from ..release import lock, releases

    with lock.locked(settings):
        releases.sweep(settings)
        return _published(steps.accept(settings, args.source, datetime.now(UTC)), settings)


def run_verify(_: argparse.Namespace, settings: Settings) -> int:
    """Print every claim; 1 when one that the previous release confirmed is confirmed no more."""
    from ..refresh import report

    words, broken_count = report.verified(settings)
    print(words)
    return 1 if broken_count else 0


def run_rollback(_: argparse.Namespace, settings: Settings) -> int:
    """Return to the previous release."""
    from ..refresh import steps
    from ..release import lock

    with lock.locked(settings):
        left, current, held_back = steps.rollback(settings, datetime.now(UTC))
    print(f"current is now {current.release_id}; {left} was left and stays in data/releases.")
    if held_back:
        print(f"What it had added of {', '.join(held_back)} is held back; `trends accept SOURCE` lets it pass again.")
    else:
        print("Refreshes do not publish the input of the release that was left again; `trends build` does.")
    return 0


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


def _published(built: "Built", settings: Settings) -> int:
    from ..refresh.report import near

    print(f"published {built.release.release_id}: {near(settings.current / 'site' / 'index.html')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
