"""What readers meet when they choose: several frameworks, axes of logarithms, one date, breaks, nothing, a phone."""

import re

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from dashboards.chromium import open_page
from tests.dashboards.conftest import data_of
from tests.dashboards.in_chromium import MARKS, opened, press, redrawn, until, words

pytestmark = MARKS
BUBBLE = "document.querySelector('.bubble')"
NAMES = "return Array.from(document.querySelectorAll('#several .chips input:checked'), one => one.value)"
TICKS = "return Array.from(document.querySelectorAll('#{} .plot svg .role-axis-label text'), t => t.textContent)"


def test_two_to_five_frameworks_stand_on_one_chart_and_in_the_address(browser, site):
    opened(browser, site, "compare/index", state="#f=several&s=github_stars&fw=jax,keras,mxnet")
    assert set(browser.execute_script(NAMES)) == {"jax", "keras", "mxnet"}
    drawn = words(browser, "#several .plot svg")
    assert all(name in drawn for name in ("JAX", "Keras", "Apache MXNet"))
    assert "TensorFlow" not in drawn
    press(browser, '#several input[value="pytorch"]')
    until(browser, "location.hash.includes('fw=jax%2Ckeras%2Cmxnet%2Cpytorch') || location.hash.includes('pytorch')")
    press(browser, '#several input[value="tensorflow"]')
    until(browser, "document.querySelectorAll('#several .chips input:checked').length === 5")
    for name in ("pytorch", "tensorflow", "mxnet"):
        press(browser, f'#several input[value="{name}"]')
    assert set(browser.execute_script(NAMES)) == {"jax", "keras"}


REFUSED = "const e = document.querySelector('#several .refused'); return e.offsetHeight ? e.textContent : ''"


def test_a_choice_that_is_not_taken_says_why(browser, site):
    five = "pytorch,tensorflow,jax,keras,mxnet"
    opened(browser, site, "compare/index", state=f"#f=several&s=kaggle_survey&fw={five}")
    assert browser.execute_script(REFUSED) == ""
    live = "return document.querySelector('#several .refused').getAttribute('aria-live')"
    assert browser.execute_script(live) == "polite"
    box = browser.find_element(By.CSS_SELECTOR, '#several input[value="scikit-learn"]')
    box.send_keys(Keys.SPACE)
    until(browser, "document.querySelector('#several .refused').textContent")
    assert browser.execute_script(REFUSED) == "At most 5 stand on one chart: take one away to add scikit-learn."
    assert set(browser.execute_script(NAMES)) == set(five.split(","))
    press(browser, '#several input[value="mxnet"]')
    until(browser, "!document.querySelector('#several .refused').textContent")
    for name in ("pytorch", "tensorflow", "jax"):
        press(browser, f'#several input[value="{name}"]')
    assert browser.execute_script(REFUSED) == "At least 2 are compared: add another one to take JAX away."
    assert set(browser.execute_script(NAMES)) == {"jax", "keras"}


def test_an_address_with_one_or_six_is_mended(browser, site):
    opened(browser, site, "compare/index", state="#f=several&fw=jax")
    assert len(browser.execute_script(NAMES)) >= 2
    assert "fewer than 2" in browser.execute_script(REFUSED)
    six = "pytorch,tensorflow,jax,keras,scikit-learn,mxnet"
    opened(browser, site, "compare/index", state=f"#f=several&s=kaggle_survey&fw={six}")
    assert len(browser.execute_script(NAMES)) == 5
    assert browser.execute_script(REFUSED) == "The address names 6: the first 5 are shown."


PHONE_TABLES = {"index": "#sources", "framework/index": "main", "framework/jax": "#readings", "claims": "#published"}


@pytest.mark.parametrize("page", PHONE_TABLES)
def test_on_a_phone_a_table_of_words_is_read_without_moving_it(browser, site, page):
    opened(browser, site, page, 360)
    hidden = f"""return Array.from(document.querySelectorAll('{PHONE_TABLES[page]} table.cards'), table => {{
        const place = table.closest('.scroll');
        const unnamed = Array.from(table.querySelectorAll('td')).filter(
            cell => getComputedStyle(cell, '::before').content === 'none');
        return [place.scrollWidth - place.clientWidth, unnamed.length];
    }})"""
    found = browser.execute_script(hidden)
    assert found
    assert all(wide < 2 and not unnamed for wide, unnamed in found), found


def test_on_a_phone_the_others_are_named_on_the_first_screen(browser, site):
    opened(browser, site, "index", 360)
    places = browser.execute_script("""
        return Array.from(document.querySelectorAll('.masthead a[href^="framework/"]'))
            .filter(link => link.getBoundingClientRect().bottom < 800).map(link => link.textContent)""")
    assert {"JAX", "Keras", "scikit-learn"} <= set(places)
    assert browser.find_element(By.CSS_SELECTOR, '.masthead a[href="#others-title"]')


def test_those_that_a_source_does_not_know_are_named(browser, site):
    opened(browser, site, "compare/index", state="#f=several&s=google_trends&fw=pytorch,jax")
    assert "Without figures here: JAX." in words(browser, "#several .subtitle")


def test_an_axis_of_logarithms_is_chosen_where_sizes_differ(browser, site):
    opened(browser, site, "activity", state="#f=pypi_downloads&y=log")
    until(browser, "!document.querySelector('#pypi_downloads .log').closest('label').hidden")
    ticks = browser.execute_script(TICKS.format("pypi_downloads"))
    assert not [tick for tick in ticks if tick == "0"], ticks
    press(browser, "#pypi_downloads .log")
    until(browser, "!location.hash.includes('y=log')")
    zero = "Array.from(document.querySelectorAll('#pypi_downloads .plot svg text')).some(t => t.textContent === '0')"
    until(browser, zero)


def test_where_a_zero_stands_it_is_refused_with_the_reason(browser, site):
    opened(browser, site, "research", state="#f=hep_repositories&y=log")
    until(browser, "document.querySelector('#hep_repositories .log').disabled")
    assert re.search(r"No log axis: it has no zero, and .+ has 0 in ", words(browser, "#hep_repositories .log-words"))


def test_figures_of_one_date_are_bars_and_no_stray_dots(browser, site):
    text = (site / "surveys.html").read_text(encoding="utf-8")
    assert len(data_of(text, "python_developers_survey")["choices"]) == 1
    opened(browser, site, "surveys")
    bars = "return document.querySelectorAll('#python_developers_survey .plot svg .mark-rect path').length"
    assert browser.execute_script(bars) == 4
    drawn = words(browser, "#python_developers_survey .plot svg")
    assert all(name in drawn for name in ("2019 edition", "PyTorch", "TensorFlow", "Keras", "scikit-learn", "26.0%"))


def test_the_reason_of_a_break_is_reached_by_keyboard_and_stands_in_the_note(browser, site):
    opened(browser, site, "activity")
    slider = browser.find_element("css selector", "#pypi_downloads .reader")
    browser.execute_script("arguments[0].focus()", slider)
    told = ""
    for _ in range(60):
        slider.send_keys(Keys.ARROW_LEFT)
        told = slider.get_attribute("aria-valuetext")
        if "with before: PyPI lists count all installers" in told:
            break
    assert "Not comparable with before: PyPI lists count all installers" in told
    assert "Not comparable with before" in words(browser, ".bubble")
    assert "A double rule parts what is not comparable" in words(browser, "#pypi_downloads .choice-note")


def test_nothing_chosen_leaves_no_empty_axis(browser, site):
    opened(browser, site, "activity", state="#f=github_stars&fw=&alone=1")
    assert browser.execute_script(TICKS.format("github_stars")) in ([], [""])
    assert "Nothing is chosen" in words(browser, "#github_stars .plot svg")


def test_on_a_phone_a_plot_has_two_thirds_of_its_width(browser, site):
    opened(browser, site, "research", width=360)
    share = """const svg = document.querySelector('#papers_with_code .plot svg');
        const lines = Array.from(svg.querySelectorAll('.role-axis-grid line'));
        return Math.max(...lines.map(one => one.getBoundingClientRect().width))"""
    assert browser.execute_script(share) >= 0.66 * 328
    sideways = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert browser.execute_script(sideways) <= 0


def test_on_a_phone_the_name_of_a_line_that_ended_is_whole(browser, site):
    opened(browser, site, "compare/index", width=360)
    figure = browser.execute_script("return document.querySelector('[data-figure]').id")
    for source, named in (("competitions", "pytorch,tensorflow"), ("github_stars", "mxnet,huggingface-transformers")):
        opened(browser, site, "compare/index", 360, state=f"#f={figure}&s={source}&fw={named}")
        told = words(browser, f"#{figure} .plot svg")
        assert "(ended)" in told
        assert "\u2026" not in told


def test_on_a_phone_no_line_runs_through_a_long_claim(browser, site):
    opened(browser, site, "claims", width=360)
    met = """const plot = document.querySelector('[data-figure] .plot svg');
        const boxes = Array.from(plot.querySelectorAll('text'), text => text.getBoundingClientRect());
        const texts = boxes.filter(box => box.height > 24), top = plot.getBoundingClientRect().top;
        const marks = Array.from(plot.querySelectorAll('.role-axis-grid line, .mark-symbol path'));
        return [texts.length, texts.filter(box => box.top < top || marks.some(mark => {
            const other = mark.getBoundingClientRect();
            return box.top < other.bottom - 1 && other.top < box.bottom - 1
                && box.left < other.right && other.left < box.right;
        })).length]"""
    long, crossed = browser.execute_script(met)
    assert long > 0
    assert crossed == 0


@pytest.mark.parametrize("page", ["index", "compare/pytorch-tensorflow"])
def test_a_measure_is_set_on_the_living_picture(browser, site, page):
    figure = {"index": "pypi_downloads", "compare/pytorch-tensorflow": "sources"}[page]
    opened(browser, site, page)
    browser.execute_script(f"window.kept = document.querySelector('#{figure} .plot svg')")
    before = browser.execute_script("return window.kept.innerHTML")
    press(browser, f'#{figure} .measures input[value="{"pair" if page == "index" else "count"}"]')
    redrawn(browser, figure, before)
    assert browser.execute_script(f"return window.kept === document.querySelector('#{figure} .plot svg')")


def test_the_chart_is_painted_before_the_address_changes(browser, site):
    """The address takes a browser as long as a chart: a reader waits for the chart alone."""
    opened(browser, site)
    before = browser.execute_async_script("""
        const done = arguments[arguments.length - 1];
        const seen = new MutationObserver(() => { seen.disconnect(); done(location.hash); });
        const plot = document.querySelector('#pypi_downloads .plot');
        seen.observe(plot, { childList: true, subtree: true, attributes: true });
        document.querySelector('#pypi_downloads .measures input[value="pair"]').click();""")
    assert "m=pair" not in before
    until(browser, "location.hash.includes('m=pair')")


def test_what_is_compared_is_cited_by_its_own_source_alone(browser, site, small_warehouse):
    opened(browser, site, "compare/index")
    whose = "return Array.from(document.querySelectorAll('#several .source-words'), one => one.textContent)"
    first = browser.execute_script(whose)
    assert first == ["Papers With Code, CC-BY-SA-4.0"] * 2
    browser.execute_script("""
        const select = document.querySelector('#several .choose');
        select.value = 'google_trends';
        select.dispatchEvent(new Event('change', { bubbles: true }));""")
    assert all("Google Trends" in words and "Papers With Code" not in words for words in browser.execute_script(whose))


def test_rows_of_what_is_compared_name_whose_they_are(site):
    several = data_of((site / "compare" / "index.html").read_text(), "several")
    for choice in several["choices"]:
        for panel in choice["panels"]:
            assert panel["rows"]["columns"]["source_label"] in several["sources"]


@pytest.mark.parametrize("page", ["compare/pytorch-tensorflow", "framework/jax", "surveys"])
def test_numbers_of_an_axis_stand_apart(browser, site, page):
    opened(browser, site, page)
    together = browser.execute_script("""
        return Array.from(document.querySelectorAll('.plot .role-axis-label'), (axis) => {
            const boxes = Array.from(axis.querySelectorAll('text')).filter((one) => one.textContent
                && getComputedStyle(one).opacity !== '0' && one.getAttribute('opacity') !== '0')
                .map((one) => [one.getBoundingClientRect(), one.textContent]);
            boxes.sort((a, b) => a[0].left - b[0].left);
            return boxes.slice(1).filter(([box], at) => box.left < boxes[at][0].right + 2
                && box.top < boxes[at][0].bottom && boxes[at][0].top < box.bottom).map((pair) => pair[1]);
        }).flat()""")
    assert together == []


@pytest.mark.parametrize(
    ("state", "told", "shown"),
    [
        ("#f=papers_with_code&from=2024&to=2016", None, ["2016", "2024"]),
        ("#f=papers_with_code&from=2030&to=2010", None, ["", ""]),
        ("#f=papers_with_code&s=nope", "something to count that this figure does not have", ["", ""]),
        ("#f=nope", "a figure that this page does not have", ["", ""]),
    ],
)
def test_what_an_address_names_and_nothing_has_is_told(browser, site, state, told, shown):
    opened(browser, site, "research", state=state)
    years = "return ['from', 'to'].map(end => document.querySelector('#papers_with_code .' + end).value)"
    assert browser.execute_script(years) == shown
    lines = browser.execute_script("return Array.from(document.querySelectorAll('.not-here'), one => one.textContent)")
    assert [told in line for line in lines] == ([True] if told else [])


def test_chosen_claims_stand_in_the_address_and_come_back(browser, site):
    opened(browser, site, "claims")
    Select(browser.find_element(By.NAME, "verdict")).select_by_visible_text("inconsistent")
    said = browser.find_element(By.CSS_SELECTOR, "form.filter output").text
    address = browser.current_url
    assert address.endswith("#verdict=inconsistent")
    assert int(said.split(" of ")[0]) < int(said.split(" of ")[1])
    article = browser.find_elements(By.CSS_SELECTOR, "[name=article] option")[1].text
    Select(browser.find_element(By.NAME, "article")).select_by_visible_text(article)
    both = browser.current_url
    open_page(browser, address)
    assert browser.find_element(By.CSS_SELECTOR, "form.filter output").text == said
    open_page(browser, both)
    assert browser.find_element(By.NAME, "article").get_property("value") == article


def test_a_citation_says_once_what_is_counted(browser, site):
    opened(browser, site)
    press(browser, "#crossings [data-act=cite]")
    cited = browser.execute_script("return document.querySelector('#crossings textarea').value")
    assert cited.count("Since when the one with more") == 1


@pytest.mark.parametrize("page", ["framework/jax", "compare/pytorch-jax"])
def test_on_a_phone_no_cell_of_years_stands_half_below_the_names(browser, site, page):
    opened(browser, site, page, 360)
    edges = browser.execute_script("""
        const table = document.querySelector('.years'), cells = Array.from(table.rows[1].cells);
        const edge = cells[0].getBoundingClientRect().right;
        return [table.parentNode.scrollLeft, cells.slice(1).map(cell => cell.getBoundingClientRect())
            .filter(box => box.left < edge - 1 && box.right > edge + 1).length, cells.length]""")
    assert edges[0] > 0
    assert edges[1] == 0


@pytest.mark.parametrize(("page", "width", "state"), [
    ("compare/pytorch-jax", 360, ""), ("index", 360, ""), ("index", 280, "#f=crossings&embed=1")
])  # fmt: skip
def test_on_a_phone_words_of_the_timeline_do_not_meet(browser, site, page, width, state):
    opened(browser, site, page, width, state=state)
    boxes = browser.execute_script("""
        return Array.from(document.querySelectorAll('#crossings .plot svg text'), text => [text.textContent,
            text.getBoundingClientRect()]).filter(one => one[0].length > 3 && one[1].width)
            .map(one => [one[0], one[1].left, one[1].right, one[1].top, one[1].bottom])""")
    assert len(boxes) > 10
    meeting = [
        (one[0], other[0])
        for place, one in enumerate(boxes)
        for other in boxes[place + 1 :]
        if one[1] < other[2] - 1 and other[1] < one[2] - 1 and one[3] < other[4] - 3 and other[3] < one[4] - 3
    ]
    assert meeting == []


def test_in_forced_colours_the_page_and_the_tab_that_are_chosen_can_be_told(browser, site):
    opened(browser, site)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "forced-colors", "value": "active"}]})
    for chosen, other in (
        (".bar nav a[aria-current]", ".bar nav a:not([aria-current])"),
        ("#crossings [role=tab][aria-selected=true]", "#crossings [role=tab][aria-selected=false]"),
    ):
        one, another = (
            browser.execute_script(
                "return getComputedStyle(document.querySelector(arguments[0])).borderBottomColor", place
            )
            for place in (chosen, other)
        )
        assert one != another
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
