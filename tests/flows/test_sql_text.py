"""Python values as SQL text: whatever they are, DuckDB reads the same."""

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flows.landing.loading import looking
from flows.sql_text import Value, first_line, literal, not_the_file, parquet, quoted

PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**62), 2**62),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    st.dates(date(1, 1, 1)),
    st.integers(0, 4 * 10**9).map(lambda second: datetime.fromtimestamp(second, UTC).replace(tzinfo=None)),
)


@given(PLAIN)
def test_a_value_is_read_as_what_it_is(value: Value) -> None:
    with looking() as con:
        kind = {date: "::date", datetime: "::timestamp"}.get(type(value), "")
        [[found]] = con.execute(f"select {literal(value)}{kind}").fetchall()
    assert float(found) == value if isinstance(value, float) else found == value


@example("it's 'quoted'")
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_no_text_ends_its_quotes(text: str) -> None:
    with looking() as con:
        assert con.execute(f"select {quoted(text)}, 1").fetchall() == [(text, 1)]


@pytest.mark.parametrize("words", ["No space left on device", "Disk quota exceeded", "Read-only file system"])
def test_a_full_disk_is_no_file_s_fault(words: str) -> None:
    at_the_root = duckdb.IOException(f'Could not write file "x": {words}')
    error = RuntimeError("cannot load")
    error.__cause__ = at_the_root
    assert words in (not_the_file(error) or "")
    assert not_the_file(duckdb.IOException("no magic bytes")) is None
    assert not_the_file(duckdb.OutOfMemoryException("out of memory")) == "out of memory"
    assert not_the_file(None) is None


def test_the_first_line_of_an_error_is_what_it_says() -> None:
    assert first_line(duckdb.Error("what\nLINE 1: select\n  ^")) == "what"
    assert first_line(duckdb.Error("")) == ""
    assert len(first_line(duckdb.Error("x" * 1000))) == 300


@pytest.mark.parametrize(("folder", "other"), [("source=x", "y"), ("a[1]", "a1"), ("a*b", "acb"), ("what?", "whats")])
def test_a_file_is_read_as_it_is_whatever_its_folder_is_called(tmp_path: Path, folder: str, other: str) -> None:
    with looking() as con:
        for name in (folder, other):
            (tmp_path / name).mkdir()
            con.execute(
                f"copy (select {quoted(name)} as source) to {quoted(str(tmp_path / name / 'f'))} (format parquet)"
            )
        assert con.execute(f"from {parquet(tmp_path / folder / 'f')}").fetchall() == [(folder,)]
        both = parquet(tmp_path / folder / "f", tmp_path / other / "f", options=", union_by_name = true")
        assert con.execute(f"from {both}").fetchall() == [(folder,), (other,)]
