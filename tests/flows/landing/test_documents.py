"""Whatever JSON a source sends, it is counted or refused in our words; nothing else is raised."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.errors import SourceError
from flows.landing.documents import Document

NOW = datetime(2026, 11, 30, tzinfo=UTC)
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12))
KEYS = st.sampled_from(["data", "date", "count", "name", "x"])
ANY = st.recursive(
    LEAVES,
    lambda inside: st.one_of(st.lists(inside, max_size=3), st.dictionaries(KEYS, inside, max_size=4)),
    max_leaves=8,
)
ROWS = st.fixed_dictionaries({"data": st.lists(st.fixed_dictionaries({"name": ANY, "date": ANY, "count": ANY}))})


@pytest.mark.slow
@settings(max_examples=25)
@given(st.one_of(ANY, ROWS))
def test_an_answer_of_any_shape_is_counted_or_refused(found: Any) -> None:
    with TemporaryDirectory() as folder, suppress(SourceError):
        path = Path(folder) / "x.json"
        path.write_text(json.dumps(found), encoding="utf-8")
        document = Document("https://a.org", path, "example")
        rows = document.rows("data", ("name", "date", "count"))
        document.one_count_each(rows, ("name",), "count")
        assert all(document.past_day(row["date"], NOW) <= NOW.date() for row in rows)
        assert all((document.count(row["count"], "x") or 0) >= 0 for row in rows)
