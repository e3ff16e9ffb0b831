"""A warehouse of one small table."""

import duckdb
import pytest

from flows.settings import Settings


@pytest.fixture(scope="package")
def here(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(data=tmp_path_factory.mktemp("asked") / "data", query_seconds=5)
    folder = settings.data / "releases" / "one"
    folder.mkdir(parents=True)
    settings.current.symlink_to("releases/one")
    with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
        con.execute(
            "create schema marts; create table marts.things as select * from (values "
            "('a', 1, 0.5::double, date '2024-01-01'), ('b, \"c\"', null, 2.25, null)) as t(name, n, x, day)"
        )
    return settings
