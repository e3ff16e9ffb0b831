"""What data.html offers, for search engines of datasets (JSON-LD, schema.org/Dataset)."""

from typing import Any

from ..program import Release
from ..tables import Tables

# Files that lie beside the page, by their kind.
OFFERED = {
    "data/datapackage.json": "application/json",
    "data/croissant.json": "application/ld+json",
    "data/framework_shares.parquet": "application/vnd.apache.parquet",
    "data/framework_shares.csv.gz": "application/gzip",
    "api/v1/index.json": "application/json",
}


def dataset(tables: Tables, release: Release, address: str) -> dict[str, Any]:
    """The release as one dataset.

    Args:
        tables: of its warehouse.
        release: what is published.
        address: of the site, or empty: then files are named as they lie beside the page.
    """
    status = [row for row in tables.rows("marts.source_status") if row["row_count"]]
    periods = tables.rows("marts.populations")
    base = f"{address}/" if address else ""
    days = [row["first_period"] for row in periods], [row["latest_period"] for row in periods]
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": "Framework Trends",
        "description": "How machine-learning frameworks rise and fall: research code, conference papers, searches, "
        "surveys, downloads, questions and stars, each with its base, its interval and its source.",
        "version": release.fingerprint[:12],
        "datePublished": release.built_at[:10],
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": "The Framework Trends contributors"},
        "license": list(dict.fromkeys(row["licence"] for row in status)),
        "citation": list(dict.fromkeys(row["attribution"] for row in status)),
        "variableMeasured": [f"{row['label']}: {row['subject']}" for row in status],
        **({"temporalCoverage": f"{min(days[0])}/{max(days[1])}"} if periods else {}),
        **({"url": f"{base}data.html"} if address else {}),
        "distribution": [
            {"@type": "DataDownload", "name": file, "contentUrl": base + file, "encodingFormat": kind}
            for file, kind in OFFERED.items()
        ],
    }
