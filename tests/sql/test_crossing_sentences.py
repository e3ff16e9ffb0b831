"""What is told of a change of leader: no more than its interval proves."""

import pytest

MONTH = (
    "{'grain': 'month', 'behind_until': null::date, 'is_stock': %s, 'is_proven': %s, "
    "'crossed_period': date '2019-03-01', 'before_period': date '2019-02-01', "
    "'last_period': date '2020-05-01', 'crossed_low': %s, 'crossed_high': %s}"
)
EARLY, LATE = "date '2018-09-01'", "date '2019-06-01'"


def said(con, crossing: str) -> str:
    [(sentence,)] = con.execute(f"select crossing_sentence({crossing}, 'P', 'T', 'searches')").fetchall()
    return str(sentence)


@pytest.mark.parametrize(("crossing", "sentence"), [
    (MONTH % ("false", "true", EARLY, LATE),
     "P passed T in searches in March 2019 (95 percent interval: after September 2018, by June 2019)."),
    (MONTH % ("false", "false", "null::date", LATE),
     "P led T in searches from March 2019 to May 2020, where the figures end, surely so by "
     "June 2019; that T led before is "
     "not proven."),
    (MONTH % ("false", "false", EARLY, "null::date"),
     "P had more than T in searches from March 2019 to May 2020, where the figures end; chance may have made the "
     "difference."),
    (MONTH % ("true", "false", "null::date", "null::date"),
     "P had more than T in searches from March 2019 to May 2020, where the figures end."),
    (MONTH.replace("null::date", "date '2018-11-01'", 1) % ("true", "false", "null::date", "null::date"),
     "P passed T in searches between November 2018 and March 2019, without figures of both in between."),
    (MONTH.replace("month", "edition") % ("false", "true", EARLY, LATE),
     "P passed T in searches between the 2019 and the 2019 edition."),
], ids=["proven", "beginning open", "end open", "stock", "after a gap", "edition"])  # fmt: skip
def test_a_passing_is_told_where_both_ends_are_sure(con, crossing, sentence):
    assert said(con, crossing) == sentence
