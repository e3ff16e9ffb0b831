"""One table of what an operator is told, state by state: made by bringing each state about, so that it cannot drift.

It stands in states.txt beside this file; a row that is not so any more fails, and tells what it should be. Pages tell
how a source stood when they were made, and when it was confirmed: they do not age by themselves.
"""

import json
import re
import shutil
from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.command import doctor
from flows.command.cli import main
from flows.errors import Stopped, WarehouseError
from flows.landing.landing import landed_files
from flows.landing.status import Status, read_status, write_status
from flows.refresh import alerts, steps
from flows.settings import Settings
from flows.sources import hn_hiring
from tests.flows.sources.test_hn_hiring import MONTHS, serve_year
from tests.loopback import Answer, Loopback

NAME, LABEL = "hn_hiring", "Hiring posts on Hacker News"
# What the doctor says of this machine is not of these states.
MACHINE = ("network", "clock", "versions", "proxy", "python")
COLUMNS = ("state", "status", "json", "doctor", "alert", "exit", "page")


@dataclass
class Operator:
    """Who has installed this, and what he sees by each channel."""

    settings: Settings
    server: Loopback
    capsys: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch

    def refresh(self, days_ago: float = 0.0) -> None:
        steps.refresh(self.settings, [hn_hiring], datetime.now(UTC) - timedelta(days=days_ago))

    def edit(self, change: Callable[[Status], Status]) -> None:
        write_status(self.settings, change(read_status(self.settings)))

    def look(self) -> dict[str, str]:
        """What each channel says now; a service looks around at the end of each refresh."""
        told = [one for request in self.server.asked("/hook") for one in json.loads(request.body)["events"]]
        code = main(["status"])
        text = self.capsys.readouterr().out
        main(["status", "--json"])
        found = json.loads(self.capsys.readouterr().out)
        [source] = [one for one in found["sources"] if one["source"] == NAME]
        line = next(line for line in text.splitlines() if line.startswith(NAME))
        below = [word for word in ("failed:refresh", "disk:data", "release:current") if word in text]
        judged = doctor.examine(self.settings, {}, datetime.now(UTC))
        wrong = [one.what for one in judged if not one.is_fine and one.what not in MACHINE]
        pages = self.settings.current / "site" / "sources.html"
        badge = re.search(rf'id="source-{NAME}".*?<span class="badge[^"]*"[^>]*>([^<]+)<', pages.read_text(), re.DOTALL)
        return {
            "status": " ".join([source["state"] + (" STALE" if "STALE" in line else ""), *below]),
            "json": f"{source['state']}, stale {json.dumps(source['is_stale'])}, {sorted(found['troubles'])}",
            "doctor": ", ".join(wrong) or "ok",
            "alert": ", ".join(sorted({f"{one['kind']}:{one['subject']}" for one in told})) or "none",
            "exit": str(code),
            "page": badge[1] if badge else "no badge",
        }


def never_answered(operator: Operator) -> None:
    operator.server.answer("hn.algolia.com", "/api/v1/search_by_date", Answer(b"", status=503))
    operator.refresh(days_ago=20)
    operator.refresh()


def healthy(operator: Operator) -> None:
    serve_year(operator.server)
    operator.refresh()


def stale(operator: Operator) -> None:
    serve_year(operator.server)
    operator.refresh(days_ago=20)
    alerts.tell(operator.settings, datetime.now(UTC))


def held_back(operator: Operator) -> None:
    """The newest threads look wrong: what is in use is what was landed before them."""
    healthy(operator)
    files = tuple(file.source_file for file in landed_files(operator.settings, NAME) if "thread-11" in file.source_file)
    operator.edit(lambda status: status.with_quarantine(NAME, files, "Half its rows.", datetime.now(UTC)))
    steps.build(operator.settings, datetime.now(UTC), force=True)
    alerts.tell(operator.settings, datetime.now(UTC))


def build_failing(operator: Operator) -> None:
    healthy(operator)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(steps, "build", raising)
        with pytest.raises(WarehouseError):
            operator.refresh()


def killed(operator: Operator) -> None:
    """By the kernel's killer, say: the run after it that could tell has not come yet."""
    healthy(operator)
    (operator.settings.data / ".lock").write_text("process 12, since 2026-11-21 03:00 UTC")


def stopped(operator: Operator) -> None:
    healthy(operator)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(steps, "build", stopping)
        with pytest.raises(Stopped):
            operator.refresh()


def stopping(*_: object, **__: object) -> None:
    raise Stopped("SIGTERM")


def raising(*_: object, **__: object) -> None:
    raise WarehouseError("marts/x.sql: expected to be made, found no space.")


Usage = namedtuple("Usage", "total used free")


def disk_full(operator: Operator) -> None:
    healthy(operator)
    operator.patch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 10**6))
    alerts.tell(operator.settings, datetime.now(UTC))


STATES = (healthy, never_answered, stale, held_back, build_failing, killed, stopped, disk_full)
TABLE = Path(__file__).with_name("states.txt")


@pytest.mark.slow
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_every_channel_says_what_the_table_says(
    state: Callable[[Operator], None],
    server: Loopback,
    settings: Settings,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hn_hiring, "FIRST_MONTH", MONTHS[0])
    monkeypatch.setattr(hn_hiring, "PACES", {})
    monkeypatch.setenv("TRENDS_DATA", str(settings.data))
    server.answer("hooks.example", "/hook", Answer("ok"))
    with_hook = replace(settings, alert_webhook=f"{server.address}/hooks.example/hook")
    operator = Operator(with_hook, server, capsys, monkeypatch)
    state(operator)
    capsys.readouterr()
    found = operator.look()
    row = " | ".join((state.__name__.replace("_", " "), *(found[name] for name in COLUMNS[1:])))
    rows = TABLE.read_text(encoding="utf-8").splitlines() if TABLE.exists() else []
    assert row in rows, f"tests/flows/refresh/states.txt lacks: {row}"
