"""Phrases that name an outcome by their head word: "rate of X", "X score", and what Chinese puts before its heads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.components.noun_phrases import Phrases
from extractors.components.reported import predicate_start
from extractors.components.terms import DIRECTIONS, PEOPLE
from extractors.normal import HAN, is_han
from extractors.reading import Reading, Sentence, Span, Term

# How much of a phrase may stand before its head: characters in Chinese, words otherwise.
_HAN_BEFORE = re.compile(rf"[{HAN}A-Za-z0-9-]{{1,14}}$")
_WORDS_BEFORE = re.compile(r"((?:[A-Za-z][\w/-]*\s+){1,3})$")
_BREAK = re.compile(r"[,;:.()\[\]]|\s\d")
_LONGEST = 80
# The subject of a clause: how near people stand behind its head, how long it is, what ends it, what its verb is.
_PEOPLE_NEAR, _LONGEST_CLAUSE = 24, 150
_HARD_END = re.compile(r"[;:(\[]|\.(?:\s|$)")
_PREDICATES = ("be", "no-difference", "negation", *DIRECTIONS)
# The article of what follows a phrase.
_ARTICLE = re.compile(r" (?:in|of|for|with|to|by|at) (?:the|an?|this|these|those)$")
# Cues that may stand inside the name of an outcome: "incidence of fractures in older patients".
_INSIDE = ("people", "filler", "of", "significant", "age", "time-since", "other-head", "work-head")


def headed(found: Reading, sentence: Sentence) -> Iterator[Span]:
    """The outcome phrases of a sentence, one for each head word that is not part of an effect measure's name."""
    measures = found.terms_in(sentence, "measures")
    phrases = Phrases(found, sentence)
    for head in found.terms_in(sentence, "cues", "endpoint-head"):
        if not any(measure.contains(head) and not head.contains(measure) for measure in measures):
            clause = of_people(found, sentence, head)
            span = clause or after_head(found, sentence, head) or before_head(found, sentence, head)
            if span is not None and (clause or phrases.cut(span.start, span.end)) and not of_people_only(found, span):
                article = _ARTICLE.search(found.normal, span.start, span.end)
                yield Span(span.start, article.start() if article else span.end)


def of_people_only(found: Reading, span: Span) -> bool:
    """Whether a phrase counts people without saying which: "the proportion of patients"."""
    parts = found.terms_in(span, "cues", "endpoint-head", "of", "filler", "people", "group", "control-arm")
    return any(t.name == "people" for t in parts) and not re.search(r"\w", found.without(span, parts))


def of_people(found: Reading, sentence: Sentence, head: Term) -> Span | None:
    """The subject of "the proportion of patients who stopped smoking was 12%": all of it up to its verb."""
    people = found.terms_in(Span(head.end, min(head.end + _PEOPLE_NEAR, sentence.end)), "cues", "people")
    links = found.terms_in(Span(head.end, people[0].start), "cues", "of") if people else []
    if not links or is_han(found.text(head)):
        return None
    bounds = [m.start for m in found.arm_mentions if m.start > head.end]
    bounds += [q.start for q in found.quantities if q.start > head.end and q.kind != "people"]
    end = min([sentence.end, people[0].end + _LONGEST_CLAUSE, *bounds])
    stop = _HARD_END.search(found.normal, people[0].end, end)
    window = Span(people[0].end, stop.start() if stop else end)
    verbs = [t for t in found.terms_in(window, "cues", *_PREDICATES) if t.start - people[0].end > 2]
    return Span(head.start, predicate_start(found, sentence, verbs[-1])) if verbs else None


def after_head(found: Reading, sentence: Sentence, head: Term) -> Span | None:
    """The phrase of "rate of X", unless what follows is the name of an arm."""
    links = found.terms_in(Span(head.end, min(head.end + 8, sentence.end)), "cues", "of")
    if not links or found.normal[head.end : links[0].start].strip():
        return None
    start = links[0].end + 1
    if any(mention.start == start for mention in found.arm_mentions):
        return None
    end = phrase_end(found, sentence, start)
    return Span(head.start, end) if end > start else None


def before_head(found: Reading, sentence: Sentence, head: Term) -> Span | None:
    """The phrase that ends in the head: the words before it back to a word that steers reading, or to an arm."""
    pattern = _HAN_BEFORE if is_han(found.text(head)) else _WORDS_BEFORE
    match = pattern.search(found.normal[sentence.start : head.start])
    if match is None:
        return None
    start = sentence.start + match.start()
    cues = [cue for cue in found.terms_in(Span(start, head.start), "cues") if not _belongs(found, cue, head)]
    start = max(
        [start, *(cue.end for cue in cues if cue.name not in ("baseline", "time-since", "other-head", "work-head"))]
    )
    units = [u for u in found.terms_in(Span(start, head.start), "units") if u.start == start]
    if units and found.normal[sentence.start : start].rstrip()[-1:].isdigit():
        start = units[0].end
    start = max([start, *(m.end for m in found.arm_mentions if m.end <= head.start)])
    start += len(found.normal[start : head.start]) - len(found.normal[start : head.start].lstrip())
    return Span(start, head.end) if head.start - start > 1 else None


def _belongs(found: Reading, cue: Term, head: Term) -> bool:
    """Whether a Chinese sign of possession before a head belongs to the name: "the antibiotics' days of use".

    An outcome that the lexicon knows is named without the head.
    """
    known = found.terms_in(Span(max(0, cue.start - 24), cue.start), "endpoints")
    if any(term.end == cue.start for term in known):
        return False
    return cue.name == "filler" and cue.end == head.start and cue.end - cue.start == 1 and is_han(found.text(cue))


def phrase_end(found: Reading, sentence: Sentence, start: int) -> int:
    """Where a noun phrase ends: before a verb, a number, a bracket, a stop or a mention of an arm, and not in "of"."""
    limit = min(sentence.end, start + _LONGEST)
    broken = _BREAK.search(found.normal, start, limit)
    end = broken.start() if broken else limit
    for term in found.terms_in(Span(start, end), "cues"):
        if term.name not in _INSIDE or found.mask[term.start] == PEOPLE:
            end = min(end, term.start)
    end = min([end, *(m.start for m in found.arm_mentions if start <= m.start < end)])
    if end == limit and limit < sentence.end:
        end = start + found.normal[start:end].rfind(" ")
    end = start + len(found.normal[start:end].rstrip())
    hanging = [link for link in found.terms_in(Span(start, end), "cues", "of") if link.end == end]
    return start + len(found.normal[start : hanging[0].start].rstrip()) if hanging else end
