"""Every measure, window and comparator of the claims table, on figures that a person can add up.

The models run once over all cases: each case has a series of its own, so that none sees another one's figures.
"""

from collections.abc import Iterator
from datetime import date

import pytest

from flows.reference import tables as reference
from flows.sql_text import insert_rows
from flows.warehouse.runner import create_table
from tests.sql.support import SQL, created, database, given

MODELS = (
    "staging/reference__claims",
    "staging/reference__partial_lists",
    "intermediate/claim_figures",
    "intermediate/claim_populations",
    "intermediate/claim_windows",
    "intermediate/claim_ranks",
    "intermediate/claim_leads",
    "intermediate/claim_measures",
    "marts/claims",
)


Row = dict[str, object]
CASES: dict[str, tuple[Row, tuple[Row, ...], Row]] = {}


def case(name: str, one: Row, *figures: Row, **expected: object) -> None:
    """A claim, the figures there are, and what must come out."""
    assert name not in CASES
    CASES[name] = (one, figures, expected)


def claim(measure: str, comparator: str = "gt", published: str = "50", **values: object) -> Row:
    """A claim about framework f of series x; in every test the numbers are the point."""
    return {
        "id": "C-1",
        "article": "a.txt",
        "claim": "f is ahead",
        "source": "s",
        "measure": measure,
        "framework": "f",
        "grain": "month",
        "period_from": date(2021, 4, 1),
        "comparator": comparator,
        "published_value": published,
        "tolerance": 0.0,
        "unit": "percent",
        "evidence": "direct",
        "reading": "less refutes it",
    } | values


def figure(month: int, framework: str, value: float, base: int | None = 100, **values: object) -> Row:
    return {
        "source": "s",
        "population": "p",
        "grain": "month",
        "period_start": date(2021, month, 1),
        "framework": framework,
        "value": float(value),
        "base": base,
        "unit": "links",
        "quality": "full",
        "origin": "reference",
    } | values


F_AND_G = (figure(4, "f", 30), figure(4, "g", 10))
MAY = {"period_to": date(2021, 5, 1)}

case("share", claim("share"), *F_AND_G, measured_value=30, population="p", figures="30 of 100")
case("sum", claim("sum_share", framework_b="g"), *F_AND_G, measured_value=40)
case("pair", claim("pair_share", framework_b="g"), *F_AND_G, measured_value=75, figures="30 against 10")
case("difference", claim("difference", framework_b="g", unit="links"), *F_AND_G, measured_value=20)
case("points", claim("difference", framework_b="g", unit="percentage_points"), *F_AND_G, measured_value=20)
case("ratio", claim("ratio", framework_b="g", unit="ratio"), *F_AND_G, measured_value=3, measured_low=None)
case(
    "change of the share",
    claim("change", unit="percentage_points", **MAY),
    figure(4, "f", 30),
    figure(5, "f", 50, base=125),
    measured_value=10,
)
case(
    "change of the value",
    claim("change", unit="links", **MAY),
    figure(4, "f", 30),
    figure(5, "f", 50),
    measured_value=20,
)
case(
    "change of the pair share",
    claim("change", framework_b="g", **MAY),
    *F_AND_G,
    figure(5, "f", 40),
    figure(5, "g", 40),
    measured_value=-25,
)
case(
    "growth of 4 over growth of 2",
    claim("growth_ratio", framework_b="g", **MAY),
    *F_AND_G,
    figure(5, "f", 120),
    figure(5, "g", 20),
    measured_value=2,
)

# A window sums counts: 1 of 100 in January, 2 of 100 in February, and so on to December.
for window, measured in {
    None: 4,
    "quarter": (4 + 5 + 6) / 3,
    "year": sum(range(1, 13)) / 12,
    "trailing 3 months": (2 + 3 + 4) / 3,
    "centred 3 months": (3 + 4 + 5) / 3,
    "centred 4 months": (3 + 4 + 5 + 6) / 4,
}.items():
    months = [figure(month, "f", month) for month in range(1, 13)]
    case(f"window {window}", claim("share", window=window), *months, measured_value=measured)
# A quarter or year of counts is named only when each of its months is there; an index must reach its end.
for window, lost in (("quarter", 5), ("year", 1), ("year", 12)):
    months = [figure(month, "f", month) for month in range(1, 13) if month != lost]
    case(f"{window} without month {lost}", claim("share", window=window), *months, verdict="not testable")
for lost, verdict in ((5, "confirmed"), (12, "not testable")):
    months = [figure(month, "f", month, base=None, unit="percent") for month in range(1, 13) if month != lost]
    case(f"year of readings without month {lost}", claim("share", "gt", "1", window="year"), *months, verdict=verdict)
# Figures that cover the months before them too are never added up: 10 and 20 of 100 are 15 of 100.
case(
    "gathered, not added up",
    claim("share", window="trailing 2 months"),
    figure(3, "f", 10),
    figure(4, "f", 20),
    measured_value=15,
    figures="15 of 100",
)
case(
    "an index is averaged: mean of 4 and 6, less 4",
    claim("change", period_to=date(2021, 6, 1), window="trailing 3 months", unit="index_points"),
    *(figure(month, "f", month, base=None, unit="index_0_100") for month in (4, 6)),
    measured_value=1,
)

# So many members that the interval holds no other published value.
for comparator, published, tolerance, verdict in (
    ("eq", "29.5", 0.5, "confirmed"),
    ("eq", "29.4", 0.5, "inconsistent"),
    ("gt", "30", 0.0, "inconsistent"),
    ("gt", "30", 0.1, "confirmed"),
    ("lt", "30", 0.0, "inconsistent"),
    ("lt", "30.1", 0.0, "confirmed"),
    ("up", "0", 0.0, "confirmed"),
    ("down", "0", 0.0, "inconsistent"),
):
    case(
        f"30 {comparator} {published} within {tolerance}",
        claim("share", comparator, published, tolerance=tolerance),
        figure(4, "f", 3e6, base=10_000_000),
        verdict=verdict,
    )

case("direct and full", claim("share", "gt", "20"), figure(4, "f", 30), verdict="confirmed", quality="full")
case("indirect", claim("share", "gt", "20", evidence="indirect"), figure(4, "f", 30), verdict="consistent")
case("a sample", claim("share", "gt", "20"), figure(4, "f", 30, quality="sample"), verdict="consistent")
case(
    "half a sample",
    claim("share", "gt", "20", window="trailing 2 months"),
    figure(4, "f", 30),
    figure(3, "f", 30, quality="sample"),
    verdict="consistent",
    quality="full|sample",
)
# 44 of 88: 50 percent, 95 percent interval 39.8 to 60.2.
HALF = figure(4, "f", 44, base=88)
SAMPLED = HALF | {"quality": "sample"}
case(
    "a wide interval of a sample holds nearly anything",
    claim("share", "eq", "58", tolerance=3.0),
    SAMPLED,
    verdict="not refuted",
    difference=-8,
    measured_low=39.7740,
    measured_high=60.2260,
)
case("a sample on both sides", claim("share", "gt", "45"), SAMPLED, verdict="not refuted")
case("a sample clear of it", claim("share", "gt", "39"), SAMPLED, verdict="consistent")
case("a sample off it", claim("share", "eq", "64", tolerance=3.0), SAMPLED, verdict="inconsistent")
case("a complete count is decided", claim("share", "eq", "58", tolerance=3.0), HALF, verdict="inconsistent")
case(
    "a complete count just above, of which no interval is told",
    claim("share", "gt", "49.9"),
    HALF,
    verdict="confirmed",
    measured_low=None,
    measured_high=None,
)
case("at least is met by just that", claim("share", "ge", "50"), HALF, verdict="confirmed")
case("at least is missed by less", claim("share", "ge", "50.1"), HALF, verdict="inconsistent")
# A later count of the same stands beside the one that the statement was made on.
for again, first, verdict, reason in (
    (46, 45, "confirmed", "the figures say the same, directly and by complete counts; so does the recount"),
    (44, 45, "not refuted", "the count that it was made on says the same, the recount does not"),
    (47, 43, "inconsistent", "the figures say otherwise"),
):
    case(
        f"counted {first}, and {again} when counted again",
        claim("share", "gt", "50", recount=f"again {again}"),
        HALF | {"value": float(first)},
        HALF | {"value": float(again), "series": f"again {again}"},
        verdict=verdict,
        reason=reason,
        figures=f"{first} of 88",
        recounted_figures=f"{again} of 88",
        recounted_value=again / 0.88,
    )

# Read off a picture with an error of 1 point either way.
READ = {"base": None, "unit": "percent", "quality": "digitised"}
PAGE = (figure(4, "f", 50, **READ), figure(4, "g", 46, **READ))
for name, one, verdict, low, high in (
    ("clear of the error", claim("share", "gt", "48.9"), "confirmed", 49, 51),
    ("within the error", claim("share", "gt", "49.5"), "not refuted", 49, 51),
    ("below by more than the error", claim("share", "gt", "51"), "inconsistent", 49, 51),
    ("within tolerance at both ends", claim("share", "eq", "50", tolerance=1.0), "confirmed", 49, 51),
    ("within tolerance at one end", claim("share", "eq", "51", tolerance=1.0), "not refuted", 49, 51),
    ("a difference counts it twice", claim("difference", "gt", "2.1", framework_b="g"), "not refuted", 2, 6),
    ("a difference beyond it", claim("difference", "gt", "1.9", framework_b="g"), "confirmed", 2, 6),
    ("of the pair", claim("pair_share", "gt", "51", framework_b="g"), "confirmed", 4900 / 96, 5100 / 96),
    ("of a ratio", claim("ratio", "gt", "1.05", framework_b="g"), "not refuted", 49 / 47, 51 / 45),
    ("indirect", claim("share", "gt", "40", evidence="indirect"), "consistent", 49, 51),
):
    case(f"read, {name}", one, *PAGE, verdict=verdict, measured_low=low, measured_high=high)
case(
    "read, a change",
    claim("change", "up", "0", unit="percentage_points", **MAY),
    figure(4, "f", 50, **READ),
    figure(5, "f", 51.9, **READ),
    verdict="not refuted",
    figures="50.0 to 51.9",
    measured_low=-0.1,
)
case(
    "what lies off is the same only within the tolerance, which is told",
    claim("share", "eq", "53", tolerance=3.0),
    figure(4, "f", 50),
    verdict="confirmed",
    reason="the figures say the same within the 3 points allowed beforehand, directly and by complete counts",
)
case("read without a known error", claim("share", "gt", "40"), figure(4, "f", 50, **READ), verdict="consistent")
# Ahead by 3, behind by 1, ahead by 1, ahead by 3: surely from month 4 on, perhaps from month 1 on.
LED = [
    figure(month, name, v, **READ) for month, f in enumerate((43, 39, 41, 43), 1) for name, v in (("f", f), ("g", 40))
]
LEAD = {"framework_b": "g", "period_from": None, "unit": "date"}
for name, comparator, published, verdict in (
    ("in time at both ends", "before", "2021-05-01", "confirmed"),
    ("in time or not", "before", "2021-03-15", "not refuted"),
    ("later than it", "before", "2020-12-01", "inconsistent"),
    ("after both", "after", "2020-12-01", "confirmed"),
    ("after one", "after", "2021-02-01", "not refuted"),
):
    case(f"read, a lead {name}", claim("first_lead", comparator, published, **LEAD), *LED, verdict=verdict)

case(
    "the best ranked population with data at every period decides",
    claim("change", "up", "0", unit="links", **MAY),
    figure(4, "f", 1),
    figure(4, "f", 2, population="q"),
    figure(5, "f", 5, population="q"),
    population="q",
    measured_value=3,
)
case(
    "an archive of better rank takes over by itself",
    claim("share"),
    figure(4, "f", 90, population="all"),
    figure(4, "f", 10, population="sample"),
    population="all",
    measured_value=90,
)
THREE = (figure(4, "f", 10), figure(4, "f", 40, population="q"), figure(5, "f", 90, population="r"))
case("pooled", claim("share", population="pooled"), *THREE, measured_value=25, population="p + q")
case("two named", claim("share", population="p|q"), *THREE, measured_value=25, population="p + q")
case("two named, one missing", claim("share", population="p|q"), THREE[0], verdict="not testable")
case(
    "the smallest share of any population: 12 of 20",
    claim("min_over_populations", framework_b="g"),
    *F_AND_G,
    figure(4, "f", 12, population="q"),
    figure(4, "g", 8, population="q"),
    measured_value=60,
    verdict="confirmed",
    figures="q 60.0; p 75.0",
    measured_low=None,
)

SEARCH = {"framework_b": "g", "period_from": None, "unit": "date"}
LEADS = {1: (5, 4), 2: (3, 4), 3: (6, 4), 4: (7, 4), 6: (1, 4)}
FOUGHT = [figure(month, name, v) for month, both in LEADS.items() for name, v in zip("fg", both, strict=True)]
case(
    "the first lead lasts to the end of the search",
    claim("first_lead", "before", "2021-02-15", tolerance=1.0, period_to=date(2021, 5, 1), **SEARCH),
    *FOUGHT,
    measured_date=date(2021, 3, 1),
    verdict="confirmed",
    difference=1,
)
case(
    "a month of tolerance less and it comes too late",
    claim("first_lead", "before", "2021-02-15", period_to=date(2021, 5, 1), **SEARCH),
    *FOUGHT,
    verdict="inconsistent",
)
case(
    "after",
    claim("first_lead", "after", "2021-02-15", period_to=date(2021, 5, 1), **SEARCH),
    *FOUGHT,
    verdict="confirmed",
)
case(
    "over two months 3 + 6 is above 4 + 4",
    claim("first_lead", "before", "2021-12-01", window="trailing 2 months", period_to=date(2021, 5, 1), **SEARCH),
    *FOUGHT,
    measured_date=date(2021, 3, 1),
)
case(
    "no lead at the end",
    claim("first_lead", "before", "2030-01-01", **SEARCH),
    *FOUGHT,
    measured_date=None,
    verdict="inconsistent",
)

OPTIONS = [figure(4, name, value) for name, value in zip("abcdf", (50, 40, 30, 20, 35), strict=True)]
ANSWERS = [figure(4, name, 99) for name in ("none", "other", "unlabelled")]
case("third of five", claim("rank", "eq", "3", unit="rank"), *OPTIONS, *ANSWERS, measured_value=3, verdict="confirmed")
case(
    "one of four",
    claim("rank", "eq", "1", unit="rank"),
    *OPTIONS[1:],
    *ANSWERS,
    verdict="not testable",
    reason="only 4 frameworks in the group",
)
# Of a partial list the last option is known down to which every one has a row; f, with 35, stands above c and below b.
PARTIAL = {"listed to c": ("p", "c"), "listed to b": ("p", "b"), "another population is listed": ("q", "c")}
for name in PARTIAL:
    case(
        name,
        claim("rank", "eq", "3", unit="rank", population="p"),
        *OPTIONS,
        verdict="confirmed" if name == "listed to c" else "not testable",
        reason="the figures say the same, directly and by complete counts"
        if name == "listed to c"
        else "not every option above it has a figure",
    )
case(
    "an event",
    claim("event_year", "eq", "2015", source="events", evidence="indirect"),
    measured_value=2015,
    verdict="consistent",
    reason="the date on record is of that year",
    figures="dated 9 November 2015",
)
AGREEMENT = {"scope": "archive", "agreement_pct": 97.0, "agreement_low_pct": 95.5, "agreement_high_pct": 98.0}
AGREEMENT |= {"basis": "draw from the archive"}
for threshold, said in (("95", "consistent"), ("97", "not refuted"), ("98.5", "inconsistent")):
    case(
        f"labels that agree in more than {threshold} percent",
        claim("agreement", "gt", threshold),
        measured_value=97.0,
        verdict=said,
        figures="95.5 to 98.0 percent, draw from the archive",
    )
case(
    "no figures",
    claim("share"),
    figure(5, "f", 10),
    verdict="not testable",
    measured_value=None,
    population=None,
    reason="no figures of f for the periods named",
)
case(
    "a zero below the line",
    claim("ratio", framework_b="g"),
    figure(4, "f", 9),
    figure(4, "g", 0),
    verdict="not testable",
)


@pytest.fixture(scope="module")
def decided() -> Iterator[dict[str, Row]]:
    """Every case's row of marts.claims."""
    columns = reference.TABLES["reference_claims"]
    claims, observations, series = [], [], {}
    for number, (name, (one, figures, _)) in enumerate(CASES.items(), start=1):
        one = one | {"id": name, "series": "release" if one["source"] == "events" else name}
        claims.append([*(one.get(column) for column in list(columns)[:-1]), number])
        for row in figures:
            row = {"series": name} | row
            observations.append(row)
            rank = 1 + sum(key[0] == row["series"] for key in series)
            series.setdefault(
                (row["series"], row["population"]),
                {
                    "source": row["source"],
                    "series": row["series"],
                    "population": row["population"],
                    "grain": row["grain"],
                    "rank": rank,
                    "is_binomial": row["base"] is not None,
                    "is_summed": not name.startswith("gathered"),
                    "is_stock": False,
                    "reading_error": 1.0 if name.startswith("read,") else None,
                },
            )
    with database() as con:
        create_table(con, "reference_claims", columns)
        insert_rows(con, "raw.reference_claims", claims)
        create_table(con, "reference_partial_lists", reference.TABLES["reference_partial_lists"])
        partial = [("s", name, population, date(2021, 4, 1), last) for name, (population, last) in PARTIAL.items()]
        insert_rows(con, "raw.reference_partial_lists", [(*row, line) for line, row in enumerate(partial)])
        given(con, "intermediate.observations", observations)
        given(con, "intermediate.series_populations", list(series.values()))
        release = {"event_id": "release", "event_date": date(2015, 11, 9), "framework": "f"}
        given(con, "staging.reference__events", [release])
        given(con, "intermediate.detection_agreement", [AGREEMENT])
        for model in MODELS:
            rows = created(con, model)
        yield {str(row["claim_id"]): row for row in rows}


@pytest.mark.parametrize("name", CASES)
def test_a_claim_is_decided(decided, name):
    expected = CASES[name][2]
    found = {column: decided[name][column] for column in expected}
    assert found == {
        column: pytest.approx(value, abs=1e-4) if isinstance(value, int | float) else value
        for column, value in expected.items()
    }


@pytest.mark.parametrize(
    ("column", "value"), [("measure", "guess"), ("published_value", "many"), ("published_value", "2020-01-01")]
)
def test_a_claim_in_unknown_words_is_caught(con, column, value):
    row = {"claim_id": "C-1", "measure": "share", "published_value": "5", "unit": "percent"}
    given(con, "staging.reference__claims", [row, row | {"claim_id": "C-2", column: value}])
    check = (SQL / "checks" / "claims_in_known_words.sql").read_text()
    assert [found[0] for found in con.execute(check).fetchall()] == ["C-2"]


def test_a_population_without_either_has_no_least_share(con):
    window = {"claim_id": "C-1", "slot_start": date(2019, 1, 1), "is_complete": True, "unit": "papers", "f_base": 9}
    window |= {"is_binomial": True, "qualities": None, "reading_error": None, "design_effect": 1.0, "g_base": 9}
    none, some = ({"population": name, "f_value": f, "g_value": g} for name, f, g in (("X", 0.0, 0.0), ("Y", 1.0, 3.0)))
    given(con, "intermediate.claim_figures", [window | none, window | some])
    con.execute("alter table intermediate.claim_figures alter qualities type varchar[]")
    given(con, "intermediate.claim_populations", [{"claim_id": "C-1", "population": each, "is_enough": True}
        for each in "XY"])  # fmt: skip
    (row,) = created(con, "intermediate/claim_windows")
    assert (row["least_words"], row["least_part"], row["least_total"]) == ("Y 25.0", 1.0, 4.0)
