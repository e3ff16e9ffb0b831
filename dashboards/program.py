"""All that the pages take from the program, named in this one place.

In the repository flows/ and dashboards/ lie side by side; packed, both lie in one package, and are siblings there.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING or __package__ == "dashboards":
    from flows.ask.allowed import GUARD
    from flows.ask.catalogue import worked_queries
    from flows.errors import DashboardError
    from flows.reference.sources import PASSED_ON, redistribution
    from flows.release import exports
    from flows.release.releases import Release
    from flows.replacing import put, settle_tree
    from flows.settings import PROJECT, Settings
    from flows.sql_text import quoted
else:
    from ..flows.ask.allowed import GUARD
    from ..flows.ask.catalogue import worked_queries
    from ..flows.errors import DashboardError
    from ..flows.reference.sources import PASSED_ON, redistribution
    from ..flows.release import exports
    from ..flows.release.releases import Release
    from ..flows.replacing import put, settle_tree
    from ..flows.settings import PROJECT, Settings
    from ..flows.sql_text import quoted

__all__ = [
    "GUARD",
    "PASSED_ON",
    "PROJECT",
    "DashboardError",
    "Release",
    "Settings",
    "exports",
    "put",
    "quoted",
    "redistribution",
    "settle_tree",
    "worked_queries",
]
