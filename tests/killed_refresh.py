"""Run a refresh that tells its steps on disk, or kills itself with SIGKILL right before one of them.

    python -m tests.killed_refresh FILE                 write "phase event path" of every step to FILE
    python -m tests.killed_refresh PHASE NUMBER         die right before the step of that number in that phase
    python -m tests.killed_refresh PHASE NUMBER lost    and lose what had not reached the disk, as in a power cut

Random moments seldom fall between two renames, which take microseconds; Python's audit events name every such step.
"""

import os
import signal
import sys
import time
from pathlib import Path

from flows.command import cli
from flows.settings import Settings

PHASES = ("landing", "build", "swap", "cleanup")
CHANGING = {"os.rename", "os.symlink", "os.link", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree", "os.chmod"}
REFRESH = ["refresh", "--source", "papers_with_code", "--strict"]


def phase_of(event: str, path: str, data: Path) -> str | None:
    """The part of a refresh that a step belongs to; None for steps outside the data folder."""
    if not path.startswith("/"):  # shutil.rmtree names files relative to their folder
        return "cleanup" if event in ("os.remove", "os.rmdir") else None
    if not path.startswith(f"{data}/"):
        return None
    parts = Path(path).relative_to(data).parts
    if parts[0] == "raw" or "status.json" in parts[0]:
        return "landing"
    if parts[0] == "history" or "pruned" in path or event in ("shutil.rmtree", "os.rmdir"):
        return "cleanup"
    if "current" in parts[0] or parts[-1] == "release.json":
        return "swap"
    if parts[0] == "releases":
        is_whole = len(parts) == 2 and event == "os.rename"
        return ("swap" if ".new-" in parts[1] else "cleanup") if is_whole else "build"
    return "build"


SETTLED: set[int] = set()


def lose_what_is_not_settled(data: Path, since_ns: int) -> None:
    """Leave every file that was written since then and never reached the disk with no length."""
    for path in data.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        found = path.stat()
        if found.st_mtime_ns >= since_ns and found.st_ino not in SETTLED:
            os.truncate(path, 0)


def note_settled() -> None:
    """From now on, note which files have reached the disk."""
    fsync = os.fsync

    def noted(handle: int) -> None:
        fsync(handle)
        SETTLED.add(os.fstat(handle).st_ino)

    os.fsync = noted


def watch(data: Path, told: Path | None, phase: str, number: int, *, is_lost: bool = False) -> None:
    """Call on every step, from now until the process ends."""
    seen, started = dict.fromkeys(PHASES, 0), time.time_ns()
    note_settled()

    def hook(event: str, args: tuple[object, ...]) -> None:
        writes = event == "open" and isinstance(args[1], str) and args[1][0] in "wax"
        if not writes and event not in CHANGING:
            return
        path = os.fspath(args[0]) if isinstance(args[0], str | os.PathLike) else ""
        found = phase_of(event, path, data)
        if found is None or str(told) == path:
            return
        seen[found] += 1
        if told:
            with told.open("a", encoding="utf-8") as file:
                file.write(f"{found} {event} {path}\n")
        elif found == phase and seen[found] == number:
            if is_lost:
                seen[found] += 1  # what follows are steps, too
                lose_what_is_not_settled(data, started)
            os.killpg(0, signal.SIGKILL)

    sys.addaudithook(hook)


def main() -> int:
    data = Settings.from_env(os.environ).data
    if len(sys.argv) == 2:
        watch(data, Path(sys.argv[1]), "", 0)
    else:
        watch(data, None, sys.argv[1], int(sys.argv[2]), is_lost=sys.argv[3:] == ["lost"])
    return cli.main(REFRESH)


if __name__ == "__main__":
    sys.exit(main())
