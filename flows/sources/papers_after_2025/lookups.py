"""CodeOfPaper by paper: what its API knows of papers that its dump does not have.

Part of the source papers_after_2025, for the time since the dump, or for all of it where there is no dump. A paper that
Hugging Face lists is asked for once, after its month, and the answer is kept; that CodeOfPaper does not know it is an
answer too. Newest months first, a few papers a refresh.

What it cannot tell: papers that Hugging Face does not list; repositories that are linked after we asked.
"""

import json
import re

from ...errors import SourceError
from ...landing import ledger
from ...landing.backlog import Backlog
from ...landing.landing import LandedFile, Landing
from ...landing.ledger import Entry, Ledger, text_of

NAME = "CodeOfPaper"
HOST = "api.codeofpaper.com"
URL = f"https://{HOST}/papers/{{paper}}/repos?limit=50"
MOST_ASKED = 50  # of one refresh; 60 a minute are allowed
ARXIV = re.compile(r"\d{4}\.\d{4,5}")
LISTS = ("top_repos", "repositories", "repos")
CURE = "Open the address in a browser; if the service has changed, update flows/sources/papers_after_2025/lookups.py."


def fill(landing: Landing, listed: list[LandedFile]) -> Backlog[str]:
    """Ask for papers that were not asked for yet; the first one that fails ends it.

    Args:
        landing: says when it is and asks for us.
        listed: landed months of the daily papers whose papers are wanted, newest first.
    """
    wanted = [paper for file in listed for paper in _papers(file)]
    with Ledger(landing, f"https://{HOST}/papers") as answers:
        asked = {entry.part for entry in answers.entries if entry.kind == "repositories"}

        def ask(paper: str) -> None:
            answers.add(_ask(landing, paper))
            asked.add(paper)

        backlog = Backlog(f"papers at {NAME}", lambda: wanted, asked.__contains__, stops=lambda _: True)
        backlog.work(ask, MOST_ASKED)
    return backlog


def _papers(file: LandedFile) -> list[str]:
    """ArXiv ids in a month of the daily papers."""
    found: dict[str, None] = {}
    for entry in ledger.entries_of(file):
        rows = json.loads(entry.body)
        found |= dict.fromkeys(str(row["paper"]["id"]) for row in rows)
    return [paper for paper in found if ARXIV.fullmatch(paper)]


def _ask(landing: Landing, paper: str) -> Entry:
    address = URL.format(paper=paper)
    answer = landing.web.get(address, also_good=(404,))
    body = text_of(answer, address)
    words = landing.web.parsed(address, answer)
    rows = next((words[key] for key in LISTS if key in words), None) if isinstance(words, dict) else None
    if answer.status != 404 and not isinstance(rows, list):
        raise SourceError(address, f"a list named {' or '.join(LISTS)}", body[:120], CURE)
    for row in rows or ():
        if not isinstance(row, dict) or not (row.get("html_url") or row.get("full_name")):
            raise SourceError(address, "repositories with html_url or full_name", json.dumps(row)[:120], CURE)
    final = answer.final_address.partition("?")[0]
    return Entry("repositories", NAME, paper, address, final, "", landing.now, body)
