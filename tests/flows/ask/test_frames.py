"""The figures as frames: from the release here, from one elsewhere, and with clear errors."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import framework_trends as ft
from flows.ask.query import warehouse_path
from flows.release import exports
from flows.settings import PROJECT, Settings
from tests.conftest import Make
from tests.loopback import Answer, Loopback

SERVED = ("claims", "framework_shares", "frameworks", "head_to_head", "source_status")
SITE = "https://trends.example/observatory"


@pytest.fixture
def here(embedded: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The embedded release is the current one."""
    monkeypatch.setenv("TRENDS_DATA", str(embedded.data))
    return warehouse_path(embedded)


@pytest.fixture(scope="session")
def exported(embedded: Settings, made_once: Callable[[str, Make], Path]) -> Path:
    def make(folder: Path) -> None:
        exports.write(Settings(), warehouse_path(embedded), folder / "exports", "0123456789abcdef")

    return made_once("exported", make) / "exports"


@pytest.fixture
def site(exported: Path, server: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Loopback:
    """Some tables of the embedded release at an address, and a data folder without a release."""
    package = json.loads((exported / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [each for each in package["resources"] if each["name"] in SERVED]
    assert len(package["resources"]) == len(SERVED)
    server.answer("trends.example", "/observatory/data/datapackage.json", Answer(package))
    for path in exported.glob("*.parquet"):
        server.answer("trends.example", f"/observatory/data/{path.name}", Answer(path.read_bytes()))
    monkeypatch.setenv("TRENDS_MIRROR", server.address)
    monkeypatch.setenv("TRENDS_DATA", str(tmp_path / "data"))
    return server


def test_a_share_comes_with_its_base_its_interval_and_what_they_mean(here: Path) -> None:
    frame = ft.shares("JAX", source="papers_with_code", grain="quarter")
    assert set(frame["framework"]) == {"jax"}
    counted = frame[frame["base"].notna()]
    assert len(counted) > 10
    assert (100 * counted["value"] / counted["base"] - counted["share_pct"]).abs().max() < 1e-9
    known = counted[counted["share_low_pct"].notna()]
    assert (known["share_low_pct"] <= known["share_pct"] + 1e-9).all()
    assert (known["share_pct"] <= known["share_high_pct"] + 1e-9).all()
    assert frame["period_start"].dtype.kind == "M"
    assert frame.attrs["release"] == str(here)
    assert frame.attrs["columns"]["base"].startswith("denominator of the share")


def test_a_pair_is_told_from_either_side(here: Path) -> None:
    there, back = ft.pair("pytorch", "TensorFlow"), ft.pair("tensorflow", "pytorch")
    assert len(there) == len(back) > 100
    both = (there["share_of_pair_pct"] + back["share_of_pair_pct"]).dropna()
    assert len(both) > 100
    assert (both - 100).abs().max() < 1e-9


def test_claims_sources_and_any_question(here: Path) -> None:
    assert set(ft.claims("confirmed")["verdict"]) == {"confirmed"}
    assert len(ft.claims()) == ft.sql("select count(*) as n from marts.claims")["n"][0]
    assert "papers_with_code" in set(ft.status()["source"])
    asked = ft.sql("select count(*) as n from framework_shares where framework = $name", name="jax")
    assert asked["n"][0] == len(ft.shares("jax"))
    with pytest.raises(ft.TrendsError, match="expected a question"):
        ft.sql("drop table marts.claims")


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"framework": "jaxx"}, "found 'jaxx'. Nearest: jax"),
        ({"source": "pypi"}, "source: expected one that there are figures of, found 'pypi'. Nearest: pypi_downloads"),
        ({"source": "pypi_downloads", "population": "x"}, "of with source 'pypi_downloads', found 'x'. There are: "),
        ({"grain": "months"}, "found 'months'. Nearest: month"),
        ({"release": "/no/such/folder"}, "/no/such/folder: expected a warehouse file, a release folder"),
    ],
)
def test_what_is_not_there_is_named_beside_what_is(here: Path, wanted: dict[str, str], words: str) -> None:
    with pytest.raises(ft.TrendsError, match=words):
        ft.shares(**wanted)


def test_without_a_release_the_cure_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRENDS_DATA", str(tmp_path))
    with pytest.raises(ft.TrendsError, match="trends refresh --offline"):
        ft.status()


def test_a_published_site_gives_the_same_figures_and_is_fetched_once(site: Loopback, embedded: Settings) -> None:
    there = ft.pair("pytorch", "jax", source="pypi_downloads", release=SITE)
    assert there.equals(ft.pair("pytorch", "jax", source="pypi_downloads", release=embedded.data))
    assert "share" in there.attrs["columns"]["share_of_pair_pct"]
    site.requests.clear()
    assert len(ft.sql("from marts.claims", release=f"{SITE}/data/datapackage.json")) > 10
    assert [request.path for request in site.requests] == ["/observatory/data/datapackage.json"]


def test_a_table_that_is_not_what_its_description_says_is_refused(site: Loopback, exported: Path) -> None:
    body = (exported / "claims.parquet").read_bytes()
    site.answer("trends.example", "/observatory/data/claims.parquet", Answer(body[:-1] + b"x"))
    with pytest.raises(ft.TrendsError, match=r"claims.parquet: expected sha256:\w{64}, found sha256:"):
        ft.claims(release=SITE)
    site.answer("trends.example", "/observatory/data/claims.parquet", Answer(body))
    assert len(ft.claims(release=SITE)) > 10


@pytest.mark.parametrize("body", [b"<html>hello</html>", b"{}", b'{"resources": [{"name": "../x"}]}'])
def test_an_address_that_is_no_site_is_told_so(site: Loopback, body: bytes) -> None:
    site.answer("trends.example", "/observatory/data/datapackage.json", Answer(body))
    with pytest.raises(ft.TrendsError, match=r"datapackage.json: expected the description of a release"):
        ft.status(release=SITE)


def test_importing_it_loads_neither_the_engine_nor_pandas() -> None:
    look = "import sys, framework_trends; print({'duckdb', 'pandas', 'requests'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", look], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
