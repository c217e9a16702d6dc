"""Reads the phrases that say which arms there are: "randomised to A (arm A, n = 205) or B", "A versus B"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.components.arm_phrases import Part, part_of, trimmed
from extractors.components.dose_lists import dose_lists, without_joints
from extractors.components.numerals import number_words
from extractors.components.terms import VERSUS
from extractors.normal import is_han, parts_clauses
from extractors.reading import Reading, Sentence, Span, Term

_OPEN, _CLOSE = "([", ")]"
_RATIO = re.compile(r"\s*[(\[]?\s*\d+\s?:\s?\d+(?:\s?:\s?\d+)*\s*[)\]]?")
_HAN_STOP = "\u3002\uff1b"
# What opens an item of a list ("1)", "(ii)"), and the orders in which such marks come.
_ITEM = re.compile(r"(?<![\w.(\[])[(\[]?(?P<mark>\d|[ivIV]{1,3}|[a-fA-F])[)\]](?=\s*\w)")
_SERIES = (tuple("123456"), ("i", "ii", "iii", "iv", "v", "vi"), tuple("abcdef"))


# Words that end the description of an arm.
_STOPS = ("be", "clause-verb", "completed", "had", "function-word", "opposition", "screened", "stop", "subgroup")


def split_top(text: str, separators: re.Pattern[str]) -> list[tuple[int, int]]:
    """The pieces of the text between separators that stand outside all brackets, as offsets."""
    depths, depth = [], 0
    for character in text:
        depth += character in _OPEN
        depths.append(depth)
        depth -= character in _CLOSE and depth > 0
    pieces, start = [], 0
    for match in separators.finditer(text):
        if depths[match.start()] == 0:
            pieces.append((start, match.start()))
            start = match.end()
    return [*pieces, (start, len(text))]


def stop_at(found: Reading, span: Span) -> int:
    """Where the description of the arms ends: at a stop word, a semicolon or the end of the span."""
    depth = 0
    stops = {
        term.start
        for term in found.terms_in(span, "cues", *_STOPS)
        # A single Chinese character of this kind may join the parts of a name.
        if (term.name not in ("function-word", "opposition") or term.end - term.start > 1)
        # "once-weekly" is a part of what is given.
        and found.normal[term.end : term.end + 1] != "-"
    }
    for position in range(span.start, span.end):
        character = found.normal[position]
        depth += character in _OPEN
        if depth <= 0 and (position in stops or character in ";" + _HAN_STOP):
            return position
        depth -= character in _CLOSE
    return span.end


def separators(found: Reading, span: Span) -> Iterator[re.Pattern[str]]:
    """Ways to part the arms of a phrase, the surest first: "versus", then "or", then "and" and commas."""
    if VERSUS in found.mask[span.start : span.end]:
        yield re.compile(rf"{VERSUS}+\.?")
    for name in ("alternative", "conjunction"):
        joint = joints(found, span, name)
        if joint:
            yield re.compile(rf",?\s*(?:{joint})", re.IGNORECASE)


def joints(found: Reading, span: Span, *cues: str) -> str:
    """A regular expression for the words of the given cues in a span, as whole words; empty if there are none."""
    words = {found.normal[term.start : term.end] for term in found.terms_in(span, "cues", *cues)}
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(w) if is_han(w) else rf"(?<![\w-]){re.escape(w)}(?![\w-])" for w in ordered)


def partings(found: Reading, span: Span) -> Iterator[list[Part]]:
    """The ways to part a phrase into at least two arms, by the kinds of words or signs between them."""
    yield from itemised(found, span)
    yield from enumerated(found, span)
    end = stop_at(found, span)
    span = Span(span.start, min(end, span.end))
    either = [t for t in found.terms_in(span, "cues", "either") if trimmed(found, span.start, t.start)]
    if either:
        span = Span(either[0].end, span.end)
    text, masked = without_joints(found, span)
    for pattern in separators(found, span):
        subject = masked if VERSUS in pattern.pattern else text
        pieces = split_top(subject, pattern)
        if len(pieces) == 2:
            # "A, B, or C": commas part the arms before the last separator.
            commas = split_top(text[: pieces[0][1]], re.compile(r",\s*"))
            named = [p for p in commas if trimmed(found, span.start + p[0], span.start + p[1])]
            if len(named) > 1:
                yield from _placed(found, span, [*named, pieces[1]])
        yield from _placed(found, span, pieces)


def _placed(found: Reading, span: Span, pieces: list[tuple[int, int]]) -> Iterator[list[Part]]:
    """The parts at the given offsets of a span, if each piece gives one; only the last may have a clause behind it."""
    listed: list[Part] = []
    for place, piece in enumerate(pieces):
        start, end = span.start + piece[0], span.start + piece[1]
        first, last = clause_edges(found, start, end)
        part = part_of(found, start, last) if place == len(pieces) - 1 else part_of(found, first, end)
        if part is None:
            return
        listed.append(part)
    if len(listed) > 1:
        counted = [
            span
            for span, number in number_words(found.normal, listed[0], found.language)
            if number.value == len(listed)
        ]
        if counted and counted[0].start == listed[0].start:
            # "into three A, B and control groups": the number counts the list.
            whole = part_of(found, counted[0].end, listed[0].end)
            listed[0] = whole or listed[0]
        yield listed


def clause_edges(found: Reading, start: int, end: int) -> tuple[int, int]:
    """Where the last clause of a piece begins and where its first one ends.

    A Chinese name holds no comma (its lists have a sign of their own); after an English one, what follows a comma
    belongs to it only if it is a treatment.
    """
    printed = found.document.text
    listed = dose_lists(found, Span(start, end))
    marks = [
        place
        for place in range(start, end)
        if parts_clauses(printed, place) and not any(doses.start < place < doses.end for doses in listed)
    ]
    # A clause that says what is included in the treatment names no arm.
    asides = {t.start for t in found.terms_in(Span(start, end), "cues", "include")}
    marks = [mark for mark in marks if not {mark + 1, mark + 2} & asides]
    opening = [mark + 1 for mark in marks if trimmed(found, mark + 1, end)]
    closing = [mark for mark in marks if trimmed(found, start, mark)]
    first = opening[-1] if opening and closing else start
    if closing:
        return first, closing[0]
    for comma in re.finditer(r",\s", without_joints(found, Span(start, end))[0]):
        rest = Span(start + comma.end(), end)
        if _inside_brackets(found.normal[start : start + comma.start()]):
            continue
        known = found.terms_in(rest, "interventions") or found.terms_in(rest, "cues", "treatment-head")
        if not known and trimmed(found, start, start + comma.start()):
            return first, start + comma.start()
    return first, end


def itemised(found: Reading, span: Span) -> Iterator[list[Part]]:
    """The items of a list that semicolons part: "A, 60 mg daily; B, 90 mg daily; and C, no treatment"."""
    text = found.normal[span.start : span.end]
    pieces = split_top(text, re.compile(r";"))
    if len(pieces) < 2:
        return
    items = []
    for place, (start, end) in enumerate(pieces):
        piece = Span(span.start + start, span.start + end)
        if place == 0 and len(pieces) > 2 and _announces(found, piece):
            # "into three groups; A, …; B, …": what announces the list is none of its items.
            continue
        stop = stop_at(found, Span(min(piece.start + 1, piece.end), piece.end))
        part = part_of(found, piece.start, max(stop, piece.start + 1))
        if part is None:
            return
        items.append(part)
    yield items


def _announces(found: Reading, piece: Span) -> bool:
    """Whether a piece only says how many groups follow."""
    words = found.terms_in(piece, "cues", "group", "both-groups", "filler", "other-group")
    numbers = [span for span, _ in number_words(found.normal, piece, found.language)]
    return bool(words) and not re.search(r"[^\W\d_]", found.without(piece, [*words, *numbers]))


def enumerated(found: Reading, span: Span) -> Iterator[list[Part]]:
    """The items of a list that numbers or letters in order open: "1) A, 2) B, or 3) no treatment"."""
    marks = list(_ITEM.finditer(found.normal, span.start, span.end))
    for first, mark in enumerate(marks):
        series = next((series for series in _SERIES if mark["mark"].casefold() == series[0]), None)
        if series is None:
            continue
        taken = [mark]
        for following in marks[first + 1 :]:
            if len(taken) < len(series) and following["mark"].casefold() == series[len(taken)]:
                taken.append(following)
        items = []
        for place, item in enumerate(taken):
            last = place + 1 == len(taken)
            end = span.end if last else taken[place + 1].start()
            stop = stop_at(found, Span(min(item.end() + 1, end), end))
            part = part_of(found, item.end(), min(end, stop))
            if part is None:
                break
            items.append(part)
        if len(items) == len(taken) > 1:
            yield items


def parts_beyond_stop(found: Reading, span: Span) -> list[Part]:
    """Two arms of which the first has more said of it: "A for the primary site (surgery and …) or B"."""
    for separator in found.terms_in(span, "cues", "alternative", "versus"):
        before, after = Span(span.start, separator.start), Span(separator.end, span.end)
        if _inside_brackets(found.normal[before.start : before.end]):
            continue
        begin = clause_edges(found, before.start, before.end)[0]
        first = part_of(found, begin, stop_at(found, Span(begin, before.end)))
        second = part_of(found, after.start, clause_edges(found, after.start, stop_at(found, after))[1])
        if first and second and ";" not in found.normal[before.start : before.end]:
            return [first, second]
        return []
    return []


def _inside_brackets(text: str) -> bool:
    return sum(text.count(c) for c in _OPEN) > sum(text.count(c) for c in _CLOSE)


def allocation_phrases(found: Reading, sentence: Sentence) -> Iterator[Span]:
    """The stretches of a sentence that may list the arms: after a word of assignment, and after each "to" behind it."""
    assigned = found.terms_in(sentence, "cues", "allocation", "assignment")
    received = found.terms_in(sentence, "cues", "receive")
    # A bare "randomised" may describe the trial; a longer Chinese form ("randomly divided into") opens the list itself.
    starts = [cue.end for cue in assigned if is_han(found.text(cue)) and cue.end - cue.start > 2]
    starts += [cue.end for cue in assigned if " " in found.text(cue) and not _leads_on(found, cue, sentence)]
    for cue in found.terms_in(sentence, "cues", "range-to", "receive"):
        if assigned and cue.start >= assigned[0].end and _leads(found, cue):
            starts.append(cue.end)
    if assigned:
        # The list may begin behind a preposition or a colon: "a treatment with A, B or C", "two groups: A and B".
        behind = Span(assigned[0].end, sentence.end)
        openers = [t.end for t in found.terms_in(behind, "cues", "having", "of") if not _leads_on(found, t, sentence)]
        colons = re.finditer(":(?!\\d)", found.normal[assigned[0].end : sentence.end])
        starts += openers[:3] + [assigned[0].end + colon.end() for colon in colons]
    for start in [*starts, *(cue.end for cue in received if not assigned)]:
        match = _RATIO.match(found.normal, start, sentence.end)
        span = Span(after_duration(found, match.end() if match else start, sentence.end), sentence.end)
        aims = found.terms_in(Span(span.start, min(span.start + 15, span.end)), "cues", "objective", "comparing")
        if not any(not found.normal[span.start : aim.start].strip() for aim in aims):
            yield span


def after_duration(found: Reading, start: int, end: int) -> int:
    """Where the list begins after "to receive for 5 years": behind the time, or at the start if there is none."""
    opening = Span(start, min(start + 16, end))
    stops = [t for t in found.terms_in(opening, "cues", "stop") if not found.normal[start : t.start].strip()]
    times = [q for q in found.quantities if stops and q.kind == "duration" and 0 <= q.start - stops[0].end <= 2]
    return times[0].end if times else start


def _leads(found: Reading, cue: Term) -> bool:
    """Whether a word may open a list of arms; the "to" of a range of numbers does not."""
    ranged = re.search(r"\d\s*$", found.normal[max(0, cue.start - 3) : cue.start])
    return not (ranged and re.match(r"\s*\d", found.normal[cue.end : cue.end + 3]))


def _leads_on(found: Reading, opener: Term, sentence: Sentence) -> bool:
    """Whether people follow, and the list begins behind "to": "assigned 90 patients with stroke to A or B"."""
    rest = Span(opener.end, sentence.end)
    joints = found.terms_in(rest, "cues", "alternative", "conjunction", "versus")
    until = Span(rest.start, joints[0].start if joints else rest.end)
    return any(_leads(found, cue) for cue in found.terms_in(until, "cues", "range-to") if not is_han(found.text(cue)))


def allocated(found: Reading, sentence: Sentence) -> Iterator[list[Part]]:
    """The lists of arms that a sentence may hold, one for each place where a list may begin."""
    seen: set[tuple[tuple[int, int], ...]] = set()
    for phrase in allocation_phrases(found, sentence):
        for listed in (*partings(found, phrase), parts_beyond_stop(found, phrase)):
            key = tuple((part.start, part.end) for part in listed)
            if len(listed) > 1 and key not in seen:
                seen.add(key)
                yield listed
