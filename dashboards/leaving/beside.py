"""What lies beside the pages for programs: the feed, and with an address the sitemap, robots.txt and oEmbed answers."""

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from xml.etree import ElementTree

from .. import feed
from ..figures import FRAME, Figure
from ..pages import Page
from ..program import Release
from ..tables import Tables
from .heads import canonical, oembed_file
from .pictures import Picture, size_of

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def beside(
    pages: Sequence[Page],
    tables: Tables,
    release: Release,
    address: str,
    folder: Path,
    images: Mapping[str, Picture],
) -> Iterator[tuple[str, str]]:
    """Every such file, and its text.

    Args:
        pages: all pages of the site.
        tables: of its warehouse.
        release: what is published.
        address: of the site, or empty.
        folder: of the site, with its pictures.
        images: picture of each page that has one.
    """
    yield feed.FILE, feed.text(tables.rows("marts.change_log"), release, address)
    if not address:
        return
    yield "sitemap.xml", sitemap(pages, address)
    yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {address}/sitemap.xml\n"
    for page in pages:
        for figure in page.figures:
            told = _oembed(page, figure, address)
            found = images.get(page.file)
            if found and found.figure == figure and (folder / found.image).is_file():
                width, height = size_of(folder / found.image)
                thumbnail = f"{address}/{found.image}"
                told |= {"thumbnail_url": thumbnail, "thumbnail_width": width, "thumbnail_height": height}
            yield oembed_file(page, figure.name), json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def sitemap(pages: Sequence[Page], address: str) -> str:
    """The addresses of all pages."""
    ElementTree.register_namespace("", SITEMAP)
    root = ElementTree.Element(f"{{{SITEMAP}}}urlset")
    for page in pages:
        url = ElementTree.SubElement(root, f"{{{SITEMAP}}}url")
        ElementTree.SubElement(url, f"{{{SITEMAP}}}loc").text = canonical(address, page.file)
    ElementTree.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _oembed(page: Page, figure: Figure, address: str) -> dict[str, object]:
    frame = escape(f"{address}/{page.file}#f={figure.name}&embed=1")
    width, height = FRAME[0], figure.framed_height
    return {
        "version": "1.0",
        "type": "rich",
        "title": figure.title,
        "provider_name": "Framework Trends",
        "provider_url": f"{address}/",
        "cache_age": 86400,
        "width": width,
        "height": height,
        "html": f'<iframe src="{frame}" title="{escape(figure.title)}" width="{width}" height="{height}" '
        'style="border:0;max-width:100%"></iframe>',
    }
