"""Weights of the pages and the times in which Chromium draws them: `python -m benchmarks.pages`.

`python -m benchmarks.pages BEFORE NOW` measures the first page of two drawn sites in turn, RATE times slower (1).
The first chart is there in the first frame that shows marks of one, whoever drew them.
"""

import gzip
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from dashboards.chromium import chromium, open_page
from dashboards.site import render
from flows.release import releases
from flows.settings import Settings

SHARED = ("vega.js", "shapes.js", "charts.js", "site.js", "site.css", "theme.css")
MARKS = """return performance.getEntriesByType('mark').map(mark => [mark.name, mark.startTime])
    .concat([['first-seen', window.firstSeen]])"""
SEEN = """
    const frame = new MessageChannel();
    frame.port1.onmessage = () => { window.firstSeen = performance.now(); };
    (function look() {
        const seen = document.querySelector('.plot svg :is(path, line)');
        if (seen && seen.closest('svg').getBoundingClientRect().height) { frame.port2.postMessage(0); }
        else { requestAnimationFrame(look); }
    })();"""
RUNS = 3
MOST_BYTES, FIRST_SECONDS, ALL_SECONDS = 1_600_000, 0.6, 1.2


def main(settings: Settings) -> None:
    release = releases.current(settings)
    if release is None:
        raise SystemExit("There is no release to measure. Run `trends refresh` first.")
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        render(settings.current / "warehouse.duckdb", Path(folder), release, settings.data / "cache")
        seconds = time.perf_counter() - started
        count = len(list(Path(folder).rglob("*.html")))
    print(f"{count} pages drawn in {seconds:.2f} s (2 cores: {os.cpu_count()}; load {os.getloadavg()[0]:.1f})\n")
    site = settings.current.resolve() / "site"
    shared = [(site / name).read_bytes() for name in SHARED]
    own = sum(map(len, shared))
    print(f"scripts and styles that pages share: {own / 1e6:.2f} MB, {_packed(*shared) / 1e6:.2f} MB gzipped\n")
    print(f"{'page':52} {'MB':>6} {'gzipped':>8} {'first chart':>12} {'all charts':>11}")
    with chromium() as driver:
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": SEEN})
        for page in sorted(site.rglob("*.html")):
            name = str(page.relative_to(site))
            if name.startswith("sql"):
                continue
            text = page.read_bytes()
            weight = own + len(text)
            first, last = _times(driver, page)
            late = " (slow)" if first > FIRST_SECONDS or last > ALL_SECONDS else ""
            heavy = " (heavy)" if weight > MOST_BYTES else ""
            times = f"{first:10.2f} s {last:9.2f} s" if last else f"{'-':>12} {'-':>11}"
            print(f"{name:52} {weight / 1e6:6.2f} {_packed(*shared, text) / 1e6:8.2f} {times}{late}{heavy}")
    print(f"\nMust reach: {MOST_BYTES / 1e6} MB; first chart {FIRST_SECONDS} s, all {ALL_SECONDS} s, on 2 idle cores.")


def _packed(*parts: bytes) -> int:
    return sum(len(gzip.compress(part, mtime=0)) for part in parts)


def _times(driver, page: Path, runs: int = RUNS) -> tuple[float, float]:
    found = []
    for _ in range(runs):
        open_page(driver, f"file://{page}")
        marks = dict(driver.execute_script(MARKS))
        found.append(((marks.get("first-seen") or 0) / 1000, marks.get("all-drawn", 0) / 1000))
    return statistics.median(first for first, _ in found), statistics.median(last for _, last in found)


def compare(before: Path, now: Path, slower: float) -> None:
    """The first page of two sites in turn."""
    found: dict[str, list[tuple[float, float]]] = {"before": [], "now": []}
    with chromium() as driver:
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": SEEN})
        driver.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": slower})
        for _ in range(RUNS * 7):
            for name, site in (("before", before), ("now", now)):
                found[name].append(_times(driver, site / "index.html", 1))
    for place, what in enumerate(("first chart", "all charts")):
        first, second = (statistics.median(times[place] for times in found[name]) for name in found)
        print(f"{what:12} {1000 * first:5.0f} ms {1000 * second:5.0f} ms  {second / first:4.2f}")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        compare(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), float(os.environ.get("RATE", "1")))
    else:
        main(Settings.from_env(os.environ))
