"""Where errors send their reader."""

import pytest

from flows.errors import module_of
from flows.settings import PROJECT
from flows.sources import SOURCES, Source


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.NAME)
def test_the_module_that_an_error_names_is_there(source: Source) -> None:
    assert (PROJECT / module_of(source.NAME)).is_file()
