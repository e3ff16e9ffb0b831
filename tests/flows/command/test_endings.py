"""Every end of a command is one line and an exit code, and what hangs does not hold it."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.command import endings
from flows.errors import SourceError, Stopped
from flows.settings import PROJECT
from tests.loopback import Answer, Loopback

WITHOUT = (
    "import sys; sys.modules[sys.argv.pop(1)] = None\nfrom flows.command.cli import main\nsys.exit(main(sys.argv[1:]))"
)


def run(data: Path, *words: str, **more: str) -> subprocess.Popen[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("TRENDS_")}
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=PROJECT,
        env=environ | {"TRENDS_DATA": str(data)} | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(
    ("error", "words", "code"),
    [
        (KeyboardInterrupt(), "interrupted", 130),
        (Stopped("SIGTERM"), "stopped from outside (SIGTERM)", 143),
        (SourceError("https://x", "one", "two", "Cure."), "expected one, found two. Cure.", 1),
        (ModuleNotFoundError("No module named 'brotli'", name="brotli"), "the package brotli", 1),
    ],
)
def test_an_end_is_one_line_and_a_code(
    error: BaseException, words: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert endings.told(error) == code
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def test_a_module_of_ours_that_is_missing_is_a_bug() -> None:
    with pytest.raises(ModuleNotFoundError):
        endings.told(ModuleNotFoundError("No module named 'flows.x'", name="flows.x"))


@pytest.mark.slow
@pytest.mark.parametrize(("streams", "code"), [("> /dev/full", 1), (">&-", 0), (">&- 2>&-", 0)])
def test_a_standard_output_that_takes_nothing(tmp_path: Path, streams: str, code: int) -> None:
    command = f"{sys.executable} -m flows.command.cli models {streams}"
    environ = os.environ | {"TRENDS_DATA": str(tmp_path)}
    done = subprocess.run(["sh", "-c", command], cwd=PROJECT, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    if code:
        assert "standard output: expected to read or write here, found No space left" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("package", ["requests"])
def test_a_package_that_is_missing_is_one_line_and_stands_in_the_status(tmp_path: Path, package: str) -> None:
    """A `git pull` brought a new dependency, and cron goes on without `make setup`."""
    with run(tmp_path, "-c", WITHOUT, package, "refresh", "--offline") as process:
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert "Traceback" not in said
    assert f"expected the package {package}" in said.splitlines()[-1]
    assert "make setup" in said
    with run(tmp_path, "-m", "flows.command.cli", "status", "--json") as process:
        told, said = process.communicate(timeout=60)
    assert process.returncode == 1, said
    assert f"expected the package {package}" in json.loads(told)["troubles"]["failed:refresh"]


@pytest.mark.slow
@pytest.mark.parametrize(("by", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 143), (signal.SIGINT, 130)])
def test_a_stop_is_told_though_a_source_hangs(server: Loopback, tmp_path: Path, by: int, code: int) -> None:
    """Threads that wait for an answer do not hold the process, so that the service manager need not kill it."""
    server.answer("hn.algolia.com", "/api/v1/search_by_date", Answer(b"", stall_seconds=60))
    server.answer("hooks.example", "/hook", Answer("ok"))
    hook = {"TRENDS_MIRROR": server.address, "TRENDS_ALERT_WEBHOOK": f"{server.address}/hooks.example/hook"}
    with run(tmp_path, "-m", "flows.command.cli", "refresh", "--source", "hn_hiring", **hook) as process:
        end = time.monotonic() + 60
        while not server.asked("/api/v1/search_by_date") and time.monotonic() < end:
            time.sleep(0.05)
        began = time.monotonic()
        process.send_signal(by)
        said = process.communicate(timeout=60)[1]
    assert process.returncode == code, said
    assert time.monotonic() - began < 15
    assert "Traceback" not in said
    told = [one for request in server.asked("/hook") for one in json.loads(request.body)["events"]]
    assert [(one["kind"], one["subject"]) for one in told] == ([] if by == signal.SIGINT else [("failed", "refresh")])


CLOSED = """
import threading, time
from flows.command import endings
endings.unwind_when_stopped()
threading.Thread(target=time.sleep, args=(20,)).start()
try:
    print("begun", flush=True)
    time.sleep(20)
except BaseException as error:
    endings.leave(endings.told(error))
"""


def test_a_terminal_that_was_closed_ends_it_all_the_same() -> None:
    """Nothing can be said there any more, and no thread is waited for."""
    ours, terminal = pty.openpty()
    with subprocess.Popen([sys.executable, "-c", CLOSED], cwd=PROJECT, stdout=terminal, stderr=terminal) as process:
        os.close(terminal)
        assert b"begun" in os.read(ours, 100)
        os.close(ours)
        started = time.monotonic()
        process.send_signal(signal.SIGHUP)
        assert process.wait() == endings.STOPPED
    assert time.monotonic() - started < 10
