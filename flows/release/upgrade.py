"""The day after an upgrade: what the current release would say by the definitions of today.

A new version of the program may define figures anew, and name tables and columns otherwise. The current release is then
no measure for new landings, neither for the gates nor for what has changed. So it is made once more, by today's code
from the landings that it was made from, and what is new is compared with that. Of what changed by our own doing one
number is told: how many of its figures read differently now.
"""

import logging
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb

from ..errors import BadLanding, TrendsError
from ..landing.cards import LandedFile, all_landed
from ..sql_text import first_line, quoted
from ..warehouse import build as warehouse
from . import releases
from .history import FIGURE, Redefined
from .inputs import Inputs
from .loaders import loaders

log = logging.getLogger(__name__)


@contextmanager
def compared(inputs: Inputs) -> Iterator[Inputs]:
    """The same inputs, with the measure for them where an older version made the current release."""
    held = releases.current(inputs.settings)
    if held is None or held.definitions == inputs.definitions():
        yield inputs
        return
    folder = inputs.settings.data / "releases" / ".new-redefined"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield replace(inputs, redefined=_made(inputs, folder / "warehouse.duckdb", held.release_id))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _made(inputs: Inputs, path: Path, release_id: str) -> Redefined | None:
    """Make the current release once more; None where that cannot be done: what both sides have is compared then."""
    before = inputs.settings.current.resolve() / "warehouse.duckdb"
    try:
        then = _inputs_of(inputs, before)
        while True:
            try:
                warehouse.build(inputs.settings, path, loaders(then, alone=True))
                break
            except BadLanding as error:
                then = then.carrying(error)
                path.unlink(missing_ok=True)
        return Redefined(release_id, path, *_differing(before, path))
    except (duckdb.Error, TrendsError) as error:
        words = first_line(error)
        log.warning("The current release cannot be made by this version, so new landings are judged less: %s", words)
        return None


def _inputs_of(inputs: Inputs, before: Path) -> Inputs:
    """What the current release was made from; rows of files that are gone since are carried over from it."""
    with closing(duckdb.connect(str(before), read_only=True)) as con:
        used = {row[0] for row in con.execute("select source_file from raw.refresh_landings").fetchall()}
    landed: dict[str, list[LandedFile]] = {}
    carried = set(inputs.carried)
    for source in inputs.landed:
        wanted = {file for file in used if file.startswith(f"{source}/")}
        landed[source] = [file for file in all_landed(inputs.settings, source) if file.source_file in wanted]
        if len(landed[source]) < len(wanted):
            carried.add(source)
    return replace(inputs, landed=landed, carried=frozenset(carried))


def _differing(before: Path, after: Path) -> tuple[int, int]:
    """How many figures the current release has, and how many of them read differently or are gone."""
    with closing(duckdb.connect()) as con:
        for name, file in (("was", before), ("now", after)):
            con.execute(f"attach {quoted(str(file))} as {name} (read_only)")
        found = con.execute(
            "select count(*), count(*) filter (now.value is distinct from was.value) "
            f"from was.marts.framework_shares as was left join now.marts.framework_shares as now using ({FIGURE})"
        ).fetchall()[0]
    return int(found[0]), int(found[1])
