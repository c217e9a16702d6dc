"""Reads the phrases that say which arms there are: "randomised to A (arm A, n = 205) or B", "A versus B"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.components.terms import VERSUS
from extractors.reading import Quantity, Reading, Sentence, Span

# Words of the mask's level that may stand before the first arm: ratio in brackets, "to receive", "into two groups:".
_OPEN, _CLOSE = "([", ")]"
_MAX_ARM = 160
_EDGE_CUES = (
    "allocation",
    "alternative",
    "assignment",
    "be",
    "both-groups",
    "conjunction",
    "filler",
    "people",
    "range-to",
    "receive",
    "respectively",
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
    words = {
        name: sorted({found.normal[t.start : t.end] for t in found.terms_in(span, "cues", name)}, key=len, reverse=True)
        for name in ("alternative", "conjunction")
    }
    for name in ("alternative", "conjunction"):
        if words[name]:
            either = "|".join(
                rf"(?<![\w-]){re.escape(word)}(?![\w-])" if word.isascii() else re.escape(word)
                for word in words[name]
            )
            yield re.compile(rf",?\s*(?:{either})", re.IGNORECASE)


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
            if len(commas) > 1 and all(end - start > 1 for start, end in commas) and text[pieces[0][1]] == ",":
                pieces = [*commas, pieces[1]]
        found_parts = [part for start, end in pieces if (part := part_of(found, span.start + start, span.start + end))]
        if len(found_parts) >= 2 and len(found_parts) == len(pieces):
            return found_parts
    return []


def part_of(found: Reading, start: int, end: int) -> Part | None:
    """One candidate arm from a piece of the list, or ``None`` if nothing is left of it."""
    brackets = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
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
        if label is not None and label.end - label.start <= 40 and not _is_n(found, label):
            labels.append(label)
    core = trimmed(found, start, start + first.start() if first else end)
    if core is None and labels:
        core = labels.pop(0)
    if core is None or core.end - core.start > _MAX_ARM:
        return None
    leading = [q for q in found.quantities if q.start >= core.start and q.end <= core.end and q.kind == "people"]
    for quantity in leading:
        if quantity.start == core.start or quantity.end == core.end:
            size = size or quantity
            core = trimmed(found, *_without(core, quantity))
            break
    return Part(core.start, core.end, tuple(labels), size) if core else None


def _is_n(found: Reading, label: Span) -> bool:
    return found.normal[label.start : label.end] in ("n", "N")


def _bare(found: Reading, quantity: Quantity, inside: Span) -> bool:
    return found.normal[inside.start : inside.end].strip() == quantity.number.text


def _without(core: Span, quantity: Span) -> tuple[int, int]:
    return (quantity.end, core.end) if quantity.start == core.start else (core.start, quantity.start)


def trimmed(found: Reading, start: int, end: int) -> Span | None:
    """The span without leading and trailing words that name no arm ("to receive", "the", "were"), or ``None``."""
    while True:
        text = found.normal[start:end]
        stripped = text.strip(" \t\r\n,:;.\"'=")
        if not stripped or not re.search(r"[^\W\d_]", stripped):
            return None
        start += text.index(stripped)
        end = start + len(stripped)
        edge = _edge(found, start, end)
        if edge is None:
            return Span(start, end)
        start, end = edge


def _edge(found: Reading, start: int, end: int) -> tuple[int, int] | None:
    for term in found.terms_in(Span(start, end), "cues", *_EDGE_CUES):
        if term.start == start and term.end < end and _whole(found, term):
            return term.end, end
        if term.end == end and term.start > start and term.name not in ("receive", "filler"):
            return start, term.start
    return None


def _whole(found: Reading, term: Span) -> bool:
    """A one-character Chinese cue at the edge may be the first half of a word; only longer ones are cut."""
    text = found.normal[term.start : term.end]
    return text.isascii() or len(text) > 1 or text in _one_character(found)


def _one_character(found: Reading) -> frozenset[str]:
    names = ("filler", "range-to", "be")
    return frozenset(
        found.normal[t.start : t.end] for t in found.terms if t.scheme == "cues" and t.name in names
    )


def allocation_phrases(found: Reading, sentence: Sentence) -> Iterator[Span]:
    """The stretches of a sentence that may list the arms: after each word of assignment, then of treatment."""
    assigned = found.terms_in(sentence, "cues", "allocation", "assignment")
    for cue in (*reversed(assigned), *found.terms_in(sentence, "cues", "receive")):
        start = cue.end
        ratio = re.compile(r"\s*[(\[]?\s*(?:in\s+an?\s+)?\d+\s?:\s?\d+(?:\s?:\s?\d+)*\s*(?:ratio)?\s*[)\]]?")
        match = ratio.match(found.normal, start, sentence.end)
        yield Span(match.end() if match else start, sentence.end)
