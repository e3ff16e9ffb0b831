"""Each pair from either side."""

from .support import created, given

ROW = {
    "source": "s", "series": "x", "population": "p", "grain": "month", "period_start": "2024-01-01",
    "framework_a": "a", "framework_b": "b", "a_value": 30.0, "b_value": 10.0, "pair_value": 40.0, "unit": "links",
    "a_share_of_pair_pct": 75.0, "low_pct": 60.0, "high_pct": 86.0, "leader": "a", "is_within_chance": False,
    "is_pair_drawn": True, "origin": "live", "quality": "full",
}  # fmt: skip


def test_a_row_and_its_mirror(con):
    given(con, "marts.head_to_head", [ROW, ROW | {"framework_b": "c", "b_value": 0.0, "a_share_of_pair_pct": None}])
    rows = {(row["framework"], row["other"]): row for row in created(con, "marts/pairs")}
    assert set(rows) == {("a", "b"), ("b", "a"), ("a", "c"), ("c", "a")}
    shown = ("value", "other_value", "pair_value", "share_of_pair_pct", "low_pct", "high_pct", "leader")
    assert [rows["a", "b"][name] for name in shown] == [30, 10, 40, 75, 60, 86, "a"]
    assert [rows["b", "a"][name] for name in shown] == [10, 30, 40, 25, 14, 40, "a"]
    assert rows["c", "a"]["share_of_pair_pct"] is None
