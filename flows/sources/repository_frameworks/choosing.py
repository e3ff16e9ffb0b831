"""Which files of a repository are looked into, and which of their lines are kept.

The order was measured on repositories whose label is known: files near the root, then those with names that training
and models go by, then the larger ones. Where the README names no framework more of them are read, since then the code
alone decides.
"""

import json
import re

CODE = frozenset(
    ["py", "ipynb", "cc", "cpp", "cxx", "cu", "cuh", "c", "h", "hpp", "lua", "jl", "r", "rmd", "java", "js", "ts", "m"]
)
NAMED = re.compile(r"train|main|model|net|run|demo|test|eval|util", re.IGNORECASE)
SAYS_NOTHING = ("__init__.py", "setup.py", "conf.py")
LARGEST = 60_000
DEEPEST = 2
FILES = 8
FILES_IN_DOUBT = 20
# As in data/reference/framework_words.csv; here they only decide how many files are read.
NAMES = ("torch", "tensorflow", "jax", "mindspore", "paddle", "mxnet", "caffe")
ABBREVIATION = re.compile(r"\b(?:tf|TF)\b")
# Lines that import, include or require, in the languages of CODE; nothing else of a code file is kept.
BRINGS_IN = re.compile(
    r"^[ \t]*(?:from[ \t]+[\w.]+[ \t]+import\b|import[ \t]+[\w.\"'{*(]|#[ \t]*include\b|using[ \t]+\w"
    r"|library[ \t]*\(|require[ \t]*\(?[ \t]*[\"']).*$",
    re.MULTILINE,
)
# Those that do so behind something else, looked for only where the words stand.
WITHIN = ("require", "import_module", "__import__")
BRINGS_IN_WITHIN = re.compile(
    r"^.*\b(?:require[ \t]*\(?[ \t]*[\"']|import_module[ \t]*\(|__import__[ \t]*\().*$", re.MULTILINE
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
        if 0 < size <= LARGEST and is_code(path) and path.count("/") <= DEEPEST and _base(path) not in SAYS_NOTHING
    ]
    return [path for *_, path in sorted(code)[: FILES if _names_one(readme) else FILES_IN_DOUBT]]


def other_readme(files: list[tuple[str, int]], held: set[str]) -> str | None:
    """A README at the root under another spelling than those that were asked for."""
    named = [path for path, size in files if "/" not in path and path.lower().startswith("readme") and size]
    return None if not named or any(path.lower().startswith("readme") for path in held) else min(named, key=len)


def lines_that_bring_in(path: str, text: str) -> str:
    """The lines of a code file that import, include or require something, cut to a length."""
    if path.lower().endswith(".ipynb"):
        text = _cells(text)
    found = BRINGS_IN.findall(text)
    if any(word in text for word in WITHIN):
        found += BRINGS_IN_WITHIN.findall(text)
    return "\n".join(dict.fromkeys(line.strip()[:LONGEST_LINE] for line in found[:MOST_LINES]))


def is_code(path: str) -> bool:
    """Whether a file is code, by its ending."""
    _, dot, ending = path.rpartition(".")
    return bool(dot) and ending.lower() in CODE


def _cells(text: str) -> str:
    """The code cells of a notebook; of one that is no JSON, its lines without their quotes."""
    try:
        notebook = json.loads(text)
        cells = [cell["source"] for cell in notebook["cells"] if cell.get("cell_type") == "code"]
        return "\n".join(source if isinstance(source, str) else "".join(source) for source in cells)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "\n".join(part.strip().strip('",').replace("\\n", "") for part in text.splitlines())


def _names_one(readme: str) -> bool:
    lower = readme.lower()
    return any(name in lower for name in NAMES) or ABBREVIATION.search(readme) is not None


def _base(path: str) -> str:
    return path.rpartition("/")[2].lower()
