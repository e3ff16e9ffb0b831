"""Survey rows that were read before: the few columns of a wide table that a build needs, kept as Parquet.

A survey file is unpacked and parsed once, by the check that lets it land; each build reads what that check kept. Kept
rows are named after what they were made from (the file's bytes, its form and the code that reads it) and after their
own bytes: rows that are lost, damaged or made by other code cost no more than reading the survey file again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from ...engine import duckdb
from ...landing.cards import digest, sha256_of


class KeptRows:
    """The kept rows of one source.

    Args:
        data: the data folder.
        source: name of the source.
    """

    def __init__(self, data: Path, source: str) -> None:
        self._data, self._folder = data, data / "cache" / source

    @contextmanager
    def workshop(self) -> Iterator[Path]:
        """A folder for files in the making, in data/tmp, which the next run clears if this one is interrupted."""
        above = self._data / "tmp"
        above.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=above) as name:
            yield Path(name)

    def find(self, key: str) -> Path | None:
        """The rows of this key; damaged ones are deleted."""
        for path in self._folder.glob(f"{key}-*.parquet"):
            if path.stem == f"{key}-{sha256_of(path)}":
                return path
            path.unlink()
        return None

    def keep(self, key: str, made: Path) -> Path:
        """Keep a complete Parquet file, which moves away from where it was made."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return made.replace(self._folder / f"{key}-{sha256_of(made)}.parquet")

    def keep_only(self, keys: Collection[str]) -> None:
        """Delete the rows of files that are in use no more."""
        for path in self._folder.glob("*.parquet"):
            if path.stem.partition("-")[0] not in keys:
                path.unlink()


def key_of(sha256: str, form: object) -> str:
    """Name the rows that today's code reads from a file in a form."""
    return digest(sha256, repr(form), _code())


@cache
def _code() -> str:
    """Checksum over all that has a say in which rows are read."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("*.py")))
    return digest(duckdb.__version__, *texts)
