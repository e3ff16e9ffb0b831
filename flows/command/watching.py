"""What says how things stand."""

import argparse
import json
import os
from datetime import UTC, datetime

from ..settings import Settings
from .chapters import Add

EXAMPLES = {
    "status": """examples:
  trends status                            what each source gave, when, and what went wrong
  trends status --json                     the same for a monitor; exit 1 when a source is stale""",
    "doctor": """example:
  trends doctor                            network, proxy, clock, disk, permissions, landings, versions""",
    "probe": """examples:
  trends probe                             one small question to every host, in under 20 seconds
  trends probe openalex_citations --json   one source, for a monitor
  trends probe --hosts                     what a firewall has to let through""",
    "verify": """example:
  trends verify                            every published claim with its verdict; exit 1 if a confirmed one broke""",
}


def add_commands(add: Add) -> None:
    """Add the words of this chapter."""
    status = add("status", run_status, "show what each source gave, and how fresh it is; exit 1 when one is stale")
    status.add_argument("--json", action="store_true", help="for machines")
    add("doctor", run_doctor, "look for the usual trouble and say the cure; exit 1 when there is some")
    probe = add("probe", run_probe, "ask every host one small question and say what differs; exit 1 when one fails")
    probe.add_argument("source", nargs="*", metavar="SOURCE", help="ask the hosts of this source alone")
    probe.add_argument("--json", action="store_true", help="for machines")
    probe.add_argument("--hosts", action="store_true", help="list the hosts and ask none")
    add("verify", run_verify, "check every published claim against the figures of the current release")


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


def run_doctor(_: argparse.Namespace, settings: Settings) -> int:
    """Look for the usual trouble."""
    from ..refresh import report
    from ..refresh.health import together
    from . import doctor

    found = doctor.examine(settings, os.environ, datetime.now(UTC))
    print(report.table(("", "", ""), [("ok" if one.is_fine else "BAD", one.what, one.found) for one in found]).lstrip())
    for what, cure in together([(one.what, one.cure) for one in found if not one.is_fine]):
        print(f"{what}: {cure}")
    return 0 if all(one.is_fine for one in found) else 1


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


def run_verify(_: argparse.Namespace, settings: Settings) -> int:
    """Print every claim; 1 when one that the previous release confirmed is confirmed no more."""
    from ..refresh import report

    words, broken_count = report.verified(settings)
    print(words)
    return 1 if broken_count else 0
