"""The Prefect flow for real: it takes a server of its own, so these tests are slow."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.settings import PROJECT

pytestmark = pytest.mark.slow


def run_flow(tmp_path: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flows.refresh"],
        cwd=PROJECT,
        env=os.environ
        | {
            "TRENDS_DATA": str(tmp_path / "data"),
            "PREFECT_HOME": str(tmp_path / "prefect"),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
            "DO_NOT_TRACK": "1",
        }
        | environ,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


def test_the_flow_publishes_and_ends_failed_with_the_name_of_a_source_that_fails(tmp_path, server):
    done = run_flow(tmp_path, TRENDS_MIRROR=server.address, TRENDS_EXPECT_SIZES="0")
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert "sources that failed: papers_with_code" in said
    release = json.loads((tmp_path / "data" / "current" / "release.json").read_text())
    assert release["origins"]["papers_with_code"] == "reference"
    assert (tmp_path / "data" / "current" / "site" / "index.html").is_file()
