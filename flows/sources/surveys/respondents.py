"""Tables of the Stack Overflow survey: reads what the raw table keeps of each respondent, and refuses what is none."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ...engine import duckdb
from ...errors import SourceError
from ...landing.cards import sha256_of
from ...landing.loading import looking
from ...settings import Settings
from ...sql_text import parquet, quoted
from .archive import kind_of, unpack
from .editions import YEARS, Form, form_of
from .kept_rows import KeptRows, key_of
from .table import SurveyTable

log = logging.getLogger(__name__)

MEMBER = "survey_results_public.csv"
COLUMNS = ("respondent", "branch", "worked_with", "wanted", "admired")


def row_key(sha256: str, form: Form) -> str:
    """Name the kept rows of a file."""
    return key_of(sha256, (form.year, form.columns))


class Checker:
    """Checks a file: the columns of its year, whole rows, and every respondent once; its rows are kept.

    Args:
        settings: say where they are kept.
        source: whose rows they are.
        forms: the years table.
        year: of the survey.
        name: what to call the file in errors.
        is_zip: whether the table lies in a zip.
        is_official: whether it must be a file that the publisher has given out, byte for byte.

    Attributes:
        rows: respondents of the file that was checked last.
    """

    def __init__(
        self,
        settings: Settings,
        source: str,
        forms: dict[int, Form],
        year: int,
        name: str,
        *,
        is_zip: bool,
        is_official: bool,
    ) -> None:
        self.rows = 0
        self._forms, self._form, self._name = forms, form_of(forms, year), name
        self._kept, self._is_zip = KeptRows(settings.data, source), is_zip
        self._is_held_to_sizes = is_official and settings.expect_sizes

    def __call__(self, path: Path) -> str:
        """Raise SourceError for a file that is none; return its SHA-256."""
        name, form = f"{self._name} ({MEMBER})" if self._is_zip else self._name, self._form
        with self._kept.workshop() as folder, ThreadPoolExecutor(max_workers=1) as pool:
            hashed = pool.submit(sha256_of, path)  # beside the reading, which rarely keeps two cores busy
            table = unpack(path, folder / "table.csv", self._name, MEMBER) if self._is_zip else path
            with looking(threads=2) as con:
                opened, rows = read(table, name, form, self._forms, con, folder)
                self.rows = _judge(opened, rows, form, self._forms, con)
            sha256 = hashed.result()
            if self._is_held_to_sizes:
                _refuse_unpublished(name, table, sha256_of(table) if self._is_zip else sha256, form)
            self._kept.keep(row_key(sha256, form), rows)
            return sha256


def possible_years(path: Path, settings: Settings, source: str, forms: dict[int, Form]) -> list[int] | None:
    """The editions that a file may be of by its columns, and by its rows where several have the same.

    None for a file that has no question of the survey; an empty list for one that has some and lacks others.
    """
    with KeptRows(settings.data, source).workshop() as folder:
        is_zip = kind_of(path) == "zip"
        table = SurveyTable.open(unpack(path, folder / "table.csv", str(path), MEMBER) if is_zip else path, str(path))
        fitting = [form for form in forms.values() if form.is_asked and not table.missing(form.needed)]
        asked = {form.worked_with_column for form in forms.values() if form.is_asked}
        if not fitting and len(table.missing(asked)) == len(asked):
            return None
        # A form with more columns fits better than one that has a part of them.
        most = max((len(form.needed) for form in fitting), default=0)
        fitting = [form for form in fitting if len(form.needed) == most]
        if len(fitting) > 1:
            (rows,) = table.counted(f"select 1 from {table.reader()}", "count(*)")
            fitting = [form for form in fitting if form.row_count == rows] or fitting
        return [form.year for form in fitting]


def read(
    path: Path, address: str, form: Form, forms: dict[int, Form], con: duckdb.DuckDBPyConnection, folder: Path
) -> tuple[SurveyTable, Path]:
    """Read what the raw table keeps of each respondent into a Parquet file in the folder."""
    table = SurveyTable.open(path, address)
    if table.missing(form.needed):
        raise table.lost(form.needed, _whose(table, forms), _cure(form, forms))
    columns = [f"{table.column(column)} as {name}" for name, column in zip(COLUMNS, form.columns, strict=True)]
    rows = folder / "rows.parquet"
    query = f"select {', '.join(columns)} from {table.reader()}"
    table.run(con, f"copy ({query}) to {quoted(str(rows))} (format parquet, compression zstd)")
    return table, rows


def _judge(table: SurveyTable, path: Path, form: Form, forms: dict[int, Form], con: duckdb.DuckDBPyConnection) -> int:
    """Refuse rows that are not one per respondent, or are those of another year; return how many there are."""
    address, kept = table.address, f"from {parquet(path)}"
    counts = (
        "count(*), count(distinct respondent), count(*) - count(try_cast(respondent as bigint)), count(worked_with), "
        "mode(worked_with) filter (where regexp_full_match(trim(worked_with), '(?i)-?[0-9.]+|true|false'))"
    )
    rows, respondents, unnumbered, answers, mark = con.execute(f"select {counts} {kept}").fetchall()[0]
    cure = "Fetch the file again from the survey's own page."
    if not rows:
        raise SourceError(address, "rows of respondents", "a header and no row", cure)
    if unnumbered:
        found = f"{unnumbered} of {rows} rows without one, such as a second header"
        raise SourceError(address, f"a number in {form.respondent_column} in every row", found, cure)
    if mark is not None:
        found = f"cells such as {mark!r}"
        cure = "Leave cells without an answer empty, and write the options' names into the others."
        raise SourceError(address, f"names of options, or nothing, in {form.worked_with_column}", found, cure)
    if respondents < rows:
        repeated = con.execute(f"select mode(respondent) {kept}").fetchall()[0][0]
        found = f"{rows} rows of {respondents} respondents, such as {repeated} twice"
        raise SourceError(address, "one row per respondent", found, cure)
    _refuse_other_year(forms, form, address, rows)
    _say(form, table, forms, rows, answers)
    return int(rows)


def _refuse_unpublished(address: str, table: Path, sha256: str, form: Form) -> None:
    """Refuse a table that is not, byte for byte, one that the publisher has given out."""
    known = form.published_files
    if not known or sha256 in {published for published, _ in known}:
        return
    expected = " or ".join(f"{size:,} bytes with SHA-256 {published[:12]}..." for published, size in known)
    found = f"{table.stat().st_size:,} bytes with SHA-256 {sha256}"
    cure = (
        f"Refresh again: it was cut or changed on its way. If the publisher has corrected the file, add it to "
        f"published_files in data/reference/{YEARS}.csv."
    )
    raise SourceError(address, f"the published table of {form.year} ({expected})", found, cure)


def _whose(table: SurveyTable, forms: dict[int, Form]) -> str:
    """Whether the header is that of other years, or none at all."""
    if table.header and table.header[0].strip().isdecimal():
        return " from the first line, which is a respondent's and no header"
    years = [str(form.year) for form in forms.values() if form.is_asked and not table.missing(form.needed)]
    return f" and the columns are those of {', '.join(years)}" if years else ""


def _cure(form: Form, forms: dict[int, Form]) -> str:
    if form.year in forms:
        return f"If the survey renamed a column, correct the row of {form.year} in data/reference/{YEARS}.csv."
    return f"Add a row for {form.year} to data/reference/{YEARS}.csv; leave the columns empty if the question is gone."


def _refuse_other_year(forms: dict[int, Form], form: Form, address: str, rows: int) -> None:
    """Refuse the file of another year with the same columns: its number of rows gives it away."""
    others = [other.year for other in forms.values() if other.row_count == rows and other.year != form.year]
    if others and rows != form.row_count:
        found = f"{rows} rows, which is the file of {others[0]}"
        raise SourceError(address, f"the survey of {form.year}", found, "Fetch or name the file of the right year.")


def _say(form: Form, table: SurveyTable, forms: dict[int, Form], rows: int, answers: int) -> None:
    """Tell the operator what is unusual about a good file."""
    if not form.is_asked:
        log.info("%s: the form of %d has no question on frameworks; no figures of it", table.address, form.year)
        asked = {other.worked_with_column for other in forms.values()} - {""}
        if back := sorted(asked & set(table.header)):
            words = "%s: has the column %s although data/reference/%s.csv says that %d did not ask"
            log.warning(words, table.address, back[0], YEARS, form.year)
    elif not answers:
        log.warning("%s: no respondent answered %s", table.address, form.worked_with_column)
    if form.year not in forms:
        words = "%s: %d has no row in data/reference/%s.csv; it is read like the year before"
        log.warning(words, table.address, form.year, YEARS)
    if form.row_count and abs(rows - form.row_count) > form.row_count / 100:
        words = "%s: %d rows, the official file of %d has %d; its figures are marked as a sample"
        log.warning(words, table.address, rows, form.year, form.row_count)
