"""The pure parts of the charts' script, tested by node (parts.test.js): they need no browser and no package."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

NODE = shutil.which("node")


@pytest.mark.slow
@pytest.mark.skipif(NODE is None and os.environ.get("CI") != "true", reason="needs node")
def test_the_parts_by_node():
    command = [NODE or "node", "--test", str(Path(__file__).with_name("parts.test.js"))]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# pass 18" in done.stdout
