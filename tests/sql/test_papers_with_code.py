"""From links of the archive to monthly and quarterly counts."""

from datetime import date, datetime

import pytest

from tests.sql.support import created, given

LANDED = datetime(2024, 9, 8)
JUNE, JULY = date(2021, 6, 1), date(2021, 7, 1)


def link(number: int, **values: object) -> dict[str, object]:
    return {
        "link_id": number,
        "paper_url": f"https://paperswithcode.com/paper/{number}",
        "arxiv_id": "2106.00001",
        "repository_url": f"https://github.com/owner/name{number}",
        "is_official": True,
        "framework_label": "pytorch",
        "landed_at": LANDED,
        "source_file": "archive",
    } | values


@pytest.fixture
def frameworks(con):
    rows = [
        {"framework": "pytorch", "papers_with_code_label": "pytorch"},
        {"framework": "tensorflow", "papers_with_code_label": "tf"},
        {"framework": "torch", "papers_with_code_label": "torch"},
        {"framework": "none", "papers_with_code_label": "none"},
        {"framework": "keras", "papers_with_code_label": None},
    ]
    given(con, "staging.reference__frameworks", rows)


def dated(con, **values: object) -> dict[str, object]:
    given(con, "staging.papers_with_code__links", [link(1, **values)])
    [row] = created(con, "intermediate/papers_with_code_links_dated")
    return row


@pytest.mark.parametrize(
    ("arxiv_id", "month", "reason"),
    [
        ("2106.01234", date(2021, 6, 1), None),
        ("0704.0001", date(2007, 4, 1), None),
        ("1412.6980v9", date(2014, 12, 1), None),
        ("quant-ph/0406196", date(2004, 6, 1), None),
        ("math.AG/9912001", date(1999, 12, 1), None),
        ("hep-th/9108001v2", date(1991, 8, 1), None),
        ("2409.00001", date(2024, 9, 1), None),
        ("2410.00001", None, "arXiv id of a month after the archive was fetched"),
        ("2113.00001", None, "arXiv id of an unknown form"),
        ("2100.00001", None, "arXiv id of an unknown form"),
        ("1234", None, "arXiv id of an unknown form"),
        ("10.1145/2106.01234", None, "arXiv id of an unknown form"),
        (None, None, "no arXiv id"),
    ],
)
def test_a_link_is_dated_by_its_arxiv_id_or_says_why_not(con, frameworks, arxiv_id, month, reason):
    row = dated(con, arxiv_id=arxiv_id)
    assert (row["period_start"], row["reject_reason"]) == (month, reason)


def key_of(con, address: str) -> str:
    return con.execute(f"select repository_key_of('{address}')").fetchone()[0]


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/Owner/Name",
        "http://www.github.com/owner/name/",
        "https://github.com/owner/name.git",
        "https://github.com/owner/name/tree/master/deep/er",
        "https://github.com/owner/name/blob/main/x.py#L3",
        " https://github.com/owner/name?tab=readme ",
        "github.com/owner/name",
        "git+https://user@github.com/owner/name.git/",
    ],
)
def test_addresses_of_one_repository_are_one(con, address):
    assert key_of(con, address) == "github.com/owner/name"


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://gitlab.com/group/sub/name/-/tree/main", "gitlab.com/group/sub/name"),
        ("https://bitbucket.org/owner/name/src/master/", "bitbucket.org/owner/name"),
        ("https://example.org/~me/code.zip", "example.org/~me/code.zip"),
        ("https://github.com/owner", "github.com/owner"),
    ],
)
def test_other_hosts_keep_their_own_paths(con, address, key):
    assert key_of(con, address) == key


@pytest.mark.parametrize(
    ("label", "framework"),
    [("tf", "tensorflow"), ("torch", "torch"), ("pytorch", "pytorch"), ("none", "none"), ("brandnew", "other")],
)
def test_labels_become_our_ids(con, frameworks, label, framework):
    assert dated(con, framework_label=label)["framework"] == framework


def counted(con, *links: dict[str, object]) -> dict[tuple[str, str, date, str], tuple[float, int]]:
    given(con, "staging.papers_with_code__links", list(links))
    for step in ("links_dated", "papers_alike", "repositories_alike", "counts", "observations"):
        rows = created(con, f"intermediate/papers_with_code_{step}")
    return {
        (str(row["series"]), str(row["population"]), row["period_start"], str(row["framework"])): (
            row["value"],
            row["base"],
        )
        for row in rows
    }


def test_links_papers_and_repositories_are_counted_over_both_bases(con, frameworks):
    shared = {"repository_url": "https://github.com/owner/one"}
    found = counted(
        con,
        link(1, **shared),
        link(2, **shared, arxiv_id="2107.00001", is_official=False),
        link(3, paper_url="https://paperswithcode.com/paper/1", framework_label="tf"),
        link(4, framework_label="none"),
        link(5, arxiv_id=None),
    )
    # June: links 1 (pytorch), 3 (tf) and 4 (none); link 3 is of the same paper as link 1.
    assert found["links_all", "all", JUNE, "pytorch"] == (1, 3)
    assert found["links_known", "all", JUNE, "pytorch"] == (1, 2)
    assert found["links_all", "all", JUNE, "none"] == (1, 3)
    assert ("links_known", "all", JUNE, "none") not in found
    assert found["papers_all", "all", JUNE, "tensorflow"] == (1, 2)
    assert found["papers_known", "all", JUNE, "tensorflow"] == (1, 1)
    # The shared repository is dated by its earliest paper among all links, and among the community's own.
    assert found["repositories_all", "all", JUNE, "pytorch"] == (1, 3)
    assert ("repositories_all", "all", JULY, "pytorch") not in found
    assert found["repositories_all", "community", JULY, "pytorch"] == (1, 1)
    assert found["links_all", "official", JUNE, "pytorch"] == (1, 3)
    assert found["links_all", "community", JULY, "pytorch"] == (1, 1)
    # A label without a link that month is a zero, also one that never occurs; a framework without a label has no row.
    assert found["links_all", "all", JULY, "tensorflow"] == (0, 1)
    assert found["links_all", "all", JULY, "torch"] == (0, 1)
    assert not [key for key in found if key[3] == "keras"]


def test_a_month_without_labelled_links_has_no_row_over_labelled_links(con, frameworks):
    found = counted(con, link(1, framework_label="none"))
    assert found["links_all", "all", JUNE, "pytorch"] == (0, 1)
    assert not [key for key in found if key[0].endswith("_known")]


def test_repositories_that_differ_in_every_eighth_letter_only_are_told_apart(con):
    addresses = "select 'github.com/abc' || i || '/net-' || j as address from range(1000) as a(i), range(300) as b(j)"
    plain, ours = con.execute(
        f"select count(distinct hash(address)), count(distinct text_id(address)) from ({addresses})"
    ).fetchone()
    assert plain < 300_000, "DuckDB's own hash would do: the macro is not needed any more"
    assert ours == 300_000
