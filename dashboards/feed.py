"""The feed of what changed from release to release (Atom, RFC 4287)."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, UUID, uuid5
from xml.etree import ElementTree

from .program import Release
from .tables import Row

FILE, PAGE = "feed.xml", "changes.html"
ATOM = "http://www.w3.org/2005/Atom"
MOST = 100
# Whatever address the site has, a change keeps its id.
OURS = uuid5(NAMESPACE_URL, "framework-trends:changes")
THIS = {"release_id": "this release"}
# Letters that XML has no place for, not even escaped.
REFUSED = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def change_id(change: Row) -> UUID:
    """One id for one change, the same in every release that tells of it, and in pages that are drawn anew."""
    names = ("release_before", "kind", "subject", "period_start", "change_order")
    return uuid5(OURS, "\n".join(str(change[name]) for name in names))


def released(change: Row, release: Release) -> datetime:
    """When the release that told of a change was made."""
    told = release.release_id if change["release_id"] == THIS["release_id"] else change["release_id"]
    return datetime.strptime(told[:17], "%Y-%m-%dT%H%M%S").replace(tzinfo=UTC)


def text(changes: Sequence[Row], release: Release, address: str) -> str:
    """The feed.

    Args:
        changes: rows of marts.change_log, newest first.
        release: the one that is published.
        address: of the site, or empty: then its links are relative.
    """
    ElementTree.register_namespace("", ATOM)
    base = f"{address}/" if address else ""
    feed = ElementTree.Element(_name("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": "en"})
    _say(feed, "title", "Framework Trends: what changed")
    _say(
        feed,
        "subtitle",
        "New leaders and dates, claims that broke, sources that ended, newer and revised figures, by release.",
    )
    _say(feed, "id", uuid5(OURS, address).urn)
    # Where nothing changed the feed is the same as before.
    last = max((released(change, release) for change in changes[:MOST]), default=released(THIS, release))
    _say(feed, "updated", last.isoformat())
    _say(ElementTree.SubElement(feed, _name("author")), "name", "The Framework Trends contributors")
    ElementTree.SubElement(feed, _name("link"), rel="alternate", type="text/html", href=f"{base}{PAGE}")
    if address:
        ElementTree.SubElement(feed, _name("link"), rel="self", type="application/atom+xml", href=f"{base}{FILE}")
    for change in changes[:MOST]:
        entry, found = ElementTree.SubElement(feed, _name("entry")), change_id(change)
        _say(entry, "id", found.urn)
        _say(entry, "title", change["sentence"])
        _say(entry, "updated", released(change, release).isoformat())
        ElementTree.SubElement(
            entry, _name("link"), rel="alternate", type="text/html", href=f"{base}{PAGE}#change-{found}"
        )
        ElementTree.SubElement(entry, _name("category"), term=change["kind"])
        _say(entry, "content", change["sentence"], type="text")
    ElementTree.indent(feed, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(feed, encoding="unicode") + "\n"


def _name(tag: str) -> str:
    return f"{{{ATOM}}}{tag}"


def _say(parent: ElementTree.Element, tag: str, words: str, **attributes: str) -> None:
    ElementTree.SubElement(parent, _name(tag), attributes).text = REFUSED.sub(" ", words)
