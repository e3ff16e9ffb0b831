"""Models created by month: small questions to the dataset viewer, each asked once, and what is no count."""

from datetime import date, timedelta
from typing import Any

import pytest

from flows.settings import Settings
from flows.sources import huggingface_created, huggingface_models
from tests.activity import parameters, serve_created
from tests.flows.sources.pulled import NOW, Pulled, modelled, pull
from tests.loopback import Answer, Loopback

VIEWER = "datasets-server.huggingface.co"
STAGED = ("created", "totals", "pages")
MODELS = (*(f"staging/huggingface_models__{name}" for name in STAGED), "intermediate/huggingface_models_observations")
COUNTS = {"": 1000, "pytorch": 400, "tf": 7}


@pytest.fixture(autouse=True)
def _two_libraries_since_august(server: Loopback, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huggingface_models, "main_names", lambda *_: {"pytorch": "pytorch", "tf": "tensorflow"})
    monkeypatch.setattr(huggingface_created, "FIRST_MONTH", date(2026, 8, 1))
    for library in ("pytorch", "tf"):
        server.answer("huggingface.co", f"/models-json?library={library}&withCount=true", Answer({"numTotalItems": 5}))


def serve(server: Loopback, **more: Any) -> None:
    serve_created(server, lambda library, month: COUNTS[library] + int(month[5:]), **more)


def asked(server: Loopback) -> list[str]:
    return [parameters(request)["where"] for request in server.requests if request.host == VIEWER]


def figures(settings: Settings, pulled: Pulled) -> dict[tuple[str, int], tuple[Any, ...]]:
    rows = modelled(settings, huggingface_models, pulled.landed, *MODELS)
    return {
        (row["framework"], row["period_start"].month): (row["value"], row["base"])
        for row in rows
        if row["series"] == "models_created"
    }


def test_months_that_are_over_are_counted_newest_first(server: Loopback, settings: Settings) -> None:
    serve(server)
    pulled = pull(settings, huggingface_models)
    assert pulled.note is None
    newest, *questions = asked(server)
    assert newest == "\"createdAt\">='2026-08-01'"
    assert len(questions) == 9
    named = '"createdAt">=\'2026-10-01\' AND "createdAt"<\'2026-11-01\' AND "library_name" IS NOT NULL'
    assert questions[:2] == [named, f"{named} AND \"tags\".list_contains('pytorch')=true"]
    found = figures(settings, pulled)
    assert {key: cell for key, cell in found.items() if key[0] == "pytorch"} == {
        ("pytorch", month): (400 + month, 1000 + month) for month in (8, 9, 10)
    }


def test_a_count_is_asked_again_within_sixty_days(server: Loopback, settings: Settings) -> None:
    serve(server)
    pulled = pull(settings, huggingface_models)
    server.requests.clear()
    counts = {"": 1200, "pytorch": 450, "tf": 7}
    serve_created(server, lambda library, month: counts[library] + int(month[5:]), newest="2026-11-04T00:00:00")
    for day in (1, 8, 9):  # before November is over
        pulled = pull(settings, huggingface_models, NOW + timedelta(days=day), checks=pulled.checks)
    assert len(asked(server)) == 1, "the share of nine days in fifty of nine counts"
    for day in range(10, 61, 7):
        pulled = pull(settings, huggingface_models, NOW + timedelta(days=day), checks=pulled.checks)
    found = figures(settings, pulled)
    assert {found["pytorch", month] for month in (8, 9)} == {(458, 1208), (459, 1209)}


def test_a_month_is_asked_once_and_rests(server: Loopback, settings: Settings) -> None:
    serve(server)
    first = pull(settings, huggingface_models)
    server.requests.clear()
    again = pull(settings, huggingface_models, NOW + timedelta(days=1), checks=first.checks)
    assert (asked(server), again.names) == ([], first.names)
    serve(server, newest="2026-12-04T00:00:00")
    pull(settings, huggingface_models, NOW + timedelta(days=14), checks=first.checks)
    assert len(asked(server)) == 1 + 3, "the newest model, and November of all, pytorch and tf"


def test_a_long_fill_goes_on_and_says_how_far_it_is(
    server: Loopback, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(huggingface_created, "MOST_ASKED", 4)
    serve(server)
    notes = [pull(settings, huggingface_models, NOW + timedelta(hours=hour)).note for hour in range(3)]
    counts, goes_on = (
        f"counts of models created, at {VIEWER} are held",
        "the next refresh goes on with the others, which",
    )
    assert notes == [
        f"4 of 9 {counts}; {goes_on} take about 2 more refreshes.",
        f"8 of 9 {counts}; {goes_on} take about 1 more refresh.",
        None,
    ]
    assert len(asked(server)) == 9 + 3
    assert len(set(asked(server))) == 9 + 1


def test_a_data_set_that_is_not_kept_up_gives_the_months_that_it_has(server: Loopback, settings: Settings) -> None:
    serve(server, newest="2026-09-20T00:00:00.000Z")
    pulled = pull(settings, huggingface_models)
    assert pulled.note == "The data set behind the models created reaches 2026-09 only."
    assert {where[14:24] for where in asked(server)[1:]} == {"2026-08-01"}


@pytest.mark.parametrize(
    "answer",
    [
        Answer("not here", status=404),
        Answer({"error": "The dataset does not exist"}, status=401),
        Answer("<html><title>Log in</title>"),
        Answer("{"),
        Answer([1]),
        Answer({"rows": []}),
        Answer({"rows": [{"row": {"createdAt": None}}]}),
        Answer({"rows": [{"row": {"createdAt": "2031-01-01"}}]}),
    ],
    ids=["gone", "closed", "login", "cut", "list", "no rows", "null", "future"],
)
def test_without_the_data_set_the_totals_are_all_there_is(server: Loopback, settings: Settings, answer: Answer) -> None:
    serve(server)
    held = pull(settings, huggingface_models)
    server.answer(VIEWER, "/filter", answer)
    later = NOW + timedelta(days=14)
    pulled = pull(settings, huggingface_models, later, checks=held.checks)
    assert (
        "1 missing for now (newest model 2026-11). https://datasets-server.huggingface.co/filter?dataset="
        in pulled.note
    )
    assert set(held.names) < set(pulled.names), "what was held stays, and the totals of the week came in"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"num_rows_total": None}, "expected a whole number as num_rows_total"),
        ({"num_rows_total": "many"}, "expected a whole number as num_rows_total"),
        ({"total": 5}, "expected a whole number as num_rows_total"),
        ({"num_rows_total": -1}, "expected a whole number as num_rows_total"),
        ({"num_rows_total": 5, "partial": True}, "expected counts over the whole data set, found that only a part"),
        ({"num_rows_total": 0}, "expected models created in 2026-10, found none"),
    ],
)
def test_what_is_no_count_is_refused(server: Loopback, settings: Settings, body: dict[str, Any], words: str) -> None:
    serve(server)
    found = server._answers[VIEWER, "/filter"][0]

    def answer(request: Any) -> Answer:
        where = parameters(request)["where"]
        spoilt = where.startswith("\"createdAt\">='2026-10-01' AND") and "tags" not in where
        return Answer(body) if spoilt else found(request)  # type: ignore[operator]

    server.answer(VIEWER, "/filter", answer)
    pulled = pull(settings, huggingface_models)
    assert words in (pulled.note or "")
    assert "8 of 9 counts of models created" in (pulled.note or "")
    rows = modelled(settings, huggingface_models, pulled.landed, *MODELS)
    assert {row["period_start"].month for row in rows if row["series"] == "models_created"} == {8, 9}, (
        "a count without its base is no share"
    )


def test_a_quota_ends_the_asking(server: Loopback, settings: Settings) -> None:
    server.answer(VIEWER, "/filter", Answer({"error": "slow down"}, status=429, headers={"Retry-After": "900"}))
    pulled = pull(settings, huggingface_models)
    assert "slow down" in (pulled.note or "")
    assert len(asked(server)) == 1


def serve_listed(server: Loopback, library: str, *days: str, size: int = 2) -> None:
    """The hub's list of models by day of creation, newest first, in small pages."""
    path, models = "/api/models", [{"_id": f"{n}", "id": f"a/{n}", "createdAt": day} for n, day in enumerate(days)]
    query = f"filter={library}&sort=createdAt&direction=-1&limit=1000&expand%5B%5D=createdAt"
    for start in range(0, len(models), size):
        here = f"{path}?{query}&cursor={start}" if start else f"{path}?{query}"
        link = f'<https://huggingface.co{path}?{query}&cursor={start + size}>; rel="next"'
        headers = {"Link": link} if start + size < len(models) else {}
        server.answer("huggingface.co", here, Answer(models[start : start + size], headers=headers))


@pytest.mark.parametrize(
    "viewer",
    [Answer({"error": "gone"}, status=404), Answer({"rows": [], "num_rows_total": 3, "partial": True})],
    ids=["taken down", "partial"],
)
def test_without_the_data_set_the_lists_of_the_hub_are_counted(
    server: Loopback, settings: Settings, viewer: Answer
) -> None:
    server.answer(VIEWER, "/filter", viewer)
    november, october, september = "2026-11-02T01:00:00.000Z", "2026-10-{}T01:00:00.000Z", "2026-09-30T23:59:59.000Z"
    days = [november, *(october.format(day) for day in (31, 12, "01")), september, september]
    serve_listed(server, "pytorch", *days)
    serve_listed(server, "tf", november, september)
    pulled = pull(settings, huggingface_models)
    assert figures(settings, pulled) == {("pytorch", 10): (3, None)}, "a share needs the models of all libraries"
    assert "missing for now (newest model" in (pulled.note or "")
    server.requests.clear()
    pull(settings, huggingface_models, NOW + timedelta(days=1), checks=pulled.checks)
    assert not server.asked("/api/models"), "a month is listed once"


def test_a_list_that_does_not_reach_back_is_not_counted(
    server: Loopback, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(huggingface_created, "MOST_PAGES", 2)
    server.answer(VIEWER, "/filter", Answer({"error": "gone"}, status=404))
    serve_listed(server, "pytorch", *(f"2026-10-{day:02d}T00:00:00.000Z" for day in range(20, 10, -1)))
    serve_listed(server, "tf", "2026-09-01T00:00:00.000Z")
    pulled = pull(settings, huggingface_models)
    assert figures(settings, pulled) == {}
    assert "expected the models of 2026-10 on 2 pages" in (pulled.note or "")


def test_the_data_set_goes_before_the_list(server: Loopback, settings: Settings) -> None:
    server.answer(VIEWER, "/filter", Answer({"error": "gone"}, status=404))
    serve_listed(server, "pytorch", "2026-10-05T00:00:00.000Z", "2026-09-30T00:00:00.000Z")
    first = pull(settings, huggingface_models)
    serve(server)
    later = pull(settings, huggingface_models, NOW + timedelta(days=1), checks=first.checks)
    assert figures(settings, later)["pytorch", 10] == (410, 1010)
