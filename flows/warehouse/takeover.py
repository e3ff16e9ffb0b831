"""Takes over the tables of the release before that are right still, so that a build makes only what is not.

What a changed table is read by is made anew too, unless the table comes out with the rows that it had: then all that
reads nothing else new is kept after all.
"""

from collections.abc import Mapping
from graphlib import TopologicalSorter

import duckdb

from .analysis import Computed
from .keys import BASE, Keys, differing_lines
from .models import Model
from .parallel import Graph

VIEWS = "select schema_name || '.' || view_name from duckdb_views() where not internal"
Note = tuple[str, str, int, int]
# Number of rows of a table, and what the reader should know.
Result = tuple[int, list[Note]]
Nodes = Mapping[str, Model | Computed]


class Takeover:
    """Which tables of the warehouse before are right still.

    Args:
        con: the warehouse.
        nodes: what is to be there, by qualified name.
        graph: which of them each one reads.
        keys: of raw tables and of what is held; get those of the nodes. What no node makes is dropped.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, nodes: Nodes, graph: Graph, keys: Keys) -> None:
        self._nodes, self._keys = nodes, keys
        # The comments of a table are part of it, and the dictionary of columns has a say in them.
        self._texts = {
            name: node.path.read_text(encoding="utf-8") + str(node.columns) if isinstance(node, Model) else name
            for name, node in nodes.items()
        }
        self._sure = [name for name in TopologicalSorter(graph).static_order() if self._is_held(name)]
        views = {name for (name,) in con.execute(VIEWS).fetchall()}
        for name in keys.held.keys() - keys.made.keys() - {BASE}:
            if not name.startswith("checks."):
                con.execute(f"drop {'view' if name in views else 'table'} if exists {name}")
        self._notes: dict[str, list[Note]] = {}
        if keys.held:
            for note in con.execute("select model, note, row_count, model_row_count from marts.data_notes").fetchall():
                self._notes.setdefault(note[0], []).append(note)

    def _is_held(self, name: str) -> bool:
        return self._keys.add(name, self._texts[name], self._keys.made.keys() & set(self._nodes[name].reads))

    def _told(self, name: str) -> Result:
        return self._keys.held[name].row_count, self._notes.get(name, [])

    def sure(self) -> dict[str, Result]:
        """What is said of the tables that are kept whatever comes out of those that are made."""
        return {name: self._told(name) for name in self._sure}

    def now(self, name: str) -> Result | None:
        """The same of one whose inputs are all there; None if it has to be made."""
        return self._told(name) if self._is_held(name) else None

    def compare(self, con: duckdb.DuckDBPyConnection, name: str) -> None:
        """Note of a table that was made whether its rows are those of the one before."""
        node = self._nodes[name]
        if not isinstance(node, Model) or not (node.is_view or node.layer == "checks"):
            self._keys.compare(con, name)

    def changed_lines(self, con: duckdb.DuckDBPyConnection, name: str) -> frozenset[int] | None:
        """The lines of a computed table that have to be computed anew; None for all.

        What the table before was computed from may differ in some lines only; the code is the same, or nothing is held.
        """
        node = self._nodes[name]
        is_known = self._keys.compares and {name, *node.reads} <= self._keys.held.keys()
        if isinstance(node, Model) or node.lines_of is None or not is_known:
            return None
        found: set[int] = set()
        for read in node.reads:
            if self._keys.rows[read] != self._keys.held[read].rows_key:
                found |= differing_lines(con, read)
        return frozenset(found)
