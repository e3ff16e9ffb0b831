"""Five questions of someone who has never seen the site: each answered within two clicks, by links that ask it."""

import re

import pytest
from selenium.webdriver.common.by import By

from tests.dashboards.in_chromium import MARKS, opened

pytestmark = MARKS
# question: the words of the links that are followed, the part of the page that answers, and what is read there.
TRIAL = {
    "who leads in research now, and how sure": (
        [],
        "#evidence",
        r"Research\s+97%\s+PyTorch, Apr to Jun 2024.*?Nothing here says who leads today\..*?PyTorch 59.1 percent, "
        r"TensorFlow 1.9; each figure is read off a picture within 0.7 points; the newest quarter moved by up to 5.8 "
        r"points when such pictures were read again, which puts that share between 87% and 100%.*?"
        r"The newest figures of this kind are of April to June 2024. The site closed in July 2025",
    ),
    "since when in searches": (
        [],
        "#evidence",
        r"Search\s+65\.8%\s+PyTorch, Feb 2025.*?PyTorch since Apr 2021; could be Nov 2020",
    ),
    "what about JAX": (
        ["Frameworks", "JAX"],
        "main",
        r"JAX is first beyond chance in none of 5 sources of the last three years and last in 1.*?Against about a year "
        r"before, JAX is shown neither up nor down in any of 6 sources of the last three years that compare. Open: "
        r"Papers With Code .*?, GitHub dependents \(gained 870 more repositories in the 6 months to Jul 2026 than in "
        r"those before; "
        r".*?Place 2 or 3 of 3 in Papers With Code, 4 of 7 in PyPI downloads, "
        r".*?2.6 percent, read off a picture within 0.7 points, not settled: "
        r".*?open\s+From .*? to .*? in Jan to Mar 2024: .*?, between .*? and .*? points.*?2 or 3 of 3\s+PyTorch, 59.1",
    ),
    "may I quote this, and how": (
        ["how to quote it"],
        "#cite",
        r"may be quoted.*?release 2026-11-21T120000Z of 21 Nov 2026.*?Cite button.*?how sure "
        r"they are.*?licence of their source",
    ),
    "may I quote what an article says": (
        ["published claims tested"],
        "main",
        r"confirmed.*?The figures say the same.*?not refuted.*?As published",
    ),
    "what changed this month": (
        ["what changed"],
        "main",
        r"What changed.*?In the month of this release, Nov 2026.*?This release, of 21 Nov 2026.*?This is the first "
        r"release: there is nothing to compare.*?The newest figures of each source, changed or not\s+"
        r"GitHub stars, Sep 2026: In ",
    ),
}


@pytest.mark.parametrize("question", TRIAL)
def test_a_stranger_finds_the_answer_within_two_clicks(browser, site, question):
    clicks, place, answer = TRIAL[question]
    opened(browser, site)
    for words in clicks:
        browser.find_element(By.PARTIAL_LINK_TEXT, words).click()
    assert len(clicks) <= 2
    element = browser.find_element(By.CSS_SELECTOR, place)
    assert element.is_displayed()
    assert re.search(answer, element.text, re.DOTALL), element.text


def test_what_answers_first_is_seen_without_scrolling(browser, site):
    opened(browser, site)
    seen = """return Array.from(document.querySelectorAll('h1, .deck, #evidence *'))
        .filter(one => one.getBoundingClientRect().top < 900).map(one => one.textContent).join('|')"""
    words = browser.execute_script(seen)
    assert "PyTorch leads under" in words
    assert "Research" in words
    assert "Search" in words
