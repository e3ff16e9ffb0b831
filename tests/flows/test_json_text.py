"""JSON of others: halves of characters, other encodings, depth."""

import pytest

from flows.json_text import parsed_json


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r'{"a": "x\ud800y"}', {"a": "x?y"}),
        (rb'{"a\udfff": "x\ud800"}', {"a?": "x?"}),
        (r'["\ud83d\ude00", "\u00e9"]', ["\U0001f600", "\u00e9"]),
        ('["\U0001f600"]'.encode("utf-16"), ["\U0001f600"]),
        (b'\xef\xbb\xbf["a"]', ["a"]),
        (rb'[NaN, "\ud800"]', None),
    ],
)
def test_what_json_says_can_be_written_down(text, found):
    said = parsed_json(text)
    assert str(said).encode()
    assert found is None or said == found


@pytest.mark.parametrize("text", [b'["\xed\xa0\x80"]', b'["\xff"]', "[" * 200_000, "[1", b""])
def test_what_is_none_is_a_value_error(text):
    with pytest.raises(ValueError, match=r"decode|nested too deep|Expecting"):
        parsed_json(text)
