"""The embedded reference tables: facts and figures compiled in one schema, part of the project.

They are the default data: what a reader sees before anything was pulled, and for periods that no landing covers.
Every `*.csv` in data/reference/ whose header is that of the observations is one source's table; the rest have names.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..engine import duckdb
from ..errors import SourceError
from ..sql_text import not_the_file, paths

OBSERVATIONS = {
    "source": "VARCHAR",
    "series": "VARCHAR",
    "population": "VARCHAR",
    "period": "DATE",
    "grain": "VARCHAR",
    "framework": "VARCHAR",
    "value": "DOUBLE",
    "base": "BIGINT",
    "unit": "VARCHAR",
    "quality": "VARCHAR",
    "reference": "VARCHAR",
}
NAMED = {
    "frameworks": {
        "framework": "VARCHAR",
        "label": "VARCHAR",
        "is_framework": "BOOLEAN",
        "is_compared": "BOOLEAN",
        "is_deep_learning": "BOOLEAN",
        "organisation": "VARCHAR",
        "first_release": "DATE",
        "successor": "VARCHAR",
        "predecessor": "VARCHAR",
        "language": "VARCHAR",
        "papers_with_code_label": "VARCHAR",
        "google_topic_id": "VARCHAR",
        "google_search_term": "VARCHAR",
        "stack_overflow_survey_tokens": "VARCHAR",
        "kaggle_tokens": "VARCHAR",
        "pypi_package": "VARCHAR",
        "conda_package": "VARCHAR",
        "github_repo": "VARCHAR",
        "stack_overflow_tag": "VARCHAR",
        "huggingface_library": "VARCHAR",
        "first_release_reference": "VARCHAR",
    },
    "series": {
        "source": "VARCHAR",
        "series": "VARCHAR",
        "population": "VARCHAR",
        "label": "VARCHAR",
        "counts_what": "VARCHAR",
        "base_definition": "VARCHAR",
        "unit": "VARCHAR",
        "grains": "VARCHAR",
        "is_binomial": "BOOLEAN",
        "has_pairs": "BOOLEAN",
        "is_stock": "BOOLEAN",
        "rank": "INTEGER",
        "continued_by": "VARCHAR",
        "reading_error": "DOUBLE",
        "design_effect": "DOUBLE",
        "caveat": "VARCHAR",
    },
    "sources": {
        "source": "VARCHAR",
        "label": "VARCHAR",
        "subject": "VARCHAR",
        "publisher": "VARCHAR",
        "cadence_days": "INTEGER",
        "licence": "VARCHAR",
        "attribution": "VARCHAR",
        "reference": "VARCHAR",
        "publisher_state": "VARCHAR",
        "last_edition": "DATE",
        "state_since": "DATE",
        "state_reference": "VARCHAR",
        "state_note": "VARCHAR",
    },
    "framework_names": {
        "framework": "VARCHAR",
        "used_for": "VARCHAR",
        "name": "VARCHAR",
        "since": "DATE",
        "note": "VARCHAR",
    },
    "framework_words": {
        "kind": "VARCHAR",
        "word": "VARCHAR",
        "framework": "VARCHAR",
        "counts_for": "VARCHAR",
        "since": "DATE",
        "note": "VARCHAR",
    },
    "detection_agreement": {"theirs": "VARCHAR", "ours": "VARCHAR", "repository_count": "BIGINT"},
    "survey_overlaps": {
        "source": "VARCHAR",
        "series": "VARCHAR",
        "population": "VARCHAR",
        "period": "DATE",
        "framework_a": "VARCHAR",
        "framework_b": "VARCHAR",
        "only_a_count": "BIGINT",
        "both_count": "BIGINT",
        "only_b_count": "BIGINT",
        "reference": "VARCHAR",
    },
    "headline_series": {
        "source": "VARCHAR",
        "series": "VARCHAR",
        "population": "VARCHAR",
        "grain": "VARCHAR",
        "kind": "VARCHAR",
        "audience": "VARCHAR",
    },
    "events": {
        "id": "VARCHAR",
        "date": "DATE",
        "framework": "VARCHAR",
        "event": "VARCHAR",
        "reference": "VARCHAR",
        "source": "VARCHAR",
        "series": "VARCHAR",
        "population": "VARCHAR",
    },
    "references": {
        "key": "VARCHAR",
        "title": "VARCHAR",
        "publisher": "VARCHAR",
        "url": "VARCHAR",
        "licence": "VARCHAR",
        "retrieved": "DATE",
        "notes": "VARCHAR",
        "dated": "DATE",
    },
    "stack_overflow_survey_years": {
        "year": "INTEGER",
        "row_count": "BIGINT",
        "addresses": "VARCHAR",
        "published_files": "VARCHAR",
        "aggregates": "VARCHAR",
        "aggregates_topic": "VARCHAR",
        "respondent_column": "VARCHAR",
        "branch_column": "VARCHAR",
        "worked_with_column": "VARCHAR",
        "wanted_column": "VARCHAR",
        "admired_column": "VARCHAR",
        "professional_values": "VARCHAR",
        "learning_values": "VARCHAR",
        "base_rule": "VARCHAR",
        "ignored_options": "VARCHAR",
        "published_base": "BIGINT",
        "fitted_base": "BIGINT",
        "fitted_base_low": "BIGINT",
        "fitted_base_high": "BIGINT",
        "options": "VARCHAR",
        "notes": "VARCHAR",
    },
    "kaggle_survey_forms": {
        "form": "VARCHAR",
        "year": "INTEGER",
        "year_column": "VARCHAR",
        "number_column": "VARCHAR",
        "series": "VARCHAR",
        "option_columns": "VARCHAR",
        "option_separator": "VARCHAR",
        "answers": "VARCHAR",
        "job_title_column": "VARCHAR",
        "encoding": "VARCHAR",
        "member": "VARCHAR",
        "row_count": "BIGINT",
        "of_rows_from_year": "INTEGER",
        "notes": "VARCHAR",
    },
    "licences": {"licence": "VARCHAR", "terms": "VARCHAR", "strictness": "INTEGER"},
    "left_out": {
        "source": "VARCHAR",
        "series": "VARCHAR",
        "population": "VARCHAR",
        "reason": "VARCHAR",
        "record_count": "BIGINT",
        "record_total": "BIGINT",
        "reference": "VARCHAR",
    },
    "partial_lists": {
        "source": "VARCHAR",
        "series": "VARCHAR",
        "population": "VARCHAR",
        "period": "DATE",
        "framework": "VARCHAR",
    },
    "conferences": {"prefix": "VARCHAR", "conference": "VARCHAR", "month": "INTEGER"},
    "countries": {
        "country": "VARCHAR",
        "name": "VARCHAR",
        "other_names": "VARCHAR",
        "region": "VARCHAR",
        "is_small": "BOOLEAN",
        "tile_column": "INTEGER",
        "tile_row": "INTEGER",
        "narrow_column": "INTEGER",
        "narrow_row": "INTEGER",
    },
    "conference_words": {"word": "VARCHAR", "framework": "VARCHAR", "is_affiliation": "BOOLEAN"},
    "claims": {
        "id": "VARCHAR",
        "article": "VARCHAR",
        "claim": "VARCHAR",
        "source": "VARCHAR",
        "series": "VARCHAR",
        "population": "VARCHAR",
        "measure": "VARCHAR",
        "framework": "VARCHAR",
        "framework_b": "VARCHAR",
        "grain": "VARCHAR",
        "period_from": "DATE",
        "period_to": "DATE",
        "window": "VARCHAR",
        "comparator": "VARCHAR",
        "published_value": "VARCHAR",
        "tolerance": "DOUBLE",
        "unit": "VARCHAR",
        "evidence": "VARCHAR",
        "reading": "VARCHAR",
        "recount": "VARCHAR",
    },
    "article_verdicts": {
        "article": "VARCHAR",
        "year": "INTEGER",
        "criterion": "VARCHAR",
        "favoured": "VARCHAR",
        "paraphrase": "VARCHAR",
    },
    "industry_users": {
        "product": "VARCHAR",
        "organisation": "VARCHAR",
        "framework": "VARCHAR",
        "article": "VARCHAR",
    },
    "redistribution": {"source": "VARCHAR", "redistribution": "VARCHAR", "reason": "VARCHAR"},
}

# Position in the file, for tables whose order means something (frameworks stand in order of importance).
LINE = {"_line": "BIGINT"}
TABLES = {"reference_observations": OBSERVATIONS} | {
    f"reference_{name}": columns | LINE for name, columns in NAMED.items()
}


def load(folder: Path, con: duckdb.DuckDBPyConnection) -> None:
    """Fill the raw.reference_* tables.

    Raises:
        SourceError: a table is missing, has another header, or a cell does not fit its column's type.
    """
    paths = {path.stem: path for path in sorted(folder.glob("*.csv"))}
    for name, columns in NAMED.items():
        if name not in paths:
            raise SourceError(
                str(folder), f"{name}.csv", f"{', '.join(sorted(paths)) or 'no file'}", "Restore it from git."
            )
        _insert(con, paths.pop(name), f"reference_{name}", columns, with_line=True)
    for path in paths.values():
        _insert(con, path, "reference_observations", OBSERVATIONS, with_line=False)


def read_rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """The rows of a table as they stand in its file: for what must know it before the build."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def rows(con: duckdb.DuckDBPyConnection, name: str) -> list[dict[str, Any]]:
    """The rows of a named table that `load` filled: for sources that fill theirs after it."""
    found = con.execute(f"select {', '.join(NAMED[name])} from raw.reference_{name} order by _line").fetchall()
    return [dict(zip(NAMED[name], row, strict=True)) for row in found]


def _insert(
    con: duckdb.DuckDBPyConnection, path: Path, table: str, columns: dict[str, str], *, with_line: bool
) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file), [])
    if header != list(columns):
        raise SourceError(
            str(path),
            f"the header {','.join(columns)}",
            ",".join(header) or "an empty file",
            "Restore the file from git, or correct its header.",
        )
    line = ", row_number() over () as _line" if with_line else ""
    types = ", ".join(f"'{column}': '{kind}'" for column, kind in columns.items())
    try:
        con.execute(
            f"insert into raw.{table} select *{line} from read_csv({paths(path)}, header = true, auto_detect = false, "
            f"delim = ',', quote = '\"', escape = '\"', hive_partitioning = false, parallel = false, "
            f"columns = {{{types}}})"
        )
    except duckdb.Error as error:
        if not_the_file(error):
            raise
        first_lines = " ".join(str(error).split())[:300]
        raise SourceError(
            str(path),
            f"cells of the types {', '.join(columns.values())}",
            first_lines,
            "Correct the row that the message names.",
        ) from error
