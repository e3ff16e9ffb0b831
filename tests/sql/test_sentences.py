"""Every sentence that the embedded release tells, as text that a reviewer reads.

After a change of words, figures or rules, write them anew and read the difference in git:
`python -m tests.sql.test_sentences`. A sentence claims less than its method allows; that is what to look for.
"""

import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from flows.release.inputs import read_inputs
from flows.release.loaders import loaders
from flows.settings import Settings
from flows.sql_text import quoted
from flows.warehouse import build

STORED = Path(__file__).with_name("sentences.txt")
# Columns that hold words made of figures, in every table for readers; titles of publications are the work of others.
TOLD = (
    *("sentence", "detail", "words", "short_words", "title", "subtitle_share", "subtitle_pair", "subtitle_count"),
    *("text_alternative", "forecast_words", "finding", "spread", "figures", "reason", "message", "note"),
    *("today_words", "today_detail", "moved_sentence", "moved_detail", "basis", "verdict_words", "error_words"),
)
NOT_OURS = ("publications", "articles", "rejected_records", "repository_frameworks", "revisions")


def sentences(warehouse: Path) -> str:
    """The words of each table in alphabetical order, each where it is told first."""
    wanted = ", ".join(map(quoted, TOLD))
    left_out = ", ".join(map(quoted, NOT_OURS))
    parts, said = [], set[str]()
    with closing(duckdb.connect(str(warehouse), read_only=True)) as con:
        tables = con.execute(
            "select schema_name || '.' || table_name, list(column_name order by column_index) from duckdb_columns() "
            f"where schema_name in ('marts', 'pages') and column_name in ({wanted}) and data_type = 'VARCHAR' "
            f"and table_name not in ({left_out}) group by schema_name, table_name order by schema_name, table_name"
        ).fetchall()
        for table, columns in tables:
            told = con.execute(
                f"select distinct concat_ws(' | ', {', '.join(columns)}) as told from {table} order by told"
            )
            lines = [row[0] for row in told.fetchall() if row[0] and row[0] not in said]
            said.update(lines)
            if lines:
                parts.append("\n".join([f"== {table}: {', '.join(columns)}", *lines]))
    return "\n\n".join(parts) + "\n"


def test_the_embedded_release_tells_the_stored_sentences(embedded: Settings) -> None:
    told = sentences(embedded.current / "warehouse.duckdb")
    assert told == STORED.read_text(encoding="utf-8"), "read them anew: python -m tests.sql.test_sentences"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        ours = Settings(data=Path(folder))
        file = Path(folder) / "warehouse.duckdb"
        build.build(ours, file, loaders(read_inputs(ours, datetime(2026, 1, 1, tzinfo=UTC))))
        STORED.write_text(sentences(file), encoding="utf-8")
