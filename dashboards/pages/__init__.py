"""The pages of the site: each is a module with its query and function, and the template beside it.

A module has `pages`, which yields what stands on each of its pages; its query is the tables that it names (marts, and
what only pages need, sql/pages), and its template has its name.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..drawing import Drawing


@dataclass(frozen=True)
class Page:
    """What a template needs to write one page.

    Attributes:
        file: within the site.
        title: of the page.
        context: what its template shows.
        has_charts: it loads the scripts of charts.
    """

    file: str
    title: str
    context: dict[str, Any] = field(default_factory=dict)
    has_charts: bool = False


Pages = Callable[[Drawing], Iterator[Page]]
