"""Links cluster by paper: what that makes of an interval, from links that a person can group."""

import duckdb
import numpy as np
import pytest

from tests.sql.support import created, given

PAIR = {"framework_a": "a", "framework_b": "b", "label_a": "Alpha", "label_b": "Beta"}


def effects(con, papers: list[tuple[str, bool]]) -> dict[str, float]:
    """Design effects of links, each the labels of one paper as a word, and whether they are official."""
    rows = [
        {"paper_id": number, "framework_order": "abx".index(label), "is_official": is_official, "reject_reason": None}
        for number, (labels, is_official) in enumerate(papers)
        for label in labels
    ]
    given(con, "intermediate.papers_with_code_links_dated", rows)
    named = [{"framework": label, "framework_order": order} for order, label in enumerate("abx")]
    given(con, "staging.reference__frameworks", named)
    other = {"population": "after", "paper_id": "p", "framework": "none", "reject_reason": None}
    given(con, "intermediate.papers_after_2025_links", [other])
    given(con, "intermediate.headline_pair", [PAIR])
    found = created(con, "intermediate/design_effects")
    return {row["population"]: row["design_effect"] for row in found if row["source"] == "papers_with_code"}


def test_one_link_per_paper_is_independent(con):
    assert effects(con, [("a", True), ("b", True), ("a", True), ("x", True)]) == {"all": 1, "official": 1}


def test_papers_of_two_like_links_have_twice_the_variance(con):
    found = effects(con, [("aa", False), ("bb", False), ("aa", False), ("bb", False), ("a", True), ("b", True)])
    assert (found["community"], found["official"]) == (2, 1)
    # 8 links in pairs and 2 alone: the squares of the papers are 4 x 1 + 2 x 0.25, and 10 x 0.25 by links.
    assert found["all"] == pytest.approx(4.5 / 2.5)


def test_papers_of_unlike_links_never_narrow_an_interval(con):
    assert effects(con, [("ab", False), ("ab", False)])["community"] == 1


def test_the_effect_is_the_variance_of_drawn_papers(con):
    random = np.random.default_rng(3)
    sizes, likeness = random.integers(1, 4, 400), random.random(400)
    papers = ["".join(np.where(random.random(n) < p, "a", "b")) for n, p in zip(sizes, likeness, strict=True)]
    effect = effects(con, [(labels, True) for labels in papers])["official"]
    counts = np.array([(labels.count("a"), len(labels)) for labels in papers])
    drawn = np.array([counts[random.integers(0, 400, 400)].sum(axis=0) for _ in range(4000)])
    share, links = counts[:, 0].sum() / counts[:, 1].sum(), counts[:, 1].sum()
    measured = (drawn[:, 0] / drawn[:, 1]).var() / (share * (1 - share) / links)
    assert effect == pytest.approx(measured, rel=0.06)


def test_the_interval_is_that_of_so_many_fewer_members(con):
    low, high, as_few = con.execute(
        "select wilson_low_pct(60, 120, effect := 1.2), wilson_high_pct(60, 120, effect := 1.2), "
        "wilson_low_pct(50, 100)"
    ).fetchall()[0]
    assert (low, high) == (pytest.approx(as_few), pytest.approx(100 - as_few))


def test_links_of_the_sample_have_their_effect_in_the_intervals(embedded):
    with duckdb.connect(str(embedded.current / "warehouse.duckdb"), read_only=True) as own:
        rows = own.execute(
            "select population, a_value, pair_value, low_pct from marts.head_to_head "
            "where source = 'papers_with_code' and framework_a = 'pytorch' and framework_b = 'tensorflow' "
            "and grain = 'quarter' and period_start = '2019-01-01' and series in ('links_all', 'links_known') "
            "union all select population, value, base, share_low_pct from marts.framework_shares "
            "where source = 'papers_with_code' and framework = 'pytorch' "
            "and grain = 'quarter' and period_start = '2019-01-01' and series in ('links_all', 'links_known')"
        ).fetchall()
    assert len(rows) == 8
    for population, a_value, pair_value, low_pct in rows:
        effect = 1.0 if population.startswith("official") else 1.2
        share, n, z = a_value / pair_value, pair_value / effect, 1.96
        root = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        assert low_pct == pytest.approx(100 * (share + z * z / (2 * n) - root) / (1 + z * z / n))
