"""Rows of data/reference, and what is said of one that cannot be right."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from flows.errors import SourceError
from flows.reference.frameworks import followed, further_names, main_names
from flows.reference.sources import PASSED_ON, redistribution, source_names, source_row
from flows.settings import Settings


@pytest.fixture
def ours(tmp_path: Path) -> Settings:
    """Settings of a project whose reference tables may be changed."""
    found = Settings()
    (tmp_path / "sql").mkdir()
    shutil.copytree(found.reference, tmp_path / "data" / "reference")
    return replace(found, project=tmp_path)


def changed(settings: Settings, table: str, old: str, new: str) -> None:
    path = settings.reference / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_framework_without_a_name_at_a_source_is_not_asked_for(ours: Settings) -> None:
    assert "" not in followed(ours, "github_repo")
    assert "numpy" not in followed(ours, "pypi_package"), "numpy is no framework"
    assert main_names(ours, "pypi_package")["torch"] == "pytorch"
    assert "" not in main_names(ours, "conda_package")
    assert set(further_names(ours, "pypi_variant")) < set(further_names(ours, "pypi_variant", "pypi_companion"))


def test_a_first_release_that_is_no_day_is_named(ours: Settings) -> None:
    changed(ours, "frameworks", "2016-09-01", "2016-13-01")
    with pytest.raises(SourceError, match=r"frameworks\.csv: expected a date such as .*found '2016-13-01'"):
        followed(ours, "github_repo")


def test_every_source_has_a_row_and_a_rule(ours: Settings) -> None:
    assert set(source_names(ours)) <= redistribution(ours).keys()
    assert source_row(ours, "pypi_downloads").cadence.days > 0
    with pytest.raises(SourceError, match=r"expected a row for the source nothing"):
        source_row(ours, "nothing")


def test_an_unknown_word_passes_nothing_on(ours: Settings) -> None:
    source, (word, _) = next((name, rule) for name, rule in redistribution(ours).items() if rule[0] in PASSED_ON)
    changed(ours, "redistribution", f"{source},{word}", f"{source},perhaps")
    with pytest.raises(SourceError, match=rf"for {source}, found 'perhaps'"):
        redistribution(ours)
