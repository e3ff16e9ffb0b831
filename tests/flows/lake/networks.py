"""Hosts with a network each, joined by a switch: namespaces of the kernel, made with `ip` and gone with the test."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

NET = "10.213.77"
NOT_TESTED = "NOT TESTED: two hosts with a network each need root, `ip` and the right to make namespaces, found {}"


@dataclass(frozen=True)
class Host:
    """One host.

    Attributes:
        name: of its namespace.
        address: of its only link.
    """

    name: str
    address: str

    @property
    def within(self) -> tuple[str, ...]:
        """What stands before a command that runs on this host."""
        return ("ip", "netns", "exec", self.name)

    def cut(self) -> None:
        """Pull its cable: nothing that is sent arrives, and nobody is told."""
        _ip("-n", self.name, "link", "set", "eth", "down")

    def mend(self) -> None:
        """Put its cable back."""
        _ip("-n", self.name, "link", "set", "eth", "up")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True, timeout=30)


@contextmanager
def hosts(names: Sequence[str]) -> Iterator[list[Host]]:
    """Make hosts of one network, the first of which is the switch too; skip, aloud, where that is not permitted."""
    made = [Host(f"trends-{os.getpid()}-{name}", f"{NET}.{number}") for number, name in enumerate(names, start=1)]
    try:
        try:
            for host in made:
                _ip("netns", "add", host.name)
                _ip("-n", host.name, "link", "set", "lo", "up")
            switch = made[0].name
            _ip("-n", switch, "link", "add", "eth", "type", "bridge")
            _ip("-n", switch, "link", "set", "eth", "up")
            for number, host in enumerate(made[1:]):
                _ip("-n", switch, "link", "add", f"port{number}", "type", "veth", "peer", "eth", "netns", host.name)
                _ip("-n", switch, "link", "set", f"port{number}", "master", "eth", "up")
            for host in made:
                _ip("-n", host.name, "address", "add", f"{host.address}/24", "dev", "eth")
                _ip("-n", host.name, "link", "set", "eth", "up")
        except (OSError, subprocess.CalledProcessError) as error:
            found = getattr(error, "stderr", "") or error
            pytest.skip(NOT_TESTED.format(str(found).strip()))
        yield made
    finally:
        if shutil.which("ip"):
            for host in made:
                subprocess.run(["ip", "netns", "delete", host.name], check=False, capture_output=True, timeout=30)
