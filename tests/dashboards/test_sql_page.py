"""The SQL page: written without and with its engine, and booted in Chromium, served and from disk."""

import csv
import functools
import http.server
import io
import json
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboards import sql_engine, sql_page
from flows.ask import catalogue, query
from flows.ask.query import warehouse_path
from flows.errors import DashboardError
from flows.settings import PROJECT, Settings

CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
COMPARED = ("who_leads_where", "conference_crossovers", "research_pair_by_quarter", "stars_gained_in_a_year")
ESCAPES = [
    "copy (select 1) to 'x.csv'",
    "attach 'other.duckdb'",
    "attach 'marts.duckdb' as again",
    "detach warehouse",
    "from read_csv('/etc/passwd')",
    "from read_text('/etc/passwd')",
    "from read_parquet('https://example.org/x.parquet')",
    "from '/etc/passwd'",
    "from 'marts.duckdb'",
    "from 'https://example.org/x.csv'",
    "from glob('*')",
    "install httpfs",
    "load parquet",
    "pragma version",
    "pragma database_list",
    "set memory_limit = '5GB'",
    "reset memory_limit",
    "set variable x = 1",
    "call pragma_version()",
    "select 1; select 2",
    "select 1) ; drop table frameworks; select * from (select 1",
    "export database 'x'",
    "import database 'x'",
    "select getenv('HOME')",
    "create table x as select 1",
    "drop table frameworks",
    "delete from frameworks",
    "from enable_logging()",
    'from "enable_logging"()',
    "from duckdb_secrets()",
    "from duckdb_settings()",
    "from pg_settings",
    'select * from pg_catalog."PG_settings"',
    "from 'pg_settings'",
    "from $$pg_settings$$",
    "summarize pg_settings",
    "from duckdb_databases",
    "from duckdb_memory()",
    "select (select max(setting) from pg_settings)",
    "from pragma_database_list",
    "from histogram(pg_settings, name)",
    "from test_all_types()",
    "explain analyze from read_csv('/etc/passwd')",
    "",
    "-- nothing",
]
# What the engine refuses with no gate before it.
REFUSED_BY_THE_ENGINE = [
    "copy (select 1) to 'x.csv'",
    "attach 'other.duckdb'",
    "detach warehouse",
    "from read_csv('/etc/passwd')",
    "from 'https://example.org/x.csv'",
    "from glob('*')",
    "load parquet",
    "set memory_limit = '5GB'",
    "export database 'x'",
    "create table x as select 1",
    "drop table frameworks",
    "delete from frameworks",
]


def test_without_the_engine_the_page_says_how_to_get_it(embedded, tmp_path):
    assert sql_page.render(warehouse_path(embedded), tmp_path, tmp_path / "cache") is False
    text = (tmp_path / "sql.html").read_text(encoding="utf-8")
    assert "make sql-page" in text
    assert "<script" not in text
    assert [path.name for path in tmp_path.iterdir()] == ["sql.html"]


@pytest.mark.slow
def test_the_page_holds_its_tables_queries_and_policy_and_is_the_same_twice(embedded, tmp_path):
    cache = tmp_path / "cache"
    cache.mkdir()
    sql_engine.kept(cache).write_text('{"wasm": "AAAA", "worker": "BBBB"}', encoding="ascii")
    seen = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        assert sql_page.render(warehouse_path(embedded), folder, cache, release_id="r1") is True
        seen.append({str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()})
    assert seen[0] == seen[1]
    assert seen[0].keys() == {"sql.html", "sql-one-file.html", "sql/engine-room.js", "sql/engine.js", "sql/marts.js"}
    page, one_file = (seen[0][name].decode() for name in ("sql.html", "sql-one-file.html"))
    held = json.loads(page.partition('id="catalogue">')[2].partition("</script>")[0])
    assert {each["name"] for each in held["queries"]} == {each.name for each in catalogue.worked_queries(Settings())}
    assert "framework_shares" in {each["name"] for each in held["tables"]}
    assert re.search(r"Load \d+\.\d MB", page)
    for text in (page, one_file):
        assert "unsafe-eval' " not in text.replace("wasm-unsafe-eval", "")
        assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
        assert "default-src &#39;none&#39;" in text
    assert "<script src=" not in one_file
    assert "Release r1." in page


def test_a_package_that_is_not_the_pinned_one_is_refused(tmp_path):
    packed = tmp_path / "duckdb.tgz"
    packed.write_bytes(b"something else")
    with pytest.raises(DashboardError, match=r"duckdb.tgz: expected SHA-256 13c29d.*do not use it"):
        sql_engine.keep(packed, tmp_path / "engine.json")
    assert not (tmp_path / "engine.json").exists()


def test_without_npm_the_command_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DashboardError, match=r"npm: expected on the path, found none\. Install Node"):
        sql_engine.fetch(tmp_path / "cache")
    (tmp_path / "npm").write_text("#!/bin/sh\necho no network >&2\nexit 1\n")
    (tmp_path / "npm").chmod(0o755)
    with pytest.raises(DashboardError, match=r"npm pack @duckdb/duckdb-wasm@1.32.0: .*no network\. Check the network"):
        sql_engine.fetch(tmp_path / "cache")


def test_a_warehouse_that_cannot_be_read_is_told(tmp_path):
    sql_engine.kept(tmp_path).write_text("{}", encoding="ascii")
    (tmp_path / "w.duckdb").write_text("nonsense")
    with pytest.raises(DashboardError, match=r"w.duckdb: the SQL page cannot be made.*trends build"):
        sql_page.render(tmp_path / "w.duckdb", tmp_path, tmp_path)


def missing(reason: str) -> None:
    pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


@pytest.fixture(scope="module")
def site(embedded, tmp_path_factory, request) -> Path:
    """A site with the real engine, fetched once into pytest's cache folder."""
    cache = Path(request.config.cache.mkdir("sql-engine"))
    try:
        sql_engine.fetch(cache)
    except DashboardError as error:
        missing(str(error))
    folder = tmp_path_factory.mktemp("site")
    assert sql_page.render(warehouse_path(embedded), folder, cache, release_id="test")
    return folder


@pytest.fixture(scope="module")
def address(site) -> Iterator[tuple[str, list[str]]]:
    """The site on loopback, and the paths that were asked."""
    asked: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            asked.append(self.path)

    handler = functools.partial(Handler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


@pytest.fixture(scope="module")
def browser(tmp_path_factory) -> Iterator[Any]:
    if not (CHROMIUM.exists() and DRIVER.exists()):
        missing("Chromium and its driver are needed: apt-get install chromium chromium-driver")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    flags = (
        "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
        "--disable-component-update --disable-sync --window-size=1280,1000"
    )
    for flag in [*flags.split(), f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    driver.set_script_timeout(90)
    yield driver
    driver.quit()


def wait(browser: Any, condition: str, seconds: float = 60) -> None:
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(browser, seconds, poll_frequency=0.05).until(
        lambda driver: driver.execute_script(f"return {condition}"), condition
    )


def asked_of_the_page(browser: Any, sql: str, way: str = "ask") -> dict[str, Any]:
    """The page's answer to one query, or {"error": words}."""
    found = browser.execute_async_script(
        "const [way, sql, done] = arguments; trendsPage[way](sql)"
        ".then((answer) => done(way === 'ask' ? { csv: trendsPage.csvOf(answer) } : { rows: answer }),"
        " (error) => done({ error: error.message }));",
        way,
        sql,
    )
    assert isinstance(found, dict)
    return found


def numbers(text: str) -> list[list[Any]]:
    """Cells of a CSV, numbers as numbers."""
    return [[_number(cell) for cell in row] for row in csv.reader(io.StringIO(text))]


def _number(cell: str) -> object:
    try:
        return float(cell)
    except ValueError:
        return cell


def places(kind: str, site: Path, address: str) -> str:
    return {
        "served": f"{address}/sql.html",
        "folder on disk": f"{(site / 'sql.html').as_uri()}",
        "one file on disk": f"{(site / 'sql-one-file.html').as_uri()}",
        "one file served": f"{address}/sql-one-file.html",
    }[kind]


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["served", "folder on disk", "one file on disk", "one file served"])
def test_the_page_boots_and_gives_the_numbers_of_trends_query(embedded, site, address, browser, kind, tmp_path):
    base, asked = address
    browser.get("about:blank")
    browser.get_log("performance")
    browser.get_log("browser")
    asked.clear()
    browser.get(places(kind, site, base))
    wait(browser, "document.getElementById('editor').value.includes('select')")
    if kind == "served":
        assert "/sql/engine.js" not in asked, "nothing heavy loads before the reader says so"
        assert "MB" in browser.find_element("id", "load").text
    browser.find_element("id", "load").click()
    wait(browser, "document.documentElement.dataset.engine")
    for name in COMPARED:
        worked = catalogue.worked_query(embedded, name)
        answer = tmp_path / "answer.csv"
        query.run(embedded, worked.sql, answer, "csv")
        found = asked_of_the_page(browser, worked.sql)
        assert "error" not in found, found
        assert numbers(found["csv"]) == numbers(answer.read_text(encoding="utf-8"))
    requested = {
        json.loads(entry["message"])["message"]["params"]["request"]["url"]
        for entry in browser.get_log("performance")
        if json.loads(entry["message"])["message"]["method"] == "Network.requestWillBeSent"
    }
    inside = (base, "file://", "blob:", "data:", "about:")
    assert [url for url in requested if not url.startswith(inside)] == []
    if kind == "served":
        assert set(asked) == {"/sql.html", "/sql/engine-room.js", "/sql/engine.js", "/sql/marts.js"}
    assert [entry["message"] for entry in browser.get_log("browser")] == []


@pytest.fixture
def page(site, address, browser):
    """The page with its engine loaded."""
    browser.get("about:blank")
    browser.get(f"{address[0]}/sql.html")
    wait(browser, "window.trendsPage")
    browser.find_element("id", "load").click()
    wait(browser, "document.documentElement.dataset.engine")
    return browser


@pytest.mark.browser
def test_every_worked_query_runs_in_the_page(embedded, page):
    for worked in catalogue.worked_queries(embedded):
        found = asked_of_the_page(page, worked.sql)
        stored = (PROJECT / "tests" / "flows" / "ask" / "queries" / f"{worked.name}.csv").read_text(encoding="utf-8")
        assert numbers(found.get("csv", "")) == numbers(stored), (worked.name, found.get("error"))


@pytest.mark.browser
def test_no_query_gets_out_of_the_page(page, address):
    base, asked = address
    asked.clear()
    for sql in ESCAPES:
        assert asked_of_the_page(page, sql).get("error"), sql
    for sql in REFUSED_BY_THE_ENGINE:
        assert asked_of_the_page(page, sql, "raw").get("error"), sql
    asked_of_the_page(page, f"from read_csv('{base}/stolen.csv')", "raw")
    asked_of_the_page(page, "install httpfs", "raw")
    blocked = page.execute_async_script(
        "const [url, done] = arguments; fetch(url).then(() => done('open'), () => done('blocked'));", f"{base}/stolen"
    )
    assert blocked == "blocked"
    assert asked == []
    assert asked_of_the_page(page, "select count(*) > 0 as yes from frameworks") == {"csv": "yes\ntrue\n"}


@pytest.mark.browser
def test_a_reader_writes_completes_runs_draws_shares_and_errs(page):
    from selenium.webdriver.common.keys import Keys

    editor = page.find_element("id", "editor")
    editor.clear()
    editor.send_keys("select framework, year(first_release) as year, framework_order from fram")
    wait(page, "!document.getElementById('offer').hidden")
    assert "framework_shares" in page.find_element("id", "offer").text
    editor.send_keys(Keys.ESCAPE, "eworks where first_relea", Keys.TAB)
    assert editor.get_property("value").endswith("where first_release")
    editor.send_keys(" is not null order by framework_order", Keys.CONTROL, Keys.ENTER)
    wait(page, "document.documentElement.dataset.answered")
    assert "rows in" in page.find_element("id", "status").text
    assert [cell.text for cell in page.find_elements("css selector", "#table thead th")][:2] == ["framework", "year"]
    assert page.find_elements("css selector", "#table tbody td")[0].text == "pytorch"
    page.find_element("id", "tab-chart").click()
    wait(page, "document.querySelectorAll('#plot svg path, #plot svg rect').length > 0")
    assert "rows" in page.find_element("id", "plot").get_attribute("aria-label")
    shared = page.current_url
    assert "#q=select%20framework" in shared

    page.execute_script("delete document.documentElement.dataset.answered")
    editor.clear()
    editor.send_keys("select framewrk from frameworks", Keys.CONTROL, Keys.ENTER)
    wait(page, "document.documentElement.dataset.answered")
    said = page.find_element("id", "status").text
    assert 'Referenced column "framewrk" not found' in said
    assert "Line 1: select framewrk" in said
    assert "Nearest: framework, " in said
    assert not page.find_element("id", "answer").is_displayed()

    page.get("about:blank")
    page.get(shared)
    wait(page, "window.trendsPage")
    assert page.find_element("id", "editor").get_property("value").startswith("select framework, year")


@pytest.mark.browser
def test_a_worked_query_a_wide_answer_nulls_and_quotes(page):
    page.execute_script("delete document.documentElement.dataset.answered")
    page.find_element("css selector", "[data-query=breaks_to_mind]").click()
    wait(page, "document.documentElement.dataset.answered")
    assert len(page.find_elements("css selector", "#table tbody tr")) > 3
    odd = "select null as a, 'x,\"y\"' as b, '' as c, 1.5::double as d, date '2024-01-31' as e, true as f, 'é' as a"
    assert asked_of_the_page(page, odd) == {"csv": 'a,b,c,d,e,f,a_1\n,"x,""y""","",1.5,2024-01-31,true,é\n'}
    many = asked_of_the_page(page, "select range as n from range(5000)")["csv"]
    assert many == "n\n" + "".join(f"{number}\n" for number in range(5000))
    for sql in (
        "describe frameworks",
        "show tables",
        "summarize events",
        "explain select 1",
        "values (1)",
        "(select 1)",
        "select table_name from duckdb_tables",
        "select column_name from duckdb_columns()",
        "select 'pg_settings' as a, histogram(n) as b from range(3) t(n)",
        "from repeat(1, 3)",
        "from pairs where framework = 'tensorflow' and other = 'pytorch'",
    ):
        assert "csv" in asked_of_the_page(page, sql), sql


@pytest.mark.browser
def test_a_long_query_can_be_stopped_and_the_next_one_runs(page):
    editor = page.find_element("id", "editor")
    editor.clear()
    editor.send_keys("select count(*) from range(10000000) a, range(100000) b where a.range % 7 = b.range % 11")
    page.find_element("id", "run").click()
    wait(page, "document.getElementById('run').textContent === 'Stop'")
    page.find_element("id", "run").click()
    wait(page, "document.getElementById('run').textContent === 'Run'")
    assert "Stopped" in page.find_element("id", "status").text
    assert asked_of_the_page(page, "select 1 as one") == {"csv": "one\n1\n"}


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_reaches_beyond_the_window(page, width):
    page.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False},
    )
    try:
        assert asked_of_the_page(page, "select 1")
        page.find_element("css selector", "[data-query=who_leads_where]").click()
        wait(page, "document.documentElement.dataset.answered")
        assert page.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
