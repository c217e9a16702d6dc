"""Outcomes that a sentence of the results compares: "X was lower", "reduced X", "no difference in X"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.components.noun_phrases import Phrases
from extractors.normal import is_han
from extractors.reading import Reading, Sentence, Span, Term

_DIRECTIONS = (
    "higher", "lower", "better", "worse", "no-difference", "difference", "rise", "fall", "improvement", "deterioration",
    "change",
)  # fmt: skip
# What may stand between an outcome and the word that compares it: "was also found to be significantly".
_BEFORE_PREDICATE = (
    "be", "between-groups", "both-groups", "clause-verb", "comparing", "completed", "conjunction", "each", "finding",
    "function-word", "group", "negation", "occur", "particle", "respectively", "significant", "than", "versus",
)  # fmt: skip
# What may stand between that word and its object: "a significant improvement in the …".
_BEFORE_OBJECT = (
    "between-groups", "both-groups", "change", "filler", "of", "other-group", "particle", "regarding", "significant",
    "subgroup",
)  # fmt: skip
_BELONGING = (*_DIRECTIONS, "be", "clause-verb", "completed", "finding", "had", "occur", "range-to")
_ADVERB = re.compile(r"(?:\b(?:[a-z]+ly|to|be|not|as|well|also)\s*|[\s,])$")


def compared(found: Reading, sentence: Sentence) -> Iterator[list[Span]]:
    """The lists of outcomes that a sentence compares, which the lexicon need not know."""
    if found.terms_in(sentence, "cues", "characteristics", "assumption", "prognostic"):
        return
    phrases = Phrases(found, sentence)
    for cue in found.terms_in(sentence, "cues", *_DIRECTIONS, "regarding", "effect"):
        named = [*found.terms_in(sentence, "endpoints"), *found.terms_in(sentence, "measures")]
        if any(term.contains(cue) and term.end - term.start > cue.end - cue.start for term in named):
            continue
        if cue.name not in ("regarding", "effect") or affects(found, sentence, cue):
            yield list(phrases.list_before(predicate_start(found, sentence, cue)))
        objects = phrases.list_after(object_start(found, sentence, cue))
        yield [span for span in objects if ends(found, sentence, span)]


def affects(found: Reading, sentence: Sentence, cue: Term) -> bool:
    """Whether Chinese names before a word for an effect what is affected or not: "no effect" behind "on X"."""
    if cue.name != "effect" or not is_han(found.text(cue)):
        return False
    denied = [t for t in found.terms_in(Span(sentence.start, cue.start), "cues", "negation") if cue.start - t.end <= 1]
    return bool(denied) and bool(found.terms_in(Span(sentence.start, cue.start), "cues", "versus"))


def ends(found: Reading, sentence: Sentence, span: Span) -> bool:
    """Whether an object ends where the phrase does: no verb, "to" or comparing word follows that it would belong to."""
    following = found.terms_in(Span(span.end, min(span.end + 20, sentence.end)), "cues", *_BELONGING)
    return not any(not found.normal[span.end : cue.start].strip() for cue in following)


def predicate_start(found: Reading, sentence: Sentence, cue: Term) -> int:
    """Where the predicate begins whose comparing word is given."""
    start = cue.start
    while True:
        text = found.normal[sentence.start : start].rstrip()
        start = sentence.start + len(text)
        adverb = _ADVERB.search(text)
        words = [t for t in found.terms_in(sentence, "cues", *_BEFORE_PREDICATE) if t.end == start]
        arms = [m for m in found.arm_mentions if m.end == start and is_han(found.text(m))]
        if words or arms:
            start = min(t.start for t in (*words, *arms))
        elif adverb:
            start = sentence.start + adverb.start()
        else:
            return start


def object_start(found: Reading, sentence: Sentence, cue: Term) -> int:
    """Where what a comparing word governs begins."""
    start = cue.end
    while True:
        start += len(found.normal[start : sentence.end]) - len(found.normal[start : sentence.end].lstrip())
        words = [t for t in found.terms_in(sentence, "cues", *_BEFORE_OBJECT) if t.start == start]
        if not words:
            return start
        start = words[0].end
