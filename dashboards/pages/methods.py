"""Methods: docs/methods.md as a page, so that what each number means is written once."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from ..drawing import Drawing
from ..program import PROJECT
from . import Page

TEXT = PROJECT / "docs" / "methods.md"


def pages(drawing: Drawing) -> Iterator[Page]:
    """The page of all methods."""
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(TEXT.read_text(encoding="utf-8"))
    title, sections = tokens[1].content, tokens[3:]
    contents = list(_headings(sections))
    _keep_links_of_the_site(sections)
    renderer = _Renderer()
    yield Page(
        "methods.html",
        title,
        {"contents": contents, "text": renderer.render(sections, MarkdownIt("commonmark").options, {})},
    )


class _Renderer(RendererHTML):
    """Formulas may be wider than a phone: what scrolls is reached by the keyboard."""

    def code_block(self, tokens: Sequence[Token], idx: int, *_: object) -> str:
        """A formula, indented in the text."""
        return f'<pre tabindex="0"><code>{escape(tokens[idx].content)}</code></pre>\n'


def _headings(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    """Give every heading a name of its own; yield it with its words."""
    for token, inside in pairwise(tokens):
        if token.type == "heading_open":
            name = "-".join(word for word in "".join(c if c.isalnum() else " " for c in inside.content.lower()).split())
            token.attrSet("id", name)
            yield name, inside.content


def _keep_links_of_the_site(tokens: list[Token]) -> None:
    """What a link of the text names beside it does not lie in the site: such words stand without a link."""
    for token in tokens:
        is_outside = False
        for child in token.children or []:
            if child.type == "link_open":
                is_outside = not str(child.attrGet("href")).startswith(("https://", "http://", "#"))
            if child.type in ("link_open", "link_close") and is_outside:
                child.type, child.tag, child.nesting, child.hidden = "text", "", 0, False
