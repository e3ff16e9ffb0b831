"""What GitHub's GraphQL service is asked for: two queries for each batch of repositories, and what they answer.

The first names the repositories and brings the files that lie at their root; the second brings the chosen code files.
`object` and aliases are no connections, so that a query costs one point of 5,000 an hour however many repositories it
names (docs.github.com, "Rate limits and query limits for the GraphQL API").
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

# README by the spellings that nearly all use; others are found in the tree and come with the second query.
READMES = ("README.md", "readme.md", "README.rst")
MANIFESTS = ("requirements.txt", "setup.py", "pyproject.toml", "environment.yml", "setup.cfg")
ROOT_FILES = READMES + MANIFESTS

# A query that names a field that the service does not know is refused as a whole. These tell something without which
# a label can still be given: where the service refuses one, we ask without it and say so.
SPARED = ("nameWithOwner", "createdAt", "committedDate", "history", "rateLimit", "size", "isBinary", "isTruncated")
REFUSED = re.compile(rf"\b(?:{'|'.join(SPARED)}|until|GitTimestamp)\b")


@dataclass(frozen=True)
class Query:
    """A query with its variables: what comes from outside is never part of the text."""

    text: str
    variables: dict[str, str]


@dataclass(frozen=True)
class Wanted:
    """What the second query asks of one repository: files by path, at a commit."""

    commit: str
    paths: tuple[str, ...]


def names_and_roots(names: Sequence[tuple[str, str]], until: Sequence[str], spared: Collection[str] = ()) -> Query:
    """Ask what each repository (owner, name) is, its tree to the second folder, and the files at its root.

    Args:
        names: owner and name.
        until: end of the time that counts, for each; the newest commit before it is asked for too. Empty: today.
        spared: fields that the service does not know.
    """
    files = " ".join(f'f{n}: object(expression: "HEAD:{path}") {{ ...text }}' for n, path in enumerate(ROOT_FILES))
    facts = (
        f"fragment facts on Repository {{ {_fields('nameWithOwner', 'createdAt', spared=spared)} "
        f"defaultBranchRef {{ target {{ ... on Commit {{ {_commit(spared)} }} }} }} "
        f'tree: object(expression: "HEAD:") {{ ... on Tree {{ {_tree(spared)} }} }} {files} }}'
    )
    ends = {f"u{number}": end for number, end in enumerate(until) if end and "history" not in spared}
    parts = [f"...facts {_history(f'u{n}', spared) if f'u{n}' in ends else ''}" for n in range(len(names))]
    return _query(names, parts, ends, [facts, _blob(spared)], spared)


def chosen_files(names: Sequence[tuple[str, str]], wanted: Sequence[Wanted], spared: Collection[str] = ()) -> Query:
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
    return _query(names, parts, variables, [_blob(spared)], spared)


def refused_fields(messages: Iterable[str]) -> set[str]:
    """The fields that a service which refuses a query does not know, of those that can be spared."""
    named = {name for message in messages for name in REFUSED.findall(message)}
    return {"history" if name in ("until", "GitTimestamp") else name for name in named}


def texts(paths: Sequence[str], answered: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The blobs that a query answered, by path; a file that is not there is left out."""
    found = {}
    for number, path in enumerate(paths):
        blob = answered.get(f"f{number}")
        if isinstance(blob, dict) and "text" in blob:
            found[path] = blob
    return found


def _query(
    names: Sequence[tuple[str, str]],
    parts: Sequence[str],
    variables: dict[str, str],
    fragments: list[str],
    spared: Collection[str],
) -> Query:
    for number, (owner, name) in enumerate(names):
        variables |= {f"o{number}": owner, f"n{number}": name}
    asked = " ".join(
        f"r{number}: repository(owner: $o{number}, name: $n{number}) {{ {part} }}" for number, part in enumerate(parts)
    )
    types = {"u": "GitTimestamp!"}
    declared = ", ".join(f"${name}: {types.get(name[0], 'String!')}" for name in variables)
    limit = "" if "rateLimit" in spared else "rateLimit { cost remaining limit resetAt } "
    return Query(f"query({declared}) {{ {limit}{asked} }} {' '.join(fragments)}", variables)


def _fields(*names: str, spared: Collection[str]) -> str:
    return " ".join(name for name in names if name not in spared)


def _blob(spared: Collection[str]) -> str:
    return f"fragment text on Blob {{ {_fields('isBinary', 'isTruncated', 'text', spared=spared)} }}"


def _tree(spared: Collection[str]) -> str:
    """The root and two folders below it: the files that say what a repository is for lie there."""
    fields = _fields("path", "type", "size", spared=spared)
    found = f"entries {{ {fields} }}"
    for _ in range(2):
        found = f"entries {{ {fields} object {{ ... on Tree {{ {found} }} }} }}"
    return found


def _commit(spared: Collection[str]) -> str:
    return _fields("oid", "committedDate", spared=spared)


def _history(end: str, spared: Collection[str]) -> str:
    commits = f"history(first: 1, until: ${end}) {{ nodes {{ {_commit(spared)} }} }}"
    return f"defaultBranchRef {{ target {{ ... on Commit {{ {commits} }} }} }}"
