"""Every sentence of the embedded site that claims something, held against the method's yes."""

import re

from scripts import sentences

CLAIMS = re.compile(
    r"\b(led|leads?|had more|has more|passed|gained?|since|order of|equal|at this rate|forecast)\b", re.I
)
TOLD = ("sentence", "words", "finding", "forecast_sentence")


def test_every_claim_has_the_figures_of_its_method_behind_it(marts):
    listed = sentences.listed(marts)
    assert all(listed.values())
    assert all(sentence and behind for rows in listed.values() for sentence, behind in rows)
    for sentence, behind in listed["Leads"]:
        assert (" led " in sentence) == behind.endswith("proven"), (sentence, behind)
        assert ("the order of" in sentence) == behind.endswith("open"), (sentence, behind)
    for sentence, behind in listed["Gains"]:
        if "at this rate" in sentence:
            low, high = (float(end) for end in behind.partition("(")[2].partition(")")[0].split(" to "))
            assert low * high >= 0, (sentence, behind)
    for sentence, behind in listed["Passings"]:
        assert " passed " not in sentence or ("after" in behind and "by" in behind), (sentence, behind)
    assert {sentence.startswith("No forecast") for sentence, _ in listed["Forecasts"]} == {True}


def test_every_sentence_that_claims_is_listed(marts):
    """Whatever table tells it: a new one that leads, passes, gains or foretells must be put into the list."""
    listed = {sentence for rows in sentences.listed(marts).values() for sentence, _ in rows}
    columns = marts.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns() "
        "where schema_name in ('marts', 'pages') and column_name in ? and data_type = 'VARCHAR'",
        [TOLD],
    ).fetchall()
    told = {
        sentence: f"{table}.{column}"
        for table, column in columns
        for (sentence,) in marts.execute(f"select distinct {column} from {table} where {column} is not null").fetchall()
        if CLAIMS.search(sentence)
    }
    assert len(told) > 500
    assert {sentence: where for sentence, where in told.items() if sentence not in listed} == {}
