"""PNGs of pictures, made by a process of their own beside the pages.

It sees no fonts but Liberation Sans, which vl-convert carries: the same letters on every machine, and quicker ones,
since a font of the system is opened anew for every letter. This file is both sides: what asks, and, run by its path,
what makes.
"""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

HERE = Path(__file__).parent
SECONDS = 120


class Pixels:
    """Makes a PNG of each picture that it is asked for; all are there, or told as failed, when it is closed."""

    def __init__(self) -> None:
        self.failed: list[str] = []
        self._process: subprocess.Popen[str] | None = None

    def begin(self) -> None:
        """Start the process, if that has not been done."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-P", __file__],
                env=os.environ | {"XDG_CONFIG_HOME": str(HERE / "fonts")},
                stdin=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
            )

    def ask(self, picture: Path, image: Path) -> None:
        """Have `image` made of an SVG file."""
        self.begin()
        assert self._process
        assert self._process.stdin
        # A process that ended is told when this is closed.
        with suppress(BrokenPipeError):
            self._process.stdin.write(f"{picture}\t{image}\n")
            self._process.stdin.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is None:
            return
        if error is not None:  # a stop waits for no picture
            self._process.kill()
            self._process.communicate()
            return
        try:
            _, told = self._process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            _, told = self._process.communicate()
            told += f"not done within {SECONDS} seconds"
        self.failed = told.splitlines()
        if self._process.returncode and not self.failed:
            self.failed = [f"the process ended with {self._process.returncode}"]


def main() -> None:
    """Make what standard input names, a line each."""
    import vl_convert

    # The first one reads the letters: that need not wait for a picture.
    vl_convert.svg_to_png('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><text>a</text></svg>')
    for line in sys.stdin:
        picture, image = line.rstrip("\n").split("\t")
        part = Path(f"{image}.part")
        try:
            part.write_bytes(vl_convert.svg_to_png(Path(picture).read_text(encoding="utf-8")))
            part.replace(image)
        except (OSError, RuntimeError, ValueError) as error:
            sys.stderr.write(f"{picture}: {str(error).partition(chr(10))[0]}\n")


if __name__ == "__main__":
    main()
