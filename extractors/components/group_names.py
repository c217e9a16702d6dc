"""Names that the text gives to groups ("the control group", "arm B") and which arm each must mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

import ontology
from extractors.normal import HAN, is_han, words_of
from extractors.reading import Reading, Span

_LATIN_BEFORE = re.compile(r"((?:[\w'/+-]+\s){0,3}[\w'/+-]+)\s*[\"']?\s*$")
_HAN_BEFORE = re.compile(rf"[{HAN}A-Za-z0-9+-]{{1,12}}$")
_LABEL_AFTER = re.compile(r"\s+(?:[A-Z]|[0-9]{1,2}|I{1,3}V?)\b")
_STOPS = (
    "filler", "having", "of", "had", "people", "be", "conjunction", "alternative", "receive", "versus", "range-to",
    "stop", "than", "both-groups", "assignment", "allocation", "respectively", "higher", "lower",
)  # fmt: skip


def group_phrases(found: Reading) -> Iterator[Span]:
    """The phrases before (or the labels after) each word for a group, in order of the text."""
    for sentence in found.sentences:
        for group in found.terms_in(sentence, "cues", "group"):
            label = _LABEL_AFTER.match(found.normal, group.end, sentence.end)
            if label:
                yield Span(group.start, label.end())
                continue
            pattern = _HAN_BEFORE if is_han(found.text(group)) else _LATIN_BEFORE
            match = pattern.search(found.normal[sentence.start : group.start])
            if match is None:
                continue
            start = sentence.start + match.start()
            for stop in found.terms_in(Span(start, group.start), "cues", *_STOPS):
                start = max(start, stop.end)
            while start < group.start and not found.normal[start].isalnum():
                start += 1
            if start < group.start:
                yield Span(start, group.end)


def label_of(found: Reading, phrase: Span) -> int | None:
    """The arm that a group's name must mean, or ``None`` if none or several fit.

    A name of control words alone means the control arm, one of words for a tested treatment alone the only arm
    under test; otherwise the name's words must all occur in the names of exactly one arm.
    """
    if _is_made_of(found, phrase, "control-arm"):
        return _only_role(found, "control")
    if _is_made_of(found, phrase, "experimental-arm"):
        return _only_role(found, "experimental")
    words = words_of(found.normal[phrase.start : phrase.end]) - _words_of_groups(found, phrase)
    denied_word = frozenset(rest for word in words if len(words) == 1 and (rest := _without_denial(word)))
    if denied_word and len(found.arms) == 2:
        # "the nonsurgery arm": the arm that is not the one named by the rest of the word.
        having = arms_with(found, denied_word, ())
        return 1 - having[0] if len(having) == 1 else None
    treatments = [term.iri for term in found.terms_in(phrase, "interventions")]
    fits = arms_with(found, words, treatments) if words else []
    if len(fits) > 1:
        # "locoregional treatment group" beside "no locoregional treatment": the one that is not denied.
        denied = bool(found.terms_in(phrase, "cues", "negation"))
        fits = [i for i in fits if denied == any(found.terms_in(s, "cues", "negation") for s in found.arms[i].spans)]
    return fits[0] if len(fits) == 1 else None


def _without_denial(word: str) -> str | None:
    """What a word denies, if it begins with a negation that is written as one with it ("nonsurgery")."""
    negations = [form for language in ("en", "zh") for form in _negations(language)]
    return next((word[len(form) :] for form in negations if word.startswith(form) and len(word) > len(form) + 2), None)


@cache
def _negations(language: str) -> tuple[str, ...]:
    concept = ontology.by_name("cues", "negation")
    return (concept.preferred[language], *concept.alternatives.get(language, ()))


def arms_with(found: Reading, words: frozenset[str], treatments: Sequence[str]) -> list[int]:
    """The arms whose names hold all the words, or else one of the treatments or a kind of it."""
    fits = [index for index, arm in enumerate(found.arms) if any(words <= words_of(name.text) for name in arm.names)]
    if fits:
        return fits
    known = ontology.forms("interventions", found.language)
    wanted = {*treatments, *(known[word] for word in words if word in known)}
    kinds = wanted | {narrower.iri for iri in wanted for narrower in ontology.narrower(iri)}
    return [
        index
        for index, arm in enumerate(found.arms)
        if any(term.iri in kinds for span in arm.spans for term in found.terms_in(span, "interventions"))
    ]


def _only_role(found: Reading, role: str) -> int | None:
    fits = [index for index, arm in enumerate(found.arms) if arm.role == role]
    return fits[0] if len(fits) == 1 else None


def _is_made_of(found: Reading, phrase: Span, cue: str) -> bool:
    terms = found.terms_in(phrase, "cues", cue)
    rest = found.without(phrase, [*terms, *found.terms_in(phrase, "cues", "group")])
    return bool(terms) and not re.search(r"\w", rest)


def _words_of_groups(found: Reading, phrase: Span) -> frozenset[str]:
    return frozenset(
        word
        for term in found.terms_in(phrase, "cues", "group")
        for word in words_of(found.normal[term.start : term.end])
    )
