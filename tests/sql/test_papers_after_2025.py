"""From the lists and the dump of the successors to links by month and framework."""

import json
from datetime import date, datetime

import pytest

from tests.sql.support import created, given

AUGUST, SEPTEMBER = date(2025, 8, 1), date(2025, 9, 1)
ASKED = datetime(2025, 9, 30)
DAILY, LIST, GRAPH = "Hugging Face Papers", "paperswithcode.co", "CodeOfPaper"
BEFORE = "dated 2025-07-28 or before, in the time of Papers With Code"


def page(population: str, part: str, rows: list[object], asked_at: datetime = ASKED) -> dict[str, object]:
    body = rows if population == DAILY else {"results": rows, "count": len(rows)}
    return {
        "kind": "papers",
        "subject": population,
        "part": part,
        "address": f"https://{population}/?{json.dumps(rows)}",
        "asked_at": asked_at,
        "body": json.dumps(body),
        "_source_file": "lists",
    }


def daily(number: str, repository: str | None, published: str | None = "2025-08-05T00:00:00.000Z"):
    return {"paper": {"id": number, "publishedAt": published, "githubRepo": repository}, "title": "T"}


def listed(number: int, *repositories: object, published: str | None = "2025-08-05", arxiv_id: str | None = None):
    return {"id": number, "arxiv_id": arxiv_id, "published": published, "repositories": list(repositories)}


@pytest.fixture
def links(con):
    """What the models make of pages and of a dump of (paper, published, repository, framework)."""
    frameworks = [
        {"framework": "pytorch", "label": "PyTorch", "papers_with_code_label": "pytorch"},
        {"framework": "tensorflow", "label": "TensorFlow", "papers_with_code_label": "tf"},
        {"framework": "keras", "label": "Keras", "papers_with_code_label": None},
        {"framework": "none", "label": "None", "papers_with_code_label": "none"},
    ]
    given(con, "staging.reference__frameworks", frameworks)
    landings = [{"source_file": name, "retrieved_at": ASKED} for name in ("lists", "dump")]
    given(con, "staging.refresh__landings", landings)

    def made(*pages: dict[str, object], dump: tuple[tuple[object, ...], ...] = ()) -> list[dict[str, object]]:
        empty = page("nobody", "x", [])
        given(con, "raw.papers_after_2025_answers", [*pages, empty])
        source = {"_landed_at": ASKED, "_source_file": "dump"}
        keys = ("paper", "arxiv_id", "published", "repository", "address", "framework")
        rows = [
            dict(zip(keys, (str(number), None, published, repository, repository, framework), strict=True)) | source
            for number, (published, repository, framework) in enumerate(dump)
        ]
        for table in ("links", "repositories", "papers"):
            given(con, f"raw.papers_after_2025_graph_{table}", rows or [dict.fromkeys(keys) | source])
            if not rows:
                con.execute(f"delete from raw.papers_after_2025_graph_{table}")
            created(con, f"staging/papers_after_2025__graph_{table}")
        created(con, "staging/papers_after_2025__answers")
        created(con, "intermediate/papers_after_2025_listed")
        created(con, "staging/papers_after_2025__lookups")
        return created(con, "intermediate/papers_after_2025_links")

    return made


def test_every_repository_of_a_paper_is_a_link_and_a_paper_without_one_is_none(links):
    rows = links(
        page(LIST, "a", [listed(1, {"url": "https://github.com/A/B.git"}, {"owner": "c", "name": "d"}), listed(2)]),
        page(DAILY, "b", [daily("2508.00001", "https://github.com/a/b/tree/main"), daily("2508.00002", None)]),
    )
    found = {(row["population"], row["paper_id"], row["repository_key"], row["framework"]) for row in rows}
    assert found == {
        (LIST, "1", "github.com/a/b", "unlabelled"),
        (LIST, "1", "github.com/c/d", "unlabelled"),
        (DAILY, "2508.00001", "github.com/a/b", "unlabelled"),
    }


@pytest.mark.parametrize(
    ("published", "number", "month", "reason"),
    [
        ("2025-07-28T23:59:59Z", "2507.1", None, BEFORE),
        ("2025-07-29T00:00:00Z", "2507.1", None, "dated 29 to 31 July 2025, which are no month"),
        ("2025-08-31T23:30:00-05:00", "2508.1", SEPTEMBER, None),
        ("2025-09-01T00:30:00+02:00", "2508.1", AUGUST, None),
        ("2025-08-31", "2509.00001", AUGUST, None),
        (None, "2508.00001", AUGUST, None),
        (None, "2507.00001v2", None, BEFORE),
        ("soon", "x", None, "no date of the paper"),
        ("2025-10-02", "2510.00001", None, "dated after the list was read"),
    ],
)
def test_a_paper_is_dated_in_utc_or_says_why_not(links, published, number, month, reason):
    [row] = links(page(DAILY, "a", [daily(number, "a/b", published)]))
    assert (row["period_start"], row["reject_reason"]) == (month, reason)


def test_a_window_that_was_asked_again_is_told_anew_and_a_paper_of_two_windows_counts_once(links):
    repository = {"url": "https://github.com/a/b"}
    rows = links(
        page(LIST, "a", [listed(1, repository), listed(2, repository)], datetime(2025, 9, 1)),
        page(LIST, "a", [listed(1, repository)]),
        page(LIST, "a", [listed(3, repository)]),
        page(LIST, "b", [listed(3, repository)]),
    )
    assert sorted(str(row["paper_id"]) for row in rows) == ["1", "3"]


@pytest.mark.parametrize(
    ("label", "framework"),
    [
        *(("tf", "tensorflow"), ("TensorFlow", "tensorflow"), ("keras", "keras"), (" PyTorch ", "pytorch")),
        *(("none", "none"), ("brandnew", "other"), ("", "unlabelled"), (None, "unlabelled")),
    ],
)
def test_labels_of_the_dump_become_our_ids(links, label, framework):
    [row] = links(dump=(("2025-08-03", "https://github.com/a/b", label),))
    assert (row["population"], row["framework"], row["source_file"]) == (GRAPH, framework, "dump")


def test_links_are_counted_by_population_over_all_and_over_labelled_ones(con, links):
    dump = [("2025-08-03", f"a/{number}", label) for number, label in enumerate(["pytorch", "pytorch", "tf", None])]
    links(
        page(DAILY, "a", [daily("2508.1", "a/b"), daily("2509.2", "a/c", "2025-09-02")]),
        dump=(*dump, ("2025-07-01", "a/9", "tf"), ("2025-09-01", "a/8", None), ("2025-09-30", "a/7", None)),
    )
    found = {
        (str(row["series"]), str(row["population"]), row["period_start"], str(row["framework"])): (
            row["value"],
            row["base"],
        )
        for row in created(con, "intermediate/papers_after_2025_observations")
    }
    assert found == {
        ("links_all", DAILY, AUGUST, "unlabelled"): (1, 1),
        ("links_all", DAILY, SEPTEMBER, "unlabelled"): (1, 1),
        ("links_all", GRAPH, AUGUST, "pytorch"): (2, 4),
        ("links_all", GRAPH, AUGUST, "tensorflow"): (1, 4),
        ("links_all", GRAPH, AUGUST, "unlabelled"): (1, 4),
        ("links_all", GRAPH, SEPTEMBER, "pytorch"): (0, 2),
        ("links_all", GRAPH, SEPTEMBER, "tensorflow"): (0, 2),
        ("links_all", GRAPH, SEPTEMBER, "unlabelled"): (2, 2),
        ("links_known", GRAPH, AUGUST, "pytorch"): (2, 3),
        ("links_known", GRAPH, AUGUST, "tensorflow"): (1, 3),
    }


def test_a_month_of_which_days_are_missing_has_no_figure(con, links):
    """A dump that ends on the 19th, and a list of which one window of four is not read yet."""
    repository = {"url": "https://github.com/a/b"}
    parts = ("2025-08-01/2025-08-09", "2025-08-09/2025-08-17", "2025-08-17/2025-08-25", "2025-08-25/2025-09-01")
    papers = [page(LIST, part, [listed(n, repository, published=part[:10])]) for n, part in enumerate(parts)]
    dump = (("2025-08-03", "a/b", "pytorch"), ("2025-09-19", "c/d", "tf"), ("2031-01-01", "e/f", "tf"))

    def months() -> set[tuple[object, object]]:
        return {
            (row["population"], row["period_start"])
            for row in created(con, "intermediate/papers_after_2025_observations")
        }

    links(*papers[1:], dump=dump)
    assert months() == {(GRAPH, AUGUST)}
    links(*papers, dump=dump)
    assert months() == {(GRAPH, AUGUST), (LIST, AUGUST)}
    links(*papers, looked_up("2509.00009", {"top_repos": [{"full_name": "g/h", "framework": "jax"}]}), dump=dump)
    assert months() == {(GRAPH, AUGUST), (LIST, AUGUST), (GRAPH, SEPTEMBER)}


def looked_up(paper: str, body: object, asked_at: datetime = ASKED) -> dict[str, object]:
    answer = {"kind": "repositories", "subject": GRAPH, "part": paper, "asked_at": asked_at, "body": json.dumps(body)}
    return answer | {"_source_file": "lists"}


def test_papers_since_the_dump_are_told_one_by_one(links):
    dump = (("2025-08-31", "a/b", "PyTorch"),)
    repositories = [
        {"html_url": "https://github.com/C/D.git", "full_name": "c/d", "framework": "TensorFlow"},
        {"full_name": "e/f", "framework": None},
        {"full_name": None, "framework": "jax"},
    ]
    rows = links(
        looked_up("2509.00001", {"paper": {}, "top_repos": repositories}),
        looked_up("2509.00002", {"detail": "Paper not found"}),
        looked_up("2509.00003", {"repositories": []}),
        looked_up("2509.00004", {"repos": [{"full_name": "g/h", "framework": "pytorch", "stars": 3}]}),
        looked_up("2507.00004", {"repos": [{"full_name": "g/h", "framework": "pytorch"}]}),
        dump=dump,
    )
    found = {(row["paper_id"], row["repository_key"], row["framework"], row["period_start"]) for row in rows}
    assert found == {
        ("0", "github.com/a/b", "pytorch", AUGUST),
        ("2509.00001", "github.com/c/d", "tensorflow", SEPTEMBER),
        ("2509.00001", "github.com/e/f", "unlabelled", SEPTEMBER),
        ("2509.00004", "github.com/g/h", "pytorch", SEPTEMBER),
        ("2507.00004", "github.com/g/h", "pytorch", None),
    }
    assert {row["population"] for row in rows} == {GRAPH}
    assert {row["paper_id"] for row in rows if row["is_lookup"]} == {"2509.00001", "2509.00004", "2507.00004"}


def test_months_that_were_told_one_by_one_are_a_sample(con, links):
    links(
        looked_up("2509.00001", {"top_repos": [{"full_name": "c/d", "framework": "pytorch"}]}),
        dump=(("2025-08-31", "a/b", "PyTorch"),),
    )
    rows = created(con, "intermediate/papers_after_2025_observations")
    assert {(row["period_start"], row["quality"]) for row in rows} == {(AUGUST, "full"), (SEPTEMBER, "sample")}


def test_a_paper_that_a_newer_dump_has_is_told_by_the_dump(con, links):
    links(looked_up("2508.00001", {"top_repos": [{"full_name": "c/d", "framework": "jax"}]}))
    given(
        con, "staging.papers_after_2025__graph_papers", [{"paper_id": "1", "arxiv_id": "2508.00001", "published": "x"}]
    )
    assert created(con, "intermediate/papers_after_2025_links") == []
