"""Finds the endpoints that a text declares, with their role: "the primary outcome was A", "A and B were measured"."""

from __future__ import annotations

import re
from collections.abc import Iterator

import ontology
from extractors.components.allocation import joints, split_top
from extractors.components.arm_phrases import trimmed
from extractors.components.noun_phrases import Phrases
from extractors.components.reported import object_start, predicate_start
from extractors.normal import is_han
from extractors.reading import Reading, Sentence, Span, Term

ROLES = {"primary-endpoint": "primary", "secondary-endpoint": "secondary", "endpoint-list": "other"}
# Verbs that say in the methods that something was measured.
_MEASURED = ("analysed", "assessed", "comparing", "finding", "occur")
# The trained model's labels of outcomes begin so.
OUTCOME = "outcome"
_LONGEST = 140
# The members of a list of three or more primary endpoints are no longer than this; a definition is.
_SHORT = 80
# How far behind "primary endpoint" the verb of the declaration may stand, and how far a word that opens a list.
_VERB_NEAR, _LIST_NEAR = 40, 100
# A declaration ends where its definition begins: at a full stop, a semicolon, or a comma before a new clause.
_HARD_END = re.compile(r"[;\u3002]|\.(?:\s|$)")
# The comma that Chinese sets between the items of a list.
_ENUMERATION = "\u3001"
_COMMA = re.compile(r",(?!\d)\s*")
# A bracket that closes a phrase, or that holds more than an abbreviation.
_REMARK = re.compile(r"\s*[(\[](?:[^()\[\]]*[)\]]?\s*$|[^()\[\]]*\s)")


def declared(found: Reading, sentence: Sentence) -> Iterator[tuple[str, Term, Span]]:
    """The endpoints that a sentence declares, each with its role and the cue that says so."""
    cues = found.terms_in(sentence, "cues", *ROLES)
    for place, cue in enumerate(cues):
        end = cues[place + 1].start if place + 1 < len(cues) else sentence.end
        hard = _HARD_END.search(found.normal, cue.end, end)
        end = hard.start() if hard else end
        after = trimmed(found, cue.end, end)
        verbs = found.terms_in(Span(cue.end, min(end, cue.end + _VERB_NEAR)), "cues", "be", "include", "enrolled")
        verbs = [verb for verb in verbs if not _COMMA.search(found.normal[cue.end : verb.start])]
        verbs = verbs or openers(found, Span(cue.end, min(end, cue.end + _LIST_NEAR)))
        colon = found.normal[cue.end : cue.end + 3].strip().startswith((":", "("))
        if after is not None and (verbs or colon or _is_verb(found.text(cue).split()[-1])):
            start = max([verb.end for verb in verbs[:1]], default=after.start)
            yield from ((ROLES[cue.name], cue, span) for span in listed(found, Span(start, end), cue))
        else:
            before = subject(found, sentence, cue)
            if before is not None:
                yield ROLES[cue.name], cue, before


def measured(found: Reading, sentence: Sentence) -> Iterator[tuple[str, Term, Span]]:
    """The endpoints that a sentence on methods says were measured: "A, B and C were recorded", "we measured D".

    One of the list must be an outcome by its words or by the trained model, since people and data are assessed too.
    """
    phrases = Phrases(found, sentence)
    for cue in found.terms_in(sentence, "cues", *_MEASURED):
        start = predicate_start(found, sentence, cue)
        if is_han(found.text(cue)) or (cue.name == "assessed" and cue.start == start):
            named = list(phrases.list_after(object_start(found, sentence, cue)))
        elif _is_passive(found.normal[start : cue.end]):
            named = [*phrases.list_before(start)][::-1]
        else:
            continue
        if any(is_outcome(found, phrase) for phrase in named):
            yield from (("other", cue, phrase) for phrase in named)


def _is_passive(verb: str) -> bool:
    return bool(verb.strip()) and _is_verb(verb.split(maxsplit=1)[0], "be")


def _is_verb(word: str, *names: str) -> bool:
    """Whether an English word is "to be" or a verb that opens a list, which may be the last word of a cue."""
    known = {ontology.by_name("cues", name).iri for name in names or ("be", "include")}
    return ontology.forms("cues", "en").get(word.casefold()) in known


def is_outcome(found: Reading, phrase: Span) -> bool:
    """Whether a phrase holds an outcome of the lexicon, a head word, or what the trained model takes for one."""
    if found.terms_in(phrase, "endpoints") or found.terms_in(phrase, "cues", "endpoint-head"):
        return True
    marked = [s for s in found.labelled if s.kind.startswith(OUTCOME)]
    return any(phrase.start < other.end and other.start < phrase.end for other in marked)


def under_heading(found: Reading, sentence: Sentence) -> Iterator[tuple[str, Term, Span]]:
    """The endpoints that a fragment names under a heading that declares them: "Main outcome measures: pain, cost."."""
    heading = (found.section_of(sentence).heading or "").casefold().strip(" :.")
    forms = ontology.forms("cues", found.language)
    iri = forms.get(heading) or forms.get(heading.removesuffix("s"))
    name = (iri or "").rpartition("/")[2]
    if iri is None or name not in ROLES or found.terms_in(sentence, "cues", "be", "had", "include", *_MEASURED):
        return
    cue = Term(sentence.start, sentence.start, "cues", name, iri)
    for span in listed(found, sentence, cue):
        if is_outcome(found, span) or len(found.text(span).split()) > 1:
            yield ROLES[name], cue, span


def openers(found: Reading, span: Span) -> list[Term]:
    """The words that open a list; a single Chinese character ("have") is too common to."""
    return [term for term in found.terms_in(span, "cues", "include") if term.end - term.start > 1]


def subject(found: Reading, sentence: Sentence, cue: Term) -> Span | None:
    """The endpoint of "overall survival was the primary endpoint", or of "(the primary endpoint)" behind it."""
    terms = [term for term in found.terms_in(sentence, "endpoints") if term.end <= cue.start]
    if terms and cue.start - terms[-1].end <= 40:
        return Span(terms[-1].start, terms[-1].end)
    linked = [t for t in found.terms_in(sentence, "cues", "be") if cue.start - 10 <= t.end <= cue.start]
    return Phrases(found, sentence).before(linked[-1].start) if linked else None


def listed(found: Reading, span: Span, cue: Term) -> Iterator[Span]:
    """The endpoints of a declaration; a single primary endpoint is one phrase unless the lexicon knows its parts."""
    stops = [t.start for t in found.terms_in(span, "cues", "definition") if t.start > span.start]
    end = min([*stops, span.end])
    text = found.normal[span.start : end]
    joint = joints(found, Span(span.start, end), "conjunction")
    pieces = split_top(text, re.compile(rf"{_COMMA.pattern}(?:{joint})?|{joint}" if joint else _COMMA.pattern))
    if cue.name == "primary-endpoint" and not several(found, cue, span.start, pieces):
        first = split_top(text, _COMMA)[0]
        joined = split_top(text[first[0] : first[1]], re.compile(joint)) if joint else [first]
        known = [bool(found.terms_in(Span(span.start + a, span.start + b), "endpoints")) for a, b in joined]
        pieces = joined if all(known) else [first]
    for start, stop in pieces:
        piece = without_brackets(found, span.start + start, span.start + stop)
        refers = piece is not None and found.terms_in(piece, "cues", "pointer", "definition")
        if piece is not None and not refers and 1 < piece.end - piece.start <= _LONGEST:
            yield piece


def several(found: Reading, cue: Term, start: int, pieces: list[tuple[int, int]]) -> bool:
    """Whether a declaration speaks of more than one endpoint: "primary outcomes were A and B"."""
    if is_han(found.text(cue)):
        first = pieces[0][1]
        return len(pieces) > 2 and found.document.text[start + first : start + first + 1] == _ENUMERATION
    composed = ":" in found.normal[start : start + pieces[-1][1]]
    listed = len(pieces) > 2 and not composed and all(end - first <= _SHORT for first, end in pieces)
    return listed or (len(pieces) > 1 and found.text(cue).casefold().endswith("s"))


def without_brackets(found: Reading, start: int, end: int) -> Span | None:
    """The piece up to its first bracket, trimmed of words that name nothing."""
    text = found.normal[start:end]
    opening = _REMARK.search(text)
    if opening and opening.start() > 0:
        end = start + opening.start()
    # "Bile reflux as seen by endoscopy" has, in Chinese, how it was seen before it.
    means = [t for t in found.terms_in(Span(start, end), "cues", "objective", "assessed") if is_han(found.text(t))]
    links = found.terms_in(Span(means[-1].end, min(means[-1].end + 1, end)), "cues", "filler") if means else []
    if links and end - links[0].end > 1:
        start = links[0].end
    return trimmed(found, start, end)
