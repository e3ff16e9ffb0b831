"""How often the intervals hold the truth, and how often something is found where nothing is: simulated, seeded.

`python -m benchmarks coverage [RUNS]` draws lines like those of our sources with a known truth, gives them to the
functions that the warehouse uses, and keeps the table in benchmarks/RESULTS.md.
"""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise, product
from typing import NamedTuple

import numpy as np

from benchmarks import results
from benchmarks.simulated import Floats, counts, links, logistic, noise
from flows.warehouse.analysis import curves, distributions, forecasting, passings

Draw = Callable[[np.random.Generator, str, Floats, float], tuple[Floats, Floats]]

RUNS = 400
SEED = 20261130
# Months, log odds a year, standard deviation in points: lines like ours.
LINES = ((20, 1.0, 3.0), (48, 0.5, 5.0), (80, 0.6, 5.0), (110, 0.2, 8.0))
NOISES = ("0", ".5", ".8", ".9", ".9 + white")
DRAWS = {"": counts, " papers": links}
Z = 1.96
HEADER = "| method | lines | autocorrelation | truth held | median width | bias | open or not said | false finds |"


class Outcome(NamedTuple):
    """What one simulated line gave."""

    held: float = np.nan
    width: float = np.nan
    error: float = np.nan
    unsaid: float = 0
    false: float = np.nan


def first_ahead(dating_pct: Floats) -> tuple[int, int, bool] | None:
    """Start of the lead before the last one, start of the last one, and whether it is the first framework's.

    As sql/intermediate/pair_crossings.sql: a lead of fewer than three months makes no stretch of its own.
    """
    ahead = dating_pct > 50
    edges = [0, *(np.flatnonzero(np.diff(ahead)) + 1), len(ahead)]
    runs: list[tuple[int, bool]] = []
    for start, end in pairwise(edges):
        if end - start >= 3 and (not runs or runs[-1][1] != ahead[start]):
            runs.append((int(start), bool(ahead[start])))
    return (runs[-2][0], *runs[-1]) if len(runs) > 1 else None


def centred(part: Floats, total: Floats) -> Floats:
    """Shares over seven months."""
    window = np.ones(7)
    return 100 * np.convolve(part, window, "same") / np.convolve(total, window, "same")


def judged(ahead: Floats, dating_pct: Floats, truth_pct: Floats) -> Outcome:
    """Does the interval of the last crossing hold the month in which the truth crosses?"""
    found = first_ahead(dating_pct)
    if found is None or found[2] != (truth_pct[-1] > 50):
        return Outcome(unsaid=1)
    start, crossed, is_up = found
    last = len(ahead) - 1
    low, high = passings.crossing(ahead if is_up else 1 - ahead, start, crossed, last)
    side = truth_pct > 50 if is_up else truth_pct < 50
    truths = np.flatnonzero(side[1:] & ~side[:-1]) + 1
    truth = int(truths[np.argmin(abs(truths - crossed))])
    held = (low is None or low <= truth) and (high is None or truth <= high)
    is_open = low is None or high is None
    width = np.inf if low is None or high is None else high - low
    return Outcome(float(held), width, crossed - truth, float(is_open))


def crossing_of_shares(random: np.random.Generator, kind: str, months: int, slope: float, sd: float) -> Outcome:
    truth = 100 * logistic(slope / 12 * (np.arange(months) - random.uniform(0.3, 0.7) * months))
    shares = np.clip(truth + sd * noise(random, kind, months), 0, 100)
    return judged(curves.of_shares(np.arange(float(months)), shares).above(50), shares, truth)


def crossing_of_counts(random: np.random.Generator, draw: Draw, kind: str, months: int, members: float) -> Outcome:
    odds = 0.6 / 12 * (np.arange(months) - random.uniform(0.3, 0.7) * months)
    part, total = draw(random, kind, odds, members)
    ahead = curves.of_counts(np.arange(float(months)), part, total).above(0)
    return judged(ahead, centred(part, total) if members < 100 else 100 * part / total, 100 * logistic(odds))


SHAPES: dict[str, Callable[[Floats], Floats]] = {
    "three crossings": lambda u: 50 + 12 * np.cos(3 * np.pi * u),
    "plateau": lambda u: np.where(u < 0.4, 30.0, np.where(u < 0.6, 30 + 200 * (u - 0.4), 70.0)),
    "saturating": lambda u: 75 - 60 * np.exp(-4 * u),
}


def crossing_of_shape(random: np.random.Generator, kind: str, shape: str) -> Outcome:
    truth = SHAPES[shape](np.arange(80) / 79)
    shares = truth + 5 * noise(random, kind, 80)
    return judged(curves.of_shares(np.arange(80.0), shares).above(50), shares, truth)


def lead_of_shares(random: np.random.Generator, kind: str, months: int, slope: float, sd: float) -> Outcome:
    """The truth ends level: whoever is told to lead is a false lead."""
    truth = 100 * logistic(slope / 12 * (np.arange(months) - months + 1))
    shares = np.clip(truth + sd * noise(random, kind, months), 0, 100)
    ahead = curves.of_shares(np.arange(float(months)), shares).above(50)[-1]
    is_open = abs(shares[-1] - 50) <= Z * scatter(shares)
    return Outcome(false=float(not is_open and is_lead(ahead, shares[-1])))


def lead_of_counts(random: np.random.Generator, draw: Draw, kind: str, months: int, members: float) -> Outcome:
    odds = 0.6 / 12 * (np.arange(months) - months + 1)
    part, total = draw(random, kind, odds, members)
    ahead = curves.of_counts(np.arange(float(months)), part, total).above(0)[-1]
    share = part[-1] / total[-1]
    # The reading's own interval (Wilson) holds a half where the share lies within its error at a half.
    is_open = abs(share - 0.5) <= Z / 2 / np.sqrt(total[-1])
    return Outcome(false=float(not is_open and is_lead(ahead, 100 * share)))


def scatter(shares: Floats) -> float:
    """Error of a reading that counts nothing: of months around seven of them, as in intermediate.pair_smoothed."""
    window = np.ones(7)
    counts = np.convolve(np.ones(len(shares)), window, "same")
    away = shares - np.convolve(shares, window, "same") / counts
    return float(np.sqrt(np.mean(away**2 * counts / (counts - 1))))


def is_lead(ahead: float, share_pct: float) -> bool:
    """As marts.head_to_head_latest, once the reading's own interval is clear of a half."""
    return (ahead > 1 - passings.TAIL and share_pct > 50) or (ahead < passings.TAIL and share_pct < 50)


def rate(found: curves.Curve, slope: float) -> Outcome:
    if found.straight_weight < curves.LEAST_STRAIGHT:
        return Outcome(unsaid=1)
    middle, low, high = (12 * value for value in found.slope())
    return Outcome(float(low <= slope <= high), high - low, middle - slope)


def rate_of_counts(random: np.random.Generator, draw: Draw, kind: str, months: int, members: float) -> Outcome:
    odds = 0.5 / 12 * (np.arange(months) - random.uniform(0.3, 0.7) * months)
    part, total = draw(random, kind, odds, members)
    return rate(curves.of_counts(np.arange(float(months)), part, total), 0.5)


def rate_of_shares(random: np.random.Generator, kind: str, months: int, slope: float, sd: float) -> Outcome:
    truth = logistic(slope / 12 * (np.arange(months) - random.uniform(0.3, 0.7) * months))
    shares = np.clip(truth + sd / 100 * noise(random, kind, months), 0, 1)
    return rate(curves.of_odds(np.arange(float(months)), shares), slope)


def rate_of_editions(random: np.random.Generator, kind: str, members: float) -> Outcome:
    odds = 0.3 * (np.arange(5) - random.uniform(1, 3))
    total = random.poisson(members, 5) + 1.0
    part = random.binomial(total.astype(int), logistic(odds + 0.1 * noise(random, kind, 5))).astype(float)
    found = curves.of_counts(np.arange(5.0), part, total)
    if found.straight_weight < curves.LEAST_STRAIGHT:
        return Outcome(unsaid=1)
    middle, low, high = found.slope()
    return Outcome(float(low <= 0.3 <= high), high - low, middle - 0.3)


def crossing_of_editions(random: np.random.Generator, kind: str, members: float) -> Outcome:
    """Each edition is a population of its own: its share is what it is, and counting alone errs."""
    odds = 0.3 * (np.arange(5) - random.uniform(1, 3)) + 0.1 * noise(random, kind, 5)
    total = random.poisson(members, 5) + 1.0
    part = random.binomial(total.astype(int), logistic(odds)).astype(float)
    sides = np.flatnonzero(np.diff(part > total / 2))
    truths = np.flatnonzero(np.diff(odds > 0)) + 1
    if len(sides) != 1 or len(truths) != 1 or part[-1] < total[-1] / 2:
        return Outcome(unsaid=1)
    crossed = int(sides[0]) + 1
    low, high = passings.crossing(distributions.cdf((2 * part - total) / np.sqrt(total)), 0, crossed, 4)
    held = (low is None or low < truths[0]) and (high is None or truths[0] <= high)
    width = np.inf if low is None or high is None else high - low
    return Outcome(float(held), width, crossed - int(truths[0]), float(np.isinf(width)))


def lag(random: np.random.Generator, kind: str, months_later: int) -> Outcome:
    """Two sources of 90 months pass a half with so many months between; alike means at once."""
    months = np.arange(90.0)
    middle = random.uniform(30, 60 - months_later)
    dates = []
    for shift in (0, months_later):
        shares = 100 * logistic(1.2 / 12 * (months - middle - shift)) + 4 * noise(random, kind, 90)
        dates.append(passings.passing(curves.of_shares(months, shares).above(50)))
    if dates[0] is None or dates[1] is None:
        return Outcome(unsaid=1)
    low, high = passings.later(dates[0], dates[1])
    false = float(low > 0 or high < 0) if months_later == 0 else np.nan
    return Outcome(float(low <= months_later <= high), high - low, (low + high) / 2 - months_later, 0, false)


def earned(random: np.random.Generator, years: int, step: float) -> Outcome:
    """A random walk of log odds with drift: no line foretells it better than its last value and drift."""
    months = np.arange(12 * years)
    odds = np.cumsum(random.normal(random.uniform(-0.3, 0.3) / 12, step, len(months))) + random.normal(0, 0.5)
    shares = 100 * logistic(odds)
    trailing = np.array([shares[max(0, month - 5) : month + 1].mean() for month in months])
    ends = np.arange(2, years) - 1 / 24
    found = forecasting.backtest(months / 12, shares, trailing, np.ones(len(months)), ends)
    return Outcome(false=float(forecasting.line_p_value([one for one in found if one]) < forecasting.LEVEL))


Setting = tuple[str, str, str, Callable[[np.random.Generator], Outcome]]


def settings() -> Iterator[Setting]:
    """Method, lines, autocorrelation, and one run of it."""
    for kind in NOISES:
        yield from of_lines(kind)
        yield from of_members(kind)
        for shape in SHAPES:
            yield "crossing", f"{shape}, 80 months, sd 5", kind, partial(crossing_of_shape, kind=kind, shape=shape)
        for months in (0, 12):
            lines = f"90 months, {months} months later"
            yield "passing later", lines, kind, partial(lag, kind=kind, months_later=months)
    for years in (7, 9, 12):
        for step in (0.05, 0.15):
            lines = f"{years} years, step {step:g} a month"
            yield "forecast earned", lines, "1", partial(earned, years=years, step=step)


def of_lines(kind: str) -> Iterator[Setting]:
    """Shares that count no members."""
    for months, slope, sd in LINES:
        given = {"kind": kind, "months": months, "slope": slope, "sd": sd}
        for method, run in (("crossing", crossing_of_shares), ("lead", lead_of_shares), ("rate", rate_of_shares)):
            yield method, f"{months} months, {slope:g} a year, sd {sd:g}", kind, partial(run, **given)
    yield "lead", "12 months, 1 a year, sd 3", kind, partial(lead_of_shares, kind=kind, months=12, slope=1.0, sd=3.0)


def of_members(kind: str) -> Iterator[Setting]:
    """Counts of independent members, and of the links that papers bring."""
    for (words, draw), members, months in product(DRAWS.items(), (20.0, 100.0, 2000.0), (36, 95)):
        lines = f"{months} months of {members:,.0f}{words}"
        given = {"draw": draw, "kind": kind, "months": months, "members": members}
        yield "rate", lines, kind, partial(rate_of_counts, **given)
        if members < 2000:
            yield "crossing", lines, kind, partial(crossing_of_counts, **given)
            yield "lead", lines, kind, partial(lead_of_counts, **given)
    for members in (300.0, 3000.0):
        lines, given = f"5 editions of {members:,.0f}", {"kind": kind, "members": members}
        yield "rate", lines, kind, partial(rate_of_editions, **given)
        yield "crossing", lines, kind, partial(crossing_of_editions, **given)


def measured(runs: int, only: str = "") -> Iterator[str]:
    """Rows of the table; only those whose words hold `only`, for trying something out."""
    for number, (method, lines, kind, run) in enumerate(sorted(settings(), key=lambda one: one[0])):
        if only not in f"{method} {lines} {kind}":
            continue
        random = np.random.default_rng([SEED, number])
        found = np.array([run(random) for _ in range(runs)])
        said = found[~np.isnan(found[:, 0])]
        words = [method, lines, kind]
        if said.size:
            width = float(np.median(said[:, 1]))
            words += [f"{said[:, 0].mean():.3f}", "open" if np.isinf(width) else f"{width:.2g}" if width < 10 else
                      f"{width:.0f}", f"{said[:, 2].mean():+.2f}", f"{found[:, 3].mean():.2f}"]  # fmt: skip
        else:
            words += ["", "", "", ""]
        false = found[~np.isnan(found[:, 4]), 4]
        words.append(f"{100 * false.mean():.1f} %" if false.size else "")
        row = f"| {' | '.join(words)} |"
        print(row, flush=True)
        yield row


def main() -> None:
    """Simulate, and keep the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    rows = list(measured(runs, *sys.argv[2:3]))
    words = (
        f"{runs} simulated lines per row, seed {SEED}; widths in months or editions, those of rates in log odds a year."
    )
    if runs >= RUNS and not sys.argv[2:]:
        results.keep(results.COVERAGE, "\n".join([words, "", HEADER, "|---" * 8 + "|", *rows, ""]))


if __name__ == "__main__":
    main()
