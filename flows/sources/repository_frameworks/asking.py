"""What GitHub's GraphQL service is asked for: two queries for each batch of repositories, and what they answer.

The first names the repositories and brings the files that lie at their root; the second brings the chosen code files.
`object` and aliases are no connections, so that a query costs one point of 5,000 an hour however many repositories it
names (docs.github.com, "Rate limits and query limits for the GraphQL API").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

# README by the spellings that nearly all use; others are found in the tree and come with the second query.
READMES = ("README.md", "readme.md", "README.rst")
MANIFESTS = ("requirements.txt", "setup.py", "pyproject.toml", "environment.yml", "setup.cfg")
ROOT_FILES = READMES + MANIFESTS

BLOB = "fragment text on Blob { byteSize isBinary isTruncated text }"
ENTRIES = "entries { path type size %s }"
NESTED = "object { ... on Tree { %s } }"
# The root and two folders below it: the files that say what a repository is for lie there.
TREE = ENTRIES % (NESTED % (ENTRIES % (NESTED % (ENTRIES % ""))))
HISTORY = (
    "defaultBranchRef { target { ... on Commit { history(first: 1, until: $u%d) { nodes { oid committedDate } } } } }"
)
LIMIT = "rateLimit { cost remaining limit resetAt }"


@dataclass(frozen=True)
class Query:
    """A query with its variables: what comes from outside is never part of the text."""

    text: str
    variables: dict[str, str]


def names_and_roots(names: Sequence[tuple[str, str]], until: Sequence[str]) -> Query:
    """Ask what each repository (owner, name) is, its tree to the second folder, and the files at its root.

    Args:
        names: owner and name.
        until: end of the time that counts, for each; the newest commit before it is asked for too. Empty: today.
    """
    files = " ".join(f'f{n}: object(expression: "HEAD:{path}") {{ ...text }}' for n, path in enumerate(ROOT_FILES))
    facts = (
        "fragment facts on Repository { nameWithOwner createdAt pushedAt isFork isArchived isEmpty "
        "defaultBranchRef { target { ... on Commit { oid committedDate } } } "
        f'tree: object(expression: "HEAD:") {{ ... on Tree {{ {TREE} }} }} {files} }}'
    )
    parts = [f"...facts {HISTORY % number if end else ''}" for number, end in enumerate(until)]
    return _query(names, parts, {f"u{number}": end for number, end in enumerate(until) if end}, [facts, BLOB])


def chosen_files(names: Sequence[tuple[str, str]], wanted: Sequence["Wanted"]) -> Query:
    """Ask for the chosen files of each repository at the commit that stands for it."""
    variables = {
        f"p{number}_{place}": f"{want.commit}:{path}"
        for number, want in enumerate(wanted)
        for place, path in enumerate(want.paths)
    }
    parts = [
        " ".join(f"f{place}: object(expression: $p{number}_{place}) {{ ...text }}" for place in range(len(want.paths)))
        for number, want in enumerate(wanted)
    ]
    return _query(names, parts, variables, [BLOB])


@dataclass(frozen=True)
class Wanted:
    """What the second query asks of one repository: files by path, at a commit."""

    commit: str
    paths: tuple[str, ...]


def _query(
    names: Sequence[tuple[str, str]], parts: Sequence[str], variables: dict[str, str], fragments: list[str]
) -> Query:
    for number, (owner, name) in enumerate(names):
        variables |= {f"o{number}": owner, f"n{number}": name}
    asked = " ".join(
        f"r{number}: repository(owner: $o{number}, name: $n{number}) {{ {part} }}" for number, part in enumerate(parts)
    )
    types = {"u": "GitTimestamp!"}
    declared = ", ".join(f"${name}: {types.get(name[0], 'String!')}" for name in variables)
    return Query(f"query({declared}) {{ {LIMIT} {asked} }} {' '.join(fragments)}", variables)


def texts(paths: Sequence[str], answered: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The blobs that a query answered, by path; a file that is not there is left out."""
    found = {}
    for number, path in enumerate(paths):
        blob = answered.get(f"f{number}")
        if isinstance(blob, dict) and "byteSize" in blob:
            found[path] = blob
    return found


def files_of(tree: Any) -> list[tuple[str, int]]:
    """Paths and sizes of the files of a tree, those of its folders among them."""
    found: list[tuple[str, int]] = []
    trees = [tree]
    while trees:
        for entry in (trees.pop() or {}).get("entries") or ():
            if entry["type"] == "blob":
                found.append((entry["path"], entry["size"] or 0))
            elif entry["type"] == "tree":
                trees.append(entry.get("object"))
    return found
