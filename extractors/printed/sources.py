"""Identifiers beside names: "registered with REGISTRY (ID)", "the ABC-12 trial [5]"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import ontology
from extractors.documents import Document, Reference
from extractors.findings import Evidence, Registration
from extractors.normal import normalise
from extractors.patterns import words
from extractors.printed.passages import Passage

# A trial's short name ends in a number: "E2108", "ABCSG-28", "MF07-01"; words and doses in capitals do not.
_TRIAL = re.compile(r"(?<![A-Za-z\d-])(?P<name>[A-Z]{1,8}[-\s]?\d{2,4}(?:-\d{1,3})?)\s*\[(?P<number>\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class NamedRegistry:
    """An identifier with the registry that the sentence names before it; both registries by their notation."""

    identifier: str
    registry: str
    named: str
    printed: str
    evidence: tuple[Evidence, ...]


# A family name with initials, in a list of authors.
_AUTHOR = re.compile(r"(?:^|[,;]\s)([A-Z][\w'-]+\s[A-Z]{1,3})(?=[,.;])")
_DIGIT = re.compile(r"\d")
# The short name of a trial: capitals with or without a number, "E2108", "MF07-01", "TONIC".
_NAME = re.compile(r"(?<![A-Za-z\d-])(?:[A-Z]{1,8}-?\d{2,4}(?:-\d{1,3})?|[A-Z]{5,12})(?![A-Za-z\d]|-\d)")


@dataclass(frozen=True, slots=True)
class PrintedName:
    """A name in capitals, where a trial's short name may stand; ``of_trial`` where a word for a trial follows."""

    name: str
    of_trial: bool
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class CitedTrial:
    """A trial's short name with the number of the reference beside it."""

    name: str
    number: int
    evidence: tuple[Evidence, ...]


@cache
def _registries() -> tuple[tuple[str, re.Pattern[str]], ...]:
    patterns = []
    for concept in ontology.concepts("registries"):
        code = concept.notations[0]
        # "UMIN" alone names the registry whose code is UMIN-CTR.
        stem = rf"|(?<![A-Za-z]){re.escape(code.split('-')[0])}(?![A-Za-z\d-])"
        patterns.append((code, re.compile(words("registries", concept.name) + stem, re.IGNORECASE)))
    return tuple(patterns)


def named_registries(passage: Passage, registrations: tuple[Registration, ...]) -> Iterator[NamedRegistry]:
    """The identifier of a sentence that holds just one and names just one registry, before it."""
    inside = [
        (registration, piece)
        for registration in registrations
        for piece in registration.evidence
        if passage.start <= piece.start < passage.start + len(passage.normal)
    ]
    if len(inside) != 1:
        return
    registration, piece = inside[0]
    place = piece.start - passage.start
    rest = passage.normal[:place] + " " * len(piece.quote) + passage.normal[place + len(piece.quote) :]
    named = [(code, match) for code, pattern in _registries() for match in pattern.finditer(rest)]
    if len({code for code, _ in named}) != 1:
        return
    code, match = named[-1]
    # Nothing but words for a registry and its numbers may stand between the name and the identifier.
    if match.end() > place or re.search(r"[.;,\d]", rest[match.end() : place]) or place - match.end() > 40:
        return
    evidence = (passage.evidence(match.start(), place + len(piece.quote), "identifier"), passage.whole())
    yield NamedRegistry(registration.identifier, registration.registry, code, match.group(), evidence)


def cited_trials(passage: Passage) -> Iterator[CitedTrial]:
    """The trials' short names beside which one reference stands."""
    for match in _TRIAL.finditer(passage.normal):
        evidence = (passage.evidence(*match.span(), "name"), passage.whole())
        yield CitedTrial(match["name"], int(match["number"]), evidence)


def printed_names(passage: Passage) -> Iterator[PrintedName]:
    """The names in capitals that the sentence prints."""
    for match in _NAME.finditer(passage.normal):
        of_trial = _trial_word().match(passage.normal, match.end()) is not None
        yield PrintedName(match.group(), of_trial, (passage.evidence(*match.span(), "name"), passage.whole()))


def is_of_trial(reference: Reference) -> bool:
    """Whether a reference speaks of a trial: scales, genes and drugs have short names of the same shape."""
    return _of_trials().search(normalise(reference.text)) is not None


def names_a_trial(reference: Reference) -> bool:
    """Whether a reference holds a trial's short name with a number in it."""
    return any(_DIGIT.search(name.group()) for name in _NAME.finditer(normalise(reference.text)))


def share_an_author(references: Iterable[Reference], others: Iterable[Reference]) -> bool:
    """Whether some author stands in a reference of both lists, or authors cannot be told."""
    ours, theirs = (
        {name for one in listed for name in (*one.authors, *_AUTHOR.findall(normalise(one.text)))}
        for listed in (references, others)
    )
    return not ours or not theirs or not ours.isdisjoint(theirs)


@cache
def _of_trials() -> re.Pattern[str]:
    return re.compile(words("cues", "trial", "study") + "|" + words("designs", "randomised"), re.IGNORECASE)


@cache
def _trial_word() -> re.Pattern[str]:
    return re.compile(rf"[-\s]*(?:{words('cues', 'trial', 'study')})", re.IGNORECASE)


def naming(document: Document, name: str) -> tuple[Reference, ...]:
    """The references that hold the trial's short name, with or without hyphens and with letters before it."""
    bare = _bare(name)
    pattern = re.compile(rf"(?<!\d){re.escape(bare)}(?!\d)" if bare[0].isdigit() else rf"{re.escape(bare)}(?!\d)")
    digits = re.compile(rf"(?<![\d]){re.escape(re.sub(r'^[A-Z]+', '', bare))}(?!\d)")
    found = tuple(one for one in document.references if pattern.search(_bare(one.text)))
    # "E2108" is printed "EA2108" in titles: then the number and the first letter tell.
    return found or tuple(
        one
        for one in document.references
        if any(
            re.search(rf"{re.escape(bare[0])}[A-Z]{{0,2}}$", _bare(one.text)[: match.start()])
            for match in digits.finditer(_bare(one.text))
        )
    )


def _bare(text: str) -> str:
    return re.sub(r"[-\s]", "", normalise(text))
