"""When a published claim counts as broken: one definition for the command, the changes and the alerts."""

import pytest

from tests.sql.support import created, given

MET, NOT_MET, OPEN = "consistent", "inconsistent", "not testable"


@pytest.fixture
def broken(con):
    def found(before: list[str | tuple[str, str]], now: str) -> list[bool]:
        rows = []
        for number, said in enumerate(before):
            verdict, definitions = said if isinstance(said, tuple) else (said, "d")
            rows.append(
                {
                    "claim_id": "C-1",
                    "release_id": f"2026-01-0{number + 1}",
                    "turn": 0,
                    "definitions": definitions,
                    "verdict": verdict,
                }
            )
        empty = {"claim_id": "C-2", "release_id": "2026", "turn": 0, "definitions": "d", "verdict": MET}
        given(con, "staging.history__verdicts", [*rows, empty])
        given(con, "marts.claims", [{"claim_id": "C-1", "verdict": now, "statement": "It leads.", "reason": "No."}])
        return [row["is_new"] for row in created(con, "marts/broken_claims")]

    return found


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        (["confirmed"], "consistent", []),
        (["confirmed"], NOT_MET, [True]),
        ([MET, NOT_MET], NOT_MET, [False]),
        (["confirmed", MET, OPEN], NOT_MET, [True]),
        ([MET, NOT_MET], OPEN, [False]),
        ([MET, OPEN], OPEN, []),
        ([MET, NOT_MET, OPEN], MET, []),
        ([NOT_MET, NOT_MET], NOT_MET, []),
        ([], NOT_MET, []),
        ([(MET, "old"), (NOT_MET, "new")], NOT_MET, []),
        ([(MET, "old"), (MET, "new")], NOT_MET, [True]),
        ([(MET, "old"), (NOT_MET, "old"), (NOT_MET, "new")], NOT_MET, [False]),
    ],
)
def test_broken(broken, before, now, found):
    assert broken(before, now) == found
