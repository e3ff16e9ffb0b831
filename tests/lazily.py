"""Modules that are imported when a test first needs them: every worker imports every test module, to collect it."""

import importlib
from typing import Any


class Lazily:
    """Stands for a module; statsmodels takes over a second to import.

    Args:
        name: of the module.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        # Pytest asks all that a test module holds whether it mocks or wraps something: no import is needed to say no.
        if attribute.startswith("_"):
            raise AttributeError(attribute)
        return getattr(importlib.import_module(self._name), attribute)


def lazily(name: str) -> Any:
    """The module of this name."""
    return Lazily(name)
