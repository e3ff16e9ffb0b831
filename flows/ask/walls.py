"""A reader's question in a process of its own, within limits of time, memory and processor that the kernel keeps.

A query can make the engine allocate, loop or crash where neither its own limits nor an interrupt reach. So the answer
is made in a child: the kernel ends it at its limit of memory or processor, and we end it at that of time. What it
writes to its standard output is passed on as it comes; the time that a slow reader takes (a pager) is not the query's.
How it went comes over its standard error. Once its standard input ends, we are gone, and so is it.

A fork takes 2 ms where a new interpreter takes 60, but is right only without other threads, as the locks that they hold
would stay held. So it is made before the engine is loaded: this module does not import it.
"""

import codecs
import json
import logging
import math
import os
import resource
import select
import signal
import sys
import threading
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, TextIO

from ..errors import QueryError, TrendsError
from ..replacing import replaced
from ..settings import SIZE, Settings
from .results import terminal_width

log = logging.getLogger(__name__)

FORMATS = ("table", "csv", "json", "jsonl", "markdown", "parquet")
BESIDES = 45_000_000  # Python, threads and the engine's own tables, beside what the engine counts
PIECE = 65_536
WAITED = 0.005  # a piece that takes longer to pass on waits for whoever reads it
LONGEST_QUERY = 1_000_000
LONGEST_SAYING = 2_000
PIPE = Path("/dev/stdout")
CURE = "Narrow it down, or raise TRENDS_QUERY_SECONDS."
NEW = "import pickle, sys; load = lambda: pickle.load(sys.stdin.buffer); sys.path[:] = load(); load()()"


@dataclass(frozen=True)
class Question:
    """What a child needs to know; the fields are the arguments of `query.run`."""

    settings: Settings
    sql: str
    output: Path
    form: str
    parameters: dict[str, str]
    limit: int | None = None
    width: int | None = None
    for_spreadsheet: bool = False


def ask(
    settings: Settings,
    sql: str,
    output: TextIO | Path,
    form: str,
    parameters: dict[str, str] | None = None,
    limit: int | None = None,
    *,
    for_spreadsheet: bool = False,
) -> int:
    """Answer one query in one of FORMATS, on a stream or into a file; return the number of rows.

    Raises:
        QueryError: the query is not one statement that reads, is wrong, or takes more than it may.
    """
    if len(sql) > LONGEST_QUERY:
        raise QueryError(f"expected a query of at most {LONGEST_QUERY:,} characters, found more. Is it the right file?")
    question = partial(
        Question, settings, sql, form=form, parameters=parameters or {}, limit=limit, for_spreadsheet=for_spreadsheet
    )
    if not isinstance(output, Path):
        if form == "parquet":
            raise QueryError("--format parquet: needs a file to write to. Add --output FILE.")
        return _answered(question(output=PIPE, width=terminal_width(output)), output)
    try:
        with replaced(output) as temporary:  # an interrupted query leaves what was there
            temporary.touch()
            return _answered(question(output=temporary), sys.stdout)
    except OSError as error:
        raise QueryError(f"{output}: cannot be written ({error.strerror}). Name another file.") from error


def size_of(memory: str) -> int:
    """Bytes of a size in DuckDB's words, which the settings have judged."""
    number, letter, is_binary = SIZE.findall(memory)[0]
    return int(float(number) * (1024 if is_binary else 1000) ** (1 + "kmgt".index(letter.lower())))


@dataclass
class _Child:
    """A process at work on a question, and our ends of its three streams."""

    pid: int
    life: int
    answer: int
    report: int
    status: int | None = field(default=None, init=False)

    def end(self) -> None:
        """End it if it has not ended, and forget it."""
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()
        for handle in (self.life, self.answer, self.report):
            os.close(handle)

    def wait(self) -> int:
        """Its exit code; the negative number of the signal that ended it."""
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status


def _answered(question: Question, stream: TextIO) -> int:
    """Have a child answer; pass on what it writes and raise what it reports."""
    child = _started(question)
    try:
        said = _passed_on(child, stream, question.settings.query_seconds)
        status = child.wait()
    finally:
        child.end()
    if status:
        raise QueryError(_broken(status, question.settings))
    report: dict[str, Any] = json.loads(said)
    for words in report["warnings"]:
        log.warning(words)
    if "error" in report:
        raise QueryError(report["error"])
    return int(report["rows"])


def _started(question: Question) -> _Child:
    (life_read, life), (answer, answer_write), (report, report_write) = os.pipe(), os.pipe(), os.pipe()
    theirs = (life_read, answer_write, report_write)
    if _is_alone():
        pid = os.fork()
        if pid == 0:
            for handle in (life, answer, report):
                os.close(handle)
            for number, handle in enumerate(theirs):
                os.dup2(handle, number)
                os.close(handle)
            _work(question)
        job = b""
    else:
        import pickle

        job = pickle.dumps(sys.path) + pickle.dumps(partial(_work, question))
        streams = [(os.POSIX_SPAWN_DUP2, handle, number) for number, handle in enumerate(theirs)]
        pid = os.posix_spawn(sys.executable, [sys.executable, "-c", NEW], os.environ, file_actions=streams)
    for handle in theirs:
        os.close(handle)
    child = _Child(pid, life, answer, report)
    while job:
        job = job[os.write(life, job) :]
    return child


def _is_alone() -> bool:
    """Whether this process has one thread; the engine's own ones are known to the system alone."""
    try:
        return len(list(Path("/proc/self/task").iterdir())) == 1
    except OSError:
        return False


def _passed_on(child: _Child, stream: TextIO, seconds: float) -> bytes:
    """Pass the answer on until the child has closed both streams; return its report."""
    text, said = codecs.getincrementaldecoder("utf-8")(), b""
    ready, opened = select.poll(), {child.answer, child.report}
    for handle in opened:
        ready.register(handle, select.POLLIN)
    end = time.monotonic() + seconds
    while opened:
        left = end - time.monotonic()
        events = ready.poll(left * 1000) if left > 0 else []
        if not events:
            raise QueryError(f"the query took longer than {seconds:g} s. {CURE}")
        for handle, _ in events:
            piece = os.read(handle, PIECE)
            if not piece:
                ready.unregister(handle)
                opened.discard(handle)
            elif handle == child.report:
                said += piece
            else:
                started = time.monotonic()
                stream.write(text.decode(piece))
                stream.flush()
                took = time.monotonic() - started
                end += took if took > WAITED else 0
    return said


def _broken(status: int, settings: Settings) -> str:
    """What a child died of, in words."""
    if status == -signal.SIGXCPU:
        return f"the query took more of the processor than it may. {CURE}"
    if status == -signal.SIGKILL:
        return "the system ended the query, most likely for want of memory. Narrow it down."
    name = signal.Signals(-status).name if status < 0 else f"exit {status}"
    return (
        f"the engine broke down over this query ({name}), within {settings.query_memory}; nothing else was touched. "
        "Ask for less at once, or raise TRENDS_QUERY_MEMORY."
    )


def _work(question: Question) -> NoReturn:
    """Answer in this process, a child, and end it."""
    status = 1
    try:
        _confine(question.settings)
        threading.Thread(target=_follow, daemon=True).start()
        report = json.dumps(_reported(question)).encode()
        while report:
            report = report[os.write(2, report) :]
        status = 0
    finally:
        os._exit(status)


def _confine(settings: Settings) -> None:
    """Have the kernel hold the limits; Ctrl-C is for our parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from .query import THREADS

    limits = {
        resource.RLIMIT_DATA: size_of(settings.query_memory) + BESIDES,
        resource.RLIMIT_CPU: math.ceil(settings.query_seconds * THREADS) + 1,
        resource.RLIMIT_CORE: 0,
    }
    for which, most in limits.items():
        hard = resource.getrlimit(which)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (most, most))


def _follow() -> NoReturn:
    """End with our parent: then our standard input does."""
    while os.read(0, PIECE):
        pass
    os._exit(1)


class _Kept(logging.Handler):
    """Keeps what is logged, for the parent to log."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.words: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.words.append(record.getMessage())


def _reported(question: Question) -> dict[str, Any]:
    kept = _Kept()
    logging.getLogger().handlers = [kept]
    try:
        from .query import run

        return {"rows": run(**vars(question)), "warnings": kept.words}
    except TrendsError as error:
        said = str(error)
    except MemoryError:
        from .hints import OUT_OF_MEMORY as said
    except OSError as error:
        said = f"the answer cannot be written ({error.strerror})."
    # The query may have worded it: a terminal must not obey that.
    said = "".join(char if char.isprintable() or char.isspace() else " " for char in said[:LONGEST_SAYING])
    return {"error": said, "warnings": kept.words}
