"""What was known of a source is known again after it was written down."""

from datetime import UTC, datetime

import pytest

from flows.landing.status import SourceCheck, Status, read_status, write_status
from flows.settings import Settings

NOW = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize("may_pass", [True, False])
def test_whether_a_failure_may_pass_is_written_down(settings: Settings, may_pass: bool) -> None:
    check = SourceCheck(NOW, None, "failed", "no network", may_pass=may_pass)
    write_status(settings, Status().with_check("a", check))
    assert read_status(settings).sources["a"] == check
