"""What a page tells of itself to search engines and to programs that show a link to it."""

from typing import Any

from ..pages import Page
from .pictures import Picture

MOST = 300  # letters of a description that are shown anywhere
SENTENCE = 5  # words


def told(page: Page, address: str, picture: Picture | None) -> dict[str, Any]:
    """Title, description and addresses of a page; the finding of its first figure where it has one.

    Args:
        page: what stands on it.
        address: that of the site, or empty.
        picture: what programs show beside a link to the page.
    """
    figure = next(iter(page.figures), None)
    # Some pages have a name for a title, as "Search", others say what was found.
    is_name = len(page.title.split()) < SENTENCE
    finding = figure.title if figure and is_name else page.title
    said = page.description
    if not said and figure:
        words = [] if is_name else [figure.title]
        words += [figure.first.subtitles[figure.measure] or "", f"Data up to {figure.first.data_up_to}"]
        said = ". ".join(word.rstrip(".") for word in [finding, *words] if word) + "."
    return {
        "file": page.file,
        "heading": page.title,
        "title": f"{page.title}: {finding}" if finding != page.title else finding,
        "finding": finding,
        "description": _short(said or f"{page.title}. Figures with source, base and date."),
        "root": "../" * page.file.count("/"),
        "has_charts": page.has_charts,
        "address": canonical(address, page.file),
        "image": f"{address}/{picture.image}" if address and picture else "",
        # A page without a picture of its own shows that of another one, which says something else.
        "image_words": picture.figure.title if picture else "",
        "embeds": [(f"{address}/{oembed_file(page, figure.name)}", figure.title) for figure in page.figures]
        if address
        else [],
    }


def canonical(address: str, file: str) -> str:
    """The one address of a page; empty where the site has none. A folder stands for its index."""
    return f"{address}/{file.removesuffix('index.html')}" if address else ""


def oembed_file(page: Page, figure: str) -> str:
    """Where the description of a figure for other sites lies."""
    return f"oembed/{page.file.removesuffix('.html')}/{figure}.json"


def _short(words: str) -> str:
    """Whole words, as many as are shown."""
    words = " ".join(words.split())
    return words if len(words) <= MOST else words[:MOST].rsplit(" ", 1)[0] + " \u2026"
