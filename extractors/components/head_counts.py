"""Finds the numbers of people in a sentence and the verbs that say what became of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import ontology
from extractors.components.numerals import number_words
from extractors.findings import Number
from extractors.normal import is_han, word_form
from extractors.reading import Quantity, Reading, Sentence, Span, Term

# How far the noun may stand from its number ("72 stage II to III survivors"), and a verb from its subject or object.
_NOUN, _SUBJECT, _OBJECT, _ALONE = 70, 220, 30, 24
_FEWEST = 2
_PLAN = 60
# Verbs of those who are a part of the people screened.
_TAKEN = ("allocation", "assignment", "enrolled", "receive")
_VERBS = (
    ("analysed", ("analysed",)), ("enrolled", ("enrolled",)), ("randomised", ("allocation", "assignment", "receive")),
    ("deaths", ("deaths",)),
)  # fmt: skip
# What is said of a number that stands for people by itself: "36 met the criteria and were randomised".
_SAID = (
    "allocation",
    "analysed",
    "assignment",
    "be",
    "clause-verb",
    "completed",
    "enrolled",
    "had",
    "receive",
    "screened",
)
# What may stand between a word for a study and its people: "was conducted on a total of".
_WITH_PEOPLE = ("of", "having", "subgroup", "filler", "be", "definition", "carried-out", "in-all", "stop")
_NOT_BETWEEN = (
    "assignment", "be", "clause-verb", "completed", "each", "group", "had", "screened", "lower", "higher", "rank",
    "receive", "versus",
)  # fmt: skip


# A word beside a measured number only leads to it, as in the shares found in a period.
_MEASURED = re.compile(r"\d+(?:\.\d|\s?%)")
_ADJECTIVES = re.compile(r"^\s?[a-z-]+,(?=\s)")


@dataclass(frozen=True, slots=True)
class HeadCount(Span):
    """A number of people; ``noun`` is where the phrase with it ends ("45 consecutive patients").

    ``alone`` is whether no word for people stands with it: "of whom 407 were randomised".
    """

    number: Number
    noun: int
    alone: bool = False


def counted(found: Reading, sentence: Sentence) -> Iterator[tuple[HeadCount, str]]:
    """The numbers of people of the whole trial in a sentence, each with what is said of them."""
    heads = sorted(head_counts(found, sentence), key=lambda head: head.start)
    numbers = [int(arm.size.value) for arm in found.arms if arm.size]
    sizes = {arm.size_span.start for arm in found.arms if arm.size_span}
    whole = [h for h in heads if h.start not in sizes and h.number.value > max(numbers, default=0)]
    whole = [head for head in whole if not is_planned(found, sentence, head)]
    for kind, cues in _VERBS:
        for cue in found.terms_in(sentence, "cues", *cues):
            if cue.name == "receive" and not is_assignment(found, cue):
                continue
            inside = any(head.end <= cue.start and cue.end <= head.noun for head in heads)
            if cue.name in ("allocation", "assignment") and not inside and not is_verb(found, sentence, cue):
                continue
            head = within(cue, heads) or subject_of(found, cue, heads) or object_of(found, cue, heads)
            if head is not None and head.start in sizes:
                # "Of 952 who did not respond, we allocated 480 to A and 472 to B"
                head = next((h for h in whole if h.noun < head.start and h.number.value == sum(numbers)), None)
            if head in whole and head is not None:
                yield head, kind
    yield from ((head, "enrolled") for head in whole if studied(found, sentence, head))


def unsaid(found: Reading, sentence: Sentence) -> list[HeadCount]:
    """The numbers of people of a sentence of whom it is not said that they were screened or analysed."""
    heads = sorted(head_counts(found, sentence), key=lambda head: head.start)
    said = {
        subject_of(found, cue, heads) or object_of(found, cue, heads)
        for cue in found.terms_in(sentence, "cues", "screened", "analysed")
    }
    return [head for head in heads if not head.alone and head not in said]


def head_counts(found: Reading, sentence: Sentence) -> Iterator[HeadCount]:
    """The numbers of a sentence that count people: with a word for people behind them, or "N =" after such a word."""
    for quantity in found.quantities_in(sentence):
        if not _is_whole(quantity) or is_rank(found, quantity):
            continue
        if quantity.kind == "people" and is_for_each(found, sentence, quantity.end):
            continue
        if quantity.kind == "people":
            yield HeadCount(
                quantity.start, quantity.end, quantity.number, max(quantity.end, _noun(found, sentence, quantity))
            )
        elif quantity.kind == "size":
            # "Survivors (N = 74)", but not the size of a group, which is an arm's.
            opened = found.normal.rfind("(", sentence.start, quantity.start)
            people = found.terms_in(
                Span(max(sentence.start, opened - 90), max(opened, sentence.start)), "cues", "people"
            )
            alone = found.normal[quantity.end : quantity.end + 1] in (")", ",", ";")
            plain = re.fullmatch(r"\(\s*[nN]\s*[=:]\s*", found.normal[opened : quantity.start]) is not None
            if people and alone and plain and not found.terms_in(Span(people[-1].end, opened), "cues", "group", "be"):
                closed = found.normal.find(")", quantity.end) + 1
                yield HeadCount(quantity.start, quantity.end, quantity.number, closed)
        elif quantity.kind == "plain":
            noun = _noun(found, sentence, quantity)
            if noun or stands_alone(found, sentence, quantity):
                yield HeadCount(quantity.start, quantity.end, quantity.number, noun or quantity.end, not noun)
    yield from _with_share(found, sentence)
    taken = [(q.start, q.end) for q in found.quantities_in(sentence)]
    for span, number in number_words(found.normal, sentence, found.language):
        free = not any(start < span.end and span.start < end for start, end in taken)
        if not free or number.value <= _FEWEST:
            continue
        noun = _noun(found, sentence, span)
        if noun or (not is_han(found.text(span)) and stands_alone(found, sentence, span)):
            yield HeadCount(span.start, span.end, number, noun or span.end, not noun)


def _with_share(found: Reading, sentence: Sentence) -> Iterator[HeadCount]:
    """The numbers of people that come with their share of them all, as in "43 (55%) eligible patients"."""
    for quantity in found.quantities_in(sentence):
        if quantity.kind != "percent" or not quantity.events or quantity.n:
            continue
        closed = found.normal.find(")", quantity.start, quantity.end + 1) + 1
        span = Span(quantity.start, closed)
        noun = _noun(found, sentence, span) if closed else 0
        if not found.normal.startswith(quantity.events.text, quantity.start):
            continue
        if noun or (closed and stands_alone(found, sentence, span)):
            end = quantity.start + len(quantity.events.text)
            yield HeadCount(quantity.start, end, quantity.events, noun or closed, not noun)


def _is_whole(quantity: Quantity) -> bool:
    """Whether a number can be one of people: whole, not a rate, without a unit or statistic."""
    value = quantity.number.value
    bare = quantity.unit is None and not quantity.statistic and not quantity.contrast
    return (bare or quantity.kind == "people") and value == int(value) and value >= _FEWEST


def _noun(found: Reading, sentence: Sentence, number: Span) -> int:
    """Where the word for people behind a number ends, or 0 if another phrase begins before one."""
    if re.search(r"[<>\u2264\u2265=/\u00d7-]\s*$", found.normal[max(0, number.start - 2) : number.start]):
        return 0
    reach = Span(number.end, min(sentence.end, number.end + _NOUN))
    for term in found.terms_in(reach, "cues", "people"):
        between = Span(number.end, term.start)
        text = found.normal[between.start : between.end]
        # "Thirty healthy, adult men": a comma may part the adjectives of people.
        text = _ADJECTIVES.sub("", text)
        if re.search(r"[,;:()%/\[\]]|\d", text) or found.terms_in(
            between, "cues", *_NOT_BETWEEN[:-3], "of", "having", "centres"
        ):
            return 0
        # "12 h" is a time, "eighty D-IBS patients" are people.
        units = [u for u in found.terms_in(between, "units") if found.normal[u.end : u.end + 1] != "-"]
        if units and not is_han(found.text(term)):
            return 0
        return 0 if is_for_each(found, sentence, term.end) else term.end
    return 0


def is_for_each(found: Reading, sentence: Sentence, end: int) -> bool:
    """Whether a number of people is said of each group: "three groups of 10 patients each"."""
    each = found.terms_in(Span(end, min(sentence.end, end + 14)), "cues", "each")
    return bool(each) and not found.normal[end : each[0].start].strip(" (in")


def stands_alone(found: Reading, sentence: Sentence, number: Span) -> bool:
    """Whether a number stands for people by itself, as the subject of a clause: ", 36 met", "of whom 407 were".

    Before it a clause begins, or its people are said to be a part of others; behind it is what became of them.
    """
    before = Span(max(sentence.start, number.start - _ALONE), number.start)
    parts = found.terms_in(before, "cues", "of-them")
    partitive = bool(parts) and not found.normal[parts[-1].end : number.start].strip(" ,")
    opens = re.search(r"(?:^|[,;:]\s|\band\s)$", found.normal[sentence.start : number.start])
    if not partitive and not opens:
        return False
    reach = Span(number.end, min(sentence.end, number.end + 2 * _OBJECT))
    for verb in found.terms_in(reach, "cues", *_SAID)[:1]:
        rest = re.sub(r"\([^()]*\)", "", found.normal[number.end : verb.start]).split()
        return all(word.endswith("ly") for word in rest)
    return False


def is_rank(found: Reading, quantity: Span) -> bool:
    """Whether a word right beside a number makes it a label: "grade 4", "Fig. 2"; of a measured number it does not."""
    if _MEASURED.match(found.normal, quantity.start):
        return False
    around = Span(max(0, quantity.start - 14), quantity.end + 8)
    for term in found.terms_in(around, "cues", "rank", "pointer"):
        gap = (term.end, quantity.start) if term.end <= quantity.start else (quantity.end, term.start)
        if not found.normal[gap[0] : gap[1]].strip(" .("):
            return True
    return False


def is_verb(found: Reading, sentence: Sentence, cue: Term) -> bool:
    """Whether a word of allocation says what was done ("were randomised"), not what a trial is ("randomised trial")."""
    text = found.normal[cue.start : cue.end]
    if any(t.start <= cue.start and cue.end < t.end for t in found.terms_in(sentence, "designs")):
        return False
    if is_han(text):
        return len(text) > 2 or (cue.name == "assignment" and found.normal[cue.end : cue.end + 1] not in (",", "."))
    if " " in text:
        return True
    before = found.normal[max(sentence.start, cue.start - 30) : cue.start]
    preceding = found.terms_in(Span(max(sentence.start, cue.start - 30), cue.start), "cues", "be", "people", "receive")
    done = any(
        re.fullmatch(r"(?:\s*\w+ly|\s*then|\s*subsequently|\s*and)*\s*", found.normal[t.end : cue.start])
        for t in preceding
    )
    after = Span(cue.end, min(sentence.end, cue.end + 16))
    following = found.terms_in(after, "cues", "people", "range-to", "receive")
    leads = any(not found.normal[cue.end : t.start].strip() for t in following)
    return done or leads or re.search(r"\b(?:and|then|we)\s*$", before) is not None


@cache
def _assigning(language: str) -> tuple[str, ...]:
    concepts = [ontology.by_name("cues", name) for name in ("allocation", "assignment")]
    forms = {form for c in concepts for form in (c.preferred[language], *c.alternatives.get(language, ()))}
    return tuple(sorted(word_form(form) for form in forms))


def is_assignment(found: Reading, term: Term) -> bool:
    """Whether a term of receiving says that people were assigned to something ("allocated to")."""
    text = found.normal[term.start : term.end]
    if is_han(text):
        return text.startswith(_assigning(found.language))
    return word_form(text.split()[0]) in _assigning(found.language)


def is_planned(found: Reading, sentence: Sentence, head: HeadCount) -> bool:
    """Whether a number is one that the plan of the trial speaks of."""
    around = Span(max(sentence.start, head.start - _PLAN), min(sentence.end, head.end + _PLAN))
    return bool(found.terms_in(around, "cues", "assumption"))


def assigns_them(found: Reading, sentence: Sentence) -> bool:
    """Whether a sentence says that people spoken of before were put into groups: "the children were randomised"."""
    for cue in found.terms_in(sentence, "cues", "allocation", "assignment", "receive"):
        if cue.name == "receive" and not is_assignment(found, cue):
            continue
        if not is_verb(found, sentence, cue):
            continue
        before = Span(max(sentence.start, cue.start - _OBJECT), cue.start)
        # "They were randomly assigned": a pronoun stands for them at the start of a sentence only.
        pronouns = [t for t in found.terms_in(before, "cues", "filler") if t.start == sentence.start]
        for people in (*pronouns, *found.terms_in(before, "cues", "people")):
            gap = Span(people.end, cue.start)
            rest = found.without(gap, found.terms_in(gap, "cues", "be", "function-word")).split()
            if all(word.endswith("ly") for word in rest):
                return True
    return False


def within(cue: Term, heads: list[HeadCount]) -> HeadCount | None:
    """The number of people that a word between it and its noun speaks of: "47 randomised patients"."""
    return next((head for head in heads if head.end <= cue.start and cue.end <= head.noun), None)


def subject_of(found: Reading, cue: Term, heads: list[HeadCount]) -> HeadCount | None:
    """The number of people that a verb speaks of, before it: the last one that no other clause parts from it.

    Of people who were screened it is not said what became of those who were taken.
    """
    before = [head for head in heads if head.noun <= cue.start and cue.start - head.noun <= _SUBJECT]
    for head in reversed(before):
        gap = Span(head.noun, cue.start)
        text = found.normal[gap.start : gap.end]
        if ";" in text or text.count("(") != text.count(")"):
            return None
        if cue.name in _TAKEN and found.terms_in(Span(head.start, cue.start), "cues", "screened"):
            return None
        return head
    return None


def object_of(found: Reading, cue: Term, heads: list[HeadCount]) -> HeadCount | None:
    """The number of people right behind a verb: "we randomly assigned 45 consecutive patients"."""
    for head in heads:
        gap = found.normal[cue.end : head.start]
        if cue.end <= head.start <= cue.end + _OBJECT:
            parted = found.terms_in(Span(cue.end, head.start), "cues", "range-to", "receive", "group", "both-groups")
            return None if parted or re.search(r"[,;.()]", gap) else head
    return None


def tried(found: Reading, sentence: Sentence) -> HeadCount | None:
    """The only number of people of a sentence that speaks of a randomised trial: "a randomised trial in 90 women"."""
    heads = [head for head in head_counts(found, sentence) if not head.alone and not is_planned(found, sentence, head)]
    called = any(t.name == "randomised" for t in found.terms_in(sentence, "designs"))
    study = found.terms_in(sentence, "cues", "trial", "study", "this-study")
    apart = found.terms_in(sentence, "cues", "screened", "completed", "analysed", "deaths")
    return heads[0] if called and study and len(heads) == 1 and not apart else None


def studied(found: Reading, sentence: Sentence, head: HeadCount) -> bool:
    """Whether a number is of the people of "a randomised trial of 154 survivors"."""
    studies = [*found.terms_in(Span(max(sentence.start, head.start - 60), head.start), "cues", "study", "trial")]
    studies += found.terms_in(Span(max(sentence.start, head.start - 60), head.start), "designs")
    for study in studies:
        gap = Span(study.end, head.start)
        joints = found.terms_in(gap, "cues", *_WITH_PEOPLE)
        if joints and not found.without(gap, joints).strip():
            return True
    return False
