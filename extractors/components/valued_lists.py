"""Lists of arms that show only in the results: names with a value each, set against each other.

"Lower with the tube (6.1 s) and the mask (10.2 s) than with intubation (39.4 s)", "A plus B, 47%; A plus C, 57%".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from extractors.components.arm_phrases import Part, part_of
from extractors.components.comparisons import end_of
from extractors.components.terms import AND, DIRECTIONS, OF, STATISTIC, VERSUS
from extractors.reading import Quantity, Reading, Sentence, Span

# What stands between a name and its value: an open bracket, a comma, a colon or an equals sign.
_OPENS = re.compile(rf"\s*(?:[(\[]\s*|[,:=]\s+|=\s*)(?:{STATISTIC}+\s*[=:]?\s*)?$")
_CLOSES = re.compile(r"[^()\[\];]{0,40}[)\]]")
# What may stand before the first name, and before the others.
_BEFORE = (
    "be", "had", "having", "filler", "of", "range-to", "receive", "than", "time-at", "stop", "people", "occur",
    "clause-verb", "function-word", "significant", "difference", "no-difference", *DIRECTIONS,
)  # fmt: skip
_BETWEEN = re.compile(rf"[\s,;.]*(?:[{VERSUS}{AND}{OF}\s,;]+)*")
_LONGEST = 60
_MOST = 6


def valued(found: Reading, sentence: Sentence) -> Iterator[list[Part]]:
    """The names of a sentence that stand right before values of one kind, where a word sets one against another."""
    listed: list[tuple[Part, Quantity]] = []
    start = sentence.start
    for quantity in found.quantities_in(sentence):
        if listed and not _alike(listed[-1][1], quantity):
            yield from _opposed(found, listed)
            listed = []
        part = _named(found, sentence, quantity, start, first=not listed)
        start = _behind(found, sentence, quantity)
        if part is not None:
            listed.append((part, quantity))
        else:
            yield from _opposed(found, listed)
            listed = []
    yield from _opposed(found, listed)


def _alike(first: Quantity, second: Quantity) -> bool:
    return (first.kind, first.unit, bool(first.dispersion)) == (second.kind, second.unit, bool(second.dispersion))


def _named(found: Reading, sentence: Sentence, quantity: Quantity, start: int, *, first: bool) -> Part | None:
    """The phrase right before a value, back to what cannot be part of a name."""
    if quantity.kind in ("size", "people") or quantity.contrast or quantity.start <= start:
        return None
    opening = _OPENS.search(found.mask, start, quantity.start)
    if opening is None:
        return None
    begin = _BETWEEN.match(found.mask, start, opening.start())
    begins = [start if first or begin is None else begin.end()]
    window = Span(begins[0], opening.start())
    begins += [t.end for t in found.terms_in(window, "cues", *_BEFORE, "versus", "comparing", "conjunction")]
    begins += [window.start + m.end() for m in re.finditer(r"[,;:]\s", found.normal[window.start : window.end])]
    begins = [at for at in begins if at < opening.start()]
    if opening.start() - max(begins, default=opening.start()) > _LONGEST:
        return None
    return part_of(found, max(begins), opening.start()) if begins else None


def _behind(found: Reading, sentence: Sentence, quantity: Quantity) -> int:
    """Where what belongs to a value ends: behind its bracket, if one was opened before it."""
    end = min(end_of(quantity), sentence.end)
    closing = _CLOSES.match(found.normal, end, sentence.end)
    opened, closed = (found.normal.rfind(sign, sentence.start, quantity.start) for sign in "()")
    return closing.end() if closing and opened > closed else end


def _opposed(found: Reading, listed: list[tuple[Part, Quantity]]) -> Iterator[list[Part]]:
    """A list of two or more, if a word of comparison stands in it or all its members stand between semicolons.

    Names with a word for a group in them are read elsewhere.
    """
    if not 2 <= len(listed) <= _MOST:
        return
    gap = Span(listed[0][1].end, listed[-1][0].start)
    against = found.terms_in(gap, "cues", "versus", "than", "comparing")
    parted = all(";" in found.normal[one.end : other.start] for (_, one), (other, _) in pairwise(listed))
    labelled = any(found.terms_in(part, "cues", "group") for part, _ in listed)
    if (against or parted) and not labelled:
        yield [part for part, _ in listed]
