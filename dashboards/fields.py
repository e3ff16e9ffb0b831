"""The columns that a page has to bring to each chart (dashboards/charts), by its name.

They stand apart from the charts, so that drawing a page does not import the chart library.
"""

FIELDS: dict[str, tuple[str, ...]] = {
    "crossings": (
        "source_label",
        "framework",
        "first_date",
        "crossed_date",
        "crossed_low",
        "crossed_high",
        "end_date",
        "words",
        "short_words",
    ),
    "lines": (
        "framework",
        "label",
        "period_label",
        "period_middle",
        "population",
        "value",
        "share_pct",
        "share_low_pct",
        "share_high_pct",
        "pair_pct",
        "pair_low_pct",
        "pair_high_pct",
        "period_start",
        "next_start",
    ),
    "readings": ("claim_id", "statement", "published", "measured", "low", "high", "verdict"),
    "substitution": (
        "framework",
        "period_label",
        "point_date",
        "observed_pct",
        "fitted_pct",
        "fitted_low_pct",
        "fitted_high_pct",
        "forecast_pct",
    ),
    "ranks": ("framework", "label", "place", "rank", "rank_words", "acceptability_pct", "from_pct", "to_pct", "words"),
    "bump": ("framework", "label", "place", "year_label", "rank", "leads_pct"),
    "tiles": ("country", "name", "framework", "a_share_of_pair_pct", "a_value", "b_value", "label"),
}
