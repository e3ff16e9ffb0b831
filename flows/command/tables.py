"""What `trends models`, `describe` and `queries` show: tables, columns, and the worked examples."""

import sys
import textwrap
from contextlib import closing

import duckdb

from ..ask import catalogue
from ..ask.results import terminal_width
from ..errors import SettingsError
from ..refresh.report import table
from ..settings import Settings
from ..warehouse.analysis import all_computed
from ..warehouse.models import Model, read_models


def models(settings: Settings) -> str:
    """Every model with what it reads and what it is."""
    rows = [(model.table, model.description, ", ".join(sorted(model.reads)) or "-") for model in _models(settings)]
    rows += [
        (one.qualified, "Computed by flows/warehouse/analysis.", ", ".join(sorted(one.reads))) for one in all_computed()
    ]
    return table(("table", "what it is", "reads"), rows)


def model(settings: Settings, name: str) -> str:
    """One model: columns, rules, what it reads and what reads it."""
    known = {model.table: model for model in _models(settings)}
    if name not in known:
        raise SettingsError(f"{name}: expected a table that `trends models` lists, found none of that name.")
    found = known[name]
    lines = [found.table, found.description, "", f"one row per {', '.join(found.grain)}" if found.grain else ""]
    width = max((len(column) for column in found.columns), default=0)
    lines += [f"  {column:<{width}}  {meaning}" for column, meaning in found.columns.items()]
    lines += [f"  stops the build unless {rule}" for rule in found.fails]
    lines += [f"  warns: {warn.meaning}" for warn in found.warns]
    lines.append(f"reads    {', '.join(sorted(found.reads)) or '-'}")
    readers = sorted(other.table for other in known.values() if name in other.reads)
    lines.append(f"read by  {', '.join(readers) or '-'}")
    lines.append(f"file     sql/{found.layer}/{found.name}.sql")
    return "\n".join(lines)


def described_tables(settings: Settings) -> str:
    """Every mart; `trends models` lists what they are made of."""
    found = [each for each in catalogue.tables(settings) if each.name.startswith("marts.")]
    rows = [(each.name, "-" if each.row_count is None else f"{each.row_count:,}", each.meaning) for each in found]
    listed = table(("table", "rows", "what it is"), rows, terminal_width(sys.stdout))
    return f"{listed}\n`trends describe TABLE`: its columns; `trends models`: what these are made of."


def described(settings: Settings, name: str) -> str:
    """One table: what it is, its columns with type and meaning."""
    found = catalogue.found_table(settings, name)
    rows = [(column.name, column.type.lower(), column.meaning) for column in catalogue.columns(settings, found.name)]
    meaning = textwrap.fill(found.meaning, terminal_width(sys.stdout) or len(found.meaning) + 1)
    return f"{found.name}\n{meaning}\n\n{table(('column', 'type', 'what it means'), rows, terminal_width(sys.stdout))}"


def queries(settings: Settings) -> str:
    """The worked queries with the question that each one answers."""
    rows = [(each.name, each.question) for each in catalogue.worked_queries(settings)]
    return table(("name", "question"), rows, terminal_width(sys.stdout))


def _models(settings: Settings) -> list[Model]:
    with closing(duckdb.connect(":memory:")) as con:
        return read_models(settings.sql, con, {table.qualified: table.reads for table in all_computed()})
