"""The first pair at every source: the share of the first in both together, one small chart a source."""

import altair as alt

from dashboards import theme
from dashboards.charts.research_head_to_head import pair_lines, side_name
from dashboards.theme import Row

SUBTITLES = {
    "": "Figure of the first as a share of both. Each source counts something else: compare directions, not levels."
}
HEIGHT = 120
NOTE = (
    "A double rule marks a day across which a source's figures are not comparable; a gap is a missing period; "
    "another population starts another line. Respondents and papers may name both frameworks."
)
QUERY = """
select
    lines.source, lines.source_label, lines.series, lines.population, lines.period_label, lines.period_middle,
    lines.framework_a, lines.a_value, lines.b_value, lines.a_share_of_pair_pct, lines.low_pct, lines.high_pct,
    lines.is_drawn, lines.segment, lines.is_alone, first.label as label_a, second.label as label_b
from marts.head_to_head_preferred as lines
inner join marts.headlines as headlines
    on headlines.source = lines.source
    and headlines.framework_a = lines.framework_a
    and headlines.framework_b = lines.framework_b
inner join marts.frameworks as first on first.framework = lines.framework_a
inner join marts.frameworks as second on second.framework = lines.framework_b
order by headlines.position, lines.period_start, lines.population
"""
PANEL_BY = "source"
BREAKS = "select source, event_date, event from marts.series_breaks order by event_date"
TABLE = {
    "source_label": "Source",
    "population": "Population",
    "period_label": "Period",
    "label_a": "First",
    "a_value": "Figure of the first",
    "label_b": "Second",
    "b_value": "Figure of the second",
    "a_share_of_pair_pct": "Share of the first, %",
    "low_pct": "from, %",
    "high_pct": "to, %",
}


def chart(rows: list[Row]) -> theme.Layered:
    """One small picture; each source fills it with its own rows, all on one time axis."""
    colour = theme.framework_variable(rows[0]["framework_a"])
    lines = pair_lines(colour, ticks=[0, 50, 100], end="[format(datum.a_share_of_pair_pct,'.0f')+'%']")
    return alt.layer(*theme.break_rules(), *lines, side_name("a", -6)).properties(height=HEIGHT)
