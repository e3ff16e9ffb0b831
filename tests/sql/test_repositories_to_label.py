"""Which repositories are labelled: the draw from the archive, and those of papers since."""

from datetime import date
from typing import Any

import pytest

from tests.sql.support import created, database, given

ARCHIVE = [
    ("https://github.com/Owner/Name", "pytorch", date(2020, 1, 1)),
    ("https://github.com/owner/name.git", "pytorch", date(2019, 5, 1)),
    ("http://www.github.com/owner/name/tree/master/deep/folder", "pytorch", None),
    ("https://github.com/undated/one", "tensorflow", None),
    ("https://github.com/two/labels", "jax", date(2020, 1, 1)),
    ("https://github.com/two/labels/", "pytorch", date(2020, 1, 1)),
    ("https://gitlab.com/group/project", "pytorch", date(2020, 1, 1)),
    ("https://bitbucket.org/group/project", "none", date(2020, 1, 1)),
    ("https://github.com/owner", "none", date(2020, 1, 1)),
]
LABELS = ["pytorch", "tensorflow", "jax", "none"]
AFTER = [("github.com/owner/name", date(2025, 9, 1)), ("gitlab.com/group/other", date(2025, 9, 1))]


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    with database() as con:
        given(
            con,
            "staging.papers_with_code__links",
            [{"link_id": n, "repository_url": url} for n, (url, _, _) in enumerate(ARCHIVE)],
        )
        given(
            con,
            "intermediate.papers_with_code_links_dated",
            [
                {"link_id": n, "framework_order": LABELS.index(label), "period_start": month}
                for n, (_, label, month) in enumerate(ARCHIVE)
            ],
        )
        named = [{"framework": label, "framework_order": order} for order, label in enumerate(LABELS)]
        given(con, "staging.reference__frameworks", named)
        con.execute(
            "create or replace table intermediate.papers_with_code_links_dated as "
            "select dated.*, text_id(repository_key_of(repository_url)) as repository_id "
            "from intermediate.papers_with_code_links_dated as dated "
            "inner join staging.papers_with_code__links using (link_id)"
        )
        given(
            con,
            "intermediate.papers_after_2025_links",
            [{"repository_key": key, "period_start": month} for key, month in AFTER],
        )
        return created(con, "intermediate/repositories_to_label")


def test_links_that_name_one_repository_are_one_and_other_hosts_are_not_asked(rows: list[dict[str, Any]]) -> None:
    found = {(row["repository"], row["purpose"]): row["month_start"] for row in rows}
    assert found == {
        ("owner/name", "calibration"): date(2019, 5, 1),
        ("undated/one", "calibration"): None,
        ("owner/name", "2025-09"): date(2025, 9, 1),
    }


def test_each_stands_for_those_of_its_label_and_month(rows: list[dict[str, Any]]) -> None:
    assert [row["stands_for"] for row in rows if row["purpose"] == "calibration"] == [1.0, 1.0]
