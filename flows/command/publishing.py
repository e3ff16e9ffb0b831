"""What makes and publishes a release, and what takes one back."""

import argparse
import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..settings import Settings
from . import endings
from .chapters import Add

if TYPE_CHECKING:
    from ..refresh.unchanged import Built

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
    "accept": """example:
  trends accept papers_with_code           after `trends status` told why its landing is held back""",
    "rollback": """example:
  trends rollback                          publish the previous release again""",
    "schedule": """examples:
  trends schedule                          a Prefect server on port 4200, and every source at its cadence
  PREFECT_API_URL=http://server:4200/api trends schedule     with a server that runs already""",
}


def add_commands(add: Add) -> None:
    """Add the words of this chapter."""
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
    accept = add("accept", run_accept, "use a landing that was held back, and publish what is made with it")
    accept.add_argument("source", metavar="SOURCE", help="source that `trends status` shows as held back")
    add("rollback", run_rollback, "publish the previous release again")
    add("schedule", run_schedule, "refresh every source at its cadence until stopped, beside a Prefect server")


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
    from ..refresh import making
    from ..release import lock, releases

    if args.single_file:
        size = making.write_single_file(settings, args.single_file)
        print(f"{args.single_file}: all pages, {size / 1e6:.1f} MB; opens from disk, asks nothing of the network")
        return 0
    with lock.locked(settings):
        releases.sweep(settings)
        return _published(making.render_again(settings, datetime.now(UTC)), settings)


def run_accept(args: argparse.Namespace, settings: Settings) -> int:
    """Release a landing from quarantine by hand."""
    from ..refresh import steps
    from ..release import lock, releases

    with lock.locked(settings):
        releases.sweep(settings)
        return _published(steps.accept(settings, args.source, datetime.now(UTC)), settings)


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


def run_schedule(_: argparse.Namespace, settings: Settings) -> int:
    """Serve the schedules until told to stop."""
    from ..schedule import processes as scheduling

    return scheduling.run(settings, os.environ)


def _published(built: "Built", settings: Settings) -> int:
    from ..refresh.report import near

    print(f"published {built.release.release_id}: {near(settings.current / 'site' / 'index.html')}")
    return 0
