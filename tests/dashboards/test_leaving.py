"""What leaves the pages: heads, feed, sitemap, oEmbed, pictures."""

import json
import os
import re
import shutil
import signal
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest
from lxml import etree

from dashboards import feed, shapes, theme
from dashboards.leaving import pictures
from dashboards.leaving.pixels import Pixels
from dashboards.program import DashboardError
from dashboards.site import HERE, drawn, render
from dashboards.site import pages as site_pages
from dashboards.tables import Tables
from tests.dashboards.conftest import HOSTILE, RELEASE
from tests.lazily import lazily

jsonschema = lazily("jsonschema")

ADDRESS = "https://trends.example.org/all"
SCHEMAS = Path(__file__).parent / "schemas"
ATOM = {"a": feed.ATOM}


@pytest.fixture(scope="module")
def published(small_warehouse, tmp_path_factory) -> Path:
    """The site as it is with an address; in a cache that another worker's site without PNGs does not clear."""
    folder = tmp_path_factory.mktemp("published")
    render(small_warehouse, folder, RELEASE, tmp_path_factory.mktemp("cache"), ADDRESS)
    return folder


def pages_of(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.html")}


def engine_of(folder: Path) -> pictures.Engine:
    (charts,) = re.findall(r"= (.*);", (folder / "shapes.js").read_text())
    known = {name: json.dumps(chart) for name, chart in json.loads(charts).items()}
    return pictures.Engine(folder, HERE / "static" / "charts", known.__getitem__)


def head(text: str, name: str) -> list[str]:
    return re.findall(rf'<(?:meta|link)[^>]*(?:name|property|rel)="{name}"[^>]*(?:content|href)="([^"]*)"', text)


@pytest.mark.slow
def test_every_page_tells_its_own_finding(published):
    seen = {}
    for name, text in pages_of(published).items():
        (title,) = re.findall(r"<title>(.*?)</title>", text)
        (description,) = head(text, "description")
        assert title.endswith(" | Framework Trends")
        assert 20 < len(description) <= 320, name
        assert title not in seen, (name, seen[title])
        seen[title] = name
    assert len(seen) > 20


@pytest.mark.slow
def test_every_page_has_one_address_and_the_sitemap_holds_all(published):
    sitemap = etree.fromstring((published / "sitemap.xml").read_bytes())
    etree.XMLSchema(etree.parse(SCHEMAS / "sitemap.xsd")).assertValid(sitemap)
    listed = [loc.text for loc in sitemap.iter("{*}loc")]
    told = [head(text, "canonical")[0] for text in pages_of(published).values()]
    assert sorted(listed) == sorted(told)
    assert f"{ADDRESS}/" in listed
    assert f"{ADDRESS}/search.html" in listed
    assert f"Sitemap: {ADDRESS}/sitemap.xml" in (published / "robots.txt").read_text()


def test_without_an_address_nothing_pretends_to_have_one(site):
    assert not (site / "sitemap.xml").exists()
    assert not (site / "oembed").exists()
    for text in pages_of(site).values():
        assert not head(text, "canonical")
        assert "og:image" not in text


@pytest.mark.slow
def test_every_figure_has_an_oembed_answer_that_its_page_links(published):
    schema = json.loads((SCHEMAS / "oembed.json").read_text())
    linked = 0
    for name, text in pages_of(published).items():
        figures = re.findall(r'id="([^"]+)" data-figure aria-labelledby', text)
        found = re.findall(r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', text)
        assert {Path(one).stem for one in found} == set(figures), name
        for one in found:
            answer = json.loads((published / one.removeprefix(f"{ADDRESS}/")).read_text())
            jsonschema.validate(answer, schema)
            assert f"{ADDRESS}/{name}#f={Path(one).stem}&amp;embed=1" in answer["html"]
            linked += 1
    assert linked > 20


@pytest.mark.slow
def test_the_picture_of_a_page_is_there_and_as_large_as_is_said(published):
    shown = {name: head(text, "og:image") for name, text in pages_of(published).items()}
    named = {image for images in shown.values() for image in images}
    assert [name for name, images in shown.items() if len(images) != 1] == []
    # The first pair has the picture that the overview shows of it, others that of their first framework.
    assert shown["compare/pytorch-tensorflow.html"] == shown["index.html"] == shown["data.html"]
    assert shown["compare/pytorch-jax.html"] == shown["framework/pytorch.html"] != shown["index.html"]
    assert len(named) >= 15
    for image in named:
        assert (published / image.removeprefix(f"{ADDRESS}/")).read_bytes().startswith(b"\x89PNG"), image
    for path in published.rglob("oembed/**/*.json"):
        answer = json.loads(path.read_text())
        if "thumbnail_url" in answer:
            file = published / answer["thumbnail_url"].removeprefix(f"{ADDRESS}/")
            assert pictures.size_of(file) == (answer["thumbnail_width"], answer["thumbnail_height"])


@pytest.mark.slow
def test_the_words_for_the_picture_of_a_page_are_those_that_stand_in_it(published):
    for name, text in pages_of(published).items():
        (image,), (told,) = head(text, "og:image"), head(text, "og:image:alt")
        picture = published / image.removeprefix(f"{ADDRESS}/").replace(".png", ".svg")
        words = " ".join(" ".join(ElementTree.parse(picture).getroot().itertext()).split())
        assert unescape(told) in words, name


@pytest.mark.slow
def test_a_picture_holds_what_is_seen_once(published):
    for picture in published.glob("img/*.svg"):
        text = picture.read_text()
        for panel in text.split("<svg "):
            placed = re.findall(r'<text[^>]*transform="translate\(([^)]*)\)[^>]*>(.*?)</text>', panel)
            assert len(placed) == len(set(placed)), picture.name
        assert ' opacity="0"' not in text, picture.name
        assert text.count("font-family") == 1, picture.name


def test_pixels_are_made_of_the_letters_that_come_with_the_program(tmp_path):
    texts = {"none": "", "ours": "Liberation Sans", "system": "DejaVu Sans", "mono": "Liberation Mono", "broken": None}
    with Pixels() as pixels:
        for name, face in texts.items():
            words = f'<text y="20" font-family="{face}">Words</text>' if face else ""
            svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="30">{words}</svg>'
            (tmp_path / f"{name}.svg").write_text(svg if face is not None else svg[:30])
            pixels.ask(tmp_path / f"{name}.svg", tmp_path / f"{name}.png")
    made = {path.stem: path.read_bytes() for path in tmp_path.glob("*.png")}
    assert made["ours"] != made["none"]
    assert made["system"] == made["mono"] == made["none"]
    # One that cannot be made is told, and keeps none of the others.
    (told,) = pixels.failed
    assert told.startswith(str(tmp_path / "broken.svg"))
    assert set(made) == set(texts) - {"broken"}


def test_a_stop_waits_for_no_pixels(tmp_path, monkeypatch):
    monkeypatch.setattr("dashboards.leaving.pixels.SECONDS", 3)
    os.mkfifo(tmp_path / "never.svg")
    pixels = Pixels()
    with suppress(KeyboardInterrupt), pixels:
        pixels.ask(tmp_path / "never.svg", tmp_path / "never.png")
        raise KeyboardInterrupt
    assert pixels._process.returncode == -signal.SIGKILL
    assert pixels.failed == [], "it was not waited for"


@pytest.mark.slow
def test_no_picture_waits_for_a_chart_that_does_not_come(small_warehouse, tmp_path, monkeypatch):
    def compiled(cache):
        yield "lines", "{}"
        raise OSError("no space left")

    monkeypatch.setattr(shapes, "compiled", compiled)
    (tmp_path / "site").mkdir()
    with pytest.raises(DashboardError, match="no space left"):
        render(small_warehouse, tmp_path / "site", RELEASE, tmp_path / "cache", ADDRESS)


@pytest.mark.slow
def test_pictures_are_light_and_dark_whole_and_in_the_words_of_their_page(published):
    for light in published.glob("img/*.svg"):
        text = ElementTree.parse(light).getroot()
        words = " ".join("".join(text.itertext()).split())
        assert "var(--" not in light.read_text()
        assert "\u2026" not in words, f"{light.name} cuts words"
        assert re.search(r"Framework Trends\.( 2 of \d+ are shown\.)? Data up to", words)
        column = light.stem.endswith("-dark")
        assert f'fill="{theme.COLOURS["surface"][column]}"' in light.read_text()
    searches = (published / "img" / "google_trends.svg").read_text()
    title = re.search(r'id="google_trends-title">(.*?)<', pages_of(published)["search.html"])[1]
    assert f">{title}</text>" in searches
    assert ">100%</text>" in searches


@pytest.mark.slow
def test_a_picture_is_the_same_whatever_was_drawn_before_it(small_warehouse, site):
    with duckdb.connect(str(small_warehouse), read_only=True) as con:
        found = pictures.of_pages([page for _, page in drawn(Tables(con))])
    told = {name: (picture.figure.shape, json.dumps(pictures._told(picture.figure))) for name, picture in found.items()}
    forth, back = engine_of(site), engine_of(site)
    after = {name: back.drawn(*told[name]) for name in reversed(told)}
    assert {name: forth.drawn(*data) for name, data in told.items()} == after


@pytest.mark.slow
def test_words_of_a_picture_stand_as_they_are_on_the_page(small_warehouse, site):
    with duckdb.connect(str(small_warehouse), read_only=True) as con:
        made = {page.file: page for _, page in drawn(Tables(con))}
    figure = made["compare/index.html"].figures[0]
    known = {row["framework"] for panel in figure.first.panels for row in panel.rows}
    (unknown, *_) = [row for row in figure.frameworks if row["framework"] not in known]
    named = [next(iter(known)), unknown["framework"]]
    choice = replace(figure.first, title="Papers name clip12 and gradient_7")
    shown = replace(figure, choices=[choice, *figure.choices[1:]], named=named)
    engine = engine_of(site)
    text = " ".join(engine.drawn(shown.shape, json.dumps(pictures._told(shown))).split())
    assert ">Papers name clip12 and gradient_7<" in text
    assert f"Without figures here: {unknown['label']}." in re.sub("<[^>]*>", " ", text).replace("  ", " ")


@pytest.mark.slow
def test_a_picture_of_a_framework_shows_the_sources_that_reach_furthest_and_what_they_count(small_warehouse, site):
    with duckdb.connect(str(small_warehouse), read_only=True) as con:
        found = pictures.of_pages([page for _, page in drawn(Tables(con))])
    panels = found["framework/jax.html"].figure.first.panels
    last = {panel.heading: max(str(row["period_start"]) for row in panel.rows if row["is_drawn"]) for panel in panels}
    text = (site / "img" / "framework-jax.svg").read_text()
    shown = [panel for panel in panels if f">{panel.heading}</text>" in text]
    assert len(shown) == pictures.BESIDE < len(panels)
    others = [last[panel.heading] for panel in panels if panel not in shown]
    assert min(last[panel.heading] for panel in shown) >= max(others)
    words = " ".join("".join(etree.fromstring(text.encode()).itertext()).split())
    assert all(panel.words["population"].split()[0] in words for panel in shown)


@pytest.mark.slow
def test_the_first_figure_stands_in_the_overview_and_is_kept(small_warehouse, site, tmp_path, monkeypatch):
    with duckdb.connect(str(small_warehouse), read_only=True) as con:
        found = pictures.of_pages([page for _, page in drawn(Tables(con))])
    text = pages_of(site)["index.html"]
    stills = re.findall(r'<svg class="still (\w+)"[^>]*aria-hidden="true"[^>]*>(.*?)</svg>', text, re.DOTALL)
    assert [name for name, _ in stills] == list(pictures.STILLS)
    rows = found["index.html"].figure.first.panels[0].rows
    for _, inner in stills:
        assert {row["source_label"] for row in rows} <= set(re.findall(r">([^<>]+)<", inner))
        assert "var(--ink" in inner, "colours are those of the page, light or dark"
    engine = engine_of(site)
    first = pictures.still(engine, found["index.html"], tmp_path)
    assert first in text
    monkeypatch.setattr(pictures.Engine, "drawn", None)
    assert pictures.still(engine, found["index.html"], tmp_path) == first
    assert pictures.still(engine, None, tmp_path) == ""


@pytest.mark.slow
def test_a_picture_is_drawn_again_only_when_what_it_shows_changed(small_warehouse, cache, tmp_path, monkeypatch):
    with duckdb.connect(str(small_warehouse), read_only=True) as con:
        made = [page for _, page in drawn(Tables(con)) if page.file in ("search.html", "surveys.html")]
    found = pictures.of_pages(made)
    own = tmp_path / "cache"
    own.mkdir()
    asked = []
    whole = pictures.Engine.drawn
    monkeypatch.setattr(
        pictures.Engine, "drawn", lambda self, *told, **how: asked.append(1) or whole(self, *told, **how)
    )

    def draw(name: str) -> list[bytes]:
        folder = tmp_path / name
        folder.mkdir()
        shutil.copyfile(next(cache.glob("vega-*.js")), folder / "vega.js")
        (folder / "shapes.js").write_text(shapes.script(dict(shapes.compiled(cache))))
        pictures.draw(engine_of(folder), found, folder, own, png=False)
        return [path.read_bytes() for path in sorted((folder / "img").iterdir())]

    first = draw("first")
    assert len(asked) == 2
    assert draw("again") == first
    assert len(asked) == 2
    figure = found["search.html"].figure
    rows = figure.choices[0].panels[0].rows
    vars(figure).pop("data")
    next(row for row in reversed(rows) if row["framework"] == "pytorch" and row["is_drawn"])["pair_pct"] = 1.0
    assert draw("changed") != first
    assert len(asked) == 3


def test_a_hostile_name_is_text_in_pictures_and_feed(hostile_site):
    pictured = [path.read_text(encoding="utf-8") for path in hostile_site.glob("img/*.svg")]
    assert any("&lt;script&gt;alert(1)" in text for text in pictured)
    for text in [*pictured, (hostile_site / "feed.xml").read_text(encoding="utf-8")]:
        assert "<script" not in text
        etree.fromstring(text.encode())


@pytest.mark.parametrize("address", ["", ADDRESS])
def test_the_data_page_is_a_dataset(small_warehouse, address):
    with duckdb.connect(str(small_warehouse), read_only=True) as con:
        texts = dict(site_pages(Tables(con), RELEASE, address=address))
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', texts["data.html"], re.DOTALL)
    told = json.loads(text)
    jsonschema.validate(told, json.loads((SCHEMAS / "dataset.json").read_text()))
    assert all(one["contentUrl"].startswith(address) for one in told["distribution"])


CHANGE = {
    "release_id": "2026-11-01T000000Z",
    "change_order": 1,
    "kind": "claim broke",
    "subject": "C-1",
    "source": None,
    "period_start": None,
    "sentence": f"It broke \x0b & {HOSTILE}.",
    "release_before": "2026-10-01T000000Z",
}


@pytest.mark.parametrize("address", ["", ADDRESS])
def test_the_feed_is_atom_escaped_and_dated(address):
    text = feed.text([CHANGE | {"release_id": "this release"}, CHANGE], RELEASE, address)
    root = etree.fromstring(text.encode())
    etree.RelaxNG(etree.parse(SCHEMAS / "atom.rng")).assertValid(root)
    titles = root.xpath("a:entry/a:title/text()", namespaces=ATOM)
    assert titles[0] == f"It broke   & {HOSTILE}."
    assert "<script" not in text
    updated = root.xpath("a:entry/a:updated/text()", namespaces=ATOM)
    assert [datetime.fromisoformat(one).isoformat() for one in updated] == [
        "2026-11-21T12:00:00+00:00",
        "2026-11-01T00:00:00+00:00",
    ]
    assert bool(root.xpath("a:link[@rel='self']", namespaces=ATOM)) == bool(address)


def test_a_change_keeps_its_id_wherever_and_whenever_it_is_told():
    here = etree.fromstring(feed.text([CHANGE | {"release_id": "this release"}], RELEASE, "").encode())
    later = etree.fromstring(feed.text([CHANGE], RELEASE, ADDRESS).encode())
    ids = [root.xpath("a:entry/a:id/text()", namespaces=ATOM) for root in (here, later)]
    assert ids[0] == ids[1]
    other = feed.change_id(CHANGE | {"subject": "C-2"})
    assert f"urn:uuid:{other}" not in ids[0]


def test_where_nothing_changed_the_feed_is_as_it_was():
    later = replace(RELEASE, release_id="2026-11-28T120000Z", built_at="2026-11-28T12:00:00Z")
    assert feed.text([CHANGE], later, ADDRESS) == feed.text([CHANGE], RELEASE, ADDRESS)
