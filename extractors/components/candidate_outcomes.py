"""The phrases of a sentence that a value may be of: the outcomes that are known, and phrases that may be one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from extractors.components.carriers import bracket_carrier, subject_carrier, verb_carrier
from extractors.components.identity import LIMIT
from extractors.components.noun_phrases import Phrases
from extractors.components.scene import Scene
from extractors.components.slots import phrases_of
from extractors.reading import Quantity, Span

# More phrases than this are not weighed against each other: the ones nearest to values are.
_MOST = 24
# How far behind the number of a bound its unit ends.
_UNIT = 16


@dataclass(frozen=True, slots=True)
class Candidate(Span):
    """A phrase that may name the outcome of a value; ``index`` is its endpoint, ``None`` for one not known yet."""

    index: int | None


def candidate_outcomes(scene: Scene, values: list[Quantity]) -> list[Candidate]:
    """The phrases that the values of a sentence may be of, in order, no two of them the same stretch."""
    known = {(m.start, m.end): m.index for m in scene.endpoints}
    spans = {*known, *((s.start, s.end) for s in _unknown(scene, values) if scene.sentence.contains(s))}
    spans |= {(start, bound) for start, end in spans if (bound := _bound_behind(scene, end, values)) is not None}
    found = [Candidate(start, end, known.get((start, end))) for start, end in sorted(spans)]
    if len(found) > _MOST:
        ranked = sorted(found, key=lambda c: (c.index is None, _distance(c, values)))
        found = sorted(ranked[:_MOST], key=lambda c: (c.start, c.end))
    return found


def _bound_behind(scene: Scene, end: int, values: list[Quantity]) -> int | None:
    """Where a bound ends that stands right behind a phrase, with its unit: "viral load <200 copies/mL"."""
    text = scene.found.normal
    start = end + (text[end : end + 1] == " ")
    bound = LIMIT.match(text, start, scene.sentence.end)
    if bound is None or any(q.start < bound.end() and bound.start() < q.end for q in values):
        return None
    behind = Span(bound.end(), min(bound.end() + _UNIT, scene.sentence.end))
    units = [u for u in scene.found.terms_in(behind, "units") if not text[bound.end() : u.start].strip()]
    return max([bound.end(), *(u.end for u in units)])


def _distance(span: Span, values: list[Quantity]) -> int:
    return min((max(q.start - span.end, span.start - q.end, 0) for q in values), default=0)


def _unknown(scene: Scene, values: list[Quantity]) -> Iterator[Span]:
    """Phrases that grammar alone gives: those between words that steer reading, and those that carry a number."""
    yield from phrases_of(scene)
    noun = Phrases(scene.found, scene.sentence)
    edges = [Span(scene.sentence.start, scene.sentence.start), *noun.breaks]
    for first, second in pairwise([*edges, Span(scene.sentence.end, scene.sentence.end)]):
        phrase = noun.cut(first.end, second.start) if first.end < second.start else None
        if phrase is not None:
            yield phrase
    end = scene.sentence.start
    for quantity in values:
        for carrier in (
            bracket_carrier(scene, end, quantity.start),
            verb_carrier(scene, end, quantity.start),
            subject_carrier(scene, quantity.start),
        ):
            if carrier is not None:
                yield carrier
        end = quantity.end
