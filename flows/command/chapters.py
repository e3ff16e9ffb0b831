"""What the chapters of the command line have in common: each module adds its words and runs them."""

import argparse
import re
from collections.abc import Callable
from typing import NoReturn

from ..settings import Settings

Command = Callable[[argparse.Namespace, Settings], int]
# Adds one word: its name, what runs it, and what it does.
Add = Callable[[str, Command, str], argparse.ArgumentParser]


class Parser(argparse.ArgumentParser):
    """As `argparse` has it; a slip in a word is told with the word that was meant."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and the word of those to choose from that is nearest."""
        if found := re.search(r"invalid choice: '(.+)' \(choose from (.+)\)$", message):
            from difflib import get_close_matches  # a command without a slip needs none of it

            near = get_close_matches(found[1], re.findall(r"[\w-]+", found[2]), 1)
            message += "".join(f"; did you mean {word}?" for word in near)
        super().error(message)
