"""One process at a time; one that was killed is known by the name that it left."""

import errno
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from flows.errors import ReleaseError
from flows.release import lock
from flows.settings import PROJECT, Settings

BEGINS = "import time, pathlib; from flows.release import lock; from flows.settings import Settings\n"
HOLDS = BEGINS + "with lock.locked(Settings(data=pathlib.Path({!r}))): print('in', flush=1); time.sleep(60)"
PULLS = BEGINS + (
    "with lock.shared(Settings(data=pathlib.Path({0!r}))), lock.pulling(Settings(data=pathlib.Path({0!r})), 'a', 0):\n"
    "    print('in', flush=1); time.sleep(60)"
)


@pytest.fixture(autouse=True)
def _short_glance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is refused is refused soon."""
    monkeypatch.setattr(lock, "GLANCE_SECONDS", 0.1)


def test_two_refreshes_at_once_are_refused_and_a_killed_one_leaves_word_but_no_lock(settings: Settings) -> None:
    code = HOLDS.format(str(settings.data))
    with subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "in\n"
        with (
            pytest.raises(ReleaseError, match=f"another refresh is at work .process {other.pid}, since .* UTC."),
            lock.locked(settings),
        ):
            pass
        assert lock.ended(settings) == "", "it is at work"
        other.kill()
        other.wait()
    assert lock.at_work(settings) == ""
    killed = lock.ended(settings)
    assert killed.startswith(f"process {other.pid}, since ")
    assert "was ended from outside" in killed
    with lock.locked(settings):
        pass
    assert lock.ended(settings) == killed, "kept until it is told, whoever was at work since"
    lock.forget_ended(settings)
    assert lock.ended(settings) == ""


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ReleaseError("no space"), None])
def test_who_ends_by_itself_leaves_no_word(settings: Settings, error: BaseException | None) -> None:
    try:
        with lock.locked(settings):
            if error:
                raise error
    except (KeyboardInterrupt, ReleaseError):
        pass
    assert lock.ended(settings) == ""


STOPS = """
import pathlib, threading, time
from flows.refresh import steps
from flows.release import lock
from flows.settings import Settings
from tests.faults import bystander
settings, asking = Settings(data=pathlib.Path({!r})), threading.Event()
def slow(*_):
    asking.set()
    time.sleep(60)
steps.no_network = lambda *_: None
steps.pull_one = slow
def stop(_):
    asking.wait()
    raise KeyboardInterrupt
steps.Future.result = stop
try:
    with lock.locked(settings):
        steps.pull(settings, [bystander()], None)
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


def test_what_a_stopped_run_leaves_at_work_keeps_the_next_one_out_until_the_process_ends(settings: Settings) -> None:
    """Two would write status.json at once."""
    code = STOPS.format(str(settings.data))
    with subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "stopped\n"
        with pytest.raises(ReleaseError, match="a process that is starting or ending"), lock.locked(settings):
            pass
        other.kill()
    with lock.locked(settings):
        pass
    assert lock.ended(settings) == ""


def test_a_look_at_the_lock_makes_no_file(settings: Settings) -> None:
    settings.data.mkdir(exist_ok=True)
    assert (lock.at_work(settings), lock.ended(settings)) == ("", "")
    assert list(settings.data.iterdir()) == []
    with lock.locked(settings):
        assert lock.at_work(settings).startswith(f"process {os.getpid()}, since ")
    assert lock.at_work(settings) == ""


def test_a_data_folder_that_cannot_be_made_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    blocked = Settings(data=tmp_path / "file" / "data")
    with pytest.raises(ReleaseError, match=r"cannot be written.*TRENDS_DATA"), lock.locked(blocked):
        pass


@pytest.mark.parametrize("error", [IsADirectoryError(21, "Is a directory", "status.json"), OSError(24, "Too many")])
def test_what_is_in_the_way_is_told_in_one_line(settings: Settings, error: OSError) -> None:
    with pytest.raises(ReleaseError, match="move away what is in the way"), lock.locked(settings):
        raise error


def test_a_lock_that_is_none(settings: Settings) -> None:
    (settings.data / ".lock").mkdir(parents=True)
    with pytest.raises(ReleaseError, match=r"\.lock: the data folder cannot be written .Is a directory"):
        lock.locked(settings).__enter__()
    assert (lock.at_work(settings), lock.ended(settings)) == ("", "")


def test_a_name_that_the_version_before_left_is_of_no_killed_run(settings: Settings) -> None:
    settings.data.mkdir(exist_ok=True)
    (settings.data / ".lock").write_text("process 12")  # it stood there after every refresh that failed
    assert lock.ended(settings) == ""
    with lock.locked(settings):
        pass
    assert lock.ended(settings) == ""


def test_workers_pull_side_by_side_a_source_one_at_a_time_and_a_build_waits_for_them(settings: Settings) -> None:
    code = PULLS.format(str(settings.data))
    with subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "in\n"
        busy = pytest.raises(ReleaseError, match=f"another refresh is at work .process {other.pid}, since .* UTC.")
        with lock.shared(settings):
            with lock.pulling(settings, "b", 0):
                assert f"process {os.getpid()}, since " in lock.at_work(settings)
            with busy, lock.pulling(settings, "a", 0):
                pass
        with busy, lock.locked(settings):
            pass
        assert lock.ended(settings) == "", "it is at work"
        other.kill()
        other.wait()
    killed = lock.ended(settings)
    assert killed.startswith(f"process {other.pid}, since ")
    with lock.locked(settings):
        assert lock.at_work(settings).startswith(f"process {os.getpid()}, since ")
        assert lock.ended(settings) == killed
    lock.forget_ended(settings)
    assert lock.ended(settings) == "", "told once, whoever pulls that source next"


def test_pulls_that_overlap_without_end_let_a_build_in_and_wait_for_it(settings: Settings) -> None:
    ended = threading.Event()

    def pull() -> int:
        count = 0
        while not ended.is_set():
            with lock.shared(settings, 20):
                time.sleep(0.1)
            count += 1
        return count

    with ThreadPoolExecutor(4) as pool:
        pulls = []
        for _ in range(4):
            pulls.append(pool.submit(pull))
            time.sleep(0.025)
        try:
            with lock.locked(settings, 5):
                pass
            time.sleep(0.25)
        finally:
            ended.set()
        assert min(each.result() for each in pulls) >= 2, "they go on"


def test_one_that_waits_for_its_turn_is_named_and_holds_nobody_up_once_killed(
    settings: Settings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = HOLDS.format(str(settings.data)).replace(")))", ")), 60)")
    with (
        lock.shared(settings),
        subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT, stdout=subprocess.PIPE) as other,
    ):
        turn, end = settings.data / ".turn", time.monotonic() + 30
        while not (turn.exists() and turn.read_text()) and time.monotonic() < end:
            time.sleep(0.05)
        with (
            pytest.raises(ReleaseError, match=f"; next in turn is process {other.pid}, since .* UTC."),
            lock.shared(settings),
        ):
            pass
        monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0.1)
        caplog.set_level("INFO")
        with pytest.raises(ReleaseError), lock.shared(settings, 0.3):
            pass
        assert f"s more for {lock.NAMELESS}; next in turn is process {other.pid}" in caplog.text
        other.kill()
        other.wait()
        with lock.shared(settings):
            pass
    assert lock.ended(settings) == "", "it had not begun"


def test_of_runs_that_were_killed_each_is_told(settings: Settings) -> None:
    """Of a worker that was killed while it pulled several sources, the next one may find them all at once."""
    folder = settings.data / ".pulling"
    folder.mkdir(parents=True)
    names = [f"process {number}, since 2026-11-21 12:00 UTC" for number in range(8)]
    for name in names:
        (folder / name.split()[1].strip(",")).write_text(name)

    def pull(number: int) -> None:
        with lock.pulling(settings, str(number), 5):
            pass

    with lock.shared(settings), ThreadPoolExecutor(4) as pool:
        list(pool.map(pull, range(4)))
    with lock.locked(settings):
        pass
    told = lock.ended(settings)
    assert [told.count(name) for name in names] == [1] * 8


def test_who_was_killed_is_not_at_work_while_others_pull(settings: Settings) -> None:
    settings.data.mkdir(exist_ok=True)
    killed = "process 12, since 2026-11-21 12:00 UTC"
    (settings.data / ".lock").write_text(killed)
    with lock.shared(settings):
        assert lock.at_work(settings) == lock.NAMELESS
        assert lock.ended(settings).startswith(killed)
        with lock.pulling(settings, "a", 0):
            assert lock.at_work(settings).startswith(f"process {os.getpid()}, since ")
            assert killed not in lock.at_work(settings)


def test_a_file_system_without_locks_is_told_in_one_line(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", none)
    for held in (lock.locked(settings), lock.shared(settings), lock.noting(settings)):
        with pytest.raises(ReleaseError, match="expected a file system that locks, found No locks available"), held:
            pass
    assert lock.at_work(settings) == ""


def test_who_notes_does_not_wait_for_ever_for_one_that_was_halted(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "LONGEST_NOTE", 0.0)
    with lock.noting(settings), pytest.raises(ReleaseError, match="at work"), lock.noting(settings):
        pass


def test_nobody_pulls_while_a_build_is_at_work(settings: Settings) -> None:
    with (
        lock.locked(settings),
        pytest.raises(ReleaseError, match=f"at work .process {os.getpid()}, since"),
        lock.shared(settings),
    ):
        pass


def test_an_end_that_unwinds_nothing_takes_out_every_name_of_the_process(settings: Settings) -> None:
    with lock.shared(settings), lock.pulling(settings, "a", 0), lock.pulling(settings, "b", 0):
        lock.leave()
        assert [path.read_text() for path in (settings.data / ".pulling").iterdir()] == ["", ""]
