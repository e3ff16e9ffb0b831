"""`make benchmark`, or `python -m benchmarks [PART ...]`: measures and prints Markdown.

Without a part it measures program, marts and growth; at full size, with five runs or more, they are kept in
benchmarks/RESULTS.md. Inputs and the other tools' environments are made once, in benchmarks/inputs.
"""

import argparse
import os
import runpy
import sys
import tempfile
from pathlib import Path

from benchmarks import alternatives, growth, inputs, results
from benchmarks.measuring import Line, Measured, alternate, say
from benchmarks.program import published

ENOUGH_RUNS = 5
PARTS = {
    "program": "the commands of the program, and the floor under them",
    "marts": "three marts here, in pandas, in polars and in dbt",
    "growth": "more and more links",
}
OTHERS = {
    "coverage": "simulated: how often the intervals hold the truth, and how often nothing is taken for something",
    "labels": "landing and labelling repositories, beside parsing the same answers",
    "links": "the archive of links alone, from its download to the pages, beside a pandas script",
    "pages": "weights of the published pages, and how fast Chromium draws them",
    "scale": "record-level counts on a cluster of this machine, beside one process",
    "signals": "the sources of counts at full history, step by step",
    "surveys": "the Stack Overflow surveys alone",
    "weighing": "every weighting of every year, beside the build that it is part of",
}


def main() -> None:
    """Run the parts that were named."""
    parts = "\n".join(f"  {name:9} {words}" for name, words in (PARTS | OTHERS).items())
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, epilog=f"parts:\n{parts}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("parts", nargs="*", metavar="PART", help="one or more of those below")
    parser.add_argument("--scale", type=float, default=1, help="a part of the full size, for trying it out")
    parser.add_argument("--runs", type=int, default=ENOUGH_RUNS, help="how often each line is measured")
    parser.add_argument("--growth", default="1,3,10,30", metavar="FACTORS", help="multiples of the links")
    # What follows the name of one of the others is its own to read.
    words = sys.argv[1:]
    own = max((at for at, word in enumerate(words) if word in OTHERS), default=len(words))
    args, rest = parser.parse_args(words[: own + 1]), words[own + 1 :]
    if unknown := set(args.parts) - PARTS.keys() - OTHERS.keys():
        parser.error(f"{', '.join(sorted(unknown))}: expected one of {', '.join(PARTS | OTHERS)}")
    wanted = list(dict.fromkeys(args.parts)) or list(PARTS)
    for name in [name for name in wanted if name in OTHERS]:
        sys.argv = [name, *rest]
        runpy.run_module(f"benchmarks.{name}", run_name="__main__")
    if mine := set(wanted) & PARTS.keys():
        factors = [int(factor) for factor in args.growth.split(",")]
        compare(mine, args.scale, args.runs, factors)


def compare(parts: set[str], scale: float, runs: int, factors: list[int]) -> None:
    """Measure parts of one table, print it, and keep it when it is whole."""
    # Neither an operator's settings nor compiling every module at each start is what is measured.
    for name in [name for name in os.environ if name.startswith("TRENDS_") or name == "PYTHONDONTWRITEBYTECODE"]:
        del os.environ[name]
    lines: list[Line] = []
    found: dict[str, Measured] = {}
    with tempfile.TemporaryDirectory(dir=_folder()) as name:
        work = Path(name)
        if parts & {"program", "marts"}:
            made = inputs.make(scale)
            with published(made, work) as program:
                lines += program.lines(work) if "program" in parts else []
                lines += alternatives.lines(work, made.links, program.settings) if "marts" in parts else []
                found = alternate(lines, runs)
        grown = growth.grow(work, factors, scale, runs) if "growth" in parts else {}
    say()
    size = "of the real size" if scale == 1 else f"at {scale:g} of their real size"
    about = f"Inputs are made up, {size}; median of {runs} {'run' if runs == 1 else 'runs'}."
    page = results.markdown(lines, found, grown, about)
    print(page)
    if scale == 1 and runs >= ENOUGH_RUNS and parts >= PARTS.keys():
        results.keep("", page)
        (results.FILE.parent / results.CHART).write_text(results.chart(lines, found), encoding="utf-8")


def _folder() -> Path:
    """Where temporary files go: a disk, since memory would count as the page cache does not."""
    inputs.INPUTS.mkdir(parents=True, exist_ok=True)
    return inputs.INPUTS


if __name__ == "__main__":
    main()
