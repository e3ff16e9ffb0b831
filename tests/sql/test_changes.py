"""What differs from the previous release."""

from datetime import date
from typing import Any

import pytest

from tests.sql.support import created, given

KEY = {"source": "s", "series": "x", "population": "p", "grain": "month", "period_start": date(2024, 1, 1)}
BEFORE = {"release_id": "2026-01-01T000000Z"}
UNCHANGED = {"release_before": None, "figure_count": None, "changed_count": None}
LEADER = {k: v for k, v in KEY.items() if k != "period_start"} | {
    "framework_a": "a",
    "framework_b": "b",
    "is_within_chance": False,
    "is_headline": True,
    "a_share_of_pair_pct": 60.0,
    "first_period": date(2020, 1, 1),
    "led_since": date(2021, 1, 1),
}


def share(value: float, low: float | None = None, high: float | None = None, unit: str = "links") -> dict[str, Any]:
    pct = None if low is None else float(value)
    return KEY | {
        "framework": "a",
        "value": float(value),
        "share_pct": pct,
        "share_low_pct": low,
        "share_high_pct": high,
        "unit": unit,
    }


@pytest.fixture
def told(con):
    def changes(**tables: Any) -> list[dict[str, Any]]:
        same = share(50.0, 40.0, 60.0)
        was, now = tables.get("shares", (same, same))
        editions_before, editions = tables.get("editions", ([], []))
        given(con, "staging.history__framework_shares", [row | BEFORE for row in (was, *editions_before)])
        given(con, "marts.framework_shares", [now])
        verdict = {"claim_id": "C-1", "verdict": "confirmed"}
        was, now = tables.get("claims", (verdict, verdict))
        given(con, "staging.history__claims", [was | BEFORE])
        given(con, "marts.claims", [now | {"statement": "It grows."}])
        broken = "C-1" if now["verdict"] == "inconsistent" else "none"
        given(con, "marts.broken_claims", [{"claim_id": broken, "is_new": True}])
        given(con, "staging.refresh__definitions", [tables.get("definitions", UNCHANGED)])
        live = {"source": "s", "origin": "live"}
        was, now = tables.get("sources", (live, live))
        given(con, "staging.history__source_status", [was | BEFORE])
        given(con, "marts.source_status", [now | {"label": "Source S"}])
        if tables.get("is_first"):
            con.execute("delete from staging.history__source_status")
        given(con, "intermediate.observations", [share(50.0), *editions])
        given(con, "staging.reference__sources", [{"source": "s", "label": "Source S"}])
        led = LEADER | {"leader": "a", "period_start": date(2024, 1, 1)}
        was, now = tables.get("leaders", (led, led))
        given(con, "staging.history__head_to_head_latest", [was])
        given(con, "marts.head_to_head_latest", [now | {"sentence": "In 2024, Beta led Alpha."}])
        labels = [{"framework": "a", "label": "Alpha"}, {"framework": "b", "label": "Beta"}]
        given(con, "staging.reference__frameworks", labels)
        first = {"framework_a": "a" if tables.get("is_first_pair") else "c", "framework_b": "b"}
        given(con, "intermediate.headline_pair", [first | {"label_a": "Alpha", "label_b": "Beta"}])
        created(con, "marts/pair_changes")
        return created(con, "marts/changes")

    return changes


def test_nothing_has_changed(told):
    assert told() == []


def test_a_first_release_says_that_it_is_one(told):
    [row] = told(is_first=True)
    assert (row["kind"], row["release_before"]) == ("first release", None)
    assert row["sentence"] == "This is the first release: there is nothing to compare it with yet."


def test_a_claim_that_was_confirmed_breaks(told):
    [row] = told(claims=({"claim_id": "C-1", "verdict": "confirmed"}, {"claim_id": "C-1", "verdict": "inconsistent"}))
    assert (row["kind"], row["before"], row["after"]) == ("claim broke", "confirmed", "inconsistent")
    assert row["sentence"] == (
        'A claim broke: "It grows." was confirmed in the previous release and is inconsistent in this one.'
    )
    assert row["release_before"] == "2026-01-01T000000Z"


def test_definitions_that_changed_are_one_change(told):
    was = {"release_before": "2026-01-01T000000Z", "figure_count": 7000, "changed_count": 120}
    [row] = told(definitions=was)
    assert row["kind"] == "definitions changed"
    assert row["sentence"] == (
        "Definitions changed: a newer version made this release; 120 of 7,000 figures of 2026-01-01T000000Z read "
        "differently by it."
    )


def test_any_other_verdict_changes(told):
    [row] = told(claims=({"claim_id": "C-1", "verdict": "consistent"}, {"claim_id": "C-1", "verdict": "confirmed"}))
    assert row["kind"] == "claim changed"


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        ("live", "cached", "source went stale"),
        ("live", None, "source went stale"),
        ("cached", "live", "source came back"),
        ("reference", "live", "source came back"),
    ],
)
def test_a_source_goes_stale_or_comes_back(told, was, now, kind):
    [row] = told(sources=({"source": "s", "origin": was}, {"source": "s", "origin": now}))
    assert (row["kind"], row["subject"]) == (kind, "s")
    is_late = "was not confirmed" in row["sentence"]
    assert row["sentence"].startswith("Source S ")
    assert is_late == (kind == "source went stale")


def test_cached_instead_of_embedded_is_neither(told):
    assert told(sources=({"source": "s", "origin": "reference"}, {"source": "s", "origin": "cached"})) == []


@pytest.mark.parametrize(
    ("was", "now", "is_told"),
    [
        (share(50, 40.0, 60.0), share(60, 50.0, 70.0), False),
        (share(50, 40.0, 60.0), share(60.5, 50.0, 70.0), True),
        # The lower end of an interval at 0 is 0 up to a rounding error.
        (share(0, 1e-16, 10.0), share(0, 1e-16, 10.0), False),
        (share(53, unit="index_0_100"), share(55, unit="index_0_100"), False),
        (share(53, unit="index_0_100"), share(56, unit="index_0_100"), True),
        (share(1000, unit="per_day"), share(1050, unit="per_day"), False),
        (share(1000, unit="per_day"), share(1051, unit="per_day"), True),
    ],
)
def test_a_published_figure_is_revised_by_more_than_its_interval(told, was, now, is_told):
    found = told(shares=(was, now))
    assert [row["kind"] for row in found] == ["figure revised"] * is_told
    assert all(row["period_start"] == date(2024, 1, 1) for row in found)


def test_a_leader_changes(told):
    led = LEADER | {"leader": "a", "period_start": date(2024, 1, 1)}
    [row] = told(leaders=(led, led | {"leader": "b", "period_start": date(2024, 2, 1)}))
    assert (row["kind"], row["before"], row["after"], row["period_start"]) == (
        "leader changed",
        "a",
        "b",
        date(2024, 2, 1),
    )
    assert row["sentence"] == "The leader changed: In 2024, Beta led Alpha. The previous release had Alpha ahead."


def test_a_source_that_goes_on_is_told_in_one_row(told):
    was = LEADER | {"leader": "a", "period_start": date(2025, 2, 1)}
    now = was | {"period_start": date(2026, 10, 1), "a_share_of_pair_pct": 84.0}
    [row] = told(leaders=(was, now), is_first_pair=True)
    assert (row["kind"], row["subject"], row["period_start"]) == ("new period", "s", date(2026, 10, 1))
    assert row["sentence"] == (
        "The newest figures of Source S are of October 2026 now: Alpha has 84% of both it and Beta; before, they were "
        "of February 2025: 60%."
    )
    assert told(leaders=(was, now)) == []
    [other] = told(leaders=(was, now | {"population": "world"}), is_first_pair=True)
    assert "October 2026 now (world): Alpha" in other["sentence"]
    assert other["sentence"].endswith("of February 2025 (p): 60%.")
    [revised] = told(leaders=(was, was | {"a_share_of_pair_pct": 57.5}), is_first_pair=True)
    assert revised["sentence"] == (
        "The newest figures of Source S, of February 2025, were revised: Alpha has 58% of both it and Beta, before 60%."
    )
    assert told(leaders=(was, was | {"a_share_of_pair_pct": 58.5}), is_first_pair=True) == []


@pytest.mark.parametrize(
    ("was", "now", "is_told"),
    [
        ({}, {"led_since": date(2020, 10, 1)}, True),
        ({}, {"led_since": date(2020, 10, 1), "is_headline": False}, False),
        # Of figures that are held for some months only, the oldest go.
        ({"led_since": date(2020, 1, 1)}, {"led_since": date(2020, 2, 1), "first_period": date(2020, 2, 1)}, False),
    ],
)
def test_a_lead_that_began_at_another_time_is_told(told, was, now, is_told):
    led = LEADER | {"leader": "a", "period_start": date(2025, 2, 1)}
    found = told(leaders=(led | was, led | now))
    assert [row["kind"] for row in found] == ["date of a lead changed"] * is_told
    if is_told:
        assert found[0]["sentence"] == (
            "Source S: Alpha has had more than Beta since October 2020; the previous release said since January 2021."
        )


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        ({}, {"is_within_chance": True}, ("A lead became open", "Alpha ahead")),
        ({"is_within_chance": True}, {}, ("An open order became a lead", "the order open")),
        ({"is_within_chance": True}, {"is_within_chance": True, "leader": "b"}, None),
    ],
)
def test_an_order_that_opens_or_is_decided_is_a_change_of_leader(told, was, now, words):
    led = LEADER | {"leader": "a", "period_start": date(2024, 1, 1)}
    found = told(leaders=(led | was, led | now))
    assert [row["sentence"] for row in found] == [
        f"{words[0]}: In 2024, Beta led Alpha. The previous release had {words[1]}." for _ in [words] if words
    ]


def test_a_newer_edition_than_before_is_new(told):
    edition, older = share(50.0) | {"grain": "edition"}, {"period_start": date(2023, 5, 1)}
    other, unknown = edition | {"source": "t"}, edition | {"source": "u"}
    [row] = told(editions=([edition | older, other], [edition, edition | older, other, unknown]))
    assert (row["kind"], row["subject"], row["period_start"]) == ("new edition", "s", date(2024, 1, 1))
    assert row["sentence"] == "Source S has a new edition, of January 2024; the newest before was of May 2023."


def test_the_log_holds_every_release_newest_first_and_counts_revised_figures(con):
    change = {"change_order": 1, "kind": "claim broke", "subject": "C-1", "sentence": "It broke.", "source": None}
    change |= {"period_start": None, "release_before": "2025-12-01T000000Z"}
    revised = change | {"change_order": 2, "kind": "figure revised"}
    older, newer = ({"release_id": f"2026-0{month}-01T000000Z"} for month in (1, 2))
    given(con, "raw.history_changes", [change | older, change | newer, change | newer, revised | newer])
    created(con, "staging/history__changes")
    given(con, "marts.changes", [change, revised])
    found = created(con, "marts/change_log")
    assert [(row["release_id"], row["kind"]) for row in found] == [
        ("this release", "claim broke"),
        ("this release", "figures revised"),
        (newer["release_id"], "claim broke"),
        (newer["release_id"], "figures revised"),
        (older["release_id"], "claim broke"),
    ]
    assert found[1]["sentence"] == "One older figure was revised by more than its interval."
