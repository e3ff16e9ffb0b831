"""Who rose and who fell: the rank of each framework year by year when all sources count alike."""

import altair as alt

from .. import marks

HEIGHT = 300


def chart() -> marks.Layered:
    """One line per framework with its dash and its mark; a year in which it is not ranked parts the line."""
    rows = alt.Chart(marks.ROWS).transform_calculate(token=marks.TOKEN)
    year = alt.X("place:Q").scale(alt.Scale(domain=alt.ExprRef("[x0,x1]"), nice=False)).axis(None)
    rank = alt.Y("rank:Q").scale(alt.Scale(domain=alt.ExprRef("[lowest+.5,.5]"), nice=False)).axis(None)
    layers = [
        rows.mark_line(strokeWidth=2.5).encode(
            year, rank, marks.colours(), marks.dashes(), alt.Detail(["framework:N", "segment:N"])
        ),
        rows.mark_point(filled=True, opacity=1, size=90).encode(
            year,
            rank,
            marks.colours(),
            marks.shapes(),
            tooltip=[
                alt.Tooltip("label:N").title("Framework"),
                alt.Tooltip("year_label:N").title("Year"),
                alt.Tooltip("rank:Q").title("Rank"),
                alt.Tooltip("leads_pct:Q").title("First under, of 100 weightings").format(".1f"),
            ],
        ),
        marks.words(marks.WORDS),
    ]
    return alt.layer(*layers).add_params(*marks.params(x0=0, x1=1, lowest=5)).properties(height=HEIGHT)
