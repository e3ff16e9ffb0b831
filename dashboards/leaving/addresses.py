"""For a site with an address: sitemap, robots.txt, and an oEmbed answer for each figure."""

import json
from collections.abc import Callable, Iterator, Sequence
from html import escape
from xml.etree import ElementTree

from ..pages import Page
from .heads import canonical, oembed_file

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
# What the frame of an embedded figure takes; the width is the least that most pages have.
WIDTH, HEIGHT = 640, 480


def files(pages: Sequence[Page], address: str, image: Callable[[Page], str | None]) -> Iterator[tuple[str, str]]:
    """Every such file, and its text."""
    yield "sitemap.xml", sitemap(pages, address)
    yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {address}/sitemap.xml\n"
    for page in pages:
        for place, figure in enumerate(page.figures):
            found = image(page) if place == 0 else None
            text = json.dumps(_oembed(page, figure.name, figure.title, address, found), indent=1, ensure_ascii=False)
            yield oembed_file(page, figure.name), text + "\n"


def sitemap(pages: Sequence[Page], address: str) -> str:
    """The addresses of all pages."""
    ElementTree.register_namespace("", SITEMAP)
    root = ElementTree.Element(f"{{{SITEMAP}}}urlset")
    for page in pages:
        url = ElementTree.SubElement(root, f"{{{SITEMAP}}}url")
        ElementTree.SubElement(url, f"{{{SITEMAP}}}loc").text = canonical(address, page.file)
    ElementTree.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _oembed(page: Page, figure: str, title: str, address: str, image: str | None) -> dict[str, object]:
    frame = f"{address}/{page.file}#f={figure}&embed=1"
    told: dict[str, object] = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": "Framework Trends",
        "provider_url": f"{address}/",
        "cache_age": 86400,
        "width": WIDTH,
        "height": HEIGHT,
        "html": f'<iframe src="{escape(frame)}" title="{escape(title)}" width="100%" height="{HEIGHT}" '
        'style="border:0"></iframe>',
    }
    if image:
        # A thumbnail has three fields, or none.
        told |= {"thumbnail_url": f"{address}/{image}", "thumbnail_width": 1200, "thumbnail_height": 630}
    return told
