"""`trends schedule`: a Prefect server of our own unless PREFECT_API_URL names one, and the process that serves.

Both are children of this process and end with it, however it ends. What Prefect keeps lies in data/prefect; losing it
loses the list of past runs and nothing else.
"""

import ctypes
import fcntl
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import requests

from ..errors import ScheduleError, SettingsError
from ..refresh.health import anchor, every
from ..settings import Settings
from ..sources import SOURCES

log = logging.getLogger(__name__)

START_SECONDS = 180.0
STOP_SECONDS = 30.0
LONGEST_LOG, LOGS_KEPT = 5_000_000, 3
PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


def run(settings: Settings, environ: Mapping[str, str]) -> int:
    """Serve until SIGINT or SIGTERM, which is a clean end; raise when a child ends by itself."""
    wanted, known = settings.schedule_sources.split(","), {source.NAME for source in SOURCES}
    if unknown := [name.strip() for name in wanted if name.strip() and name.strip() not in known]:
        raise SettingsError(
            f"TRENDS_SCHEDULE_SOURCES: expected names of sources joined by commas, found {', '.join(unknown)}. "
            "`trends status` lists them."
        )
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    with alone(settings):
        words = environment(settings, environ)
        started: list[subprocess.Popen[bytes]] = []
        try:
            if "PREFECT_API_URL" not in environ:
                started.append(_start_server(settings, words, stopping))
            started.append(_start(settings, words, "serving", [sys.executable, "-m", f"{__package__}.serving"]))
            log.warning("Schedules are served; runs and artifacts: %s", words["PREFECT_API_URL"].removesuffix("/api"))
            while not stopping.wait(0.5):
                for name in ("server", "serving"):
                    rotate(_log(settings, name))
                for child in started:
                    if child.poll() is not None:
                        raise ScheduleError(_ended(settings, child))
            log.warning("Stopping")
        finally:
            for child in reversed(started):
                _stop(child)
    return 0


def environment(settings: Settings, environ: Mapping[str, str]) -> dict[str, str]:
    """What the children get: Prefect's files in our data folder, no telemetry, old runs deleted by its own service."""
    ours = {
        "PREFECT_HOME": str(settings.data / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{settings.schedule_port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_EXTRA_LOGGERS": (__package__ or "").removesuffix(".schedule"),
        "DO_NOT_TRACK": "1",
        "TRENDS_DATA": str(settings.data),
        # Prefect's runner makes a folder of one name there: whoever ran first would lock all other users out of it.
        "TMPDIR": str(settings.data / "prefect" / "tmp"),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(settings.project), environ.get("PYTHONPATH", "")])),
    }
    return {**ours, **environ, **{name: ours[name] for name in ("TRENDS_DATA", "TMPDIR", "PYTHONPATH")}}


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Let one `trends schedule` serve a data folder; the kernel drops the lock with the process."""
    path = settings.data / "prefect" / ".lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        file = path.open("a", encoding="utf-8")
    except OSError as error:
        raise _unwritable(path.parent, error) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ScheduleError(
                f"{settings.data}: expected no other `trends schedule` at work on this folder, found one. "
                "Stop it first, or name another folder in TRENDS_DATA."
            ) from error
        shutil.rmtree(path.parent / "tmp", ignore_errors=True)
        try:
            (path.parent / "tmp").mkdir(exist_ok=True)
        except OSError as error:
            raise _unwritable(path.parent, error) from error
        yield


def _unwritable(folder: Path, error: OSError) -> ScheduleError:
    return ScheduleError(
        f"{folder}: expected a folder that can be written, found {error.strerror}. "
        "Free the disk, correct its permissions, or name another folder in TRENDS_DATA."
    )


def _start_server(settings: Settings, words: dict[str, str], stopping: threading.Event) -> subprocess.Popen[bytes]:
    port = settings.schedule_port
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.schedule_host, port))
        except OSError as error:
            raise SettingsError(
                f"TRENDS_SCHEDULE_PORT: expected port {port} to be free for the Prefect server, found "
                f"{error.strerror}. Name another port, or a server that runs already in PREFECT_API_URL."
            ) from error
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", settings.schedule_host]
    command += ["--port", str(port)]
    child = _start(settings, words, "server", command)
    log.warning("Starting the Prefect server on port %d; the first time takes half a minute", port)
    end = time.monotonic() + START_SECONDS
    while not stopping.wait(0.2):
        with suppress(requests.RequestException):
            if requests.get(f"{words['PREFECT_API_URL']}/health", timeout=2).ok:
                break
        if child.poll() is not None or time.monotonic() > end:
            _stop(child)
            raise ScheduleError(_ended(settings, child))
    return child


def _start(settings: Settings, words: dict[str, str], name: str, command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own: Ctrl-C reaches only us, and we stop the children in order."""
    # Appended to: what the last life said, the reason of its end too, stays above.
    with _log(settings, name).open("ab") as file:
        return subprocess.Popen(
            command,
            cwd=settings.project,
            env=words,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _stop(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def rotate(path: Path) -> None:
    """Keep a log that has grown too long as PATH.1 and begin anew; who writes to it goes on at its new end."""
    if not path.exists() or path.stat().st_size < LONGEST_LOG:
        return
    for number in range(LOGS_KEPT, 1, -1):
        older = path.with_name(f"{path.name}.{number - 1}")
        if older.exists():
            older.replace(path.with_name(f"{path.name}.{number}"))
    shutil.copyfile(path, path.with_name(f"{path.name}.1"))
    os.truncate(path, 0)


def _log(settings: Settings, name: str) -> Path:
    return settings.data / "prefect" / f"{name}.log"


def _ended(settings: Settings, child: subprocess.Popen[bytes]) -> str:
    name = "server" if "server" in child.args else "serving"  # type: ignore[operator]  # a list of words
    path = _log(settings, name)
    last = path.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:] or ["nothing"]
    return (
        f"{path}: expected the {name} process to go on, found that it ended with {child.returncode}; it last said: "
        f"{last[0].strip()} Read that file, then run `trends schedule` again; `trends doctor` helps."
    )


def prefect_yaml(settings: Settings) -> str:
    """The deployments for those who run their own workers: what `python -m flows.schedule.processes` writes."""
    lines = [
        "# Made by `python -m flows.schedule.processes > deploy/prefect.yaml`. With a server in PREFECT_API_URL, once:",
        "#     prefect work-pool create framework-trends --type process",
        "#     TRENDS_PROJECT=$PWD prefect --no-prompt deploy --all --prefect-file deploy/prefect.yaml",
        "#     python -m flows.schedule.pool     # runs of workers that died are done by others",
        "# and on each host that pulls, with one TRENDS_DATA for all, on a file system that locks (docs/scale.md):",
        "#     prefect worker start --pool framework-trends --type process --limit 1",
        "name: framework-trends",
        "pull:",
        "  - prefect.deployments.steps.set_working_directory:",
        '      directory: "{{ $TRENDS_PROJECT }}"',
        "definitions:",
        "  work_pool: &pool",
        "    name: framework-trends",
        '    job_variables: {env: {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: "30"}}',
        "deployments:",
    ]
    for source in (each for each in SOURCES if each.HOSTS):  # those with a flow of their own
        lines += [
            "  - name: scheduled",
            f"    entrypoint: flows.schedule.flows.{source.NAME}",
            f"    tags: [framework-trends, {source.NAME}]",
            "    concurrency_limit: 1",
            "    schedules:",
            f"      - interval: {every(settings, source.NAME).total_seconds():.0f}",
            f'        anchor_date: "{anchor(settings, source.NAME).isoformat()}"',
            "        timezone: UTC",
            "    work_pool: *pool",
        ]
    lines += [
        "  - name: by-hand",
        "    entrypoint: flows.schedule.flows.refresh",
        "    tags: [framework-trends]",
        "    concurrency_limit: 1",
        "    work_pool: *pool",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(prefect_yaml(Settings()))
