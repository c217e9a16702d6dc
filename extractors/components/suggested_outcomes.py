"""The outcome that grammar suggests for a value: named before it, carrying its bracket, listed behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import ontology
from extractors.components.carriers import bracket_carrier, subject_carrier, verb_carrier
from extractors.components.comparisons import BRACKETED, end_of
from extractors.components.scene import Scene
from extractors.reading import Mention, Quantity, Span

# How far behind an estimate its outcome may stand.
_FOLLOWING = 70


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a value is of: an endpoint that is known, else (``index`` is ``None``) a phrase that names one.

    ``span`` is where it is named, ``None`` where it is only carried over from another sentence.
    """

    index: int | None
    span: Span | None


def of_values(
    scene: Scene, group: list[Quantity], previous_end: int, next_start: int, last: Outcome | None
) -> Outcome | None:
    """The outcome of a group of values: named before it, else the one of the group before, else after it."""
    before = [m for m in scene.endpoints if m.end <= group[0].start]
    adjacent = [m for m in scene.endpoints if m.start >= group[-1].end and touches(scene, group[-1].end, m.start)]
    if adjacent:
        # "Six (7%) complete responses and 31 (36%) partial responses", "3.1 and 2.6 for anxiety".
        return _named(adjacent[0])
    if before and previous_end <= before[-1].start:
        return _named(before[-1])
    start = group[0].start
    carrier = bracket_carrier(scene, previous_end, start) or verb_carrier(scene, previous_end, start)
    if carrier is not None or last is not None:
        return Outcome(None, carrier) if carrier is not None else last
    after = [m for m in scene.endpoints if group[-1].end <= m.start]
    after = [m for m in after if m.start < next_start] or after[:1]
    subject = None if before else subject_carrier(scene, start)
    if before or (after and subject is None):
        return _named(before[-1] if before else after[0])
    if subject is None:
        return Outcome(scene.topic, None) if scene.topic is not None and in_abstract(scene) else None
    return Outcome(None, subject)


def of_estimate(scene: Scene, quantity: Quantity, previous_end: int) -> Outcome | None:
    """The outcome that an effect estimate is about, and where it is named.

    "HR for death" beside a time-to-event endpoint names that endpoint's event, not an endpoint of its own.
    """
    governed = quantity.governor is not None and quantity.governor.start >= previous_end
    start = quantity.governor.start if quantity.governor and governed else quantity.start
    inside = [m for m in scene.endpoints if start <= m.start and m.end <= quantity.start]
    before = [m for m in scene.endpoints if m.end <= start]
    after = [m for m in scene.endpoints if 0 <= m.start - end_of(quantity) <= _FOLLOWING]
    if inside:
        return event_of(scene, inside[-1], before) or _named(inside[-1])
    if not any(m.start >= previous_end for m in before):
        carrier = bracket_carrier(scene, previous_end, quantity.start)
        if carrier is not None:
            return Outcome(None, carrier)
    if before:
        return event_of(scene, before[-1], before[:-1]) or _named(before[-1])
    if after:
        return _named(after[0])
    return Outcome(scene.topic, None) if scene.topic is not None else None


def _named(mention: Mention) -> Outcome:
    return Outcome(mention.index, Span(mention.start, mention.end))


def event_of(scene: Scene, mention: Mention, before: Iterable[Mention]) -> Outcome | None:
    """The time-to-event endpoint whose event the mention names: one named before it, or one of the trial's."""
    targets = related(scene.found.endpoints[mention.index].concept)
    for other in reversed(list(before)):
        concept = scene.found.endpoints[other.index].concept
        if concept is not None and concept in targets:
            return _named(other)
    for index, draft in enumerate(scene.found.endpoints):
        if draft.concept is not None and draft.concept in targets and draft.role == "primary":
            return Outcome(index, Span(mention.start, mention.end))
    return None


def related(concept: str | None) -> frozenset[str]:
    """The endpoints whose event the concept is (death for overall survival), by skos:related."""
    found = ontology.concept(concept) if concept else None
    return frozenset(found.related) if found else frozenset()


def touches(scene: Scene, end: int, start: int) -> bool:
    """Whether nothing but a closing bracket and "for" or "of" stands between two offsets."""
    gap = Span(end, start)
    rest = scene.found.without(gap, scene.found.terms_in(gap, "cues", "stop", "of"))
    return not BRACKETED.sub("", rest).strip(" )")


def in_abstract(scene: Scene) -> bool:
    """Whether the sentence is one of the abstract, dense enough to carry an endpoint from sentence to sentence."""
    return scene.found.section_of(scene.sentence).in_abstract
