"""What rates are of: "1.9 per 28 days" is a value with a base, whose number is no value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from extractors.components import grammar
from extractors.components.terms import UNIT, notation_of
from extractors.patterns import words
from extractors.reading import Reading, Sentence, Span


@dataclass(frozen=True, slots=True)
class Base:
    """The base of a rate, in characters of its sentence: where the value before ends, its own number, its end."""

    start: int
    number: tuple[int, int]
    end: int
    unit: str | None


def bases(found: Reading, sentence: Sentence, text: str) -> Iterator[Base]:
    """The bases in the mask of a sentence, with the space before them; ``unit`` is "per 28 days"."""
    for match in _base().finditer(text):
        start, end = match.span("unit")
        terms = found.terms_in(Span(sentence.start + start, sentence.start + end), "units")
        if terms:
            unit = f"per {match['base']} {notation_of(terms[0].iri)}"
            yield Base(match.start(), match.span("base"), terms[0].end - sentence.start, unit)
        else:
            yield Base(match.start(), match.span("base"), end, None)


@cache
def _base() -> re.Pattern[str]:
    """The time that a rate is of, or the length of a cycle."""
    every = words("articles", "every")
    base = rf"(?P<base>{grammar.NUMBER})[\s-]*(?P<unit>{UNIT}+)"
    return re.compile(rf"\s*(?<![A-Za-z]){every}\s*{base}", re.IGNORECASE)
