"""A made-up Papers With Code archive of the real one's size and shape: 300,161 links, about 40 MB of Parquet.

Ids, titles and addresses have the real lengths; months, labels and repeats roughly the real frequencies. Every value
comes from a hash of the row number, so that two runs make the same rows.
"""

from pathlib import Path

import duckdb

LINKS = 300_161

ROWS = """
with numbered as (
    select
        range as n,
        -- about 1.35 links a paper and 1.2 papers a repository, like the archive
        (hash(range, 1) % ({links} * 100 // 135))::bigint as paper,
        (hash(range, 2) % 1000) / 1000.0 as u,
        (hash(range, 3) % 1000) / 1000.0 as v
    from range({links})
),
dated as (
    select
        *,
        -- the number of papers grows to 2023 and the archive ends in July 2025
        date '2012-01-01' + to_months((163 * sqrt((hash(paper, 4) % 100000) / 100000.0))::integer) as month,
        md5(paper::varchar) as words,
        hash(n, 5) % ({links} * 5 // 6) as repository
    from numbered
),
labelled as (
    select
        *,
        greatest(0.0, least(1.0, (year(month) - 2016.5) / 6)) as newness
    from dated
)
select
    'https://paperswithcode.com/paper/' || left(words, 12) || '-' || substr(words, 13, 20) || '-learning-of-' || paper
        as paper_url,
    'Learning of ' || md5(words) || ' representations with ' || md5(words || 'x') || ', ' || md5(words || 'y') || paper
        as paper_title,
    case when u > 0.055 then strftime(month, '%y%m') || '.' || lpad((paper % 20000)::varchar, 5, '0') end
        as paper_arxiv_id,
    'https://arxiv.org/abs/' || strftime(month, '%y%m') || '.' || lpad((paper % 20000)::varchar, 5, '0') || 'v2'
        as paper_url_abs,
    'https://arxiv.org/pdf/' || strftime(month, '%y%m') || '.' || lpad((paper % 20000)::varchar, 5, '0') || 'v2.pdf'
        as paper_url_pdf,
    'https://github.com/' || left(md5(repository::varchar), 10) || '/' || substr(md5(repository::varchar), 11, 16)
        || case when hash(n, 6) % 50 = 0 then '/tree/master/code' when hash(n, 6) % 50 = 1 then '.git' else '' end
        as repo_url,
    hash(n, 7) % 100 < 55 as is_official,
    hash(n, 8) % 100 < 50 as mentioned_in_paper,
    hash(n, 9) % 100 < 70 as mentioned_in_github,
    case
        when v < 0.40 then 'none'
        when v < 0.40 + 0.50 * newness then 'pytorch'
        when v < 0.93 then 'tf'
        when v < 0.96 then 'jax'
        when v < 0.97 then 'paddle'
        when v < 0.98 then 'mxnet'
        when v < 0.99 then 'torch'
        else 'mindspore'
    end as framework
from labelled
order by paper, n
"""


def make(folder: Path, links: int = LINKS) -> tuple[Path, Path]:
    """Make the archive once; return its Parquet and its gzip JSON file."""
    folder.mkdir(parents=True, exist_ok=True)
    parquet, json = folder / f"links-{links}.parquet", folder / f"links-{links}.json.gz"
    with duckdb.connect() as con:
        if not parquet.exists():
            temporary = parquet.with_suffix(".part")
            con.execute(f"copy ({ROWS.format(links=links)}) to '{temporary}' (format parquet, compression snappy)")
            temporary.rename(parquet)
        if not json.exists():
            temporary = json.with_suffix(".part")
            con.execute(f"copy (from '{parquet}') to '{temporary}' (format json, array true, compression gzip)")
            temporary.rename(json)
    return parquet, json
