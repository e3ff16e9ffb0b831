"""The pages of the site: each is a module with its query and function, and the template beside it.

A module has `pages`, which yields what stands on each of its pages; its query is the tables that it names (marts, and
what only pages need, sql/pages), and its template has its name.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..drawing import Drawing
from ..figures import Figure


@dataclass(frozen=True)
class Page:
    """What a template needs to write one page.

    Attributes:
        file: within the site.
        title: of the page.
        context: what its template shows.
        has_charts: it loads the scripts of charts.
        description: the finding in a sentence or two; that of its first figure when empty.
        beside: pages of the same subject, whose picture may stand for it where it has none of its own.
    """

    file: str
    title: str
    context: dict[str, Any] = field(default_factory=dict)
    has_charts: bool = False
    description: str = ""
    beside: tuple[str, ...] = ()

    @property
    def figures(self) -> list[Figure]:
        """The figures with a title that it shows, each once, in the order in which its context names them."""
        return list({figure.name: figure for figure in _figures(self.context.values()) if figure.table}.values())


def _figures(values: Iterable[Any]) -> Iterator[Figure]:
    for value in values:
        if isinstance(value, Figure):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from _figures(value)
        elif isinstance(value, dict):
            yield from _figures(value.values())


Pages = Callable[[Drawing], Iterator[Page]]
