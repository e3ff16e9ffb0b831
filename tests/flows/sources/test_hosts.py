"""The table of hosts: in the README, in the doctor's look around, and what a source may be led to."""

from fnmatch import fnmatch

import pytest

from flows.settings import PROJECT
from flows.sources import MODULES, SOURCES, TAKEN, Source, hosts

README = (PROJECT / "README.md").read_text(encoding="utf-8")


def test_the_readme_has_the_table() -> None:
    between = README.partition("<!-- hosts: `trends probe --hosts` -->")[2].partition("<!-- /hosts -->")[0]
    assert between.strip() == hosts.as_markdown(), "put the output of `trends probe --hosts` there"


def test_each_host_stands_once_under_its_strongest_kind() -> None:
    names = [host.name for host in hosts.table()]
    assert len(set(names)) == len(names)
    asked = {host.name for host in hosts.table() if host.kind == hosts.ASKED}
    assert asked == {name for source in SOURCES for name in source.HOSTS}


@pytest.mark.parametrize(
    "host", ["cas-bridge.xethub.hf.co", "cdn-lfs-us-1.hf.co", "us.aws.cdn.hf.co", "eu.gcp.cdn.hf.co"]
)
def test_files_of_hugging_face_come_from_hosts_of_the_table(host: str) -> None:
    assert any(fnmatch(host, one.name) for one in hosts.table())


def test_the_list_of_sources_says_what_their_modules_say() -> None:
    assert [source.NAME for source in SOURCES] == list(MODULES)
    assert {source.NAME for source in SOURCES if not source.HOSTS} == TAKEN
    assert all(isinstance(source, Source) for source in SOURCES)
