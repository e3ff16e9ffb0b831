"""Adoption of machine-learning frameworks, as frames of the published release.

    import framework_trends as ft

    ft.shares(framework="jax")
    ft.pair("pytorch", "jax")

Each function reads the current release of the user's data folder, or the one that `release` names: a folder, a
warehouse file, or the address of a site. docs/notebook.ipynb shows them at work.
"""

from pathlib import Path

if not (Path(__file__).parent / "flows").is_dir():
    # In a checkout flows/, dashboards/, sql/ and data/ lie beside this folder; in a wheel they lie in it.
    __path__.append(str(Path(__file__).resolve().parent.parent))

from .flows.ask.frames import claims, pair, shares, sql, status
from .flows.errors import TrendsError
from .flows.settings import VERSION as __version__

__all__ = ["TrendsError", "__version__", "claims", "pair", "shares", "sql", "status"]
