"""What the chapters of the command line have in common: each module adds its words and runs them."""

import argparse
from collections.abc import Callable

from ..settings import Settings

Command = Callable[[argparse.Namespace, Settings], int]
# Adds one word: its name, what runs it, and what it does.
Add = Callable[[str, Command, str], argparse.ArgumentParser]
