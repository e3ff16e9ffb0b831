"""The refresh as Prefect flows and tasks, one line each around flows/refresh/steps.py: `python -m flows.refresh`.

`refresh` asks any sources in parallel, then builds, checks, publishes and renders; each source has a flow of its own
name that asks it alone, for its schedule (flows/schedule/serving.py). Runs of several workers that share the data
folder pull beside each other and build in turn. Only flows/schedule imports prefect, which takes seconds. Run without a
server, Prefect starts one for the run.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from prefect import Flow, State, flow, get_client, get_run_logger, runtime, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.blocks.abstract import NotificationBlock
from prefect.blocks.core import Block
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed, Failed

from ..ask.query import opened, warehouse_path
from ..errors import SourceError, stop_behind
from ..landing.status import SourceCheck
from ..refresh import alerts, channels, report, steps
from ..refresh.unchanged import Built
from ..release import lock, releases, told
from ..settings import Settings
from ..sources import SOURCES

RETRIES = 3
MOST_CHANGES = 20
LONGEST_GOODBYE = 20.0  # seconds for telling of an end, which may hang as well


class Unanswered(Exception):
    """A source failed in a way that may pass; `check` is what is known of it."""

    def __init__(self, check: SourceCheck) -> None:
        self.check = check
        super().__init__(check.message)


@task(
    name="pull",
    task_run_name="pull {name}",
    retries=RETRIES,
    retry_jitter_factor=1,
    retry_condition_fn=lambda _task, _run, state: isinstance(state.result(raise_on_failure=False), Unanswered),
    cache_policy=NO_CACHE,
)
def pull(settings: Settings, name: str) -> SourceCheck:
    """Ask one source, which no other worker asks meanwhile; what may pass is raised, so that it is asked again."""
    source = steps.chosen([name])
    with lock.pulling(settings, name, wait=settings.refresh_seconds):
        # By a time before that, what another worker found while we waited for it would be yet to come.
        now = datetime.now(UTC)
        check = steps.pull_and_note(settings, source[0], now, steps.no_network(settings, source))
    if check.outcome == "failed" and check.may_pass:
        raise Unanswered(check)
    return check


@task(name="build, check, publish and render", cache_policy=NO_CACHE)
def publish(settings: Settings, now: datetime) -> Built:
    """Build the warehouse, draw the pages, publish both."""
    return steps.build(settings, now)


@flow(name="refresh", validate_parameters=False)
def refresh(names: list[str] | None = None) -> State[str]:
    """Ask sources in parallel, then build and publish; failed, with its name, when a source failed.

    Args:
        names: of the sources; None asks all of them, an empty list none.
    """
    return _refresh([source.NAME for source in SOURCES] if names is None else names)


def _flow_of(name: str) -> Any:
    """The flow of one source, which Prefect finds in this module by its name."""

    def asked() -> State[str]:
        return _refresh([name])

    asked.__name__ = asked.__qualname__ = name
    asked.__doc__ = f"Ask {name}, then build and publish what is new."
    return flow(name=name)(asked)


SOURCE_FLOWS: dict[str, Flow[[], State[str]]] = {
    source.NAME: _flow_of(source.NAME) for source in SOURCES if source.HOSTS
}
globals().update(SOURCE_FLOWS)


def _refresh(names: list[str]) -> State[str]:
    settings = Settings.from_env(os.environ)
    names = [name for name in names if steps.chosen([name])[0].HOSTS]

    def notify(events: Sequence[channels.Event]) -> None:
        _notify(settings, events)

    wait, checks = settings.refresh_seconds, dict[str, SourceCheck]()
    with alerts.watching(settings, None, notify):
        if names:
            with lock.shared(settings, wait), _ended_after(settings, notify):
                pauses = [settings.retry_seconds * 2**number for number in range(RETRIES)]
                asked = {name: pull.with_options(retry_delay_seconds=pauses).submit(settings, name) for name in names}
                checks = {name: _check(future.result(raise_on_failure=False)) for name, future in asked.items()}
        with lock.locked(settings, wait), _ended_after(settings, notify):
            now = datetime.now(UTC)
            alerts.tell_ended(settings, now, notify)
            releases.sweep(settings)
            before = releases.current(settings)
            done = steps.Report(checks, publish(settings, now), before)
    words = _title(done)
    _leave_artifacts(settings, done)
    get_run_logger().info("%s\n%s", words, report.refreshed(settings, done))
    _rename_run(words)
    if done.failed_sources:
        return Failed(message=f"sources that failed: {', '.join(done.failed_sources)}; {words}")
    return Completed(message=words)


def _check(result: Any) -> SourceCheck:
    """What a pull found; a bug goes on."""
    if isinstance(result, Unanswered):
        return result.check
    if isinstance(result, BaseException):
        raise result
    return result  # type: ignore[no-any-return]  # a future of Any


def _title(done: steps.Report) -> str:
    """What a run did, as its name."""
    published = f"published {done.built.release.release_id}" if done.built.is_new else "nothing new"
    outcomes = ", ".join(f"{name} {check.outcome}" for name, check in done.checks.items()) or "no source asked"
    return f"{published}: {outcomes}"


def _leave_artifacts(settings: Settings, done: steps.Report) -> None:
    """Leave what a person looks for first: sources, rows, changes, troubles and the way to the pages."""
    release = done.built.release
    with opened(warehouse_path(settings)) as con:
        create_table_artifact(_rows(con, "source_status"), key="sources", description="Every source at this release.")
        marts = {
            row[0]
            for row in con.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
        }
        for table in sorted(marts & {"changes"}):
            create_table_artifact(_rows(con, table), key=table, description="What is new against the previous release.")
        headlines = [sentence for (sentence,) in told.headlines(con)]
    counts = [{"table": f"marts.{name}", "rows": count} for name, count in release.row_counts.items()]
    create_table_artifact(counts, key="row-counts", description=f"Rows of release {release.release_id}.")
    page = settings.current / "site" / "index.html"
    create_link_artifact(page.as_uri(), link_text=f"release {release.release_id}", key="pages")
    troubles = [f"- **{key}**: {words}" for key, words in alerts.open_troubles(settings).items()]
    lines = [f"# {_title(done)}", *headlines, "## What needs a person", *(troubles or ["Nothing."])]
    create_markdown_artifact("\n\n".join(lines), key="refresh", description="What this run did.")


def _rows(con: Any, table: str) -> list[dict[str, Any]]:
    found = con.execute(f"select * from marts.{table} limit {MOST_CHANGES}")
    names = [column[0] for column in found.description]
    return [
        {name: str(value) if value is not None else "" for name, value in zip(names, row, strict=True)}
        for row in found.fetchall()
    ]


def _notify(settings: Settings, events: Sequence[channels.Event]) -> None:
    """Hand events to the operator's Prefect block, Slack, email and others, as one message."""
    title, text = channels.digest(events)
    try:
        block = Block.load(settings.alert_block or "")
        if not isinstance(block, NotificationBlock):
            raise TypeError(f"{type(block).__name__} is no notification block")
        told: Any = block.notify(text, subject=title)  # awaits by itself outside of async code
        del told
    except Exception as error:  # a block raises whatever the library of its service does, and may hold a secret
        raise SourceError(
            f"TRENDS_ALERT_BLOCK {settings.alert_block}",
            "a notification block that takes an alert",
            type(error).__name__,
            "Look it up with `prefect block ls`; the alert is sent again at the next run.",
        ) from None


def _rename_run(words: str) -> None:
    """Give the run a name that says what it did; a server that does not answer costs only the name."""
    with suppress(Exception), get_client(sync_client=True) as client:
        client.update_flow_run(runtime.flow_run.id, name=words[:200])


@contextmanager
def _ended_after(settings: Settings, notify: alerts.Send) -> Iterator[None]:
    """End the process at its time limit, whatever it hangs in: a kill at any moment leaves whole releases only.

    That is told before the end. A SIGTERM ends it too, and is told, as nobody here can know who sent it: a thread may
    sleep for minutes before it asks again. Ctrl-C is a person's, who knows.
    """

    def end(code: int, words: str) -> None:
        last = threading.Timer(LONGEST_GOODBYE, os._exit, (code,))
        last.daemon = True
        last.start()
        alerts.tell(settings, datetime.now(UTC), words, notify)
        lock.leave()
        os._exit(code)

    seconds = settings.refresh_seconds
    words = (
        f"the refresh: expected to end within {seconds:g} s, found it still at work; it was ended. "
        "Read its log; raise TRENDS_REFRESH_SECONDS if it only needs longer."
    )
    timer = threading.Timer(seconds, end, (75, words))
    timer.daemon = True
    timer.start()
    try:
        yield
    except BaseException as error:
        stop = stop_behind(error)
        if stop is None:
            raise
        if isinstance(stop, KeyboardInterrupt):
            lock.leave()
            os._exit(130)
        end(143, alerts.STOPPED)
    finally:
        timer.cancel()
