"""Words of a paper's layout, taken from the lexicon into patterns."""

import re

import pytest

from extractors.readers.words import alternation, labels


def test_the_longest_label_is_tried_first() -> None:
    words = labels("institution")
    assert len(words) > 3
    pattern = re.compile(alternation("institution"))
    for word in words:
        found = pattern.fullmatch(word)
        assert found, word


@pytest.mark.parametrize("text", ["附属医院", "复旦大学"])
def test_chinese_institutions_are_known(text: str) -> None:
    assert re.search(alternation("institution"), text)
