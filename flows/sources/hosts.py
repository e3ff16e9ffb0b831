"""Every host that the program asks or is led to: what a firewall has to let through, made from the sources' modules."""

from dataclasses import dataclass

from ..network.pace import Pace
from . import NAMES, Source, source_of

KINDS = ASKED, REDIRECTED_TO, OPTIONAL = ("asked", "redirected to", "optional")


@dataclass(frozen=True)
class Host:
    """A host, or a pattern of hosts such as `*.hf.co`.

    Attributes:
        name: the host.
        kind: asked, redirected to, or optional: asked only where others fail.
        sources: that need it.
    """

    name: str
    kind: str
    sources: tuple[str, ...]


def hosts_of(source: Source) -> dict[str, tuple[str, ...]]:
    """The hosts of a source by kind."""
    return dict(
        zip(KINDS, (source.HOSTS, getattr(source, "REDIRECTS", ()), getattr(source, "OPTIONAL", ())), strict=True)
    )


def paces_of(source: Source) -> dict[str, Pace]:
    """How many requests each host of a source allows: by its own word, else by that of other sources that ask there."""
    if hasattr(source, "PACES"):
        return source.PACES  # type: ignore[no-any-return]  # what a module may state besides
    known = {host: pace for other in map(source_of, NAMES) for host, pace in getattr(other, "PACES", {}).items()}
    return {host: known[host] for names in hosts_of(source).values() for host in names if host in known}


def table() -> list[Host]:
    """All hosts, each once under the strongest kind that a source has it."""
    found: dict[str, tuple[int, list[str]]] = {}
    for source in map(source_of, NAMES):
        for rank, names in enumerate(hosts_of(source).values()):
            for name in names:
                before, needed_by = found.get(name, (rank, []))
                found[name] = (min(before, rank), [*needed_by, source.NAME])
    ranked = sorted(found.items(), key=lambda one: one[1][0])
    return [Host(name, KINDS[rank], tuple(dict.fromkeys(needed_by))) for name, (rank, needed_by) in ranked]


def as_markdown() -> str:
    """The table as it stands in README.md."""
    rows = [f"| `{host.name}` | {host.kind} | {', '.join(host.sources)} |" for host in table()]
    return "\n".join(["| host | | for |", "|---|---|---|", *rows])
