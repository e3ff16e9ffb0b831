"""The three marts of Papers With Code in straightforward pandas.

python marts.py LINKS REFERENCE_FOLDER OUT_FOLDER [intervals]
"""

import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from leads import ahead, crossings

RETRIEVED = pd.Timestamp("2026-01-01")
DATED = pd.Timestamp("2025-07-28")  # of the archive: a month that was not over has no figure
ENOUGH = 30  # members below which nothing is drawn
KEYS = ["series", "population", "grain", "period_start"]
PAIR = ["series", "population", "framework_a", "framework_b"]
COLUMNS = ["paper_url", "paper_arxiv_id", "repo_url", "is_official", "framework"]


def read_links(path, frameworks):
    links = pd.read_parquet(path, columns=COLUMNS)
    labels = frameworks.dropna(subset="papers_with_code_label")
    known = labels.set_index("papers_with_code_label")["framework"]
    label = links["framework"].str.strip().str.lower().replace("", np.nan).fillna("none")
    links["framework"] = label.map(known).fillna("other")
    links["month"] = months(links["paper_arxiv_id"].str.strip())
    links["repository"] = repository_keys(links["repo_url"].str.strip().str.lower())
    links["is_official"] = links["is_official"].fillna(False).astype(bool)
    return links[links["month"] <= RETRIEVED]


def months(ids):
    new = ids.str.extract(r"^(\d{4})\.\d{4,5}(?:v\d+)?$")[0]
    old = ids.str.extract(r"^[a-zA-Z-]+(?:\.[a-zA-Z-]+)?/(\d{4})\d{3}(?:v\d+)?$")[0]
    digits = new.fillna(old)
    century = np.where(digits.str[:2] >= "91", "19", "20")
    return pd.to_datetime(pd.Series(century, ids.index) + digits + "01", format="%Y%m%d", errors="coerce")


def repository_keys(urls):
    is_plain = urls.str.fullmatch(r"https://github\.com/[a-z0-9_.-]+/[a-z0-9_-]+")
    other = urls[~is_plain]
    is_github = other.str.match(r"([a-z+]+://)?([^/@]*@)?(www\.)?github\.com/")
    path = other.str.extract(r"(github\.com/+[^/?#]+/*[^/?#]*)")[0].fillna("")
    elsewhere = other.str.replace(r"^([a-z+]+://)?([^/@]*@)?(www\.)?", "", regex=True)
    elsewhere = elsewhere.str.replace(r"(/(-/|tree/|blob/|src/|raw/|wiki/|issues/|releases/)|[?#]).*$", "", regex=True)
    keys = path.where(is_github, elsewhere).str.rstrip("/").str.replace(r"\.git$", "", regex=True)
    return urls.str[len("https://") :].where(is_plain, keys)


def counts(links):
    """Members by what is counted, population, month and framework, and of all frameworks together."""
    parts, totals = [], []
    official = links["is_official"]
    for population, rows in (("all", links), ("official", links[official]), ("community", links[~official])):
        rows = rows.assign(link=rows.index)
        first = rows.groupby("repository")["month"].transform("min")
        for counted, key, month in (
            ("links", "link", rows["month"]),
            ("papers", "paper_url", rows["month"]),
            ("repositories", "repository", first),
        ):
            members = rows.assign(month=month)[["month", "framework", key]].drop_duplicates()
            members["is_known"] = members["framework"] != "none"
            together = members.groupby(["month", key])["is_known"].any().groupby("month").agg(["size", "sum"])
            by_framework = members.groupby(["month", "framework"]).size().rename("value").reset_index()
            parts.append(by_framework.assign(counted=counted, population=population))
            totals.append(together.reset_index().assign(counted=counted, population=population))
    return pd.concat(parts, ignore_index=True), pd.concat(totals, ignore_index=True)


def observations(links, frameworks):
    found, totals = counts(links)
    labels = frameworks.dropna(subset="papers_with_code_label")["framework"]
    labels = pd.DataFrame({"framework": sorted({*labels, *found["framework"]})})
    everything = totals.assign(series=totals["counted"] + "_all", base=totals["size"])
    labelled = totals.assign(series=totals["counted"] + "_known", base=totals["sum"]).query("base > 0")
    bases = pd.concat([everything, labelled]).merge(labels, how="cross")
    bases = bases[(bases["framework"] != "none") | bases["series"].str.endswith("_all")]
    monthly = bases.merge(found, how="left", on=["counted", "population", "month", "framework"])
    monthly = monthly.fillna({"value": 0}).rename(columns={"month": "period_start"}).assign(grain="month")
    monthly = monthly[monthly["period_start"] + pd.DateOffset(months=1) <= DATED]
    quarterly = monthly.assign(period_start=monthly["period_start"].dt.to_period("Q").dt.start_time, grain="quarter")
    keys = [*KEYS, "framework"]
    quarterly = quarterly.groupby(keys, as_index=False).agg(
        value=("value", "sum"), base=("base", "sum"), months=("base", "size")
    )
    quarterly = quarterly[quarterly["months"] == 3].drop(columns="months")
    return pd.concat([monthly[[*keys, "value", "base"]], quarterly], ignore_index=True)


def design_effects(links):
    """By population, how much wider an interval of links is because those of a paper are alike (Kish 1965)."""
    pair = links[links["framework"].isin(["pytorch", "tensorflow"])]
    official = pair["is_official"]
    found = {}
    for population, rows in (("all", pair), ("official", pair[official]), ("community", pair[~official])):
        is_a = (rows["framework"] == "pytorch").groupby(rows["paper_url"])
        a, base = is_a.sum(), is_a.size()
        share = a.sum() / base.sum()
        variance = base.sum() * share * (1 - share)
        found[population] = max(1, ((a - share * base) ** 2).sum() / variance) if variance else 1
    return found


def effect_of(found, effects):
    return found["population"].map(effects).where(found["series"].str.startswith("links"), 1)


def wilson(value, base, effect):
    p, z2, base = value / base, 1.96**2, base / effect
    middle, half = p + z2 / (2 * base), 1.96 * np.sqrt(p * (1 - p) / base + z2 / (4 * base**2))
    whole = 1 + z2 / base
    return 100 * ((middle - half) / whole).clip(lower=0), 100 * ((middle + half) / whole).clip(upper=1)


def shares(found, frameworks, effects):
    low, high = wilson(found["value"], found["base"], effect_of(found, effects))
    known = frameworks.set_index("framework")
    release = found["framework"].map(known["first_release"]).dt
    release = release.to_period("M").dt.start_time.where(
        found["grain"] == "month", release.to_period("Q").dt.start_time
    )
    above_zero = found["period_start"].where(found["value"] > 0)
    begun = above_zero.groupby([found[key] for key in ("series", "population", "grain", "framework")]).transform("min")
    is_out = ~(found["period_start"] < release.fillna(begun))  # with neither day, nothing speaks against it
    is_framework = found["framework"].map(known["is_framework"]).eq(True)
    return found.assign(
        share_pct=100 * found["value"] / found["base"],
        share_low_pct=low,
        share_high_pct=high,
        is_out=is_out,
        is_drawn=is_framework & is_out & (found["base"] >= ENOUGH),
    )


def head_to_head(found, frameworks, effects):
    compared = frameworks.loc[frameworks["is_compared"], "framework"]
    pairs = pd.DataFrame([*combinations(compared, 2)], columns=["framework_a", "framework_b"])
    held = found[[*KEYS, "framework", "value", "is_out"]]
    a = held.rename(columns={"framework": "framework_a", "value": "a_value", "is_out": "is_a_out"})
    b = held.rename(columns={"framework": "framework_b", "value": "b_value", "is_out": "is_b_out"})
    joined = pairs.merge(a, on="framework_a").merge(b, on=[*KEYS, "framework_b"])
    a_value, b_value = joined["a_value"], joined["b_value"]
    total = (a_value + b_value).replace(0, np.nan)
    low, high = wilson(a_value, total, effect_of(joined, effects))
    return joined.drop(columns=["is_a_out", "is_b_out"]).assign(
        pair_value=a_value + b_value,
        a_share_of_pair_pct=100 * a_value / total,
        low_pct=low,
        high_pct=high,
        leader=joined["framework_a"].where(a_value > b_value, joined["framework_b"].where(b_value > a_value)),
        is_within_chance=((low <= 50) & (high >= 50)) | total.isna(),
        is_pair_drawn=joined["is_a_out"] & joined["is_b_out"] & (total >= ENOUGH),
    )


def smoothed(pairs, frameworks):
    """Monthly lines of pairs from the month in which both were out, with what dates a change of leader."""
    released = frameworks.set_index("framework")["first_release"]
    out = pd.concat([pairs["framework_a"].map(released), pairs["framework_b"].map(released)], axis=1).max(axis=1)
    out = out.fillna(pd.Timestamp("1990-01-01")).dt.to_period("M").dt.start_time
    rows = pairs[(pairs["grain"] == "month") & (pairs["period_start"] >= out) & pairs["a_share_of_pair_pct"].notna()]
    rows = rows.assign(total=rows["pair_value"], drawn=rows["is_pair_drawn"].astype(float))
    wide = rows.pivot(index="period_start", columns=PAIR, values=["a_value", "total", "drawn"]).asfreq("MS")
    around = wide[["a_value", "total"]].rolling(7, center=True, min_periods=1)
    held = {
        "a_value": wide["a_value"],
        "total": wide["total"],
        "drawn": wide["drawn"],
        "share": 100 * wide["a_value"] / wide["total"],
        "sum_a": around.sum()["a_value"],
        "sum": around.sum()["total"],
    }
    lines = pd.concat({name: frame.unstack() for name, frame in held.items()}, axis=1).dropna(subset="total")
    lines["centred"] = 100 * lines["sum_a"] / lines["sum"]
    is_thin = lines.groupby(PAIR)["total"].transform("median") < 100
    lines["dating"] = lines["centred"].where(is_thin, lines["share"])
    return lines.reset_index("period_start")


def crossovers(lines, effects=None):
    found = []
    for pair, line in lines.groupby(PAIR):
        a_value, total, *columns = (line[name].to_numpy() for name in ("a_value", "total", "share", "dating", "drawn"))
        names, periods, is_ahead = dict(zip(PAIR, pair, strict=True)), list(line["period_start"]), None
        if effects is not None:
            effect = effects[names["population"]] if names["series"].startswith("links") else 1
            is_ahead = ahead(periods, a_value / effect, total / effect)
        found += crossings(names, periods, *columns, is_ahead)
    return pd.DataFrame(found)


def main(path, reference, folder, *words):
    frameworks = pd.read_csv(reference / "frameworks.csv", keep_default_na=False, na_values=[""])
    frameworks["first_release"] = pd.to_datetime(frameworks["first_release"])
    links = read_links(path, frameworks)
    effects = design_effects(links)
    found = shares(observations(links, frameworks), frameworks, effects)
    pairs = head_to_head(found, frameworks, effects)
    found.to_parquet(folder / "framework_shares.parquet")
    pairs.to_parquet(folder / "head_to_head.parquet")
    dated = crossovers(smoothed(pairs, frameworks), effects if words else None)
    dated.to_parquet(folder / "crossovers.parquet")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
