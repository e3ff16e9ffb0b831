"""A made-up Papers With Code archive of the real one's size and shape.

300,161 links are about 40 MB of Parquet, 576,261 papers with abstracts about 600 MB in four files. Ids, titles and
addresses have the real lengths; months, labels and repeats roughly the real frequencies. Every value comes from a hash
of the row number, so that two runs make the same rows.
"""

from itertools import pairwise
from pathlib import Path

import duckdb

LINKS, PAPERS, PAPER_FILES = 300_161, 576_261, 4

# What links and papers have in common, of a paper's number; the first papers are those that have links.
ABOUT_A_PAPER = """
    *,
    -- the number of papers grows to 2023 and the archive ends in July 2025
    date '2012-01-01' + to_months((163 * sqrt((hash(paper, 4) % 100000) / 100000.0))::integer) as month,
    md5(paper::varchar) as words,
    'https://paperswithcode.com/paper/' || left(words, 12) || '-' || substr(words, 13, 20) || '-learning-of-' || paper
        as paper_url,
    'Learning of ' || md5(words) || ' representations with ' || md5(words || 'x') || ', ' || md5(words || 'y') || paper
        as paper_title,
    strftime(month, '%y%m') || '.' || lpad((paper % 20000)::varchar, 5, '0') as arxiv_id
"""
LINK_ROWS = """
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
        {about_a_paper},
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
    paper_url,
    paper_title,
    case when u > 0.055 then arxiv_id end as paper_arxiv_id,
    'https://arxiv.org/abs/' || arxiv_id || 'v2' as paper_url_abs,
    'https://arxiv.org/pdf/' || arxiv_id || 'v2.pdf' as paper_url_pdf,
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

PAPER_ROWS = """
select
    paper_url,
    if(hash(paper, 8) % 100 < 80, arxiv_id, null) as arxiv_id,
    paper_title as title,
    array_to_string([md5(words || part) for part in range(26)], ' ') as abstract,
    'https://arxiv.org/abs/' || arxiv_id || 'v2' as url_abs,
    'https://arxiv.org/pdf/' || arxiv_id || 'v2.pdf' as url_pdf,
    -- one in ten is of a conference that we follow
    if(
        hash(paper, 9) % 10 = 0,
        ['CVPR', 'NeurIPS', 'ICML', 'ICLR', 'ACL', 'EMNLP'][1 + (hash(paper, 10) % 6)::integer] || ' '
            || strftime(month, '%Y') || ' ' || month(month),
        null
    ) as proceeding,
    [left(md5(words || author), 6) || ' ' || substr(md5(words || author), 7, 9) for author in range(1 + paper % 6)]
        as authors,
    ['Image Classification', 'Representation Learning'] as tasks,
    strftime(month::date + (paper % 28)::integer, '%Y-%m-%d') as date
from (select {about_a_paper} from (select unnest(range({first}, {last})) as paper))
"""


def make(folder: Path, links: int = LINKS) -> Path:
    """Make the links once; return their Parquet file."""
    return _once(folder / f"links-{links}.parquet", LINK_ROWS.format(links=links, about_a_paper=ABOUT_A_PAPER))


def make_papers(folder: Path, papers: int = PAPERS) -> list[Path]:
    """Make the papers once; return their Parquet files."""
    ends = [papers * number // PAPER_FILES for number in range(PAPER_FILES + 1)]
    return [
        _once(
            folder / f"papers-{papers}-{number}.parquet",
            PAPER_ROWS.format(first=first, last=last, about_a_paper=ABOUT_A_PAPER),
        )
        for number, (first, last) in enumerate(pairwise(ends))
    ]


def _once(path: Path, query: str) -> Path:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".part")
        with duckdb.connect(config={"memory_limit": "1GB", "temp_directory": str(path.parent / "tmp")}) as con:
            con.execute(f"copy ({query}) to '{temporary}' (format parquet, compression snappy)")
        temporary.rename(path)
    return path
