"""Under how many weightings each framework has each rank: one bar a framework, first ranks at the left and fullest."""

import altair as alt

from .. import marks

HEIGHT = 300
# How full the parts of a bar are, from the first rank on.
FILLS = [1, 0.45, 0.25, 0.12, 0.05, 0.02]


def chart() -> marks.Layered:
    """Every part has an edge in full colour, and words above the bar tell its ranks: colour is not the only cue."""
    rows = alt.Chart(marks.ROWS).transform_calculate(token=marks.TOKEN)
    scale = alt.Scale(type="threshold", domain=[rank + 0.5 for rank in range(1, len(FILLS))], range=FILLS)
    bar = rows.mark_rect(
        x=alt.ExprRef("datum.from_pct*width/100"),
        x2=alt.ExprRef("datum.to_pct*width/100"),
        y=alt.ExprRef("step*datum.place-30"),
        y2=alt.ExprRef("step*datum.place-8"),
        strokeWidth=1.25,
    ).encode(
        marks.colours(),
        marks.outlines(),
        alt.FillOpacity("rank:Q").scale(scale).legend(None),
        tooltip=[
            alt.Tooltip("label:N").title("Framework"),
            alt.Tooltip("rank_words:N").title("Rank"),
            alt.Tooltip("acceptability_pct:Q").title("Of 100 weightings").format(".1f"),
        ],
    )
    return alt.layer(bar, marks.words(marks.WORDS)).add_params(*marks.params(step=60)).properties(height=HEIGHT)
