"""The map, the conferences, the fitted lines and the tables beside them, without a browser."""

import html
import re
from pathlib import Path

import duckdb
import pytest

from dashboards import wording
from dashboards.site import pages as pages_of
from dashboards.tables import Tables
from tests.dashboards.conftest import RELEASE, data_of, unpacked
from tests.dashboards.test_site import visible


@pytest.fixture
def con(small_warehouse: Path):
    with duckdb.connect(str(small_warehouse), read_only=True) as con:
        yield con


def text_of(site: Path, page: str) -> str:
    return (site / f"{page}.html").read_text(encoding="utf-8")


def cells(text: str, anchor: str) -> list[list[str]]:
    """The rows of the first table behind an anchor, as words."""
    table = text.split(f'id="{anchor}"')[1].split("</table>")[0]
    return [
        [visible(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    ]


# --- the map ---------------------------------------------------------------------------------------------------------


def test_no_two_tiles_share_a_place(con):
    places = Tables(con).rows("pages.tiles")
    for side in ("wide", "narrow"):
        assert len({tuple(place[side]) for place in places}) == len(places) > 240
        assert min(min(place[side]) for place in places) >= 0
    # A tile on a phone has at least 23 pixels.
    assert max(place["narrow"][0] for place in places) < 14


def test_regions_are_blocks_apart(con):
    for side in ("wide", "narrow"):
        taken: dict[str, list[list[int]]] = {}
        for place in Tables(con).rows("pages.tiles"):
            taken.setdefault(place["region"], []).append(place[side])
        boxes = {
            region: [min(p[0] for p in own), min(p[1] for p in own), max(p[0] for p in own), max(p[1] for p in own)]
            for region, own in taken.items()
        }
        for one, a in boxes.items():
            for other, b in boxes.items():
                apart = a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1]
                assert one == other or apart, (side, one, other)


def test_a_window_is_a_choice_and_never_mixed_with_another(map_site):
    choices = data_of(text_of(map_site, "search"), "countries")["choices"]
    held = {choice["key"]: [row["country"] for row in unpacked(choice["panels"][0]["rows"])] for choice in choices}
    assert held == {
        "search_terms_by_country|2026-01-01": ["CN", "MC", "XX", "DE", "BR"],
        "search_terms_by_country|2020-01-01": ["CN", "FR"],
    }


def test_the_map_says_what_it_shows_in_words(map_site):
    text = text_of(map_site, "search")
    first = data_of(text, "countries")["choices"][0]
    assert first["title"] == "PyTorch had more than TensorFlow in 3 of 5 countries, by Google searches since Jan 2026"
    assert "China 92%, Monaco 70%, XX 55%" in first["alternative"]
    assert "Lowest: Brazil 39%, Germany 50%" in first["alternative"]
    assert "not on the map: XX." in first["note"]
    assert "grey tile is unknown, not zero" in first["note"]
    assert "No figures by country" not in text
    box = text.split('id="countries" data-figure')[1].split("</figure>")[0]
    for act in ("csv", "png", "svg", "link", "cite", "embed"):
        assert f'data-act="{act}"' in box


def test_who_is_ahead_in_a_country_is_told_and_a_draw_is_nobody(map_site):
    rows = unpacked(data_of(text_of(map_site, "search"), "countries")["choices"][0]["panels"][0]["rows"])
    assert {row["country"]: row["label"] for row in rows} == {
        "CN": "PyTorch",
        "MC": "PyTorch",
        "XX": "PyTorch",
        "DE": None,
        "BR": "TensorFlow",
    }


def test_every_framework_by_country_in_a_table_newest_window_first(map_site):
    rows = cells(text_of(map_site, "search"), "countries-of-all")
    assert rows[0][4:] == ["PyTorch, %", "TensorFlow, %"]
    assert [row[0] for row in rows[1:]] == ["BR", "CN", "DE", "FR", "MC", "XX"]
    assert rows[2][3:] == ["PyTorch", "92.0", "8.0"]


def test_without_figures_the_page_says_what_is_missing_and_how_to_get_it(site):
    text = visible(text_of(site, "search"))
    assert "By country: no figures in this release" in text
    assert "hold searches over time only" in text
    assert "trends import google-trends geoMap.csv" in text


# --- conferences -----------------------------------------------------------------------------------------------------


def test_every_conference_has_a_small_chart_of_its_own_rows(con, site):
    text = text_of(site, "research")
    data = data_of(text, "conferences")
    headings = re.findall(r"<h3>(.*?)</h3>", text.split('id="conferences" data-figure')[1].split("</figure>")[0])
    assert headings == ["NeurIPS", "ICML", "ICLR", "CVPR", "ACL", "EMNLP", "NAACL", "ICCV", "ECCV"]
    for heading, panel in zip(headings, data["choices"][0]["panels"], strict=True):
        held = con.execute(
            "select period_label, framework, value from pages.lines where source = 'conference_papers' "
            "and series = 'mentions_unique_live' and population = ?",
            [heading],
        ).fetchall()
        rows = unpacked(panel["rows"])
        assert [(row["period_label"], row["framework"], row["value"]) for row in rows] == held
    (sentence,) = con.execute(
        "select sentence from pages.population_summaries "
        "where source = 'conference_papers' and framework_b = 'tensorflow'"
    ).fetchone()
    assert data["choices"][0]["title"] == sentence


# --- pairs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pair", ["pytorch-tensorflow", "pytorch-keras", "jax-keras"])
def test_a_fitted_line_has_the_rows_of_its_mart(con, site, pair):
    first, second = pair.split("-")
    text = text_of(site, f"compare/{pair}")
    data = data_of(text, "fits")
    fields = ("point_date", "observed_pct", "fitted_pct", "fitted_low_pct", "fitted_high_pct", "forecast_pct")
    rows = [row for panel in data["choices"][0]["panels"] for row in unpacked(panel["rows"])]
    held = con.execute(
        f"select {', '.join(fields)} from pages.curves where framework_a = ? and framework_b = ? "
        "order by (select headline_order from marts.source_status as s where s.source = curves.source), population, "
        "point_date",
        [first, second],
    ).fetchall()
    plain = [tuple(round(v, 6) if isinstance(v, float) else str(v) if v else v for v in row) for row in held]
    assert [tuple(row[field] for field in fields) for row in rows] == plain
    words = visible(text)
    for sentence, forecast in con.execute(
        "select sentence, forecast_sentence from pages.fits where framework_a = ? and framework_b = ?",
        [first, second],
    ).fetchall():
        assert sentence in words
        assert forecast in words


@pytest.mark.parametrize(("first", "second"), [("pytorch", "tensorflow"), ("keras", "scikit-learn")])
def test_years_side_by_side_are_those_of_the_mart(con, site, first, second):
    rows = cells(text_of(site, f"compare/{first}-{second}"), "years")
    held = con.execute(
        """
        select year, sources.label || ' ' || population, percent_words(a_share_of_pair_pct), spread_pct, is_agreed,
            source_count
        from marts.source_agreement as found
        inner join marts.source_status as sources on sources.source = found.source
        where framework_a = ? and framework_b = ?""",
        [first, second],
    ).fetchall()
    years = rows[0][1:]
    assert years == sorted({str(row[0]) for row in held})
    shown = {(year, line[0]): cell for line in rows[1:-2] for year, cell in zip(years, line[1:], strict=True) if cell}
    assert shown == {(str(year), line): share for year, line, share, *_ in held}
    agreed = {
        str(year): f"{'yes' if is_agreed else 'no'} ({count})" for year, _, _, _, is_agreed, count in held if count > 1
    }
    assert {year: cell for year, cell in zip(years, rows[-1][1:], strict=True) if cell != wording.NO_FIGURE} == agreed


def test_the_matrix_counts_as_the_pairs_do(con, site):
    rows = cells(text_of(site, "compare/index"), "matrix")
    shown = {
        (line[0], column): cell for line in rows[1:] for column, cell in zip(rows[0][1:], line[1:], strict=True) if cell
    }
    held = con.execute("select label_a, label_b, a_count, b_count, source_count from pages.pairs").fetchall()
    assert shown == {
        key: f"{count} of {total}"
        for a, b, a_count, b_count, total in held
        for key, count in (((a, b), a_count), ((b, a), b_count))
    }
    assert '<td class="leads"><a href="pytorch-tensorflow.html"' in text_of(site, "compare/index")


# --- what else the marts hold ----------------------------------------------------------------------------------------


def test_published_readings_stand_among_the_claims(con, site):
    rows = cells(text_of(site, "claims"), "published")
    held = con.execute(
        "select percent_words(published_pct), percent_words(newest_pct), answer, percent_words(measured_pct), "
        "if(is_inside, 'yes', 'no') from marts.published_readings where is_fixed_definition"
    ).fetchall()
    shown = [(row[2], row[4], row[5], row[6], row[9]) for row in rows[1:]]
    assert sorted(shown) == sorted(held)
    assert {row[2] for row in held} == {"matches", "matches a reading of its time only", "matches none"}


def test_users_that_articles_name_are_listed_unchecked(con, site):
    words = visible(text_of(site, "which-one"))
    assert "nobody here checked it" in words
    for organisation, product in con.execute("select organisation, product from marts.industry_users").fetchall():
        assert f"{organisation} ({product}" in words


def test_refuted_claims_are_named_first(con, site):
    top = text_of(site, "claims").split("</div>")[0] + text_of(site, "claims").split('class="masthead"')[1]
    for claim_id, statement in con.execute(
        "select claim_id, statement from marts.claims where verdict = 'inconsistent'"
    ).fetchall():
        assert f'<a href="#{claim_id}">{html.escape(statement, quote=False)}' in html.unescape(top).replace(
            statement, html.escape(statement, quote=False)
        )


def test_a_date_is_no_stand_in_and_a_misreading_no_interval_of_counting(con, site):
    page = text_of(site, "claims")
    for (claim_id,) in con.execute("select claim_id from marts.claims where source = 'events'").fetchall():
        claim = visible(page.split(f'id="{claim_id}"')[1].split("</article>")[0])
        assert "a date on record" in claim
        assert "stand-in" not in claim
    assert "Bar: how far it may be off, of a sample or a picture; what was counted in full has none." in page


# --- what may be passed on -------------------------------------------------------------------------------------------


def drawn(con, **changed: str) -> dict[str, str]:
    sources = [row[0] for row in con.execute("select source from marts.source_status").fetchall()]
    rules = dict.fromkeys(sources, ("figures only", "counts are facts"))
    rules |= {source: (value, "") for source, value in changed.items() if value}
    kept = {source: rule for source, rule in rules.items() if changed.get(source) != ""}
    return dict(pages_of(Tables(con), RELEASE, kept))


def test_figures_of_every_source_of_the_project_may_be_passed_on(site):
    assert "shown here, but no licence lets us" not in text_of(site, "search")
    assert 'data-act="csv"' in text_of(site, "search")


@pytest.mark.slow
@pytest.mark.parametrize("rule", ["no", ""], ids=["refused", "without a rule"])
def test_what_exports_leave_out_has_no_csv_button(con, rule):
    pages = drawn(con, google_trends=rule)
    search = pages["search.html"]
    assert 'data-act="csv"' not in search
    assert 'data-act="png"' in search
    assert "No CSV of Google Trends: shown here" in search
    pair = pages["compare/pytorch-tensorflow.html"]
    assert "The CSV leaves out Google Trends: shown here" in pair
    assert data_of(pair, "sources")["withheld"] == ["Google Trends"]
    assert 'data-act="csv"' in pair
    assert "left out of exports and CSV files" in pages["sources.html"]
