"""Links effect estimates to what they belong to: endpoint, the two arms, subgroup, time point."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import ontology
from extractors.components.carriers import bracket_carrier, mentioned
from extractors.components.comparisons import contrast_pair, end_of
from extractors.components.scene import Scene
from extractors.reading import Linked, Mention, Quantity, Span

_FOLLOWING = 70


def contrasts(scene: Scene) -> Iterator[Linked]:
    """The effect estimates of a sentence; one whose endpoint cannot be told is left out."""
    previous_end = scene.sentence.start
    for quantity in scene.values:
        if quantity.contrast:
            endpoint = contrast_endpoint(scene, quantity, previous_end)
            arms, spans = contrast_pair(scene, quantity)
            subgroup = scene.subgroup_for(quantity, previous_end)
            # In a sentence on subgroups, an estimate whose subgroup cannot be told is nobody's.
            announced = any(cue.end <= quantity.start for cue in scene.cues("subgroup-analysis"))
            untold = subgroup is None and announced
            if endpoint is not None and not untold and not prognostic(scene, quantity):
                yield Linked(
                    sentence=scene.sentence,
                    endpoint=endpoint[0],
                    endpoint_span=endpoint[1],
                    arms=arms,
                    arm_spans=spans,
                    quantity=quantity,
                    p=quantity.p,
                    p_span=quantity.p_span,
                    subgroup=subgroup,
                    time_point=scene.time_point_for(quantity),
                    planned=planned(scene),
                    significant=significant(quantity),
                    way="estimate",
                )
        previous_end = end_of(quantity)


def contrast_endpoint(scene: Scene, quantity: Quantity, previous_end: int) -> tuple[int, Span | None] | None:
    """The endpoint that an effect estimate is about, and where it is named.

    "HR for death" beside a time-to-event endpoint names that endpoint's event, not an endpoint of its own.
    """
    governed = quantity.governor is not None and quantity.governor.start >= previous_end
    start = quantity.governor.start if quantity.governor and governed else quantity.start
    inside = [m for m in scene.endpoints if start <= m.start and m.end <= quantity.start]
    before = [m for m in scene.endpoints if m.end <= start]
    after = [m for m in scene.endpoints if 0 <= m.start - end_of(quantity) <= _FOLLOWING]
    if inside:
        standing = event_of(scene, inside[-1], before)
        return standing if standing is not None else (inside[-1].index, inside[-1])
    since = [m for m in before if m.start >= previous_end]
    if not since:
        carrier = mentioned(scene, bracket_carrier(scene, previous_end, quantity.start))
        if carrier is not None:
            return carrier.index, carrier
    if before:
        return event_of(scene, before[-1], before[:-1]) or (before[-1].index, before[-1])
    if after:
        return after[0].index, after[0]
    return (scene.topic, None) if scene.topic is not None else None


def event_of(scene: Scene, mention: Mention, before: list[Mention]) -> tuple[int, Span] | None:
    """The time-to-event endpoint whose event the mention names: one named before it, or one of the trial's."""
    targets = related(scene.found.endpoints[mention.index].concept)
    for other in reversed(before):
        concept = scene.found.endpoints[other.index].concept
        if concept is not None and concept in targets:
            return other.index, other
    for index, draft in enumerate(scene.found.endpoints):
        if draft.concept is not None and draft.concept in targets and draft.role == "primary":
            return index, mention
    return None


def related(concept: str | None) -> frozenset[str]:
    """The endpoints whose event the concept is (death for overall survival), by skos:related."""
    found = ontology.concept(concept) if concept else None
    return frozenset(found.related) if found else frozenset()


def prognostic(scene: Scene, quantity: Quantity) -> bool:
    """Whether an estimate compares kinds of people, not arms ("in arm B, positive margins … HR 1.97")."""
    if scene.cues("prognostic"):
        return True
    within_one_arm = len({m.index for m in scene.arms}) == 1
    return within_one_arm and bool(scene.cues("than")) and scene.arms[0].start - scene.sentence.start <= 12


def planned(scene: Scene) -> bool | None:
    """Whether a subgroup analysis was planned, as far as its sentence says."""
    if scene.cues("post-hoc"):
        return False
    return True if scene.cues("planned") else None


def significant(quantity: Quantity) -> bool | None:
    """Whether the interval excludes no effect; ``None`` without an interval or with an open bound."""
    interval = quantity.interval
    if interval is None or interval.low is None or interval.high is None or quantity.contrast == "other":
        return None
    none = Decimal(1) if quantity.contrast in ("HR", "OR", "RR", "IRR") else Decimal(0)
    return not interval.low.value <= none <= interval.high.value
