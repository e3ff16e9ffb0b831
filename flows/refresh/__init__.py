"""Pull, build, publish, tell.

Deployments at a Prefect server may name their flows here, where they stood before flows/schedule.
"""

from typing import Any

from ..sources import NAMES

DEPLOYED = frozenset({"refresh", *NAMES})


def __getattr__(name: str) -> Any:
    """The Prefect flow of this name; prefect is imported when one is asked for."""
    if name not in DEPLOYED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ..schedule import flows

    return getattr(flows, name)
