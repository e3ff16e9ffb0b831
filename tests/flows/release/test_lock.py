"""One process at a time; one that was killed is known by the name that it left."""

import os
import subprocess
import sys

import pytest

from flows.errors import ReleaseError
from flows.release import lock
from flows.settings import PROJECT, Settings

HOLDS = (
    "import time, pathlib; from flows.release import lock; from flows.settings import Settings\n"
    "with lock.locked(Settings(data=pathlib.Path({!r}))): print('in', flush=1); time.sleep(60)"
)


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
