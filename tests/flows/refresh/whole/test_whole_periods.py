"""An archive that ends within a period: nothing of the release names that period."""

from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from flows.refresh import steps
from flows.settings import Settings
from tests.flows.refresh.whole.test_refresh import HOST, NOW, ONLY, PATH, parquet, record
from tests.loopback import Answer, Loopback

LINKS = 40  # of a month, more than a share needs to be drawn


def month(arxiv: str, first: int) -> list[dict[str, object]]:
    """A month of links, most of them of PyTorch."""
    return [record(first + n, month=arxiv, framework="tf" if n % 5 == 0 else "pytorch") for n in range(LINKS)]


def named(settings: Settings, day: str) -> list[str]:
    """Tables for readers in which a row of the source has this day."""
    with closing(duckdb.connect(str(settings.current / "warehouse.duckdb"), read_only=True)) as con:
        columns = con.execute(
            "select schema_name, table_name, list(column_name) filter (where data_type = 'DATE' "
            "and column_name <> 'next_start') as days "
            "from duckdb_columns() where schema_name in ('marts', 'pages') "
            "group by schema_name, table_name having bool_or(column_name = 'source')"
        ).fetchall()
        return [
            f"{schema}.{table}.{column}"
            for schema, table, days in columns
            for column in days or ()
            if con.execute(
                f"select 1 from {schema}.{table} where source = 'papers_with_code' and {column} = date '{day}' limit 1"
            ).fetchall()
        ]


def texts(settings: Settings) -> str:
    """Every sentence of the marts, and the text of every page."""
    with closing(duckdb.connect(str(settings.current / "warehouse.duckdb"), read_only=True)) as con:
        told = con.execute(
            "select string_agg(concat_ws(' ', sentence, detail), ' ') from marts.head_to_head_latest "
            "where source = 'papers_with_code'"
        ).fetchall()[0][0]
    return told + "".join(path.read_text(encoding="utf-8") for path in (settings.current / "site").rglob("*.html"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("months", "missing", "names", "quarter_before"),
    [
        # The archive is of 28 July 2025: its July is open, and the quarter that begins with it.
        (
            ["2504", "2505", "2506", "2507"],
            ["2025-07-01"],
            ["July to September 2025", "Jul to Sep 2025", "July 2025 (Links", "In July 2025"],
            "2025-04-01",
        ),
        # It ends with one month, and with two months, of a quarter that is long over: there are no others.
        (["2410", "2411", "2412", "2501"], [], ["January to March 2025", "Jan to Mar 2025"], "2024-10-01"),
        (["2410", "2411", "2412", "2501", "2502"], [], ["January to March 2025", "Jan to Mar 2025"], "2024-10-01"),
    ],
)
def test_an_archive_that_ends_within_a_quarter_names_that_quarter_nowhere(
    settings: Settings,
    server: Loopback,
    real_pages: None,
    tmp_path: Path,
    months: list[str],
    missing: list[str],
    names: list[str],
    quarter_before: str,
) -> None:
    records = [each for number, arxiv in enumerate(months) for each in month(arxiv, number * LINKS)]
    server.answer(HOST, f"/{PATH}", Answer(body=parquet(tmp_path, records), etag='"one"'))
    assert steps.refresh(settings, ONLY, NOW).failed_sources == []
    told = texts(settings)
    assert [name for name in names if name in told] == []
    assert [table for day in missing for table in named(settings, day)] == []
    with closing(duckdb.connect(str(settings.current / "warehouse.duckdb"), read_only=True)) as con:
        quarters = con.execute(
            "select distinct period_start::varchar from marts.framework_shares where source = 'papers_with_code' "
            f"and grain = 'quarter' and origin = 'live' and period_start >= date '{quarter_before}'"
        ).fetchall()
    assert quarters == [(quarter_before,)]
