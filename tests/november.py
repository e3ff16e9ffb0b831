"""Every service as public evidence describes it in November 2026, with all its oddities at once.

Files are handed out by other hosts; limits, broken bodies, papers that move, years to come, a throttle with an odd
status, holes and pointers come in the course of one first refresh. ODDITIES says what must be told of each.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.activity import parameters
from tests.faults import World
from tests.loopback import Answer, Request

FILES = "cas-bridge.xethub.hf.co"
SPAMMED = Answer({"message": "Validation failed, or the endpoint has been spammed."}, status=422)
SLOWER = Answer({"error": "Forbidden", "message": "Rate limit exceeded; slow down"}, status=403)
NO_SUCH_KEY = Answer("<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", status=403)


class November(World):
    """Plays all services.

    Attributes:
        seen: how often each oddity came up.
    """

    def __init__(self) -> None:
        super().__init__()
        self.seen: Counter[str] = Counter()

    def _find(self, request: Request) -> Answer:
        asked = replace(request, host="huggingface.co") if request.host == FILES else request
        answer = super()._find(asked)
        if request.host == FILES:
            self.requests.append(request)  # as it was asked; requests of other threads may have come between
            return self.file(answer)
        odd: Callable[[Request, Answer], Answer] = getattr(self, request.host.split(".")[-2], lambda _, same: same)
        return odd(request, answer)

    def first(self, oddity: str) -> bool:
        """Whether an oddity comes up now for the first time."""
        self.seen[oddity] += 1
        return self.seen[oddity] == 1

    def file(self, answer: Answer) -> Answer:
        """A file from the hosts of files: the first time it breaks off, and can be gone on with."""
        cut = len(answer.payload) // 2 if self.first("a body that breaks off") else None
        return replace(answer, etag='"v1"', accept_ranges=True, cut_at=cut)

    def huggingface(self, request: Request, answer: Answer) -> Answer:
        """Files are elsewhere; the number of models comes to those who ask for it."""
        if request.path.endswith(".parquet") and answer.status == 200:
            self.seen["a file of another host"] += 1
            return Answer.redirect(f"https://{FILES}{request.path}")
        if request.path == "/api/daily_papers":
            month = parameters(request)["month"]
            rows = json.loads(answer.payload)
            for row in rows:
                row["paper"]["id"] = f"{month[2:4]}{month[5:]}.{int(row['paper']['id']):05d}"
            return replace(answer, body=rows)
        if request.path == "/models-json" and "withCount=true" not in request.query:
            return Answer({"models": [], "numItemsPerPage": 30, "pageIndex": 0})
        return answer

    def openalex(self, request: Request, answer: Answer) -> Answer:
        """The first question comes too soon; a citing paper is dated next year."""
        if self.first("403 as a limit"):
            return SLOWER
        body = json.loads(answer.payload)
        body["counts_by_year"].insert(0, {"year": 2027, "cited_by_count": 1})
        return replace(answer, body=body)

    def clickhouse(self, request: Request, answer: Answer) -> Answer:
        """The history breaks off after its status has been sent."""
        if b"'2016-01-01'" in request.body and self.first("an exception behind status 200"):
            body = json.loads(answer.payload)
            return replace(answer, body=body | {"exception": "Code: 159. DB::Exception: Timeout exceeded"})
        return answer

    def paperswithcode(self, request: Request, answer: Answer) -> Answer:
        """In one window a paper moved between two pages, so that one fewer is seen than is counted."""
        body = json.loads(answer.payload)
        if "start_date=2026-01-09" in request.query:
            body["count"] += 1
        return replace(answer, body=body)

    def codeofpaper(self, request: Request, answer: Answer) -> Answer:
        """One paper has a repository, most have none."""
        told = {"full_name": "a/b", "html_url": "https://github.com/a/b", "tier": "official", "framework": "pytorch"}
        return Answer({"paper": {}, "top_repos": [told] if request.path.endswith("01/repos") else []})

    def github(self, request: Request, answer: Answer) -> Answer:
        """Pages have no links, and after a while the history wants a pause."""
        if not request.path.endswith("/stargazers/history"):
            return answer
        self.seen["pages of stars"] += 1
        return SPAMMED if self.seen["pages of stars"] > 12 else replace(answer, headers={})

    def amazonaws(self, request: Request, answer: Answer) -> Answer:
        """A month that is not published yet is refused with the words of its store."""
        return NO_SUCH_KEY if "2026-10" in request.path else answer

    def google(self, request: Request, answer: Answer) -> Answer:
        """The cookie comes with a refusal; a block of zeros stands in the middle of a series."""
        if request.path == "/trends/explore/":
            return replace(answer, status=429)
        if not request.path.endswith("/multiline"):
            return answer
        prefix, _, rest = answer.payload.decode().partition("\n")
        body: Any = json.loads(rest)
        for entry in body["default"]["timelineData"][2:4]:
            entry["value"][0], entry["formattedValue"][0] = 0, "0"
        return replace(answer, body=f"{prefix}\n{json.dumps(body)}")

    def stackexchange(self, request: Request, answer: Answer) -> Answer:
        """Each tenth answer asks for a pause."""
        self.seen["questions"] += 1
        body = json.loads(answer.payload) | ({"backoff": 1} if self.seen["questions"] % 10 == 0 else {})
        return replace(answer, body=body)


ODDITIES = {
    "pypi_downloads": "found Code: 159. DB::Exception: Timeout exceeded",
    "papers_after_2025": "its count differs in 2026-01-09/2026-01-17 by 1",
    "github_stars": "GitHub asks us to pause (status 422",
    "google_trends": "in a hole of the answer: zeros between figures above 10",
    "conda_downloads": "of 117 ",
    "stack_overflow_questions": "quota of 60 calls a day is spent",
}
