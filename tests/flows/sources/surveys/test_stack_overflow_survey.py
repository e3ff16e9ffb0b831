"""The yearly zips: every year in its own columns, fall-back addresses, and what a damaged one says."""

import argparse
import csv
import hashlib
import io
import logging
import re
import shutil
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.command import imports
from flows.errors import SettingsError, SourceError
from flows.landing.landing import LandedFile, Landing, landed_files
from flows.landing.status import SourceCheck, Status
from flows.network.web import Web
from flows.release.inputs import Inputs
from flows.settings import Settings
from flows.sources.surveys import archive as survey_zip
from flows.sources.surveys import stack_overflow_survey
from tests.flows.sources.surveys.survey_files import (
    ARCHIVE_HOST,
    ARCHIVE_PATH,
    LEARNING,
    MEMBER,
    PROFESSIONAL,
    SO_HOST,
    SO_PATH,
    raw_database,
    so_text,
    so_zip,
    zip_bytes,
)
from tests.loopback import Answer, Loopback

NOW = datetime(2026, 11, 21, 14, 15, tzinfo=UTC)
NEXT_YEAR = datetime(2027, 11, 21, tzinfo=UTC)
ASKED = range(2018, 2025)
OLD_HOST = "info.stackoverflowsolutions.com"
OLD_PATH = "/rs/719-EMH-566/images/stack-overflow-developer-survey-{}.zip"
ADDRESS = f"https://{SO_HOST}{SO_PATH.format(2023)}"
TABLE = f"{ADDRESS} ({MEMBER})"

GOOD = so_text(
    2023,
    {"branch": PROFESSIONAL, "worked_with": "TensorFlow;Torch/PyTorch", "wanted": "Torch/PyTorch"},
    {"branch": LEARNING, "worked_with": ".NET (5+) ;Opencv"},
    {"branch": PROFESSIONAL},
)


def refresh(settings: Settings, now: datetime = NOW, known: SourceCheck | None = None) -> Landing:
    checks = dict(known.files) if known else {}
    with Web(settings, source=stack_overflow_survey.NAME) as web:
        landing = Landing(
            settings, stack_overflow_survey.NAME, web, licence="ODbL-1.0", citation="SO", checks=checks, now=now
        )
        landing.said = stack_overflow_survey.fetch(landing, settings)  # type: ignore[attr-defined]
    return landing


def said(settings: Settings, now: datetime = NOW) -> str | None:
    """The note of a refresh, without what it says of the publisher's own counts."""
    note = refresh(settings, now).said or ""  # type: ignore[attr-defined]
    return (
        re.sub(r" ?The archive has no counts of its own for [\d, ]+: bases there follow from the rows\.", "", note)
        or None
    )


def serve(server: Loopback, years: Iterable[int]) -> None:
    """Tables of these years in the archive."""
    for year in years:
        server.answer(ARCHIVE_HOST, ARCHIVE_PATH.format(year), Answer(so_text(year, {}), etag=f'"{year}"'))


def with_published(settings: Settings, year: int, text: str) -> Settings:
    """The same settings, holding files to what is published; the table of the year is this one."""
    table = settings.reference / f"{stack_overflow_survey.YEARS}.csv"
    header, *lines = table.read_text().splitlines(True)
    place = header.split(",").index("published_files")
    row = next(csv.reader([line for line in lines if line.startswith(str(year))]))
    row[place] = f"{hashlib.sha256(text.encode()).hexdigest()}:{len(text)}"
    made = io.StringIO()
    csv.writer(made, lineterminator="\n").writerow(row)
    table.write_text(header + "".join(made.getvalue() if line.startswith(str(year)) else line for line in lines))
    return replace(settings, expect_sizes=True)


def held(settings: Settings) -> list[LandedFile]:
    return landed_files(settings, stack_overflow_survey.NAME)


@pytest.fixture
def con(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Raw tables as the build makes them, the years table filled."""
    with raw_database(settings, stack_overflow_survey, stack_overflow_survey.YEARS) as made:
        yield made


def loaded(settings: Settings, con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    stack_overflow_survey.load(held(settings), con)
    columns = "year, respondent, branch, worked_with, wanted, admired"
    return con.execute(f"select {columns} from raw.stack_overflow_survey_answers order by all").fetchall()


def test_every_year_in_its_own_columns(server: Loopback, settings: Settings, con: duckdb.DuckDBPyConnection) -> None:
    answers = {"branch": PROFESSIONAL, "worked_with": "TensorFlow;Pandas", "wanted": "Torch/PyTorch"}
    for year in ASKED:
        own = answers | ({"admired": "Pandas"} if year == 2024 else {})
        own = {name: text for name, text in own.items() if (year, name) != (2018, "branch")}
        server.answer(SO_HOST, SO_PATH.format(year), Answer(so_zip(year, own, {})))
    refresh(settings)
    assert [file.card.name for file in held(settings)] == [f"{year}.zip" for year in ASKED]
    rows = loaded(settings, con)
    full = (PROFESSIONAL, "TensorFlow;Pandas", "Torch/PyTorch")
    assert rows[:2] == [(2018, 1, None, *full[1:], None), (2018, 2, None, None, None, None)]
    assert [row for row in rows if row[1] == 1 and row[0] > 2018] == [
        (year, 1, *full, "Pandas" if year == 2024 else None) for year in range(2019, 2025)
    ]
    assert not list((settings.data / "tmp").iterdir())


def test_editions_that_asked_nothing_are_not_asked_for_and_not_missing(server: Loopback, settings: Settings) -> None:
    serve(server, ASKED)
    note = said(settings)
    assert note is None
    assert not [request.path for request in server.requests if "/2025/" in request.path or "/2026/" in request.path]
    assert not [request.path for request in server.requests if "-2025" in request.path or "-2026" in request.path]


def test_an_import_of_the_year_without_the_question_is_told_of(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    path = tmp_path / "2025.csv"
    path.write_text(so_text(2025, {}))
    imports.run(settings, ["stack-overflow-survey", str(path), "--year", "2025"], NOW)
    assert "the form of 2025 has no question on frameworks" in caplog.text
    path.write_text(so_text(2025, {}).replace("LanguageHaveWorkedWith", "MiscTechHaveWorkedWith"))
    imports.run(settings, ["stack-overflow-survey", str(path), "--year", "2025"], NOW)
    assert "has the column MiscTechHaveWorkedWith although" in caplog.text


def test_fall_back_address_and_then_the_one_that_had_it(server: Loopback, settings: Settings) -> None:
    server.answer(OLD_HOST, OLD_PATH.format(2022), Answer(so_zip(2022, {}), etag='"a"'))
    landing = refresh(settings)
    assert [file.card.address for file in held(settings)] == [f"https://{OLD_HOST}{OLD_PATH.format(2022)}"]
    server.requests.clear()
    check = SourceCheck(NOW, NOW, "downloaded", files=landing.checks)
    again = refresh(settings, NOW + timedelta(days=1), check)
    assert not server.asked(SO_PATH.format(2022))
    assert [request.headers["If-None-Match"] for request in server.asked(OLD_PATH.format(2022))] == ['"a"']
    assert again.checks["2022.zip"].outcome == "unchanged"


def test_a_fall_back_also_stands_in_for_a_broken_file(server: Loopback, settings: Settings) -> None:
    server.answer(SO_HOST, SO_PATH.format(2022), Answer("<html><title>Moved</title>"))
    server.answer(OLD_HOST, OLD_PATH.format(2022), Answer(so_zip(2022, {})))
    refresh(settings)
    assert [file.card.final_address for file in held(settings)] == [f"https://{OLD_HOST}{OLD_PATH.format(2022)}"]


def test_a_host_that_limits_us_is_not_asked_for_the_other_years(server: Loopback, settings: Settings) -> None:
    for year in ASKED:
        server.answer(ARCHIVE_HOST, ARCHIVE_PATH.format(year), Answer(status=429, headers={"Retry-After": "3600"}))
    server.answer(OLD_HOST, OLD_PATH.format(2022), Answer(so_zip(2022, {})))
    note = said(settings)
    assert note is not None
    assert "Tables of the survey: 6 missing for now (2024, 2023, 2021" in note
    assert "come back in 3600 s" in note
    assert len([request for request in server.requests if request.path.endswith("results.csv")]) == 1
    assert [file.card.name for file in held(settings)] == ["2022.zip"]


def test_a_year_that_is_not_out_yet_is_no_failure(server: Loopback, settings: Settings) -> None:
    serve(server, ASKED)
    assert said(settings, NEXT_YEAR) is None
    assert len(server.asked(SO_PATH.format(2027))) == len(server.asked(ARCHIVE_PATH.format(2027))) == 1
    assert not server.asked(SO_PATH.format(2028))


def test_a_new_year_is_read_like_the_last_form_that_asked(
    server: Loopback, settings: Settings, con: duckdb.DuckDBPyConnection, caplog: pytest.LogCaptureFixture
) -> None:
    answers = {"branch": PROFESSIONAL, "worked_with": "TensorFlow"}
    server.answer(ARCHIVE_HOST, ARCHIVE_PATH.format(2027), Answer(so_text(2024, answers)))
    refresh(settings, NEXT_YEAR)
    assert "2027 has no row in data/reference/stack_overflow_survey_years.csv" in caplog.text
    assert loaded(settings, con) == [(2027, 1, PROFESSIONAL, "TensorFlow", None, None)]


def test_a_new_year_with_other_columns_says_what_to_add(server: Loopback, settings: Settings) -> None:
    serve(server, ASKED)
    server.answer(ARCHIVE_HOST, ARCHIVE_PATH.format(2027), Answer(so_text(2025, {})))
    note = said(settings, NEXT_YEAR)
    assert note is not None
    assert re.search(
        r"1 missing for now \(2027\)\..*MiscTechAdmired are missing.*Add a row for 2027 to data/reference/stack", note
    )


def test_years_that_no_address_has_are_named_and_not_confirmed(server: Loopback, settings: Settings) -> None:
    with pytest.raises(
        SourceError, match=r"expected the table of a year, found status 404 for every year.*new addresses"
    ):
        refresh(settings)
    serve(server, ASKED)
    before = refresh(settings)
    for year in (2023, 2024):
        server.answer(ARCHIVE_HOST, ARCHIVE_PATH.format(year), Answer(status=404))
    known = SourceCheck(NOW, NOW, "downloaded", files=before.checks)
    later = NOW + timedelta(days=1)
    after = refresh(settings, later, known)
    assert "No address has the table of 2023, 2024: figures of it are not confirmed." in str(after.said)
    outcomes = {name: check.outcome for name, check in after.checks.items()}
    assert (outcomes["2022.csv"], outcomes["2023.csv"], outcomes["2024.csv"]) == (
        "unchanged",
        "unconfirmed",
        "unconfirmed",
    )
    inputs = Inputs(settings, {}, Status({stack_overflow_survey.NAME: replace(known, files=after.checks)}), later)
    origins = {file.card.name: inputs.origin(file) for file in held(settings)}
    assert (origins["2022.csv"], origins["2024.csv"]) == ("live", "cached")


def test_years_that_fail_leave_the_others(server: Loopback, settings: Settings) -> None:
    server.answer(ARCHIVE_HOST, ARCHIVE_PATH.format(2020), Answer(no_answer=True))
    server.answer(SO_HOST, SO_PATH.format(2021), Answer(zip_bytes({"x.csv": "a,b\n"})))
    with pytest.raises(SourceError) as caught:
        refresh(settings)
    assert caught.value.address == f"https://{ARCHIVE_HOST}{ARCHIVE_PATH.format(2020)}"
    assert "a broken connection" in caught.value.found
    server.answer(SO_HOST, SO_PATH.format(2023), Answer(zip_bytes({MEMBER: GOOD})))
    note = said(settings)
    assert note is not None
    assert f"2 missing for now (2021, 2020). https://{ARCHIVE_HOST}{ARCHIVE_PATH.format(2020)}" in note
    assert [file.card.name for file in held(settings)] == ["2023.zip"]


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:828874a3\nsize 158626799\n"
ARCHIVES = {
    "pointer": (Answer(POINTER), r"expected a CSV file, found a Git LFS pointer \(7\d bytes\)"),
    "page": (Answer("<html><title>Sign in</title>"), r"found an HTML page \('Sign in'\)"),
    "truncated": (Answer(GOOD, cut_at=100), r"a broken connection after 100 of 298 bytes|100 of \d+ bytes"),
    "truncated without a length": (Answer(GOOD[:-30], chunked=True), "expected rows of 6 cells, found a row of"),
    "cut between rows": (Answer(GOOD[: GOOD.rindex("\n3,") + 1], chunked=True), "expected the published table of 2023"),
    "changed": (Answer(GOOD.replace("TensorFlow", "Tensorflow")), "expected the published table of 2023"),
    "forbidden": (Answer("no", status=403), "status 403"),
}


@pytest.mark.parametrize("kind", ARCHIVES)
@pytest.mark.parametrize("is_redirected", [False, True])
def test_the_archive_is_asked_first_and_the_zip_stands_in(
    server: Loopback, one_year: Settings, kind: str, is_redirected: bool
) -> None:
    """The table has to be one that the publisher gave out; what is not is refused, and the next address asked."""
    settings = with_published(one_year, 2023, GOOD)
    (answer, words), now = ARCHIVES[kind], datetime(2023, 11, 21, tzinfo=UTC)
    path = ARCHIVE_PATH.format(2023)
    if is_redirected:
        server.answer(ARCHIVE_HOST, path, Answer.redirect("https://objects.githubusercontent.com/lfs/2023?signature=1"))
        server.answer("objects.githubusercontent.com", "/lfs/2023", answer)
    else:
        server.answer(ARCHIVE_HOST, path, answer)
    with pytest.raises(SourceError, match=words) as caught:
        refresh(settings, now)
    assert caught.value.address.startswith(f"https://{ARCHIVE_HOST}{path}")
    if is_redirected and kind not in ("truncated", "cut between rows", "changed", "truncated without a length"):
        assert "after a redirect to https://objects.githubusercontent.com/lfs/2023" in caught.value.found
    assert held(settings) == []
    server.answer(SO_HOST, SO_PATH.format(2023), Answer(zip_bytes({MEMBER: GOOD})))
    refresh(settings, now)
    assert [file.card.name for file in held(settings)] == ["2023.zip"]
    server.answer(ARCHIVE_HOST, path, Answer(GOOD))
    server.answer(SO_HOST, SO_PATH.format(2023), Answer(status=404))
    refresh(settings, now + timedelta(days=1))
    assert [file.card.name for file in held(settings)] == ["2023.csv", "2023.zip"]


def test_an_edition_that_was_downloaded_twice_counts_once(
    server: Loopback, settings: Settings, con: duckdb.DuckDBPyConnection
) -> None:
    server.answer(SO_HOST, SO_PATH.format(2023), Answer(zip_bytes({MEMBER: GOOD})))
    refresh(settings)
    server.answer(SO_HOST, SO_PATH.format(2023), Answer(status=404))
    server.answer(ARCHIVE_HOST, ARCHIVE_PATH.format(2023), Answer(GOOD))
    refresh(settings, NOW + timedelta(days=1))
    assert len(loaded(settings, con)) == 3
    assert con.execute("select distinct _source_file from raw.stack_overflow_survey_answers").fetchall() == [
        ("stack_overflow_survey/2026-11-22T141500Z/2023.csv",)
    ]


@pytest.mark.slow
def test_time_that_ends_is_gone_on_with_at_the_next_refresh(server: Loopback, settings: Settings) -> None:
    """Newest first; a table that was cut by the end of the time is continued, not begun again."""
    serve(server, ASKED)
    long = so_text(2022, *[{"branch": PROFESSIONAL, "worked_with": "TensorFlow"}] * 20_000)
    dripped = Answer(long, etag='"a"', accept_ranges=True, drip_seconds=0.2, drip_bytes=1 << 16)
    server.answer(ARCHIVE_HOST, ARCHIVE_PATH.format(2022), dripped)
    note = said(replace(settings, source_seconds=2.0))
    assert note is not None
    assert "2 of 7 tables of the survey are held; the next refresh goes on with the others." in note
    assert [file.card.name for file in held(settings)] == ["2023.csv", "2024.csv"]
    server.requests.clear()
    server.answer(ARCHIVE_HOST, ARCHIVE_PATH.format(2022), replace(dripped, drip_seconds=0.0))
    assert said(settings, NOW + timedelta(hours=1)) is None
    assert [file.card.name for file in held(settings)] == [f"{year}.csv" for year in ASKED]
    (again,) = server.asked(ARCHIVE_PATH.format(2022))
    assert int(again.headers["Range"].removeprefix("bytes=").rstrip("-")) > 0


def test_a_first_fill_is_told_before_it_begins(
    server: Loopback, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    serve(server, ASKED)
    refresh(settings)
    assert "7 tables are to be fetched, 995 MB" in caplog.text
    caplog.clear()
    refresh(settings, NOW + timedelta(days=1))
    assert "to be fetched" not in caplog.text


@pytest.mark.parametrize(
    ("members", "rows"),
    [
        pytest.param({MEMBER: "\ufeff" + GOOD}, 3, id="byte-order mark"),
        pytest.param({f"survey 2023/data/{MEMBER.upper()}": GOOD.replace("\n", "\r\n")}, 3, id="folder, CRLF"),
        pytest.param({f"__MACOSX/{MEMBER}": b"x", f"a/._{MEMBER}": b"x", f"a/{MEMBER}": GOOD}, 3, id="__MACOSX"),
        pytest.param({f"a\\{MEMBER}": GOOD.rstrip("\n")}, 3, id="backslash, no last newline"),
        pytest.param({MEMBER: GOOD + '4,"a\n""b"",\n\nc",NA,TensorFlow,NA,Easy\n'}, 4, id="quoted newlines"),
    ],
)
def test_what_is_read_all_the_same(
    server: Loopback, settings: Settings, con: duckdb.DuckDBPyConnection, members: dict[str, str], rows: int
) -> None:
    server.answer(SO_HOST, SO_PATH.format(2023), Answer(zip_bytes(members)))
    refresh(settings)
    found = loaded(settings, con)
    assert len(found) == rows
    assert found[0] == (2023, 1, PROFESSIONAL, "TensorFlow;Torch/PyTorch", "Torch/PyTorch", None)
    assert found[1][3] == ".NET (5+) ;Opencv"
    assert found[2][3:] == (None, None, None)


def lying_zip() -> bytes:
    """A zip whose directory promises 2 GB."""
    body = bytearray(zip_bytes({MEMBER: GOOD}))
    entry = body.index(b"PK\x01\x02")
    body[entry + 24 : entry + 28] = struct.pack("<I", 2 << 30)
    return bytes(body)


BAD = {
    "cut mid-row": (
        zip_bytes({MEMBER: GOOD + "4,NA,I am"}),
        rf"{MEMBER}\): expected rows of 6 cells, found a row of 3 cells on line 5\. Fetch the file again",
    ),
    "cut inside quotes": (
        zip_bytes({MEMBER: GOOD + '4,NA,"I am a dev'}),
        r"expected rows of whole cells, found a quoted cell that never ends on line 5\. Fetch the file again",
    ),
    "missing header": (
        zip_bytes({MEMBER: GOOD.partition("\n")[2]}),
        r"expected the columns ResponseId, MainBranch, MiscTech.*missing from the first line, which is a respondent's",
    ),
    "renamed column": (
        zip_bytes({MEMBER: GOOD.replace("MiscTechHaveWorkedWith", "OtherTechHaveWorkedWith")}),
        r"that MiscTechHaveWorkedWith are missing; it has OtherTechHaveWorkedWith, .*MainBranch.*correct the row of",
    ),
    "missing column": (
        zip_bytes({MEMBER: GOOD.replace("MiscTechWantToWorkWith", "x")}),
        r"expected the columns .*MiscTechWantToWorkWith, found that MiscTechWantToWorkWith are missing; it has ",
    ),
    "columns of another year": (
        zip_bytes({MEMBER: so_text(2019, {})}),
        r"are missing and the columns are those of 2019, 2020; it has .*MiscTechWorkedWith",
    ),
    "duplicate respondents": (
        zip_bytes({MEMBER: GOOD + "2,NA,NA,TensorFlow,NA,NA\n"}),
        r"expected one row per respondent, found 4 rows of 3 respondents, such as 2 twice\. Fetch",
    ),
    "second header": (
        zip_bytes({MEMBER: GOOD + GOOD.partition("\n")[0] + "\n"}),
        r"expected a number in ResponseId in every row, found 1 of 4 rows without one, such as a second header",
    ),
    "no row": (zip_bytes({MEMBER: GOOD.partition("\n")[0]}), "expected rows of respondents, found a header and no row"),
    "pointer": (
        zip_bytes({MEMBER: "version https://git-lfs.github.com/spec/v1\noid sha256:9842\nsize 158617025\n"}),
        r"expected a CSV file, found a Git LFS pointer \(74 bytes\)",
    ),
    "page": (zip_bytes({MEMBER: "<html><title>Log in</title>"}), r"found an HTML page \('Log in'\)"),
    "empty": (zip_bytes({MEMBER: ""}), "expected a CSV file, found an empty body"),
    "wrong encoding": (
        zip_bytes({MEMBER: (GOOD + "4,NA,Entwickler für Späße,x,NA,NA\n").encode("latin-1")}),
        r"expected text in utf-8, found bytes of another encoding in a row on line 5\. Name the file as it was",
    ),
    "no header at all": (zip_bytes({MEMBER: "x" * 200_000}), r"expected a header with names of columns, found none \("),
    "UTF-16": (zip_bytes({MEMBER: GOOD.encode("utf-16")}), "expected a CSV file, found bytes starting with"),
    "wrong encoding of the header": (
        zip_bytes({MEMBER: GOOD.replace("Q120", "Größe").encode("latin-1")}),
        "expected text in utf-8, found bytes of another encoding in the header",
    ),
    "no such member": (
        zip_bytes({"data.csv": GOOD, f"__MACOSX/{MEMBER}": "x"}),
        rf"expected one member named {MEMBER}, found data.csv, __MACOSX",
    ),
    "two members": (
        zip_bytes({f"a/{MEMBER}": GOOD, f"b/{MEMBER}": GOOD}),
        rf"expected one member named {MEMBER}, found a/{MEMBER}, b/{MEMBER}\.",
    ),
    "absolute path": (
        zip_bytes({f"/etc/{MEMBER}": GOOD}),
        rf"expected members below the archive's own folder, found the member '/etc/{MEMBER}'",
    ),
    "path that leads outside": (
        zip_bytes({MEMBER: GOOD, "a/../../passwd": "x"}),
        r"expected members below the archive's own folder, found the member 'a/../../passwd'",
    ),
    "drive": (zip_bytes({f"C:\\{MEMBER}": GOOD}), r"own folder, found the member 'C:"),
    "promised size": (
        lying_zip(),
        r"expected a table of at most 1073741824 bytes, found survey_results_public.csv of 21474836",
    ),
    "cut zip": (zip_bytes({MEMBER: GOOD})[:-30], r"expected a whole zip file, found a cut or damaged one"),
    "size of another year": (
        zip_bytes(
            {
                MEMBER: "ResponseId,MainBranch,MiscTechHaveWorkedWith,MiscTechWantToWorkWith\n"
                + "".join(f"{number},,,\n" for number in range(73268))
            }
        ),
        r"expected the survey of 2023, found 73268 rows, which is the file of 2022\.",
    ),
}


@pytest.fixture
def one_year(settings: Settings, tmp_path: Path) -> Settings:
    """The project with fewer years, so that there are fewer addresses to try."""
    project = tmp_path / "project"
    shutil.copytree(settings.reference, project / "data" / "reference")
    (project / "sql").symlink_to(settings.sql)
    table = project / "data" / "reference" / f"{stack_overflow_survey.YEARS}.csv"
    kept = ("year", "2019", "2020", "2022", "2023")
    table.write_text("".join(line for line in table.read_text().splitlines(True) if line.startswith(kept)))
    return replace(settings, project=project)


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_one_clear_error_and_leaves_what_was_held(server: Loopback, one_year: Settings, kind: str) -> None:
    (body, words), settings, now = BAD[kind], one_year, datetime(2023, 11, 21, tzinfo=UTC)
    server.answer(SO_HOST, SO_PATH.format(2023), Answer(zip_bytes({MEMBER: GOOD})), Answer(body))
    refresh(settings, now)
    before = held(settings)
    with pytest.raises(SourceError, match=words) as caught:
        refresh(settings, now + timedelta(days=1))
    assert str(caught.value).startswith(f"https://{SO_HOST}{SO_PATH.format(2023)}")
    assert held(settings) == before
    leftovers = settings.raw / stack_overflow_survey.NAME / ".partial"
    assert not leftovers.exists() or not list(leftovers.glob("*.tmp"))


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    (tmp_path / "bomb.zip").write_bytes(zip_bytes({MEMBER: b"0" * 5_000_000}))
    with pytest.raises(SourceError, match=r"at most 1000000 bytes, found .* of 5000000 bytes or more in \d{4} bytes"):
        survey_zip.unpack(tmp_path / "bomb.zip", tmp_path / "out.csv", "bomb.zip", MEMBER, most_bytes=1_000_000)
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(("name", "make"), [("a.zip", lambda: zip_bytes({MEMBER: GOOD})), ("b.csv", GOOD.encode)])
def test_import(
    settings: Settings, tmp_path: Path, con: duckdb.DuckDBPyConnection, name: str, make: Callable[[], bytes]
) -> None:
    (tmp_path / name).write_bytes(make())
    said = imports.run(settings, ["stack-overflow-survey", str(tmp_path / name), "--year", "2023"], NOW)
    kept = f"imported-2023{Path(name).suffix}"
    landed = (
        f"landed stack_overflow_survey/2026-11-21T141500Z/{kept}: 3 respondents of the Stack Overflow Developer Survey"
    )
    assert said == f"{landed} 2023 of 89,184: its figures are marked as a sample\nNext: trends build"
    (file,) = held(settings)
    assert (file.card.kind, file.card.details) == ("import", {"year": "2023"})
    assert len(loaded(settings, con)) == 3


def test_imports_that_are_refused(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "survey_results_public.csv"
    path.write_text(GOOD)
    imports.run(settings, ["stack-overflow-survey", str(path), "--year", "2023"], NOW)
    before = held(settings)
    for year, error in ((2017, SettingsError), (2027, SettingsError), (2019, SourceError)):
        with pytest.raises(error, match=r"--year: expected 2018 to 2026, found|expected the columns Respondent, "):
            imports.run(settings, ["stack-overflow-survey", str(path), "--year", str(year)], NOW + timedelta(days=1))
    path.write_text("version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(SourceError, match=r"survey_results_public\.csv: expected a CSV file, found a Git LFS pointer"):
        imports.run(settings, ["stack-overflow-survey", str(path), "--year", "2023"], NOW + timedelta(days=1))
    assert held(settings) == before


def test_arguments() -> None:
    parser = argparse.ArgumentParser()
    stack_overflow_survey.add_import_arguments(parser)
    assert parser.parse_args(["x.zip", "--year", "2023"]).year == 2023
