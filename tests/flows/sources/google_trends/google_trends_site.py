"""Google Trends on the loopback server: bodies in the recorded shape, about our own terms."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from tests.loopback import Answer, Loopback, Request

HOST = "trends.google.com"
HOME, EXPLORE = "/trends/explore/", "/trends/api/explore"
OVER_TIME, BY_COUNTRY = "/trends/api/widgetdata/multiline", "/trends/api/widgetdata/comparedgeo"
JSON_TYPE = {"Content-Type": "application/json; charset=UTF-8"}
TOPICS = {"/g/11gd3905v1": "pytorch", "/g/11bwp1s2k3": "tensorflow"}
LEVELS = {
    "pytorch": 80,
    "tensorflow": 40,
    "keras": 20,
    "scikit-learn": 10,
    "paddlepaddle": 2,
    "mxnet": 1,
    "mindspore": 0,
}

Level = Callable[[str, date], float | None]


def steady(framework: str, _: date) -> float:
    """The same level at all times."""
    return LEVELS.get(framework, 5)


class TrendsSite:
    """Answers like the service: the highest bucket of a request is 100, the last one is partial.

    Args:
        server: to answer on.
        today: the service's day.
        level: of a framework at a bucket; None for no data.
    """

    def __init__(self, server: Loopback, today: date = date(2026, 11, 21), level: Level = steady) -> None:
        self.server, self.today, self.level = server, today, level
        self.questions: list[dict[str, Any]] = []
        cookie = {"Set-Cookie": "NID=511=abc; path=/; domain=.google.com; HttpOnly", "Content-Type": "text/html"}
        server.answer(HOST, HOME, Answer("<!DOCTYPE html><title>Error 404</title>", status=404, headers=cookie))
        server.answer(HOST, EXPLORE, self.explore)
        server.answer(HOST, OVER_TIME, self.over_time)
        server.answer(HOST, BY_COUNTRY, self.by_country)

    def explore(self, request: Request) -> Answer:
        question = json.loads(parse_qs(request.query)["req"][0])
        self.questions.append(question)
        items = [(item["keyword"], item["time"], item["geo"]) for item in question["comparisonItem"]]
        return explored(items, self.today)

    def over_time(self, request: Request) -> Answer:
        asked = json.loads(parse_qs(request.query)["req"][0])
        words = [item["complexKeywordsRestriction"]["keyword"][0]["value"] for item in asked["comparisonItem"]]
        days = weeks(self.today) if asked["resolution"] == "WEEK" else months(self.today)
        return timeline(days, [[self.level(TOPICS.get(word, word), day) for word in words] for day in days])

    def by_country(self, request: Request) -> Answer:
        asked = json.loads(parse_qs(request.query)["req"][0])
        words = [item["complexKeywordsRestriction"]["keyword"][0]["value"] for item in asked["comparisonItem"]]
        levels = [self.level(TOPICS.get(word, word), self.today) or 0 for word in words]
        whole = sum(levels) or 1
        rows = [("US", "United States", [round(100 * level / whole) for level in levels]), ("BM", "Bermuda", None)]
        return countries(rows, len(words))


def explored(items: Sequence[tuple[str, str, str]], today: date) -> Answer:
    """The widgets of a question, as recorded: time series, map, and what we do not use."""
    monthly = items[0][1] == "all"
    window = f"2004-01-01 {today}" if monthly else f"{today.replace(year=today.year - 5)} {today}"

    def word(keyword: str) -> dict[str, Any]:
        kind = "ENTITY" if keyword.startswith("/") else "BROAD"
        return {"keyword": [{"type": kind, "value": keyword}]}

    def place(geo: str) -> dict[str, str]:
        return {"country": geo} if geo else {}

    common = {
        "locale": "en-US",
        "requestOptions": {"property": "", "backend": "IZG", "category": 0},
        "userConfig": {"userType": "USER_TYPE_SCRAPER"},
    }
    over_time = {
        "time": window,
        "resolution": "MONTH" if monthly else "WEEK",
        "comparisonItem": [{"geo": place(geo), "complexKeywordsRestriction": word(one)} for one, _, geo in items],
    } | common
    by_country = {
        "geo": place(items[0][2]),
        "comparisonItem": [{"time": window, "complexKeywordsRestriction": word(one)} for one, _, _ in items],
        "resolution": "COUNTRY",
        "dataMode": "PERCENTAGES",
    } | common
    widgets: list[dict[str, Any]] = [
        {"id": "TIMESERIES", "token": "APP6_a", "type": "fe_line_chart", "request": over_time},
        {"id": "GEO_MAP", "token": "APP6_b", "type": "fe_multi_heat_map", "request": by_country},
    ]
    for number, (one, _, _) in enumerate(items):
        widgets.append({"id": f"TITLE_{number}", "title": one})
        widgets.append({"id": f"RELATED_QUERIES_{number}", "token": "APP6_c", "request": {"restriction": {}}})
    return behind(")]}'", {"widgets": widgets, "keywords": [], "timeRanges": ["Past 5 years"]})


def timeline(days: Sequence[date], levels: Sequence[Sequence[float | None]], **last: Any) -> Answer:
    """Interest over time, scaled so that the highest is 100; None is no data."""
    top = max((level for row in levels for level in row if level is not None), default=0) or 1
    entries = []
    for day, row in zip(days, levels, strict=True):
        scaled = [None if level is None else 100 * level / top for level in row]
        entries.append(bucket(day, ["" if s is None else "<1" if 0 < s < 0.5 else str(round(s)) for s in scaled]))
    entries[-1] |= {"isPartial": True} | last
    return behind(")]}',", {"default": {"timelineData": entries, "averages": []}})


def bucket(day: date, printed: Sequence[str], **more: Any) -> dict[str, Any]:
    """One bucket as the service writes it; an empty text is no data."""
    return {
        "time": str(int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())),
        "formattedTime": f"{day:%b %Y}",
        "formattedAxisTime": f"{day:%b %Y}",
        "value": [int(text) if text.isdecimal() else 0 for text in printed],
        "hasData": [bool(text) for text in printed],
        "formattedValue": [text or "0" for text in printed],
    } | more


def countries(rows: Sequence[tuple[str, str, Sequence[int] | None]], count: int) -> Answer:
    """Interest by country in percent; None is no data."""
    entries = [
        {
            "geoCode": code,
            "geoName": name,
            "value": list(values or [0] * count),
            "formattedValue": [f"{value}%" for value in values] if values else [""] * count,
            "maxValueIndex": 0,
            "hasData": [values is not None] * count,
        }
        for code, name, values in rows
    ]
    return behind(")]}',", {"default": {"geoMapData": entries}})


def behind(prefix: str, body: Any, headers: Mapping[str, str] = JSON_TYPE) -> Answer:
    """JSON behind the prefix that keeps browsers from running it."""
    return Answer(f"{prefix}\n{json.dumps(body, separators=(',', ':'))}", headers=headers)


def weeks(today: date, count: int = 8) -> list[date]:
    """The last Sundays; fewer than the service's 261."""
    last = today - timedelta(days=(today.weekday() + 1) % 7)
    return [last - timedelta(days=7 * number) for number in reversed(range(count))]


def months(today: date, count: int = 6) -> list[date]:
    """The first days of the last months."""
    number = today.year * 12 + today.month - 1
    return [date((number - n) // 12, (number - n) % 12 + 1, 1) for n in reversed(range(count))]
