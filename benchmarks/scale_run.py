"""One side of `python -m benchmarks scale`: counts made links, on the cluster of TRENDS_CLUSTER or in this process."""

import hashlib
import json
import os
import sys
from contextlib import closing
from pathlib import Path

import duckdb

from flows.lake import cluster
from flows.settings import Settings
from tests.flows.lake.made import FRAMEWORKS, WANTED, one_process


def main(said: str, buckets: str, *files: str) -> None:
    """Count; keep a checksum over the sorted counts."""
    settings = Settings.from_env(os.environ)
    if settings.cluster:
        with closing(duckdb.connect()) as con:
            con.execute(f"create schema staging; create table staging.reference__frameworks as {FRAMEWORKS}")
            inputs = {"staging.papers_with_code__links": files}
            with cluster.shared_out(settings, con, WANTED, inputs, int(buckets) or None) as run:
                found = {table: set(con.execute(run.whole(con, table)).fetchall()) for table in WANTED}
    else:
        found = one_process(files, memory="16GB")
    words = repr([(table, sorted(found[table], key=repr)) for table in WANTED])
    Path(said).write_text(json.dumps({"digest": hashlib.sha256(words.encode()).hexdigest()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
