"""Every worked query answers its question on the embedded data as it did when its answer was read and stored.

After a change of the data or of a query, read the new answers and store them:
`python -m tests.flows.ask.test_worked_queries`, then look at the difference in git.
"""

import tempfile
from pathlib import Path

import pytest

from flows.ask import catalogue, query
from flows.errors import QueryError
from flows.settings import Settings

ANSWERS = Path(__file__).parent / "queries"
WORKED = catalogue.worked_queries(Settings())


def answer(settings: Settings, sql: str) -> str:
    with tempfile.TemporaryDirectory() as folder:  # the warehouse is shared between workers, its folder not written to
        target = Path(folder) / "answer.csv"
        query.run(settings, sql, target, "csv")
        return target.read_text(encoding="utf-8")


@pytest.mark.parametrize("worked", WORKED, ids=lambda worked: worked.name)
def test_a_worked_query_gives_the_stored_answer(embedded, worked):
    stored = (ANSWERS / f"{worked.name}.csv").read_text(encoding="utf-8")
    assert answer(embedded, worked.sql) == stored
    assert stored.count("\n") > 1, "an answer without a row teaches nothing"


def test_each_has_a_question_a_note_and_an_answer_and_no_answer_is_left_over():
    assert len(WORKED) >= 15
    assert all(worked.question.endswith("?") and worked.note.endswith(".") for worked in WORKED)
    assert len({worked.question for worked in WORKED}) == len(WORKED)
    assert {path.stem for path in ANSWERS.glob("*.csv")} == {worked.name for worked in WORKED}


def test_each_reads_marts_only_in_lower_case_and_ends_its_order(embedded):
    for worked in WORKED:
        body = "\n".join(line for line in worked.sql.splitlines())
        assert "order by" in body, f"{worked.name}: without an order its answer is not the same twice"
        assert not any(layer in body for layer in ("raw.", "staging.", "intermediate.")), worked.name
        assert (Settings().sql / "queries" / f"{worked.name}.sql").read_text(encoding="utf-8").endswith("\n")


def test_a_file_without_a_question_is_refused(tmp_path):
    path = tmp_path / "x.sql"
    path.write_text("-- Shares.\nselect 1\n", encoding="utf-8")
    with pytest.raises(QueryError, match=r"x\.sql: expected a question in the first comment line, found '-- Shares"):
        catalogue.read_worked_query(path)
    path.write_text("select 1\n", encoding="utf-8")
    with pytest.raises(QueryError, match="expected a question"):
        catalogue.read_worked_query(path)


def store() -> None:
    """Write the answers anew."""
    from datetime import UTC, datetime

    from flows.release.inputs import read_inputs
    from flows.release.loaders import loaders
    from flows.warehouse import build as warehouse

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        release = settings.data / "releases" / "2026-01-01T000000Z"
        release.mkdir(parents=True)
        inputs = read_inputs(settings, datetime(2026, 1, 1, tzinfo=UTC))
        warehouse.build(settings, release / "warehouse.duckdb", loaders(inputs))
        settings.current.symlink_to(release)
        ANSWERS.mkdir(exist_ok=True)
        for worked in WORKED:
            (ANSWERS / f"{worked.name}.csv").write_text(answer(settings, worked.sql), encoding="utf-8")


if __name__ == "__main__":
    store()
