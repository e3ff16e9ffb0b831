"""From links of the archive to monthly and quarterly counts."""

from collections import defaultdict
from datetime import date, datetime
from random import Random

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
    given(con, "staging.reference__frameworks", [row | {"framework_order": n} for n, row in enumerate(rows, 1)])


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
    found = counted(con, link(1, framework_label=label))
    assert found["links_all", "all", JUNE, framework] == (1, 1)
    assert {key[3] for key, (value, _) in found.items() if value} == {framework}


def counted(con, *links: dict[str, object]) -> dict[tuple[str, str, date, str], tuple[float, int]]:
    given(con, "staging.papers_with_code__links", list(links))
    for step in ("links_dated", "papers_alike", "repositories_alike", "observations"):
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


def test_papers_and_repositories_of_many_labels_are_counted_as_by_hand(con, frameworks):
    random = Random(7)
    labels = {"pytorch": "pytorch", "tf": "tensorflow", "torch": "torch", "none": "none", "brandnew": "other"}
    drawn = [
        (random.randrange(40), random.randrange(30), random.choice([*labels]), random.random() < 0.4)
        for _ in range(200)
    ]
    months = {paper: date(2021, 1 + paper % 5, 1) for paper, *_ in drawn}
    found = counted(
        con,
        *(
            link(
                n,
                paper_url=f"p{paper}",
                arxiv_id=f"{months[paper]:%y%m}.00001",
                repository_url=f"https://github.com/o/r{repository}",
                framework_label=label,
                is_official=is_official,
            )
            for n, (paper, repository, label, is_official) in enumerate(drawn)
        ),
    )
    expected: dict[tuple[str, str, date, str], set[int]] = defaultdict(set)
    everything: dict[tuple[str, str, date], set[int]] = defaultdict(set)
    for population, wanted in (("all", (True, False)), ("official", (True,)), ("community", (False,))):
        links = [row for row in drawn if row[3] in wanted]
        first = {
            repository: min(months[row[0]] for row in links if row[1] == repository) for _, repository, *_ in links
        }
        for paper, repository, label, _ in links:
            for counted_, month, member in (
                ("papers", months[paper], paper),
                ("repositories", first[repository], repository),
            ):
                for series in ("all", "known") if label != "none" else ("all",):
                    expected[f"{counted_}_{series}", population, month, labels[label]].add(member)
                    everything[f"{counted_}_{series}", population, month].add(member)
    counts = {key: row for key, row in found.items() if row[0] and not key[0].startswith("links")}
    assert counts == {key: (len(members), len(everything[key[:3]])) for key, members in expected.items()}
