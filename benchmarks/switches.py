"""A measure switch on two sites in turn, at 4 times slower processor: `python -m benchmarks.switches BEFORE NOW`.

Each argument is the folder of a drawn site; the figures are those that both have. The times run from the change of
the control: to the frame that shows it chosen, and to the frame after the last change in the chart. The shortest of
all runs counts, since the machine is shared.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dashboards.chromium import chromium, open_page

PAGES = ("research", "search", "activity", "surveys")
RUNS, SLOWER, MOST, CONTROL = 3, 4, 0.7, 100
FIGURES = """return Array.from(document.querySelectorAll('[data-figure]'), (figure) => [
    figure.id, Array.from(figure.querySelectorAll('.measures label:not([hidden]) input'))
        .sort((one, other) => other.checked - one.checked).map((one) => one.value)])
    .filter((found) => found[1].length > 1)"""  # the chosen one first: a click on it changes nothing
SWITCH = """
    const [figure, measure, done] = arguments;
    const box = document.getElementById(figure);
    const channel = new MessageChannel();
    let began, last = 0;
    const taken = { control: 0, chart: 0 };
    channel.port1.onmessage = (message) => { taken[message.data] = performance.now() - began; };
    const seen = new MutationObserver(() => {
        last = performance.now();
        requestAnimationFrame(() => channel.port2.postMessage('chart'));
    });
    const all = { childList: true, subtree: true, attributes: true };
    box.querySelectorAll('.plot').forEach((plot) => seen.observe(plot, all));
    const wait = () => setTimeout(() => {
        if (!last || performance.now() - last < 500) { wait(); return; }
        seen.disconnect();
        done([taken.control, taken.chart]);
    }, 250);
    requestAnimationFrame(() => setTimeout(() => {
        began = performance.now();
        // Asked for before the page does: what it puts off until the control is painted comes after this.
        requestAnimationFrame(() => channel.port2.postMessage('control'));
        box.querySelector('.measures input[value="' + measure + '"]').click();
        wait();
    }));"""


Times = dict[tuple[str, str], tuple[float, float]]


def shorter(one: Sequence[float], other: Sequence[float]) -> tuple[float, float]:
    """Of control and chart each."""
    return min(one[0], other[0]), min(one[1], other[1])


def switches(driver: Any, page: Path) -> Times:
    """Milliseconds of every switch of a page to its control and its chart, each measure twice and the shorter kept."""
    open_page(driver, f"file://{page}")
    driver.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    found: Times = {}
    for figure, measures in driver.execute_script(FIGURES):
        for measure in (*measures[1:], measures[0]) * 2:
            taken = driver.execute_async_script(SWITCH, figure, measure)
            found[figure, measure] = shorter(taken, found.get((figure, measure), taken))
    driver.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": 1})
    return found


def main(before: Path, now: Path) -> None:
    best: dict[str, Times] = {}
    with chromium() as driver:
        driver.set_script_timeout(60)
        for run in range(RUNS):
            for page in PAGES:
                for site in (before, now) if run % 2 else (now, before):
                    held = best.setdefault(str(site), {})
                    for key, taken in switches(driver, site / f"{page}.html").items():
                        held[key] = shorter(taken, held.get(key, taken))
    first, second = best[str(before)], best[str(now)]
    both = sorted(first.keys() & second.keys())
    for key in both:
        held, (control, chart) = first[key][1], second[key]
        told = f"{held:5.0f} ms {chart:5.0f} ms  {chart / held:4.2f}  control {control:4.0f} ms"
        print(f"{' '.join(key):40} {told}")
    parts = sum(second[key][1] for key in both) / sum(first[key][1] for key in both)
    slowest = max(second[key][0] for key in both)
    print(f"\nAll together {parts:.2f} of the time before; must reach {MOST}.")
    print(f"Slowest control {slowest:.0f} ms; at most {CONTROL}.")


if __name__ == "__main__":
    main(*(Path(folder).resolve() for folder in sys.argv[1:3]))
