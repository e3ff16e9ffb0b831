"""The successors of Papers With Code: what is asked again, and what becomes of answers that cannot be right."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from flows.landing.landing import landed_files
from flows.network.pace import Pace
from flows.settings import Settings
from flows.sources.papers_after_2025 import graph as paper_graph
from flows.sources.papers_after_2025 import source as papers_after_2025
from tests.activity import DATASET, DUMP, HUGGING_FACE, SUCCESSOR, parameters, pulled, raw, serve_dump
from tests.loopback import Answer, Loopback, Request
from tests.parquet import as_parquet

NOW = datetime(2025, 8, 20, 9, 0, tzinfo=UTC)
DAILY, LIST = "/api/daily_papers", "/api/v1/papers/"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers_after_2025, "PACES", {})


def daily(number: int, month: str) -> dict[str, Any]:
    """A paper as Hugging Face lists it."""
    paper = {"id": f"{number}", "publishedAt": f"{month}-05T00:00:00.000Z", "githubRepo": "https://github.com/a/b"}
    return {"paper": paper, "title": "T"}


def serve_daily(server: Loopback, counts: Mapping[str, int]) -> None:
    """So many daily papers by month."""

    def answer(request: Request) -> Answer:
        query = parameters(request)
        page, size = int(query["p"]), int(query["limit"])
        numbers = range(counts.get(query["month"], 0))[page * size : (page + 1) * size]
        return Answer([daily(number, query["month"]) for number in numbers])

    server.answer(HUGGING_FACE, DAILY, answer)


def serve_list(server: Loopback, a_day: Callable[[date], int], change: Callable[[dict[str, Any]], Any] | None = None):
    """So many papers a day at paperswithcode.co, from start_date to end_date."""

    def answer(request: Request) -> Answer:
        query = parameters(request)
        first, last = (date.fromisoformat(query[name]) for name in ("start_date", "end_date"))
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        papers = [
            {
                "id": f"{day}-{number}",
                "published": str(day),
                "repositories": [{"url": f"https://github.com/a/{number}"}],
            }
            for day in days
            for number in range(a_day(day))
        ]
        page, size = int(query["page"]), int(query["page_size"])
        applied = {"start_date": query["start_date"], "end_date": query["end_date"]}
        body: Any = {"results": papers[(page - 1) * size : page * size], "count": len(papers)}
        return Answer((change or (lambda same: same))(body | {"applied_filters": applied}))

    server.answer(SUCCESSOR, LIST, answer)


@pytest.fixture
def world(server: Loopback, tmp_path: Path) -> Loopback:
    """All three services."""
    serve_dump(server, tmp_path)
    serve_daily(server, {"2025-08": 101, "2025-07": 3})
    serve_list(server, lambda day: 20)
    return server


@pytest.fixture
def lists(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> Loopback:
    """The two lists alone, of a few days."""
    monkeypatch.setattr(papers_after_2025, "BEGINS", date(2025, 8, 10))
    monkeypatch.setattr(papers_after_2025, "_land_graph", lambda *_: None)
    serve_daily(server, {"2025-08": 101})
    serve_list(server, lambda day: 20)
    return server


def asked(server: Loopback) -> list[str]:
    """Month or window and page of what was asked of the lists, in order."""
    words = []
    for request in server.requests:
        query = parameters(request)
        if request.path == DAILY:
            words.append(f"{query['month']} p{query['p']}")
        elif request.path == LIST:
            words.append(f"{query['start_date']} {query['end_date']} p{query['page']}")
    return words


def papers(settings: Settings, population: str) -> int:
    """Papers in what is landed of a list."""
    rows = "body::json" if population == papers_after_2025.DAILY else "body::json -> 'results'"
    with raw(settings, papers_after_2025) as con:
        return con.execute(
            f"select sum(json_array_length({rows})) from raw.papers_after_2025_answers where subject = '{population}'"
        ).fetchall()[0][0]


def test_the_newest_windows_come_first_and_every_page_is_read(world: Loopback, settings: Settings) -> None:
    check = pulled(settings, papers_after_2025, NOW)
    assert (check.outcome, check.message) == ("downloaded", "")
    assert asked(world) == [
        *("2025-08 p0", "2025-08 p1", "2025-08 p2", "2025-08 p3"),
        *("2025-08-17 2025-08-25 p1", "2025-08-17 2025-08-25 p2"),
        *("2025-08-09 2025-08-17 p1", "2025-08-09 2025-08-17 p2"),
        *("2025-08-01 2025-08-09 p1", "2025-08-01 2025-08-09 p2"),
        *("2025-07 p0", "2025-07 p1", "2025-07-29 2025-08-01 p1"),
    ]
    assert papers(settings, papers_after_2025.DAILY) == 104, "the last page of August holds one paper"


def test_a_second_refresh_asks_only_for_what_is_not_settled(world: Loopback, settings: Settings) -> None:
    pulled(settings, papers_after_2025, NOW)
    world.requests.clear()
    assert pulled(settings, papers_after_2025, NOW + timedelta(days=1)).message == ""
    assert {words.rpartition(" ")[0] for words in asked(world)} == {
        *("2025-08", "2025-08-17 2025-08-25", "2025-08-09 2025-08-17")
    }
    dump = [request for request in world.requests if request.path.endswith(".parquet")]
    assert {request.headers["If-None-Match"] for request in dump} == {f'"{table}"' for table in DUMP}


def test_a_window_with_too_many_papers_is_asked_in_halves(
    world: Loopback, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers_after_2025, "MOST_PAGES", 5)
    serve_list(world, lambda day: 70 if date(2025, 8, 17) <= day < date(2025, 8, 25) else 20)
    assert pulled(settings, papers_after_2025, NOW).message == ""
    halves = {words.rpartition(" ")[0] for words in asked(world) if words.startswith(("2025-08-17", "2025-08-21"))}
    assert halves == {"2025-08-17 2025-08-25", "2025-08-17 2025-08-21", "2025-08-21 2025-08-25"}
    with raw(settings, papers_after_2025) as con:
        parts = con.execute(
            "select distinct part from raw.papers_after_2025_answers where part > '2025-08-1'"
        ).fetchall()
    assert ("2025-08-17/2025-08-25",) in parts, "halves stand for the whole window"


def changed(**values: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda body: body | values


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda _: "<html>", "expected a JSON document, found an HTML page"),
        (lambda _: "{", "found JSON that breaks off"),
        (changed(results=None), "expected results and their count"),
        (changed(count=None), "expected results and their count"),
        (changed(count="many"), "expected results and their count"),
        (changed(results=[]), "expected 180 papers on all pages, found 0"),
        (changed(count=10), "expected 10 papers on all pages, found 180"),
        (changed(applied_filters={}), "expected the filters {'start_date': '2025-08-17', 'end_date': '2025-08-25'}"),
        (changed(results=[{"id": "x", "published": "2030-01-01"}]), "expected papers from 2025-08-17 to 2025-08-25"),
        (changed(results=[{"title": "x"}]), "expected papers with an id"),
    ],
)
def test_a_list_that_cannot_be_right_is_left_and_the_other_goes_on(
    lists: Loopback, settings: Settings, change: Any, words: str
) -> None:
    serve_list(lists, lambda day: 20, change)
    check = pulled(settings, papers_after_2025, NOW)
    assert check.outcome == "downloaded"
    address = "https://paperswithcode.co/api/v1/papers/?page="
    for part in (f"Lists: 1 missing for now (paperswithcode.co). {address}", words):
        assert part in check.message
    assert papers(settings, papers_after_2025.DAILY) == 101


def successor_pages(server: Loopback, count: int, *pages: list[dict[str, Any]]) -> None:
    """The same pages for each window, as paperswithcode.co hands them out."""

    def answer(request: Request) -> Answer:
        number = int(parameters(request)["page"]) - 1
        return Answer({"count": count, "results": pages[number] if number < len(pages) else []})

    server.answer(SUCCESSOR, LIST, answer)


def rows(first: int, last: int) -> list[dict[str, Any]]:
    papers = [{"id": f"{n}", "arxiv_id": f"2508.{n:05d}", "version": 1} for n in range(first, last)]
    return [paper | {"repositories": [{"url": f"https://github.com/a/{paper['id']}"}]} for paper in papers]


def test_the_list_is_asked_in_a_fixed_order(lists: Loopback, settings: Settings) -> None:
    pulled(settings, papers_after_2025, NOW)
    [query] = {(parameters(r)["order_by"], parameters(r)["order_dir"]) for r in lists.requests if r.path == LIST}
    assert query == ("date_published", "asc")


@pytest.mark.parametrize("last", [[*rows(99, 179)], [*rows(99, 100)]], ids=["among others", "alone on its page"])
def test_a_paper_that_moves_to_the_next_page_is_a_note(lists: Loopback, settings: Settings, last: Any) -> None:
    """Row 99 comes twice, since a paper was put in before it; the last one is never seen."""
    count = 100 + len(last)
    successor_pages(lists, count, rows(0, 100), last)
    check = pulled(settings, papers_after_2025, NOW)
    assert check.outcome == "downloaded"
    parts = "2025-08-17/2025-08-25 by 1, 2025-08-10/2025-08-17 by 1"
    words = "Papers at paperswithcode.co moved while its list was read; its count differs in"
    assert check.message == f"{words} {parts}."
    assert papers(settings, SUCCESSOR) > 0


def test_many_that_are_missing_are_no_note(lists: Loopback, settings: Settings) -> None:
    successor_pages(lists, 180, rows(0, 100), rows(100, 170))
    assert "expected 180 papers on all pages, found 170" in pulled(settings, papers_after_2025, NOW).message


def test_versions_share_an_id_and_are_rows_of_their_own(lists: Loopback, settings: Settings) -> None:
    twice = [row | {"version": version} for row in rows(0, 5) for version in (1, 2)]
    successor_pages(lists, 10, twice)
    assert pulled(settings, papers_after_2025, NOW).message == ""


def test_what_is_held_stays_while_a_list_cannot_be_read(lists: Loopback, settings: Settings) -> None:
    pulled(settings, papers_after_2025, NOW - timedelta(days=2))
    before = papers(settings, SUCCESSOR)
    serve_list(lists, lambda day: 20, changed(count=10))
    assert "expected 10 papers" in pulled(settings, papers_after_2025, NOW).message
    assert papers(settings, SUCCESSOR) == before > 0


def test_a_count_as_text_is_a_count_and_none_at_all_is_no_harm(lists: Loopback, settings: Settings) -> None:
    serve_list(lists, lambda day: 20, lambda body: body | {"count": str(body["count"])})
    assert pulled(settings, papers_after_2025, NOW).message == ""
    told = papers(settings, SUCCESSOR)
    serve_list(lists, lambda day: 20, lambda body: {"results": body["results"]})
    fresh = replace(settings, data=settings.data.with_name("other"))
    assert pulled(fresh, papers_after_2025, NOW).message == ""
    assert papers(fresh, SUCCESSOR) == told


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(b"<html><title>Sign in"), "expected a JSON document, found an HTML page"),
        (Answer({"error": "no"}), "expected a list of papers"),
        (Answer([{"paper": {"id": None}}]), "expected papers with an id"),
        (Answer([{"title": "no paper"}]), "expected papers with an id"),
        (Answer([daily(1, "2025-08")]), "p=1&limit=50: expected papers that no page before had, found none but those"),
        (Answer([], status=404), "found status 404"),
    ],
)
def test_daily_papers_that_cannot_be_right_are_left_and_the_others_go_on(
    lists: Loopback, settings: Settings, answer: Answer, words: str
) -> None:
    lists.answer(HUGGING_FACE, DAILY, answer)
    check = pulled(settings, papers_after_2025, NOW)
    assert check.outcome == "downloaded"
    assert (
        "Lists: 1 missing for now (Hugging Face Papers). https://huggingface.co/api/daily_papers?month=2025-08"
        in check.message
    )
    assert words in check.message
    assert papers(settings, SUCCESSOR) == 180 + 160


def test_an_empty_page_with_a_link_to_the_next_does_not_end_the_daily_papers(
    lists: Loopback, settings: Settings
) -> None:
    link = {"Link": '<https://huggingface.co/api/daily_papers?p=2>; rel="next"'}
    pages = [[daily(1, "2025-08")], [], [daily(2, "2025-08")], []]
    for page, rows in enumerate(pages):
        headers = link if page < 2 else {}
        lists.answer(HUGGING_FACE, f"{DAILY}?month=2025-08&p={page}&limit=50", Answer(rows, headers=headers))
    assert pulled(settings, papers_after_2025, NOW).message == ""
    assert papers(settings, papers_after_2025.DAILY) == 2


def test_a_quota_ends_the_run_politely_and_the_next_one_goes_on(world: Loopback, settings: Settings) -> None:
    path = f"{LIST}?page=2&page_size=100&start_date=2025-08-01&end_date=2025-08-09"
    path += "&latest_only=false&include_resources=true&order_by=date_published&order_dir=asc"
    world.answer(SUCCESSOR, path, Answer(b"", 429, headers={"Retry-After": "300"}))
    check = pulled(settings, papers_after_2025, NOW)
    assert check.outcome == "downloaded"
    assert check.message == (
        "The quota of paperswithcode.co is spent, it returns 2025-08-20 09:05 UTC. 3 of 6 lists are held; the next "
        "refresh goes on with the others."
    )
    assert papers(settings, SUCCESSOR) == 2 * 180, "half a window is not kept"
    serve_list(world, lambda day: 20)
    world._answers.pop((SUCCESSOR, path))
    assert pulled(settings, papers_after_2025, NOW + timedelta(hours=1)).message == ""


def test_nothing_at_all_is_a_failure(server: Loopback, settings: Settings) -> None:
    check = pulled(settings, papers_after_2025, NOW)
    assert check.outcome == "failed"
    for way in ("tree/main", "parquet"):  # neither the listing nor the tree
        assert f"https://huggingface.co{DATASET}/{way}: expected an answer with status 200" in check.message
    assert landed_files(settings, "papers_after_2025") == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer({}, cut_at=1), "it ended too early"),
        (Answer(status=429, headers={"Retry-After": "3600"}), "come back in 3600 s"),
    ],
    ids=["cut", "limited"],
)
def test_a_listing_that_breaks_off_or_is_refused_is_told_without_asking_another_way(
    world: Loopback, settings: Settings, answer: Answer, words: str
) -> None:
    world.answer(HUGGING_FACE, f"{DATASET}/parquet", answer)
    message = pulled(settings, papers_after_2025, NOW).message
    assert f"1 missing for now (the dump of CodeOfPaper). https://huggingface.co{DATASET}/parquet: expected" in message
    assert words in message
    assert not world.asked(f"{DATASET}/tree/main")


def test_never_faster_than_the_pace(lists: Loopback, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers_after_2025, "PACES", dict.fromkeys(papers_after_2025.HOSTS, Pace(1, 0.02)))
    pulled(settings, papers_after_2025, NOW)
    times = {path: [request.time for request in lists.requests if request.path == path] for path in (DAILY, LIST)}
    assert sum(map(len, times.values())) == 8
    # Each list is of a host of its own.
    assert all(later - earlier >= 0.02 for moments in times.values() for earlier, later in pairwise(moments))


class TestDump:
    def loaded(self, settings: Settings, table: str) -> list[tuple[Any, ...]]:
        with raw(settings, papers_after_2025) as con:
            return con.execute(f"from raw.papers_after_2025_graph_{table}").fetchall()

    def test_ids_of_any_type_are_joined_by_the_column_that_the_links_name(
        self, world: Loopback, settings: Settings, tmp_path: Path
    ) -> None:
        pulled(settings, papers_after_2025, NOW)
        assert [row[:-2] for row in self.loaded(settings, "links")] == [("7", "70")]
        assert [row[:-2] for row in self.loaded(settings, "papers")] == [("7", "2508.00007", "2025-08-03")]
        assert [row[:-2] for row in self.loaded(settings, "repositories")] == [
            ("70", "https://github.com/a/b", "PyTorch")
        ]
        by_name = {
            "papers": [{"id": 7, "arxiv_id": "2508.00007", "date": "2025-08-03"}],
            "repositories": [{"id": 70, "full_name": "a/b", "framework": None}],
            "paper_repositories": [{"arxiv_id": "2508.00007", "full_name": "a/b"}],
        }
        serve_dump(world, tmp_path, by_name)
        for table in DUMP:
            answer = world._answers[HUGGING_FACE, f"{DATASET}/parquet/{table}/train/0.parquet"][0]
            assert isinstance(answer, Answer)
            world.answer(HUGGING_FACE, f"{DATASET}/parquet/{table}/train/0.parquet", replace(answer, etag='"new"'))
        pulled(settings, papers_after_2025, NOW + timedelta(days=1))
        assert [row[:-2] for row in self.loaded(settings, "links")] == [("2508.00007", "a/b")]
        assert self.loaded(settings, "papers")[0][0] == "2508.00007"
        assert self.loaded(settings, "repositories")[0][:3] == ("a/b", "a/b", None)

    def test_without_a_listing_the_tree_names_the_files(
        self, world: Loopback, settings: Settings, tmp_path: Path
    ) -> None:
        world.answer(HUGGING_FACE, f"{DATASET}/parquet", Answer({"error": "no conversion"}, status=404))
        names = [f"{table}.parquet" for table in [*DUMP, "repository_forks"]]
        tree = [{"type": "file", "path": name, "size": 1} for name in ["README.md", *names]]
        world.answer(HUGGING_FACE, f"{DATASET}/tree/main", Answer(tree))
        for table, rows in DUMP.items():
            path = f"/datasets/codeofpaper/paper-code-graph/resolve/main/{table}.parquet"
            world.answer(HUGGING_FACE, path, Answer(as_parquet(tmp_path, rows)))
        assert pulled(settings, papers_after_2025, NOW).message == ""
        assert len(self.loaded(settings, "links")) == 1

    @pytest.mark.parametrize(
        ("tables", "words"),
        [
            ({"papers": [], "repositories": []}, "expected the tables paper_repositories, repositories, papers, found"),
            (
                {"repositories": [{"id": 70, "url": "a/b"}]},
                "expected a column for framework (framework), found only id",
            ),
        ],
    )
    def test_a_dump_that_lost_something_is_named_and_the_held_one_stays(
        self, world: Loopback, settings: Settings, tmp_path: Path, tables: dict[str, Any], words: str
    ) -> None:
        pulled(settings, papers_after_2025, NOW)
        if len(tables) == 2:
            world.answer(HUGGING_FACE, f"{DATASET}/parquet", Answer({table: {"train": []} for table in tables}))
        else:
            path = f"{DATASET}/parquet/repositories/train/0.parquet"
            world.answer(HUGGING_FACE, path, Answer(as_parquet(tmp_path, tables["repositories"]), etag='"2"'))
        check = pulled(settings, papers_after_2025, NOW + timedelta(days=1))
        assert (
            "1 missing for now (the dump of CodeOfPaper). https://huggingface.co/api/datasets/codeofpaper"
            in check.message
        )
        assert words in check.message
        assert "update flows/sources/papers_after_2025/graph.py" in check.message
        assert [row[2] for row in self.loaded(settings, "repositories")] == ["PyTorch"]

    def test_half_a_dump_is_left_out(
        self, world: Loopback, settings: Settings, caplog: pytest.LogCaptureFixture
    ) -> None:
        path = f"{DATASET}/parquet/paper_repositories/train/0.parquet"
        world.answer(HUGGING_FACE, path, Answer(b"<html><title>Sign in</title>"))
        check = pulled(settings, papers_after_2025, NOW)
        assert "expected a Parquet file, found an HTML page ('Sign in')" in check.message
        assert self.loaded(settings, "links") == []
        assert "not all of paper_repositories, repositories, papers are landed" in caplog.text


def test_windows_lie_side_by_side_and_none_across_a_month() -> None:
    cut = papers_after_2025.windows(date(2026, 2, 28))
    assert [window.part for window in cut[:2]] == ["2026-02-25/2026-03-01", "2026-02-17/2026-02-25"]
    assert cut[-1].first == date(2025, 7, 29)
    assert all(older.after == newer.first for newer, older in pairwise(cut))
    assert all((window.after - timedelta(days=1)).month == window.first.month for window in cut)
    assert paper_graph.TABLES.keys() < papers_after_2025.TABLES.keys()


def test_a_short_page_in_the_middle_does_not_end_a_list_of_unknown_length(lists: Loopback, settings: Settings) -> None:
    sizes = {"1": 100, "2": 60, "3": 1}

    def answer(request: Request) -> Answer:
        query = parameters(request)
        rows = [{"id": f"{query['start_date']}-{query['page']}-{n}"} for n in range(sizes.get(query["page"], 0))]
        return Answer({"results": rows})

    lists.answer(SUCCESSOR, LIST, answer)
    assert pulled(settings, papers_after_2025, NOW).message == ""
    assert papers(settings, SUCCESSOR) == 2 * 161
