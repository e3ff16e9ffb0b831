"""What a source wants is asked for in order, until a limit; one thing that fails does not stop the others."""

from collections.abc import Callable
from typing import Any

import pytest

from flows.errors import NetworkError, Paused, SourceError
from flows.landing.backlog import Backlog, is_no_answer, told

PAUSE = Paused("https://a.org", "an answer", "the quota is spent", "Wait.")


def failing(status: int | None = None, kind: type[SourceError] = SourceError) -> SourceError:
    error = kind("https://a.org", "an answer", f"status {status}", "Look.")
    error.status = status
    return error


class Walk:
    """A backlog of letters, where some fail."""

    def __init__(self, errors: dict[str, SourceError], held: str = "", **words: Any) -> None:
        self.asked: list[str] = []
        self.held = set(held)
        self.errors = errors
        self.backlog = Backlog("letters", lambda: "abcdef", self.held.__contains__, **words)

    def ask(self, one: str) -> str:
        self.asked.append(one)
        if one in self.errors:
            raise self.errors[one]
        self.held.add(one)
        return one

    def work(self, most: int | None = None) -> "Walk":
        self.backlog.work(self.ask, most)
        return self


def test_what_is_held_is_not_asked_for_and_the_rest_in_its_order() -> None:
    walk = Walk({}, held="bd").work(most=3)
    assert walk.asked == ["a", "c", "e"]
    assert walk.backlog.left() == ["f"]
    assert walk.backlog.landed == 3
    assert walk.backlog.progress(2) == (
        "5 of 6 letters are held; the next refresh goes on with the others, which take about 1 more refresh."
    )
    assert Walk({}).work().backlog.progress() == ""


def test_one_that_fails_is_told_and_the_others_are_asked() -> None:
    walk = Walk({"b": failing(), "e": failing(404)}).work()
    assert walk.asked == list("abcdef")
    assert told(walk.backlog) == "Letters: 2 missing for now (b, e). " + str(failing(404))
    walk.backlog.forgive("e")
    assert told(walk.backlog) == "Letters: 1 missing for now (b). " + str(failing())


@pytest.mark.parametrize("error", [failing(429), failing(500), failing(403), failing(kind=NetworkError)])
def test_a_limit_or_no_network_ends_the_walk(error: SourceError) -> None:
    walk = Walk({"c": error}).work()
    assert walk.asked == ["a", "b", "c"]
    assert walk.backlog.stopped_by is error
    assert "4 missing for now (c, d, e, f)" in walk.backlog.note


@pytest.mark.parametrize(
    ("stops", "asked"), [(is_no_answer, "abcdef"), (lambda _: True, "ab"), (lambda _: False, "abcdef")]
)
def test_a_source_says_itself_what_ends_it(stops: Callable[[SourceError], bool], asked: str) -> None:
    assert Walk({"b": failing(400)}, stops=stops).work().asked == list(asked)


def test_a_pause_is_the_end_and_no_fault() -> None:
    walk = Walk({"c": PAUSE}).work()
    assert walk.asked == ["a", "b", "c"]
    assert (walk.backlog.note, walk.backlog.pause) == ("", PAUSE)
    assert walk.backlog.progress() == (
        "The quota is spent. 2 of 6 letters are held; the next refresh goes on with the others."
    )


def test_several_that_fail_before_anything_was_landed_mean_that_the_service_has_changed() -> None:
    errors = {one: failing(400) for one in "abcd"}
    assert Walk(errors, stops=is_no_answer, patience=3).work().asked == ["a", "b", "c"]
    del errors["a"]
    assert Walk(errors, stops=is_no_answer, patience=3).work().asked == list("abcdef")


def test_once_one_of_a_name_has_failed_the_others_of_the_name_wait() -> None:
    walk = Walk({"b": failing()}, name=lambda one: "vowel" if one in "ae" else "other").work()
    assert walk.asked == ["a", "b", "e"]
    assert "1 missing for now (other)" in walk.backlog.note


@pytest.mark.parametrize("error", [failing(503), PAUSE, failing(kind=NetworkError)])
def test_where_nothing_came_in_the_failure_is_raised_and_may_pass_as_before(error: SourceError) -> None:
    error.may_pass = True
    walk = Walk({"a": error}).work()
    other = Walk({}, held="abcdef").work()
    with pytest.raises(type(error)) as caught:
        told(walk.backlog, other.backlog)
    assert (caught.value.may_pass, caught.value.status) == (True, error.status)
    assert told(walk.backlog, other.backlog, is_confirmed=True) is not None or error is PAUSE
    other.backlog.landed = 1
    assert told(walk.backlog, other.backlog, more=["", "And more."]).endswith("And more.")  # type: ignore[union-attr]


def test_what_went_wrong_before_a_pause_is_its_cause() -> None:
    walk = Walk({"a": failing(400), "b": PAUSE}, stops=is_no_answer).work()
    with pytest.raises(SourceError, match=r"found status 400\. Look\. The quota is spent\.") as caught:
        told(walk.backlog)
    assert not isinstance(caught.value, Paused)


def test_where_nothing_is_confirmed_it_is_raised_whatever_was_landed() -> None:
    walk = Walk({"b": PAUSE}).work()
    with pytest.raises(Paused):
        told(walk.backlog, is_confirmed=False)
    assert told(Walk({}).work().backlog, is_confirmed=False) is None
