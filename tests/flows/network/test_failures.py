"""When a service wants us back, whatever its headers say."""

from datetime import UTC, datetime, timedelta

import pytest

from flows.json_text import parsed_json
from flows.network.failures import back_at, back_in, refused_status

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("60", timedelta(seconds=60)),
        ("9" * 400, timedelta(days=366)),
        ("9" * 5000, timedelta(days=366)),
        ("soon", None),
        ("-1", None),
        ("", None),
    ],
)
def test_back_in(text: str, found: timedelta | None) -> None:
    assert back_in(text, NOW) == (NOW + found if found is not None else None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1795266000", datetime(2026, 11, 21, 13, tzinfo=UTC)),
        ("1795266000000", datetime(2026, 11, 21, 13, tzinfo=UTC)),
        ("9" * 400, None),
        ("99999999999999", None),
        ("NaN", None),
    ],
)
def test_back_at_in_seconds_or_milliseconds(text: str, found: datetime | None) -> None:
    assert back_at(text, NOW) == found


@pytest.mark.parametrize("after", ["9" * 400, "Mon, 01 Jan 0001 00:00:00 +9999", "Mon, 99 Foo 99999 99:99:99 GMT"])
def test_a_retry_after_that_is_no_time_is_no_bug(after: str) -> None:
    assert "status 429" in refused_status(429, "", {"Retry-After": after}, "x", NOW)[0]


def test_json_that_is_nested_too_deep_is_damaged() -> None:
    with pytest.raises(ValueError, match="nested too deep"):
        parsed_json("[" * 200_000)
