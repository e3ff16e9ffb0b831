"""The static JSON: whole, described, small, and without what may not be passed on."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.ask.query import warehouse_path
from flows.release import api
from flows.release.releases import Release
from flows.settings import PROJECT, Settings
from tests.lazily import lazily

jsonschema, openapi_spec_validator = map(lazily, ("jsonschema", "openapi_spec_validator"))

RELEASE = Release("2026-11-21T120000Z", "0123456789abcdef", "2026-11-21T12:00:00+00:00")


@pytest.fixture(scope="module")
def written(embedded: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("api") / "v1"
    api.write(embedded, warehouse_path(embedded), folder, RELEASE)
    return folder


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_every_file_is_listed_and_as_its_schema_says(written: Path) -> None:
    schemas = read(written / "schema.json")["$defs"]
    index = read(written / "index.json")
    held = {str(path.relative_to(written)) for path in written.rglob("*.json")}
    assert held == {*index["files"], "index.json"}
    judged = 0
    for file in held:
        name = file.removesuffix(".json").partition("/")[0]
        if name in schemas:
            jsonschema.Draft202012Validator.check_schema(schemas[name])
            jsonschema.validate(read(written / file), schemas[name], jsonschema.Draft202012Validator)
            judged += 1
    assert judged > 15


def test_the_description_is_openapi_and_names_every_file(written: Path) -> None:
    described = read(written / "openapi.json")
    openapi_spec_validator.validate(described)
    assert {path.removeprefix("/") for path in described["paths"]} >= {*read(written / "index.json")["files"]} - {
        "openapi.json"
    }


def test_the_figures_are_those_of_the_mart(written: Path, embedded: Settings) -> None:
    with duckdb.connect(str(warehouse_path(embedded)), read_only=True) as con:
        counted = dict(con.execute("select source, count(*) from marts.framework_shares group by source").fetchall())
        held = {
            path.stem: sum(len(line["points"]) for line in read(path)["lines"])
            for path in (written / "series").iterdir()
        }
        assert held == counted
        shares = con.execute(
            "select period_start::varchar, value, base, share_pct, share_low_pct, share_high_pct "
            "from marts.framework_shares where source = 'papers_with_code' and series = 'links_official_labelled' "
            "and grain = 'month' and framework = 'jax' order by population, period_start"
        ).fetchall()
        headlines = con.execute("select sentence from marts.headlines order by headline_id").fetchall()
    lines = read(written / "series" / "papers_with_code.json")["lines"]
    chosen = [
        tuple(point)
        for line in lines
        if (line["series"], line["grain"], line["framework"]) == ("links_official_labelled", "month", "jax")
        for point in line["points"]
    ]
    assert chosen == shares
    told = read(written / "headlines.json")["rows"]
    assert sorted(row["sentence"] for row in told) == sorted(row[0] for row in headlines)


def test_all_of_it_is_small_and_the_same_twice(written: Path, embedded: Settings, tmp_path: Path) -> None:
    assert sum(path.stat().st_size for path in written.rglob("*.json")) < 2_000_000
    api.write(embedded, warehouse_path(embedded), tmp_path / "again", RELEASE)
    for path in written.rglob("*.json"):
        assert path.read_bytes() == (tmp_path / "again" / path.relative_to(written)).read_bytes()


def test_what_may_not_be_passed_on_is_absent_and_said(embedded: Settings, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(PROJECT / "data" / "reference", project / "data" / "reference")
    shutil.copytree(PROJECT / "sql", project / "sql")
    (project / "data" / "reference" / "redistribution.csv").write_text(
        "source,redistribution,reason\ngithub_stars,yes,x\ngoogle_trends,no,not ours\n"
    )
    api.write(replace(embedded, project=project), warehouse_path(embedded), tmp_path / "less", RELEASE)
    assert [path.stem for path in (tmp_path / "less" / "series").iterdir()] == ["github_stars"]
    left_out = {one.get("source"): one["reason"] for one in read(tmp_path / "less" / "index.json")["left_out"]}
    assert left_out["google_trends"] == "not ours"
    for file in ("headlines", "pairs"):
        if (tmp_path / "less" / f"{file}.json").exists():
            assert {row["source"] for row in read(tmp_path / "less" / f"{file}.json")["rows"]} <= {"github_stars"}
