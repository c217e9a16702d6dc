"""Abbreviations that the text itself defines: "local relapse-free survival (LRFS)", in both scripts.

The matching of a short form's letters against the words before it follows Schwartz and Hearst, "A simple
algorithm for identifying abbreviation definitions in biomedical text", PSB 2003.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.language import Language as SpacyLanguage
from spacy.tokens import Doc

from extractors.components.terms import CONTRASTS, mask, notation_of
from extractors.normal import HAN, is_han
from extractors.reading import Reading, Span, Term, reading

_SHORT = re.compile(r"\(\s*([A-Za-z][A-Za-z0-9/+-]{1,9})\s*(?=[),;])|\[\s*([A-Z][A-Za-z0-9/+-]{1,9})\s*\]")
# Chinese journals print the English long form before the short one: "(fast track surgery, FTS)".
_BOTH = re.compile(
    rf"(?<=[{HAN}])\s?\(\s*[A-Za-z][A-Za-z' -]{{5,80}}[,;:]\s*(?:[{HAN}]{{2}})?([A-Z][A-Za-z0-9/+-]{{1,9}})\s*\)"
)
_HAN_PHRASE = re.compile(rf"[{HAN}][{HAN}A-Za-z0-9-]*$")


def long_form(before: str, short: str) -> str | None:
    """The words at the end of ``before`` that the short form abbreviates, or ``None``.

    Latin words must contain the short form's letters in order, the first of them at the start of a word. A
    Chinese phrase cannot be checked letter by letter: the whole run of characters before the bracket is taken.
    """
    if is_han(before):
        match = _HAN_PHRASE.search(before)
        return match.group() if match else None
    limit = min(len(short) + 5, len(short) * 2)
    words = before.split()
    window = " ".join(words[-limit:])
    letters = [letter.casefold() for letter in short if letter.isalnum()]
    place = len(window)
    for count, letter in enumerate(reversed(letters)):
        last = count == len(letters) - 1
        place -= 1
        while place >= 0 and (
            window[place].casefold() != letter or (last and place > 0 and window[place - 1].isalnum())
        ):
            place -= 1
        if place < 0:
            return None
    found = window[place:]
    return found if len(found) > len(short) else None


def definitions(normal: str, start: int, end: int) -> Iterator[tuple[str, Span]]:
    """The short forms defined between two offsets, each with the span of its long form."""
    for match in [*_SHORT.finditer(normal, start, end), *_BOTH.finditer(normal, start, end)]:
        short = match[1] or (match[2] if match.re is _SHORT else "")
        if not any(letter.isupper() for letter in short):
            continue
        before = normal[max(start, match.start() - 120) : match.start()].rstrip()
        long = long_form(before, short)
        if long:
            position = normal.rfind(long, start, match.start())
            if position >= 0 and long.count("(") == long.count(")"):
                yield short, Span(position, position + len(long))


def known_part(found: Reading, span: Span) -> Span:
    """A Chinese long form without the words before it: the term of the lexicon that ends it, or what no cue ends."""
    if not is_han(found.normal[span.start : span.end]):
        return span
    terms = [t for t in found.terms_in(span) if t.scheme not in ("cues", "units", "measures") and t.end == span.end]
    if terms:
        return Span(min(term.start for term in terms), span.end)
    cues = [t.end for t in found.terms_in(span, "cues") if t.end < span.end - 1]
    return Span(max([span.start, *cues]), span.end)


def read_measures(found: Reading) -> None:
    """Read each short form that the text defines for an effect measure as that measure, whatever it is elsewhere.

    "Cumulative incidence difference (CID)" makes every CID a risk difference; "adjusted relative risk (ARR)" keeps
    its ARR from being an absolute risk reduction.
    """
    for short, span in found.abbreviations.items():
        ending = [t for t in found.terms_in(span, "measures") if t.end == span.end and notation_of(t.iri) in CONTRASTS]
        named = [t for t in found.terms_in(span, "endpoints") if t.end == span.end]
        if named and not ending:
            # "Response rate (RR)" keeps its RR from being a relative risk.
            places = {
                m.span() for m in re.finditer(rf"(?<![A-Za-z0-9-]){re.escape(short)}(?![A-Za-z0-9-])", found.normal)
            }
            found.terms = [t for t in found.terms if not (t.scheme == "measures" and (t.start, t.end) in places)]
        if not ending:
            continue
        measure = ending[0]
        for match in re.finditer(rf"(?<![A-Za-z0-9-]){re.escape(short)}(?![A-Za-z0-9-])", found.normal):
            place = Span(match.start(), match.end())
            found.terms = [t for t in found.terms if not (t.scheme == "measures" and place.contains(t))]
            found.terms = [*found.terms, Term(*match.span(), "measures", measure.name, measure.iri)]
    found.terms = sorted(found.terms, key=lambda term: (term.start, -term.end, term.scheme))
    found.mask = mask(found)


class AbbreviationFinder:
    """Fills ``reading.abbreviations``; the first definition of a short form counts."""

    def __call__(self, doc: Doc) -> Doc:
        """Look for definitions sentence by sentence."""
        found = reading(doc)
        for sentence in found.sentences:
            for short, span in definitions(found.normal, sentence.start, sentence.end):
                found.abbreviations.setdefault(short, known_part(found, span))
        read_measures(found)
        return doc


@SpacyLanguage.factory("evidence_abbreviations")
def create_abbreviations(nlp: SpacyLanguage, name: str) -> AbbreviationFinder:
    """The component that finds abbreviations."""
    return AbbreviationFinder()
