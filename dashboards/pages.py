"""The pages of the site: what each one asks, and which template writes it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

from . import multiples, pairs, questions, theme, wording
from .drawing import Drawing
from .figures import Figure
from .marts import Marts, Row, grouped
from .program import Release, Settings, exports

TEMPLATES = Path(__file__).parent / "templates"

# kind of evidence: (page, its name in the navigation, what it is about)
KINDS = {
    "Research": ("research.html", "Research", "Code of research papers and what papers at conferences name."),
    "Search": ("search.html", "Search", "What people look for on Google, over time and by country."),
    "Surveys": ("surveys.html", "Surveys", "What developers say that they use."),
    "Developer activity": (
        "activity.html",
        "Activity",
        "Package downloads, questions, stars, models, citations and hiring: traces of daily work.",
    ),
}
AUDIENCES = {
    "research": "For research",
    "industry": "For work in industry",
    "learners": "For learning",
}
ON_OVERVIEW = ("Research", "Developer activity")


class Site:
    """All pages of one release."""

    def __init__(
        self,
        marts: Marts,
        release: Release,
        rules: Mapping[str, tuple[str, str]] | None = None,
        cache: Path | None = None,
    ) -> None:
        """Ask what every page needs.

        Args:
            marts: of one warehouse.
            release: what is published.
            rules: by source, whether its figures may be passed on and why; those of the project when None.
            cache: existing folder that keeps the compiled templates.
        """
        self.marts = marts
        self.release = release
        rules = exports.redistribution(Settings()) if rules is None else rules
        passed_on = {source: reason for source, (value, reason) in rules.items() if value in exports.PASSED_ON}
        self.drawing = Drawing(marts, passed_on)
        self.sentences = marts.rows(questions.SENTENCES)
        self.pairs = [row | {"file": pairs.pair_file(row)} for row in marts.rows(questions.PAIRS)]
        self.sources = list(self.drawing.sources.values())
        self.claims = marts.rows_if("claims", questions.CLAIMS)
        self.navigation = [
            ("index.html", "Overview"),
            *((file, label) for file, label, _ in KINDS.values()),
            ("compare/index.html", "Compare"),
            ("claims.html", "Claims"),
            ("which-one.html", "Which one"),
            ("sources.html", "Sources"),
            ("data.html", "Data"),
            ("sql.html", "SQL"),
        ]
        self.environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            # Compiling them takes a fifth of a render.
            bytecode_cache=FileSystemBytecodeCache(str(cache)) if cache else None,
        )
        self.environment.filters |= wording.FILTERS
        self.environment.globals |= {
            "release": release,
            "origins": wording.ORIGINS,
            "qualities": wording.QUALITIES,
            "tokens": frozenset(theme.FRAMEWORKS),
        }

    def pages(self) -> dict[str, str]:
        """Every page: its file within the site, and its text."""
        return dict(self._pages())

    def _pages(self) -> Iterator[tuple[str, str]]:
        yield self._overview()
        for kind in KINDS:
            yield self._kind(kind)
        yield self._compare()
        yield from self._pairs()
        yield self._claims()
        yield self._which()
        yield self._sources()
        yield self._data()

    def _write(
        self, template: str, file: str, title: str, *, section: str = "", charts: bool = False, **context: Any
    ) -> tuple[str, str]:
        page = {
            "file": file,
            "section": section or file,
            "title": title,
            "description": f"{title}. Figures with source, base and date.",
            "root": "../" * file.count("/"),
            "navigation": self.navigation,
            "has_charts": charts,
        }
        return file, self.environment.get_template(f"{template}.html.j2").render(context | {"page": page})

    def _overview(self) -> tuple[str, str]:
        headlines = self.marts.rows(questions.HEADLINES)
        counter = self.marts.rows(questions.COUNTER_EXAMPLE)
        cards = self._cards()
        newest = [row["latest_period"] for row in self.sources if row["latest_period"]]
        figures = [self._first_figure(kind) for kind in ON_OVERVIEW]
        pair = self.drawing.pair
        pair_pages = [row["file"] for row in self.pairs if row["framework_b"] == pair["framework_b"]]
        return self._write(
            "index",
            "index.html",
            "Overview",
            charts=True,
            answer=self._answer(),
            changes=self.marts.rows_if("changes", questions.CHANGES),
            headlines=headlines,
            counter_example=counter[0]["sentence"] if counter else None,
            newest=max(newest, default=None),
            claim_count=len(self.claims),
            evidence=cards,
            evidence_figure=self.drawing.sparks(cards),
            timeline=self._timeline(pair),
            figures=[figure for figure in figures if figure],
            pair=pair,
            pair_page=f"compare/{pair_pages[0]}" if pair_pages else None,
            sources=self.sources,
        )

    def _answer(self) -> Row | None:
        """The first sentence: who passed whom, when elsewhere, and the strongest counter-example."""
        found = grouped(self.marts.rows_if("findings", questions.FINDINGS), "kind")
        crossed = found.get(("crossover",), [])
        if not crossed:
            return None
        first = crossed[0]
        against = [row for row in found.get(("never crossed",), []) if row["leader"] != first["leader"]]
        deck = " ".join(row["sentence"] for row in [*crossed[1:], *against[-1:]])
        return {"sentence": first["sentence"].rstrip("."), "deck": deck}

    def _cards(self) -> list[Row]:
        """One card a kind of evidence: its first source with figures of the first pair, and what its others say."""
        pair = self.drawing.pair
        own = [row for row in self.sentences if row["is_headline"] and pairs.is_pair(row, pair)]
        cards = []
        for (kind,), rows in grouped(own, "kind").items():
            file = f"{KINDS[kind][0]}#{rows[0]['source']}"
            cards.append(rows[0] | {"others": rows[1:], "label_a": pair["label_a"], "file": file})
        return cards

    def _first_figure(self, kind: str) -> Figure | None:
        figures = (self.drawing.full(source) for source in self._sources_of(kind))
        return next((figure for figure in figures if figure), None)

    def _sources_of(self, kind: str) -> list[str]:
        first = {source: rows[0] for (source,), rows in self.drawing.choices.items()}
        return [source for source, row in first.items() if row["kind"] == kind]

    def _timeline(self, pair: Row) -> Figure | None:
        return self.drawing.timeline(pair)

    def _kind(self, kind: str) -> tuple[str, str]:
        file, label, lead = KINDS[kind]
        figures = [figure for figure in map(self.drawing.full, self._sources_of(kind)) if figure]
        more = self.drawing.conferences(self.sentences) if kind == "Research" else None
        world = self.drawing.world() if kind == "Search" else None
        countries = self.marts.rows(questions.COUNTRIES) if kind == "Search" else []
        labels = list(dict.fromkeys(row["label"] for row in countries))
        by_country = [
            rows[0] | {"shares": [{row["label"]: row["value"] for row in rows}.get(label) for label in labels]}
            for rows in grouped(countries, "country", "series", "period_start").values()
        ]
        return self._write(
            "kind",
            file,
            f"{kind}: {figures[0].first.title[0].lower()}{figures[0].first.title[1:]}" if figures else label,
            charts=bool(figures),
            lead=lead,
            figures=figures,
            more=more,
            world=world,
            countries=by_country,
            country_labels=labels,
            countries_lead="Percent of the searches of one request within each country; the newest window held.",
        )

    def _compare(self) -> tuple[str, str]:
        return self._write(
            "compare",
            "compare/index.html",
            "Compare any two",
            pairs=self.pairs,
            matrix=pairs.matrix(self.pairs),
            **pairs.choosers(self.pairs),
        )

    def _pairs(self) -> Iterator[tuple[str, str]]:
        keys = ("framework_a", "framework_b")
        lines = grouped(self.marts.rows(questions.PAIR_LINES), *keys)
        sentences = grouped([row for row in self.sentences if row["is_headline"]], *keys)
        crossings = grouped(self.marts.rows_if("crossovers", questions.CROSSOVERS), *keys)
        substitution = grouped(self.marts.rows_if("substitution", questions.SUBSTITUTION), *keys)
        lags = grouped(self.marts.rows_if("source_lags", questions.LAGS), *keys)
        forecasts = grouped(self.marts.rows_if("forecasts", questions.FORECASTS), *keys)
        curves = grouped(self.marts.rows_if("substitution_curves", questions.CURVES), *keys)
        agreement = grouped(self.marts.rows_if("source_agreement", questions.AGREEMENT), *keys)
        shared = pairs.choosers(self.pairs)
        for pair in self.pairs:
            key = (pair["framework_a"], pair["framework_b"])
            said = {row["source"]: row for row in sentences.get(key, [])}
            yield self._write(
                "pair",
                f"compare/{pair['file']}",
                f"{pair['label_a']} and {pair['label_b']}",
                section="compare/index.html",
                charts=True,
                pair=pair,
                by_source=self.drawing.by_source(pair, lines.get(key, []), said),
                timeline=self._timeline(pair),
                fits=multiples.fitted(pair, curves.get(key, []), self.drawing.sources),
                years=pairs.by_year(agreement.get(key, [])),
                crossings=crossings.get(key, []),
                substitution=substitution.get(key, []),
                lags=lags.get(key, []),
                forecasts=forecasts.get(key, []),
                **shared,
            )

    def _claims(self) -> tuple[str, str]:
        rows = [
            row
            | {
                "published_words": wording.published(row["published_value"], row["comparator"], row["unit"]),
                "measured_words": wording.measured(row["measured_value"], row["unit"]),
                "origins": [] if row["origin"] not in wording.ORIGINS else [row["origin"]],
                "qualities": [name for name in (row["quality"] or "").split("|") if name in wording.QUALITIES],
                "file": self._evidence(row),
            }
            for row in self.claims
        ]
        readings = self.drawing.readings(self.marts.rows_if("claims", questions.READINGS))
        counts = [f"{row['claim_count']} {row['verdict']}" for row in self.marts.rows_if("claims", questions.VERDICTS)]
        return self._write(
            "claims",
            "claims.html",
            f"{len(rows)} published claims, tested" if rows else "Published claims, tested",
            lead=f"{', '.join(counts)}. Confirmed: met, by direct evidence and full counts. Consistent: met otherwise."
            if rows
            else "What articles state about the frameworks, held against the figures.",
            charts=bool(readings),
            readings=readings,
            published=self.marts.rows_if("published_readings", questions.PUBLISHED),
            refuted=[row for row in rows if row["verdict"] == "inconsistent"],
            claims=[(article, own) for (article,), own in grouped(rows, "article").items()],
        )

    def _evidence(self, row: Row) -> str | None:
        """Where the figures behind a claim are drawn."""
        choices = self.drawing.choices.get((row["source"],))
        if not choices:
            return None
        file = KINDS[choices[0]["kind"]][0]
        key = f"{row['series']}|{row['population']}"
        known = {f"{choice['series']}|{choice['choice']}" for choice in choices}
        return f"{file}#{urlencode({'f': row['source'], 's': key})}" if key in known else f"{file}#{row['source']}"

    def _which(self) -> tuple[str, str]:
        pair = self.drawing.pair
        own = [
            row | {"file": f"{KINDS[row['kind']][0]}#{row['source']}"}
            for row in self.sentences
            if row["is_headline"] and pairs.is_pair(row, pair)
        ]
        keys = ("criterion", "article_title", "favoured", "paraphrase")
        found = self.marts.rows_if("verdicts", questions.ARTICLE_VERDICTS)
        opinions = [
            rows[0]
            | {"evidence": [row for row in rows if row["source_label"] and row["a_share_of_pair_pct"] is not None]}
            for rows in grouped(found, *keys).values()
        ]
        users = self.marts.rows_if("industry_users", questions.USERS)
        counted = [row for row in self.marts.rows(questions.AUDIENCES) if pairs.is_pair(row, pair)]
        counts = {row["audience"]: row for row in counted}
        return self._write(
            "which",
            "which-one.html",
            "Which one for me?",
            audiences=[
                {
                    "key": key,
                    "title": title,
                    "count": counts.get(key),
                    "sentences": [row for row in own if row["audience"] == key],
                }
                for key, title in AUDIENCES.items()
            ],
            pair=pair,
            users=list(grouped(users, "framework").values()),
            verdicts=[(criterion, rows) for (criterion,), rows in grouped(opinions, "criterion").items()],
        )

    def _sources(self) -> tuple[str, str]:
        return self._write(
            "sources",
            "sources.html",
            "Sources and method",
            sources=self.sources,
            series={source: rows for (source,), rows in grouped(self.marts.rows(questions.SERIES), "source").items()},
            breaks={source: rows for (source,), rows in self.drawing.breaks.items()},
            references=self.marts.rows(questions.REFERENCES),
        )

    def _data(self) -> tuple[str, str]:
        dictionary = [
            rows[0] | {"columns": rows}
            for rows in grouped(self.marts.rows(questions.DICTIONARY), "table_name").values()
        ]
        return self._write(
            "data",
            "data.html",
            "Data",
            has_warehouse=True,
            exports=["datapackage.json"],
            data_notes=self.marts.rows(questions.DATA_NOTES),
            dictionary=dictionary,
        )
