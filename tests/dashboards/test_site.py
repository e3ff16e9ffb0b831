"""What the pages say, without a browser."""

import html
import importlib
import json
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from dashboards import charts, page, theme
from dashboards.site import render
from flows.errors import DashboardError
from tests.dashboards.conftest import HOSTILE, RELEASE

CHARTS = sorted(path.stem for path in Path(charts.__file__).parent.glob("[a-z]*.py"))
MADE = {"v", "low", "high", "ly", "words", "number", "event_date", "half"}


@pytest.fixture
def con(small_warehouse: Path):
    with duckdb.connect(str(small_warehouse), read_only=True) as con:
        yield con


@pytest.fixture
def index(site: Path) -> str:
    return (site / "index.html").read_text(encoding="utf-8")


def specs(text: str) -> dict[str, dict]:
    found = re.findall(r'<script type="application/json" id="([^"]+)-spec">(.*?)</script>', text, re.DOTALL)
    return {name: json.loads(spec) for name, spec in found}


def drawn_fields(node: object):
    if isinstance(node, dict):
        for key, channel in node.get("encoding", {}).items():
            for one in channel if isinstance(channel, list) else [channel]:
                if "field" in one:
                    yield key, one["field"]
        for value in node.values():
            yield from drawn_fields(value)
    elif isinstance(node, list):
        for value in node:
            yield from drawn_fields(value)


def test_every_chart_stands_on_the_page():
    assert sorted(page.FIGURES) == CHARTS


@pytest.mark.parametrize("name", CHARTS)
def test_every_drawn_field_exists_in_the_rows(name, con):
    module = importlib.import_module(f"dashboards.charts.{name}")
    rows = page.rows_of(con, module.QUERY)
    spec = module.chart([row for row in rows if row["is_drawn"]]).to_dict(validate=True)
    fields = {field for _, field in drawn_fields(spec)} - MADE
    assert fields
    assert fields <= rows[0].keys()
    assert module.TABLE.keys() <= rows[0].keys()


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_reads_marts_only(name, con):
    module = importlib.import_module(f"dashboards.charts.{name}")
    queries = [getattr(module, query) for query in ("QUERY", "EVENTS", "BREAKS") if hasattr(module, query)]
    read = set().union(*(con.get_table_names(query, qualified=True) for query in queries))
    assert all(table.startswith("marts.") for table in read), read


@pytest.mark.parametrize("name", CHARTS)
def test_a_figure_has_title_subtitle_sources_and_words_for_the_picture(name, con, index):
    figure = page.figure(con, name)
    assert figure is not None
    for words in (figure.title, figure.subtitle, figure.data_up_to, figure.note):
        assert words
        assert str(html.escape(words, quote=False)) in index.replace("&#39;", "'")
    assert figure.sources
    assert all(row["licence"] and row["attribution"] and row["quality"] in index for row in figure.sources)
    assert len(figure.text_alternative) > 40


@pytest.mark.parametrize("name", CHARTS)
def test_the_table_holds_the_numbers_of_the_query(name, con, index):
    module = importlib.import_module(f"dashboards.charts.{name}")
    body = index.split(f'id="{name}-table"')[1].split("</table>")[0]
    cells = [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr>(<td>.*?)</tr>", body, re.DOTALL)]
    rows = page.rows_of(con, module.QUERY)
    assert [list(map(html.unescape, row)) for row in cells] == [
        [page.shown(column, row[column]) for column in module.TABLE] for row in rows
    ]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("share_pct", 79.24, "79.2"),
        ("value", 2817672.0, "2,817,672"),
        ("value", 12.5, "12.5"),
        ("label", "Torch (Lua)", "Torch (Lua)"),
        ("low_pct", None, page.NO_FIGURE),
    ],
)
def test_numbers_in_tables(column, value, words):
    assert page.shown(column, value) == words


def test_the_first_sentence_is_the_first_headline(con, index):
    sentence, detail = con.execute("select sentence, detail from marts.headlines where position = 1").fetchone()
    assert f"<h1>{sentence}</h1>" in index
    assert detail in index


def test_the_preferred_population_replaces_the_sample(small_warehouse, tmp_path, cache):
    index = page.FIGURES[0]
    with duckdb.connect(str(small_warehouse), read_only=True) as con:
        rows = page.rows_of(con, importlib.import_module(f"dashboards.charts.{index}").QUERY)
        best = con.execute(
            "select population from marts.series where source = 'papers_with_code' and series = 'links_known' "
            "and row_count > 0 order by rank limit 1"
        ).fetchone()
    assert {row["population"] for row in rows} == {best[0]}


def test_the_same_warehouse_gives_the_same_bytes(site, small_warehouse, cache, tmp_path):
    names = sorted(path.name for path in site.iterdir())
    assert names == ["index.html", "site.css", "site.js", "theme.css", "vega.js"]
    # An order that a query leaves open shows only now and then.
    for number in range(5):
        again = tmp_path / str(number)
        again.mkdir()
        render(small_warehouse, again, RELEASE, cache)
        assert names == sorted(path.name for path in again.iterdir())
        for name in names:
            assert (site / name).read_bytes() == (again / name).read_bytes(), name


def test_nothing_is_loaded_from_outside(index, site):
    assert not re.findall(r'(?:src|href|action|data)="(?:https?:)?//[^"]*"', index)
    for style in ("site.css", "theme.css"):
        assert "http" not in (site / style).read_text(encoding="utf-8").replace("a[href^=http]", "")
        assert "@import" not in (site / style).read_text(encoding="utf-8")
    assert 'type="module"' not in index


def test_a_hostile_name_is_text_everywhere(hostile_site):
    text = (hostile_site / "index.html").read_text(encoding="utf-8")
    assert HOSTILE not in text
    assert "<script>alert" not in text
    assert html.escape(HOSTILE) in text
    assert any(HOSTILE in json.dumps(spec) for spec in specs(text).values())


def test_specs_hold_no_colour_of_their_own(index):
    for name, spec in specs(index).items():
        bare = {key: value for key, value in spec.items() if key != "datasets"}
        assert not re.findall(r'"#[0-9a-fA-F]{3,8}"', json.dumps(bare)), name


def test_every_colour_that_a_spec_names_is_defined(index):
    named = set(re.findall(r"var\(--([\w-]+)\)", index))
    defined = set(re.findall(r"--([\w-]+):", theme.stylesheet()))
    assert named <= defined


def test_a_warehouse_without_the_marts_is_named(tmp_path, cache):
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(str(empty)).close()
    with pytest.raises(DashboardError, match=r"empty\.duckdb"):
        render(empty, tmp_path, RELEASE, cache)


def test_importing_the_site_is_cheap():
    listed = "print([name for name in ('pandas', 'numpy', 'vl_convert', 'prefect') if name in sys.modules])"
    code = f"import sys, dashboards.site; {listed}"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout.strip() == "[]"
