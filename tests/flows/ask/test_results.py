"""An answer for programs is read back as it was, whatever texts and numbers it holds."""

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.ask.results import Result, write

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
CELLS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXT)
ROWS = st.lists(st.tuples(CELLS, TEXT.filter(bool)), max_size=5)


def written(rows: list[tuple[Any, ...]], form: str) -> str:
    stream = io.StringIO(newline="")
    assert write(Result(["a", "b"], iter(rows)), stream, form) == len(rows)
    return stream.getvalue()


@given(ROWS)
def test_json_and_json_lines(rows: list[tuple[Any, ...]]) -> None:
    expected = [{"a": a, "b": b} for a, b in rows]
    assert json.loads(written(rows, "json")) == expected
    assert [json.loads(line) for line in written(rows, "jsonl").split("\n")[:-1]] == expected


@given(st.lists(st.tuples(TEXT.filter(bool), TEXT.filter(bool)), max_size=5))
def test_csv(rows: list[tuple[str, str]]) -> None:
    assert list(csv.reader(io.StringIO(written(rows, "csv"), newline="")))[1:] == [list(row) for row in rows]


@pytest.mark.parametrize("form", ["table", "markdown"])
@given(rows=ROWS)
def test_for_people_a_row_is_a_line(form: str, rows: list[tuple[Any, ...]]) -> None:
    head = written([], form).count("\n")
    assert written(rows, form).count("\n") - head in (len(rows), len(rows) + 1, len(rows) - 1)
