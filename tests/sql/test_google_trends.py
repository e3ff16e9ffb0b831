"""Google Trends from points to shares, levels on one scale and shares by country, with numbers done by hand."""

from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import pytest

from flows.landing.bundled import TABLES
from flows.warehouse.runner import create_table
from tests.sql.support import created, given

Con = duckdb.DuckDBPyConnection
Row = dict[str, Any]

FRAMEWORKS = [
    {"framework": "pytorch", "label": "PyTorch", "google_search_term": "pytorch", "google_topic_id": "/g/1"},
    {"framework": "tensorflow", "label": "TensorFlow", "google_search_term": "tensorflow", "google_topic_id": "/g/2"},
    {"framework": "keras", "label": "Keras", "google_search_term": "keras", "google_topic_id": None},
    {"framework": "mxnet", "label": "Apache MXNet", "google_search_term": "mxnet", "google_topic_id": None},
    {"framework": "jax", "label": "JAX", "google_search_term": None, "google_topic_id": None},
]
STEPS = ("keywords", "buckets", "scales", "levels")
FIRST = date(2024, 1, 7)


@pytest.fixture(autouse=True)
def without_bundles(con: Con) -> None:
    """Nobody has brought figures from another machine."""
    create_table(con, "bundle_search_interest", TABLES["bundle_search_interest"])
    created(con, "staging/bundle__search_interest")


@pytest.fixture
def frameworks(con: Con) -> None:
    rows = [row | {"is_framework": True, "framework_order": order} for order, row in enumerate(FRAMEWORKS, start=1)]
    given(con, "staging.reference__frameworks", rows)


def points(
    source_file: str, first: int = 0, retrieved: date = date(2024, 6, 1), words: Row | None = None, **values: Any
) -> list[Row]:
    """One request: values of each keyword, a week each, from week `first` on; None is no data."""
    return [
        {
            "source_file": source_file,
            "is_import": False,
            "retrieved_date": retrieved,
            "series": "search_terms",
            "population": "world",
            "grain": "week",
            "period_at": datetime.combine(FIRST, datetime.min.time()) + timedelta(days=7 * (first + number)),
            "keyword": keyword,
            "position": position,
            "value_index": None if value is None else float(value),
            "is_below_one": value == 0.5,
            "has_data": value is not None,
            "is_partial": False,
        }
        | (words or {})
        for position, (keyword, series) in enumerate(values.items(), start=1)
        for number, value in enumerate(series)
    ]


def built(con: Con, *requests: list[Row]) -> dict[str, list[Row]]:
    given(con, "staging.google_trends__points", [row for request in requests for row in request])
    tables = {step: created(con, f"intermediate/google_trends_{step}") for step in STEPS}
    return tables | {"shares": created(con, "marts/search_interest")}


def level(tables: dict[str, list[Row]], framework: str, week: int, **words: Any) -> Row:
    [row] = [
        row
        for row in tables["levels"]
        if (row["framework"], row["period_start"]) == (framework, FIRST + timedelta(days=7 * week))
        and words.items() <= row.items()
    ]
    return row


def raw_point(**values: Any) -> Row:
    return {
        "kind": "term",
        "geo": "",
        "timeframe": "today 5-y",
        "time_window": "2019-01-01 2024-01-01",
        "resolution": "WEEK",
        "retrieved": date(2024, 6, 1),
        "user_type": "USER_TYPE_SCRAPER",
        "is_import": False,
        "category": None,
        "property": None,
        "keyword": "pytorch",
        "position": 1,
        "time": "1704585600",
        "value": "0",
        "formatted_value": "0",
        "has_data": True,
        "is_partial": False,
        "axis_note": "note",
        "_landed_at": datetime(2024, 6, 1),
        "_source_file": "a",
    } | values


@pytest.mark.parametrize(
    ("printed", "value", "is_below_one", "has_data"),
    [
        ({}, 0, False, True),
        ({"formatted_value": "<1"}, 0.5, True, True),
        ({"formatted_value": "", "has_data": False}, None, False, False),
        ({"value": "73", "formatted_value": "73"}, 73, False, True),
    ],
)
def test_a_printed_zero_is_three_things(
    con: Con, printed: Row, value: float | None, is_below_one: bool, has_data: bool
) -> None:
    given(con, "raw.google_trends_points", [raw_point(**printed)])
    [row] = created(con, "staging/google_trends__points")
    assert (row["value_index"], row["is_below_one"], row["has_data"]) == (value, is_below_one, has_data)


def test_another_category_or_search_is_another_population(con: Con, frameworks: None) -> None:
    """40 of 140 in all categories: figures of cars beside it, and of videos, change nothing."""
    kinds: tuple[Row, ...] = (
        {"_source_file": "a"},
        {"_source_file": "b", "category": "Autos & Vehicles"},
        {"_source_file": "c", "property": "youtube"},
        {"_source_file": "d", "geo": "IN", "category": "Autos", "property": "news"},
    )
    values = {"a": ("40", "100"), "b": ("100", "20"), "c": ("100", "50"), "d": ("100", "1")}
    rows = [
        raw_point(keyword=keyword, position=position, value=value, formatted_value=value, is_import=True, **kind)
        for kind in kinds
        for position, (keyword, value) in enumerate(
            zip(("pytorch", "tensorflow"), values[kind["_source_file"]], strict=True), start=1
        )
    ]
    given(con, "raw.google_trends_points", rows)
    created(con, "staging/google_trends__points")
    for step in STEPS:
        created(con, f"intermediate/google_trends_{step}")
    shares = {
        row["population"]: row["share_pct"]
        for row in created(con, "marts/search_interest")
        if row["framework"] == "pytorch"
    }
    assert {name: round(share, 2) for name, share in shares.items()} == {
        "world": 28.57,
        "world, Autos & Vehicles": 83.33,
        "world, youtube": 66.67,
        "IN, Autos, news": 99.01,
    }


def test_a_hole_is_left_out_and_told(con: Con, frameworks: None) -> None:
    """Zeros between 80 and 60 are no interest of zero; those of a rare term, and at an end, may be."""
    request = points("a", pytorch=[80, 0, 0, 60, 70, 0], tensorflow=[40, 30, 20, 50, 40, 30], keras=[0, 3, 0, 2, 0, 0])
    tables = built(con, request)
    weeks = {(row["period_start"] - FIRST).days // 7 for row in tables["shares"]}
    assert weeks == {0, 3, 4, 5}
    assert {row["period_start"] for row in tables["levels"]} == {FIRST + timedelta(days=7 * n) for n in weeks}
    assert level(tables, "pytorch", 5)["value_index"] == 0
    given(con, "staging.google_trends__countries", [country("x")])
    con.execute("delete from staging.google_trends__countries")
    [told] = created(con, "intermediate/google_trends_rejected")
    assert (told["reason"], told["record_count"], told["record_total"]) == (
        "in a hole of the answer: zeros between figures above 10",
        6,
        18,
    )


@pytest.mark.parametrize(
    ("time", "at"),
    [
        ("1704585600", datetime(2024, 1, 7)),
        ("2024-01-07", datetime(2024, 1, 7)),
        ("2024-01-07T13", datetime(2024, 1, 7, 13)),
    ],
)
def test_times_of_answers_and_exports(con: Con, time: str, at: datetime) -> None:
    given(con, "raw.google_trends_points", [raw_point(time=time, kind="topic", geo="US")])
    [row] = created(con, "staging/google_trends__points")
    assert (row["period_at"], row["series"], row["population"], row["grain"]) == (at, "topics", "US", "week")
    assert (row["axis_note"], row["user_type"]) == ("note", "USER_TYPE_SCRAPER")


@pytest.mark.usefixtures("frameworks")
class TestBuckets:
    def test_only_whole_weeks_and_months_of_frameworks_with_data(self, con: Con) -> None:
        tables = built(
            con,
            points("a", pytorch=[100, None], tensorflow=[50, 0.5], pizza=[9, 9]),
            points("b", words={"is_partial": True}, pytorch=[70]),
            points("c", words={"grain": "hour"}, pytorch=[70]),
        )
        assert sorted((row["framework"], row["value_index"]) for row in tables["buckets"]) == [
            ("pytorch", 100),
            ("tensorflow", 0.5),
            ("tensorflow", 50),
        ]
        assert {row["source_file"] for row in tables["buckets"]} == {"a"}

    def test_a_word_and_a_topic_of_one_name_are_two_things(self, con: Con) -> None:
        tables = built(
            con,
            points("a", words={"series": "topics"}, **{"/g/1": [100], "TensorFlow ": [50], "JAX": [5]}),
            points("b", **{"PyTorch": [90], "jax": [30], "/g/2": [3]}),
        )
        found = {(row["series"], row["framework"]) for row in tables["buckets"]}
        assert found == {
            ("topics", "pytorch"),
            ("topics", "tensorflow"),
            ("topics", "jax"),
            ("search_terms", "pytorch"),
        }


@pytest.mark.usefixtures("frameworks")
class TestLevels:
    def test_one_request_stays_as_it_is(self, con: Con) -> None:
        tables = built(con, points("a", pytorch=[60, 90], tensorflow=[30, 10]))
        row = level(tables, "pytorch", 1)
        assert (row["value_index"], row["spread_index"], row["request_count"]) == (90, None, 1)

    def test_repeats_are_averaged_with_their_spread(self, con: Con) -> None:
        tables = built(
            con,
            points("new", pytorch=[100, 80], tensorflow=[40, 20]),
            points("old", retrieved=date(2024, 5, 1), pytorch=[100, 76], tensorflow=[44, 20]),
        )
        # Both requests sum to 240, so the older one keeps its scale: 80 and 76, then 40 and 44.
        row = level(tables, "pytorch", 1)
        assert (row["value_index"], row["request_count"]) == (78, 2)
        assert row["spread_index"] == pytest.approx(8**0.5)
        assert level(tables, "tensorflow", 0)["value_index"] == 42

    def test_windows_are_joined_by_the_sums_over_their_overlap(self, con: Con) -> None:
        tables = built(
            con,
            points("new", first=2, pytorch=[40, 50, 100], tensorflow=[20, 10, 20]),
            points("old", retrieved=date(2024, 2, 1), pytorch=[10, 20, 80, 100], tensorflow=[100, 90, 40, 20]),
        )
        # Shared are weeks 2 and 3: (40 + 50 + 20 + 10) / (80 + 100 + 40 + 20) = 1/2.
        [joint] = [row for row in tables["scales"] if row["hangs_on"]]
        assert (joint["source_file"], joint["hangs_on"], joint["scale"]) == ("old", "new", 0.5)
        assert [level(tables, "pytorch", week)["value_index"] for week in range(5)] == [5, 10, 40, 50, 100]
        assert level(tables, "tensorflow", 0)["value_index"] == 50

    def test_a_higher_peak_in_an_older_window_is_100_again(self, con: Con) -> None:
        tables = built(
            con,
            points("new", first=1, pytorch=[100, 50]),
            points("old", retrieved=date(2024, 2, 1), pytorch=[100, 25]),
        )
        # The old window is scaled by 100 / 25 = 4, so its peak would be 400.
        assert [level(tables, "pytorch", week)["value_index"] for week in range(3)] == [100, 25, 12.5]

    def test_groups_are_joined_by_their_anchor(self, con: Con) -> None:
        tables = built(
            con,
            points("first", pytorch=[100, 80], keras=[10, 20]),
            points("small", keras=[50, 100], mxnet=[5, 0.5]),
        )
        # keras: (10 + 20) / (50 + 100) = 1/5.
        assert [level(tables, "mxnet", week)["value_index"] for week in (0, 1)] == [1, 0.1]
        assert [level(tables, "mxnet", week)["below_one_count"] for week in (0, 1)] == [0, 1]
        assert level(tables, "keras", 1)["value_index"] == 20

    def test_a_window_that_does_not_reach_the_newest_hangs_on_one_that_does(self, con: Con) -> None:
        tables = built(
            con,
            points("c", first=4, pytorch=[50, 100, 90]),
            points("b", first=2, retrieved=date(2024, 3, 1), pytorch=[20, 50, 100]),
            points("a", first=0, retrieved=date(2024, 2, 1), pytorch=[40, 100, 80]),
        )
        scales = {row["source_file"]: (row["scale"], row["joint_count"]) for row in tables["scales"]}
        # b meets c in week 4 with 50 / 100; a meets b in week 2 with 20 / 80.
        assert scales == {"c": (1, 0), "b": (0.5, 1), "a": (0.125, 2)}

    def test_a_window_that_meets_no_other_has_shares_but_no_level(self, con: Con) -> None:
        tables = built(
            con,
            points("new", first=4, pytorch=[50, 100], tensorflow=[50, 100]),
            points("alone", retrieved=date(2024, 2, 1), pytorch=[25, 100], tensorflow=[75, 0]),
        )
        assert {row["source_file"]: row["scale"] for row in tables["scales"]} == {"new": 1, "alone": None}
        shares = {(row["period_start"], row["framework"]): row["share_pct"] for row in tables["shares"]}
        assert shares[FIRST, "pytorch"] == 25
        given(con, "staging.google_trends__countries", [country("x")])
        con.execute("delete from staging.google_trends__countries")
        [told] = created(con, "intermediate/google_trends_rejected")
        assert told == {
            "source_file": "alone",
            "reason": "on no common scale: it shares no bucket with another request",
            "record_count": 4,
            "record_total": 4,
        }

    def test_exports_and_pulls_places_and_grains_never_mix(self, con: Con) -> None:
        tables = built(
            con,
            points("a", pytorch=[100]),
            points("b", words={"is_import": True}, pytorch=[50]),
            points("c", words={"population": "US"}, pytorch=[40]),
            points("d", words={"series": "topics"}, pytorch=[30]),
            points("e", words={"grain": "month"}, pytorch=[20]),
        )
        assert {row["source_file"]: row["value_index"] for row in tables["levels"]} == {
            "a": 100,
            "b": 50,
            "c": 40,
            "d": 30,
            "e": 20,
        }

    def test_all_figures_of_a_series_carry_its_newest_file(self, con: Con) -> None:
        tables = built(
            con,
            points("first", pytorch=[100, 80], keras=[10, 20]),
            points("later", retrieved=date(2024, 6, 2), keras=[50, 100], mxnet=[5, 3]),
        )
        assert {row["source_file"] for row in tables["levels"]} == {"later"}

    def test_nothing_but_zeros(self, con: Con) -> None:
        tables = built(con, points("a", pytorch=[0, 0], tensorflow=[0, 0]))
        assert {row["value_index"] for row in tables["levels"]} == {0}
        assert tables["shares"] == []


@pytest.mark.usefixtures("frameworks")
def test_shares_within_one_request_with_their_spread(con: Con) -> None:
    built(
        con,
        points("new", pytorch=[60], tensorflow=[20]),
        points("old", retrieved=date(2024, 5, 1), pytorch=[100], tensorflow=[25]),
        points("other", pytorch=[50], keras=[50]),
        points("single", pytorch=[100]),
    )
    rows = created(con, "marts/search_interest")
    found = {(row["frameworks"], row["framework"]): row for row in rows}
    # 60 of 80 and 100 of 125: 75 and 80 percent.
    row = found["pytorch+tensorflow", "pytorch"]
    assert (row["share_pct"], row["request_count"]) == (77.5, 2)
    assert row["share_spread_pct"] == pytest.approx(12.5**0.5)
    assert found["keras+pytorch", "pytorch"]["share_pct"] == 50
    assert set(found) == {(word, one) for word in ("pytorch+tensorflow", "keras+pytorch") for one in word.split("+")}


def country(source_file: str, code: str | None = "US", name: str = "United States", **values: Any) -> Row:
    return {
        "source_file": source_file,
        "is_import": False,
        "retrieved_date": date(2024, 6, 1),
        "series": "search_terms_by_country",
        "is_worldwide": True,
        "window_start": date(2019, 6, 1),
        "country": code,
        "country_name": name,
        "keyword": "pytorch",
        "keyword_count": 2,
        "value_pct": 50.0,
        "is_below_one": False,
    } | values


def table(source_file: str, words: Row | None = None, **percents: float | None) -> list[Row]:
    return [country(source_file, keyword=word, value_pct=value) | (words or {}) for word, value in percents.items()]


@pytest.mark.usefixtures("frameworks")
class TestCountries:
    def shares(self, con: Con, *tables: list[Row]) -> dict[tuple[str, str, bool], float]:
        given(con, "staging.google_trends__countries", [row for rows in tables for row in rows])
        given(con, "staging.reference__countries", [{"country": "DE", "names": "Germany"}])
        con.execute(
            "alter table staging.reference__countries alter names type varchar[] using ['Germany', 'Allemagne']"
        )
        created(con, "intermediate/google_trends_keywords")
        rows = created(con, "intermediate/google_trends_country_shares")
        return {(row["country"], row["framework"], row["is_import"]): row["share_pct"] for row in rows}

    def test_groups_are_joined_by_their_anchor_and_add_up_to_100(self, con: Con) -> None:
        found = self.shares(
            con,
            table("first", pytorch=60.0, tensorflow=30.0, keras=10.0),
            table("small", keras=80.0, mxnet=20.0),
        )
        # mxnet is a quarter of keras: 2.5 on the first group's scale, of 102.5 in all.
        assert found["US", "mxnet", False] == pytest.approx(100 * 2.5 / 102.5)
        assert found["US", "pytorch", False] == pytest.approx(100 * 60 / 102.5)
        assert sum(found.values()) == pytest.approx(100)

    def test_a_country_without_the_anchor_lacks_the_small_group(self, con: Con) -> None:
        found = self.shares(
            con,
            table("first", pytorch=70.0, tensorflow=30.0, keras=0.0),
            table("small", keras=0.0, mxnet=100.0),
        )
        assert found == {("US", "pytorch", False): 70, ("US", "tensorflow", False): 30, ("US", "keras", False): 0}

    def test_the_newest_table_with_its_repeats_of_a_month(self, con: Con) -> None:
        long_ago = {"window_start": date(2018, 6, 1), "retrieved_date": date(2023, 6, 1)}
        lately = {"window_start": date(2019, 5, 25), "retrieved_date": date(2024, 5, 25)}
        found = self.shares(
            con,
            table("new", pytorch=60.0, tensorflow=40.0),
            table("repeat", lately, pytorch=70.0, tensorflow=30.0),
            table("old", long_ago, pytorch=10.0, tensorflow=90.0),
        )
        assert found == {("US", "pytorch", False): 65, ("US", "tensorflow", False): 35}

    def test_exports_take_the_codes_from_the_answers_and_stay_apart(self, con: Con) -> None:
        export = {"is_import": True, "country": None}
        found = self.shares(
            con,
            table("pulled", pytorch=60.0, tensorflow=40.0),
            table("given", export, pytorch=50.0, tensorflow=50.0),
            table("unknown", export | {"country_name": "Atlantis"}, pytorch=1.0, tensorflow=99.0),
        )
        assert found == {
            ("US", "pytorch", False): 60,
            ("US", "tensorflow", False): 40,
            ("US", "pytorch", True): 50,
            ("US", "tensorflow", True): 50,
        }

    @pytest.mark.parametrize("name", ["Germany", "germany", "Allemagne "])
    def test_exports_alone_find_their_countries_by_the_names_that_we_know(self, con: Con, name: str) -> None:
        export = {"is_import": True, "country": None, "country_name": name}
        found = self.shares(con, table("given", export, pytorch=70.0, tensorflow=30.0))
        assert found == {("DE", "pytorch", True): 70, ("DE", "tensorflow", True): 30}

    @pytest.mark.parametrize(
        "words", [{"is_worldwide": False}, {"keyword_count": 1}, {"window_start": None}, {"value_pct": None}]
    )
    def test_what_gives_no_share(self, con: Con, words: Row) -> None:
        counted = table("pulled", pytorch=60.0, tensorflow=40.0)
        assert self.shares(con, counted, table("other", words, pytorch=10.0, keras=90.0)) == {
            ("US", "pytorch", False): 60,
            ("US", "tensorflow", False): 40,
        }

    def test_one_framework_beside_something_else_is_no_share(self, con: Con) -> None:
        assert self.shares(con, table("given", pytorch=60.0, pizza=40.0)) == {}


@pytest.mark.usefixtures("frameworks")
def test_figures_of_exports_that_do_not_count_are_told(con: Con) -> None:
    given_ = {"is_import": True}
    built(
        con,
        points("a", words=given_, pytorch=[100, 90], pizza=[3, 4]),
        points("b", words=given_ | {"grain": "hour"}, pytorch=[100]),
        points("c", pizza=[100]),
    )
    map_ = country("d", None, "Kansas", is_import=True, is_worldwide=False)
    given(con, "staging.google_trends__countries", [map_])
    found = {
        (row["source_file"], row["reason"], row["record_count"], row["record_total"])
        for row in created(con, "intermediate/google_trends_rejected")
    }
    assert found == {
        ("a", "no framework goes by the keyword of the column", 2, 4),
        ("b", "the series are weekly and monthly, this file is daily or hourly", 1, 1),
        ("d", "only a table of countries that compares terms over a known time gives shares", 1, 1),
    }


@pytest.mark.usefixtures("frameworks")
def test_observations_in_the_words_of_all_sources(con: Con) -> None:
    built(con, points("a", pytorch=[100], tensorflow=[50]))
    TestCountries().shares(con, table("b", pytorch=60.0, tensorflow=40.0))
    rows = created(con, "intermediate/google_trends_observations")
    words = ("series", "population", "grain", "period_start", "value", "unit", "source_file")
    assert sorted(tuple(row[word] for word in words) for row in rows if row["framework"] == "pytorch") == [
        ("search_terms", "world", "week", FIRST, 100, "index_0_100", "a"),
        ("search_terms_by_country", "US", "window", date(2019, 6, 1), 60, "percent", "b"),
    ]
    assert {(row["source"], row["base"], row["quality"]) for row in rows} == {("google_trends", None, "sample")}
