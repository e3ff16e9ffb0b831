"""A key that a row uses and no table has stops the build, and the error names the key, its user and the table."""

from datetime import date
from typing import Any

import pytest

from flows.warehouse.models import read_model
from tests.sql.support import SQL, given

TABLES: dict[str, dict[str, Any]] = {
    "intermediate.observations": {"source": "s", "series": "x", "framework": "f", "reference": "r"},
    "staging.reference__series": {"source": "s", "series": "x"},
    "staging.reference__headline_series": {"source": "s", "series": "x"},
    "staging.reference__events": {"source": "s", "series": "x", "framework": "f", "reference": "r"},
    "staging.reference__claims": {"source": "s", "series": "x", "framework": "f", "framework_b": "f"},
    "staging.reference__redistribution": {"source": "s"},
    "staging.reference__sources": {"source": "s", "reference": "r", "state_reference": "r"},
    "staging.reference__frameworks": {
        "framework": "f",
        "successor": "f",
        "predecessor": "f",
        "first_release": date(2016, 1, 1),
        "first_release_reference": "r",
    },
    "staging.reference__framework_names": {"framework": "f"},
    "staging.reference__conference_words": {"framework": "f"},
    "staging.reference__industry_users": {"framework": "f"},
    "staging.reference__references": {"reference": "r"},
    "staging.reference__left_out": {"reference": "r"},
}
OPTIONAL = {"series", "framework", "framework_b", "successor", "predecessor", "state_reference", "reference"}


def missing(con, **changed: dict[str, Any]) -> list[tuple[str, str, str]]:
    for table, row in TABLES.items():
        given(con, table, [row, row | changed.get(table.partition(".")[2], {})])
    return con.execute(read_model(SQL / "checks" / "keys_exist.sql", con).query).fetchall()


def test_keys_that_exist_pass(con):
    assert missing(con) == []


@pytest.mark.parametrize(
    ("table", "changed", "key", "expected_in"),
    [
        ("observations", {"source": "nobody"}, "source nobody", "sources.csv"),
        ("observations", {"series": "nothing"}, "series s nothing", "series.csv"),
        ("observations", {"framework": "unheard"}, "framework unheard", "frameworks.csv"),
        ("observations", {"reference": "lost"}, "reference lost", "references.csv"),
        ("reference__sources", {"source": "unruled"}, "redistribution unruled", "redistribution.csv"),
        ("reference__sources", {"reference": "lost"}, "reference lost", "references.csv"),
        ("reference__series", {"source": "nobody"}, "source nobody", "sources.csv"),
        ("reference__headline_series", {"series": "nothing"}, "series s nothing", "series.csv"),
        ("reference__events", {"reference": "lost"}, "reference lost", "references.csv"),
        ("reference__events", {"framework": "unheard"}, "framework unheard", "frameworks.csv"),
        ("reference__claims", {"framework_b": "unheard"}, "framework unheard", "frameworks.csv"),
        ("reference__frameworks", {"successor": "unheard"}, "framework unheard", "frameworks.csv"),
        ("reference__frameworks", {"first_release_reference": "lost"}, "reference lost", "references.csv"),
        ("reference__industry_users", {"framework": "unheard"}, "framework unheard", "frameworks.csv"),
    ],
)
def test_a_key_that_no_table_has_is_named(con, table, changed, key, expected_in):
    found = missing(con, **{table: changed})
    assert {(row[0], row[2]) for row in found} >= {(key, expected_in)}


def test_what_is_left_empty_is_no_key(con):
    for table, row in TABLES.items():
        given(con, table, [row, {name: None if name in OPTIONAL else value for name, value in row.items()}])
    assert con.execute(read_model(SQL / "checks" / "keys_exist.sql", con).query).fetchall() == []
