"""The same work in a straightforward pandas script: fetch the archive, compute the shares, write them and a page.

Usage: python pandas_refresh.py ADDRESS FOLDER
"""

import sys
import urllib.request
from pathlib import Path

import altair as alt
import pandas as pd

LABELS = {"tf": "tensorflow", "paddle": "paddlepaddle"}


def load(address: str, folder: Path) -> pd.DataFrame:
    path = folder / "links.parquet"
    urllib.request.urlretrieve(address, path)
    links = pd.read_parquet(path)
    ids = links["paper_arxiv_id"].str.extract(r"^(?:[a-zA-Z.-]+/)?(\d{2})(\d{2})")
    year = pd.to_numeric(ids[0])
    year = year + year.ge(91).map({True: 1900, False: 2000})
    links["month"] = pd.to_datetime({"year": year, "month": pd.to_numeric(ids[1]), "day": 1}, errors="coerce")
    links["framework"] = links["framework"].replace(LABELS)
    key = links["repo_url"].str.lower().str.replace(r"^https?://(www\.)?", "", regex=True)
    key = key.str.replace(r"^(github\.com/[^/]+/[^/]+).*$", r"\1", regex=True).str.replace(r"\.git$", "", regex=True)
    links["repository"] = key
    return links.dropna(subset=["month"])


def wilson(value: pd.Series, base: pd.Series) -> tuple[pd.Series, pd.Series]:
    p, z = value / base, 1.96
    centre = (p + z**2 / (2 * base)) / (1 + z**2 / base)
    half = z * (p * (1 - p) / base + z**2 / (4 * base**2)) ** 0.5 / (1 + z**2 / base)
    return 100 * (centre - half), 100 * (centre + half)


def shares(links: pd.DataFrame) -> pd.DataFrame:
    links = links.reset_index(names="link")
    populations = {"all": links, "official": links[links.is_official], "community": links[~links.is_official]}
    parts = []
    for population, rows in populations.items():
        first = rows.groupby("repository")["month"].transform("min")
        for counted, key, month in (
            ("links", "link", rows.month),
            ("papers", "paper_url", rows.month),
            ("repositories", "repository", first),
        ):
            members = rows.assign(month=month)[["month", "framework", key]].drop_duplicates()
            for known in (False, True):
                taken = members[members.framework != "none"] if known else members
                base = taken.groupby("month")[key].nunique()
                table = taken.groupby(["month", "framework"])[key].nunique().unstack(fill_value=0).stack()
                monthly = table.rename("value").reset_index().merge(base.rename("base"), on="month")
                quarterly = monthly.assign(month=monthly.month.dt.to_period("Q").dt.start_time)
                quarterly = quarterly.groupby(["month", "framework"], as_index=False).sum()
                for grain, rows_of_grain in (("month", monthly), ("quarter", quarterly)):
                    series = f"{counted}_{'known' if known else 'all'}"
                    parts.append(rows_of_grain.assign(series=series, population=population, grain=grain))
    found = pd.concat(parts, ignore_index=True)
    found["share_pct"] = 100 * found.value / found.base
    found["low"], found["high"] = wilson(found.value, found.base)
    return found


def pairs(found: pd.DataFrame) -> pd.DataFrame:
    keys = ["series", "population", "grain", "month"]
    both = found.merge(found, on=keys, suffixes=("_a", "_b"))
    both = both[both.framework_a < both.framework_b]
    total = both.value_a + both.value_b
    both["a_share"] = 100 * both.value_a / total.where(total > 0)
    both["low"], both["high"] = wilson(both.value_a, total.where(total > 0))
    return both


def main(address: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    found = shares(load(address, folder))
    found.to_parquet(folder / "shares.parquet")
    pairs(found).to_parquet(folder / "pairs.parquet")
    drawn = found[(found.series == "links_known") & (found.population == "all") & (found.grain == "quarter")]
    alt.Chart(drawn).mark_line().encode(x="month:T", y="share_pct:Q", color="framework:N").save(folder / "page.html")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
