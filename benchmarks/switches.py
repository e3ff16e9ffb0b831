"""A measure switch on two sites in turn, at 4 times slower processor: `python -m benchmarks.switches BEFORE NOW`.

Each argument is the folder of a drawn site; the figures are those that both have. The time runs from the change of the
control to the frame after the last change in the chart; the shortest of all runs counts, since the machine is shared.
"""

import sys
from pathlib import Path
from typing import Any

from dashboards.chromium import chromium, open_page

PAGES = ("research", "search", "activity", "surveys")
RUNS, SLOWER, MOST = 3, 4, 0.7
FIGURES = """return Array.from(document.querySelectorAll('[data-figure]'), (figure) => [
    figure.id, Array.from(figure.querySelectorAll('.measures label:not([hidden]) input'), (one) => one.value)])
    .filter((found) => found[1].length > 1)"""
SWITCH = """
    const [figure, measure, done] = arguments;
    const box = document.getElementById(figure);
    const channel = new MessageChannel();
    let began, chart = 0, last = 0;
    channel.port1.onmessage = () => { chart = performance.now() - began; };
    const seen = new MutationObserver(() => {
        last = performance.now();
        requestAnimationFrame(() => channel.port2.postMessage(0));
    });
    const all = { childList: true, subtree: true, attributes: true };
    box.querySelectorAll('.plot').forEach((plot) => seen.observe(plot, all));
    const wait = () => setTimeout(() => {
        if (last && performance.now() - last > 500) { seen.disconnect(); done(chart); } else { wait(); }
    }, 250);
    requestAnimationFrame(() => setTimeout(() => {
        began = performance.now();
        box.querySelector('.measures input[value="' + measure + '"]').click();
        wait();
    }));"""


def switches(driver: Any, page: Path) -> dict[tuple[str, str], float]:
    """Milliseconds of every switch of a page, each measure twice and the shorter kept."""
    open_page(driver, f"file://{page}")
    driver.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    found: dict[tuple[str, str], float] = {}
    for figure, measures in driver.execute_script(FIGURES):
        for measure in (*measures[1:], measures[0]) * 2:
            taken = driver.execute_async_script(SWITCH, figure, measure)
            found[figure, measure] = min(taken, found.get((figure, measure), taken))
    driver.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": 1})
    return found


def main(before: Path, now: Path) -> None:
    best: dict[str, dict[tuple[str, str], float]] = {}
    with chromium() as driver:
        driver.set_script_timeout(60)
        for run in range(RUNS):
            for page in PAGES:
                for site in (before, now) if run % 2 else (now, before):
                    held = best.setdefault(str(site), {})
                    for key, taken in switches(driver, site / f"{page}.html").items():
                        held[key] = min(taken, held.get(key, taken))
    first, second = best[str(before)], best[str(now)]
    both = sorted(first.keys() & second.keys())
    for key in both:
        print(f"{' '.join(key):40} {first[key]:5.0f} ms {second[key]:5.0f} ms  {second[key] / first[key]:4.2f}")
    parts = sum(second[key] for key in both) / sum(first[key] for key in both)
    print(f"\nAll together {parts:.2f} of the time before; must reach {MOST}.")


if __name__ == "__main__":
    main(*(Path(folder).resolve() for folder in sys.argv[1:3]))
