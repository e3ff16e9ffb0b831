"""`python -m benchmarks.signals`: the sources of counts at full history, landed, loaded and modelled.

Sizes are those of the real services as far as they are known: 150,000 rows a conda month, 600 posts a thread.
"""

import json
import logging
import random
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from flows import steps, warehouse
from flows.inputs import raw_tables, read_inputs
from flows.months import newest_first
from flows.names import further_names, main_names
from flows.settings import Settings
from flows.sources import SOURCES, conda_downloads, hn_hiring, huggingface_models, openalex_citations, pypi_downloads
from tests.loopback import Answer, Loopback

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LAST = date(2026, 10, 1)
SIGNALS = (pypi_downloads, huggingface_models, conda_downloads, openalex_citations, hn_hiring)
CONDA_ROWS, POSTS = 150_000, 600
WORDS = "we are hiring a senior engineer remote python react machine learning team salary visa office".split()  # noqa: SIM905


def serve(server: Loopback, settings: Settings, folder: Path) -> None:
    """Every source with its whole history."""
    months = [*newest_first(LAST, pypi_downloads.FIRST_MONTH)]
    packages = [*main_names(settings, "pypi_package"), *further_names(settings, "pypi_variant", "pypi_companion")]
    rows = [{"project": p, "month": f"{m}", "download_count": "123456789"} for p in packages for m in months]
    server.answer(pypi_downloads.CLICKHOUSE, "/", Answer({"meta": [], "data": rows}))
    days = [f"{NOW.date() - timedelta(days=number)}" for number in range(1, 181)]
    for package in packages:
        data = [{"category": "without_mirrors", "date": day, "downloads": 12345} for day in days]
        body = {"data": data, "package": package, "type": "overall_downloads"}
        server.answer(pypi_downloads.PYPISTATS, f"/api/packages/{package}/overall", Answer(body))
    for library in main_names(settings, "huggingface_library"):
        server.answer("huggingface.co", f"/models-json?library={library}", Answer({"numTotalItems": 123456}))
    for doi in further_names(settings, "openalex_work"):
        counts = [{"year": year, "cited_by_count": 999} for year in range(2016, 2027)]
        server.answer(openalex_citations.HOST, f"/works/doi:{doi}", Answer({"id": "W", "counts_by_year": counts}))
    serve_conda(server, settings, folder)
    serve_threads(server)


def serve_conda(server: Loopback, settings: Settings, folder: Path) -> None:
    names = list(main_names(settings, "conda_package"))
    for month in newest_first(LAST, conda_downloads.FIRST_MONTH):
        with duckdb.connect() as con:
            con.execute(
                f"copy (select ['anaconda', 'conda-forge', 'bioconda'][1 + i % 3] as data_source, "
                f"'{month:%Y-%m}' as time, if(i % 100 < {len(names)}, {names}[1 + i % 100], 'package-' || (i // 30)) "
                "as pkg_name, '1.' || (i % 977) as pkg_version, 'linux-64' as pkg_platform, "
                f"'3.' || (i % 9) as pkg_python, i % 4999 as counts from range({CONDA_ROWS}) as t (i) "
                f"order by hash(i)) to '{folder}/month.parquet'"
            )
        path = f"/conda/monthly/{month:%Y}/{month:%Y-%m}.parquet"
        server.answer(conda_downloads.HOST, path, Answer((folder / "month.parquet").read_bytes(), etag='"1"'))


def serve_threads(server: Loopback) -> None:
    draw = random.Random(1)
    months = [*newest_first(LAST, hn_hiring.FIRST_MONTH)]
    hits = [{"objectID": f"{m:%Y%m}", "title": f"Ask HN: Who is hiring? ({m:%B %Y})"} for m in months]
    server.answer(hn_hiring.HOST, "/api/v1/search_by_date", Answer({"hits": hits, "nbPages": 1}, etag='"1"'))
    texts = [" ".join([*draw.choices(WORDS, k=110), *(["PyTorch"] if n % 20 == 0 else [])]) for n in range(POSTS)]
    for month in months:
        posts = [{"id": int(f"{month:%Y%m}{n}"), "text": text, "children": []} for n, text in enumerate(texts)]
        body = {"id": int(f"{month:%Y%m}"), "title": "x", "children": posts}
        server.answer(hn_hiring.HOST, f"/api/v1/items/{month:%Y%m}", Answer(json.dumps(body)))


def build(settings: Settings, folder: Path, *, without_signals: bool = False) -> tuple[float, float]:
    """Wall and CPU seconds for reading what is landed, loading it and running every model."""
    started, cpu = time.perf_counter(), time.process_time()
    inputs = read_inputs(settings, NOW)
    if without_signals:
        inputs = replace(inputs, landed={name: [] for name in inputs.landed})
    path = folder / "warehouse.duckdb"
    path.unlink(missing_ok=True)
    warehouse.build(settings, path, inputs.loaders())
    return time.perf_counter() - started, time.process_time() - cpu


def main() -> None:
    """Print seconds by step."""
    with Loopback() as server, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(
            data=folder / "data",
            mirror=server.address,
            source_seconds=600,
            conda_months_per_refresh=1000,
            hiring_threads_per_refresh=1000,
        )
        serve(server, settings, folder)
        for source in SIGNALS:
            source.PACES = {}  # type: ignore[attr-defined]  # our own time, not the waiting
            started, cpu = time.perf_counter(), time.process_time()
            check = steps.pull_and_note(settings, source, NOW, None)
            print(f"pull {source.NAME}: {time.perf_counter() - started:.2f} s, CPU {time.process_time() - cpu:.2f} s")
            if check.message:
                print(f"  {check.message}")
        print(f"{sum(file.stat().st_size for file in settings.raw.rglob('*') if file.is_file()) / 1e6:.0f} MB landed")
        inputs = read_inputs(settings, NOW)
        with duckdb.connect() as con:
            con.execute("create schema raw")
            for table, columns in raw_tables().items():
                warehouse.create_table(con, table, columns)
            inputs.loaders()[0](con)
            for source in SOURCES:
                started, cpu = time.perf_counter(), time.process_time()
                source.load(inputs.landed[source.NAME], con)
                wall, cpu = time.perf_counter() - started, time.process_time() - cpu
                print(f"load {source.NAME}: {wall:.2f} s, CPU {cpu:.2f} s")
        for _ in range(2):
            bare = build(settings, folder, without_signals=True)
            whole = build(settings, folder)
            print(
                f"build {whole[0]:.2f} s, without the signals {bare[0]:.2f} s: {whole[0] - bare[0]:.2f} s for them, "
                f"CPU {whole[1] - bare[1]:.2f} s"
            )


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO if "-v" in sys.argv else logging.WARNING, format="%(message)s")
    main()
