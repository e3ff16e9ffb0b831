"""The notebook of docs/ runs from its first cell to its last, on the embedded release."""

import ast
import json
from typing import Any

import pytest

from flows.settings import PROJECT, Settings

NOTEBOOK = PROJECT / "docs" / "notebook.ipynb"


def shown(source: str, names: dict[str, Any]) -> Any:
    """Run a cell; what its last line shows, if that is an expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, str(NOTEBOOK), "exec"), names)
    return None if last is None else eval(compile(ast.Expression(last.value), str(NOTEBOOK), "eval"), names)


def test_every_cell_shows_something(embedded: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRENDS_DATA", str(embedded.data))
    book = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert book["nbformat"] == 4
    names: dict[str, Any] = {}
    cells = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]
    assert len(cells) > 5
    for source in cells:
        found = shown(source, names)
        assert found is not None, source
        rows = (
            found
            if isinstance(found, dict)
            else getattr(found, "index", found.to_dict() if hasattr(found, "to_dict") else ())
        )
        assert len(rows) > 0, source
