"""Made links of the archive as Parquet parts, and the same counts by one process."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import duckdb

from flows.lake.planning import partitioned
from flows.settings import PROJECT

DATED = "intermediate.papers_with_code_links_dated"
WANTED = ("intermediate.papers_with_code_papers_alike", "intermediate.papers_with_code_repositories_alike")
FRAMEWORKS = """select * from (values (1, 'pytorch', 'pytorch'), (2, 'tensorflow', 'tf'), (3, 'none', 'none'),
(4, 'jax', 'jax'), (5, 'mxnet', 'mxnet')) as labels(framework_order, framework, papers_with_code_label)"""


def made_links(folder: Path, links: int, parts: int) -> list[str]:
    """Write parts of links in the columns of staging.papers_with_code__links; 2 a paper, 3 a repository on average."""
    files = []
    with closing(duckdb.connect()) as con:
        for part in range(parts):
            first, end = part * links // parts, (part + 1) * links // parts
            files.append(str(folder / f"{part:04d}.parquet"))
            con.execute(
                f"""copy (
                select
                    (range + 1)::bigint as link_id,
                    'https://paperswithcode.com/paper/title-' || hash(range // 2) % {links // 2} as paper_url,
                    (1001 + hash(range // 2) % 16 * 100 + hash(range // 2, 1) % 12) || '.'
                        || lpad((hash(range // 2, 2) % 100000)::varchar, 5, '0') as arxiv_id,
                    'https://github.com/owner' || hash(range, 3) % {links // 5} || '/net-'
                        || hash(range, 3) % {links // 3} as repository_url,
                    hash(range, 4) % 3 = 0 as is_official,
                    ['pytorch', 'tf', 'none', 'jax', 'mxnet', 'other'][(1 + hash(range, 5) % 6)::integer]
                        as framework_label,
                    timestamp '2025-07-28' as landed_at,
                    'papers_with_code/made/links.parquet' as source_file
                from range({first}, {end})
                ) to '{files[-1]}' (format parquet)"""
            )
    return files


def one_process(files: Sequence[str], memory: str = "8GB", threads: int = 2) -> dict[str, set[tuple[object, ...]]]:
    """The counts of one DuckDB that reads the same files with the same SQL."""
    models = {model.table: model for model in partitioned(PROJECT / "sql")}
    with closing(duckdb.connect(config={"memory_limit": memory, "threads": threads})) as con:
        con.execute("create schema staging; create schema intermediate; set preserve_insertion_order = false")
        for macros in sorted((PROJECT / "sql" / "macros").glob("*.sql")):
            con.execute(macros.read_text())
        con.execute(f"create table staging.reference__frameworks as {FRAMEWORKS}")
        con.execute(f"create view staging.papers_with_code__links as from read_parquet({list(files)})")
        found = {}
        for table in (DATED, *WANTED):
            con.execute(f"create table {table} as {models[table].query}")
            if table != DATED:
                columns = ", ".join((*models[table].grain, *models[table].sums))
                found[table] = set(con.execute(f"select {columns} from {table}").fetchall())
        return found
