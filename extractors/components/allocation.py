"""Reads the phrases that say which arms there are: "randomised to A (arm A, n = 205) or B", "A versus B"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.components.terms import TIME_UNITS, VERSUS, notation_of
from extractors.normal import is_han
from extractors.reading import Quantity, Reading, Sentence, Span, Term

# Words of the mask's level that may stand before the first arm: ratio in brackets, "to receive", "into two groups:".
_OPEN, _CLOSE = "([", ")]"
_MAX_ARM = 160
_USUAL_LENGTH = 90
_RATIO = re.compile(r"\s*[(\[]?\s*\d+\s?:\s?\d+(?:\s?:\s?\d+)*\s*[)\]]?")
# "(i) goserelin, (ii) chemotherapy": the number of an item of a list.
_ENUMERATOR = re.compile(r"\s*[(\[]\s*(?:[ivx]{1,4}|[a-e]|\d)\s*[)\]](?=\s*\w)")
_SIZE_WORD = re.compile(r"[,;\s]*\b[nN]\s*[=:]?\s*$")
_EDGE_CUES = (
    "allocation",
    "alternative",
    "assignment",
    "be",
    "both-groups",
    "conjunction",
    "filler",
    "having",
    "of",
    "people",
    "range-to",
    "receive",
    "respectively",
    "stop",
)
_HAN_STOP = "\u3002\uff1b"


@dataclass(frozen=True, slots=True)
class Part(Span):
    """One candidate arm: the phrase without its brackets, the names inside its brackets, its size."""

    labels: tuple[Span, ...]
    size: Quantity | None


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
    stops = {term.start for term in found.terms_in(span, "cues", "stop", "be")}
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


def parts(found: Reading, span: Span) -> list[Part]:
    """The arms that a phrase lists; empty if it does not part into at least two plausible ones."""
    end = stop_at(found, span)
    span = Span(span.start, min(end, span.end))
    text = found.normal[span.start : span.end]
    masked = found.mask[span.start : span.end]
    for pattern in separators(found, span):
        subject = masked if VERSUS in pattern.pattern else text
        pieces = split_top(subject, pattern)
        if len(pieces) == 2:
            # "A, B, or C": commas part the arms before the last separator.
            commas = split_top(text[: pieces[0][1]], re.compile(r",\s*"))
            named = [p for p in commas if trimmed(found, span.start + p[0], span.start + p[1])]
            if len(named) > 1 and text[pieces[0][1]] == ",":
                pieces = [*named, pieces[1]]
        found_parts = [part for start, end in pieces if (part := part_of(found, span.start + start, span.start + end))]
        names = {found.normal[part.start : part.end].casefold() for part in found_parts}
        if len(found_parts) >= 2 and len(names) == len(pieces):
            return found_parts
    return []


def parts_beyond_stop(found: Reading, span: Span) -> list[Part]:
    """Two arms of which the first has more said of it: "A for the primary site (surgery and …) or B"."""
    for separator in found.terms_in(span, "cues", "alternative", "versus"):
        before, after = Span(span.start, separator.start), Span(separator.end, span.end)
        if _inside_brackets(found.normal[before.start : before.end]):
            continue
        first = part_of(found, before.start, stop_at(found, before))
        second = part_of(found, after.start, stop_at(found, after))
        if first and second and ";" not in found.normal[before.start : before.end]:
            return [first, second]
        return []
    return []


def _inside_brackets(text: str) -> bool:
    return sum(text.count(c) for c in _OPEN) > sum(text.count(c) for c in _CLOSE)


def part_of(found: Reading, start: int, end: int) -> Part | None:
    """One candidate arm from a piece of the list, or ``None`` if nothing is left of it."""
    brackets = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
    numbered = _ENUMERATOR.match(found.normal, start, end)
    start = numbered.end() if numbered else start
    text = found.normal[start:end]
    labels: list[Span] = []
    size = None
    first = brackets.search(text)
    for match in brackets.finditer(text):
        inside = Span(start + match.start(1), start + match.end(1))
        sizes = [q for q in found.quantities if inside.contains(q) and q.kind in ("size", "people", "plain")]
        sized = [q for q in sizes if q.kind in ("size", "people") or _bare(found, q, inside)]
        if sized and size is None:
            size = sized[0]
        label = trimmed(found, inside.start, sized[0].start if sized else inside.end)
        if (
            label is not None
            and label.end - label.start <= 40
            and not _is_n(found, label)
            and not _refers(found, label)
        ):
            labels.append(label)
    core = trimmed(found, start, start + first.start() if first else end)
    if core is not None:
        core = treatment(found, core)
    if core is None and labels:
        core = labels.pop(0)
    if core is None or core.end - core.start > _MAX_ARM:
        return None
    for quantity in (q for q in found.quantities if core.contains(q)):
        if _counts_people(found, quantity, core):
            size = size or quantity
            core = trimmed(found, *_without(core, quantity))
            break
    return Part(core.start, core.end, tuple(labels), size) if core else None


def _counts_people(found: Reading, quantity: Quantity, core: Span) -> bool:
    """Whether a number at the edge of a listed arm is its size: "45 to the surgery arm", "205 patients"."""
    if quantity.kind == "people":
        return core.start == quantity.start or core.end == quantity.end
    following = found.terms_in(Span(quantity.end, core.end), "cues", "range-to", "receive", "assignment", "filler")
    plain = quantity.kind == "plain" and quantity.unit is None and quantity.start == core.start
    return plain and bool(following) and not found.normal[quantity.end : following[0].start].strip()


def treatment(found: Reading, core: Span) -> Span:
    """The phrase after a colon or after the last "receiving" in it, which is the treatment itself."""
    starts = (
        [core.start + core_text.rfind(":") + 1] if ":" in (core_text := found.normal[core.start : core.end]) else []
    )
    starts += [t.end for t in found.terms_in(core, "cues", "receive") if len(found.normal[t.start : t.end]) > 1]
    core = (trimmed(found, max(starts), core.end) if starts else None) or core
    for unit in found.terms_in(core, "units"):
        # "mail four weeks after the first invitation": a time behind the treatment is no part of its name.
        if notation_of(unit.iri) in TIME_UNITS and unit.start - core.start > 8:
            words = found.normal[core.start : unit.start].rstrip(" -").rsplit(" ", 1)
            return (trimmed(found, core.start, core.start + len(words[0])) if len(words) > 1 else None) or core
    return core


def _refers(found: Reading, label: Span) -> bool:
    """Whether a bracket points to a figure or table instead of naming the arm."""
    return any(term.start == label.start for term in found.terms_in(label, "cues", "pointer"))


def _is_n(found: Reading, label: Span) -> bool:
    return found.normal[label.start : label.end] in ("n", "N")


def _bare(found: Reading, quantity: Quantity, inside: Span) -> bool:
    return found.normal[inside.start : inside.end].strip() == quantity.number.text


def _without(core: Span, quantity: Span) -> tuple[int, int]:
    return (quantity.end, core.end) if quantity.start == core.start else (core.start, quantity.start)


def trimmed(found: Reading, start: int, end: int) -> Span | None:
    """The span without leading and trailing words that name no arm ("to receive", "the", "were"), or ``None``."""
    end -= len(found.normal[start:end]) - len(_SIZE_WORD.sub("", found.normal[start:end]))
    while True:
        text = found.normal[start:end]
        stripped = text.rstrip("([ ").lstrip(")] ").strip(" \t\r\n,:;.\"'=")
        if not stripped or not re.search(r"[^\W\d_]", stripped):
            return None
        start += text.index(stripped)
        end = start + len(stripped)
        if any(t.start == start and t.end == end for t in found.terms_in(Span(start, end), "cues", *_EDGE_CUES)):
            return None
        edge = _edge(found, start, end)
        if edge is None:
            return Span(start, end)
        start, end = edge


def _edge(found: Reading, start: int, end: int) -> tuple[int, int] | None:
    for term in found.terms_in(Span(start, end), "cues", *_EDGE_CUES):
        if term.start == start and term.end < end and _whole(found, term):
            return term.end, end
        if term.end == end and term.start > start and term.name not in ("receive", "filler", "having", "of"):
            return start, term.start
    return None


def _whole(found: Reading, term: Span) -> bool:
    """Whether a cue at the edge is a word of its own: not the letter of a group, nor half of a Chinese word."""
    text = found.normal[term.start : term.end]
    if len(text) == 1 and text.isupper():
        return False
    return text.isascii() or len(text) > 1 or text in _one_character(found)


def _one_character(found: Reading) -> frozenset[str]:
    names = ("filler", "range-to", "be")
    return frozenset(found.normal[t.start : t.end] for t in found.terms if t.scheme == "cues" and t.name in names)


def allocation_phrases(found: Reading, sentence: Sentence) -> Iterator[Span]:
    """The stretches of a sentence that may list the arms: after a word of assignment, and after each "to" behind it."""
    assigned = found.terms_in(sentence, "cues", "allocation", "assignment")
    received = found.terms_in(sentence, "cues", "receive")
    # A bare "randomised" may describe the trial; a longer Chinese form ("randomly divided into") opens the list itself.
    starts = [cue.end for cue in assigned if is_han(found.text(cue)) and cue.end - cue.start > 2]
    starts += [cue.end for cue in assigned if " " in found.text(cue)]
    for cue in found.terms_in(sentence, "cues", "range-to", "receive"):
        if assigned and cue.start >= assigned[0].end and _leads(found, cue):
            starts.append(cue.end)
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


def listed_arms(found: Reading, sentence: Sentence) -> list[Part]:
    """The arms that a sentence lists, read from the starting point that gives the most convincing list."""
    best: list[Part] = []
    for phrase in allocation_phrases(found, sentence):
        listed = parts(found, phrase) or parts_beyond_stop(found, phrase)
        if (share(found, listed), len(listed)) > (share(found, best), len(best)):
            best = listed
    return best


def share(found: Reading, listed: list[Part]) -> float:
    """The share of a list's parts that look like arms: a known treatment, a label, a size or a word of control."""
    if len(listed) < 2:
        return 0.0
    return sum(_looks_like_arm(found, part) for part in listed) / len(listed)


def _looks_like_arm(found: Reading, part: Part) -> bool:
    known = found.terms_in(part, "interventions") or found.terms_in(part, "cues", "control-arm", "group", "negation")
    time = found.terms_in(part, "cues", "time-at", "time-after")
    leading = [t for t in time if t.start == part.start]
    short = part.end - part.start <= _USUAL_LENGTH
    inner = [t for t in found.terms_in(part, "cues", "range-to") if t.start > part.start]
    return bool(known or part.labels or part.size) and not leading and not inner and short
