"""Draws of `python -m benchmarks coverage`: noise, counts of members, and counts of links in papers."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BEYOND = 0.3  # noise beyond counting, in log odds
ALIKE = 0.7  # of the links of a paper, those that follow its framework
ONE_LINK = 0.5  # of the papers: two links a paper on the average


def logistic(odds: Floats) -> Floats:
    return 1 / (1 + np.exp(-odds))


def noise(random: np.random.Generator, kind: str, months: int) -> Floats:
    """Noise of variance 1: independent, AR(1), or AR(1) with three tenths of white noise."""
    likeness, is_mixed = float(kind.split()[0]), "white" in kind
    steps = random.standard_normal(months)
    found = np.empty(months)
    value = steps[0]
    for month, step in enumerate(steps):
        value = likeness * value + np.sqrt(1 - likeness**2) * step if month else step
        found[month] = value
    return np.sqrt(0.7) * found + np.sqrt(0.3) * random.standard_normal(months) if is_mixed else found


def counts(random: np.random.Generator, kind: str, odds: Floats, members: float) -> tuple[Floats, Floats]:
    """Members of the first framework, and of both: each chooses for itself."""
    total = random.poisson(members, len(odds)) + 1.0
    chance = logistic(odds + BEYOND * noise(random, kind, len(odds)))
    return random.binomial(total.astype(int), chance).astype(float), total


def links(random: np.random.Generator, kind: str, odds: Floats, papers: float) -> tuple[Floats, Floats]:
    """Links of the first framework, and of both, of so many papers a month, over the design effect that they show."""
    number = random.poisson(papers, len(odds)) + 1
    month = np.repeat(np.arange(len(odds)), number)
    chance = logistic(odds + BEYOND * noise(random, kind, len(odds)))[month]
    brought = random.geometric(ONE_LINK, len(month))
    alike = random.binomial(brought, ALIKE)
    first = (random.random(len(month)) < chance) * alike + random.binomial(brought - alike, chance)
    effect = design_effect(first, brought)
    return np.bincount(month, first) / effect, np.bincount(month, brought) / effect


def design_effect(first: NDArray[np.int64], brought: NDArray[np.int64]) -> float:
    """As sql/intermediate/design_effects.sql."""
    share = first.sum() / brought.sum()
    chance = brought.sum() * share * (1 - share)
    return max(1.0, float(((first - share * brought) ** 2).sum() / chance)) if chance else 1.0
