"""The exports: complete, described, the same bytes for the same input, and without what may not be passed on."""

import csv
import gzip
import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.ask import catalogue
from flows.ask.query import warehouse_path
from flows.errors import ReleaseError, SourceError
from flows.release import exports
from flows.settings import PROJECT, VERSION, Settings


def written(settings: Settings, folder: Path) -> dict[str, Any]:
    exports.write(settings, warehouse_path(settings), folder, "0123456789abcdef")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert isinstance(package, dict)
    return package


@pytest.fixture(scope="module")
def exported(embedded, tmp_path_factory):
    folder = tmp_path_factory.mktemp("out") / "exports"
    return folder, written(embedded, folder)


@pytest.fixture
def ruled(embedded, tmp_path):
    """Settings whose redistribution.csv can be written anew."""

    def make(*rows: str) -> Settings:
        project = tmp_path / "project"
        shutil.copytree(PROJECT / "data" / "reference", project / "data" / "reference")
        shutil.copytree(PROJECT / "sql", project / "sql")
        lines = ["source,redistribution,reason", *rows]
        (project / "data" / "reference" / "redistribution.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return replace(embedded, project=project)

    return make


def test_every_mart_is_there_in_both_forms_with_the_same_rows(embedded, exported):
    folder, package = exported
    marts = {table.name.removeprefix("marts.") for table in catalogue.tables(embedded) if "marts." in table.name}
    marts.remove("pairs")  # a view of head_to_head, which is there
    assert {resource["name"] for resource in package["resources"]} == marts
    assert not {"pairs", "lines"} & marts
    with duckdb.connect() as con:
        con.execute(f"attach '{warehouse_path(embedded)}' as held (read_only)")
        for resource in package["resources"]:
            rows = con.execute(f'select * from held.marts."{resource["name"]}" order by all').fetchall()
            assert con.execute(f"from '{folder / resource['parquet']['path']}' order by all").fetchall() == rows
            with gzip.open(folder / resource["path"], "rt", encoding="utf-8", newline="") as file:
                lines = list(csv.reader(file))
            assert lines[0] == [field["name"] for field in resource["schema"]["fields"]]
            assert len(lines) - 1 == len(rows)


def test_rows_stand_in_the_order_of_their_key_also_where_a_table_is_stored_so(embedded, exported):
    folder, package = exported
    with exports.reading(embedded, warehouse_path(embedded)) as con:
        for resource in package["resources"]:
            if key := ", ".join(resource["schema"].get("primaryKey", [])):
                found = con.execute(f"select {key} from '{folder / resource['parquet']['path']}'").fetchall()
                wanted = con.execute(f'select {key} from marts."{resource["name"]}" order by {key}').fetchall()
                assert found == wanted, resource["name"]
        stored = {mart.name for mart, _ in exports.choose(con, embedded).marts if mart.is_in_order}
    assert "head_to_head" in stored  # the largest: sorted beside the pages, it took most of the memory of a refresh


def test_the_package_tells_meaning_units_keys_checksums_sources_and_licences(exported):
    folder, package = exported
    for resource in package["resources"]:
        assert resource["description"]
        assert all(field["description"] and field["type"] for field in resource["schema"]["fields"])
        for file in (resource, resource["parquet"]):
            held = (folder / file["path"]).read_bytes()
            assert (file["bytes"], file["hash"]) == (len(held), f"sha256:{hashlib.sha256(held).hexdigest()}")
    shares = next(resource for resource in package["resources"] if resource["name"] == "framework_shares")["schema"]
    units = {field["name"]: field.get("unit") for field in shares["fields"]}
    assert (units["share_pct"], units["retrieved_at"], units["source"]) == ("percent", "UTC", None)
    assert shares["primaryKey"] == ["source", "series", "population", "grain", "period_start", "framework"]
    assert {"CC-BY-SA-4.0", "ODbL-1.0"} <= {licence["name"] for licence in package["licenses"]}
    assert all(source["licence"] and source["attribution"] and source["reason"] for source in package["sources"])
    assert package["left_out"] == []
    assert package["version"] == "0123456789ab"


@pytest.mark.slow
def test_a_table_carries_the_licences_of_its_rows_the_strictest_first(embedded, exported, ruled, tmp_path):
    _, package = exported
    carried = {one["name"]: [licence["name"] for licence in one["licenses"]] for one in package["resources"]}
    assert carried["framework_shares"] == ["ODbL-1.0", "CC-BY-SA-4.0", "CC-BY", "figures only", "MIT"]
    assert carried["head_to_head"] == ["ODbL-1.0", "CC-BY-SA-4.0", "figures only"]
    assert carried["frameworks"] == []
    [shares] = [one for one in package["resources"] if one["name"] == "framework_shares"]
    assert {"dsanr/best-of-ML", "Stack Overflow (StackExchange/Survey)"} <= set(shares["attribution"])
    # What is not passed on binds nobody: without the survey its licence is gone.
    kept = ruled("papers_with_code,yes,x", "github_stars,figures only,x")
    less = written(kept, tmp_path / "less")
    [shares] = [one for one in less["resources"] if one["name"] == "framework_shares"]
    assert [one["name"] for one in shares["licenses"]] == ["CC-BY-SA-4.0", "figures only", "MIT"]
    assert [one["name"] for one in less["licenses"]] == ["CC-BY-SA-4.0"], "figures alone are under none"


def test_licence_and_attribution_of_a_source_follow_the_references_of_its_rows(exported):
    _, package = exported
    sources = {one["source"]: (one["licence"], one["attribution"]) for one in package["sources"]}
    assert sources["github_stars"][0] == "CC-BY-SA-4.0"
    assert sources["github_stars"][1].startswith("GitHub star counts; dsanr/best-of-ML, CC-BY-SA-4.0; ")
    assert sources["stack_overflow_survey"] == ("ODbL-1.0", "Stack Overflow Developer Survey, ODbL-1.0")
    assert sources["hep_repositories"][0] == "not checked; counts only"


def test_every_table_of_figures_is_named_where_its_licence_stands():
    reference = PROJECT / "data" / "reference"
    words = (reference / "LICENCES.md").read_text(encoding="utf-8")
    headed = [
        path for path in reference.glob("*.csv") if path.read_text().startswith("source,series,population,period,")
    ]
    figures = {path.name for path in headed if "value,base" in path.read_text().splitlines()[0]}
    assert len(figures) >= 14
    assert {name for name in figures if name not in words} == set()


def test_the_same_input_gives_the_same_bytes_whatever_the_folder_is_called(embedded, exported, tmp_path):
    folder, _ = exported
    (tmp_path / "source=*").mkdir()  # of which the engine would make a column, and a pattern that matches the other
    shutil.copytree(folder, tmp_path / "source=x" / "exports")
    written(embedded, again := tmp_path / "source=*" / "exports")
    names = sorted(path.name for path in folder.iterdir())
    assert sorted(path.name for path in again.iterdir()) == names
    assert [name for name in names if (folder / name).read_bytes() != (again / name).read_bytes()] == []


@pytest.mark.slow
def test_what_may_not_be_passed_on_is_left_out_and_the_file_says_so(ruled, tmp_path):
    settings = ruled("google_trends,no,the terms changed", "github_stars,yes,fine", "kaggle_survey,figures only,counts")
    folder = tmp_path / "exports"
    package = written(settings, folder)
    left_out = {each.get("source") or each.get("table"): each["reason"] for each in package["left_out"]}
    assert left_out["google_trends"] == "the terms changed"
    assert left_out["pypi_downloads"] == "no row in data/reference/redistribution.csv says that it may"
    assert not {"github_stars", "kaggle_survey", "frameworks", "events"} & left_out.keys()
    with duckdb.connect() as con:
        for resource in package["resources"]:
            for path in (folder / resource["path"], folder / resource["parquet"]["path"]):
                columns = [row[0] for row in con.execute(f"describe from '{path}'").fetchall()]
                for column in set(columns) & set(exports.WHOSE):
                    found = {row[0] for row in con.execute(f"select distinct {column} from '{path}'").fetchall()}
                    assert found <= {"github_stars", "kaggle_survey", None, ""}, resource["name"]
        kept = con.execute(f"select count(*) from '{folder / 'framework_shares.csv.gz'}'").fetchall()[0][0]
        assert kept > 0
    text = "".join(
        gzip.decompress(path.read_bytes()).decode() for path in folder.glob("*.csv.gz") if path.name != "events.csv.gz"
    )
    assert "google_trends," not in text


def test_tables_that_are_the_same_share_their_files_and_damaged_ones_are_written_anew(embedded, exported, tmp_path):
    folder, _ = exported
    damaged = tmp_path / "damaged"
    shutil.copytree(folder, damaged)
    (damaged / "events.csv.gz").write_text("cut")
    (damaged / "claims.parquet").unlink()
    exports.write(embedded, warehouse_path(embedded), tmp_path / "again", "0123456789abcdef", damaged)
    again = {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()}
    assert again == {path.name: path.read_bytes() for path in folder.iterdir()}
    held = {path.name: path.stat().st_ino for path in damaged.iterdir()}
    own = {path.name for path in (tmp_path / "again").iterdir() if path.stat().st_ino != held.get(path.name)}
    made = {f"{name}.{form}" for name in ("events", "claims", "data_notes") for form in ("csv.gz", "parquet")}
    assert own == made | {"datapackage.json", "croissant.json", "dcat.jsonld", "CITATION.cff", "LICENCES.md"}


def test_every_source_says_whether_it_may_be_passed_on():
    sources = set()
    for name in ("sources.csv", "series.csv"):
        with (PROJECT / "data" / "reference" / name).open(encoding="utf-8", newline="") as file:
            sources |= {row["source"] for row in csv.DictReader(file)}
    rules = exports.redistribution(Settings())
    assert sources <= rules.keys(), "add a row to data/reference/redistribution.csv"
    assert all(reason for _, reason in rules.values())


def test_an_unknown_rule_is_refused(ruled, tmp_path):
    settings = ruled("google_trends,perhaps,who knows")
    with pytest.raises(
        SourceError, match=r"redistribution.csv: expected one of yes, .* for google_trends, found 'perh"
    ):
        written(settings, tmp_path / "exports")


def test_a_folder_that_cannot_be_written_is_told(embedded, tmp_path):
    (tmp_path / "exports").mkdir()
    with pytest.raises(ReleaseError, match=r"exports cannot be written.*Free the disk"):
        written(embedded, tmp_path / "exports")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # it leaves packed files open
def test_frictionless_accepts_the_exports_and_sees_damage(exported, tmp_path):
    frictionless = pytest.importorskip("frictionless")
    folder, _ = exported
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["title", "message"])[:3]
    shutil.copytree(folder, tmp_path / "damaged")
    table = tmp_path / "damaged" / "frameworks.csv.gz"
    table.write_bytes(gzip.compress(gzip.decompress(table.read_bytes()).replace(b"true", b"perhaps", 1)))
    assert not frictionless.validate(str(tmp_path / "damaged" / "datapackage.json")).valid


def test_the_citation_names_what_the_project_is():
    text = (PROJECT / "CITATION.cff").read_text(encoding="utf-8")
    assert "cff-version: 1.2.0" in text
    assert f"\nversion: {VERSION}\n" in text


def test_the_package_names_its_release_the_words_of_licences_and_the_rows_of_other_tables(exported):
    folder, package = exported
    assert package["created"] == "1970-01-01T00:00:00Z", "no release was named"
    for licence in [*package["licenses"], *(one for each in package["resources"] for one in each["licenses"])]:
        assert licence["path"].startswith("https://") or (folder / licence["path"]).is_file()
    tables = {resource["name"]: resource for resource in package["resources"]}
    shares = tables["framework_shares"]["schema"]["foreignKeys"]
    assert {"fields": ["framework"], "reference": {"resource": "frameworks", "fields": ["framework"]}} in shares
    with duckdb.connect() as con:
        for name, table in tables.items():
            for key in table["schema"].get("foreignKeys", []):
                [column], there = key["fields"], key["reference"]
                lost = con.execute(
                    f"select count(*) from '{folder}/{name}.parquet' as here anti join "
                    f"'{folder}/{there['resource']}.parquet' as far on far.{there['fields'][0]} = here.{column} "
                    f"where here.{column} is not null and here.{column} <> ''"
                ).fetchone()
                assert lost == (0,), (name, column)


def test_parquet_tells_what_it_is_and_under_which_licence(exported):
    folder, _ = exported
    with duckdb.connect() as con:
        told = con.execute(f"from parquet_kv_metadata('{folder}/framework_shares.parquet')").fetchall()
    found = {bytes(row[1]).decode(): bytes(row[2]).decode() for row in told}
    assert {"title", "description", "columns", "licences", "attribution", "first_release"} <= found.keys()
    assert "CC-BY-SA-4.0" in found["licences"]
    assert "framework" in json.loads(found["columns"])


def test_exports_are_light(exported):
    folder, _ = exported
    assert sum(path.stat().st_size for path in folder.iterdir()) < 4_000_000


def test_dcat_and_citation_name_every_file_and_source(exported):
    folder, package = exported
    dcat = json.loads((folder / "dcat.jsonld").read_text())
    files = {one["dcat:downloadURL"]["@id"]: one for one in dcat["dcat:distribution"]}
    for name, one in files.items():
        held = (folder / name).read_bytes()
        assert one["dcat:byteSize"] == len(held)
        assert one["spdx:checksum"]["spdx:checksumValue"] == hashlib.sha256(held).hexdigest()
    assert len(files) == 2 * len(package["resources"])
    cited = json.loads((folder / "CITATION.cff").read_text())
    assert {one["title"] for one in cited["references"]} == {one["title"] for one in package["sources"]}
    assert all("Licence: " in one["notes"] for one in cited["references"])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # mlcroissant's way of using rdflib
def test_croissant_is_valid_and_its_records_are_those_of_the_files(exported, monkeypatch):
    mlcroissant = pytest.importorskip("mlcroissant")
    folder, _ = exported
    monkeypatch.chdir(folder)
    dataset = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    assert not dataset.metadata.issues.errors
    assert {one.id for one in dataset.metadata.record_sets} >= {"framework_shares", "headlines"}
