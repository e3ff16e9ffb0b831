"""Which files of a repository are looked into, and which of their lines are kept.

The order was measured on repositories whose label is known: files near the root, then those with names that training
and models go by, then by size. Where the README names no framework more of them are read, since then the code
alone decides.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson

# Words without which no line of a language brings something in, by the ending of its files.
WORDS = {
    **dict.fromkeys(("py", "ipynb", "java"), ("import",)),
    **dict.fromkeys(("c", "cc", "cpp", "cxx", "cu", "cuh", "h", "hpp"), ("include",)),
    **dict.fromkeys(("js", "ts"), ("import", "require")),
    **dict.fromkeys(("r", "rmd"), ("library", "require")),
    "jl": ("using", "import"),
    "lua": ("require",),
    "m": ("import", "include"),
}
CODE = frozenset(one for ending in WORDS for one in (ending, ending.upper(), ending.capitalize()))
NAMED = re.compile(r"train|main|model|net|run|demo|test|eval|util")
SAYS_NOTHING = re.compile(r"(?:^|/)(?:__init__|setup|conf)\.py$", re.IGNORECASE)
LARGEST = 60_000
# Where fewer than FEW files are that small, so many larger ones are read too: notebooks with their pictures.
# GitHub cuts texts at 512,000 bytes.
FEW, LARGE_FILES, LARGEST_LARGE = 3, 2, 511_999
DEEPEST = 2
FILES = 8
FILES_IN_DOUBT = 20
# As in data/reference/framework_words.csv; here they only decide how many files are read.
NAMES = ("torch", "tensorflow", "jax", "mindspore", "paddle", "mxnet", "caffe")
ABBREVIATION = re.compile(r"\b(?:tf|TF)\b")
# Lines that import, include or require, in the languages of CODE; nothing else of a code file is kept.
BRINGS_IN = re.compile(
    r"[ \t]*(?:from[ \t]+[\w.]+[ \t]+import\b|import[ \t]+[\w.\"'{*(]|#[ \t]*include\b|using[ \t]+\w"
    r"|library[ \t]*\(|.*?\b(?:require[ \t]*\(?[ \t]*[\"']|import_module[ \t]*\(|__import__[ \t]*\())"
)
LONGEST_LINE = 200
MOST_LINES = 200


@dataclass
class Files:
    """What of a tree may be asked for.

    Attributes:
        readmes: paths of READMEs at the root, with their sizes.
        code: paths and sizes of code files, by the folders above them.
    """

    readmes: list[tuple[str, int]] = field(default_factory=list)
    code: list[list[tuple[str, int]]] = field(default_factory=list)


def files_of(tree: Any) -> Files:
    """Read a tree, folder by folder."""
    found, trees = Files(), [tree]
    while trees:
        code: list[tuple[str, int]] = []
        below = []
        for one in trees:
            for entry in (one or {}).get("entries") or ():
                if entry["type"] == "blob":
                    path = entry["path"]
                    _, dot, ending = path.rpartition(".")
                    if ending in CODE and dot:
                        code.append((path, entry.get("size", 1) or 0))
                    elif not found.code and is_readme(path):
                        found.readmes.append((path, entry.get("size", 1) or 0))
                elif entry["type"] == "tree":
                    below.append(entry.get("object"))
        found.code.append(code)
        trees = below
    return found


def chosen(files: Files, readme: str) -> list[str]:
    """The code files that are asked for, the most telling first.

    Args:
        files: of the tree.
        readme: text of the README; empty where there is none.
    """
    most = FILES if _names_one(readme) else FILES_IN_DOUBT
    found: list[str] = []
    for code in files.code[: DEEPEST + 1]:
        if len(found) < most:
            turns = [
                (not NAMED.search(path.rpartition("/")[2].lower()), -size, path)
                for path, size in code
                if 0 < size <= LARGEST
            ]
            found += [path for *_, path in sorted(turns) if not SAYS_NOTHING.search(path)]
    if len(found) < FEW:
        large = [
            (size, path) for code in files.code[: DEEPEST + 1] for path, size in code if LARGEST < size <= LARGEST_LARGE
        ]
        found += [path for _, path in sorted(large)[:LARGE_FILES]]
    return found[:most]


def other_readme(files: Files, held: Iterable[str]) -> str | None:
    """A README under another spelling than those that were asked for."""
    if any(is_readme(path) for path in held):
        return None
    return min((path for path, size in files.readmes if size), key=len, default=None)


def is_readme(path: str) -> bool:
    """Whether a file is a README at the root."""
    return path[:6].lower() == "readme" and "/" not in path


def lines_that_bring_in(path: str, text: str) -> str:
    """The lines of a code file that import, include or require something, cut to a length."""
    ending = path.rpartition(".")[2].lower()
    text = _cells(text) if ending == "ipynb" else text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    found: dict[int, str] = {}
    for word in WORDS.get(ending, ()):
        at = text.find(word)
        while at >= 0:
            start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
            end = len(text) if end < 0 else end
            if BRINGS_IN.match(text, start, end):
                found[start] = text[start:end].strip()[:LONGEST_LINE]
            at = text.find(word, end)
    return "\n".join(list(dict.fromkeys(found[start] for start in sorted(found)))[:MOST_LINES])


def _cells(text: str) -> str:
    """The code cells of a notebook; of one that is no JSON, its lines without their quotes."""
    try:
        cells = [cell["source"] for cell in orjson.loads(text)["cells"] if cell.get("cell_type") == "code"]
        return "\n".join(source if isinstance(source, str) else "".join(source) for source in cells)
    except (ValueError, KeyError, TypeError, AttributeError):
        return "\n".join(part.strip().strip('",').replace("\\n", "") for part in text.splitlines())


def _names_one(readme: str) -> bool:
    lower = readme.lower()
    return any(name in lower for name in NAMES) or ("tf" in lower and ABBREVIATION.search(readme) is not None)
