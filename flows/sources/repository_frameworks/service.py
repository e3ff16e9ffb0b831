"""GitHub's GraphQL service: one query at a time, its limits obeyed, and what it answers for each repository."""

import json
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

from ...errors import Paused
from ...json_text import parsed_json
from ...landing.ledger import whole
from ...network.expect import describe
from ...network.failures import back_in, refused_status
from ...network.web import Answer, Web
from .asking import Query, refused_fields

ADDRESS = "https://api.github.com/graphql"
CURE = "Look at githubstatus.com; if the service has changed, update flows/sources/repository_frameworks."
# Statuses by which GitHub says that a query was too much for it, beside those that Web tries again.
TOO_MUCH = (500, 502, 504)
# Kinds of failure: there is no such repository, and everything else.
NOT_FOUND, FAILED = "NOT_FOUND", "FAILED"

# The node of a repository, or None and the kind of failure.
Told = tuple[dict[str, Any] | None, str]


class Service:
    """Asks GitHub.

    Args:
        web: asks for us.
        token: of GitHub; empty for a mirror.
        now: the time of this run.

    Attributes:
        spared: fields that the service has refused; queries go without them.
        trouble: what the last query that failed as a whole was answered with.
    """

    def __init__(self, web: Web, token: str, now: datetime) -> None:
        self._web, self._now = web, now
        self._headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if key := web.key(token):
            self._headers["Authorization"] = f"Bearer {key}"
        self._spent = ""
        self.spared: set[str] = set()
        self.trouble = ""

    def ask(self, make: Callable[[Collection[str]], Query], count: int) -> list[Told]:
        """What a query about so many repositories answers for each; all have failed if the query did.

        Args:
            make: the query without the fields that are spared.
            count: of repositories that it names, as r0, r1 and so on.
        """
        # A batch is asked for again in halves; one repository as it is, since such a status may pass.
        chances = 2 if count == 1 else 1
        while True:
            answer = self._answer(make(self.spared))
            if answer.status in TOO_MUCH:
                chances -= 1
                if chances:
                    continue
                self.trouble = f"; the last was status {answer.status}"
                return [(None, FAILED)] * count
            document = self._document(answer)
            errors = [error for error in document.get("errors") or () if isinstance(error, dict)]
            if any(error.get("type") == "RATE_LIMITED" for error in errors):
                raise _paused(_quota(document, self._now))
            if isinstance(document.get("data"), dict):
                return self._told(document["data"], errors, count)
            new = refused_fields(str(error.get("message")) for error in errors) - self.spared
            if not new and any(_is_too_much(error) for error in errors):
                return [(None, FAILED)] * count
            if not new:
                found = "; ".join(str(error.get("message"))[:200] for error in errors[:3]) or "neither data nor errors"
                raise self.refusal("an answer with data", found, answer)
            self.spared |= new

    def refusal(self, expected: str, found: str, answer: Answer | None = None, cure: str = CURE) -> Exception:
        """The error for an answer that is none."""
        return self._web.refusal(ADDRESS, expected, found, cure, answer.final_address if answer else None)

    def _answer(self, query: Query) -> Answer:
        if self._spent:
            raise _paused(self._spent)
        data = json.dumps({"query": query.text, "variables": query.variables}).encode()
        good = (401, 403, 429, *TOO_MUCH)
        answer = self._web.get(ADDRESS, method="POST", data=data, headers=self._headers, also_good=good)
        if answer.status not in TOO_MUCH:
            self._refuse(answer)
        return answer

    def _refuse(self, answer: Answer) -> None:
        """Raise for what is no answer: a pause where GitHub limits us, an error elsewhere."""
        if answer.status == 200:
            return
        if answer.status in (403, 429):
            after = answer.headers.get("Retry-After", "")
            limited = answer.status == 429 or after or b"rate limit" in answer.body.lower()
            if limited or answer.headers.get("X-RateLimit-Remaining") == "0":
                back = back_in(after, self._now)
                away = f"GitHub asks us to stay away until {_minute(back)}" if back else ""
                raise _paused(away or "GitHub limits us and does not say for how long")
        found, cure, _ = refused_status(answer.status, "", answer.headers, self._web.source, self._now)
        if answer.status == 401:
            cure = "GitHub does not accept the token: renew or unset GITHUB_TOKEN."
        raise self.refusal("an answer with status 200", found, answer, cure)

    def _document(self, answer: Answer) -> dict[str, Any]:
        try:
            document = _parsed(answer.body)
        except ValueError as error:
            is_page = answer.body.lstrip().startswith(b"<")
            found = describe(answer.body) if is_page or not answer.body.strip() else f"no JSON ({error})"
            raise self.refusal("a JSON document", found, answer) from error
        if not isinstance(document, dict):
            raise self.refusal("a JSON object", answer.body[:120].decode("utf-8", "replace"), answer)
        return document

    def _told(self, data: dict[str, Any], errors: Sequence[dict[str, Any]], count: int) -> list[Told]:
        self._spent = _nearly_spent(data, self._now)
        kinds = _kinds(errors)
        # What is told of no repository in particular may be about any that has no data.
        otherwise = FAILED if any(not _alias(error) for error in errors) else NOT_FOUND
        nodes = [(f"r{number}", data.get(f"r{number}")) for number in range(count)]
        return [(node, kinds.get(alias, "" if isinstance(node, dict) else otherwise)) for alias, node in nodes]


def _parsed(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except ValueError:  # also half of a character, which it refuses
        return parsed_json(body)


def _kinds(errors: Sequence[dict[str, Any]]) -> dict[str, str]:
    """The kind of failure by alias."""
    found: dict[str, str] = {}
    for error in errors:
        if alias := _alias(error):
            is_gone = error.get("type") == "NOT_FOUND" or "Could not resolve to a Repo" in str(error.get("message"))
            # A repository that is not there is told once, at its alias; deeper it is a file that is not there.
            if not is_gone:
                found[alias] = FAILED
            elif len(error["path"]) == 1:
                found.setdefault(alias, NOT_FOUND)
    return found


def _alias(error: dict[str, Any]) -> str:
    path = error.get("path")
    return path[0] if isinstance(path, list) and path and isinstance(path[0], str) else ""


def _is_too_much(error: dict[str, Any]) -> bool:
    words = str(error.get("message", "")).lower()
    return error.get("type") == "RESOURCE_LIMITS_EXCEEDED" or "timeout" in words or "something went wrong" in words


def _nearly_spent(data: dict[str, Any], now: datetime) -> str:
    """Say that the quota does not last for another batch, if so; empty otherwise."""
    limit = data.get("rateLimit")
    if not isinstance(limit, dict):
        return ""
    left, cost = whole(limit.get("remaining")), whole(limit.get("cost")) or 1
    return _quota({"data": data}, now) if left is not None and left < cost else ""


def _quota(document: dict[str, Any], now: datetime) -> str:
    limit = (document.get("data") or {}).get("rateLimit") or {}
    returns = str(limit.get("resetAt") or "")[:16].replace("T", " ")
    points = f"{limit['limit']} " if whole(limit.get("limit")) else ""
    when = f"{returns} UTC" if returns else _minute(now + timedelta(hours=1))
    return f"GitHub's quota of {points}points is spent, it returns {when}"


def _minute(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"


def _paused(found: str) -> Paused:
    return Paused(ADDRESS, "an answer within the quota", found, "Refresh again after that.")
