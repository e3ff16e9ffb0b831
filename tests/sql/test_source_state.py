"""How a source stands, in one word."""

import pytest

ARGUMENTS = "origin, is_ended, is_held_back, was_asked, has_answered"


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("'live', false, false, true, true", "live"),
        ("'cached', false, false, true, true", "cached"),
        ("'imported', false, false, false, false", "imported"),
        ("'live', true, false, true, true", "complete"),
        ("'live', false, true, true, true", "held back"),
        ("'reference', false, false, true, false", "never answered"),
        ("null, true, false, true, false", "never answered"),
        ("'reference', true, false, false, false", "closed"),
        ("null, true, false, false, false", "closed"),
        ("'reference', false, false, false, false", "embedded"),
        ("'reference', false, false, true, true", "waiting"),
        ("null, false, false, false, false", "waiting"),
    ],
)
def test_state(con, said, state):
    assert con.execute(f"select source_state({said})").fetchall() == [(state,)], ARGUMENTS


@pytest.mark.parametrize(
    ("said", "is_late"),
    [
        ("'live', 10, 100, 7, 1.5", False),
        ("'cached', 11, 100, 7, 1.5", True),
        ("'held back', 11, 100, 7, 1.5", True),
        ("'never answered', null, 14, 7, 1.5", False),
        ("'never answered', null, 15, 7, 1.5", True),
        ("'never answered', null, 1.9, 1, 1.5", False),
        ("'never answered', null, 2.1, 1, 1.5", True),
        ("'complete', 400, 500, 7, 1.5", False),
        ("'closed', 400, 500, 7, 1.5", False),
        ("'embedded', null, null, 7, 1.5", False),
        ("'waiting', null, null, 7, 1.5", False),
    ],
)
def test_late(con, said, is_late):
    assert con.execute(f"select source_is_late({said})").fetchall() == [(is_late,)]
