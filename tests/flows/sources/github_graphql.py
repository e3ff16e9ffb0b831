"""Repositories behind GitHub's GraphQL service: queries are validated and executed against its own schema's shapes.

Names, types and nullability are those of the public schema, as far as our queries could touch it; a query that GitHub
would refuse fails here too.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from graphql import ExecutionResult, GraphQLSchema, build_schema, graphql_sync

from tests.loopback import Answer, Request

HOST, PATH = "api.github.com", "/graphql"
TYPES = """
    scalar DateTime
    scalar GitObjectID
    scalar GitTimestamp
    type Query { repository(owner: String!, name: String!, followRenames: Boolean = true): Repository
                 rateLimit(dryRun: Boolean = false): RateLimit }
    type RateLimit { cost: Int! limit: Int! remaining: Int! resetAt: DateTime! used: Int! nodeCount: Int! }
    interface GitObject { oid: GitObjectID! }
    type Repository { id: ID! databaseId: Int nameWithOwner: String! createdAt: DateTime! pushedAt: DateTime
        isFork: Boolean! isArchived: Boolean! isEmpty: Boolean! diskUsage: Int
        defaultBranchRef: Ref object(expression: String, oid: GitObjectID): GitObject }
    type Ref { name: String! target: GitObject }
    type Commit implements GitObject { oid: GitObjectID! committedDate: DateTime! tree: Tree!
        history(first: Int, until: GitTimestamp): CommitHistoryConnection! }
    type CommitHistoryConnection { nodes: [Commit] totalCount: Int! }
    type Tree implements GitObject { oid: GitObjectID! entries: [TreeEntry!] }
    type TreeEntry { name: String! path: String type: String! size: Int! mode: Int! object: GitObject }
    type Blob implements GitObject { oid: GitObjectID! byteSize: Int! isBinary: Boolean isTruncated: Boolean!
        text: String }
    """


@cache
def schema(without: frozenset[str] = frozenset()) -> GraphQLSchema:
    """The schema, or that of a service that does not know some fields."""
    text = TYPES
    for name in without:
        text = re.sub(rf"\b{name}(\([^)]*\))?: [\w!\[\]]+", "", text)
    made = build_schema(text)
    made.get_type("GitObject").resolve_type = _kind  # type: ignore[union-attr]
    return made


@dataclass
class Repository:
    """One as GitHub has it.

    Attributes:
        name: owner and name now.
        files: text by path; None for a binary file.
        committed: days of its commits, newest last, each with the files as they were; empty: one commit.
        size: bytes of a file by path where it is larger than its text.
    """

    name: str
    files: Mapping[str, str | None] = field(default_factory=dict)
    created: str = "2020-01-02T03:04:05Z"
    committed: str = "2024-05-06T07:08:09Z"
    before: Mapping[str, str | None] | None = None
    before_committed: str = "2025-06-01T00:00:00Z"
    size: Mapping[str, int] = field(default_factory=dict)
    truncated: frozenset[str] = frozenset()


@dataclass
class GitHub:
    """The service: give its `answer` to the loopback server.

    Attributes:
        repositories: by owner/name as one may ask for it, lower case; an old name may lead to a new one.
        most: how many repositories one query may name before the service fails.
        too_much: how it fails: status 502, or "partial" for RESOURCE_LIMITS_EXCEEDED beside partial data.
        hopeless: repositories for which it fails even alone.
        points: that are left.
        without: fields that the service does not know.
    """

    repositories: dict[str, Repository]
    most: int = 100
    too_much: int | str = 502
    hopeless: frozenset[str] = frozenset()
    points: int = 5000
    without: frozenset[str] = frozenset()
    asked: list[list[str]] = field(default_factory=list)
    before: Callable[[Request], Answer | None] = lambda request: None

    def answer(self, request: Request) -> Answer:
        if refused := self.before(request):
            return refused
        body = json.loads(request.body)
        variables = body["variables"]
        names = [f"{variables[f'o{n}']}/{variables[f'n{n}']}" for n in range(len(variables)) if f"o{n}" in variables]
        self.asked.append(names)
        if self.points <= 0:
            error = {"type": "RATE_LIMITED", "message": "API rate limit exceeded"}
            return Answer({"errors": [error]})
        self.points -= 1
        failing = len(names) > self.most or any(name.lower() in self.hopeless for name in names)
        if failing and isinstance(self.too_much, int):
            return Answer("<html>502 Bad Gateway</html>", status=self.too_much)
        found = graphql_sync(schema(self.without), body["query"], root_value=self, variable_values=variables)
        document = self._document(found, names)
        if failing:
            document["data"][f"r{len(names) - 1}"] = None
            document["errors"].append(
                {
                    "type": "RESOURCE_LIMITS_EXCEEDED",
                    "path": [f"r{len(names) - 1}"],
                    "message": "Resource limits for this query exceeded.",
                }
            )
        if not document["errors"]:
            del document["errors"]
        return Answer(document)

    def repository(self, _info: Any, owner: str, name: str, **_: Any) -> Any:
        held = self.repositories.get(f"{owner}/{name}".lower())
        return _Repository(held) if held else None

    def rateLimit(self, _info: Any, **_: Any) -> Any:
        left = {"cost": 1, "limit": 5000, "remaining": self.points, "used": 5000 - self.points, "nodeCount": 0}
        return {**left, "resetAt": "2026-11-21T15:00:00Z"}

    def _document(self, found: ExecutionResult, names: list[str]) -> dict[str, Any]:
        errors = [{"message": error.message, "extensions": {"code": "undefinedField"}} for error in found.errors or ()]
        for number, name in enumerate(names):
            if found.data and found.data.get(f"r{number}") is None:
                words = f"Could not resolve to a Repository with the name '{name}'."
                errors.append({"type": "NOT_FOUND", "path": [f"r{number}"], "message": words})
        return {"data": found.data, "errors": errors} if found.data else {"errors": errors}


class _Repository:
    def __init__(self, held: Repository) -> None:
        self.held = held
        self.nameWithOwner, self.createdAt, self.pushedAt = held.name, held.created, held.committed
        self.isFork, self.isArchived, self.isEmpty = False, False, not held.files
        self.newest = _Commit(held.files, held.committed, held) if held.files else None
        self.older = _Commit(held.before, held.before_committed, held) if held.before is not None else None
        self.defaultBranchRef = {"name": "main", "target": self.newest} if self.newest else None
        if self.newest:
            self.newest.older = self.older

    def object(self, _info: Any, expression: str) -> Any:
        commit, _, path = expression.partition(":")
        known = {"HEAD": self.newest, **{one.oid: one for one in (self.newest, self.older) if one}}
        held = known.get(commit)
        return held.at(path) if held else None


class _Commit:
    def __init__(self, files: Mapping[str, str | None], committed: str, held: Repository) -> None:
        self.files, self.committedDate, self.held = files, committed, held
        self.oid = f"{abs(hash((held.name, committed))):040x}"[:40]
        self.older: _Commit | None = None

    def at(self, path: str) -> Any:
        if path in self.files:
            text = self.files[path]
            return {
                "__typename": "Blob",
                "oid": "0" * 40,
                "byteSize": self._size(path),
                "isBinary": text is None,
                "isTruncated": path in self.held.truncated,
                "text": text,
            }
        below = path + "/" if path else ""
        inside = [one for one in self.files if one.startswith(below)]
        return {"__typename": "Tree", "entries": self._entries(below, inside)} if inside else None

    def history(self, _info: Any, first: int, until: str) -> Any:
        line = [one for one in (self, self.older) if one and one.committedDate <= until]
        return {"nodes": line[:first], "totalCount": len(line)}

    def _entries(self, below: str, inside: list[str]) -> list[dict[str, Any]]:
        names = sorted({path[len(below) :].split("/")[0] for path in inside})
        entries = []
        for name in names:
            path = below + name
            is_blob = path in self.files
            size = self._size(path) if is_blob else 0
            kind = "blob" if is_blob else "tree"
            entries.append({"name": name, "path": path, "type": kind, "size": size, "object": self.at(path)})
        return entries

    def _size(self, path: str) -> int:
        return self.held.size.get(path, len((self.files[path] or "binary").encode()))


def _kind(value: Any, *_: Any) -> str:
    return value["__typename"] if isinstance(value, dict) else "Commit"
