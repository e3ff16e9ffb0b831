"""The house does not grow unnoticed: docs/decisions.md says why the limits are where they are."""

import re
from itertools import pairwise

import duckdb

from flows.settings import PROJECT
from flows.warehouse.models import SCHEMAS, read_model
from tests.sql.support import SQL

MOST_LINES, MOST_MODELS, MOST_HOPS = 9_800, 225, 8


def test_sql_grows_by_decision_only() -> None:
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in SQL.glob("*/*.sql"))
    models = sum(len(list((SQL / layer).glob("*.sql"))) for layer in SCHEMAS)
    assert lines <= MOST_LINES, "join what is too fine, delete what nobody reads, or decide anew in docs/decisions.md"
    assert models <= MOST_MODELS, "join what one model alone reads, or decide anew in docs/decisions.md"


def test_the_path_of_one_number_is_the_one_that_newcomers_are_told() -> None:
    told = re.search(r"\n    (raw\.\w+ >[\s\S]+?)\n\n", (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert told
    path = re.findall(r"[\w.]+", told[1])
    assert len(path) <= MOST_HOPS
    with duckdb.connect() as con:
        for before, table in pairwise(path):
            assert before in read_model(SQL / f"{table.replace('.', '/')}.sql", con).reads, (before, table)
