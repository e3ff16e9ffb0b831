"""What is kept of one repository: README and manifests whole, of code files the lines that bring something in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .asking import ROOT_FILES, Wanted, texts
from .choosing import chosen, files_of, is_readme, lines_that_bring_in, other_readme

CALIBRATION = "calibration"
# Kinds of answers.
READ, WITHOUT_CODE, GONE, UNANSWERED = "repository", "without code", "gone", "not answerable"


@dataclass(frozen=True)
class Repository:
    """One that is wanted.

    Attributes:
        owner: the account that it belongs to, lower case.
        name: its name there.
        purpose: `calibration`, or the month of the paper.
    """

    owner: str
    name: str
    purpose: str

    @property
    def subject(self) -> str:
        """Its key."""
        return f"{self.owner}/{self.name}"


class Reading:
    """What both queries answer about one repository.

    Args:
        repository: that was asked for.
        node: of the first query.
    """

    def __init__(self, repository: Repository, node: dict[str, Any]) -> None:
        self.repository, self._node = repository, node
        target = (node.get("defaultBranchRef") or {}).get("target") or {}
        history = (target.get("history") or {}).get("nodes") or [target]
        self._commit, self._committed_at = history[0].get("oid"), history[0].get("committedDate")
        self._is_newest = self._commit == target.get("oid")
        self._files = files_of(node.get("tree"))
        self._texts: dict[str, str] = {}
        self._lines: dict[str, str] = {}
        self._unread: dict[str, str] = {}
        self._take_texts(texts(ROOT_FILES, node))

    def wants(self) -> Wanted | None:
        """What the second query has to ask; None where there is nothing to read."""
        readme = " ".join(text for path, text in self._texts.items() if is_readme(path))
        other = other_readme(self._files, self._texts)
        paths = ([other] if other else []) + chosen(self._files, readme)
        if not self._is_newest:  # README and manifests are read as they were then, too
            paths = list(self._texts) + paths
        return Wanted(self._commit or "HEAD", tuple(paths)) if paths else None

    def take(self, paths: Sequence[str], node: dict[str, Any]) -> None:
        """Read the answer of the second query."""
        blobs = texts(paths, node)
        if not self._is_newest:
            self._texts = {}
        self._take_texts({path: blob for path, blob in blobs.items() if path in ROOT_FILES or is_readme(path)})
        for path, blob in blobs.items():
            if path not in self._texts and (text := self._text(path, blob)) is not None:
                self._lines[path] = lines_that_bring_in(path, text)

    @property
    def kind(self) -> str:
        """The kind of its answer."""
        return READ if any(self._files.code) else WITHOUT_CODE

    def body(self) -> dict[str, Any]:
        """What is kept of it."""
        return {
            "name": self._node.get("nameWithOwner"),
            "created_at": self._node.get("createdAt"),
            "commit": self._commit,
            "committed_at": self._committed_at,
            "texts": [{"path": path, "text": text} for path, text in self._texts.items()],
            "imports": [{"path": path, "text": text} for path, text in self._lines.items()],
            "unread": [{"path": path, "text": why} for path, why in self._unread.items()],
        }

    def _take_texts(self, blobs: dict[str, dict[str, Any]]) -> None:
        self._texts |= {path: text for path, blob in blobs.items() if (text := self._text(path, blob)) is not None}

    def _text(self, path: str, blob: dict[str, Any]) -> str | None:
        if blob.get("isTruncated"):
            self._unread[path] = "truncated"
        if blob.get("isBinary") or blob.get("text") is None:
            self._unread[path] = "binary"
            return None
        return str(blob["text"])
