"""What brings files of other hands and other machines."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from ..settings import Settings
from .chapters import Add

EXAMPLES = {
    "import": """example:
  trends import --help                     the sources that take files, with examples""",
    "bundle": """examples:
  trends bundle write trends.bundle        what was pulled here, for a machine without network
  trends bundle read trends.bundle         there; then trends build""",
}


def add_commands(add: Add) -> None:
    """Add the words of this chapter."""
    import_ = add("import", run_import, "land a file that you downloaded yourself")
    import_.usage = "trends import [SOURCE] FILE [options]"
    import_.set_defaults(rest=[])
    bundle = add("bundle", run_bundle, "carry what was pulled to a machine without network, as far as licences allow")
    bundle.add_argument("way", choices=("write", "read"), help="write a bundle here, or land what one holds")
    bundle.add_argument("file", type=Path, metavar="FILE", help="the bundle")


def run_import(args: argparse.Namespace, settings: Settings) -> int:
    """Land a given file; which options there are is the source module's to say."""
    from . import imports

    print(imports.run(settings, args.rest, datetime.now(UTC)))
    return 0


def run_bundle(args: argparse.Namespace, settings: Settings) -> int:
    """Write or read a bundle."""
    from ..release import bundle, lock

    with lock.locked(settings):
        if args.way == "write":
            print(bundle.write(settings, args.file, datetime.now(UTC)))
        else:
            print(f"{bundle.read(settings, args.file)}\nNext: trends build")
    return 0
