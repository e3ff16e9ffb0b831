"""Answers of people who may name both: only one, both, only the other, and McNemar's test."""

import pytest

from scripts import survey_overlaps
from tests.lazily import lazily
from tests.shared_data import shared
from tests.sql.support import created, given

stats, tables = map(lazily, ("scipy.stats", "statsmodels.stats.contingency_tables"))

ROW = {"source": "s", "series": "x", "population": "all", "framework_a": "a", "framework_b": "b", "reference": None}


@pytest.fixture
def told(con):
    """An edition in which one framework leads, and one in which neither does."""
    given(con, "staging.reference__frameworks", [{"framework": name, "label": name.upper()} for name in "ab"])
    rows = [
        ROW | {"period_start": f"{year}-01-01", "only_a_count": a, "both_count": both, "only_b_count": b}
        for year, a, both, b in ((2021, 1743, 3448, 4505), (2022, 45, 900, 55))
    ]
    given(con, "staging.reference__survey_overlaps", rows)
    return sorted(created(con, "marts/survey_overlaps"), key=lambda row: row["period_start"])


def test_who_leads_is_decided_by_those_who_named_one_alone(told):
    old, new = told
    assert (old["leader"], old["either_count"], round(old["z"], 1)) == ("b", 9696, -34.9)
    assert old["sentence"] == "Of 9,696 who named either, 18% named A alone, 36% both and 46% B alone."
    assert (new["leader"], new["z"]) == (None, -1)


@pytest.mark.slow
def test_the_test_is_mcnemars(told):
    _, new = told
    expected = tables.mcnemar([[900, 45], [55, 0]], exact=False, correction=False)
    assert new["z"] ** 2 == pytest.approx(expected.statistic)
    assert 2 * stats.norm.sf(abs(new["z"])) == pytest.approx(expected.pvalue)


@pytest.mark.slow
def test_the_table_is_what_the_files_of_the_survey_hold():
    assert survey_overlaps.table(shared("kaggle_survey")) == survey_overlaps.FILE.read_text(encoding="utf-8")
