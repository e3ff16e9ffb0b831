"""Pictures with addresses that stay: the first figure of each page and framework, light and dark, and a PNG for links.

They are drawn by the pages' own script in a small engine, so that a picture is what its page shows; each once, until
its figures, its words or the script change.
"""

import hashlib
import json
import logging
import os
import re
import shutil
import struct
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import shapes, theme
from ..figures import Figure, Panel
from ..pages import Page
from ..program import put, settle_tree
from .pixels import Pixels

log = logging.getLogger(__name__)

HERE = Path(__file__).parent
FOLDER = "img"
WIDTH = 960
BESIDE = 2  # panels of a figure that a picture holds
# Widths of a figure that stands in its page before scripts run, by the class under which site.css shows it: that of the
# column on a screen, and on a phone.
STILLS = {"broad": 1136, "slim": 328}
# What a drawing tells of itself; its place says what it shows.
SAID = re.compile(r' (?:class|role|version|pointer-events|xmlns:xlink|aria-[a-z]+)="[^"]*"')
# Parts of the charts' script that draw, without those that listen to a reader.
PARTS = ("rows", "places", "pictures", "drawing", "choices", "taking")
# Widths of Liberation Sans and of its bold, in thousandths, from the space to the tilde: the engine cannot measure.
PLAIN = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 "
    "278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 "
    "611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 "
    "556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584"
)
BOLD = (
    "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 "
    "333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 "
    "611 722 667 944 667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 611 278 278 556 278 889 "
    "611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584"
)


@dataclass(frozen=True)
class Picture:
    """A picture of a page.

    Attributes:
        name: of its files.
        figure: what it shows.
    """

    name: str
    figure: Figure

    @property
    def image(self) -> str:
        """The one that programs show beside a link."""
        return f"{FOLDER}/{self.name}.png"


def of_pages(pages: Sequence[Page]) -> dict[str, Picture]:
    """By file of a page, the picture that programs show beside a link to it.

    Pages with figures have that of their first one, frameworks where two sources know them. Of pairs there are
    hundreds: theirs is that of the page that shows the same, else of the first framework that has one. The rest, as
    lists and tables, show what the overview shows.
    """
    found: dict[str, Picture] = {}
    for page in pages:
        of_framework = page.file.startswith("framework/")
        if page.figures and not _of_pair(page) and not (of_framework and len(page.figures[0].first.panels) < BESIDE):
            own = page.file.removesuffix(".html").replace("/", "-")
            found[page.file] = Picture(own if of_framework else page.figures[0].name, page.figures[0])
    by_file = {picture.figure.file_name: picture for picture in found.values() if picture.figure.file_name}
    for page in pages:
        if page.file not in found and found:
            near = [by_file[figure.file_name] for figure in page.figures if figure.file_name in by_file]
            near += [found[file] for file in page.beside if file in found]
            found[page.file] = (near or list(found.values()))[0]
    return found


def _of_pair(page: Page) -> bool:
    return page.file.startswith("compare/") and page.file != "compare/index.html"


def still(engine: "Engine", picture: Picture | None, cache: Path) -> str:
    """The figure of a picture as its page's script will draw it, to stand there until then; empty where there is none.

    Args:
        engine: draws it.
        picture: of the page.
        cache: keeps what is drawn.
    """
    if picture is None:
        return ""
    data = json.dumps(_told(picture.figure), sort_keys=True)
    file = cache / "stills" / f"{engine.key(picture.figure, data)}.svg"
    if file.exists():
        return file.read_text(encoding="utf-8")
    try:
        drawn = {name: engine.drawn(picture.figure.shape, data, width, is_bare=True) for name, width in STILLS.items()}
    except RuntimeError as error:
        log.warning("%s: it cannot be drawn before its page's script runs: %s", picture.name, error)
        return ""
    head = '<svg class="still {}" preserveAspectRatio="xMinYMin" aria-hidden="true"'
    text = "".join(SAID.sub("", one).replace("<svg", head.format(name), 1) for name, one in drawn.items())
    shutil.rmtree(file.parent, ignore_errors=True)
    file.parent.mkdir()
    put(file, text)
    return text


def draw(engine: "Engine", pictures: Mapping[str, Picture], folder: Path, cache: Path, *, png: bool) -> None:
    """Put every picture into `folder`, from `cache` where it was drawn before.

    Args:
        engine: draws them.
        pictures: by anything.
        folder: of the site.
        cache: keeps what is drawn; what is not asked for any more is deleted.
        png: whether links will name the pictures.
    """
    place = folder / FOLDER
    place.mkdir()
    kept = cache / "pictures"
    kept.mkdir(exist_ok=True)
    shown = sorted(pictures.values(), key=lambda picture: picture.figure.shape not in shapes.FIRST)
    figures = {picture.name: picture.figure for picture in shown}
    drawn: dict[Path, Path] = {}
    with Pixels() as pixels:
        if not any(kept.iterdir()):
            # All are to be drawn, and no chart is there yet.
            engine.begin()
            if png:
                pixels.begin()
        for name, figure in figures.items():
            drawn |= _drawn(engine, place / name, figure, kept, pixels if png else None)
    for told in pixels.failed:
        log.warning("A picture has no PNG: %s", told)
    for part in place.glob("*.part"):
        part.unlink()
    new = [target for target, file in drawn.items() if target.exists() and not file.exists()]
    if new:
        # After a power cut the name of one that is kept may not stand over an empty file. The disk takes all in one go.
        settle_tree(place)
    for target in new:
        _place(target, drawn[target])
    used = {file.name for file in drawn.values()}
    for file in kept.iterdir():
        if file.name not in used:
            file.unlink()


def _drawn(engine: "Engine", target: Path, figure: Figure, kept: Path, pixels: Pixels | None) -> dict[Path, Path]:
    """Place the files of one picture; for each where it is kept. Those with pixels come while others are drawn."""
    data = json.dumps(_told(figure), sort_keys=True)
    key = engine.key(figure, data)
    endings = [".svg", "-dark.svg", *([".png"] if pixels else [])]
    files = {target.with_name(target.name + ending): kept / f"{key}{ending}" for ending in endings}
    light, dark, *image = files
    if files[light].exists() and files[dark].exists():
        for one in (light, dark):
            _place(files[one], one)
    else:
        try:
            text = engine.drawn(figure.shape, data)
        except RuntimeError as error:
            log.warning("%s: its picture cannot be drawn: %s", target.name, error)
            return {}
        dark.write_text(coloured(text, 1), encoding="utf-8")
        light.write_text(coloured(text, 0), encoding="utf-8")
    for one in image:
        if files[one].exists():
            _place(files[one], one)
        elif pixels:
            pixels.ask(light, one)
    return files


def size_of(image: Path) -> tuple[int, int]:
    """Width and height of a PNG."""
    width, height = struct.unpack(">II", image.read_bytes()[16:24])
    return width, height


def coloured(text: str, column: int) -> str:
    """The picture with the colours of light (0) or dark (1) in place of their names."""
    named: dict[str, str] = {name: value[column] for name, value in theme.COLOURS.items()}
    named |= {f"fw-{name}": str(value[column]) for name, value in theme.FRAMEWORKS.items()}
    return re.sub(r"var\(--([\w-]+)\)", lambda found: named[found.group(1)], text)


class Engine:
    """The charts' script without a browser.

    Args:
        site: folder that holds vega.js.
        scripts: folder of the parts of the charts' script.
        compiled: gives a chart by its name; each is asked for when the first picture needs it.
    """

    def __init__(self, site: Path, scripts: Path, compiled: Callable[[str], str]) -> None:
        parts = [(scripts / f"{part}.js").read_text(encoding="utf-8") for part in PARTS]
        widths = f"const WIDTHS = {json.dumps([list(map(int, line.split())) for line in (PLAIN, BOLD)])};"
        still = (HERE / "still.js").read_text(encoding="utf-8")
        before, after = still.split("/* The parts stand here. */")
        self._scripts = [
            f"(function () {{\n{widths}\n{before}\n{''.join(parts)}\n{after}\n}})();",
            (site / "vega.js").read_text(encoding="utf-8"),
            "window.trendsShapes = {};",
        ]
        self._compiled = compiled
        self._made_of = hashlib.sha256("".join([theme.stylesheet(), *self._scripts]).encode())
        self._context: Any = None
        self._known: set[str] = set()

    def key(self, figure: Figure, data: str) -> str:
        """A checksum over all that a picture is made of."""
        total = self._made_of.copy()
        total.update("".join([*map(self._compiled, _drawn_with(figure.shape)), data]).encode())
        return total.hexdigest()[:24]

    def begin(self) -> None:
        """Read what every picture needs, if that has not been done."""
        # The import alone costs time that a site with its pictures at hand should not pay.
        import quickjs

        if self._context is None:
            self._context = quickjs.Context()
            for script in self._scripts:
                self._context.eval(script)

    def drawn(self, shape: str, data: str, width: int = WIDTH, *, is_bare: bool = False) -> str:
        """One figure as SVG, with names in place of colours; bare without title and source.

        Raises:
            RuntimeError: with the words of the engine.
        """
        import quickjs

        try:
            self.begin()
            for name in _drawn_with(shape):
                if name not in self._known:
                    self._context.eval(f"window.trendsShapes.{name} = {self._compiled(name)};")
                    self._known.add(name)
            self._context.get("trendsStill")(data, width, is_bare)
            while self._context.execute_pending_job():
                pass
            # Joined text is of a kind that the package cannot hand over; written as JSON it is plain.
            found: dict[str, str] = json.loads(self._context.eval("JSON.stringify(trendsDrawn)"))
        except quickjs.JSException as error:
            raise RuntimeError(str(error)) from error
        if "text" not in found:
            raise RuntimeError(found.get("error", "the engine gave nothing"))
        return found["text"]


def _drawn_with(shape: str) -> tuple[str, ...]:
    """The charts that a kind of picture is drawn with: lines of one date are bars."""
    return shapes.FIRST if shape in shapes.FIRST else (shape,)


def _reach(panel: Panel) -> str:
    """Day of its newest figure that is drawn."""
    return max(
        (str(row["period_start"]) for row in panel.rows if row.get("is_drawn") and "period_start" in row), default=""
    )


def _told(figure: Figure) -> dict[str, object]:
    """What the script needs of a figure: its first choice, and whose figures it shows."""
    data = figure.data
    first, all_panels = data["choices"][0], data["choices"][0]["panels"]
    # Of many those whose figures reach furthest.
    newest = sorted(range(len(all_panels)), key=lambda number: _reach(figure.first.panels[number]), reverse=True)
    held = sorted(newest[:BESIDE])
    headings = [figure.first.panels[number].heading for number in held]
    shown = f" {BESIDE} of {len(all_panels)} are shown." if len(all_panels) > BESIDE else ""
    # Panels of sources are named by them.
    sources = [row for row in figure.sources if row["label"] in headings] or figure.sources
    sources = [figure.first.source] if figure.first.source else sources
    whose = "; ".join(dict.fromkeys(row["attribution"] for row in sources))
    return data | {
        "choices": [first | {"panels": [all_panels[number] for number in held]}],
        "cited": f"Framework Trends.{shown} Data up to {figure.first.data_up_to}. Source: {whose}.",
        "headings": headings,
        "populations": [(figure.first.panels[number].words or {}).get("population") for number in held],
    }


def _place(file: Path, target: Path) -> None:
    with suppress(OSError):
        os.link(file, target)
        return
    put(target, file.read_bytes())
