"""The benchmark's own parts at a tiny size: what it compares is compared, and what it measures is measured."""

import os
import subprocess
import sys
from contextlib import closing
from importlib import import_module
from pathlib import Path

import duckdb
import pytest

from benchmarks import alternatives, archive, growth, lineage, results
from benchmarks.alternatives import dbt_project
from benchmarks.alternatives.compare import INTERVALS, assert_same
from benchmarks.growth import EVERY, Grown
from benchmarks.measuring import Line, Measured, alternate, measure
from benchmarks.mirror import mirror
from flows.settings import PROJECT, Settings

pytestmark = pytest.mark.slow

LINKS = 60_000  # with fewer, no pair has enough members for a lead of its own


@pytest.fixture(scope="module")
def links(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return archive.make(tmp_path_factory.mktemp("inputs"), LINKS)


@pytest.fixture(scope="module")
def ours(links: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("ours") / "ours.duckdb"
    lineage.three(str(links), str(target))
    return target


@pytest.fixture(scope="module")
def pandas_marts(links: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    pd = import_module("pandas")
    folder = tmp_path_factory.mktemp("pandas")
    with pytest.MonkeyPatch.context() as patch:
        # pandas reads Parquet by a package that only the benchmark installs beside it.
        patch.setattr(
            pd, "read_parquet", lambda path, columns: duckdb.sql(f"select {', '.join(columns)} from '{path}'").df()
        )
        patch.setattr(pd.DataFrame, "to_parquet", lambda frame, path: duckdb.from_df(frame).write_parquet(str(path)))
        patch.syspath_prepend(str(alternatives.HERE))
        marts = import_module("benchmarks.alternatives.with_pandas.marts")
        marts.main(links, PROJECT / "data" / "reference", folder, "intervals")
    return folder


def test_pandas_makes_our_three_marts(ours: Path, pandas_marts: Path) -> None:
    rows = assert_same(ours, pandas_marts, INTERVALS)

    assert set(rows) == set(lineage.MARTS)
    assert all(count > 100 for count in rows.values())
    with closing(duckdb.connect(str(ours), read_only=True)) as con:
        told = "count(*) filter (sustained_from = crossed_period), count(*) filter (sustained_from <> crossed_period)"
        assert all(con.sql(f"select {told} from marts.crossovers").fetchall()[0])
        told = "count(crossed_low), count(crossed_high), count(*) filter (is_proven)"
        assert all(con.sql(f"select {told} from marts.crossovers").fetchall()[0])


@pytest.mark.parametrize(
    ("mart", "change"),
    [
        ("framework_shares", "select * replace (value + (rowid = 7)::integer as value)"),
        ("framework_shares", "select * replace (share_pct + if(rowid = 7, 2e-9, 0) as share_pct)"),
        ("head_to_head", "select * from kept where rowid <> 7 --"),
        (
            "head_to_head",
            "select * from kept union all by name select * replace ('new' as series) from kept limit 1 --",
        ),
        ("framework_shares", "select * replace (if(rowid = 7, null, share_low_pct) as share_low_pct)"),
        ("framework_shares", "select * replace (is_drawn <> (rowid = 7) as is_drawn)"),
        ("head_to_head", "select * exclude (leader)"),
        ("head_to_head", "select * replace (is_within_chance <> (rowid = 7) as is_within_chance)"),
        ("crossovers", "select * replace (is_lasting <> (rowid = 7) as is_lasting)"),
        ("crossovers", "select * replace (if(rowid = 7, null, before_period) as before_period)"),
        ("crossovers", "select * exclude (crossed_low)"),
        ("crossovers", "select * replace (crossed_high + interval 1 month as crossed_high)"),
        ("crossovers", "select * replace (is_proven <> (rowid = 7) as is_proven)"),
    ],
)
def test_any_difference_is_found(ours: Path, pandas_marts: Path, tmp_path: Path, mart: str, change: str) -> None:
    for name in lineage.MARTS:
        file = f"{name.partition('.')[2]}.parquet"
        (tmp_path / file).symlink_to(pandas_marts / file)
    (tmp_path / f"{mart}.parquet").unlink()
    with closing(duckdb.connect()) as con:
        con.execute(f"create table kept as from '{pandas_marts / f'{mart}.parquet'}'")
        con.execute(f"create table changed as {change} from kept")
        con.execute(f"copy changed to '{tmp_path / f'{mart}.parquet'}'")

    with pytest.raises(SystemExit, match=f"marts.{mart}: .* differs from"):
        assert_same(ours, tmp_path, INTERVALS)


def test_dbt_runs_our_queries_with_our_rules(links: Path, tmp_path: Path) -> None:
    with closing(duckdb.connect()) as con:
        models, computed = lineage.chosen(Settings().sql, con, lineage.MARTS)
    dbt_project.write(tmp_path, Settings(), models, computed, links)

    shares = (tmp_path / "models" / "marts" / "marts__framework_shares.sql").read_text()
    staged = (tmp_path / "models" / "staging" / "staging__reference__frameworks.sql").read_text()
    tests = (tmp_path / "models" / "tests.yml").read_text()
    assert "from {{ ref('intermediate__observations') }}" in shares
    assert "from {{ source('raw', 'reference_frameworks') }}" in staged
    assert "source, series, population, grain, period_start, framework" in tests
    assert "share_pct is null or share_pct between 0 and 100" in tests
    assert not [path for path in (tmp_path / "models").rglob("*.sql") if " raw." in path.read_text()]
    for table in computed:
        found: dict[str, object] = {}
        exec((tmp_path / "models" / "raw" / f"raw__{table.table}.py").read_text(), found)
        assert found["compute"] is table.compute


def test_a_model_comes_with_all_that_it_is_made_from() -> None:
    with closing(duckdb.connect()) as con:
        models, computed = lineage.chosen(Settings().sql, con, ["marts.crossovers"])

    tables = {model.table for model in models}
    assert {"marts.crossovers", "intermediate.pair_crossings", "staging.papers_with_code__links"} <= tables
    assert "marts.claims" not in tables
    assert [table.table for table in computed] == [
        "analysis_curves",
        "analysis_crossing_intervals",
        "analysis_detection_correction",
    ]


def test_memory_is_that_of_the_process_not_of_the_one_that_starts_it() -> None:
    code = "held = bytearray(300_000_000)\nfrom benchmarks.measuring import measure\nimport sys\n"
    code += "print(measure([sys.executable, '-c', 'pass']).peak_mb)"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)

    assert float(done.stdout) < 100
    assert measure([sys.executable, "-c", "bytearray(200_000_000)"]).peak_mb > 190


def test_a_command_that_fails_stops_the_benchmark_with_its_words() -> None:
    with pytest.raises(SystemExit, match="no such table"):
        measure([sys.executable, "-c", "raise SystemExit('no such table')"])


def test_lines_are_measured_in_turn_each_in_its_state(tmp_path: Path) -> None:
    log = tmp_path / "log"
    write = f"import os; open({str(log)!r}, 'a').write(os.environ['WORD'])"
    lines = [Line(word, [sys.executable, "-c", write], environ={**os.environ, "WORD": word}) for word in ("a", "b")]

    found = alternate(lines, 2)

    assert log.read_text() == "abab"
    assert found.keys() == {"a", "b"}


def test_a_result_that_differs_stops_the_benchmark_after_its_first_run(tmp_path: Path) -> None:
    def differs() -> None:
        raise SystemExit("theirs differs")

    log = tmp_path / "log"
    line = Line("theirs", [sys.executable, "-c", f"open({str(log)!r}, 'a').write('x')"], agrees=differs)
    with pytest.raises(SystemExit, match="theirs differs"):
        alternate([line], 5)
    assert log.read_text() == "x"


def test_the_mirror_serves_files_under_their_address(tmp_path: Path) -> None:
    (tmp_path / "links").write_bytes(b"PAR1")
    with mirror({"https://example.org/a/links": tmp_path / "links"}) as address:
        floor = [sys.executable, "-m", "benchmarks.floor", "ask", address]
        measure([*floor, "https://example.org/a/links#links", "https://example.org/a/none"])
        with pytest.raises(SystemExit, match="expected status 304, found 200"):
            measure([*floor, "https://example.org/a/links#older"])
        with pytest.raises(SystemExit, match="expected status 404, found 200"):
            measure([*floor, "https://example.org/a/links"])


def test_a_target_is_met_or_not() -> None:
    def grown(big: float) -> dict[int, Grown]:
        small = {name: Measured(1, 1, 100) for name in (EVERY, alternatives.OURS, alternatives.PANDAS)}
        large = {EVERY: Measured(big, 1, 5000), alternatives.OURS: Measured(2, 1, 1300), alternatives.PANDAS: None}
        return {1: Grown(10, small), 30: Grown(300, large)}

    page = results.markdown([], {}, grown(29), "")
    assert "| time of every model from 30 times the links | at most 30 times | 29.00 times | met |" in page
    assert "from 9 million links | at most 1200 MB | 1,300 MB | **not met** |" in page
    assert "| peak memory of the refresh | at most 750 MB | not measured in this run |" in page
    assert "| 300 | pandas: the three marts | not run: more memory than there is |" in page
    page = results.markdown([], {}, grown(31), "")
    assert "| time of every model from 30 times the links | at most 30 times | 31.00 times | **not met** |" in page


def test_a_tool_that_would_not_have_the_memory_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "_available_mb", lambda: 999)
    line, before = Line(alternatives.PANDAS, []), {1: Grown(10, {alternatives.PANDAS: Measured(1, 1, 100)})}
    assert growth._fits(line, 90, before)
    assert not growth._fits(line, 100, before)
    assert not growth._fits(line, 1, {1: Grown(10, {alternatives.PANDAS: None})})
    assert growth._fits(Line(alternatives.OURS, []), 10**9, before), "ours is to show what it does"


def test_what_is_measured_seldom_and_the_file_that_a_line_makes(tmp_path: Path) -> None:
    made = tmp_path / "made"
    write = f"open({str(made)!r}, 'ab').write(bytes(2**20))"
    found = alternate([Line("seldom", [sys.executable, "-c", write], makes=made, most_runs=1)], 3)
    assert found["seldom"].file_mb == 1


def test_a_part_of_the_results_is_put_in_place_of_what_it_said_and_no_other_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blank lines too: Markdown's tables need them."""
    file = tmp_path / "RESULTS.md"
    whole = f"# How fast\n\nWords.\n\n| a |\n|---|\n\n{results.SCALE}\n\nthirty\n\n{results.LARGEST}\n\nhundred\n"
    file.write_text(whole)
    monkeypatch.setattr(results, "FILE", file)
    results.keep(results.SCALE, "thirty, again\n")
    assert file.read_text() == whole.replace("thirty", "thirty, again")
