"""What the pages say, without a browser."""

import gzip
import html
import importlib
import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from dashboards import shapes, tables, theme, wording
from dashboards import site as drawing_of_site
from dashboards.fields import FIELDS
from dashboards.site import render
from flows.errors import DashboardError
from flows.settings import Settings
from tests.dashboards.conftest import HOSTILE, RELEASE, data_of, figures_of, make_pages, unpacked

PAIRS = [
    ("pytorch-jax", "PyTorch", "JAX"),
    ("pytorch-keras", "PyTorch", "Keras"),
    ("pytorch-scikit-learn", "PyTorch", "scikit-learn"),
]
# Fields that a chart makes itself, for layout only.
MADE = {"segment", "v", "low", "high", "ly", "words", "text", "event_date", "half", "token", "share", "day", "event"}


@pytest.fixture
def con(small_warehouse: Path):
    with duckdb.connect(str(small_warehouse), read_only=True) as con:
        yield con


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[str, str]:
    return {str(path.relative_to(site)): path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}


def visible(text: str) -> str:
    """The words of a page, without its data and its navigation."""
    text = re.sub(r"<(script|header|form).*?</\1>", " ", text, flags=re.DOTALL)
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", text).split()))


def drawn_fields(node: object):
    if isinstance(node, dict):
        for channel in node.get("encoding", {}).values():
            for one in channel if isinstance(channel, list) else [channel]:
                if "field" in one:
                    yield one["field"]
        for value in node.values():
            yield from drawn_fields(value)
    elif isinstance(node, list):
        for value in node:
            yield from drawn_fields(value)


@pytest.mark.parametrize("name", shapes.NAMES)
def test_a_chart_is_valid_and_draws_only_columns_that_pages_bring(name):
    module = importlib.import_module(f"dashboards.charts.{name}")
    spec = module.chart().to_dict(validate=True)
    fields = set(drawn_fields(spec)) - MADE
    assert fields
    assert fields <= set(FIELDS[name])


def test_charts_hold_no_colour_of_their_own():
    for name in shapes.NAMES:
        assert not re.findall(r'"#[0-9a-fA-F]{3,8}"', json.dumps(shapes.specification(name))), name


def test_every_colour_that_is_named_is_defined(pages, site):
    text = "".join([*pages.values(), (site / "shapes.js").read_text(), (site / "site.css").read_text()])
    named = set(re.findall(r"var\(--([\w-]+)", text)) - {"chip", "ahead", "line", "own", "under", "column"}
    assert named <= set(re.findall(r"--([\w-]+):", theme.stylesheet()))


def test_pages_hold_no_sql_and_ask_marts_and_what_only_pages_need():
    asked = set()
    for path in Path(theme.__file__).parent.rglob("*.py"):
        if path.name not in ("sql_page.py", "sql_engine.py"):
            text = path.read_text(encoding="utf-8")
            assert not re.findall(r"\bselect\b|\bjoin\s+\w+\.|\bgroup by\b", text.replace("<select", "")), path
            asked |= set(re.findall(r"\"(\w+)\.\w+\"", text)) & {"marts", "pages", "staging", "intermediate", "raw"}
    assert asked == {"marts", "pages"}


def test_every_page_is_there(pages):
    assert {"index.html", "research.html", "search.html", "surveys.html", "activity.html"} <= pages.keys()
    assert {
        "claims.html",
        "ranking.html",
        "which-one.html",
        "sources.html",
        "data.html",
        "compare/index.html",
    } <= pages.keys()
    assert {f"compare/{name}.html" for name, _, _ in PAIRS} <= pages.keys()


def test_what_changed_names_the_newest_figures_of_each_source_also_in_a_first_release(pages, con):
    told = con.execute(
        "select source_label, period_label from pages.sentences where is_headline and framework_a = 'pytorch' "
        "and framework_b = 'tensorflow' order by period_start desc"
    ).fetchall()
    text = html.unescape(pages["changes.html"])
    found = re.findall(r"<li>([^<]+), <a href=\"\w+\.html#\w+\">([^<]+)</a>: In ", text)
    assert len(told) > 5
    assert sorted(found) == sorted(told)
    assert found[0] in told[:2], "the newest come first"


def test_every_link_within_the_site_leads_somewhere(pages, site):
    for name, text in pages.items():
        here = (site / name).parent
        for address in re.findall(r'href="([^"]+)"', text):
            path, _, anchor = html.unescape(address).partition("#")
            if path.startswith(("http", "data:", "data/", "api/")) or path.endswith("sql.html"):
                continue
            target = (here / path).resolve() if path else site / name
            assert target.exists(), f"{name}: {address}"
            if anchor and "=" not in anchor:
                assert f'id="{anchor}"' in target.read_text(encoding="utf-8"), f"{name}: {address}"


def test_every_figure_has_all_its_furniture(pages):
    seen = 0
    for name, text in pages.items():
        for figure in figures_of(text):
            data = data_of(text, figure)
            seen += 1
            box = text.split(f'id="{figure}" data-figure')[1].split("</figure>")[0]
            for act in ("csv", "png", "svg", "link", "cite", "embed"):
                assert f'data-act="{act}"' in box, (name, figure)
            assert "Data up to" in box
            assert "Source:" in box
            assert re.search(r'role="img" aria-label="[^"]{40,}"', box), (name, figure)
            for choice in data["choices"]:
                assert choice["title"], (name, figure)
                assert all(choice["subtitles"].values()), (name, figure)
                assert choice["up_to"], (name, figure)
    assert seen > 40


def test_full_charts_carry_the_rows_of_their_mart(con, pages):
    count = 0
    for page in ("research.html", "search.html", "surveys.html", "activity.html"):
        for figure in figures_of(pages[page]):
            if figure == "conferences":
                continue
            for choice in data_of(pages[page], figure)["choices"]:
                series, _, name = choice["key"].partition("|")
                rows = unpacked(choice["panels"][0]["rows"])
                held = con.execute(
                    "select period_label, label, value, base, share_pct, pair_pct from pages.lines "
                    "where source = ? and series = ? and choice = ?",
                    [figure, series, name],
                ).fetchall()
                columns = ("period_label", "label", "value", "base", "share_pct", "pair_pct")
                rounded = [tuple(round(v, 6) if isinstance(v, float) else v for v in row) for row in held]
                assert [tuple(row[column] for column in columns) for row in rows] == rounded, (page, choice["key"])
                count += len(rows)
    assert count == con.execute("select count(*) from pages.lines").fetchone()[0]


def test_the_first_sentence_and_the_deck_are_sentences_of_a_mart(con, pages):
    (heading,) = re.findall(r"<h1>(.*?)</h1>", pages["index.html"])
    decks = re.findall(r'<p class="deck">(.*?)</p>', pages["index.html"])
    said = [html.unescape(re.sub(r"<[^>]+>", "", words)) for words in (heading, *decks)]
    sentence, deck = con.execute("select sentence, deck from pages.answer").fetchone()
    weighed, basis = con.execute("select sentence, basis from pages.ranking_answer").fetchone()
    assert said == [sentence, f"{weighed}. {basis} Weigh it yourself", deck]
    assert "of GitHub stars and GitHub dependents with what was gained in them" in basis
    assert "say nothing of today: Papers With Code (to Apr to Jun 2024)" in basis


def test_the_first_sentence_counts_the_sources_of_the_last_three_years(con):
    sentence, count, a_count, b_count = con.execute(
        "select sentence, source_count, a_count, b_count from pages.answer"
    ).fetchone()
    leaders = [
        row[0]
        for row in con.execute(
            "select leader from pages.sentences inner join pages.answer using (framework_a, framework_b) "
            "where is_headline and period_start > date '2023-09-01'"
        ).fetchall()
    ]
    assert (count, a_count, b_count) == (len(leaders), leaders.count("pytorch"), leaders.count("tensorflow"))
    counted = f"{a_count} of the {count} sources of the last three years"
    assert sentence == f"PyTorch had more than TensorFlow, beyond chance, in {counted}"


def test_the_top_line_borrows_no_date(pages):
    [masthead] = re.findall(r'<div class="masthead">.*?</div>', pages["index.html"], re.S)
    assert "Data up to" not in masthead
    assert "a date of its own" in re.sub(r"<[^>]+>", "", masthead)
    # A figure of several sources says so too, and every card names the end of its own source.
    [timeline] = re.findall(r'<figure[^>]*id="crossings".*?</figure>', pages["index.html"], re.S) or [""]
    assert "Data up to" not in timeline or "the newest period of each source" in timeline


def lines_of(text: str, heading: str) -> list[tuple[str, str, str]]:
    """Source, name and share of the lines of evidence below a heading."""
    section = text.split(f">{heading}</h2>")[1].split("</section>")[0]
    return re.findall(
        r'<article class="line [^"]*" id="line-([^"]+)">\s*<h3>(.*?)</h3>\s*<p class="number"[^>]*>(.*?) <span>',
        section,
    )


def test_each_kind_of_evidence_has_a_line_and_so_has_each_source_that_disagrees(con, pages):
    kinds = lines_of(pages["index.html"], "Who has more in the newest figures, by kind of evidence")
    assert [kind for _, kind, _ in kinds] == ["Research", "Search", "Surveys", "Developer activity"]
    against = lines_of(pages["index.html"], "What disagrees, or is within chance")
    held = con.execute(
        "select source, leader is null or leader <> 'pytorch' from pages.sentences where is_headline "
        "and framework_a = 'pytorch' and framework_b = 'tensorflow'"
    ).fetchall()
    shown = {source for source, _, _ in kinds}
    assert {source for source, _, _ in against} == {source for source, other in held if other} - shown
    for source, _, number in [*kinds, *against]:
        (share,) = con.execute(
            "select leader_share_words from marts.head_to_head_latest where source = ? and is_headline "
            "and framework_a = 'pytorch' and framework_b = 'tensorflow'",
            [source],
        ).fetchone()
        assert number == share, source


def test_no_line_of_a_source_that_has_ended_is_told_as_today(con, pages):
    query = "select source, ended_note from marts.source_status where ended_note is not null"
    ended = dict(con.execute(query).fetchall())
    assert {"papers_with_code", "stack_overflow_survey"} <= ended.keys()
    seen = 0
    for part in pages["evidence.html"].split('<article class="line ')[1:]:
        source = part.partition('id="line-')[2].partition('"')[0]
        if source in ended:
            seen += 1
            words = visible(part.partition("</article>")[0])
            assert re.search(
                r"Nothing here says who leads today|No more figures come: it says nothing of today", words
            ), words
            assert ended[source] in words
    assert seen == 5
    # So says the page of the kind, and the table of all sources.
    assert (
        f"who leads today. The newest figures of this kind are of April to June 2024. {ended['papers_with_code']}"
        in visible(pages["research.html"])
    )
    assert all(note in visible(pages["sources.html"]) for note in ended.values())


def test_nothing_tells_a_size_of_error_that_is_not_the_one_of_its_figures(con):
    """A figure of the trends page was told with three: 0.2 points, "about one point" and 0.7."""
    told = con.execute(
        "select series.caveat, held.reading_error from marts.series as series inner join marts.populations as held "
        "using (source, series, population) where series.caveat is not null"
    ).fetchall()
    sizes = [(float(size), error) for caveat, error in told for size in re.findall(r"([\d.]+) points?\b", caveat)]
    assert sizes
    assert all(size == error for size, error in sizes), sizes
    assert not [words for words in wording.QUALITIES.values() if re.search(r"\d|\bone\b", words)]


def test_an_edition_is_never_told_as_a_month(con, pages):
    """Every change of leader at a survey or conference is dated by its editions."""
    editions = {
        label
        for (label,) in con.execute("select label from marts.source_status where headline_grain = 'edition'").fetchall()
    }
    seen = 0
    for name, text in pages.items():
        table = text.partition('id="every-crossing"')[2].partition("</table>")[0]
        for source, cells in re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', table, re.S):
            if source in editions:
                seen += 1
                assert not re.search(r"\b[A-Z][a-z]{2} 20\d\d\b", cells), (name, cells)
                assert "edition" in cells
    assert seen > 20


def test_a_line_says_since_when_as_the_timeline_does(con, pages):
    for page in ("index.html", "evidence.html"):
        words = visible(pages[page])
        for source, since in con.execute(
            "select source, words from pages.lead_changes where framework_a = 'pytorch' and framework_b = 'tensorflow'"
        ).fetchall():
            if f'id="line-{source}"' in pages[page]:
                assert " ".join(since.split()) in words, (page, since)


@pytest.mark.parametrize(("page", "first", "second"), PAIRS)
def test_no_wording_of_a_pair_assumes_another(pages, page, first, second):
    words = visible(pages[f"compare/{page}.html"])
    assert first in words
    assert second in words
    others = {"PyTorch", "TensorFlow", "JAX", "Keras", "scikit-learn", "MXNet", "PaddlePaddle"} - {first, second}
    # Breaks, events and definitions of a source may name what they speak of.
    spoken = re.sub(r"Keras counts as TensorFlow", "", words)
    assert [other for other in others if other in spoken] == []


@pytest.mark.parametrize(("page", "first", "second"), PAIRS)
def test_a_pair_is_drawn_from_its_own_rows(con, pages, page, first, second):
    data = data_of(pages[f"compare/{page}.html"], "sources")
    assert data["pair_labels"] == [first, second]
    for panel in data["choices"][0]["panels"]:
        rows = unpacked(panel["rows"])
        assert {row["label"] for row in rows} == {first, second}
        held = con.execute(
            "select count(*) from pages.pair_lines where source = ? and framework_a = ? and framework_b = ?",
            [panel["plot"].removeprefix("sources-"), *data["pair"]],
        ).fetchone()[0]
        assert len(rows) == held


def test_only_pairs_with_figures_have_pages(con, pages):
    pairs = con.execute("select framework_a || '-' || framework_b from pages.pairs").fetchall()
    made = {name for name in pages if name.startswith("compare/") and name != "compare/index.html"}
    assert made == {f"compare/{pair}.html" for (pair,) in pairs}


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (wording.or_dash("79%"), "79%"),
        (wording.or_dash(None), wording.NO_FIGURE),
        (wording.month("2024-03-15"), "Mar 2024"),
        (wording.month(None), wording.NO_FIGURE),
        (wording.day("2024-03-05T10:00:00"), "5 Mar 2024"),
        (wording.safe_address("javascript:alert(1)"), "#"),
        (wording.safe_address("https://example.org"), "https://example.org"),
    ],
)
def test_values_in_words(words, shown):
    assert words == shown


def test_columns_of_one_value_are_that_value():
    rows = [{"a": 1, "b": "x"}, {"a": 2, "b": "x"}]
    packed = tables.columns(rows, ["a", "b"])
    assert packed == {"count": 2, "columns": {"a": [1, 2], "b": "x"}}
    assert unpacked(packed) == rows
    assert unpacked(tables.columns([], ["a"])) == []
    rows = [{"a": "xy"[place % 2]} for place in range(6)]
    packed = tables.columns(rows, ["a"])
    assert packed["columns"]["a"] == {"of": ["x", "y"], "at": [0, 1, 0, 1, 0, 1]}
    assert unpacked(packed) == rows


@pytest.mark.slow
def test_the_same_warehouse_gives_the_same_bytes(site, small_warehouse, cache, tmp_path):
    names = sorted(str(path.relative_to(site)) for path in site.rglob("*") if path.is_file())
    # An order that a query leaves open shows only now and then.
    for number in range(3):
        again = tmp_path / str(number)
        again.mkdir()
        render(small_warehouse, again, RELEASE, cache)
        assert names == sorted(str(path.relative_to(again)) for path in again.rglob("*") if path.is_file())
        for name in names:
            assert (site / name).read_bytes() == (again / name).read_bytes(), name


def test_nothing_is_loaded_from_outside(pages, site):
    for name, text in pages.items():
        assert not re.findall(r'(?:src|action|data)="(?:https?:)?//[^"]*"', text), name
        assert not re.findall(r'<link[^>]*href="(?:https?:)?//', text), name
        assert 'type="module"' not in text
        assert "default-src 'none'" in text
    for style in ("site.css", "theme.css"):
        assert "http" not in (site / style).read_text(encoding="utf-8").replace("a[href^=http]", "")
        assert "@import" not in (site / style).read_text(encoding="utf-8")


def test_pages_are_light(site):
    names = ("vega.js", "shapes.js", "charts.js", "site.js", "site.css", "theme.css")
    shared = sum((site / name).stat().st_size for name in names)
    for path in site.rglob("*.html"):
        assert shared + path.stat().st_size < 1_150_000, path


def test_no_page_compiles_text_into_scripts(pages):
    for name, text in pages.items():
        (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', text)
        assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", ""), name


def test_a_hostile_name_is_text_everywhere(hostile_site):
    named = 0
    for path in hostile_site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "<script>alert" not in text
        named += html.escape(HOSTILE, quote=True) in text or "&lt;script&gt;alert(1)" in text
    assert named > 10
    assert HOSTILE in json.dumps(data_of((hostile_site / "research.html").read_text(), "papers_with_code")).replace(
        '\\"', '"'
    )


def test_a_warehouse_without_the_marts_is_named(tmp_path, cache):
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(str(empty)).close()
    with pytest.raises(DashboardError, match=r"empty\.duckdb"):
        render(empty, tmp_path, RELEASE, cache)


def test_pages_without_any_figures_say_so(small_warehouse):
    with duckdb.connect(":memory:") as con:
        con.execute(f"attach '{small_warehouse}' as held (read_only)")
        con.execute("create schema marts; create schema staging; create schema pages")
        for macros in sorted((Settings().sql / "macros").glob("*.sql")):
            con.execute(macros.read_text(encoding="utf-8"))
        names = con.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'held' and "
            "schema_name = 'marts' union all select schema_name || '.' || view_name from duckdb_views() where "
            "database_name = 'held' and view_name like 'reference__%'"
        ).fetchall()
        kept = {f"marts.{name}" for name in ("source_status", "series", "publications", "events", "frameworks")}
        for (name,) in names:
            limit = "" if name in kept or name.startswith("staging.") else "limit 0"
            con.execute(f"create table {name} as select * from held.{name} {limit}")
        con.execute("detach held")
        make_pages(con)
        pages = dict(drawing_of_site.pages(tables.Tables(con), RELEASE))
    assert "No source holds enough figures" in pages["index.html"]
    assert "No source of this kind has figures" in pages["research.html"]
    assert "No source here holds figures of two compared frameworks" in pages["compare/index.html"]
    assert "<h1>" in pages["which-one.html"]


def test_readers_get_the_state_of_a_source_and_not_the_words_for_its_operator(small_warehouse, tmp_path):
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(small_warehouse.read_bytes())
    with duckdb.connect(str(path)) as con:
        states = [row[0] for row in con.execute("select distinct state from marts.source_status").fetchall()]
        known = con.execute("""
            select distinct source_state(origin, ended.v, held.v, asked.v, answered.v)
            from (values ('live'), ('cached'), ('imported'), ('reference'), (null)) as origins (origin)
            cross join (values (true), (false)) as ended (v) cross join (values (true), (false)) as held (v)
            cross join (values (true), (false)) as asked (v) cross join (values (true), (false)) as answered (v)""")
        assert {row[0] for row in known.fetchall()} == wording.STATES.keys()
        con.execute("update marts.source_status set message = 'no network: none of 13 hosts answered'")
        pages = dict(drawing_of_site.pages(tables.Tables(con), RELEASE))
    for name in ("index.html", "sources.html"):
        assert all(wording.STATES[state] in pages[name] for state in states)
    assert not [name for name, text in pages.items() if "none of 13 hosts" in text]


def test_importing_the_site_is_cheap():
    listed = "print([name for name in ('pandas', 'numpy', 'vl_convert', 'prefect') if name in sys.modules])"
    code = f"import sys, dashboards.site; {listed}"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout.strip() == "[]"


def simulated(colour: str, kind: str) -> tuple[float, float, float]:
    """A colour as people with one kind of colour blindness see it, in CIE L*a*b* (Machado 2009, full strength)."""
    matrices = {
        "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
        "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
        "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
        "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
    }
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    seen = [min(1, max(0, sum(a * b for a, b in zip(row, linear, strict=True)))) for row in matrices[kind]]
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = [sum(a * b for a, b in zip(row, seen, strict=True)) for row in to_xyz]
    x, y, z = (
        value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116
        for value in (part / white for part, white in zip(xyz, (0.95047, 1, 1.08883), strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("column", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("kind", "least"), [("normal", 15), ("deutan", 15), ("protan", 15), ("tritan", 9)])
def test_frameworks_are_told_apart_without_full_colour_sight(column, kind, least):
    named = [name for name in theme.FRAMEWORKS if name != "any-other"]
    seen = {name: simulated(theme.FRAMEWORKS[name][column], kind) for name in named}
    for place, one in enumerate(named):
        for other in named[place + 1 :]:
            apart = sum((a - b) ** 2 for a, b in zip(seen[one], seen[other], strict=True)) ** 0.5
            assert apart >= least, (kind, one, other, apart)
            assert theme.FRAMEWORKS[one][2] != theme.FRAMEWORKS[other][2], "the dashes differ too"


@pytest.mark.parametrize("column", [0, 1], ids=["light", "dark"])
def test_colours_are_readable_on_page_and_box(column):
    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    def ratio(one: str, other: str) -> float:
        low, high = sorted((light(one), light(other)))
        return (high + 0.05) / (low + 0.05)

    words = ["ink", "muted", "accent"]
    tokens = [theme.COLOURS[name][column] for name in words] + [row[column] for row in theme.FRAMEWORKS.values()]
    for ground in ("bg", "surface"):
        for colour in tokens:
            assert ratio(colour, theme.COLOURS[ground][column]) >= 4.5, colour
        for name in ("other", "event"):
            assert ratio(theme.COLOURS[name][column], theme.COLOURS[ground][column]) >= 3


def test_the_overview_is_under_its_weight(site):
    names = ("index.html", "vega.js", "shapes.js", "charts.js", "site.js", "site.css", "theme.css")
    held = [(site / name).read_bytes() for name in names]
    assert sum(map(len, held)) < 950_000
    assert sum(len(gzip.compress(content)) for content in held) < 240_000


def test_the_first_heading_and_the_first_figure_do_not_repeat_each_other(pages):
    for name, text in pages.items():
        headings = [html.unescape(words) for words in re.findall(r"<h[12][^>]*>([^<]+)</h[12]>", text)]
        for one, other in pairwise(headings[:2]):
            assert other.casefold() not in one.casefold(), name
