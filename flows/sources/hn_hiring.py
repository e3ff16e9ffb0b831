"""Hacker News hiring threads: how many posts of the monthly thread "Who is hiring?" name a framework.

The threads are by the account whoishiring; Algolia's search lists them and gives each with its answers. A post is an
answer to the thread itself, and names a framework where a word of it stands in the text as a whole word.

What it cannot tell: jobs outside a circle of mostly American start-ups; whether a name is wanted or merely listed.
Counts are tiny, so they are summed over twelve months. A thread is read after its month, and again once in 60 days.
Licence: posts remain their authors'; only counts and ids of posts leave this machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from pathlib import Path

from ..engine import duckdb
from ..errors import SourceError
from ..landing.backlog import Backlog, told
from ..landing.documents import Document, cure_of
from ..landing.landing import JSON, LandedFile, Landing, landed_files
from ..landing.loading import insert_from, looking, whole_reader
from ..months import closed_month, newest_first
from ..network.pace import Pace
from ..network.probing import Probe
from ..settings import Settings
from ..sql_text import first_line, paths, quoted
from .filling import FirstFill

NAME = "hn_hiring"
HOST = "hn.algolia.com"
HOSTS = (HOST,)
PACES = {HOST: Pace(60, 60)}

SEARCH_URL = (
    f"https://{HOST}/api/v1/search_by_date?page={{page}}&query=hiring"
    "&tags=story%2C%28author__whoishiring%2C+author_whoishiring%29"
)
THREAD_URL = f"https://{HOST}/api/v1/items/{{thread}}"
PROBES = (
    Probe(
        f"{SEARCH_URL.format(page=0)}&hitsPerPage=1",
        {"hits": [{"objectID": str, "title": str, ...: None}], "nbPages": int, ...: None},
    ),
)
# No framework that we follow was named before; sums of twelve months begin with December 2014.
FIRST_MONTH = date(2014, 1, 1)
# The month stands in the title: a thread of the 1st may have been opened on the last evening before, or days later.
TITLE = re.compile(r"who is hiring\?? *\((?P<month>[a-z]+) (?P<year>\d{4})\)", re.IGNORECASE)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MOST_PAGES = 50
# What stands in no child itself is an answer to a post.
THREADS = whole_reader({"id": "VARCHAR", "children": [{"id": "VARCHAR", "text": "VARCHAR"}]})

TABLES = {
    "hn_hiring_posts": {
        "thread_id": "VARCHAR",
        "thread_month": "DATE",
        "post_id": "VARCHAR",
        "words": "VARCHAR[]",
    }
}


def fetch(landing: Landing, settings: Settings) -> str | None:
    """Find the threads of ended months and land those that are not held yet, newest first, some at a time."""
    last = closed_month(landing.now)
    files = [file for file in landed_files(settings, NAME) if "month" in file.card.details]
    held = {file.card.details["month"]: file.card.name for file in files}
    search = Backlog[int]("pages of hiring threads", name=lambda page: f"page {page}")
    threads = Backlog(
        "monthly hiring threads",
        lambda: (f"{month:%Y-%m}" for month in newest_first(last, FIRST_MONTH)),
        lambda month: month in held,
    )
    found = sorted(_find(landing, search, threads.left()).items(), key=lambda item: item[1], reverse=True)
    for thread, month in found[: settings.hiring_threads_per_refresh]:
        if threads.ask(month, partial(_download, landing, thread)):
            held[month] = _name(thread)
    threads.revisit(
        lambda month: landing.seen_at(held[month]),
        landing.now,
        lambda month: _download(landing, _thread(held[month]), month),
    )
    return told(search, threads, more=[threads.progress(settings.hiring_threads_per_refresh)])


def first_fill(settings: Settings, now: datetime) -> FirstFill:
    """A thread a month; the list of threads is read beside them."""
    return FirstFill(len(list(newest_first(closed_month(now), FIRST_MONTH))), settings.hiring_threads_per_refresh)


def load(landed: list[LandedFile], con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.hn_hiring_posts: each post with the words that we look for; their texts stay where they lie."""
    threads = [file for file in landed if "month" in file.card.details]
    pattern = _pattern(con)
    columns = {
        "thread_id": "document.id",
        "thread_month": "thread_month::date",
        "post_id": "post.id",
        # Few posts name any of them, and looking whether they do is much faster than listing what they name.
        "words": f"if(regexp_matches(post.text, {pattern}, 'i'), "
        f"list_distinct(regexp_extract_all(lower(post.text), {pattern}, 1)), [])",
    }
    facts = {"thread_month": [f"{file.card.details['month']}-01" for file in threads]}
    # A deleted post has no text and counts neither way.
    posts = f"(select *, unnest(document.children) as post from {THREADS})"
    source = f"(select * from {posts} where post.text is not null)"
    insert_from(con, "hn_hiring_posts", threads, columns, source, facts)


def _pattern(con: duckdb.DuckDBPyConnection) -> str:
    """A regular expression, as SQL, of all words that we look for: the frameworks' labels and further names."""
    found = con.execute(
        "select lower(label) from raw.reference_frameworks where is_framework union "
        "select name from raw.reference_framework_names where used_for = 'hiring_word'"
    )
    words = sorted((re.escape(word) for (word,) in found.fetchall()), key=lambda word: (-len(word), word))
    return quoted(rf"\b({'|'.join(words)})\b")


def _find(landing: Landing, search: Backlog[int], wanted: Iterable[str]) -> dict[str, str]:
    """Page through the list of threads until all wanted months are found; months by thread."""
    missing, found = set(wanted), dict[str, str]()
    seen = set[str]()
    page, pages = 0, 1
    while page < min(pages, MOST_PAGES):
        file = search.ask(page, partial(_search, landing, seen))
        if file is None:
            break
        answer = Document(SEARCH_URL.format(page=page), file.path, NAME)
        months = {str(hit["objectID"]): month_of(str(hit["title"])) for hit in answer.body["hits"]}
        seen |= months.keys()
        found |= {thread: month for thread, month in months.items() if month in missing}
        named = [month for month in months.values() if month]
        if missing <= set(found.values()) or (named and min(named) < f"{FIRST_MONTH:%Y-%m}"):
            break
        page, pages = page + 1, int(answer.body["nbPages"])
    return found


def month_of(title: str) -> str | None:
    """The month in the title of a hiring thread, as in 2026-10; None for other threads."""
    told = TITLE.search(title)
    short = told["month"][:3].lower() if told else ""
    return f"{told['year']}-{MONTHS.index(short) + 1:02d}" if told and short in MONTHS else None


def _search(landing: Landing, seen: set[str], page: int) -> LandedFile:
    address = SEARCH_URL.format(page=page)

    def check(path: Path) -> None:
        answer = Document(address, path, NAME)
        threads = {str(hit["objectID"]) for hit in answer.rows("hits", ("objectID", "title"))}
        if answer.count(answer.body.get("nbPages"), "nbPages") is None:
            raise answer.refusal("a number named nbPages", "none")
        if not page and not any(month_of(str(hit["title"])) for hit in answer.body["hits"]):
            titles = ", ".join(str(hit["title"]) for hit in answer.body["hits"][:3])
            raise answer.refusal("a title such as 'Ask HN: Who is hiring? (October 2026)'", titles)
        if threads <= seen:
            raise answer.refusal(f"threads on page {page} that stood on no page before it", "the same ones again")

    return landing.download(address, name=f"search-{page:02d}.json", expect=JSON, check=check)


def _name(thread: str) -> str:
    return f"thread-{thread}.json"


def _thread(name: str) -> str:
    return name.removeprefix("thread-").removesuffix(".json")


def _texts(path: Path) -> object:
    """What a thread says: its posts and their texts; points and answers to posts come and go."""
    with looking() as con:
        posts = f"unnest(document.children) as post from {THREADS.format(files=paths(path))}"
        return con.execute(f"select post.id, post.text from (select {posts}) order by all").fetchall()


def _download(landing: Landing, thread: str, month: str) -> LandedFile:
    address = THREAD_URL.format(thread=thread)

    def check(path: Path) -> None:
        """Refuse a thread that cannot be loaded."""
        expected, cure = f"the thread {thread} with answers that have an id and a text", cure_of(NAME)
        query = f"select document.id, len(document.children) from {THREADS.format(files=paths(path))}"
        try:
            with looking() as con:
                found, posts = con.execute(query).fetchall()[0]
        except duckdb.Error as error:
            raise SourceError(address, expected, first_line(error), cure) from error
        if found != thread or not posts:
            raise SourceError(address, expected, f"the item {found} with {posts or 'no'} answers", cure)

    return landing.download(
        address, name=_name(thread), expect=JSON, check=check, details={"month": month}, says=_texts
    )
