"""Two of the sources in a straightforward script with requests and pandas: downloads, reads, counts, no more.

Usage: python -m benchmarks.pandas_signals ADDRESS FOLDER; prints seconds of wall time and CPU by source.
"""

import json
import sys
import time
from pathlib import Path

import pandas as pd
import requests

from benchmarks.signals_server import LAST
from flows.months import newest_first
from flows.reference.frameworks import main_names
from flows.settings import Settings
from flows.sources import conda_downloads, hn_hiring


def conda(address: str, folder: Path) -> pd.DataFrame:
    """Downloads of our packages by channel and month."""
    names = list(main_names(Settings(), "conda_package"))
    months = []
    for month in newest_first(LAST, conda_downloads.FIRST_MONTH):
        path = folder / f"{month:%Y-%m}.parquet"
        answer = requests.get(
            f"{address}/{conda_downloads.HOST}/conda/monthly/{month:%Y}/{month:%Y-%m}.parquet", timeout=30
        )
        path.write_bytes(answer.content)
        rows = pd.read_parquet(path, columns=list(conda_downloads.COLUMNS))
        rows = rows[rows["pkg_name"].isin(names)]
        months.append(rows.groupby(["data_source", "time", "pkg_name"], as_index=False)["counts"].sum())
    return pd.concat(months)


def threads(address: str, folder: Path) -> pd.DataFrame:
    """Posts by month and word."""
    words = r"\b(" + "|".join(["pytorch", "tensorflow", "keras", "jax", "mxnet", "scikit-learn", "caffe"]) + r")\b"
    months = []
    for month in newest_first(LAST, hn_hiring.FIRST_MONTH):
        answer = requests.get(f"{address}/{hn_hiring.HOST}/api/v1/items/{month:%Y%m}", timeout=30)
        (folder / f"{month:%Y-%m}.json").write_bytes(answer.content)
        texts = pd.Series([post["text"] for post in answer.json()["children"]]).str.lower()
        found = texts.str.extractall(words)[0].value_counts()
        months.append(found.rename("posts").reset_index().assign(month=month, total=len(texts)))
    return pd.concat(months)


def main() -> None:
    """Time both."""
    address, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir()
    seconds = {}
    for name, work in (("conda_downloads", conda), ("hn_hiring", threads)):
        wall, cpu = time.perf_counter(), time.process_time()
        assert len(work(address, folder))
        seconds[name] = (time.perf_counter() - wall, time.process_time() - cpu)
    print(json.dumps(seconds))


if __name__ == "__main__":
    main()
