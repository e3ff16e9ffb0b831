"""Exports of the Google Trends page: every variant is read, or refused with its reason; an import only lands."""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.command import cli, imports
from flows.errors import SettingsError, SourceError
from flows.landing.landing import landed_files
from flows.settings import PROJECT, Settings
from flows.sources.google_trends import source as google_trends
from flows.sources.google_trends.exports import read_export
from flows.sources.google_trends.imports import is_partial
from tests.sql.support import database, stored

NOW = datetime(2026, 11, 21, 14, 15, tzinfo=UTC)
SHARED = PROJECT.parent / "shared"
EXPORTS = SHARED / "data" / "google_trends" / "site_exports"
shared = pytest.mark.skipif(not SHARED.is_dir() and not os.environ.get("CI"), reason="needs the site's exports")

MONTHS = "Month,pytorch: (Worldwide),tensorflow: (Worldwide)\n2024-01,50,100\n2024-02,<1,0\n2024-03,,90\n"


@pytest.fixture
def bring(settings: Settings, tmp_path: Path) -> Callable[..., str]:
    """Import a file with this text."""

    def bring(text: str | bytes, *, retrieved: str = "2026-11-20", geo: str = "world", kind: str = "term") -> str:
        path = tmp_path / "multiTimeline.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        options = ["--retrieved", retrieved, "--geo", geo, "--kind", kind]
        return imports.run(settings, ["google-trends", str(path), *options], NOW)

    return bring


def rows(settings: Settings, select: str, table: str = "points") -> list[tuple[Any, ...]]:
    with database() as con:
        for name, columns in google_trends.TABLES.items():
            kinds = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            con.execute(f"create table raw.{name} ({kinds}, _landed_at TIMESTAMP, _source_file VARCHAR)")
        google_trends.load(landed_files(settings, "google_trends"), con)
        return con.execute(f"select {select} from raw.google_trends_{table}").fetchall()


def test_lands_and_says_what_comes_next(bring: Callable[..., str], settings: Settings) -> None:
    said = bring(MONTHS).splitlines()
    name = "import_terms_world_month_2024-01-01_2024-03-01_2026-11-20_multiTimeline.csv"
    assert said == [
        f"landed google_trends/2026-11-21T141500Z/{name}: 3 rows from 2024-01-01 to 2024-03-01, one per month; "
        "columns pytorch (pytorch), tensorflow (tensorflow)",
        "Next: trends build",
    ]
    [file] = landed_files(settings, "google_trends")
    assert file.path.read_text() == MONTHS
    assert (file.card.kind, file.card.details) == (
        "import",
        {"kind": "term", "geo": "world", "retrieved": "2026-11-20", "grain": "month"},
    )
    assert rows(settings, "keyword, position, time, value, has_data, is_partial, is_import, retrieved, geo, kind") == [
        (keyword, position, month, value, value is not None, False, True, date(2026, 11, 20), "", "term")
        for month, values in (
            ("2024-01-01", ("50", "100")),
            ("2024-02-01", ("<1", "0")),
            ("2024-03-01", (None, "90")),
        )
        for position, (keyword, value) in enumerate(zip(("pytorch", "tensorflow"), values, strict=True), start=1)
    ]


VARIANTS = {
    "preamble": "Category: All categories\n\n" + MONTHS,
    "preamble in another language": "カテゴリ: すべてのカテゴリ\n\n"
    + MONTHS.replace("Month", "月").replace("Worldwide", "すべての国"),
    "preamble with a comma": "Kategorie: Kunst, Unterhaltung\n\n" + MONTHS.replace("Month", "Monat"),
    "an unknown word over the dates": MONTHS.replace("Month", "Kuukausi"),
    "no places": MONTHS.replace(": (Worldwide)", ""),
    "semicolons": MONTHS.replace(",", ";"),
    "tabs": MONTHS.replace(",", "\t"),
    "CRLF": MONTHS.replace("\n", "\r\n"),
    "byte-order mark": "\ufeff" + MONTHS,
    "quotes": MONTHS.replace("pytorch: (Worldwide)", '"pytorch: (Worldwide)"'),
    "no last newline": MONTHS.rstrip(),
    "year, month and day": MONTHS.replace("-0", "/")
    .replace(",50", "/1,50")
    .replace(",<1", "/1,<1")
    .replace("3,,", "3/1,,"),
    "month, day and year": MONTHS.replace("2024-01", "1/1/2024")
    .replace("2024-02", "2/1/2024")
    .replace("2024-03", "3/1/2024"),
    "a space in <1": MONTHS.replace("<1", "< 1"),
}


@pytest.mark.parametrize("text", VARIANTS.values(), ids=VARIANTS)
def test_variants_give_the_same_rows(bring: Callable[..., str], settings: Settings, text: str) -> None:
    assert "warning" not in bring(text)
    select = "keyword, time, value, resolution"
    found = rows(settings, select)
    assert found == [
        ("pytorch", "2024-01-01", "50", "MONTH"),
        ("tensorflow", "2024-01-01", "100", "MONTH"),
        ("pytorch", "2024-02-01", "<1", "MONTH"),
        ("tensorflow", "2024-02-01", "0", "MONTH"),
        ("pytorch", "2024-03-01", None, "MONTH"),
        ("tensorflow", "2024-03-01", "90", "MONTH"),
    ]


def lines(dates: list[str], head: str = "Week", column: str = "pytorch: (Worldwide)") -> str:
    return "\n".join([f"{head},{column}", f"{dates[0]},100", *(f"{day},50" for day in dates[1:])]) + "\n"


@pytest.mark.parametrize(
    ("dates", "head", "grain", "times"),
    [
        (["2/23/2020", "3/1/2020"], "Week", "week", ("2020-02-23", "2020-03-01")),
        (["23.02.2020", "01.03.2020"], "Woche", "week", ("2020-02-23", "2020-03-01")),
        (["2009/6/1", "2009/7/1"], "Month", "month", ("2009-06-01", "2009-07-01")),
        (["1/2/2020", "2/2/2020"], "Day", "day", ("2020-02-01", "2020-02-02")),
        (["1/1/2020", "2/1/2020"], "Month", "month", ("2020-01-01", "2020-02-01")),
        (["2020-02-23", "2020-03-01"], "Time", "week", ("2020-02-23", "2020-03-01")),
        (["2021-03-07T13", "2021-03-07T14"], "Time", "hour", ("2021-03-07T13", "2021-03-07T14")),
    ],
)
def test_dates_are_read_by_header_and_spacing(
    tmp_path: Path, dates: list[str], head: str, grain: str, times: tuple[str, ...]
) -> None:
    (tmp_path / "a.csv").write_text(lines(dates, head))
    export = read_export(tmp_path / "a.csv")
    assert (export.grain, export.times) == (grain, times)


def weeks(count: int, values: Callable[[int], int]) -> str:
    days = [date(2020, 2, 23) + timedelta(days=7 * number) for number in range(count)]
    return "Week,pytorch: (Worldwide)\n" + "".join(f"{day},{values(n)}\n" for n, day in enumerate(days))


BAD = {
    "a date that can be read in two ways": (
        lines(["1/1/2020", "2/1/2020"], "Zeitraum"),
        "found 1/1/2020, which can be read in two",
    ),
    "one row of no known grain": (lines(["2020-02-23"], "Zeitraum"), "which can be read in two"),
    "uneven weeks": (lines(["2/23/2020", "3/1/2020", "3/15/2020"]), "found 2/23/2020"),
    "a missing month": (lines(["2020-01", "2020-03"], "Month"), "one row per month, in order, found 2 from 2020-01"),
    "months pasted behind each other": (
        lines(["2020-01", "2020-02", "2020-01"], "Month"),
        "windows were pasted together",
    ),
    "a row cut short": (MONTHS[:-4], "expected 3 cells in each row, found 2 in row 3 of 3"),
    "cut inside quotes": (MONTHS + '2024-04,"4', "found that it breaks off inside quotes"),
    "a comma in a number": (
        MONTHS.replace(",100", ',"99,5"'),
        "expected whole numbers, <1 or empty cells, found '99,5'",
    ),
    "a negative number": (MONTHS.replace(",0", ",-3"), "expected whole numbers, <1 or empty cells, found '-3'"),
    "an hour twice": (
        lines(["2021-03-07T13", "2021-03-07T14", "2021-03-07T14"], "Time"),
        "expected each time or place once, found 2021-03-07T14 twice",
    ),
    "a place twice": (
        "City,pytorch: (8/20/23 - 8/20/24)\nPortland,100\nPortland,3\n",
        "expected each time or place once, found Portland twice",
    ),
    "nine terms": (
        "Month,a,b,c,d,e,f,g,h,i\n2024-01,100,1,1,1,1,1,1,1,1\n2024-02,1,1,1,1,1,1,1,1,1\n",
        "expected at most eight terms, as one export has, found 9 columns",
    ),
    "two exports side by side": (
        "Month,a,b\n2024-01,100,1\n2024-02,1,100\n",
        "found one of its own in each of a, b: exports that were pasted side by side",
    ),
    "windows pasted one behind the other": (
        weeks(30, lambda n: 100 if n in (3, 14, 25) else 40),
        "expected one maximum of 100, found 3 separate maxima of 100: windows that were pasted one behind the other",
    ),
    "columns of two places": (
        MONTHS.replace("Worldwide", "Italia", 1),
        "expected columns of one place, found those of Italia, Worldwide",
    ),
    "a doubled column": (MONTHS.replace("tensorflow", "PyTorch"), "found pytorch twice"),
    "another file of that name": ("name,age\nBob,30\nAnn,100\n", "found name (Bob) and age"),
    "no header": ("2024-01\n2024-02\n", "expected a header with a column of dates or places"),
    "an empty file": ("", "found an empty body"),
    "a preamble alone": ("Category: All categories\n\n", "expected a header with a column of dates or places"),
    "a page": ("<!DOCTYPE html><title>Sign in</title>", "found an HTML page ('Sign in')"),
    "a pointer": ("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "found a Git LFS pointer"),
    "another encoding": (
        MONTHS.replace("pytorch", "größe").encode("latin-1"),
        "expected text in UTF-8, found byte 0xf6",
    ),
}


@pytest.mark.parametrize(("text", "found"), BAD.values(), ids=BAD)
def test_refused_with_the_reason_and_nothing_changes(
    bring: Callable[..., str], settings: Settings, text: str | bytes, found: str
) -> None:
    bring(MONTHS)
    held = landed_files(settings, "google_trends")
    with pytest.raises(SourceError) as caught:
        bring(text)
    assert "multiTimeline.csv: expected " in str(caught.value)
    assert found in str(caught.value)
    assert caught.value.cure
    assert landed_files(settings, "google_trends") == held


def test_a_missing_file(settings: Settings) -> None:
    options = ["nowhere.csv", "--retrieved", "2026-11-20", "--geo", "world", "--kind", "term"]
    with pytest.raises(SourceError, match=r"nowhere\.csv: expected a CSV file, found no such file"):
        imports.run(settings, ["google-trends", *options], NOW)


@pytest.mark.parametrize("between", [97, 60])
def test_two_maxima_that_one_export_may_have(bring: Callable[..., str], between: int) -> None:
    bring(weeks(30, lambda n: {3: 100, 4: between, 5: 100}.get(n, 40)))


@pytest.mark.parametrize(("peaks", "between"), [((3, 25), 40), ((3, 14, 25), 70)])
def test_maxima_that_only_pasted_windows_have(bring: Callable[..., str], peaks: tuple[int, ...], between: int) -> None:
    with pytest.raises(SourceError, match=f"found {len(peaks)} separate maxima of 100"):
        bring(weeks(30, lambda n: 100 if n in peaks else between))


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"retrieved": "20.11.2026"}, "--retrieved: expected a day such as 2026-11-21, found '20.11.2026'"),
        ({"retrieved": "2026-11-22"}, "--retrieved: expected a day up to today, 2026-11-21, found 2026-11-22"),
        ({"geo": "Germany"}, "--geo: expected world or the ISO code of a country such as DE, found 'Germany'"),
        ({"retrieved": "2024-02-20"}, "expected rows up to --retrieved 2024-02-20, found a row for 2024-03-01"),
        ({"geo": "DE"}, r"expected columns of --geo DE, found (Worldwide). Give --geo world"),
    ],
)
def test_options_that_cannot_be(
    bring: Callable[..., str], settings: Settings, options: dict[str, str], error: str
) -> None:
    with pytest.raises((SettingsError, SourceError)) as caught:
        bring(MONTHS, **options)
    assert error in str(caught.value)
    assert landed_files(settings, "google_trends") == []


@pytest.mark.parametrize(
    ("text", "options", "warning"),
    [
        (MONTHS.replace("tensorflow", "pizza"), {}, "landed, but not counted: pizza (frameworks.csv names no such"),
        (lines(["2020-02-23", "2020-03-01"], column="pizza"), {}, "too); nothing of this file will count"),
        (MONTHS.replace("100", "99"), {}, "no value of 100: the peak was cut off, or the file is not a whole export"),
        (MONTHS.replace("90", "140"), {}, "1 values above 100, such as 140"),
        (MONTHS.replace("Worldwide", "Deutschland"), {}, "the header says (Deutschland) and --geo says world"),
        (
            lines(["2026-11-01", "2026-11-02"], "Day"),
            {},
            "the series are weekly and monthly, this file is one row per day",
        ),
        ("Country,pytorch: (8/20/23 - 8/20/24)\nIndia,100\nChad,\n", {}, "only a table of countries that compares two"),
        (
            "Country,pytorch: (1/2/23 - 1/2/24),tensorflow: (1/2/23 - 1/2/24)\nIndia,60%,40%\n",
            {},
            "the days in its header cannot be read in one way only",
        ),
    ],
)
def test_warnings(
    bring: Callable[..., str], settings: Settings, text: str, options: dict[str, str], warning: str
) -> None:
    assert f"{warning}" in bring(text, **options)
    assert len(landed_files(settings, "google_trends")) == 1


def test_topics_are_known_by_their_titles(bring: Callable[..., str]) -> None:
    assert "columns PyTorch (pytorch), JAX (jax)" in bring(
        "Month,PyTorch,JAX\n2024-01,100,5\n2024-02,90,5\n", kind="topic"
    )


@pytest.mark.parametrize(
    ("time", "grain", "retrieved", "partial"),
    [
        ("2024-03-01", "month", "2024-03-31", True),
        ("2024-03-01", "month", "2024-04-01", False),
        ("2024-12-01", "month", "2025-01-01", False),
        ("2024-03-03", "week", "2024-03-09", True),
        ("2024-03-03", "week", "2024-03-10", False),
    ],
)
def test_the_last_bucket_is_partial_until_it_has_ended(time: str, grain: str, retrieved: str, partial: bool) -> None:
    assert is_partial(time, grain, date.fromisoformat(retrieved)) is partial


def test_countries(bring: Callable[..., str], settings: Settings) -> None:
    head = "Country,pytorch: (8/20/23 - 8/20/24),tensorflow: (8/20/23 - 8/20/24)"
    said = bring(f"Category: All categories\n\n{head}\nIndia,60%,40%\nChad,,\n")
    assert "warning" not in said
    assert rows(settings, "geo_name, geo_code, keyword, value, has_data, time_window", "countries") == [
        ("India", None, "pytorch", "60", True, "2023-08-20 2024-08-20"),
        ("India", None, "tensorflow", "40", True, "2023-08-20 2024-08-20"),
        ("Chad", None, "pytorch", None, False, "2023-08-20 2024-08-20"),
        ("Chad", None, "tensorflow", None, False, "2023-08-20 2024-08-20"),
    ]


def test_another_window_of_the_same_name_stands_beside_the_first(bring: Callable[..., str], settings: Settings) -> None:
    bring(MONTHS)
    bring(MONTHS)
    bring(lines(["2020-02-23", "2020-03-01"]))
    assert len(landed_files(settings, "google_trends")) == 2
    bring(MONTHS.replace("90", "91"))
    assert len(landed_files(settings, "google_trends")) == 2


REFUSED = {"month_it_semicolon_joined_by_hand.csv": "expected at most eight terms, as one export has, found 16 columns"}
PLACES = {
    "geo_en_regions.csv": "US",
    "geo_es_regions.csv": "IT",
    "month_en_three_terms_lt1.csv": "US",
    "week_de_three_terms.csv": "DE",
    "week_en_five_terms_no_preamble.csv": "IN",
    "week_en_one_term.csv": "US",
    "week_pt_one_term_no_preamble.csv": "BR",
}
READ = {
    "geo_en_countries_empty_cells.csv": ("region", 250, 1),
    "geo_en_regions.csv": ("region", 51, 1),
    "geo_es_regions.csv": ("region", 20, 1),
    "hour_en_one_term.csv": ("hour", 168, 1),
    "month_en_three_terms_lt1.csv": ("month", 182, 3),
    "month_en_worldwide_no_preamble.csv": ("month", 216, 2),
    "month_ja_one_term.csv": ("month", 223, 1),
    "week_de_three_terms.csv": ("week", 262, 3),
    "week_en_excel_us_dates_crlf.csv": ("week", 262, 5),
    "week_en_five_terms_no_preamble.csv": ("week", 260, 5),
    "week_en_one_term.csv": ("week", 52, 1),
    "week_pt_one_term_no_preamble.csv": ("week", 51, 1),
    "week_ru_three_terms.csv": ("week", 262, 3),
}


@shared
@pytest.mark.parametrize("name", [*READ, *REFUSED])
def test_the_exports_of_the_site(settings: Settings, name: str) -> None:
    geo = PLACES.get(name, "world")
    options = ["--retrieved", "2026-11-20", "--geo", geo, "--kind", "term"]
    arguments = ["google-trends", str(EXPORTS / name), *options]
    if name in REFUSED:
        with pytest.raises(SourceError) as caught:
            imports.run(settings, arguments, NOW)
        assert REFUSED[name] in str(caught.value)
        return
    said = imports.run(settings, arguments, NOW)
    assert "nothing of this file will count" in said
    assert "above 100" not in said
    assert "no value of 100" not in said
    grain, row_count, column_count = READ[name]
    export = read_export(EXPORTS / name)
    assert (export.grain, len(export.times), len(export.columns)) == (grain, row_count, column_count)
    table = "countries" if grain == "region" else "points"
    assert rows(settings, "count(*)", table) == [(row_count * column_count,)]


@shared
def test_every_export_of_the_site_is_tried() -> None:
    assert {path.name for path in EXPORTS.glob("*.csv")} == {*READ, *REFUSED, "index.csv"}


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        ("reference", "takes the place of 1 published figures: "),
        ("imported", "is averaged with 1 published figures of the same periods: "),
        ("live", "1 published figures of the same periods were pulled and stay in front of it: "),
    ],
)
def test_what_becomes_of_published_figures_is_told(
    bring: Callable[..., str], settings: Settings, origin: str, words: str
) -> None:
    settings.current.mkdir(parents=True)
    with stored(settings.current / "warehouse.duckdb") as con:
        con.execute(
            "create schema marts; create table marts.framework_shares as select 'google_trends' as source, "
            "'search_terms' as series, 'world' as population, 'month' as grain, date '2024-02-01' as period_start, "
            f"'{origin}' as origin, 'full' as quality"
        )
    assert f"{words}search_terms, world, 2024-02 ({origin}, full)" in bring(MONTHS)


class TestCommandLine:
    def run(self, monkeypatch: pytest.MonkeyPatch, settings: Settings, *arguments: str) -> int:
        monkeypatch.setenv("TRENDS_DATA", str(settings.data))
        try:
            return cli.main(["import", *arguments])
        except SystemExit as end:
            return int(str(end.code))

    def test_help(
        self, monkeypatch: pytest.MonkeyPatch, settings: Settings, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.run(monkeypatch, settings, "--help") == 0
        assert "google-trends" in capsys.readouterr().out
        assert self.run(monkeypatch, settings, "google-trends", "--help") == 0
        assert "--retrieved DATE" in capsys.readouterr().out

    @pytest.mark.parametrize(
        "arguments", [(), ("--nope",), ("google-trends",), ("google-trends", "a.csv", "--kind", "x")]
    )
    def test_usage(self, monkeypatch: pytest.MonkeyPatch, settings: Settings, arguments: tuple[str, ...]) -> None:
        assert self.run(monkeypatch, settings, *arguments) == 2

    def test_done_and_refused(
        self,
        monkeypatch: pytest.MonkeyPatch,
        settings: Settings,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        (tmp_path / "a.csv").write_text(MONTHS)
        options = ["--retrieved", "2026-01-02", "--geo", "world", "--kind", "term"]
        assert self.run(monkeypatch, settings, "-v", "google-trends", str(tmp_path / "a.csv"), *options) == 0
        assert "Next: trends build" in capsys.readouterr().out
        (tmp_path / "a.csv").write_text("x\n")
        assert self.run(monkeypatch, settings, "google-trends", str(tmp_path / "a.csv"), *options) == 1
        assert capsys.readouterr().err.startswith("trends: ")
