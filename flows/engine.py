"""DuckDB, imported when something of it is first asked for, since a refresh that finds nothing new asks for nothing.

What such a refresh imports takes it from here, and postpones its annotations, which would ask at once.
"""

from typing import TYPE_CHECKING, Any

__all__ = ["duckdb"]

if TYPE_CHECKING:
    import duckdb
else:

    class _Engine:
        """Stands for the package; nothing of it is kept, so that it can be replaced as it is."""

        def __getattr__(self, name: str) -> Any:
            import duckdb  # a tenth of a second, a fifth of such a refresh

            return getattr(duckdb, name)

    duckdb = _Engine()
