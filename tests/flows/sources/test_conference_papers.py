"""Lists of conference papers: a folder is landed whole or not at all."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.command import imports
from flows.errors import SourceError
from flows.landing.landing import landed_files
from flows.settings import Settings
from flows.sources import conference_papers
from tests.flows.sources.surveys.survey_files import raw_database

NOW = datetime(2026, 11, 21, 14, 15, tzinfo=UTC)


def paper(number: int, *words: str, **changed: Any) -> dict[str, Any]:
    return {
        "authors": [" Ada Lovelace", "Bob&nbsp;Smith"],
        "conference": "cvpr",
        "id": f"{number:08x}",
        "metadata": {"affiliation": [], "words": list(words)},
        "name": f"Paper {number}",
        "pdf_link": "https%3A//example.org/1.pdf",
        "year": "2018",
    } | changed


PAPERS = [paper(1, "pytorch", "google.com"), paper(2, year=2018, authors=[]), paper(3, metadata={"words": ["tf"]})]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "lists"
    (made / "ids").mkdir(parents=True)
    (made / "conference_mentions.csv").write_text("version\n")
    (made / "cvpr_2018.json").write_text(json.dumps(PAPERS))
    (made / "nips_2018.json").write_text(json.dumps([paper(9, "tensorflow")]))
    return made


@pytest.fixture
def con(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with raw_database(settings, conference_papers, conference_papers.CONFERENCES) as made:
        yield made


def taken_in(settings: Settings, folder: Path, now: datetime = NOW) -> str:
    return imports.run(settings, ["conference-papers", str(folder)], now)


def test_a_folder(settings: Settings, folder: Path, con: duckdb.DuckDBPyConnection) -> None:
    (folder / "kdd_2018.json").write_text("[]")
    said = taken_in(settings, folder)
    assert said == (
        "landed 2 lists of 4 papers; left out kdd_2018.json, which data/reference/conferences.csv does not know\n"
        "Next: trends build"
    )
    landed = landed_files(settings, conference_papers.NAME)
    assert [(file.card.name, file.card.kind) for file in landed] == [
        ("cvpr_2018.json", "import"),
        ("nips_2018.json", "import"),
    ]
    conference_papers.load(landed, con)
    authors = [" Ada Lovelace", "Bob&nbsp;Smith"]
    assert con.execute("select edition, id, authors, words from raw.conference_papers order by all").fetchall() == [
        ("cvpr_2018", "00000001", authors, ["pytorch", "google.com"]),
        ("cvpr_2018", "00000002", [], []),
        ("cvpr_2018", "00000003", authors, ["tf"]),
        ("nips_2018", "00000009", authors, ["tensorflow"]),
    ]


def test_a_list_that_has_not_changed_is_not_landed_again(settings: Settings, folder: Path) -> None:
    taken_in(settings, folder)
    (folder / "nips_2018.json").write_text(json.dumps([paper(9), paper(10)]))
    taken_in(settings, folder, NOW + timedelta(days=1))
    assert [file.source_file for file in landed_files(settings, conference_papers.NAME)] == [
        "conference_papers/2026-11-21T141500Z/cvpr_2018.json",
        "conference_papers/2026-11-22T141500Z/nips_2018.json",
    ]


def without(name: str) -> str:
    return json.dumps([paper(1), {key: value for key, value in paper(2).items() if key != name}])


BAD: dict[str, tuple[str, str]] = {
    "cut": (json.dumps(PAPERS)[:-40], "a cut JSON document"),
    "cut between brackets": ('[{"id": "1", ]', "JSON that breaks off or is damaged"),
    "empty list": ("[]", "expected papers with id, name, year, authors and metadata.words, found an empty list"),
    "an object": ('{"papers": []}', "expected a list of papers, found a(n object| cut JSON document)"),
    "no id": (without("id"), 'found 1 others, such as {"authors"'),
    "no words": (without("metadata"), 'found 1 others, such as {"authors"'),
    "no authors": (without("authors"), 'found 1 others, such as {"conference"'),
    "words in one text": (json.dumps([paper(1, metadata={"words": "pytorch"})]), "found 1 others, such as"),
    "another year": (json.dumps([paper(1), paper(2, year=2019)]), r"expected papers of 2018, found some of 2019\."),
    "an id twice": (
        json.dumps([paper(1), paper(2), paper(1)]),
        r"each id once, found 1 of them twice, such as 00000001",
    ),
    "pointer": ("version https://git-lfs.github.com/spec/v1\n", "found a Git LFS pointer"),
    "page": ("<html></html>", "found an HTML page"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_one_clear_error_and_lands_nothing(settings: Settings, folder: Path, kind: str) -> None:
    taken_in(settings, folder)
    held = landed_files(settings, conference_papers.NAME)
    body, words = BAD[kind]
    (folder / "cvpr_2018.json").write_text(json.dumps([paper(7)]))
    (folder / "nips_2018.json").write_text(body)
    with pytest.raises(SourceError, match=words) as caught:
        taken_in(settings, folder, NOW + timedelta(days=1))
    assert str(caught.value).startswith(str(folder / "nips_2018.json"))
    assert landed_files(settings, conference_papers.NAME) == held


@pytest.mark.parametrize("empty", [lambda folder: folder / "ids", lambda folder: folder / "none"])
def test_a_folder_without_lists(settings: Settings, folder: Path, empty: Callable[[Path], Path]) -> None:
    with pytest.raises(SourceError, match=r"expected files such as neurips_2018\.json, found nothing"):
        taken_in(settings, empty(folder))


def test_nothing_is_pulled() -> None:
    assert conference_papers.HOSTS == ()
