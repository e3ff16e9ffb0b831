"""What was landed while the clock was ahead is dated anew by the first run that finds it: then, the latest it can be.

Left as it was, it would stay the newest until its time comes, and nobody would ask for it again before. Its folder
keeps its name, by which releases and quarantine know it; what is landed later sorts after it all the same.
"""

import logging
import math
import re
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from ..errors import LandingError
from ..network.partial import keeping
from ..replacing import put
from .cards import CARD_ENDING, Card, landings, order_of, stamp_of
from .landing import Landing

log = logging.getLogger(__name__)

NAME = re.compile(r"answers-[\w.-]+\.jsonl\.gz")  # of a file of answers (ledger.py)
AHEAD = "ahead_seconds"  # of a card: how far ahead the clock was by which its youngest answers are dated


def date_anew(landing: Landing) -> None:
    """Correct the cards of a source that are dated after this run."""
    for folder in landings(landing.folder):  # newest first
        if order_of(folder.name)[0] <= stamp_of(landing.now):
            break
        for path in sorted(folder.glob(f"*{CARD_ENDING}")):
            with suppress(LandingError):  # a damaged card is told by whoever reads its file
                card = Card.read(path)
                if card.fetched_at > landing.now:
                    with keeping(path):
                        put(path, _corrected(card, landing.now).as_json())
                    log.warning(
                        "%s: %s was landed while the clock was ahead (%s); it counts as of this run",
                        *(landing.source, card.name, f"{card.fetched_at:%Y-%m-%d %H:%M} UTC"),
                    )


def _corrected(card: Card, now: datetime) -> Card:
    """The card dated now; of a file of answers it tells by how much those in it are ahead."""
    seconds = math.ceil((card.fetched_at - now).total_seconds()) + 1
    ahead = {AHEAD: str(seconds + int(card.details.get(AHEAD, 0)))} if NAME.fullmatch(card.name) else {}
    return replace(card, fetched_at=now, details=card.details | ahead)
