"""The p-values of comparisons: which one tests two printed values, and whether it is small."""

from __future__ import annotations

from decimal import Decimal

from extractors.components.scene import Scene
from extractors.components.terms import DIRECTIONS
from extractors.findings import PValue
from extractors.reading import Linked, Probability, Span

_CUSTOMARY = Decimal("0.05")


def probability_after(scene: Scene, end: int) -> Probability | None:
    """The p-value that follows a place in the sentence before any other value does."""
    following = [p for p in scene.found.probabilities if end <= p.start and scene.sentence.contains(p)]
    if not following:
        return None
    crossed = [q for q in scene.values if end <= q.start < following[0].start]
    return None if crossed else following[0]


def listed_probabilities(scene: Scene, couples: list[tuple[Linked, Linked]]) -> list[Probability]:
    """The p-values behind all values of a sentence, where there is one for each couple of them and more than one."""
    last = max((q.end for q in scene.values), default=scene.sentence.start)
    behind = [p for p in scene.found.probabilities if last <= p.start and scene.sentence.contains(p)]
    return behind if len(behind) == len(couples) > 1 else []


def shared_probability(scene: Scene) -> Probability | None:
    """The one p-value of a sentence that ends in "the differences were all significant (P < 0.05)"."""
    tested = [p for p in scene.found.probabilities if scene.sentence.contains(p)]
    if len(tested) != 1 or any(q.start > tested[0].start for q in scene.values):
        return None
    last = max((q.end for q in scene.values), default=scene.sentence.start)
    gap = Span(last, tested[0].start)
    told = [c for c in scene.cues("significant", "difference", "no-difference") if gap.contains(c)]
    apart = [m for m in (*scene.endpoints, *scene.cues(*DIRECTIONS)) if gap.contains(m)]
    return tested[0] if told and not apart else None


def is_small(p: PValue) -> bool:
    """Whether a p-value lies below the customary 0.05."""
    if p.operator == "<":
        return p.value.value <= _CUSTOMARY
    return p.operator != ">" and p.value.value < _CUSTOMARY
