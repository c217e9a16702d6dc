"""Finds the endpoints that a text declares, with their role: "the primary outcome was A", "A and B were measured"."""

from __future__ import annotations

import re
from collections.abc import Iterator

import ontology
from extractors.components.allocation import split_top
from extractors.components.arm_phrases import trimmed
from extractors.components.noun_phrases import Phrases
from extractors.components.reported import object_start, predicate_start
from extractors.components.terms import AND, DIRECTIONS
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
# An endpoint between commas behind the word that declares it, and that word in apposition to an endpoint.
_APPOSED = re.compile(r",\s*(?:i\.e\.,?\s*|namely,?\s*)?([^,;.()]{3,100}),")
_OPENED = re.compile(r"\s*[(,\[]\s*(?:(?:the|our|a|as|i\.e\.,?|which (?:was|is|were|are)) *){0,3}$")
# Where the clause of a subject begins, behind an introduction: "In this trial, …", "; and …".
_CLAUSE_START = re.compile(
    r";\s*|,\s*(?:and|but|while|whereas|with)\s+|\b(?:In|At|For|During|Since|As|With)\b[^,]*,\s*"
)
# What an objective names: "the effect of X on", "compare X and Y in terms of".
_EFFECT_ON = re.compile(
    r"\b(?:effects?|impact|influence|efficacy|effectiveness)\b[^.;]{0,120}?\bon (?:the )?|"
    r"\b(?:in terms of|with (?:respect|regard) to|regarding) (?:the )?"
)
# The list that a bracket behind a phrase holds.
_BRACKETED = re.compile(r"\s*\(([^()\[\]=<>%]{6,200})\)")
# A verb, a preposition or a reference opens what is no member of a list of outcomes.
_VERB_FIRST = re.compile(
    r"(?!need|speed|blood)(?:(?:not|also|then|both|[a-z]+ly) )*[a-z]+ed"
    r"(?: (?:for|at|in|by|with|on|as|to|from|using|and|that)\b|$)|"
    r"(?:to|during|before|after|while|when|because|since|although|there|it|we|they|this|has|have|no|at|within) |"
    r"(?:due|among|primarily) |"
    r"days? \d|[\[(][^)\]]*$|\[",
    re.IGNORECASE,
)
# What follows "the outcomes were" where it declares none: adverbs, a verb or a comparison, and what belongs to that.
_ADVERB = re.compile(r"(?:also|then|all|either|[a-z]+ly)\b\s*")
_ADVERBIAL = ("significant", "negation", "function-word", "both-groups")
_TOLD = (
    "analysed", "assessed", "clause-verb", "comparing", "finding", "occur", "no-difference", "higher", "lower",
    "better", "worse", "planned", "reach",
)  # fmt: skip
_BEHIND_VERB = (
    "as-well", "between-groups", "both-groups", "conjunction", "each", "filler", "from", "function-word", "having",
    "range-to", "significant", "stop", "than", "time-after", "time-at", "versus",
)  # fmt: skip
# The same between the members of a list, in the mask, where a conjunction is one sign and no half of a word.
_CONJUNCTION = re.compile(rf"\s*{AND}+\s*")
_JOINED = re.compile(rf"{_COMMA.pattern}(?:{AND}+\s*)?|{_CONJUNCTION.pattern}")
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
        apposed = apposition(found, cue, end)
        if found.normal[cue.end : cue.end + 1] in (")", "]"):
            yield from ((ROLES[cue.name], cue, span) for span in subjects(found, sentence, cue))
        elif apposed is not None:
            yield ROLES[cue.name], cue, apposed
        elif after is not None and (verbs or colon or _is_verb(found.text(cue).split()[-1])):
            start = max([verb.end for verb in verbs[:1]], default=after.start)
            if colon or not says_something_else(found, Span(start, end)):
                yield from ((ROLES[cue.name], cue, span) for span in listed(found, Span(start, end), cue))
        else:
            yield from ((ROLES[cue.name], cue, span) for span in subjects(found, sentence, cue))


def apposition(found: Reading, cue: Term, end: int) -> Span | None:
    """The endpoint between commas behind its cue: "the primary outcome, pain at 6 weeks, was lower"."""
    match = _APPOSED.match(found.normal, cue.end, end)
    if match is None:
        return None
    span = trimmed(found, match.start(1), match.end(1))
    told = (
        () if span is None else found.terms_in(span, "cues", "be", "had", "clause-verb", "function-word", *DIRECTIONS)
    )
    return span if span is not None and not told and is_outcome(found, span) else None


def says_something_else(found: Reading, span: Span) -> bool:
    """Whether what follows "the outcomes were" names none: "… were also assessed", "… were similar in both arms"."""
    start = span.start
    while True:
        start += len(found.normal[start : span.end]) - len(found.normal[start : span.end].lstrip())
        adverb = _ADVERB.match(found.normal, start, span.end)
        words = [t for t in found.terms_in(Span(start, span.end), "cues", *_ADVERBIAL) if t.start == start]
        if not adverb and not words:
            break
        start = max([t.end for t in words] or [adverb.end() if adverb else start])
    if not found.normal[start : span.end].strip(" .,;"):
        return True
    told = [t for t in found.terms_in(Span(start, span.end), "cues", *_TOLD) if t.start == start]
    if not told or is_han(found.text(told[0])):
        return False
    behind = Span(told[0].end, span.end)
    closed = not found.normal[behind.start : behind.end].strip(" .,;")
    joints = [t for t in found.terms_in(behind, "cues", *_BEHIND_VERB) if t.start - behind.start <= 1]
    return closed or bool(joints) or found.normal[behind.start] in ",;"


def measured(found: Reading, sentence: Sentence) -> Iterator[tuple[str, Term, Span]]:
    """The endpoints that a sentence on methods says were measured: "A, B and C were recorded", "we measured D".

    One of the list must be an outcome by its words or by the trained model, since people and data are assessed too.
    """
    phrases = Phrases(found, sentence)
    for cue in found.terms_in(sentence, "cues", *_MEASURED, "definition"):
        start = predicate_start(found, sentence, cue)
        if is_han(found.text(cue)) or (cue.name == "assessed" and cue.start == start):
            named = list(phrases.list_after(object_start(found, sentence, cue)))
        elif _is_passive(found.normal[start : cue.end]):
            named = [*phrases.list_before(start)][::-1]
        else:
            continue
        named = [phrase for phrase in named if not is_clause(found, phrase)]
        named += [part for phrase in named for part in bracketed(found, phrase)]
        if in_body(found, sentence):
            # Articles measure much that is no outcome: volumes, devices, what was given.
            named = [phrase for phrase in named if is_outcome(found, phrase)]
        if any(is_outcome(found, phrase) for phrase in named) or (named and names_instrument(found, cue)):
            yield from (("other", cue, phrase) for phrase in named)
            if not is_han(found.text(cue)) and start < cue.end:
                known = lexical(found, sentence, start)
                yield from (
                    ("other", cue, s) for s in known if not any(s.start < n.end and n.start < s.end for n in named)
                )


def names_instrument(found: Reading, cue: Term) -> bool:
    """Whether an instrument that the lexicon knows stands behind "was measured with"."""
    known = found.terms_in(Span(cue.end, cue.end + _VERB_NEAR), "endpoints")
    if cue.name not in ("assessed", "definition") or not known:
        return False
    gap = Span(cue.end, known[0].start)
    return not found.without(gap, found.terms_in(gap, "cues", "filler", "having", "stop", "time-at")).strip()


def lexical(found: Reading, sentence: Sentence, end: int) -> Iterator[Span]:
    """The lexicon's outcomes in the clause that ends at an offset: members of a list that grammar alone cannot part."""
    told = found.terms_in(Span(sentence.start, end), "cues", "be", "had", "clause-verb", "than", "allocation")
    stops = [m.end() for m in re.finditer(r"[;:]", found.normal[sentence.start : end])]
    start = max([sentence.start, *(t.end for t in told), *(sentence.start + stop for stop in stops)])
    phrases = Phrases(found, sentence)
    for term in found.terms_in(Span(start, end), "endpoints"):
        if not phrases.modifies(term):
            yield phrases.around(term)


def states_aim(found: Reading, sentence: Sentence) -> bool:
    """Whether a sentence stands under a heading for the aim, or says itself that it gives it."""
    heading = (found.section_of(sentence).heading or "").casefold().strip(" :.")
    known = ontology.forms("cues", found.language).get(heading)
    return known == ontology.by_name("cues", "aim").iri or bool(found.terms_in(sentence, "cues", "aim"))


def without_people(found: Reading, phrase: Span) -> Span:
    """A Chinese phrase without the people whose outcome it is, who stand before it."""
    people = [t for t in found.terms_in(phrase, "cues", "people") if t.end < phrase.end - 1]
    return Span(people[-1].end, phrase.end) if people else phrase


def aimed(found: Reading, sentence: Sentence) -> Iterator[tuple[str, Term, Span]]:
    """The outcomes that an objective names: "to determine the effect of X on Y and Z"."""
    phrases = Phrases(found, sentence)
    aims = found.terms_in(sentence, "cues", "aim", "objective", "comparing")
    for cue in aims[:1]:
        for effect in found.terms_in(Span(cue.end, sentence.end), "cues", "effect"):
            if is_han(found.text(effect)):
                named = [*phrases.list_before(predicate_start(found, sentence, effect))][::-1]
                if any(is_outcome(found, phrase) for phrase in named):
                    yield from (("other", cue, without_people(found, phrase)) for phrase in named)
        for match in _EFFECT_ON.finditer(found.normal, cue.start, sentence.end):
            named = list(phrases.list_after(match.end()))
            yield from (("other", cue, phrase) for phrase in named if is_outcome(found, phrase))


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
    body = in_body(found, sentence)
    if body and found.terms_in(sentence, "cues", "clause-verb", "definition", "function-word", "objective", "receive"):
        return
    cue = Term(sentence.start, sentence.start, "cues", name, iri)
    for span in listed(found, sentence, cue):
        if is_outcome(found, span) or (not body and len(found.text(span).split()) > 1):
            yield ROLES[name], cue, span


def in_body(found: Reading, sentence: Sentence) -> bool:
    """Whether a sentence stands in the body of an article that has an abstract."""
    own = found.section_of(sentence).in_abstract
    return not own and any(section.in_abstract for section in found.document.sections)


def openers(found: Reading, span: Span) -> list[Term]:
    """The words that open a list; a single Chinese character ("have") is too common to."""
    return [term for term in found.terms_in(span, "cues", "include") if term.end - term.start > 1]


def subjects(found: Reading, sentence: Sentence, cue: Term) -> Iterator[Span]:
    """The endpoints of "overall survival was the primary endpoint", or of "(the primary endpoint)" behind its name."""
    linked = [t for t in found.terms_in(sentence, "cues", "be") if cue.start - 10 <= t.end <= cue.start]
    if linked and not is_han(found.text(linked[-1])):
        stops = [m.end() for m in _CLAUSE_START.finditer(found.normal, sentence.start, linked[-1].start)]
        verbs = found.terms_in(Span(stops[-1] if stops else sentence.start, linked[-1].start), "cues", "be", "had")
        span = trimmed(found, max([*stops, *(v.end for v in verbs), sentence.start]), linked[-1].start)
        if span is not None:
            yield from listed(found, span, cue)
            return
    opened = _OPENED.search(found.normal, sentence.start, cue.start)
    apposed = Phrases(found, sentence).before(opened.start()) if opened else None
    terms = [term for term in found.terms_in(sentence, "endpoints") if term.end <= cue.start]
    if apposed is not None and is_outcome(found, apposed):
        yield apposed
    elif terms and cue.start - terms[-1].end <= 40:
        yield Span(terms[-1].start, terms[-1].end)
    elif linked:
        before = Phrases(found, sentence).before(linked[-1].start)
        if before is not None:
            yield before


def listed(found: Reading, span: Span, cue: Term) -> Iterator[Span]:
    """The endpoints of a declaration; a single primary endpoint is one phrase unless the lexicon knows its parts."""
    stops = [t.start for t in found.terms_in(span, "cues", "definition") if t.start > span.start]
    end = min([*stops, span.end])
    text = found.mask[span.start : end]
    pieces = split_top(text, _JOINED)
    if cue.name == "primary-endpoint" and not several(found, cue, span.start, pieces):
        first = split_top(text, _COMMA)[0]
        joined = split_top(text[first[0] : first[1]], _CONJUNCTION)
        known = [bool(found.terms_in(Span(span.start + a, span.start + b), "endpoints")) for a, b in joined]
        pieces = joined if all(known) else [first]
    for start, stop in pieces:
        piece = without_brackets(found, span.start + start, span.start + stop)
        aims = [] if piece is None else found.terms_in(piece, "cues", "objective")
        if piece is not None and aims and aims[0].start == piece.start and not is_han(found.text(aims[0])):
            # "The primary outcomes were to evaluate the time to relapse and …"
            piece = trimmed(found, aims[0].end, piece.end)
        refers = piece is not None and found.terms_in(piece, "cues", "pointer", "definition")
        if piece is not None and not refers and 1 < piece.end - piece.start <= _LONGEST and not is_clause(found, piece):
            yield piece
            yield from bracketed(found, piece)


def bracketed(found: Reading, phrase: Span) -> Iterator[Span]:
    """The outcomes that a bracket behind a phrase lists: "haemodynamics (heart rate, blood pressure and SpO2)"."""
    match = _BRACKETED.match(found.normal, phrase.end)
    if match is None:
        return
    inside = Span(match.start(1), match.end(1))
    members = split_top(found.mask[inside.start : inside.end], _JOINED)
    pieces = [trimmed(found, inside.start + first, inside.start + end) for first, end in members]
    named = [piece for piece in pieces if piece is not None and not is_clause(found, piece)]
    if (
        len(pieces) > 1
        and len(named) == len(pieces)
        and sum(is_outcome(found, piece) for piece in named) * 2 >= len(named)
    ):
        yield from named


def is_clause(found: Reading, piece: Span) -> bool:
    """Whether a member of a list is no name: a clause, a time ("3 months after surgery"), an arm, a list's verb."""
    text = found.normal[piece.start : piece.end]
    if is_han(text):
        return False
    verbs = found.terms_in(piece, "cues", "be")
    first = [q for q in found.quantities if piece.contains(q) and q.start - piece.start <= 1]
    timed = any(q.kind == "duration" for q in first) and bool(found.terms_in(piece, "cues", "time-at", "time-after"))
    armed = any(m.contains(piece) for m in found.arm_mentions)
    return bool(verbs) or timed or armed or bool(_VERB_FIRST.match(text))


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
