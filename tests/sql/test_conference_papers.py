"""From lists of conference papers to counts of mentions, counts of code, and authors who move."""

from datetime import date
from typing import Any

import duckdb
import pytest

from flows.settings import Settings
from flows.sources import conference_papers, papers_with_code
from flows.sql_text import insert_rows, quoted
from tests.flows.sources.surveys.survey_files import fill_raw
from tests.sql.support import created

NAMED = ("frameworks", "series", "conferences", "conference_words")
STAGED = (
    *(f"staging/reference__{name}" for name in NAMED),
    "staging/conference_papers__papers",
    "staging/papers_with_code__papers",
    "staging/papers_with_code__links",
    "intermediate/conference_papers_editions",
    "intermediate/conference_papers_mentions",
)


@pytest.fixture
def raw(con: duckdb.DuckDBPyConnection, settings: Settings) -> duckdb.DuckDBPyConnection:
    fill_raw(con, settings, conference_papers, *NAMED)
    fill_raw(con, settings, papers_with_code)
    return con


def listed(con: duckdb.DuckDBPyConnection, edition: str, *papers: tuple[str, str]) -> None:
    """A list: words and authors of each paper, joined by |."""
    for number, (words, authors) in enumerate(papers):
        con.execute(
            f"insert into raw.conference_papers values ('{edition}', '{number}', 'Title {number}', "
            f"string_split(nullif({quoted(authors)}, ''), '|'), "
            f"coalesce(string_split(nullif({quoted(words)}, ''), '|'), []), null, '{edition}.json')"
        )


def shares(con: duckdb.DuckDBPyConnection) -> dict[Any, Any]:
    for model in STAGED:
        created(con, model)
    return {
        (row["series"], row["population"], row["period_start"], row["framework"]): (row["value"], row["base"])
        for row in created(con, "intermediate/conference_papers_observations")
    }


def test_any_mention(raw: duckdb.DuckDBPyConnection) -> None:
    papers = [("pt|pytorch", "A"), ("AllenNLP", "B"), ("tf|pytorch", "C"), ("opennmt|google.com", "D"), ("", "E")]
    listed(raw, "nips_2018", *papers)
    listed(raw, "colt_2018", ("fb.com", "A"))
    listed(raw, "acl_2020", ("", "A"), ("", "B"))
    december, july = date(2018, 12, 1), date(2018, 7, 1)
    assert shares(raw) == {
        ("mentions_any_recomputed", "NeurIPS", december, "pytorch"): (3, 5),
        ("mentions_any_recomputed", "NeurIPS", december, "tensorflow"): (1, 5),
        # Searched, and nothing found: 0. ACL 2020 holds no word at all: not searched, no row.
        ("mentions_any_recomputed", "COLT", july, "pytorch"): (0, 1),
        ("mentions_any_recomputed", "COLT", july, "tensorflow"): (0, 1),
    }
    editions = {row["conference"]: row["is_searched"] for row in created(raw, STAGED[-2])}
    assert editions == {"NeurIPS": True, "COLT": True, "ACL": False}


def test_a_new_framework_is_one_row(raw: duckdb.DuckDBPyConnection) -> None:
    for row in ("'paddle', 'Paddle', true, 'paddlelabel'", "'unheard', 'Unheard', true, null"):
        raw.execute(
            "insert into raw.reference_frameworks (framework, label, is_framework, papers_with_code_label) "
            f"values ({row})"
        )
    listed(raw, "cvpr_2019", ("paddle|tf", "A"), ("", "B"))
    coded(raw, ("x", "CVPR 2019 6", ["paddlelabel"]))
    june = date(2019, 6, 1)
    found = shares(raw)
    assert found["mentions_any_recomputed", "CVPR", june, "paddle"] == (1, 2)
    assert found["code_known", "CVPR", june, "paddle"] == (1, 1)
    assert not [key for key in found if key[-1] == "unheard"]


def coded(con: duckdb.DuckDBPyConnection, *papers: tuple[str, str | None, list[str]]) -> None:
    """Papers of the archive: address, proceeding, and a link for each label."""
    for address, proceeding, labels in papers:
        con.execute(
            "insert into raw.papers_with_code_papers (paper_url, proceeding) "
            f"values ({quoted(address)}, {quoted(proceeding) if proceeding else 'null'})"
        )
        insert = "(paper_url, repo_url, framework, _source_file)"
        rows = [(address, f"{address}/{label}", label, "links") for label in labels]
        insert_rows(con, f"raw.papers_with_code_links {insert}", rows)


def test_code_of_an_edition(raw: duckdb.DuckDBPyConnection) -> None:
    coded(
        raw,
        ("a", "CVPR 2022 1", ["pytorch", "tf"]),
        ("b", "CVPR 2022 6", ["pytorch", "pytorch"]),
        ("c", "CVPR 2022", ["none"]),
        ("d", "CVPR 2022 6", []),
        ("e", None, ["pytorch"]),
        ("f", "COLT 2022 7", ["pytorch"]),
        ("g", "Workshop on CVPR 2022 6", ["pytorch"]),
        ("h", "neurips 2018 12", ["none"]),
    )
    found = shares(raw)
    june = date(2022, 6, 1)
    assert {key[-1]: cell for key, cell in found.items() if key[:3] == ("code_all", "CVPR", june) and cell[0]} == {
        "pytorch": (2, 3),
        "tensorflow": (1, 3),
        "none": (1, 3),
    }
    assert {key[-1]: cell for key, cell in found.items() if key[:3] == ("code_known", "CVPR", june) and cell[0]} == {
        "pytorch": (2, 2),
        "tensorflow": (1, 2),
    }
    assert found["code_known", "CVPR", june, "jax"] == (0, 2)
    assert ("code_known", "CVPR", june, "none") not in found
    # One edition, though the archive gives two months; series.csv has no code of COLT; NeurIPS 2018 has no label.
    assert {key[:3] for key in found} == {
        ("code_all", "CVPR", june),
        ("code_known", "CVPR", june),
        ("code_all", "NeurIPS", date(2018, 12, 1)),
    }


def migration(con: duckdb.DuckDBPyConnection) -> dict[Any, Any]:
    for model in STAGED:
        created(con, model)
    return {
        (row["framework_from"], row["framework_to"], row["is_affiliated_excluded"]): (
            row["author_count"],
            row["author_total"],
            row["author_share_pct"],
        )
        for row in created(con, "marts/author_migration")
    }


def test_authors_who_move(raw: duckdb.DuckDBPyConnection) -> None:
    listed(raw, "cvpr_2018", ("tf", "Ada|Bob|Cyd"), ("tensorflow|pytorch", "Dan"), ("pt", "Eve"), ("pt", "Cyd"))
    listed(raw, "icml_2018", ("tf|google.com", "Fay"), ("tf", "Ada"))
    listed(raw, "iclr_2019", ("pt", " Ada|Fay"), ("pt", "Ada"), ("tf", "Ada"), ("tf", "Bob"), ("pt", "Eve|Cyd|Dan"))
    listed(raw, "colt_2019", ("tf", "Eve"))
    # Ada 2:0 then 1:2, Bob stays; Cyd was undecided, Dan named both; COLT is not one of the nine.
    assert migration(raw) == {
        ("tensorflow", "pytorch", True): (1, 2, 50.0),
        ("tensorflow", "tensorflow", True): (1, 2, 50.0),
        ("pytorch", "pytorch", True): (1, 1, 100.0),
        ("tensorflow", "pytorch", False): (2, 3, pytest.approx(200 / 3)),
        ("tensorflow", "tensorflow", False): (1, 3, pytest.approx(100 / 3)),
        ("pytorch", "pytorch", False): (1, 1, 100.0),
    }


def test_names_as_the_lists_spell_them(raw: duckdb.DuckDBPyConnection) -> None:
    listed(raw, "cvpr_2018", ("tf", " Ada&nbsp;Lovelace|Title 0"), ("tf", "Bob &amp; Co"))
    listed(raw, "nips_2019", ("pt", "Title 0|Ada Lovelace"), ("pt", "\u00a0Bob & Co"))
    assert migration(raw)["tensorflow", "pytorch", True] == (2, 2, 100.0)


def test_an_edition_that_is_listed_twice_counts_once(raw: duckdb.DuckDBPyConnection) -> None:
    for edition in ("nips_2018", "neurips_2018"):
        listed(raw, edition, ("tf", "Ada"), ("pt", "Bob"), ("pt", "Ada"))
    listed(raw, "cvpr_2018", ("tf", "Ada"), ("pt", "Ada"), ("pt", "Bob"))
    listed(raw, "cvpr_2019", ("tf", "Ada"), ("pt", "Bob"))
    assert migration(raw)["pytorch", "pytorch", True] == (1, 1, 100.0)
    assert ("tensorflow", "tensorflow", True) not in migration(raw)


def test_lists_of_one_year_move_nobody(raw: duckdb.DuckDBPyConnection) -> None:
    listed(raw, "cvpr_2018", ("tf", "Ada"))
    assert migration(raw) == {}
