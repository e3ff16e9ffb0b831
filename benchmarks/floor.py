"""What nobody can be faster than, as processes: `python -m benchmarks.floor scan | query | ask ARGUMENTS`.

scan reads every byte below a folder like data/raw with DuckDB and hashes every column; it keeps, checks and computes
nothing. query opens a warehouse and asks. ask imports the command's first module and asks a mirror for files that are
held, each named as ADDRESS#ETAG, and for those that it has not, named by their ADDRESS.
"""

import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

READERS = {
    ".parquet": "read_parquet('{}')",
    ".csv": "read_csv('{}', all_varchar = true, header = true, quote = '\"', escape = '\"', delim = ',', "
    "auto_detect = true, sample_size = 1000, max_line_size = 4194304, encoding = '{}')",
    ".json": "read_text('{}')",
    ".gz": "read_json('{}', format = 'newline_delimited', maximum_object_size = 67108864)",
}


def scan(folder: Path) -> None:
    """Read every byte of landed files."""
    import duckdb

    with duckdb.connect() as con, TemporaryDirectory() as name:
        con.execute("set preserve_insertion_order = false; set enable_progress_bar = false")
        for path in sorted(path for path in folder.rglob("*.*") if path.is_file() and ".card." not in path.name):
            files = [path]
            if path.suffix == ".zip":
                with zipfile.ZipFile(path) as archive:
                    files = [Path(archive.extract(member, name)) for member in archive.namelist()]
            for file in files:
                encoding = "latin-1" if file.name == "2017.csv" else "utf-8"
                reader = READERS[file.suffix].format(file, encoding)
                con.execute(f"select bit_xor(hash(*columns(*))) from {reader}").fetchall()


def query(path: str, sql: str) -> None:
    """Ask one question."""
    import duckdb

    with duckdb.connect(path, read_only=True) as con:
        print(con.execute(sql).fetchall())


def ask(mirror: str, *addresses: str) -> None:
    """Send the requests of a refresh that finds nothing new."""
    import requests

    import flows.command.cli  # noqa: F401  # the command's own start

    with requests.Session() as session:
        for address in addresses:
            place, _, etag = address.partition("#")
            known, status = ({"If-None-Match": f'"{etag}"'}, 304) if etag else ({}, 404)
            answer = session.get(f"{mirror}/{place.removeprefix('https://')}", headers=known, timeout=10)
            if answer.status_code != status:
                raise SystemExit(f"{address}: expected status {status}, found {answer.status_code}")


if __name__ == "__main__":
    word, *arguments = sys.argv[1:]
    if word == "scan":
        scan(Path(arguments[0]))
    else:
        {"query": query, "ask": ask}[word](*arguments)
