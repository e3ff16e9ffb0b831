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
        r"Research\s+97%\s+PyTorch.*?PyTorch 59.1 percent, TensorFlow 1.9; read off a picture, within 0.2 points",
    ),
    "since when in searches": ([], "#evidence", r"Search\s+66%\s+PyTorch.*?PyTorch since Apr 2021; could be Nov 2020"),
    "what about JAX": (
        ["Frameworks", "JAX"],
        "main",
        r"JAX stands between place.*?Papers With Code.*?2.6 percent\s+2 of 3\s+PyTorch, 59.1",
    ),
    "may I quote this, and how": (
        ["how to quote it"],
        "#cite",
        r"may be quoted.*?release 2026-11-21.*?Cite button.*?licence of their source",
    ),
    "may I quote what an article says": (["published claims tested"], "main", r"confirmed.*?not refuted.*?Published"),
    "what changed this month": (["what changed"], "main", r"What changed.*?21 Nov 2026"),
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
