"""The whole site as one HTML file, to mail around: every page, style and script inside, nothing beside it."""

import base64
import hashlib
import re
from pathlib import Path

from .program import DashboardError

SCRIPTS = ("site.js", "vega.js", "shapes.js", "charts.js", "router.js")
MAIN = re.compile(r'<main id="content"[^>]*>\n?(.*)</main>', re.DOTALL)
BESIDE = re.compile(r'<a href="(?:data/|api/|feed\.xml)[^"]*">(.*?)</a>')
SECTION = re.compile(r'<main id="content"[^>]* data-section="([^"]*)"')
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


def write(site: Path, target: Path) -> int:
    """Write the pages of `site` into one file; return its size in bytes.

    Raises:
        DashboardError: the site has no pages, or the file cannot be written.
    """
    pages = {str(path.relative_to(site)): path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    # A page with a policy of its own (the one for SQL) cannot live inside another.
    pages = {name: text for name, text in pages.items() if MAIN.search(text) and not name.startswith("sql")}
    if "index.html" not in pages:
        raise DashboardError(f"{site}: expected index.html, found none. Run `trends build`, then try again.")
    try:
        target.write_text(_joined(site, pages), encoding="utf-8")
    except OSError as error:
        raise DashboardError(
            f"{target}: the file cannot be written: {error}. Choose another place or free the disk."
        ) from error
    return target.stat().st_size


def _joined(site: Path, pages: dict[str, str]) -> str:
    scripts = [_inline((site / name).read_text(encoding="utf-8")) for name in SCRIPTS if (site / name).exists()]
    policy = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    styles = "\n".join((site / name).read_text(encoding="utf-8") for name in ("theme.css", "site.css"))
    templates = "".join(
        f'<template data-page="{name}" data-section="{_section(text)}" data-title="{_title(text)}">'
        f"{_main(text)}</template>\n"
        for name, text in pages.items()
    )
    first = pages["index.html"]
    head, rest = first.split("</head>", 1)
    head = re.sub(r'<(?:link rel="stylesheet"|script)[^>]*>(?:</script>)?\n?', "", head)
    head = head.replace("script-src 'self' file:", f"script-src {policy}")
    head = head.replace("style-src 'self' file: 'unsafe-inline'", "style-src 'unsafe-inline'")
    body = rest.replace(
        "</body>", templates + "".join(f"<script>{script}</script>\n" for script in scripts) + "</body>"
    )
    body = body.replace('href="sql.html"', 'href="sql.html" hidden')
    return f"{head}<style>\n{styles}</style>\n</head>{MAIN.sub(_empty, body, count=1)}"


def _empty(_: re.Match[str]) -> str:
    return '<main id="content" class="wide" tabindex="-1"></main>'


def _main(text: str) -> str:
    """What a page holds, without links to files that lie beside the site."""
    found = MAIN.search(text)
    return BESIDE.sub(r"\1", found.group(1)) if found else ""


def _section(text: str) -> str:
    """The entry of the bar that a page stands under."""
    found = SECTION.search(text)
    return found.group(1) if found else ""


def _title(text: str) -> str:
    found = TITLE.search(text)
    return found.group(1).replace('"', "&quot;") if found else ""


def _inline(script: str) -> str:
    # Either would end the script element that holds it, or begin one that never ends.
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
