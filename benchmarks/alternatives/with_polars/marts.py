"""The three marts of Papers With Code in polars: python marts.py LINKS REFERENCE_FOLDER OUT_FOLDER [intervals]."""

import sys
from datetime import date
from pathlib import Path

import polars as pl
from leads import ahead, crossings

RETRIEVED = date(2026, 1, 1)
DATED = date(2025, 7, 28)  # of the archive: a month that was not over has no figure
ENOUGH = 30  # members below which nothing is drawn
KEYS = ["series", "population", "grain", "period_start"]
PAIR = ["series", "population", "framework_a", "framework_b"]
WINDOW = {"window_size": 7, "center": True, "min_samples": 1}


def read_links(path, frameworks):
    labels = frameworks.drop_nulls("papers_with_code_label")
    label = pl.col("framework").str.strip_chars().str.to_lowercase().replace("", None).fill_null("none")
    known = dict(zip(labels["papers_with_code_label"], labels["framework"], strict=True))
    links = pl.scan_parquet(path).select(
        pl.int_range(pl.len()).alias("link"),
        pl.col("paper_url").alias("paper"),
        repository_key(pl.col("repo_url").str.strip_chars(" ").str.to_lowercase()).alias("repository"),
        month(pl.col("paper_arxiv_id").str.strip_chars(" ")).alias("period_start"),
        label.replace_strict(known, default="other").alias("framework"),
        pl.col("is_official").fill_null(False),
    )
    return links.filter(pl.col("period_start") <= RETRIEVED).collect()


def month(ids):
    digits = pl.coalesce(
        ids.str.extract(r"^(\d{4})\.\d{4,5}(?:v\d+)?$"),
        ids.str.extract(r"^[a-zA-Z-]+(?:\.[a-zA-Z-]+)?/(\d{4})\d{3}(?:v\d+)?$"),
    )
    century = pl.when(digits.str.head(2) >= "91").then(pl.lit("19")).otherwise(pl.lit("20"))
    return (century + digits + "01").str.to_date("%Y%m%d", strict=False)


def repository_key(url):
    path = url.str.extract(r"(github\.com/+[^/?#]+/*[^/?#]*)").fill_null("")
    elsewhere = url.str.replace(r"^([a-z+]+://)?([^/@]*@)?(www\.)?", "")
    elsewhere = elsewhere.str.replace(r"(/(-/|tree/|blob/|src/|raw/|wiki/|issues/|releases/)|[?#]).*$", "")
    is_github = url.str.contains(r"^([a-z+]+://)?([^/@]*@)?(www\.)?github\.com/")
    other = pl.when(is_github).then(path).otherwise(elsewhere).str.strip_chars_end("/").str.replace(r"\.git$", "")
    is_plain = url.str.contains(r"^https://github\.com/[a-z0-9_.-]+/[a-z0-9_-]+$")
    return pl.when(is_plain).then(url.str.slice(len("https://"))).otherwise(other)


def counts(links):
    """Members by what is counted, population, month and framework, and of all frameworks together."""
    whose = pl.when("is_official").then(pl.lit("official")).otherwise(pl.lit("community"))
    populations = pl.concat(
        [links.with_columns(population=pl.lit("all")), links.with_columns(population=whose)], how="vertical"
    )
    first = pl.col("period_start").min().over("population", "repository")
    parts, totals = [], []
    for counted, key, period in (
        ("links", "link", pl.col("period_start")),
        ("papers", "paper", pl.col("period_start")),
        ("repositories", "repository", first),
    ):
        columns = (pl.lit(counted).alias("counted"), "population", period, "framework", pl.col(key).alias("member"))
        members = populations.lazy().select(*columns).unique()
        groups = ["counted", "population", "period_start"]
        together = members.group_by(*groups, "member").agg((pl.col("framework") != "none").any().alias("is_known"))
        parts.append(members.group_by(*groups, "framework").agg(value=pl.len()))
        totals.append(together.group_by(groups).agg(size=pl.len(), known=pl.col("is_known").sum()))
    return pl.concat(pl.collect_all(parts)), pl.concat(pl.collect_all(totals))


def observations(links, frameworks):
    found, totals = counts(links)
    labels = frameworks.drop_nulls("papers_with_code_label").select("framework")
    labels = pl.concat([labels, found.select("framework")]).unique()
    counted = pl.col("counted")
    everything = totals.with_columns(series=counted + "_all", base=pl.col("size"))
    labelled = totals.with_columns(series=counted + "_known", base=pl.col("known")).filter(pl.col("base") > 0)
    monthly = (
        pl.concat([everything, labelled])
        .join(labels, how="cross")
        .filter((pl.col("framework") != "none") | pl.col("series").str.ends_with("_all"))
        .join(found, how="left", on=["counted", "population", "period_start", "framework"])
        .with_columns(pl.col("value").fill_null(0).cast(pl.Float64), pl.col("base").cast(pl.Int64))
        .filter(pl.col("period_start").dt.offset_by("1mo") <= DATED)
        .with_columns(grain=pl.lit("month"))
        .select(*KEYS, "framework", "value", "base")
    )
    quarter = pl.col("period_start").dt.truncate("1q")
    quarterly = monthly.with_columns(quarter, grain=pl.lit("quarter"))
    quarterly = quarterly.group_by(*KEYS, "framework").agg(pl.col("value", "base").sum(), months=pl.len())
    return pl.concat([monthly, quarterly.filter(pl.col("months") == 3).drop("months")])


def design_effects(links):
    """By population, how much wider an interval of links is because those of a paper are alike (Kish 1965)."""
    pair = links.lazy().filter(pl.col("framework").is_in(["pytorch", "tensorflow"]))
    whose = pl.when("is_official").then(pl.lit("official")).otherwise(pl.lit("community"))
    both = pl.concat([pair.with_columns(population=pl.lit("all")), pair.with_columns(population=whose)])
    papers = both.group_by("population", "paper").agg(a=(pl.col("framework") == "pytorch").sum(), base=pl.len())
    a, base = pl.col("a").cast(pl.Float64), pl.col("base").cast(pl.Float64)
    share = a.sum() / base.sum()
    variance = base.sum() * share * (1 - share)
    effect = ((a - share * base) ** 2).sum() / pl.when(variance > 0).then(variance)
    found = papers.group_by("population").agg(effect=effect).with_columns(pl.col("effect").fill_null(1).clip(1))
    return found.collect()


def effect_of(effects):
    known = dict(effects.iter_rows())
    effect = pl.col("population").replace_strict(known, default=1.0, return_dtype=pl.Float64)
    return pl.when(pl.col("series").str.starts_with("links")).then(effect).otherwise(1.0)


def wilson(value, base, effect):
    p, z2, base = value / base, 1.96**2, base / effect
    middle, half = p + z2 / (2 * base), 1.96 * (p * (1 - p) / base + z2 / (4 * base**2)).sqrt()
    whole = 1 + z2 / base
    low, high = ((middle - half) / whole).clip(lower_bound=0), ((middle + half) / whole).clip(upper_bound=1)
    return (100 * low).alias("low_pct"), (100 * high).alias("high_pct")


def shares(found, frameworks, effects):
    value, base, day = pl.col("value"), pl.col("base").cast(pl.Float64), pl.col("period_start")
    release = pl.col("first_release").dt
    release = pl.when(pl.col("grain") == "month").then(release.truncate("1mo")).otherwise(release.truncate("1q"))
    begun = pl.when(value > 0).then(day).min().over("series", "population", "grain", "framework")
    return (
        found.join(frameworks.select("framework", "is_framework", "first_release"), how="left", on="framework")
        .with_columns(
            *wilson(value, base, effect_of(effects)),
            share_pct=100 * value / base,
            is_out=day >= pl.coalesce(release, begun, day),
        )
        .with_columns(is_drawn=pl.col("is_framework").fill_null(False) & pl.col("is_out") & (base >= ENOUGH))
        .rename({"low_pct": "share_low_pct", "high_pct": "share_high_pct"})
        .drop("is_framework", "first_release")
    )


def head_to_head(found, frameworks, effects):
    compared = frameworks.filter("is_compared").select("framework", place="line")
    held = found.select(*KEYS, "framework", "value", "is_out").join(compared, on="framework")
    pairs = held.join(held, on=KEYS, suffix="_b").filter(pl.col("place") < pl.col("place_b")).drop("place", "place_b")
    pairs = pairs.rename({"framework": "framework_a", "value": "a_value", "value_b": "b_value"})
    a_value, b_value = pl.col("a_value"), pl.col("b_value")
    total = pl.when(a_value + b_value > 0).then(a_value + b_value)
    is_drawn = pl.col("is_out") & pl.col("is_out_b") & (total >= ENOUGH).fill_null(False)
    return pairs.with_columns(
        *wilson(a_value, total, effect_of(effects)),
        pair_value=a_value + b_value,
        a_share_of_pair_pct=100 * a_value / total,
        leader=pl.when(a_value > b_value).then("framework_a").when(b_value > a_value).then("framework_b"),
        is_pair_drawn=is_drawn,
    ).select(
        pl.exclude("is_out", "is_out_b"),
        is_within_chance=pl.lit(50.0).is_between("low_pct", "high_pct").fill_null(a_value == b_value),
    )


def smoothed(pairs, frameworks):
    """Monthly lines of pairs from the month in which both were out, with what dates a change of leader."""
    released = dict(frameworks.drop_nulls("first_release").select("framework", "first_release").iter_rows())
    dates = [pl.col(f"framework_{side}").replace_strict(released, default=None, return_dtype=pl.Date) for side in "ab"]
    both_out = pl.max_horizontal(dates).dt.truncate("1mo").fill_null(date(1990, 1, 1))
    held = pl.col("a_share_of_pair_pct").is_not_null()
    rows = pairs.lazy().filter((pl.col("grain") == "month") & (pl.col("period_start") >= both_out) & held)
    rows = rows.select(*PAIR, "period_start", "a_value", total="pair_value", drawn="is_pair_drawn")
    # Windows are of months, so that a month without members must have a row of its own.
    months = pl.date_range(pl.col("period_start").min(), pl.col("period_start").max(), "1mo")
    grid = rows.group_by(PAIR).agg(months).explode("period_start")
    total = pl.col("total")
    return (
        grid.join(rows, on=[*PAIR, "period_start"], how="left")
        .sort(*PAIR, "period_start")
        .with_columns(
            sum_a=pl.col("a_value").rolling_sum(**WINDOW).over(PAIR),
            sum=total.rolling_sum(**WINDOW).over(PAIR),
            share=100 * pl.col("a_value") / total,
        )
        .drop_nulls("total")
        .with_columns(centred=100 * pl.col("sum_a") / pl.col("sum"))
        .with_columns(
            dating=pl.when(total.median().over(PAIR) < 100).then("centred").otherwise("share"),
        )
        .collect()
    )


def crossovers(lines, effects=None):
    if effects is not None:
        lines = lines.with_columns(pl.col("a_value", "total") / effect_of(effects))
    found = []
    for pair, line in lines.partition_by(PAIR, as_dict=True).items():
        a_value, total, *columns = (line[name].to_numpy() for name in ("a_value", "total", "share", "dating", "drawn"))
        periods = line["period_start"].to_list()
        is_ahead = None if effects is None else ahead(periods, a_value, total)
        found += crossings(dict(zip(PAIR, pair, strict=True)), periods, *columns, is_ahead)
    return pl.DataFrame(found, infer_schema_length=None)


def main(path, reference, folder, *words):
    frameworks = pl.read_csv(reference / "frameworks.csv", row_index_name="line", infer_schema_length=None)
    frameworks = frameworks.with_columns(pl.col("first_release").cast(pl.String).str.to_date(strict=False))
    links = read_links(path, frameworks)
    effects = design_effects(links)
    found = shares(observations(links, frameworks), frameworks, effects)
    pairs = head_to_head(found, frameworks, effects)
    found.write_parquet(folder / "framework_shares.parquet")
    pairs.write_parquet(folder / "head_to_head.parquet")
    dated = crossovers(smoothed(pairs, frameworks), effects if words else None)
    dated.write_parquet(folder / "crossovers.parquet")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
