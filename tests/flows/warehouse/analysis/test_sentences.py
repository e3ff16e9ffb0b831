"""Every sentence of the embedded site that claims something, held against the method's yes."""

from scripts import sentences


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
