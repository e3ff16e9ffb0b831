"""Every breakage of the table can still be made."""

from pathlib import Path

import pytest

from flows.settings import PROJECT
from tests.mutants.__main__ import Mutant, mutants


def test_there_are_fifty() -> None:
    assert len(mutants()) >= 50
    assert len({mutant.breaks for mutant in mutants()}) == len(mutants())


@pytest.mark.parametrize("mutant", mutants(), ids=lambda mutant: mutant.breaks)
def test_what_it_breaks_stands_there_once(mutant: Mutant) -> None:
    text = (PROJECT / mutant.file).read_text(encoding="utf-8")
    assert text.count(mutant.old) == 1
    assert mutant.old != mutant.new
    assert all((PROJECT / words).exists() for words in mutant.tests.split()), Path(mutant.tests)
