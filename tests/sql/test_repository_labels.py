"""The label of a repository from its evidence: a few words and files, which a person can weigh."""

from typing import Any

import duckdb
import pytest

from tests.sql.support import created, given

ORDER = ("tensorflow", "pytorch", "jax", "mindspore", "torch", "keras")
NO_EVIDENCE = {"repository": "none", "kind": "import", "path": "x.py", "word_count": 1, "counts_for": "label"}


def labelled(con: duckdb.DuckDBPyConnection, *found: tuple[str, str, str, int], **reading: Any) -> tuple[str, str]:
    """Label and rule of a repository of which these words were found: kind, path, framework, and how often."""
    given(
        con, "intermediate.repository_readings", [{"repository": "r", "kind": "repository", "is_read": True} | reading]
    )
    rows = [
        {"repository": "r", "kind": kind, "path": path, "framework": framework, "word_count": n, "counts_for": "label"}
        for kind, path, framework, n in found
    ]
    given(con, "intermediate.repository_evidence", rows or [NO_EVIDENCE | {"framework": "pytorch"}])
    frameworks = [{"framework": name, "framework_order": place} for place, name in enumerate(ORDER)]
    given(con, "staging.reference__frameworks", frameworks)
    [row] = created(con, "intermediate/repository_labels")
    return str(row["framework"]), str(row["rule"])


@pytest.mark.parametrize(
    ("found", "label", "rule"),
    [
        ([], "none", "no framework is imported or named"),
        # What files import outweighs what the README names, however often.
        ([("readme", "R", "tensorflow", 9), ("import", "a.py", "pytorch", 1)], "pytorch", "most files that import"),
        ([("readme", "R", "tensorflow", 2), ("readme", "R2", "pytorch", 3)], "pytorch", "named in the README"),
        ([("readme", "R", "tensorflow", 2), ("readme", "R2", "pytorch", 2)], "tensorflow", "named in the README"),
        # One file of JAX is enough, against many of another.
        (
            [("import", "a.py", "pytorch", 1), ("import", "b.py", "pytorch", 1), ("import", "c.py", "jax", 1)],
            "jax",
            "one file that imports it is enough",
        ),
        ([("manifest", "setup.py", "jax", 1)], "jax", "a manifest lists JAX"),
        ([("manifest", "setup.py", "pytorch", 1)], "none", "no framework is imported or named"),
        # In a README Torch is PyTorch; in a file of Lua it is itself.
        ([("readme", "R", "torch", 5)], "none", "no framework is imported or named"),
        ([("require", "a.lua", "torch", 1)], "torch", "most files that import"),
    ],
)
def test_files_that_import_then_the_readme(con, found, label, rule):
    assert labelled(con, *found) == (label, rule)


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("gone", "the repository is gone or private"),
        ("not answerable", "the service could not answer for it"),
        ("repository", "no file could be read"),
    ],
)
def test_what_could_not_be_read_is_undecided_and_never_none(con, kind, rule):
    assert labelled(con, kind=kind, is_read=False) == ("undecided", rule)
