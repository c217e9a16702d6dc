"""Numbers of trial registries: how each registry writes them, and the one spelling that stands for all others."""

from __future__ import annotations

import re
from functools import cache

import ontology
from extractors.normal import normalise
from ontology import Concept


@cache
def patterns() -> tuple[tuple[Concept, re.Pattern[str]], ...]:
    """Every registry with the pattern of its numbers."""
    # ASCII word boundaries: an identifier may follow a Chinese character without a space.
    return tuple(
        (registry, re.compile(pattern, re.IGNORECASE | re.ASCII))
        for registry in ontology.concepts("registries")
        for pattern in registry.patterns
    )


def canonical(printed: str, registry: Concept) -> str:
    """The identifier as its registry writes it: no spaces, the registry's own case, no list prefix."""
    identifier = re.sub(r"[\s:#]+", "", normalise(printed))
    identifier = re.sub(r"^(?:JPRN-|EudraCT(?:number|no\.?)?-?)", "", identifier, flags=re.IGNORECASE)
    # A nought, or the letter that looks like it, is often printed behind this registry's letters.
    identifier = re.sub(r"^(ACTRN)[0O](?=126)", r"\1", identifier, flags=re.IGNORECASE)
    identifier = re.sub(r"^UMIN-?(?:CTR-?)?", "UMIN", identifier, flags=re.IGNORECASE)
    example = registry.links.get("example", "")
    cased = "".join(
        model if model.casefold() == letter.casefold() else letter
        for model, letter in zip(example, identifier, strict=False)
    )
    spelled = cased + identifier[len(cased) :]
    # Codes inside an identifier are capitals (ChiCTR-TRC-…); the lower case at the end of ReBEC's stays.
    return re.sub(r"-[a-z]{2,5}(?=-)", lambda code: code.group().upper(), spelled)


def needs_context(printed: str) -> bool:
    """Whether the form is too plain to count without a word about a registry near it (bare numbers, NL63)."""
    return printed[0].isdigit() or re.match(r"N(?:L|TR)[\s:#]{0,2}\d", printed, re.IGNORECASE) is not None


def number_of_record(printed: str) -> tuple[str, Concept] | None:
    """The number with which the field of a record begins, canonical, and its registry; ``None`` if it is of none."""
    text = normalise(printed).strip()
    for registry, pattern in patterns():
        found = pattern.match(text)
        if found is not None:
            return canonical(found.group(), registry), registry
    return None


def numbers_in_field(printed: str) -> tuple[tuple[str, Concept], ...]:
    """The registry numbers in a field for further numbers of a trial, canonical, each once.

    The field says that it holds numbers, so a bare EudraCT number counts; a plain one (NL63) only as a word of its own.
    """
    found: dict[str, Concept] = {}
    text = normalise(printed)
    for registry, pattern in patterns():
        for match in pattern.finditer(text):
            alone = text[: match.start()].strip(" ;,|(") == "" and text[match.end() :].strip(" ;,|)") == ""
            if match.group()[0].isdigit() or not needs_context(match.group()) or alone:
                found.setdefault(canonical(match.group(), registry), registry)
    return tuple(sorted(found.items(), key=lambda item: item[0]))
