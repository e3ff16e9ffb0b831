"""The house does not grow unnoticed: docs/decisions.md says why the limits are where they are."""

from flows.warehouse.models import SCHEMAS
from tests.sql.support import SQL

MOST_LINES, MOST_MODELS = 10_000, 225


def test_sql_grows_by_decision_only() -> None:
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in SQL.glob("*/*.sql"))
    models = sum(len(list((SQL / layer).glob("*.sql"))) for layer in SCHEMAS)
    assert lines <= MOST_LINES, "join what is too fine, delete what nobody reads, or decide anew in docs/decisions.md"
    assert models <= MOST_MODELS, "join what one model alone reads, or decide anew in docs/decisions.md"
