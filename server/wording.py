"""Words, names and figures in a language, as templates show them and as files hold them."""

from __future__ import annotations

from collections.abc import Iterator

from ontology import by_name, concept, label
from server.negotiation import Language
from server.tables import Circumstances, ShownDispersion, ShownInterval, ShownP


def word(name: str, language: str, **parts: object) -> str:
    """A word of the interface, its {placeholders} filled with the parts."""
    text = label(by_name("interface", name).iri, language)
    return text.format(**parts) if parts else text


def code(iri: str, language: str) -> str:
    """A measure's short name (HR), or its name where it has none that is all capitals."""
    found = concept(iri)
    short = next((notation for notation in found.notations if notation.isupper()), None) if found else None
    return short or label(iri, language)


def unit(iri: str, language: str) -> str:
    """A unit's symbol where it has one without letters (%), else its name."""
    found = concept(iri)
    symbols = [n for n in found.notations if not any(letter.isalpha() for letter in n)] if found else []
    return symbols[0] if symbols else label(iri, language)


def bounds(interval: ShownInterval | ShownDispersion, language: Language) -> str:
    """Both bounds; between them stands a dash, or a word where a bound has a sign."""
    low = interval.low or word("not-estimable", language)
    high = interval.high or word("not-estimable", language)
    if low.startswith(("-", "\u2212")) or high.startswith(("-", "\u2212")):
        return word("bounds", language, low=low, high=high)
    return f"{low}\u2013{high}"


def level(interval: ShownInterval, language: Language) -> str:
    """The level of an interval, or that there is none."""
    if interval.level is None:
        return word("interval-no-level", language)
    return word("interval-level", language, level=interval.level)


def p_value(p: ShownP, language: Language) -> str:
    """A p-value with its relation, and its sides where they are stated."""
    sides = {1: "one-sided", 2: "two-sided"}.get(p.sides or 0)
    return f"{word('p', language)} {p.operator} {p.text}" + (f" {word(sides, language)}" if sides else "")


def circumstances(found: Circumstances, language: Language) -> Iterator[str]:
    """What limits a result, in words: its time point, analysis set and so on; nothing of its subgroup."""
    if found.time_point is not None:
        yield found.time_point.text
    if found.analysis_set is not None:
        yield label(found.analysis_set, language)
    if found.adjusted is not None:
        yield word("adjusted" if found.adjusted else "unadjusted", language)
    if found.planned is not None:
        yield word("planned" if found.planned else "post-hoc", language)
