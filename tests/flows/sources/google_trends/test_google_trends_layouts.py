"""Exports in the languages, layouts and programs that people have: each gives the right figures or a true refusal."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.command import imports
from flows.errors import SettingsError, SourceError
from flows.landing.landing import landed_files
from flows.settings import Settings
from flows.sources.google_trends.exports import read_export
from tests.flows.sources.google_trends.test_google_trends_imports import rows
from tests.shared_data import shared

NOW = datetime(2026, 11, 21, 14, 15, tzinfo=UTC)
WEEKS = "2026-10-04,50,100\n2026-10-11,55,90\n2026-10-18,60,90\n"
MONTHS = "2024-01,50,100\n2024-02,55,90\n2024-03,55,90\n"
PAIR = "pytorch: (Worldwide),tensorflow: (Worldwide)\n"


@pytest.fixture
def bring(settings: Settings, tmp_path: Path) -> Callable[..., str]:
    """Import a file with this text; an option of None is not given."""

    def bring(text: str | bytes, name: str = "multiTimeline.csv", **options: str | None) -> str:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        given = {"retrieved": "2026-11-20", "geo": "world", "kind": "term"} | options
        words = [word for option, value in given.items() if value for word in (f"--{option}", value)]
        return imports.run(settings, ["google-trends", str(path), *words], NOW)

    return bring


WEEKLY = {
    "Chinese, full-width colon": "類別：所有類別\n\n週,pytorch: (全球),tensorflow: (全球)\n" + WEEKS,
    "full-width brackets": "类别：所有类别\n\n周,pytorch：（全球）,tensorflow：（全球）\n" + WEEKS,
    "Korean": "카테고리: 모든 카테고리\n\n주,pytorch: (전 세계),tensorflow: (전 세계)\n" + WEEKS,
    "Arabic": "الفئة: جميع الفئات\n\nأسبوع,pytorch: (جميع أنحاء العالم),tensorflow: (جميع أنحاء العالم)\n" + WEEKS,
    "no empty line behind the category": "Category: All categories\nWeek," + PAIR + WEEKS,
    "the category in quotes": '"Category: All categories"\n""\nWeek,' + PAIR + WEEKS,
    "the category padded by a spreadsheet": "Category: All categories,,\n,,\nWeek," + PAIR + WEEKS,
    "the page of 2026": '"Time","pytorch","tensorflow"\n' + WEEKS.replace("2026", '"2026').replace(",50", '",50')
    .replace(",55", '",55').replace(",60", '",60'),
    "with hours": "Time,pytorch,tensorflow\n" + WEEKS.replace("04,", "04T00:00:00,").replace("11,", "11T00:00:00,")
    .replace("18,", "18T00:00:00,"),
    "saved by pandas": "date,pytorch,tensorflow\n" + WEEKS.replace("04,", "04 00:00:00,").replace("11,", "11 00:00:00,")
    .replace("18,", "18 00:00:00,"),
    "row numbers of pandas": ",Week," + PAIR + "".join(f"{n},{line}\n" for n, line in enumerate(WEEKS.splitlines())),
    "row numbers of R": '"",Week,' + PAIR + "".join(f'"{n}",{line}\n' for n, line in enumerate(WEEKS.splitlines(), 1)),
    "decimals of pandas": "Week," + PAIR + WEEKS.replace("\n", ".0\n").replace(",50,", ",50.0,"),
    "sep=;": "sep=;\nCategory: All categories\n\n" + ("Week," + PAIR + WEEKS).replace(",", ";"),
    "UTF-16 with tabs": ("Category: All categories\n\nWeek," + PAIR + WEEKS).replace(",", "\t").encode("utf-16"),
    "UTF-16, the other way round": b"\xfe\xff" + ("Week," + PAIR + WEEKS).encode("utf-16-be"),
    "empty columns of a spreadsheet": "Week," + PAIR.replace("\n", ",,\n") + WEEKS.replace("\n", ",,\n"),
    "months in words": "Week," + PAIR + WEEKS.replace("2026-10-04", "04-Oct-26").replace("2026-10-11", "11-Oct-26")
    .replace("2026-10-18", "18-Oct-26"),
    "two digits of the year": "Week," + PAIR + WEEKS.replace("2026-10-04", "10/4/26").replace("2026-10-11", "10/11/26")
    .replace("2026-10-18", "10/18/26"),
    "numbers of a spreadsheet": "Week," + PAIR + WEEKS.replace("2026-10-04", "46299").replace("2026-10-11", "46306")
    .replace("2026-10-18", "46313.0"),
    "first and last day": "Week," + PAIR + WEEKS.replace("10-04,", "10-04 - 2026-10-10,")
    .replace("10-11,", "10-11 - 2026-10-17,").replace("10-18,", "10-18 - 2026-10-24,"),
    "a term in brackets": "Week," + PAIR.replace("pytorch", "pytorch ", 1) + WEEKS,
    "days between dots": "Woche," + PAIR + WEEKS.replace("2026-10-04", "04.10.2026").replace("2026-10-11", "11.10.2026")
    .replace("2026-10-18", "18.10.2026"),
}  # fmt: skip


@pytest.mark.parametrize("text", WEEKLY.values(), ids=WEEKLY)
def test_weeks(bring: Callable[..., str], settings: Settings, text: str | bytes) -> None:
    assert "warning" not in bring(text)
    found = rows(settings, "keyword, time, value, category, property")
    assert sorted(found) == sorted(
        (keyword, day, value, None, None)
        for day, values in (
            ("2026-10-04", ("50", "100")),
            ("2026-10-11", ("55", "90")),
            ("2026-10-18", ("60", "90")),
        )
        for keyword, value in zip(("pytorch", "tensorflow"), values, strict=True)
    )


MONTHLY = {
    "English": ("Jan-24", "Feb-24", "Mar-24"),
    "English, the year first": ("24-Jan", "24-Feb", "24-Mar"),
    "whole words": ("January 2024", "February 2024", "March 2024"),
    "German": ("Jan 24", "Feb 24", "Mrz 24"),
    "French": ("janv.-24", "févr.-24", "mars-24"),
    "Russian": ("янв.24", "фев.24", "мар.24"),
    "Japanese": ("2024年1月", "2024年2月", "2024年3月"),
    "numbers": ("1/2024", "2/2024", "3/2024"),
    "numbers without zeros": ("2024-1", "2024-2", "2024-3"),
    "whole days": ("2024-01-01 00:00:00", "2024-02-01 00:00:00", "2024-03-01 00:00:00"),
    "Arabic digits": ("٢٠٢٤-٠١", "٢٠٢٤-٠٢", "٢٠٢٤-٠٣"),
}


@pytest.mark.parametrize("months", MONTHLY.values(), ids=MONTHLY)
def test_months(bring: Callable[..., str], settings: Settings, months: tuple[str, ...]) -> None:
    text = MONTHS
    for number, month in enumerate(months, start=1):
        text = text.replace(f"2024-{number:02d}", month)
    bring("Month," + PAIR + text)
    found = rows(settings, "distinct time, resolution")
    assert sorted(found) == [(f"2024-{number:02d}-01", "MONTH") for number in (1, 2, 3)]


def test_a_year_that_a_spreadsheet_has_dropped_is_not_guessed(bring: Callable[..., str]) -> None:
    weeks = WEEKS.replace("2026-10-04", "Oct-04").replace("2026-10-11", "Oct-11").replace("2026-10-18", "Oct-18")
    with pytest.raises(
        SourceError, match=r"expected evenly spaced dates, found Oct-04, Oct-11 and so on\..*spreadsheet"
    ):
        bring("Week," + PAIR + weeks)
    with pytest.raises(SourceError, match=r"expected evenly spaced dates, found Jan-24"):
        bring("Month," + PAIR + "Jan-24,50,100\n")


RANGES = {
    "English": "12/13/17 - 12/13/22",
    "Spanish": "13/12/17 - 13/12/22",
    "Korean": "17. 12. 13.~22. 12. 13.",
    "Japanese": "2017/12/13～2022/12/13",
    "Slovak": "13. 12. 2017 – 13. 12. 2022",
    "Slovak, two digits": "13. 12. 17 – 13. 12. 22",
    "Croatian": "13. 12. 2017. – 13. 12. 2022.",
    "Hungarian": "2017. 12. 13. – 2022. 12. 13.",
    "German": "13.12.17 - 13.12.22",
    "Bulgarian": "13.12.17 г. - 13.12.22 г.",
    "Swedish": "2017-12-13 – 2022-12-13",
    "Arabic": "\u200f13\u200f/12\u200f/2017 – 13\u200f/12\u200f/2022",
    "words": "Dec 13, 2017 – Dec 13, 2022",
}


@pytest.mark.parametrize("days", RANGES.values(), ids=RANGES)
def test_ranges_of_maps(bring: Callable[..., str], settings: Settings, days: str) -> None:
    head = f'Country,"pytorch: ({days})","tensorflow: ({days})"\n'
    assert "warning" not in bring(head + "Chad,60%,40%\n")
    assert rows(settings, "distinct time_window", "countries") == [("2017-12-13 2022-12-13",)]


def test_a_map_without_days_asks_for_them(bring: Callable[..., str], settings: Settings) -> None:
    text = "geoName,geoCode,pytorch,tensorflow\nIndia,IN,60,40\n"
    assert "--window 2021-11-30/2026-11-30 says them" in bring(text)
    assert "warning" not in bring(text, window="2021-11-20/2026-11-20")
    assert rows(settings, "geo_name, keyword, value, time_window", "countries")[-2:] == [
        ("India", "pytorch", "60", "2021-11-20 2026-11-20"),
        ("India", "tensorflow", "40", "2021-11-20 2026-11-20"),
    ]
    with pytest.raises(SettingsError, match="--window: expected two days such as"):
        bring(text, window="last year")


def test_a_frame_of_pytrends_knows_its_partial_rows(bring: Callable[..., str], settings: Settings) -> None:
    head, *lines = ["date,pytorch,tensorflow,isPartial", *WEEKS.splitlines()]
    text = "\n".join([head, *(f"{line},{mark}" for line, mark in zip(lines, ("False", "False", "True"), strict=True))])
    assert "warning" not in bring(text)
    assert rows(settings, "time, is_partial") == [
        (day, day == "2026-10-18") for day in ("2026-10-04", "2026-10-11", "2026-10-18") for _ in range(2)
    ]


def test_eight_terms(bring: Callable[..., str], settings: Settings) -> None:
    words = ["pytorch", "tensorflow", "keras", "jax", "scikit-learn", "mxnet", "caffe", "theano"]
    figures = "50,100,10,5,7,1,1,1"
    bring("Time," + ",".join(words) + "".join(f"\n2026-{month:02d}-01,{figures}" for month in (7, 8, 9)) + "\n")
    assert rows(settings, "count(*), count(distinct keyword)") == [(24, 8)]
    assert rows(settings, "distinct resolution") == [("MONTH",)]


OTHER_FILES = {
    "the page until 2016": (
        "Web Search interest: pytorch\nWorldwide; 2004 - present\n\nInterest over time\nWeek,pytorch\n"
        "2004-01-04 - 2004-01-10,100\n\nTop regions for pytorch\nRegion,pytorch\nChina,100\n",
        "several tables of the page as it was until 2016|found 1 in row",
    ),
    "related searches": (
        "Category: All categories\n\nTOP\npytorch tutorial,100\npytorch cuda,80\n\nRISING\npytorch 3,Breakout\n",
        "such as a list of related searches",
    ),
    "a long table": (
        "date,hits,keyword,geo,time,gprop,category\n2024-01-01,50,pytorch,world,all,web,0\n",
        "found a long table with a column of keywords, as gtrendsR makes",
    ),
    "a workbook": (b"PK\x03\x04" + b"x" * 50, "found bytes starting with|a spreadsheet's workbook"),
    "one term in two places": (
        "Week,pytorch: (India),pytorch: (Chad)\n" + WEEKS,
        "expected columns of one place, found those of Chad, India",
    ),
    "hours pasted to days": (
        "Time,pytorch\n2026-10-04,100\n2026-10-05T13,50\n",
        "expected dates of one form|evenly spaced dates",
    ),
    "shares": ("Week," + PAIR + WEEKS.replace("50", "33.3"), "expected whole numbers, <1 or empty cells, found '33.3'"),
}


@pytest.mark.parametrize(("text", "found"), OTHER_FILES.values(), ids=OTHER_FILES)
def test_what_is_refused_says_what_it_is(
    bring: Callable[..., str], settings: Settings, text: str | bytes, found: str
) -> None:
    with pytest.raises(SourceError, match=found) as caught:
        bring(text)
    assert caught.value.cure
    assert landed_files(settings, "google_trends") == []


CASES = {
    "Category: All categories": None,
    "Category: Autos & Vehicles": "Autos & Vehicles",
    "Kategorie: Autos": "Autos",
}


def test_categories_and_properties_are_populations_of_their_own(bring: Callable[..., str], settings: Settings) -> None:
    for line in CASES:
        said = bring(f"{line}\n\nWeek,{PAIR}{WEEKS}")
        assert ("a population of its own" in said) == (line != "Category: All categories")
    bring("Week," + PAIR + WEEKS, property="youtube")
    bring("Week," + PAIR + WEEKS, category="Science")
    found = rows(settings, "distinct category, property")
    assert sorted(found, key=str) == sorted(
        [(None, None), ("Autos & Vehicles", None), ("Autos", None), (None, "youtube"), ("Science", None)], key=str
    )
    with pytest.raises(SourceError, match="expected figures of --category Science, found those of Autos"):
        bring(f"Kategorie: Autos\n\nWeek,{PAIR}{WEEKS}", category="Science")
    assert "its own" not in bring(f"Luokka: Ihan kaikki\n\nWeek,{PAIR}{WEEKS}", category="all")


@pytest.mark.parametrize(
    ("geo", "error"),
    [
        ("UK", "the United Kingdom is GB"),
        ("EU", "the European Union is no country"),
        ("XX", "such as DE, found 'XX'"),
        ("Germany", "Germany is DE"),
    ],
)
def test_codes_of_countries_are_checked(bring: Callable[..., str], geo: str, error: str) -> None:
    with pytest.raises(SettingsError, match=rf"--geo: expected world or the ISO code of a country.*{error}"):
        bring("Week,pytorch,tensorflow\n" + WEEKS, geo=geo)
    bring("Week,pytorch,tensorflow\n" + WEEKS, geo="gb")


def test_a_place_that_the_header_names_is_not_asked_for(bring: Callable[..., str], settings: Settings) -> None:
    bring("Week," + PAIR.replace("Worldwide", "India") + WEEKS, geo=None)
    assert rows(settings, "distinct geo") == [("IN",)]
    with pytest.raises(SourceError, match=r"expected columns of --geo US, found \(India\)\. Give --geo IN"):
        bring("Week," + PAIR.replace("Worldwide", "India") + WEEKS, geo="US")


def test_a_table_of_countries_is_of_the_world(bring: Callable[..., str], settings: Settings) -> None:
    bring("국가,pytorch: (17. 12. 13.~22. 12. 13.),tensorflow: (17. 12. 13.~22. 12. 13.)\nChad,60%,40%\n", geo=None)
    assert rows(settings, "distinct geo", "countries") == [("",)]
    with pytest.raises(SettingsError, match="of which place it is"):
        bring("Region,pytorch: (12/13/17 - 12/13/22)\nBavaria,60\n", geo=None)


def test_minutes(bring: Callable[..., str], settings: Settings) -> None:
    said = bring("Time,pytorch: (Worldwide)\n2026-11-20T13:00:00,100\n2026-11-20T13:08:00,50\n")
    assert "the series are weekly and monthly" in said
    assert rows(settings, "time") == [("2026-11-20T13",), ("2026-11-20T13:08",)]


def test_what_the_file_does_not_tell_is_asked_for_in_one_go(bring: Callable[..., str]) -> None:
    with pytest.raises(SettingsError) as caught:
        bring("Week,pytorch,tensorflow\n" + WEEKS, geo=None, kind=None, retrieved=None)
    for words in ("this is an export of Google Trends, one row per week, of pytorch, tensorflow", "(--geo world"):
        assert words in str(caught.value)
    assert "(--retrieved 2026-11-21)" in str(caught.value)
    assert "--kind term" in str(caught.value)
    with pytest.raises(SettingsError) as caught:
        bring("Week," + PAIR + WEEKS, geo=None, kind=None)
    assert "--geo" not in str(caught.value)


@pytest.fixture
def zone() -> Iterator[Callable[[str], None]]:
    """Sets where the person is."""
    before = os.environ.get("TZ")

    def move(name: str) -> None:
        os.environ["TZ"] = name
        time.tzset()

    yield move
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def test_today_is_today_where_the_person_is(settings: Settings, tmp_path: Path, zone: Callable[[str], None]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Week," + PAIR + WEEKS)
    evening = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
    arguments = ["google-trends", str(path), "--kind", "term", "--retrieved", "2026-11-22"]
    zone("UTC")
    with pytest.raises(SettingsError, match=r"up to today, 2026-11-21"):
        imports.run(settings, arguments, evening)
    zone("Asia/Tokyo")
    imports.run(settings, arguments, evening)
    assert rows(settings, "distinct retrieved") == [(date(2026, 11, 22),)]


EXPECTED: dict[str, tuple[dict[str, str], list[tuple[Any, ...]] | str]] = {
    "zh_TW.csv": ({}, [("2026-10-04", "50", None), ("2026-10-11", "55", None), ("2026-10-18", "60", None)]),
    "new_six_terms.csv": ({}, [("2026-08-01", "50", None), ("2026-09-01", "55", None), ("2026-10-01", "56", None)]),
    "all_categories.csv": ({}, [("2026-07-01", "40", None), ("2026-08-01", "40", None), ("2026-09-01", "40", None)]),
    "autos_and_vehicles.csv": (
        {},
        [
            (f"2026-{month}-01", value, "Autos & Vehicles")
            for month, value in (("07", "100"), ("08", "90"), ("09", "90"))
        ],
    ),
    "pytrends_to_csv.csv": ({}, [("2026-10-04", "50", None), ("2026-10-11", "55", None), ("2026-10-18", "60", None)]),
    "excel_en_mon_yy.csv": ({}, [("2024-01-01", "50", None), ("2024-02-01", "55", None), ("2024-03-01", "55", None)]),
    "geo_ko.csv": ({}, "2017-12-11 2022-12-11"),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_cases_that_failed_before(bring: Callable[..., str], settings: Settings, name: str) -> None:
    options, expected = EXPECTED[name]
    path = shared("..") / "cases" / "google_trends_exports" / name
    bring(path.read_bytes(), name, **options)
    if isinstance(expected, str):
        assert rows(settings, "distinct time_window", "countries") == [(expected,)]
        return
    found = rows(settings, "time, value, category, keyword")
    assert [row[:3] for row in sorted(found) if row[3] == "pytorch"] == expected


def test_every_case_is_tried() -> None:
    folder = shared("..") / "cases" / "google_trends_exports"
    assert {path.name for path in folder.iterdir()} == set(EXPECTED)
    for path in folder.iterdir():
        assert read_export(path).columns
