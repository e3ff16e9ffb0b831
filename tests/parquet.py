"""Parquet files for servers that stand in for sources."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.sql.support import engine


def as_parquet(folder: Path, rows: Sequence[Mapping[str, Any]], select: str = "*") -> bytes:
    """Rows as a Parquet file, with columns as DuckDB guesses them or as `select` makes them."""
    (folder / "rows.json").write_text(json.dumps(list(rows), default=str))
    read = f"read_json('{folder / 'rows.json'}', format = 'array')"
    written(f"select {select} from {read}", folder / "rows.parquet")
    return (folder / "rows.parquet").read_bytes()


def written(query: str, path: Path) -> None:
    """Write what a query finds."""
    with engine().cursor() as con:
        con.execute(f"copy ({query}) to '{path}' (format parquet)")
