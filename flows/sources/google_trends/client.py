"""The one module that imports pytrends 4.9.2, and owns its defects. Import it when it is needed: it brings pandas.

pytrends knows how Google Trends wants to be asked: which payload, which widget, which address. Its wire is ours: every
request goes through one Web, hence one client with one cookie jar, the mirror, our time limits, retries and refusals.
What this module makes up for:

- `retries` fails with urllib3 2, the proxy loop may never end, the cookie request raises anything: none of it runs.
- A missing Content-Type, an HTML page with status 200, an empty body, status 429 with a script's type: judged here.
- A widget or a region of the question before is used again: both are emptied, and each widget must name the question.
- A text in place of a list, more than five keywords or doubled ones are sent as they are: refused before asking.
- No pauses between requests: ours.
- Its table drops hasData, formattedValue and "<1": it gets none; the untouched bytes are what we land.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pytrends import request as pytrends_request

from ...errors import SourceError
from ...json_text import parsed_json
from ...network.expect import HEAD_BYTES, describe
from ...network.web import Answer, Reply, Web

MOST_KEYWORDS = 5
PREFIX = b")]}'"
PAYLOADS = {"time": "timelineData", "countries": "geoMapData"}
NO_FRAME: dict[str, Any] = {"default": {"timelineData": [], "geoMapData": []}}


class WindowError(SourceError):
    """One question has no usable answer; others may have one. Never leaves the source."""


@dataclass(frozen=True)
class Pulled:
    """An answer: its untouched bytes, its address, and what the widget says of it."""

    body: bytes
    address: str
    details: dict[str, str]


class Client(pytrends_request.TrendReq):  # type: ignore[misc]  # pytrends has no types
    """Asks Google Trends; one object a run, because new clients draw status 429.

    Args:
        web: sends every request.
        pause_seconds: to wait between two questions to the service.
    """

    def __init__(self, web: Web, pause_seconds: float) -> None:
        self._web, self._pause_seconds, self._has_asked = web, pause_seconds, False
        self._question: tuple[Sequence[str], str, str] | None = None
        self._answer = Answer(0, {}, b"", "")
        super().__init__(hl="en-US", tz=0)  # tz in minutes west of UTC

    def ask(self, keywords: Sequence[str], geo: str, timeframe: str, what: str) -> Pulled:
        """Pull one window.

        Args:
            keywords: one to five search terms or topic ids, compared with each other.
            geo: ISO code of a country; empty for the whole world.
            timeframe: in Google's words, such as `today 5-y`.
            what: `time` or `countries`.

        Raises:
            WindowError: this question has no usable answer.
            SourceError: the service does not answer us as it should; asking on is of no use.
        """
        refuse_keywords(keywords)
        if self._question != (keywords, geo, timeframe):
            self._question = None
            self.geo = ""
            self.interest_over_time_widget: dict[str, Any] = {}
            self.interest_by_region_widget: dict[str, Any] = {}
            self.build_payload(list(keywords), timeframe=timeframe, geo=geo)
            self._question = (keywords, geo, timeframe)
        widget = self.interest_over_time_widget if what == "time" else self.interest_by_region_widget
        address = self.INTEREST_OVER_TIME_URL if what == "time" else self.INTEREST_BY_REGION_URL
        request = self._verified(widget, keywords, geo)
        if what == "time":
            self.interest_over_time()
        else:
            self.interest_by_region(resolution="COUNTRY")
        self._refuse_empty(address, PAYLOADS[what], len(keywords))
        config = request.get("userConfig")
        details = {
            "resolution": str(request.get("resolution", "")),
            "window": str(request.get("time") or request["comparisonItem"][0].get("time", "")),
            "user_type": str(config.get("userType", "")) if isinstance(config, dict) else "",
        }
        return Pulled(self._answer.body, address, details)

    def GetGoogleCookie(self) -> dict[str, str]:
        """Visit the page that sets the cookie, as pytrends does; a 404 page is its normal answer.

        The first visit may be told to be slower and be given the cookie all the same: that is enough to go on.
        """
        address = f"{pytrends_request.BASE_TRENDS_URL}/explore/"

        def receive(reply: Reply) -> None:
            if reply.status == 429 and not self._web.has_cookie("NID"):
                self._web.judge(reply, address, {})

        self._web.exchange(address, receive, params={"geo": "US"}, also_good={404, 429})
        return {}  # the session holds the cookie

    def _get_data(self, url: str, method: str = "get", trim_chars: int = 0, **sent: Any) -> Any:
        """Send what pytrends has put together; keep the bytes, and judge them before pytrends sees anything."""
        if self._has_asked:
            self._web.budget.sleep(self._pause_seconds)
        self._has_asked = True
        headers = {"Accept-Language": self.hl}
        answer = self._web.get(url, sent["params"], headers, method=method.upper(), also_good={400})
        self._answer = answer
        parsed = self._parsed(url, answer)
        if url != self.GENERAL_URL:
            return NO_FRAME
        widgets = parsed.get("widgets")
        if not isinstance(widgets, list) or not all(
            isinstance(one, dict) and isinstance(one.get("id"), str) for one in widgets
        ):
            raise self._refusal(WindowError, url, "a list of widgets", f"{sorted(parsed)}", answer)
        return parsed

    def _parsed(self, url: str, answer: Answer) -> dict[str, Any]:
        """The JSON behind the prefix that keeps browsers from running it."""
        if answer.status == 400:
            raise self._refusal(WindowError, url, "an answer with status 200", "status 400 (a bad question)", answer)
        prefix, _, rest = answer.body.partition(b"\n")
        expected = f"JSON behind the prefix {PREFIX.decode()}"
        if not prefix.startswith(PREFIX):
            found = describe(answer.body[:HEAD_BYTES], len(answer.body))
            raise self._refusal(SourceError, url, expected, found, answer)
        try:
            parsed = parsed_json(rest)
        except ValueError as error:
            found = f"JSON that breaks off or is damaged ({error})"
            raise self._refusal(SourceError, url, expected, found, answer) from error
        if not isinstance(parsed, dict):
            raise self._refusal(SourceError, url, "a JSON object", type(parsed).__name__, answer)
        return parsed

    def _verified(self, widget: dict[str, Any], keywords: Sequence[str], geo: str) -> dict[str, Any]:
        """The widget's request, if it is about the question that was just asked."""
        asked = f"a widget for {', '.join(keywords)} in {geo or 'the world'}"
        try:
            request: dict[str, Any] = widget["request"]
            items = request["comparisonItem"]
            found = [str(item["complexKeywordsRestriction"]["keyword"][0]["value"]) for item in items]
            places = [str(item.get("geo", request.get("geo", {})).get("country", "")) for item in items]
            usable = bool(widget["token"])
        except (KeyError, IndexError, TypeError, AttributeError):
            raise self._refusal(WindowError, self.GENERAL_URL, asked, "none", self._answer) from None
        same = [word.strip().casefold() for word in found] == [word.strip().casefold() for word in keywords]
        if not same or places != [geo] * len(keywords) or not usable:
            told = f"one for {', '.join(found)} in {', '.join(sorted({place or 'the world' for place in places}))}"
            raise self._refusal(WindowError, self.GENERAL_URL, asked, told, self._answer)
        return request

    def _refuse_empty(self, url: str, payload: str, count: int) -> None:
        """Raise for an answer without figures, or with figures for another number of keywords."""
        expected = f"{payload} with {count} values in each entry"
        try:
            entries = self._parsed(url, self._answer)["default"][payload]
            counts = {len(entry["value"]) for entry in entries}
        except (KeyError, TypeError):
            raise self._refusal(WindowError, url, expected, "none", self._answer) from None
        if counts != {count}:
            found = f"entries with {', '.join(map(str, sorted(counts)))} values" if counts else "an empty list"
            raise self._refusal(WindowError, url, expected, found, self._answer)

    def _refusal(self, kind: type[SourceError], url: str, expected: str, found: str, answer: Answer) -> SourceError:
        cure = (
            "Open https://trends.google.com/trends/explore in a browser: if it asks for consent or takes us for a "
            "robot, wait or import its CSV export; if it works, update flows/sources/google_trends/client.py."
        )
        return self._web.refusal(url, expected, found, cure, answer.final_address.partition("?")[0], kind)


def refuse_keywords(keywords: Sequence[str]) -> None:
    """Raise for what pytrends would send though Google cannot answer it."""
    expected = f"a list of one to {MOST_KEYWORDS} different keywords"
    if isinstance(keywords, str):
        found = f"the text {keywords!r}, which would be sent letter by letter"
    elif not 1 <= len(keywords) <= MOST_KEYWORDS:
        found = f"{len(keywords)} keywords"
    elif len({word.strip().casefold() for word in keywords}) < len(keywords) or not all(map(str.strip, keywords)):
        found = f"doubled or empty ones in {', '.join(keywords)}"
    else:
        return
    cure = "Check the google columns of data/reference/frameworks.csv."
    raise WindowError("a question to Google Trends", expected, found, cure)
