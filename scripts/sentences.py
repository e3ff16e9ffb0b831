"""List every sentence that tells a lead, a gain, a date, a passing or a forecast, with the figures behind it.

`python -m scripts.sentences WAREHOUSE` prints a Markdown table per kind; the file is that of a release.
"""

import sys
from contextlib import closing

import duckdb

KINDS = {
    "Leads": """
        select sentence, format('share {:.1f}', a_share_of_pair_pct) || coalesce(format(' ({:.1f} to {:.1f})', low_pct,
            high_pct), '') || coalesce(format(', curve ahead {:.1f} %', ahead_pct), ', no curve')
            || case when is_stock then ', stock' when is_lead_proven then ', proven' when is_order_open then ', open'
            when is_within_chance then ', complete, within chance'
            else ', reading alone' end as behind
        from marts.head_to_head_latest order by source, series, population, grain, framework_a, framework_b""",
    "Gains": """
        select fits.sentence, coalesce(format('rate {:.2f} ({:.2f} to {:.2f})', rates.rate_per_year, rates.rate_low,
            rates.rate_high), rates.rate_reason) || format(', straight {:.0f} %, risen {:.1f} %, {} periods',
            rates.straight_pct, rates.risen_pct, rates.point_count) as behind
        from pages.fits as fits
        inner join marts.substitution as rates using (source, series, population, grain, framework_a, framework_b)
        order by all""",
    "Changes": """
        select told.words as sentence, concat_ws(', ', told.moved_words, numbers.method, numbers.change_low || ' to '
            || numbers.change_high) as behind
        from pages.framework_changes as told
        inner join marts.framework_changes as numbers using (framework, source)
        order by framework, source""",
    "Passings": """
        select sentence, detail as behind from marts.findings order by position""",
    "Since when": """
        select words as sentence, concat_ws(', ', source, population, 'after ' || crossed_low, 'by ' || crossed_high,
            'up to ' || end_label) as behind
        from pages.lead_changes order by source, framework_a, framework_b""",
    "Counts of sources": """
        select words as sentence, format('{} of {}', most_count, source_count) as behind from pages.votes
        union select sentence, format('{} and {} of {}', a_count, b_count, source_count) from pages.pairs
        union select sentence, format('{} and {} of {}', a_count, b_count, source_count) from pages.answer
        union select sentence, format('{} and {} of {}', a_count, b_count, population_count)
        from pages.population_summaries
        order by all""",
    "Weightings": """
        select sentence,
            format('{:.1f} percent of all weightings, {} sources', acceptability_pct, source_count) as behind
        from pages.pair_weightings
        union select sentence, format('{:.1f} percent of all weightings, {} sources', acceptability_pct, source_count)
        from pages.ranking_answer
        union select words, format('{:.1f} percent of all weightings, {} sources', leads_pct, source_count)
        from pages.audience_verdicts
        union select words, format('{}, {} sources', preset, source_count) from pages.ranking_presets
        union select sentence, format('{:.1f} percent of all weightings, {} sources', leads_pct, source_count)
        from pages.ranking_years where sentence is not null
        order by all""",
    "Dates": """
        select format('{}, {}: {} over {}, {}', source, population, leader_after, if(leader_after = framework_a,
            framework_b, framework_a), crossed_period) as sentence, concat_ws(', ', 'after ' || crossed_low,
            'by ' || crossed_high, if(is_stock, 'a stock', if(is_proven, 'proven', 'not proven'))) as behind
        from marts.crossovers where is_lasting order by all""",
    "Later in one source": """
        select finding as sentence, format('{} to {} months', months_low, months_high) as behind
        from marts.source_lags order by all""",
    "Forecasts": """
        select forecast_sentence as sentence, format('{} lines', count(*)) as behind
        from pages.fits
        group by forecast_sentence order by all""",
}  # fmt: skip


def listed(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str, str]]]:
    """Sentences and the figures behind them, by kind."""
    return {kind: con.execute(query).fetchall() for kind, query in KINDS.items()}


def main(path: str) -> None:
    """Print them."""
    with closing(duckdb.connect(path, read_only=True)) as con:
        for kind, rows in listed(con).items():
            print(f"\n## {kind} ({len(rows)})\n\n| sentence | behind it |\n|---|---|")
            for sentence, behind in rows:
                print(f"| {sentence} | {behind} |")


if __name__ == "__main__":
    main(sys.argv[1])
