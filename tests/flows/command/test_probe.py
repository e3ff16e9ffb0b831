"""`trends probe`: one small question to each host, against a mirror that changes in every way, and no network."""

import json
import socket
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from flows.command import probe
from flows.command.cli import main
from flows.network.pace import Pace
from flows.network.probing import Finding, Probe, differences
from flows.settings import Settings
from flows.sources import SOURCES, github_stars, openalex_citations, papers_with_code
from flows.sources.hosts import table
from tests.loopback import Answer, Loopback

TODAY = date(2026, 11, 30)
COUNTS = [{"year": 2025, "cited_by_count": 3}]
WORK: dict[str, Any] = {"id": "https://openalex.org/W1", "display_name": "PyTorch", "counts_by_year": COUNTS}
WORK_PATH = "/works/doi:10.48550/arxiv.1912.01703"


def sample(shape: Any) -> Any:
    """An answer of a shape."""
    if isinstance(shape, dict):
        return {key: sample(one) for key, one in shape.items() if key is not ...}
    if isinstance(shape, list):
        return [sample(shape[0])]
    if isinstance(shape, tuple):
        return sample(shape[0])
    return {str: "words", int: 1, float: 1.5, bool: True, list: [], dict: {}}.get(shape)


def serve(server: Loopback, more: Mapping[str, Any] | None = None) -> None:
    """Every host answers what the clients are written against."""
    for source in SOURCES:
        for one in probe.probes_of(source):
            path = "/" + one.address.split("/", 3)[3].partition("?")[0]
            body: Any = one.begins + bytes(100) if one.begins else sample(one.shape)
            headers = {"Set-Cookie": f"{one.cookie}=511=abc; path=/; domain=.google.com"} if one.cookie else {}
            status = 404 if one.cookie else 200
            server.answer(one.host, path, Answer(body, status=status, headers=headers | dict(more or {})))
    server.answer("anaconda-package-data.s3.amazonaws.com", "/conda/monthly/2026/2026-08.parquet", Answer(b"PAR1" * 9))


def asked(settings: Settings, *sources: Any) -> list[Finding]:
    return probe.probe(replace(settings, read_seconds=3.0), sources or SOURCES, TODAY)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for source in SOURCES:
        if hasattr(source, "PACES"):
            monkeypatch.setattr(source, "PACES", dict[str, Pace]())


def test_every_host_is_asked_once_and_answers_as_expected(server: Loopback, settings: Settings) -> None:
    serve(server)
    found = asked(settings)
    assert [(one.source, one.error, one.differs) for one in found if not one.is_as_expected] == []
    assert probe.is_well(found)
    assert {one.host for one in found} == {host.name for host in table() if host.kind == "asked"}
    assert all(one.bytes > 0 or one.host == "trends.google.com" for one in found)
    assert not settings.data.exists(), "nothing is written"


def test_files_are_asked_for_their_first_bytes_only(server: Loopback, settings: Settings) -> None:
    serve(server)
    [found] = asked(settings, papers_with_code)
    assert [request.headers["Range"] for request in server.requests] == ["bytes=0-15"]
    assert found.bytes == 16


@pytest.mark.parametrize(
    ("body", "words", "is_well"),
    [
        (WORK | {"fwci": 3.5}, (), True),
        ({key: value for key, value in WORK.items() if key != "counts_by_year"}, ("lost field counts_by_year",), False),
        (WORK | {"counts_by_year": [{"year": 2025}]}, ("lost field counts_by_year[].cited_by_count",), False),
        (
            WORK | {"counts_by_year": [{"year": 2025, "cited_by_count": 3, "self": 1}]},
            ("new field counts_by_year[].self",),
            True,
        ),
        (
            WORK | {"counts_by_year": [{"year": "2025", "cited_by_count": 3}]},
            ("counts_by_year[].year is text, expected a whole number",),
            False,
        ),
        (WORK | {"display_name": None}, ("display_name is null, expected text",), False),
        ([WORK], ("the answer is a list, expected an object",), False),
    ],
    ids=["more", "lost", "lost within", "new within", "type", "null", "another form"],
)
def test_each_change_of_shape_is_named(
    server: Loopback, settings: Settings, body: Any, words: tuple[str, ...], is_well: bool
) -> None:
    server.answer("api.openalex.org", WORK_PATH, Answer(body))
    [found] = asked(settings, openalex_citations)
    assert (found.is_reached, found.differs, probe.is_well([found])) == (True, words, is_well)
    assert all(one in probe.as_text([found]) for one in words)


def test_a_header_that_tells_a_limit_is_shown(server: Loopback, settings: Settings) -> None:
    server.answer("api.openalex.org", WORK_PATH, Answer(WORK, headers={"X-RateLimit-Remaining": "7", "X-Other": "1"}))
    [found] = asked(settings, openalex_citations)
    assert found.limits == ("X-RateLimit-Remaining: 7",)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer("<!doctype html><title>Sign in</title>"), "found an HTML page ('Sign in')"),
        (Answer("<!doctype html><title>Denied</title>", status=403), "status 403 with an HTML page ('Denied')"),
        (Answer({"error": "gone"}, status=404), "found status 404"),
        (Answer({"message": "slow down"}, status=429), "found status 429"),
    ],
    ids=["login", "door", "moved", "limited"],
)
def test_a_host_that_refuses_is_named(server: Loopback, settings: Settings, answer: Answer, words: str) -> None:
    server.answer("api.openalex.org", WORK_PATH, answer)
    [found] = asked(settings, openalex_citations)
    assert (found.is_reached, found.is_as_expected) == (True, False)
    assert words in found.error
    assert len(server.requests) == 1, "it is asked once"


def test_a_redirect_is_followed_and_the_host_behind_it_is_named(server: Loopback, settings: Settings) -> None:
    path = "/" + papers_with_code.URL["links.parquet"].split("/", 3)[3]
    server.answer("huggingface.co", path, Answer.redirect("https://cas-bridge.xethub.hf.co/xet/1?sig=x"))
    server.answer("cas-bridge.xethub.hf.co", "/xet/1", Answer(b"PAR1" + bytes(100), accept_ranges=True))
    [found] = asked(settings, papers_with_code)
    assert (found.is_as_expected, found.redirected_to) == (True, "cas-bridge.xethub.hf.co")
    server.answer("cas-bridge.xethub.hf.co", "/xet/1", Answer(no_answer=True))
    [found] = asked(settings, papers_with_code)
    assert (found.is_reached, found.refused_by) == (False, "cas-bridge.xethub.hf.co")
    assert "after a redirect to https://cas-bridge.xethub.hf.co/xet/1" in found.error
    assert "sig=x" not in found.error
    assert "refused by cas-bridge.xethub.hf.co" in probe.as_text([found])


def test_a_pointer_in_place_of_a_file(server: Loopback, settings: Settings) -> None:
    path = "/" + papers_with_code.URL["links.parquet"].split("/", 3)[3]
    server.answer("huggingface.co", path, Answer("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"))
    [found] = asked(settings, papers_with_code)
    assert "found a Git LFS pointer" in found.differs[0] or "version https" in found.differs[0]
    assert not probe.is_well([found])


def test_no_network_is_told_at_once(settings: Settings) -> None:
    with closing(socket.socket()) as closed:
        closed.bind(("127.0.0.1", 0))
        away = replace(settings, mirror=f"http://127.0.0.1:{closed.getsockname()[1]}", reachable_seconds=3.0)
        began = time.monotonic()
        found = probe.probe(away, SOURCES, TODAY)
    assert time.monotonic() - began < 5
    assert not any(one.is_reached for one in found)
    assert probe.as_text(found).count("no network: ") == 1


def test_a_service_that_never_ends_does_not_keep_us(server: Loopback, settings: Settings) -> None:
    server.answer("api.openalex.org", WORK_PATH, Answer(WORK, stall_seconds=30))
    began = time.monotonic()
    [found] = probe.probe(replace(settings, read_seconds=60.0), [openalex_citations], TODAY, seconds=0.5)
    assert time.monotonic() - began < 5
    assert not found.is_reached


def test_each_source_keeps_its_pace(server: Loopback, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(server)
    monkeypatch.setattr(github_stars, "PACES", {github_stars.HOST: Pace(1, 0.2)})
    asked(settings, github_stars)
    first, second = [request.time for request in server.requests]
    assert second - first >= 0.2


def test_the_command(
    server: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRENDS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("TRENDS_MIRROR", server.address)
    server.answer("api.openalex.org", WORK_PATH, Answer(WORK))
    assert main(["probe", "openalex_citations", "--json"]) == 0
    [row] = json.loads(capsys.readouterr().out)
    assert (row["source"], row["is_as_expected"], row["host"]) == ("openalex_citations", True, "api.openalex.org")
    server.answer("api.openalex.org", WORK_PATH, Answer({}))
    assert main(["probe", "openalex_citations"]) == 1
    assert "lost field id" in capsys.readouterr().out
    assert main(["probe", "openalex"]) == 1
    assert main(["probe", "--hosts"]) == 0
    assert "`api.openalex.org` | asked" in capsys.readouterr().out
    assert not (tmp_path / "data").exists()


def test_every_host_that_is_asked_has_a_probe() -> None:
    for source in SOURCES:
        assert {one.host for one in probe.probes_of(source)} == set(source.HOSTS), source.NAME
        assert all(isinstance(one, Probe) for one in probe.probes_of(source))


def test_types_of_numbers() -> None:
    assert differences({"a": float}, {"a": 1}) == []
    assert differences({"a": int}, {"a": True}) == ["a is true or false, expected a whole number"]
    assert differences({"a": (str, None)}, {"a": None}) == []
    assert differences([int], [1, "2", 3]) == ["[] is text, expected a whole number"]
