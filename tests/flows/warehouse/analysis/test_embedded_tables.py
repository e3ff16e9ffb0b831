"""The embedded tables against each other: nothing is lost on the way, and where two tables tell the same they agree."""

import csv
import itertools
from collections import Counter, defaultdict
from datetime import date
from statistics import median

import pytest

from flows.settings import PROJECT
from tests.flows.warehouse.analysis.test_embedded_data import rows
from tests.shared_data import shared

REFERENCE = PROJECT / "data" / "reference"
KEY = ("source", "series", "population", "period", "grain", "framework")
TABLES = sorted(
    path for path in REFERENCE.glob("*.csv") if path.read_text(encoding="utf-8").startswith(",".join(KEY) + ",")
)
Figures = dict[tuple[str, str], float]


def held(table: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def figures(table: str, series: str, population: str, grain: str = "month") -> Figures:
    """Values by period and framework."""
    wanted = {"series": series, "population": population, "grain": grain}
    found = {
        (row["period"], row["framework"]): float(row["value"])
        for row in held(table)
        if all(row[column] == value for column, value in wanted.items())
    }
    assert found, wanted
    return found


def share(of: Figures, period: str) -> float:
    """PyTorch's share of both."""
    return 100 * of[period, "pytorch"] / (of[period, "pytorch"] + of[period, "tensorflow"])


def differences(one: Figures, other: Figures, *frameworks: str) -> list[float]:
    both = [key for key in one.keys() & other.keys() if key[1] in frameworks]
    return sorted(abs(one[key] - other[key]) for key in both)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_table_is_sorted_and_keeps_one_row_of_each_key(path):
    found = [tuple(row[column] for column in KEY) for row in held(path.stem)]
    assert len(set(found)) == len(found)
    assert found == sorted(found, key=lambda key: (key[1], key[2], key[3], key[5]))


def test_every_embedded_figure_is_in_the_mart_as_it_stands(marts):
    assert len(TABLES) >= 14
    given = {tuple(row[column] for column in KEY): row for path in TABLES for row in held(path.stem)}
    found = {
        (*(str(row[c]) for c in ("source", "series", "population", "period_start", "grain", "framework")),): row
        for row in rows(marts, "from marts.framework_shares")
    }
    assert not given.keys() - found.keys()
    for key, row in given.items():
        mine = found[key]
        assert (mine["value"], mine["base"], mine["quality"], mine["reference"]) == (
            float(row["value"]),
            int(row["base"]) if row["base"] else None,
            row["quality"],
            row["reference"],
        ), key
    # What is more is made of them: zeros and quarters of Papers With Code, growth of conda totals.
    more = Counter((key[0], key[4]) for key in found.keys() - given.keys())
    assert set(more) <= {
        ("papers_with_code", "month"),
        ("papers_with_code", "quarter"),
        ("conda_downloads", "month"),
    }


def test_the_tables_found_in_november_are_all_there():
    """Counted against the tables as they were handed over."""
    given: Counter[str] = Counter()
    stands: dict[tuple[str, ...], dict[str, str]] = {}
    for path in TABLES:
        for row in held(path.stem):
            stands[tuple(row[column] for column in KEY)] = row
    folder = shared("").parent / "reference"
    before = [path for path in folder.glob("*.csv") if (REFERENCE / path.name) in TABLES]
    for path in [*before, *(folder / "2026-11").glob("*.csv")]:
        with path.open(encoding="utf-8", newline="") as file:
            lines = list(csv.DictReader(file))
        if tuple(lines[0])[: len(KEY)] != KEY:
            continue
        for row in lines:
            if row["framework"] == "caffe2" and row["source"] == "papers_with_code":
                row["framework"] = "caffe"  # what the site meant by its label
            mine = stands[tuple(row[column] for column in KEY)]
            given["same" if mine == row else "replaced"] += 1
            # Bases of 2023 that were fitted are the stated ones now; the counts are the same.
            assert mine["value"] == row["value"], row
    assert given["replaced"] == 12
    assert sum(given.values()) > 6000


def test_stars_of_tensorflow_keep_all_their_months(marts):
    found = rows(
        marts,
        "select reference, count(*) as months from marts.framework_shares "
        "where source = 'github_stars' and framework = 'tensorflow' group by reference",
    )
    assert found == [{"reference": "gh_ranking", "months": 88}]
    # Two lists of one month: neither pushes the other out.
    [both] = rows(
        marts,
        "select list_sort(list(distinct reference)) as lists from marts.framework_shares "
        "where source = 'github_stars' and period_start = '2023-12-01'",
    )
    assert len(both["lists"]) > 1


def test_stars_of_one_list_go_on_where_another_is_silent():
    lines: dict[str, list[tuple[date, float, str]]] = defaultdict(list)
    for row in held("github_stars"):
        day = date.fromisoformat(row["period"])
        lines[row["framework"]].append((day, float(row["value"]), row["reference"]))
    steps = 0
    for framework, line in lines.items():
        for (day, before, one), (next_day, after, other) in itertools.pairwise(line):
            months = (next_day.year - day.year) * 12 + next_day.month - day.month
            # Stars only accumulate; a list that counted otherwise would stand out as a step.
            if one != other:
                steps += 1
                assert 0.99 < after / before < 1 + 0.05 * months, (framework, day, before, after)
    assert steps > 20


def test_readings_of_the_trends_page_agree_but_for_their_newest_quarters():
    read = {
        name: figures("papers_with_code", "trends_page_share", f"trends page read {name}", "quarter")
        for name in ("2020-10", "2022-11", "2024-01", "2024-08")
    }
    both = ("pytorch", "tensorflow", "none")
    settled = {key: value for key, value in read["2024-01"].items() if key[0] < "2023-07-01"}
    assert max(differences(settled, read["2024-08"], *both)) <= 0.9
    assert median(differences(settled, read["2024-08"], *both)) <= 0.11
    early = {key: value for key, value in read["2022-11"].items() if key[0] < "2022-04-01"}
    assert max(differences(early, read["2024-01"], *both)) <= 0.9
    # Pages read later hold more implementations of old quarters: this is why readings are never joined.
    assert 2.5 < max(differences(read["2020-10"], read["2024-01"], *both)) < 4
    assert 5 < max(differences(read["2024-01"], read["2024-08"], *both)) < 6


def test_months_of_the_trends_page_lie_around_its_quarters():
    months = figures("papers_with_code", "trends_page_share", "trends page read 2024-01, months")
    quarters = figures("papers_with_code", "trends_page_share", "trends page read 2024-01", "quarter")
    off = []
    for (period, framework), value in quarters.items():
        year, first = int(period[:4]), int(period[5:7])
        found = [months.get((f"{year}-{month:02d}-01", framework)) for month in range(first, first + 3)]
        if None not in found:
            off.append(abs(sum(map(float, filter(None, found))) / 3 - value))
    assert len(off) == 42
    assert median(off) < 0.5
    assert max(off) < 2.4


def test_published_readings_of_others_lie_near_the_page():
    """Percents that others quoted, rounded to whole ones, against the reading nearest in time."""
    quoted = figures(
        "papers_with_code", "published_share_readings", "share of implementations on the trends page", "month"
    )
    page = figures("papers_with_code", "trends_page_share", "trends page read 2020-10", "quarter")
    assert abs(quoted["2020-10-01", "pytorch"] - page["2020-07-01", "pytorch"]) <= 0.5
    months = figures("papers_with_code", "trends_page_share", "trends page read 2024-01, months")
    for framework in ("pytorch", "tensorflow"):
        assert abs(quoted["2021-06-01", framework] - months["2021-06-01", framework]) <= 3


def test_the_code_search_finds_more_of_both_than_the_labels_say():
    search = figures("papers_with_code", "code_search_any", "links searched on GitHub (2020-07)", "quarter")
    page = figures("papers_with_code", "trends_page_share", "trends page read 2020-10", "quarter")
    periods = sorted({key[0] for key in search} & {key[0] for key in page})
    # Other links, words for labels, other dates: the pair's order changes in the same half-year all the same.
    ahead = {
        name: [p for p in periods if of[p, "pytorch"] > of[p, "tensorflow"]]
        for name, of in (("search", search), ("page", page))
    }
    assert len(periods) == 11
    assert ahead["page"][0] == "2019-01-01"
    assert ahead["search"][0] <= "2019-04-01"


@pytest.mark.parametrize(
    ("population", "months", "least", "most", "points"),
    [("pip only", 40, 0.86, 1.27, 3.1), ("all installers", 14, 0.9, 1.07, 1.6)],
)
def test_downloads_as_listed_agree_with_the_monthly_lists(population, months, least, most, points):
    listed = figures("pypi_downloads", "downloads_per_day", "last 30 days as listed")
    monthly = figures("pypi_downloads", "downloads_per_day", population)
    ratios = [listed[key] / monthly[key] for key in listed.keys() & monthly.keys()]
    assert least < min(ratios)
    assert max(ratios) < most
    assert 0.97 < median(ratios) < 1.04
    periods = {p for p, f in listed.keys() & monthly.keys() if f == "pytorch" and (p, "tensorflow") in listed}
    off = [abs(share(listed, p) - share(monthly, p)) for p in periods if (p, "tensorflow") in monthly]
    assert len(off) == months
    assert max(off) < points
    assert median(off) < 0.6


def test_hiring_posts_of_twelve_months_are_sums_of_months():
    twelve = figures("hn_hiring", "posts_12_months", "hiring threads, as hiringtrends counts")
    months = figures("hn_hiring", "posts_by_month", "hiring threads, as hiringtrends counts")
    checked = 0
    for (period, framework), value in twelve.items():
        end = 12 * int(period[:4]) + int(period[5:7]) - 1
        names = [f"{(end - n) // 12}-{(end - n) % 12 + 1:02d}-01" for n in range(12)]
        if all((name, framework) in months for name in names):
            assert sum(months[name, framework] for name in names) == value
            checked += 1
    assert checked == len(twelve) == 268


def test_official_survey_counts_fit_the_printed_percents_and_each_other():
    table = held("stack_overflow_survey")
    by_series: dict[tuple[str, str], dict[tuple[str, str], dict[str, str]]] = defaultdict(dict)
    for row in table:
        by_series[row["series"], row["population"]][row["period"], row["framework"]] = row
    everyone = by_series["worked_with", "all respondents"]
    assert {period[:4] for period, _ in everyone} == {str(year) for year in range(2018, 2025)}
    for key, row in by_series["worked_with_published", "all respondents"].items():
        assert 100 * float(everyone[key]["value"]) / int(everyone[key]["base"]) == pytest.approx(
            float(row["value"]), abs=0.005
        )
    # One count over several bases: the counts are the same, and whoever admires it has worked with it.
    for series in ("worked_with_of_answers", "worked_with_of_rows", "worked_with_of_question"):
        for key, row in by_series[series, "all respondents"].items():
            assert row["value"] == everyone[key]["value"], (series, key)
    for population in ("all respondents", "professional developers", "learning to code", "other coders"):
        for key, row in by_series["admired", population].items():
            assert row["base"] == by_series["worked_with", population][key]["value"], key
    # Three groups make up those who said what they are; some did not.
    for key, row in by_series["worked_with", "other coders"].items():
        groups = ("professional developers", "learning to code", "other coders")
        assert sum(float(by_series["worked_with", group][key]["value"]) for group in groups) <= float(
            row["base"]
        ) + float(everyone[key]["value"])


def test_the_pair_of_the_survey_is_what_the_note_prints(marts):
    found = rows(
        marts,
        "select year(period_start) as year, round(a_share_of_pair_pct, 1) as share from marts.head_to_head "
        "where source = 'stack_overflow_survey' and series = 'worked_with' and population = 'all respondents' "
        "and framework_a = 'pytorch' and framework_b = 'tensorflow' order by year",
    )
    assert [row["share"] for row in found] == [17.7, 24.2, 28.7, 37.4, 39.9, 47.9, 51.1]


def test_the_two_exports_of_google_trends_agree_on_the_shape():
    topics = figures("google_trends", "topics", "world, export of 2024-06-27")
    terms = figures("google_trends", "search_terms", "region not shown")
    years = defaultdict(list)
    for period, framework in topics:
        if framework == "pytorch" and (period, "pytorch") in terms and terms[period, "pytorch"] > 0:
            years[period[:4]].append(share(topics, period) - share(terms, period))
    # Topics and terms are other things: a few points apart, and both cross in 2021 or 2022.
    assert all(abs(sum(found) / len(found)) < 8 for year, found in years.items() if year >= "2019"), years
