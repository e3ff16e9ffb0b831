"""Labels of repositories: what GitHub's GraphQL service is asked for, and what becomes of its odd answers."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from flows.errors import Paused, SourceError
from flows.landing import ledger
from flows.landing.landing import Landing, landed_files
from flows.network.web import Web
from flows.settings import Settings
from flows.sources.repository_frameworks import source as repository_frameworks
from flows.sources.repository_frameworks.asking import SPARED
from flows.sources.repository_frameworks.choosing import lines_that_bring_in
from tests.activity import raw
from tests.flows.sources.github_graphql import HOST, PATH, GitHub, Repository
from tests.loopback import Answer, Loopback, Request
from tests.sql.support import created

NOW = datetime(2026, 11, 21, 14, 15, tzinfo=UTC)
TORCH = {"README.md": "A model", "train.py": "import torch\nSECRET = 1\n", "src/net.py": "from torch import nn\n"}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository_frameworks, "PACES", {})


@pytest.fixture
def github(server: Loopback) -> GitHub:
    """Forty-five repositories, of which one is gone, one moved, one empty and one without any text."""
    repositories = {f"o/r{n}": Repository(f"o/r{n}", TORCH) for n in range(40)}
    repositories["o/moved"] = Repository("new/Place", {"README.md": "uses TensorFlow", "a.py": "import os\n"})
    repositories["o/empty"] = Repository("o/empty", {})
    repositories["o/binary"] = Repository("o/binary", {"README.md": None, "train.py": None})
    repositories["o/cut"] = Repository("o/cut", {"README.md": "jax " * 10}, truncated=frozenset({"README.md"}))
    repositories["o/then"] = Repository(
        "o/then",
        {"README.md": "JAX now", "train.py": "import jax\n"},
        committed="2026-02-01T00:00:00Z",
        before={"README.md": "TensorFlow then", "train.py": "import tensorflow as tf\n"},
    )
    service = GitHub(repositories)
    server.answer(HOST, PATH, service.answer)
    return service


def wanted(*names: str, purpose: str = "2026-01") -> list[tuple[Any, ...]]:
    return [(name, purpose, date(2026, 1, 1), None, None, place) for place, name in enumerate(names, 1)]


ALL = wanted(*(f"o/r{n}" for n in range(40)), "o/moved", "o/empty", "o/binary", "o/cut", "o/gone")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A service that validates and executes a query takes a while."""
    return replace(settings, read_seconds=10.0)


def pull(settings: Settings, rows: list[tuple[Any, ...]], now: datetime = NOW) -> str | None:
    with Web(settings, source=repository_frameworks.NAME) as web:
        landing = Landing(settings, repository_frameworks.NAME, web, licence="", citation="", checks={}, now=now)
        landing.wanted = rows
        return repository_frameworks.fetch(landing, settings)


def held(settings: Settings) -> dict[str, ledger.Entry]:
    files = landed_files(settings, repository_frameworks.NAME)
    return {entry.subject: entry for file in files for entry in ledger.entries_of(file)}


def test_two_queries_for_each_batch_and_every_odd_answer_is_kept(settings: Settings, github: GitHub) -> None:
    assert pull(settings, ALL) is None
    assert [len(names) for names in github.asked] == [24, 24, 21, 18], "those without code have no files to ask for"
    found = held(settings)
    assert len(found) == len(ALL)
    assert {name: found[name].kind for name in ("o/gone", "o/empty", "o/moved", "o/r1")} == {
        "o/gone": "gone",
        "o/empty": "without code",
        "o/moved": "repository",
        "o/r1": "repository",
    }
    moved = json.loads(found["o/moved"].body)
    assert (moved["name"], moved["texts"]) == ("new/Place", [{"path": "README.md", "text": "uses TensorFlow"}])
    assert json.loads(found["o/binary"].body)["unread"] == [
        {"path": "README.md", "text": "binary"},
        {"path": "train.py", "text": "binary"},
    ]
    assert json.loads(found["o/cut"].body)["unread"] == [{"path": "README.md", "text": "truncated"}]


def test_of_code_only_the_lines_that_import_are_kept(settings: Settings, github: GitHub) -> None:
    pull(settings, wanted("o/r1"))
    imports = json.loads(held(settings)["o/r1"].body)["imports"]
    assert imports == [
        {"path": "train.py", "text": "import torch"},
        {"path": "src/net.py", "text": "from torch import nn"},
    ]


def test_what_is_held_is_not_asked_again(settings: Settings, github: GitHub) -> None:
    pull(settings, ALL)
    github.asked.clear()
    assert pull(settings, ALL, NOW + timedelta(days=7)) is None
    assert github.asked == []


def test_a_repository_without_code_is_looked_at_once_more_after_90_days(settings: Settings, github: GitHub) -> None:
    rows = wanted("o/empty", "o/r1")
    pull(settings, rows)
    github.asked.clear()
    pull(settings, rows, NOW + timedelta(days=89))
    assert github.asked == []
    pull(settings, rows, NOW + timedelta(days=91))
    pull(settings, rows, NOW + timedelta(days=200))
    assert github.asked == [["o/empty"]]


@pytest.mark.parametrize(
    ("later", "is_newer"),
    [
        (Repository("o/empty", {"README.md": None}), False),
        (None, False),
        (Repository("o/empty", {"README.md": "TensorFlow"}), True),
        (Repository("o/empty", {}), True),
    ],
)
def test_what_could_be_read_stays_until_something_else_can_be(
    settings: Settings, github: GitHub, later: Repository | None, is_newer: bool
) -> None:
    rows, again = wanted("o/empty"), NOW + timedelta(days=91)
    github.repositories["o/empty"] = Repository("o/empty", {"README.md": "A model in PyTorch"})
    pull(settings, rows)
    github.repositories |= {"o/empty": later} if later else {}
    if later is None:
        del github.repositories["o/empty"]
    pull(settings, rows, again)
    with raw(settings, repository_frameworks) as con:
        assert len(created(con, "staging/repository_frameworks__answers")) == 2
        (reading,) = created(con, "intermediate/repository_readings")
    assert reading["is_read"]
    assert (reading["asked_at"] > NOW.replace(tzinfo=None)) == is_newer


def test_the_archive_is_read_as_it_was_when_it_ended(settings: Settings, github: GitHub) -> None:
    pull(settings, wanted("o/then", purpose="calibration"))
    said = json.loads(held(settings)["o/then"].body)
    assert said["committed_at"] == "2025-06-01T00:00:00Z"
    assert said["texts"] == [{"path": "README.md", "text": "TensorFlow then"}]
    assert said["imports"] == [{"path": "train.py", "text": "import tensorflow as tf"}]


@pytest.mark.parametrize("failure", [502, "partial"])
def test_a_batch_that_is_too_much_shrinks_until_it_is_answered(
    settings: Settings, github: GitHub, failure: int | str
) -> None:
    github.most, github.too_much = 3, failure
    assert pull(settings, wanted(*(f"o/r{n}" for n in range(12)))) is None
    assert len(held(settings)) == 12


EIGHT = wanted(*(f"o/r{n}" for n in range(8)))


def test_those_that_cannot_be_answered_even_alone_are_kept_and_the_others_go_on(
    settings: Settings, github: GitHub
) -> None:
    github.hopeless = frozenset({"o/r0", "o/r1", "o/r2", "o/r5"})
    note = pull(settings, EIGHT)
    assert note == (
        "GitHub could not answer for o/r0, o/r1, o/r2, o/r5, not even alone; each is asked for once more after 90 days."
    )
    kinds = {name: entry.kind for name, entry in held(settings).items()}
    assert kinds == {f"o/r{n}": "not answerable" if n in (0, 1, 2, 5) else "repository" for n in range(8)}
    github.asked.clear()
    assert pull(settings, EIGHT, NOW + timedelta(days=89)) is None
    assert github.asked == []
    github.hopeless = frozenset({"o/r5"})
    pull(settings, EIGHT, NOW + timedelta(days=91))
    assert {name: entry.kind for name, entry in held(settings).items()} == kinds | dict.fromkeys(
        ("o/r0", "o/r1", "o/r2"), "repository"
    )
    github.asked.clear()
    pull(settings, EIGHT, NOW + timedelta(days=200))
    assert github.asked == [], "once more, not for ever"


def test_one_that_cannot_be_answered_is_undecided(settings: Settings, github: GitHub) -> None:
    github.hopeless = frozenset({"o/r0"})
    pull(settings, EIGHT)
    with raw(settings, repository_frameworks) as con:
        created(con, "staging/repository_frameworks__answers")
        readings = created(con, "intermediate/repository_readings")
    assert [row["repository"] for row in readings if not row["is_read"]] == ["o/r0"]


def test_where_only_such_are_left_one_that_was_read_tells_them_from_a_service_that_fails(
    settings: Settings, github: GitHub
) -> None:
    pull(settings, EIGHT)
    github.hopeless = frozenset({"o/r8"})
    rows = wanted(*(f"o/r{n}" for n in range(9)))
    assert "could not answer for o/r8" in str(pull(settings, rows))
    assert held(settings)["o/r8"].kind == "not answerable"
    github.most = 0
    with pytest.raises(SourceError, match="none for 2 repositories in a row"):
        pull(settings, wanted(*(f"o/r{n}" for n in range(10))))
    assert "o/r9" not in held(settings), "asked for again when the service is back"


def test_a_batch_is_as_large_as_the_service_bears(settings: Settings, github: GitHub) -> None:
    github.most = 12
    assert pull(settings, wanted(*(f"o/r{n}" for n in range(40)))) is None
    assert [len(names) for names in github.asked] == [24, 12, 12, 12, 12, 12, 12, 4, 4]


def test_after_one_that_cannot_be_answered_batches_are_as_large_as_before(settings: Settings, github: GitHub) -> None:
    github.hopeless = frozenset({"o/r0"})
    pull(settings, wanted(*(f"o/r{n}" for n in range(40))))
    assert [len(names) for names in github.asked] == [24, 12, 6, 3, 1, 1, 24, 24, 15, 15]


@pytest.mark.parametrize("field", SPARED)
def test_a_field_that_the_service_has_given_up_is_not_asked_for(settings: Settings, github: GitHub, field: str) -> None:
    github.without = frozenset({field})
    rows = wanted("o/r1", "o/then", purpose="calibration")
    note = pull(settings, rows)
    assert note == f"GitHub does not know {field} any more: asked without."
    assert held(settings)["o/r1"].kind == "repository"
    assert json.loads(held(settings)["o/r1"].body)["imports"]
    assert len(github.asked) <= 4


def test_a_notebook_that_is_large_by_its_pictures_is_read_where_there_is_little_else(
    settings: Settings, github: GitHub
) -> None:
    cells = [
        {"cell_type": "code", "source": ["import numpy as np\n", "import tensorflow.compat.v1 as tf"], "outputs": []},
        {"cell_type": "markdown", "source": "import nothing", "attachments": "A" * 100_000},
    ]
    huge = {"size": {"Huge.ipynb": 900_000}}
    files = {"Readme.txt": "Results", "Work.ipynb": json.dumps({"cells": cells}), "Huge.ipynb": "import jax"}
    github.repositories["o/notebook"] = Repository("o/notebook", files, **huge)
    pull(settings, wanted("o/notebook"))
    said = json.loads(held(settings)["o/notebook"].body)
    assert said["texts"] == [{"path": "Readme.txt", "text": "Results"}]
    assert said["imports"] == [
        {"path": "Work.ipynb", "text": "import numpy as np\nimport tensorflow.compat.v1 as tf"}
    ], "the other is longer than GitHub sends a text"


@pytest.mark.parametrize(
    ("path", "text", "kept"),
    [
        ("a.py", "import os; import torch\r\nx = 1\rfrom jax import nn", "import os; import torch\nfrom jax import nn"),
        (
            "a.py",
            "    try:\n        import  paddle.fluid as fluid # import\n",
            "import  paddle.fluid as fluid # import",
        ),
        ("a.py", "m = importlib.import_module('flax')\n# important\n", "m = importlib.import_module('flax')"),
        ("a.CU", "#include <torch/extension.h>\nint include;\n", "#include <torch/extension.h>"),
        ("a.lua", "require 'nn'\nlocal m = require('cudnn')\nprint(1)", "require 'nn'\nlocal m = require('cudnn')"),
        ("a.jl", "using Flux\nimport CUDA\nx = 2", "using Flux\nimport CUDA"),
        ("a.R", "library(torch)\nlibrary\n  require(keras)", "library(torch)"),
        ("a.ipynb", '{"cells": [{"source": "broken\n "import mxnet as mx\\n",\n', "import mxnet as mx"),
    ],
)
def test_lines_that_bring_something_in(path: str, text: str, kept: str) -> None:
    assert lines_that_bring_in(path, text) == kept


def test_half_a_character_costs_itself_alone(server: Loopback, settings: Settings, github: GitHub) -> None:
    def spoilt(request: Request) -> Answer:
        return Answer(json.dumps(github.answer(request).body).replace("A model", "A \\ud800 model"))

    server.answer(HOST, PATH, spoilt)
    pull(settings, EIGHT)
    assert json.loads(held(settings)["o/r1"].body)["texts"][0]["text"] == "A ? model"


def test_one_that_is_answered_against_the_schema_costs_itself_alone(
    server: Loopback, settings: Settings, github: GitHub
) -> None:
    def spoilt(request: Request) -> Answer:
        answer = github.answer(request)
        for name, node in answer.body["data"].items():
            if isinstance(node, dict) and node.get("nameWithOwner") == "o/r3":
                answer.body["data"][name] = {"tree": {"entries": [7]}, "defaultBranchRef": ["main"]}
        return answer

    server.answer(HOST, PATH, spoilt)
    assert "could not answer for o/r3" in str(pull(settings, EIGHT))
    assert [name for name, entry in held(settings).items() if entry.kind == "not answerable"] == ["o/r3"]


def test_a_service_that_fails_for_everything_is_an_error(settings: Settings, github: GitHub) -> None:
    github.most = 0
    with pytest.raises(
        SourceError, match="none for 4 repositories in a row, each asked for alone; the last was status 502"
    ):
        pull(settings, ALL)
    assert held(settings) == {}


def test_without_a_quota_it_goes_on_at_the_next_refresh(settings: Settings, github: GitHub) -> None:
    github.points = 3
    note = pull(settings, ALL)
    assert note is not None
    assert "quota of 5000 points is spent, it returns 2026-11-21 15:00 UTC" in note
    assert "24 of 45 repositories are read, about 1 refresh left" in note
    github.points, github.asked = 5000, []
    assert pull(settings, ALL, NOW + timedelta(hours=1)) is None
    assert len(held(settings)) == 45
    assert not any("o/r1" in names for names in github.asked), "nothing is asked twice"


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (
            Answer({"message": "You have exceeded a secondary rate limit"}, status=403, headers={"Retry-After": "60"}),
            "stay away until 2026-11-21 14:16 UTC",
        ),
        (Answer({"message": "slow down"}, status=429), "limits us and does not say for how long"),
        (Answer({"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}), "quota of points"),
    ],
)
def test_limits_pause_the_source(settings: Settings, github: GitHub, refusal: Answer, words: str) -> None:
    github.before = lambda request: refusal
    with pytest.raises(Paused, match=words):
        pull(settings, ALL)


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (Answer({"message": "Bad credentials"}, status=401), "renew or unset GITHUB_TOKEN"),
        (Answer("<html>nice</html>"), "an HTML page"),
        (Answer([1]), "a JSON object"),
        (Answer({"errors": [{"message": "Field 'x' doesn't exist"}]}), "Field 'x' doesn't exist"),
        (Answer("[" * 200_000), "no JSON"),
    ],
)
def test_an_answer_that_is_none_is_an_error(settings: Settings, github: GitHub, refusal: Answer, words: str) -> None:
    github.before = lambda request: refusal
    with pytest.raises(SourceError, match=words):
        pull(settings, ALL)


def test_a_run_that_ends_in_the_middle_of_a_batch_goes_on_there(settings: Settings, github: GitHub) -> None:
    github.points = 3
    pull(settings, ALL)
    assert len(held(settings)) == 24
    github.points, github.asked = 5000, []
    pull(settings, ALL)
    assert [len(names) for names in github.asked] == [21, 18]


def test_without_a_token_and_mirror_it_says_what_is_needed(settings: Settings) -> None:
    note = pull(replace(settings, mirror=None, github_token=""), ALL)
    assert note is not None
    assert "set GITHUB_TOKEN" in note
