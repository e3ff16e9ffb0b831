"""The `trends` command: its words stand in the chapters beside this module.

Each command imports what it needs when it runs: `trends query` pays neither for the chart library nor for requests.
"""

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from ..settings import VERSION, Settings, misspelt
from . import asking, carrying, endings, publishing, watching
from .chapters import Command, Parser

CHAPTERS = (publishing, asking, carrying, watching)
EXAMPLES = {name: words for chapter in CHAPTERS for name, words in chapter.EXAMPLES.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit code: 0 done, 1 an error of ours in one line, 2 usage, 130 and 143 stopped."""
    endings.keep_streams()
    args = parsed(sys.argv[1:] if arguments is None else arguments)
    # Progress is for a person who waits; piped output stays quiet.
    level = logging.INFO if args.verbose or sys.stderr.isatty() else logging.WARNING
    logging.basicConfig(level=level, format="%(message)s", stream=sys.stderr)
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    command: Command = args.run
    try:
        settings = Settings.from_env(os.environ)
        for words in misspelt(os.environ):
            print(f"warning: {words}", file=sys.stderr)
        return command(args, settings)
    except BaseException as error:
        code = endings.told(error)
        return endings.leave(code) if arguments is None else code


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse the command line; what stands behind `import` belongs to the parser of the sources, its --help too."""
    if not arguments or arguments[0] != "import":
        return parser().parse_args(arguments)
    own = 1 + next((n for n, word in enumerate(arguments[1:]) if word not in ("-v", "--verbose")), len(arguments) - 1)
    args = parser().parse_args(arguments[:own])
    args.rest = list(arguments[own:])
    return args


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = Parser(
        prog="trends", description="How machine-learning frameworks rise and fall, with numbers anyone can check."
    )
    top.add_argument("--version", action="version", version=f"trends {VERSION}")
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(name: str, run: Command, help_: str) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name,
            help=help_,
            description=help_[0].upper() + help_[1:] + ".",
            epilog=EXAMPLES[name],
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_argument("-v", "--verbose", action="store_true", help="show progress also when piped")
        command.set_defaults(run=run)
        return command

    for chapter in CHAPTERS:
        chapter.add_commands(add)
    return top


if __name__ == "__main__":
    sys.exit(main())
