"""Figures from a bundle: what another machine made of files that do not travel themselves.

They lie in data/raw/bundle, one Parquet file for each source and table, and the card of each lists the files that they
were made from, with time and hash. Their `source_file` begins with "bundle/", so that no file of ours is meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from ..engine import duckdb
from ..json_text import parsed_json
from ..sql_text import parquet
from .landing import LandedFile

NAME = "bundle"
SOURCE_FILE = {"source_file": "VARCHAR"}
# By name: the columns of what travels, and where a warehouse has it (flows/release/bundle.py).
TABLES = {
    "bundle_observations": {
        "source": "VARCHAR",
        "series": "VARCHAR",
        "population": "VARCHAR",
        "grain": "VARCHAR",
        "period_start": "DATE",
        "framework": "VARCHAR",
        "value": "DOUBLE",
        "base": "BIGINT",
        "unit": "VARCHAR",
        "quality": "VARCHAR",
        "reference": "VARCHAR",
        "source_file": "VARCHAR",
    },
    "bundle_rejected_records": {
        "source": "VARCHAR",
        "source_file": "VARCHAR",
        "reason": "VARCHAR",
        "record_count": "BIGINT",
        "record_total": "BIGINT",
    },
    "bundle_search_interest": {
        "is_import": "BOOLEAN",
        "series": "VARCHAR",
        "population": "VARCHAR",
        "grain": "VARCHAR",
        "period_start": "DATE",
        "frameworks": "VARCHAR",
        "framework": "VARCHAR",
        "share_pct": "DOUBLE",
        "share_spread_pct": "DOUBLE",
        "request_count": "BIGINT",
        "below_one_count": "BIGINT",
        "value_index": "DOUBLE",
        "spread_index": "DOUBLE",
    },
}


@dataclass(frozen=True)
class Origin:
    """A file on another machine from which figures were made.

    Attributes:
        source_file: its place there, after "bundle/".
        source: whose it is.
        fetched_at: when it was fetched, aware.
        address: where it came from.
        sha256: of its bytes.
        size: in bytes.
    """

    source_file: str
    source: str
    fetched_at: datetime
    address: str
    sha256: str
    size: int

    @classmethod
    def of(cls, words: dict[str, Any]) -> Self:
        """Undo as_dict; raise ValueError, TypeError or KeyError for anything else."""
        found = cls(**{**words, "fetched_at": datetime.fromisoformat(words["fetched_at"])})
        texts = (found.source_file, found.source, found.address, found.sha256)
        if found.fetched_at.tzinfo is None or type(found.size) is not int or not all(isinstance(t, str) for t in texts):
            raise ValueError("wrong values")
        return found

    def as_dict(self) -> dict[str, Any]:
        """Make it fit for JSON."""
        return {**vars(self), "fetched_at": self.fetched_at.isoformat()}


def origins(files: Sequence[LandedFile]) -> Iterator[Origin]:
    """The files on other machines behind the figures, each once."""
    seen = set()
    for file in files:
        for words in parsed_json(file.card.details["made_from"]):
            origin = Origin.of(words)
            if origin.source_file not in seen:
                seen.add(origin.source_file)
                yield origin


def load(files: Sequence[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
    """Fill the raw tables of figures from bundles."""
    for file in files:
        table = file.card.details["table"]
        columns = ", ".join(TABLES[table])
        con.execute(f"insert into raw.{table} ({columns}) select {columns} from {parquet(file.path)}")
