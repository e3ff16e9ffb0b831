"""The Prefect tasks: what may pass is raised, so that Prefect asks again; what cannot pass is reported at once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from flows.errors import SourceError, WarehouseError
from flows.refresh import alerts, channels, steps
from flows.release.releases import Release
from flows.settings import Settings
from flows.sources import SOURCES
from tests.loopback import Answer, Loopback

# Importing prefect takes seconds, and warns of what its own packages do.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOST = "huggingface.co"
LINKS = "/datasets/pwc-archive/links-between-paper-and-code/resolve/main/data/train-00000-of-00001.parquet"


@pytest.fixture(scope="module")
def flows() -> Any:
    from flows.schedule import flows as refresh

    return refresh


@pytest.mark.parametrize("answer", [Answer(status=503), Answer(status=429), Answer(no_answer=True)])
def test_what_may_pass_is_raised(flows: Any, settings: Settings, server: Loopback, answer: Answer) -> None:
    server.answer(HOST, LINKS, answer)
    with pytest.raises(flows.Unanswered) as caught:
        flows.pull.fn(settings, "papers_with_code")
    assert caught.value.check.outcome == "failed"
    assert flows.pull.retries == flows.RETRIES
    state = SimpleNamespace(result=lambda **_: caught.value)
    assert flows.pull.retry_condition_fn(None, None, state)


@pytest.mark.parametrize("answer", [Answer(status=404), Answer(status=403), Answer("<html>", status=200)])
def test_what_cannot_pass_is_not_tried_again(flows: Any, settings: Settings, server: Loopback, answer: Answer) -> None:
    server.answer(HOST, LINKS, answer)
    check = flows.pull.fn(settings, "papers_with_code")
    assert (check.outcome, check.may_pass) == ("failed", False)
    assert len(server.asked(LINKS)) == 1
    assert not flows.pull.retry_condition_fn(None, None, SimpleNamespace(result=lambda **_: ValueError()))


def test_no_network_may_pass(flows: Any, settings: Settings) -> None:
    with pytest.raises(flows.Unanswered, match="no network"):
        flows.pull.fn(replace(settings, mirror="http://127.0.0.1:9"), "papers_with_code")


def test_every_source_has_a_flow_of_its_own_and_a_deployment_at_its_cadence(flows: Any) -> None:
    from flows.schedule import serving

    made = {f"{one.flow_name}/{one.name}": one for one in serving.deployments(Settings())}
    assert set(made) == {f"{source.NAME}/scheduled" for source in SOURCES if source.HOSTS} | {"refresh/by-hand"}
    month = made["papers_with_code/scheduled"].schedules[0].schedule
    assert (month.interval.days, str(month.anchor_date)[:10]) == (30, "2026-01-05")
    assert made["papers_with_code/scheduled"].entrypoint == "flows.schedule.flows.papers_with_code"
    assert flows.papers_with_code.name == "papers_with_code"


def test_a_run_is_named_by_what_it_did(flows: Any) -> None:
    check = steps.failed(Settings(), SOURCES[0], NOW, "status 503", may_pass=True)
    release = Release("2026-11-21T120000Z", "f", NOW.isoformat())
    done = steps.Report({"papers_with_code": check}, steps.Built(release, is_new=True), None)
    assert flows._title(done) == "published 2026-11-21T120000Z: papers_with_code failed"
    assert flows._title(steps.Report({}, steps.Built(release, False), None)) == "nothing new: no source asked"


def test_a_block_that_fails_tells_no_secret(flows: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(_: str) -> None:
        raise ValueError("https://hooks.slack.com/planted-secret")

    monkeypatch.setattr(flows.Block, "load", load)
    event = channels.Event("failed", "x", "y", False, NOW.isoformat())
    with pytest.raises(SourceError, match=r"TRENDS_ALERT_BLOCK slack-webhook/ops.*prefect block ls") as caught:
        flows._notify(Settings(alert_block="slack-webhook/ops"), [event])
    assert "planted-secret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_run_that_waits_for_the_lock_has_its_full_time_after_it(flows: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of a run starts when it has the lock, and what ends it before that is told, too."""
    order: list[str] = []

    def noting(name: str) -> Any:
        @contextmanager
        def entered(*_: Any, **__: Any) -> Iterator[None]:
            order.append(name)
            if name == "ended after":
                raise InterruptedError
            yield

        return entered

    monkeypatch.setattr(flows.alerts, "watching", noting("told"))
    monkeypatch.setattr(flows.lock, "locked", noting("locked"))
    monkeypatch.setattr(flows, "_ended_after", noting("ended after"))
    with pytest.raises(InterruptedError):
        flows._refresh([])
    assert order == ["told", "locked", "ended after"]


def test_what_others_confirmed_while_a_run_waited_for_them_is_not_yet_to_come(
    flows: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the time of its begin, the clock would have been put back."""
    times: dict[str, datetime] = {}

    @contextmanager
    def locked(*_: object, **__: object) -> Iterator[None]:
        times["others ended"] = datetime.now(UTC)
        yield

    def ends(*_: object) -> None:
        raise WarehouseError("planted")

    monkeypatch.setenv("TRENDS_DATA", str(tmp_path))
    monkeypatch.setattr(flows.lock, "locked", locked)
    monkeypatch.setattr(flows.releases, "sweep", ends)
    monkeypatch.setattr(flows.alerts, "tell", lambda _, now, *__: times.update(told=now))
    with pytest.raises(WarehouseError, match="planted"):
        flows._refresh([])
    assert times["told"] > times["others ended"]


def test_a_run_that_takes_too_long_is_told_before_it_is_ended(
    flows: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.data.mkdir()
    ended: list[int] = []
    monkeypatch.setattr(flows.os, "_exit", ended.append)
    with flows._ended_after(replace(settings, refresh_seconds=0.05), lambda _: None):
        end = time.monotonic() + 20
        while not ended and time.monotonic() < end:
            time.sleep(0.05)
    assert ended == [75]
    assert "expected to end within 0.05 s" in alerts.open_troubles(settings)["failed:refresh"]
