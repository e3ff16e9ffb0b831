"""What a source that needs several refreshes for its history says of them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FirstFill:
    """The first fill of a source.

    Attributes:
        requests: about how many it takes in all.
        a_refresh: how many of them one refresh makes at most.
        words: what else to know, such as how far apart refreshes have to be.
    """

    requests: int
    a_refresh: int
    words: str = ""

    @property
    def refreshes(self) -> int:
        """How many refreshes it takes."""
        return -(-self.requests // self.a_refresh)

    def __str__(self) -> str:
        """As a sentence."""
        words = f"; {self.words}" if self.words else ""
        return f"The first fill takes about {self.requests:,} requests in {self.refreshes} refreshes{words}."
