"""Links effect estimates to what they belong to: endpoint, the two arms, subgroup, time point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

import ontology
from extractors.components.comparisons import contrast_pair, end_of
from extractors.components.scene import Scene
from extractors.components.subgroups import subgroup_for
from extractors.reading import Linked, Quantity, Span


def contrasts(scene: Scene, outcomes: Mapping[int, tuple[int, Span | None]]) -> Iterator[Linked]:
    """The effect estimates of a sentence; one whose endpoint cannot be told is left out.

    ``outcomes`` gives the endpoint of each and where that is named, by the estimate's place.
    """
    previous_end = scene.sentence.start
    for quantity in scene.values:
        if quantity.contrast:
            endpoint = outcomes.get(quantity.start)
            arms, spans = contrast_pair(scene, quantity)
            subgroup = subgroup_for(scene, quantity, previous_end)
            # In a sentence on subgroups, an estimate whose subgroup cannot be told is nobody's.
            announced = any(cue.end <= quantity.start for cue in scene.cues("subgroup-analysis"))
            untold = subgroup is None and announced
            if endpoint is not None and not untold and not prognostic(scene, quantity):
                amounts = quantity.contrast == "RD" and in_percent(scene.found.endpoints[endpoint[0]].concept)
                yield Linked(
                    sentence=scene.sentence,
                    endpoint=endpoint[0],
                    endpoint_span=endpoint[1],
                    arms=arms,
                    arm_spans=spans,
                    quantity=replace(quantity, contrast="MD") if amounts else quantity,
                    p=quantity.p,
                    p_span=quantity.p_span,
                    subgroup=subgroup,
                    time_point=scene.time_point_for(quantity),
                    planned=planned(scene),
                    significant=significant(quantity),
                    way="estimate",
                )
        previous_end = end_of(quantity)


def prognostic(scene: Scene, quantity: Quantity) -> bool:
    """Whether an estimate compares kinds of people, not arms ("in arm B, positive margins … HR 1.97").

    Where no arm is named, two parts of the people before it are what it compares: "60 months in patients with X and
    94 in those without", "longer in women with X than in those without".
    """
    if scene.cues("prognostic"):
        return True
    start = max((end_of(q) for q in scene.values if q.contrast and q.end <= quantity.start), default=0)
    parts = [c for c in scene.cues("subgroup", "than") if start <= c.start and c.end <= quantity.start]
    if not scene.arms and len(parts) > 1 and parts[-1].name == "subgroup":
        return True
    within_one_arm = len({m.index for m in scene.arms}) == 1
    return within_one_arm and bool(scene.cues("than")) and scene.arms[0].start - scene.sentence.start <= 12


def in_percent(concept: str | None) -> bool:
    """Whether amounts of an endpoint are printed in percent, by skos:related to that unit."""
    found = ontology.concept(concept) if concept else None
    return found is not None and ontology.by_name("units", "percent").iri in found.related


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
