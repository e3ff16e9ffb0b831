"""The bar of every page, and which pages stand below one of its entries."""

NAVIGATION = (
    ("index.html", "Overview"),
    ("ranking.html", "Ranking"),
    ("evidence.html", "Evidence"),
    ("compare/index.html", "Compare"),
    ("framework/index.html", "Frameworks"),
    ("claims.html", "Claims"),
    ("data.html", "Data"),
)
# entry: its pages, itself first.
BELOW = {
    "ranking.html": (("ranking.html", "Every weighting"), ("which-one.html", "Which one for me")),
    "evidence.html": (
        ("evidence.html", "All sources"),
        ("research.html", "Research"),
        ("search.html", "Search"),
        ("surveys.html", "Surveys"),
        ("activity.html", "Developer activity"),
    ),
    "data.html": (
        ("data.html", "Downloads"),
        ("sources.html", "Sources"),
        ("methods.html", "Methods"),
        ("changes.html", "What changed"),
        ("sql.html", "SQL"),
    ),
}


def below(*, has_sql: bool) -> dict[str, tuple[tuple[str, str], ...]]:
    """The pages below each entry; that of SQL only where its engine is kept, since without it it leads nowhere."""
    return {entry: tuple(page for page in pages if has_sql or page[1] != "SQL") for entry, pages in BELOW.items()}


def entry_of(file: str) -> str:
    """The entry of the bar that a page stands under."""
    for entry, pages in BELOW.items():
        if file in dict(pages):
            return entry
    folder = file.rpartition("/")[0]
    return f"{folder}/index.html" if folder else file
