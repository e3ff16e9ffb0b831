"""The outside world in a process of its own, so that serving files is not counted: `python -m benchmarks.mirror`.

Reads files by outside address as JSON from standard input, prints its own address, and serves until its input ends.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from flows.settings import PROJECT
from tests.loopback import Answer, Loopback, Request


@contextmanager
def mirror(served: Mapping[str, Path]) -> Iterator[str]:
    """Serve files by outside address; yield the mirror's address."""
    command = [sys.executable, "-m", "benchmarks.mirror"]
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps({address: str(path) for address, path in served.items()}) + "\n")
        process.stdin.flush()
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()


def _whole(path: Path, request: Request) -> Answer:
    """A file, read when it is sent: all together would fill the memory, and no server reads what the caller holds."""
    etag = f'"{path.name}"'
    is_held = request.headers.get("If-None-Match") == etag
    return Answer(b"" if is_held else path.read_bytes(), etag=etag, accept_ranges=True)


def main() -> None:
    """Serve until the input ends."""
    with Loopback() as server:
        for address, path in json.loads(sys.stdin.readline()).items():
            parts = urlsplit(address)
            server.answer(parts.netloc, parts.path, partial(_whole, Path(path)))
        print(server.address, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
