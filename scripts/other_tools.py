"""Other tools read a release as it lies there: ibis, polars and harlequin, each as its own users would (`make tools`).

python scripts/other_tools.py data/current
"""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from importlib.metadata import version
from pathlib import Path

QUESTION = "papers_with_code"
CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


def by_ibis(release: Path) -> int:
    """Rows of one source, asked of the warehouse."""
    import ibis

    con = ibis.duckdb.connect(release / "warehouse.duckdb", read_only=True)
    table = con.table("framework_shares", database="marts")
    return int(table.filter(table.source == QUESTION).count().execute())


def by_polars(release: Path) -> int:
    """The same of the exported Parquet file, lazily."""
    import polars as pl

    frame = pl.scan_parquet(release / "exports" / "framework_shares.parquet")
    return int(frame.filter(pl.col("source") == QUESTION).select(pl.len()).collect().item())


def by_harlequin(release: Path) -> int:
    """The same, typed into its editor on a terminal of ours and read off its screen."""
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 160, 0, 0))
    program = Path(sys.executable).parent / "harlequin"
    command = [program, "--no-download-tzdata", "--read-only", release / "warehouse.duckdb"]
    environ = os.environ | {"TERM": "xterm-256color"}
    with subprocess.Popen(command, stdin=child, stdout=child, stderr=child, env=environ) as process:
        os.close(child)
        try:
            _seen_on(parent, r"Database Connected")
            query = f"select 'found ' || count(*) as answer from marts.framework_shares where source = '{QUESTION}'"
            os.write(parent, query.encode())
            time.sleep(2)  # its editor colours what is typed
            os.write(parent, b"\n")  # Ctrl+J runs it
            return int(_seen_on(parent, r"found\s+(\d+)")[1])
        finally:
            process.kill()
            os.close(parent)


def _seen_on(terminal: int, words: str, seconds: float = 60) -> re.Match[str]:
    screen, end = b"", time.monotonic() + seconds
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.5)[0]:
            screen += os.read(terminal, 65536)
        if found := re.search(words, CONTROL.sub(" ", screen.decode(errors="replace"))):
            return found
    sys.exit(f"harlequin: expected {words} on its screen within {seconds:g} s, found none")


def main() -> None:
    """Ask all three; exit 1 where they differ or cannot read."""
    release = Path(sys.argv[1])
    counts = {"ibis-framework": by_ibis(release), "polars": by_polars(release), "harlequin": by_harlequin(release)}
    for name, count in counts.items():
        print(f"{name} {version(name)}: {count:,} rows of {QUESTION} in framework_shares")
    sys.exit(len(set(counts.values())) != 1 or min(counts.values()) == 0)


if __name__ == "__main__":
    main()
