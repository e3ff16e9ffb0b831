"""Which files of a repository are looked into, and which of their lines are kept.

The order was measured on repositories whose label is known: files near the root, then those with names that training
and models go by, then the larger ones. Where the README names no framework more of them are read, since then the code
alone decides.
"""

import json
import re

CODE = re.compile(r"\.(py|ipynb|cc|cpp|cxx|cu|cuh|c|h|hpp|lua|jl|r|rmd|java|js|ts|m|scala)$", re.IGNORECASE)
NAMED = re.compile(r"train|main|model|net|run|demo|test|eval|util", re.IGNORECASE)
SAYS_NOTHING = ("__init__.py", "setup.py", "conf.py")
LARGEST = 60_000
DEEPEST = 2
FILES = 8
FILES_IN_DOUBT = 20
# As in data/reference/framework_words.csv; here it only decides how many files are read.
NAMES_ONE = re.compile(r"torch|tensorflow|\btf\b|\bjax\b|mindspore|paddle|mxnet|caffe", re.IGNORECASE)
# Lines that import, include or require, in the languages of CODE; nothing else of a code file is kept.
BRINGS_IN = re.compile(
    r"^\s*(from\s+[\w.]+\s+import\b|import\s+[\w.\"'{*(]|#\s*include\b|using\s+\w|library\s*\(|require\s*\(?\s*[\"'])"
    r"|\brequire\s*\(?\s*[\"']|\bimport_module\s*\(|\b__import__\s*\("
)
LONGEST_LINE = 200
MOST_LINES = 200


def chosen(files: list[tuple[str, int]], readme: str) -> list[str]:
    """The code files that are asked for, the most telling first.

    Args:
        files: paths and sizes in bytes.
        readme: text of the README; empty where there is none.
    """
    code = [
        (path.count("/"), not NAMED.search(_base(path)), -size, path)
        for path, size in files
        if is_code(path) and _base(path) not in SAYS_NOTHING and 0 < size <= LARGEST and path.count("/") <= DEEPEST
    ]
    return [path for *_, path in sorted(code)[: FILES if NAMES_ONE.search(readme) else FILES_IN_DOUBT]]


def other_readme(files: list[tuple[str, int]], held: set[str]) -> str | None:
    """A README at the root under another spelling than those that were asked for."""
    named = [path for path, size in files if "/" not in path and path.lower().startswith("readme") and size]
    return None if not named or any(path.lower().startswith("readme") for path in held) else min(named, key=len)


def lines_that_bring_in(path: str, text: str) -> str:
    """The lines of a code file that import, include or require something, cut to a length."""
    lines = _cells(text) if path.lower().endswith(".ipynb") else text.splitlines()
    kept = [line.strip()[:LONGEST_LINE] for line in lines if BRINGS_IN.search(line[:1000])]
    return "\n".join(dict.fromkeys(kept[:MOST_LINES]))


def is_code(path: str) -> bool:
    """Whether a file is code, by its ending."""
    return bool(CODE.search(path))


def _cells(text: str) -> list[str]:
    """Lines of a notebook's code cells; of one that is no JSON, its lines without their quotes."""
    try:
        notebook = json.loads(text)
        cells = [cell["source"] for cell in notebook["cells"] if cell.get("cell_type") == "code"]
        return "\n".join(source if isinstance(source, str) else "".join(source) for source in cells).splitlines()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return [part.strip().strip('",').replace("\\n", "") for part in text.splitlines()]


def _base(path: str) -> str:
    return path.rpartition("/")[2].lower()
