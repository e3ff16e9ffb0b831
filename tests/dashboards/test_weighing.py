"""The page weighs a reader's own weights as the method does: node runs its script on cases that the method made."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from flows.warehouse.analysis import weightings

NODE = shutil.which("node")
KINDS = ["Research", "Search", "Activity", "Activity", "Surveys"]


def made(seed: int) -> dict[str, Any]:
    """Readings of five sources that know some of up to six frameworks, and their order under some weightings."""
    random = np.random.default_rng(seed)
    count = int(random.integers(2, 7))
    known = [
        list(range(count)) if source == 0 else sorted(random.choice(count, int(random.integers(2, count + 1)), False))
        for source in range(len(KINDS))
    ]
    rows = [
        (source, int(a), int(b), float(random.uniform(5, 95)))
        for source, names in enumerate(known)
        for a in names
        for b in names
        if a < b
    ]
    sources, a, b, shares = (np.array(column) for column in zip(*rows, strict=True))
    ranking = weightings.Ranking(sources, np.column_stack([a, b]), shares, np.zeros(len(rows)))
    weights = np.vstack([weightings.central(KINDS), weightings.weights(KINDS)[seed : seed + 20]])
    return {
        "count": count,
        "readings": [dict(zip(("source", "a", "b", "share"), row, strict=True)) for row in rows],
        "weights": weights.tolist(),
        "scores": ranking.scores(weights).tolist(),
        "orders": ranking.orders(weights).tolist(),
    }


@pytest.mark.slow
@pytest.mark.skipif(NODE is None and os.environ.get("CI") != "true", reason="needs node")
def test_the_page_weighs_as_the_method_does(tmp_path):
    cases = {
        "rankings": [made(seed) for seed in range(30)],
        "kinds": KINDS,
        "central": weightings.central(KINDS).tolist(),
    }
    (tmp_path / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
    command = [NODE or "node", "--test", str(Path(__file__).with_name("weighing.test.js"))]
    environment = os.environ | {"CASES": str(tmp_path / "cases.json")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# pass 5" in done.stdout
    assert "# skipped 0" in done.stdout
