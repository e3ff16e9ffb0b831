"""What an import has taken in, for the words of the command."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Taken:
    """One or more files of a source that the operator gave.

    Attributes:
        said: what was landed, what of it counts and what is odd about it.
        where: condition on marts.framework_shares that holds for the figures it gives; empty where that is not known.
        is_sample: whether the source is known to have clearly more than was given.
        is_averaged: whether figures that were imported before are averaged with its own.
    """

    said: str
    where: str = ""
    is_sample: bool = False
    is_averaged: bool = False
