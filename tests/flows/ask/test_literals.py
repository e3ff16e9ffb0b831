"""Names that forgive: an empty answer says what was meant, and no order of two names gives an empty answer."""

import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.ask import query
from flows.settings import Settings


def told(settings: Settings, caplog: Any, sql: str, parameters: dict[str, str] | None = None) -> str:
    caplog.clear()
    with tempfile.TemporaryDirectory() as folder:
        query.run(settings, sql, Path(folder) / "answer", "table", parameters)
    return " ".join(record.getMessage() for record in caplog.records)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("from framework_shares where framework = 'JAX'", "Nothing found: no framework is 'JAX', nearest: 'jax'."),
        ("select count(*) from framework_shares where 'TF' = framework", "no framework is 'TF', nearest: 'tensorflow'"),
        ("select max(value) from marts.framework_shares s where s.framework in ('tensorflo')", "nearest: 'tensorflow'"),
        ("with s as (from series) from s where source = 'pypi'", "'pypi', nearest: 'pypi_downloads'"),
        ("from framework_shares where framework = $f", "no framework is 'Keras', nearest: 'keras'"),
        ("from head_to_head where framework_a = 'jax' and framework_b = 'pytorch'", "marts.pairs holds each pair in"),
        (
            "from head_to_head where framework_a = 'Jax' and framework_b = 'pytorch'",
            "'Jax', nearest: 'jax'; marts.pairs",
        ),
        ("from share_against('foo', 'jax')", "no framework is called 'foo'"),
        ("from frameworks where false", ""),
        ("from framework_shares where framework = 'jax' and source = 'kaggle_survey' and value < 0", ""),
        ("select 1 where 'a' = 'b'", ""),
        ("from framework_shares where framework = 'jax' limit 1", ""),
    ],
)
def test_an_empty_answer_says_what_was_meant(embedded, caplog, sql, said):
    found = told(embedded, caplog, sql, {"f": "Keras"} if "$f" in sql else None)
    assert said in found
    assert bool(said) == bool(found)


def test_no_order_of_two_names_gives_an_empty_answer(embedded):
    with duckdb.connect(str(embedded.current / "warehouse.duckdb"), read_only=True) as con:  # anyone's DuckDB

        def shares(one: str, another: str) -> dict[tuple[str, ...], tuple[float, float]]:
            found = con.execute(
                "select source, series, population, grain, period_start::varchar, share_of_pair_pct, pair_value "
                f"from share_against('{one}', '{another}') where share_of_pair_pct is not null"
            ).fetchall()
            return {row[:5]: row[5:] for row in found}

        first, second = shares("JAX", "TF"), shares("tensorflow", "jax")
        assert len(first) > 100
        assert first.keys() == second.keys()
        for key, (share, total) in first.items():
            assert share + second[key][0] == pytest.approx(100)
            assert total == second[key][1]
        counted = con.execute(
            "select (select count(*) from marts.pairs) = 2 * (select count(*) from marts.head_to_head)"
        ).fetchall()
        assert counted == [(True,)]
        named = "select framework_id('sklearn'), framework_id('torch'), framework_id(' PyTorch '), framework_id('x')"
        assert con.execute(named).fetchall() == [("scikit-learn", "torch", "pytorch", None)]


def test_papers_are_never_the_sum_over_frameworks(embedded, tmp_path):
    from flows.ask import catalogue

    target = tmp_path / "answer.parquet"
    query.run(embedded, catalogue.worked_query(embedded, "how_many_papers").sql, target, "parquet")
    with duckdb.connect() as con:
        found = con.execute(
            f"select paper_count, pytorch_count from '{target}' "
            "where series = 'mentions_unique_live' and population = 'ICML'"
        ).fetchall()
    with duckdb.connect(str(embedded.current / "warehouse.duckdb"), read_only=True) as con:
        editions = con.execute(
            "select period_start, base, value from marts.framework_shares where series = 'mentions_unique_live' "
            "and population = 'ICML' and framework = 'pytorch'"
        ).fetchall()
    assert found == [(sum(row[1] for row in editions), sum(row[2] for row in editions))]
