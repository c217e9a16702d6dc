"""Number words in both languages ("five hundred seventy", and their Chinese counterparts) as numbers."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

import ontology
from extractors.findings import Number
from extractors.normal import is_han
from extractors.reading import Span


@cache
def _values(language: str) -> dict[str, int]:
    return {
        form: int(concept.notations[0])
        for concept in ontology.concepts("numerals")
        for form in (concept.preferred[language], *concept.alternatives.get(language, ()))
    }


@cache
def pattern(language: str) -> str:
    """What a number in words looks like in a normalised text; case is not told apart."""
    words = sorted(_values(language), key=len, reverse=True)
    word = "|".join(map(re.escape, words))
    if any(map(is_han, words)):
        return f"(?:{word})+"
    return rf"(?<![\w-])(?:{word})(?:(?:\s+and\s+|[\s-]+)(?:{word}))*(?![\w-])"


@cache
def _pattern(language: str) -> re.Pattern[str]:
    return re.compile(pattern(language), re.IGNORECASE)


@cache
def _word(language: str) -> re.Pattern[str]:
    """One number word; the longest that fits."""
    words = sorted(map(re.escape, _values(language)), key=len, reverse=True)
    return re.compile("|".join(words), re.IGNORECASE)


def value_of(words: list[int]) -> int:
    """The number that a run of number words says, such as 570 for [5, 100, 70]."""
    total = section = digit = 0
    for value in words:
        if value >= 1000:
            total += (section + digit or 1) * value
            section = digit = 0
        elif value == 100 or (value == 10 and 0 < digit < 10):
            section += (digit or 1) * value
            digit = 0
        else:
            digit += value
    return total + section + digit


def number_words(normal: str, span: Span, language: str) -> list[tuple[Span, Number]]:
    """The number words inside the span of a normalised text, with their values."""
    values, one = _values(language), _word(language)
    found = []
    for match in _pattern(language).finditer(normal, span.start, span.end):
        words = [values[word.casefold()] for word in one.findall(match.group())]
        number = Number(Decimal(value_of(words)), match.group())
        found.append((Span(match.start(), match.end()), number))
    return found
