"""Of a mixture the worst quality counts, and thirty members are enough."""

from itertools import pairwise

import pytest

from tests.sql.support import database

FROM_THE_BEST = ("full", "decoded", "sample", "fitted_base", "digitised", "published", "detected")


@pytest.mark.parametrize(("better", "worse"), [*pairwise(FROM_THE_BEST)])
def test_the_worst_of_a_mixture_counts(better: str, worse: str) -> None:
    with database() as con:
        for first, second in ((better, worse), (worse, better)):
            [row] = con.execute(
                f"select worst_quality(quality), worse_quality('{first}', '{second}') "
                f"from (values ('{first}'), ('{second}')) as found (quality)"
            ).fetchall()
            assert row == (worse, worse)


@pytest.mark.parametrize(("base", "is_binomial", "enough"), [(29, True, False), (30, True, True), (2, False, True)])
def test_thirty_members_are_enough(base: int, is_binomial: bool, enough: bool) -> None:
    with database() as con:
        assert con.execute(f"select is_enough({base}, {is_binomial}), is_enough(null, true)").fetchall() == [
            (enough, True)
        ]
