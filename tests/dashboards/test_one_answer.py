"""One reading, one answer: for every pair and source, mart, page data, page sentence and command line say the same."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.command import cli
from flows.settings import Settings
from tests.dashboards.conftest import data_of, unpacked
from tests.dashboards.test_site import visible

# The mart's own reading of every pair in the series that speaks for each source.
READINGS = """
select
    latest.framework_a, latest.framework_b, latest.source, latest.sentence, latest.detail, latest.is_within_chance,
    period_label(latest.grain, latest.period_start) as period, latest.a_share_of_pair_pct as share,
    latest.leader_share_words as leader_share, latest.interval_words, latest.is_stock,
    period_middle(latest.grain, latest.led_since)::varchar as led_since_middle,
    -- After a gap with the other one ahead before it, the lead began somewhere in it.
    coalesce(format('some time between {} and ', period_label(latest.grain, leads.behind_until)), '')
        || the_label(period_label(latest.grain, latest.led_since)) as led_since,
    period_words(latest.grain, latest.led_since) as since_words,
    latest.led_since < latest.period_start as is_long, leads.lead_number > 1 as is_changed,
    exists (
        from marts.crossovers as passed
        where (passed.source, passed.series, passed.population) = (latest.source, latest.series, latest.population)
            and (passed.framework_a, passed.framework_b) = (latest.framework_a, latest.framework_b)
            and passed.leader_after = latest.leader and passed.is_lasting and (passed.is_proven or passed.is_stock)
    ) as is_passed
from marts.head_to_head_latest as latest
inner join marts.leads as leads using (source, series, population, grain, framework_a, framework_b)
where latest.is_headline and leads.is_latest
"""


@pytest.fixture(scope="module")
def readings(embedded: Settings) -> list[dict[str, Any]]:
    with duckdb.connect(str(embedded.current / "warehouse.duckdb"), read_only=True) as con:
        found = con.execute(READINGS)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def by_page(readings: list[dict[str, Any]], site: Path) -> Iterator[tuple[dict[str, Any], str]]:
    texts: dict[str, str] = {}
    for row in readings:
        page = f"compare/{row['framework_a']}-{row['framework_b']}.html"
        texts.setdefault(page, (site / page).read_text(encoding="utf-8"))
        yield row, texts[page]


def test_the_last_point_of_the_chart_is_the_reading_of_the_mart(readings, site):
    seen = 0
    for row, text in by_page(readings, site):
        panels = data_of(text, "sources")["choices"][0]["panels"]
        (panel,) = [panel for panel in panels if panel["plot"] == f"sources-{row['source']}"]
        points = [
            point for point in unpacked(panel["rows"]) if point["is_drawn"] and point["framework"] == row["framework_a"]
        ]
        last = max(points, key=lambda point: point["period_start"])
        assert (last["period_label"], last["pair_pct"]) == (row["period"], round(row["share"], 6)), row
        seen += 1
    assert seen > 100


def test_the_sentence_of_the_page_is_that_of_the_mart_and_names_its_share_and_since_when(readings, site):
    for row, text in by_page(readings, site):
        words = visible(text)
        assert row["sentence"] in words, row
        assert row["detail"] in words, row
        assert f"{row['leader_share']} of both together" in row["detail"], row
        is_told = not row["is_within_chance"] and row["is_long"]
        assert (f"since {row['since_words']}" in row["detail"]) == bool(is_told), row


def test_the_timeline_dates_the_lead_as_the_sentence_does(readings, site):
    for row, text in by_page(readings, site):
        (line,) = [
            line
            for line in unpacked(data_of(text, "crossings")["choices"][0]["panels"][0]["rows"])
            if line["source"] == row["source"]
        ]
        # Dated where a passing is proven; a change beyond chance that is not is told with its period, and so called.
        is_passed = bool(row["is_changed"] and row["is_passed"])
        is_dated = is_passed or bool(row["is_changed"] and not row["is_within_chance"])
        assert ("no passing is proven" in line["words"].partition(" (")[0]) == (is_dated and not is_passed), row
        if not line["short_words"].startswith("earlier"):
            assert line["crossed_date"] == (row["led_since_middle"] if is_passed else None), row
        assert (f"since {row['led_since']}" in line["words"].partition(" (")[0]) == is_dated, (row, line["words"])


def test_the_command_line_reads_the_same(readings, embedded, site, monkeypatch, capsys):
    monkeypatch.setenv("TRENDS_DATA", str(embedded.data))
    assert cli.main(["queries", "who-leads-where", "--format", "csv"]) == 0
    told = {line["source"]: line for line in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    first = [row for row in readings if (row["framework_a"], row["framework_b"]) == ("pytorch", "tensorflow")]
    assert told.keys() == {row["source"] for row in first}
    for row in first:
        line = told[row["source"]]
        assert line["sentence"] == row["sentence"]
        leader_share = max(row["share"], 100 - row["share"])
        assert float(line["leader_share_pct"]) == pytest.approx(leader_share, abs=0.05)


def test_lines_of_evidence_show_the_share_of_the_mart(readings, site):
    text = (site / "evidence.html").read_text(encoding="utf-8")
    seen = 0
    for row in readings:
        if row["framework_b"] == "tensorflow":
            line = text.split(f'id="line-{row["source"]}"')[1].split("</article>")[0]
            assert f">{row['leader_share']} <span>" in line
            # One figure has one interval, in the line and in the sentence's detail.
            interval = row["interval_words"][1:]
            assert row["is_stock"] or interval in visible(line)
            assert interval in row["detail"] or "puts that share" not in interval
            seen += 1
    assert seen > 10


FIGURES = """
select
    shares.framework, sources.label || chr(31) || period_label(shares.grain, shares.period_start) as place,
    number_words(shares.value) || ' ' || unit_words(shares.unit, shares.value)
        || coalesce(format(', {} of {:,}',
            exact_words(shares.share_pct, shares.share_high_pct - shares.share_low_pct), shares.base), '') as figure
from marts.framework_shares as shares
inner join marts.source_status as sources using (source)
"""


def test_pages_of_frameworks_read_the_figures_of_the_mart(embedded, site):
    told: dict[tuple[str, str], set[str]] = {}
    with duckdb.connect(str(embedded.current / "warehouse.duckdb"), read_only=True) as con:
        for framework, place, figure in con.execute(FIGURES).fetchall():
            told.setdefault((framework, place), set()).add(figure)
    seen = 0
    for page in sorted((site / "framework").glob("*.html")):
        text = page.read_text(encoding="utf-8").partition('id="readings"')[2].partition("</table>")[0]
        for line in text.split("\n"):
            if not line.strip().startswith('<tr><th scope="row">'):
                continue
            label = visible(line.split('<span class="detail">')[0])
            # A cell may tell a newer figure of a shorter list below its own.
            cells = [
                visible(re.split("<br>| <span class=.detail", cell)[0])
                for cell in re.findall(r"<td[^>]*>(.*?)</td>", line)
            ]
            place = "\x1f".join((label, cells[5].removesuffix("; ended")))
            figures = told[page.stem, place]
            assert any(
                cells[0] == figure
                or cells[0].startswith((f"{figure}, between ", f"{figure}, read off a ", f"{figure}, rounded "))
                for figure in figures
            ), line
            seen += 1
    assert seen > 50


def test_pages_of_frameworks_date_a_lead_as_the_mart_does(readings, embedded, site):
    with duckdb.connect(str(embedded.current / "warehouse.duckdb"), read_only=True) as con:
        labels = dict(con.execute("select source, label from marts.source_status").fetchall())
    seen = 0
    for row in readings:
        if not (row["is_changed"] and row["is_passed"]):
            continue
        for framework in (row["framework_a"], row["framework_b"]):
            words = visible((site / "framework" / f"{framework}.html").read_text(encoding="utf-8"))
            dated = rf"{re.escape(labels[row['source']])}: [^;]*since {re.escape(row['led_since'])}"
            assert re.search(dated, words), (framework, row)
            seen += 1
    assert seen > 10


RANKS = """
select ranks.framework, frameworks.label, ranks.rank, ranks.acceptability_pct
from marts.rank_acceptability as ranks
inner join marts.frameworks as frameworks using (framework)
where ranks.year = 'newest'
"""


def test_the_ranking_reads_what_its_marts_say(embedded, site):
    with duckdb.connect(str(embedded.current / "warehouse.duckdb"), read_only=True) as con:
        ranks = con.execute(RANKS).fetchall()
        [(best, leads)] = con.execute(
            f"select label, weightings_words(acceptability_pct) from ({RANKS}) where rank = 1 "
            "order by acceptability_pct desc limit 1"
        ).fetchall()
        years = con.execute(
            "select year, framework, rank, leads_pct from marts.preset_ranks where preset = 'equal'"
        ).fetchall()
    text = (site / "ranking.html").read_text(encoding="utf-8")
    # The sentence of the newest year says the same: the heading must by itself.
    assert visible(text.partition("<h1>")[2].partition("</h1>")[0]).startswith(f"{best} leads under {leads}")
    bars = unpacked(data_of(text, "ranks")["choices"][0]["panels"][0]["rows"])
    shown = {(row["label"], row["rank"]): row["acceptability_pct"] for row in bars}
    assert shown == {(label, rank): pytest.approx(pct, abs=1e-5) for _, label, rank, pct in ranks}
    points = unpacked(data_of(text, "bump")["choices"][0]["panels"][0]["rows"])
    placed = {(row["year_label"].lower(), row["framework"]): (row["rank"], row["leads_pct"]) for row in points}
    assert placed == {(year, framework): (rank, pytest.approx(pct, abs=1e-5)) for year, framework, rank, pct in years}
