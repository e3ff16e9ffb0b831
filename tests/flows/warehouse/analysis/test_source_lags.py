"""How much later one source passed a share than another, on curves of which one is the other one late."""

import numpy as np
import pytest

from flows.warehouse.analysis import source_lags
from flows.warehouse.analysis.pair_curves import Piece
from tests.sql.support import database, given

KEY = {"framework_a": "p", "framework_b": "t", "grain": "month", "is_dating": True, "series": "x"}


def piece(line: int, shares: np.ndarray, months: np.ndarray | None = None) -> Piece:
    places = (np.arange(len(shares)) if months is None else months).astype(float)
    periods = np.array([f"{2015 + int(month) // 12}-{1 + int(month) % 12:02d}-01" for month in places])
    both = np.full(len(shares), 100.0)
    return Piece(line, False, False, periods, places, places / 12, shares, both, shares, shares)


def curve(behind: int, seed: int) -> np.ndarray:
    odds = (np.arange(90) - 40 - behind) / 9
    return 100 / (1 + np.exp(-odds)) + np.random.default_rng(seed).normal(0, 2, 90)


def lags(monkeypatch, *pieces: Piece) -> list[tuple[object, ...]]:
    monkeypatch.setattr(source_lags, "pieces", lambda con: iter(pieces))
    with database() as con:
        rows = [KEY | {"line": each.line, "source": f"source {each.line}"} for each in pieces]
        given(con, "intermediate.source_lines", rows)
        return source_lags.compute(con)


@pytest.mark.parametrize("behind", [-12, 0, 12, 24])
def test_a_late_copy_passed_later_by_its_lag(monkeypatch, behind):
    found = lags(monkeypatch, piece(1, curve(0, 1)), piece(2, curve(behind, 2)))
    assert {row[:4] for row in found} >= {(1, 2, True, level) for level in (30, 50)}
    for *_, low, high in found:
        assert low <= behind <= high
        assert high - low <= 20
        assert (low > 0 or high < 0) == (behind != 0)


def test_two_random_walks_that_pass_nothing_surely_have_no_lag(monkeypatch):
    random = np.random.default_rng(3)
    walks = [50 + np.cumsum(random.normal(0, 1.5, 90)) for _ in range(2)]
    assert lags(monkeypatch, piece(1, walks[0]), piece(2, walks[1])) == []


def test_the_second_framework_of_a_pair_passes_too(monkeypatch):
    found = lags(monkeypatch, piece(1, 100 - curve(0, 1)), piece(2, 100 - curve(12, 2)))
    assert {row[2] for row in found} == {False}
    assert all(row[4] <= 12 <= row[5] for row in found)


def test_months_without_figures_do_not_move_a_date():
    held = np.delete(np.arange(90), [20, 41, 42, 43, 60])
    whole, gappy = (
        source_lags.passed(each, True, 50) for each in (piece(1, curve(0, 1)), piece(1, curve(0, 1)[held], held))
    )
    assert whole
    assert gappy
    dates = [start + 1 + float(np.arange(len(masses)) @ masses) for start, masses in (whole, gappy)]
    assert dates[0] == pytest.approx(dates[1], abs=2)
