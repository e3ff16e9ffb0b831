"""Keys of texts and lines of ledgers, for whatever text there is."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from flows.landing.cards import digest
from flows.landing.ledger import Entry, whole

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
TIMES = st.integers(0, 4 * 10**9).map(lambda second: datetime.fromtimestamp(second, UTC))
ENTRIES = st.builds(Entry, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TIMES, TEXT)


@given(st.lists(TEXT.filter(lambda text: "\0" not in text)), st.lists(TEXT.filter(lambda text: "\0" not in text)))
def test_only_the_same_texts_have_the_same_key(one: list[str], other: list[str]) -> None:
    assert (digest(*one) == digest(*other)) == (one == other or {tuple(one), tuple(other)} == {(), ("",)})


def test_where_one_text_ends_and_the_next_begins_matters() -> None:
    assert digest("ab", "c") != digest("a", "bc") != digest("abc")


@given(ENTRIES)
def test_an_entry_comes_back_from_its_line_as_it_was(entry: Entry) -> None:
    line = entry.as_line()
    assert line.count("\n") == 1
    assert Entry.from_line(line) == entry
    assert Entry.from_line(line, bodies=(entry.kind,)) == entry


@given(st.one_of(st.integers(), st.booleans(), st.floats(), TEXT, st.none(), st.lists(st.integers())))
def test_a_whole_number_is_one_from_nought_on(value: object) -> None:
    found = whole(value)
    assert found is None or found >= 0
    if type(value) is int:
        assert found == (value if value >= 0 else None)
    if isinstance(value, bool | float | list) or value is None:
        assert found is None
