"""The services of deploy/cluster.yaml that are our own programs start by its words, in a clean folder."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.settings import PROJECT
from tests.flows.lake import services
from tests.lazily import lazily

distributed = lazily("distributed")
pytestmark = pytest.mark.slow
SERVICES: dict[str, Any] = yaml.safe_load((PROJECT / "deploy" / "cluster.yaml").read_text(encoding="utf-8"))["services"]


@contextmanager
def started(folder: Path, words: list[str], environ: dict[str, str]) -> Iterator[None]:
    command = [str(Path(sys.executable).parent / words[0]), *words[1:]]
    process = subprocess.Popen(command, cwd=folder, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def test_two_workers_of_the_file_join_its_scheduler_and_have_the_program(tmp_path: Path) -> None:
    port = services.free_port()

    def here(name: str) -> list[str]:
        return [
            word.replace("scheduler:8786", f"127.0.0.1:{port}")
            .replace("8786", str(port))
            .replace("0.0.0.0", "127.0.0.1")
            for word in SERVICES[name]["command"]
        ]

    environ = os.environ | {"PREFECT_HOME": str(tmp_path / "prefect"), "DO_NOT_TRACK": "1"}
    with (
        started(tmp_path, here("scheduler"), environ),
        started(tmp_path, here("dask-1"), environ),
        started(tmp_path, here("dask-2"), environ),
    ):
        services.wait_for(port)
        with distributed.Client(f"tcp://127.0.0.1:{port}", set_as_default=False) as client:
            client.wait_for_workers(2, timeout=120)
            # Loaded before any task asked for it.
            loaded = client.run(lambda: "flows.lake.tasks" in __import__("sys").modules)
            threads = client.nthreads()
    assert list(loaded.values()) == [True, True]
    assert list(threads.values()) == [1, 1]
