"""Our models as a dbt project: the same queries, `@grain`, `@fail` and `@warn` lines as tests, checks as tests.

Tables and schemas keep their names; a model is called <layer>__<name> in dbt, whose names are unique. What Python
computes becomes a Python model that calls the same function.
"""

import json
import re
from collections.abc import Iterable
from datetime import UTC
from pathlib import Path
from typing import Any

from benchmarks.lineage import LANDED_AT, landed
from flows.settings import Settings
from flows.sources import papers_with_code
from flows.sql_text import quoted
from flows.warehouse.analysis import Computed
from flows.warehouse.models import Model

LINKS = "raw.papers_with_code_links"
MACROS = """
{% macro generate_schema_name(custom_schema_name, node) %}{{ custom_schema_name or target.schema }}{% endmacro %}

{% test grain(model, columns) %}
select {{ columns }} from {{ model }} group by {{ columns }} having count(*) > 1
{% endtest %}

{% test rule(model, expression) %}
select * from {{ model }} where ({{ expression }}) is not true
{% endtest %}
"""
# With the 340 MB that were tried for ours it ended out of memory in a changed month.
DBT_MEMORY = "500MB"
COMPUTED = """
import pandas
from {module} import {function} as compute


def model(dbt, session):
    dbt.config(materialized="table", schema="raw", alias="{table}")
    {reads}
    columns = {columns}
    frame = pandas.DataFrame(compute(session), columns=list(columns))
    casts = ", ".join(f"{{name}}::{{kind}} as {{name}}" for name, kind in columns.items())
    return session.from_df(frame).project(casts)
"""


def write(
    folder: Path, settings: Settings, models: Iterable[Model], computed: Iterable[Computed], links: Path | None = None
) -> None:
    """Write a project whose database is `warehouse.duckdb` beside it; `links` become a model, if they are given."""
    models, computed = list(models), list(computed)
    made = {model.table for model in models} | {table.qualified for table in computed} | ({LINKS} if links else set())
    for model in models:
        kind = "tests" if model.layer == "checks" else f"models/{model.layer}"
        _write(folder / kind / f"{_name(model.table)}.sql", _sql(model, made))
    for table in computed:
        _write(folder / "models" / "raw" / f"{_name(table.qualified)}.py", _python(table))
    if links:
        _write(folder / "models" / "raw" / f"{_name(LINKS)}.sql", _links(links))
    raw = sorted({table for model in models for table in model.reads if table.startswith("raw.")} - made)
    _write(folder / "macros" / "project.sql", MACROS)
    _json(folder / "models" / "tests.yml", {"models": [_tests(m) for m in models if m.layer != "checks"]})
    tables = [{"name": table.partition(".")[2]} for table in raw]
    _json(folder / "models" / "sources.yml", {"sources": [{"name": "raw", "schema": "raw", "tables": tables}]})
    starts = [path.read_text(encoding="utf-8") for path in sorted((settings.sql / "macros").glob("*.sql"))]
    project = {"name": "trends", "version": "1.0.0", "profile": "trends", "on-run-start": starts}
    _json(folder / "dbt_project.yml", project | {"test-paths": ["tests"], "macro-paths": ["macros"]})
    database = {"type": "duckdb", "path": "warehouse.duckdb", "schema": "main", "threads": 2}
    limits = {"settings": {"memory_limit": DBT_MEMORY, "TimeZone": "UTC"}}
    _json(folder / "profiles.yml", {"trends": {"target": "here", "outputs": {"here": database | limits}}})


def _sql(model: Model, made: set[str]) -> str:
    query = model.query
    for table in model.reads:
        schema, _, name = table.partition(".")
        place = f"{{{{ ref('{_name(table)}') }}}}" if table in made else f"{{{{ source('{schema}', '{name}') }}}}"
        query = re.sub(rf"\b{schema}\.{name}\b", lambda _, place=place: place, query)
    if model.layer == "checks":
        return query
    kind = "view" if model.layer == "staging" else "table"
    return f"{{{{ config(materialized='{kind}', schema='{model.layer}', alias='{model.name}') }}}}\n{query}\n"


def _python(table: Computed) -> str:
    # dbt wants to see each name as it stands.
    reads = "; ".join(f'dbt.ref("{_name(read)}")' for read in table.reads)
    module, function = table.compute.__module__, table.compute.__name__
    return COMPUTED.format(module=module, function=function, table=table.table, reads=reads, columns=table.columns)


def _links(path: Path) -> str:
    columns = ", ".join(f"{name}::{kind} as {name}" for name, kind in papers_with_code.COLUMNS.items())
    landed_at = f"timestamp '{LANDED_AT.astimezone(UTC):%Y-%m-%d %H:%M:%S}' as _landed_at"
    return (
        "{{ config(materialized='table', schema='raw', alias='papers_with_code_links') }}\n"
        f"select {columns}, {landed_at}, {quoted(landed(path).source_file)} as _source_file "
        f"from read_parquet({quoted(str(path))})\n"
    )


def _tests(model: Model) -> dict[str, Any]:
    tests: list[dict[str, Any]] = [{"grain": {"arguments": {"columns": ", ".join(model.grain)}}}]
    tests += [{"rule": {"arguments": {"expression": rule}}} for rule in model.fails]
    warn = {"config": {"severity": "warn"}}
    tests += [{"rule": {"arguments": {"expression": one.rule}} | warn} for one in model.warns]
    return {"name": _name(model.table), "description": model.description, "data_tests": tests}


def _name(table: str) -> str:
    return table.replace(".", "__", 1)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _json(path: Path, words: dict[str, Any]) -> None:
    _write(path, json.dumps({"version": 2} | words, indent=1))  # JSON is YAML
