"""Many small answers as one landed file: what survives, what is read back, and what a full disk says."""

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.errors import LandingError, SettingsError, SourceError
from flows.landing.landing import Landing, landed_files
from flows.landing.ledger import Entry, Ledger, entries_of, land_together, read, whole
from flows.network.web import Web
from flows.reference.frameworks import followed
from flows.settings import PROJECT, Settings
from tests.activity import project
from tests.loopback import Answer, Loopback

NOW = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)


def landing(settings: Settings, now: datetime = NOW) -> Landing:
    return Landing(settings, "s", Web(settings), licence="CC0", citation="S", checks={}, now=now)


def entry(subject: str, body: str = '{"a": 1}', kind: str = "month", now: datetime = NOW) -> Entry:
    return Entry(kind, subject, "p", "https://a/b?c=d", "https://a/b", "", now, body)


def test_bodies_come_back_as_they_were_and_only_where_they_are_wanted(settings: Settings) -> None:
    odd = '{"text": "two\\nlines, \u2028 \x85, \\", \\"body\\": \\"x\\" Größe"}\r\n'
    with Ledger(landing(settings), "x") as answers:
        answers.add(entry("one", odd), entry("two", kind="now"))
    assert [one.body for one in read(landing(settings), bodies=("month",))] == [odd, ""]
    assert [one.subject for one in read(landing(settings))] == ["one", "two"]


def test_a_new_month_begins_a_new_file_and_a_month_s_file_only_grows(settings: Settings) -> None:
    for hours, subject in ((0, "one"), (0.5, "two"), (2, "three")):
        now = NOW + timedelta(hours=hours)
        with Ledger(landing(settings, now), "https://a") as answers:
            assert len(answers.entries) == ["one", "two", "three"].index(subject)
            answers.add(entry(subject, now=now))
    old, new = landed_files(settings, "s")
    assert (old.card.name, new.card.name) == ("answers-2026-11.jsonl.gz", "answers-2026-12.jsonl.gz")
    assert (old.card.address, old.card.licence, old.card.kind) == ("https://a", "CC0", "download")
    assert gzip.decompress(old.path.read_bytes()).count(b"\n") == 2
    assert old.path.parent.name == "2026-11-30T233000Z"


def test_what_is_gathered_goes_on_from_the_landing_in_use_where_one_is_held_back(settings: Settings) -> None:
    """The good answers of the month stay in use, the next landing has none of what was held back."""
    with Ledger(landing(settings), "x") as answers:
        answers.add(entry("good"))
    with Ledger(landing(settings, NOW + timedelta(minutes=1)), "x") as answers:
        answers.add(entry("bad"))
    [held] = landed_files(settings, "s")
    [in_use] = landed_files(settings, "s", [held.source_file])
    assert [one.subject for one in entries_of(in_use)] == ["good"]
    later = replace_passed_over(landing(settings, NOW + timedelta(minutes=2)), held.source_file)
    with Ledger(later, "x") as answers:
        assert [one.subject for one in answers.entries] == ["good"], "the bad one is asked for again"
        answers.add(entry("more"))
    [newest] = landed_files(settings, "s")
    assert [one.subject for one in entries_of(newest)] == ["good", "more"]


def replace_passed_over(place: Landing, *files: str) -> Landing:
    place.passed_over = files
    return place


def test_the_same_answer_is_not_kept_again_in_its_month_and_what_changes_back_is(settings: Settings) -> None:
    said = [(0, "1"), (0.2, "1"), (0.4, "2"), (0.6, "1"), (0.8, "1"), (2, "1"), (3, "1")]
    outcomes = []
    for hours, body in said:
        now = NOW + timedelta(hours=hours)
        place = landing(settings, now)
        with Ledger(place, "x") as answers:
            answers.add(entry("one", body, now=now))
            assert answers.entries[-1].asked_at == now, "that it was asked counts all the same"
        outcomes.append([check.outcome for check in place.checks.values()])
    assert [len(outcome) for outcome in outcomes] == [1, 0, 1, 1, 0, 1, 0], "December tells it anew"
    assert [(one.body, one.asked_at.hour) for one in read(landing(settings), bodies=("month",))] == [
        *(("1", 23), ("2", 23), ("1", 23), ("1", 1))
    ]


def test_answers_that_belong_together_are_landed_again_only_if_one_of_them_says_something_else(
    settings: Settings,
) -> None:
    outcomes = []
    for hours, bodies in enumerate((["1", "2"], ["1", "2"], ["1", "3"], ["1"])):
        now = NOW + timedelta(hours=hours)
        place = landing(settings, now)
        land_together(place, "answers-a.jsonl.gz", "x", [entry("one", body, now=now) for body in bodies])
        outcomes.append(place.checks["answers-a.jsonl.gz"].outcome)
    assert outcomes == ["downloaded", "unchanged", "downloaded", "downloaded"]


def test_a_run_without_answers_lands_nothing(settings: Settings) -> None:
    with Ledger(landing(settings), "x"):
        pass
    assert landed_files(settings, "s") == []


def test_answers_before_an_error_are_kept(settings: Settings) -> None:
    def run() -> None:
        with Ledger(landing(settings), "x") as answers:
            answers.add(entry("one"))
            raise SourceError("x", "a", "b", "c")

    with pytest.raises(SourceError):
        run()
    assert [one.subject for one in read(landing(settings))] == ["one"]


def test_a_disk_that_cannot_be_written_is_put_into_words(settings: Settings) -> None:
    settings.raw.mkdir(parents=True)
    (settings.raw / "s").write_text("in the way")
    with pytest.raises(LandingError, match=r"answers\.new: expected to keep answers here, found .*TRENDS_DATA"):
        Ledger(landing(settings), "x")
    with pytest.raises(LandingError, match="expected to keep a download here"):
        land_together(landing(settings), "answers-a.jsonl.gz", "x", [entry("one")])


@pytest.mark.parametrize(
    ("value", "number"),
    [(3, 3), (0, 0), ("12", 12), (-1, None), (True, None), (1.0, None), ("", None), ("-1", None), ("٣", None)],
)
def test_whole_numbers(value: object, number: int | None) -> None:
    assert whole(value) == number


def test_an_allowed_status_is_an_answer_and_any_other_an_error(server: Loopback, settings: Settings) -> None:
    server.answer("a.org", "/x", Answer({"why": "quota"}, status=429))
    with Web(settings) as web:
        assert web.get("https://a.org/x", also_good=(429,)).body == b'{"why": "quota"}'
        assert len(server.requests) == 1, "it is not tried again"
        with pytest.raises(SourceError, match="status 429"):
            web.get("https://a.org/x", also_good=(403,))


def test_names_of_frameworks_and_only_of_frameworks_are_followed(settings: Settings, tmp_path: Path) -> None:
    repositories = followed(Settings(), "github_repo")
    assert list(repositories)[:3] == ["pytorch/pytorch", "tensorflow/tensorflow", "jax-ml/jax"]
    assert "numpy/numpy" not in repositories
    assert len(repositories) == 18
    wrong = replace(settings, project=project(tmp_path, "github_repo", {"pytorch": ("a/b", "2016")}))
    with pytest.raises(
        SourceError, match=r"frameworks\.csv: expected a date such as 2016-09-01, found '2016'. Correct"
    ):
        followed(wrong, "github_repo")


@pytest.mark.parametrize("name", ["TRENDS_STACK_EXCHANGE_KEY", "TRENDS_GITHUB_TOKEN", "GITHUB_TOKEN"])
def test_a_secret_that_cannot_be_sent_is_refused_without_showing_it(name: str) -> None:
    with pytest.raises(SettingsError, match="expected one word of printable ASCII, found 9 characters") as caught:
        Settings.from_env({name: "se cret\n12"[:9].replace("\n", "\t")})
    assert "cret" not in str(caught.value)


def test_our_own_variable_goes_before_that_of_other_tools() -> None:
    assert Settings.from_env({"GITHUB_TOKEN": "theirs", "TRENDS_GITHUB_TOKEN": "ours"}).github_token == "ours"
    assert Settings.from_env({"GITHUB_TOKEN": " "}).github_token == ""
    assert Settings(github_token="secret", project=PROJECT).__repr__().count("secret") == 0
