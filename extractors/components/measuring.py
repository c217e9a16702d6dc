"""What speaks for each measure of a number: a mean, a share of people, a difference between arms, no result at all.

Names of features, for a chain of ``extractors.placement`` without steps: what is printed with the number, the words and
terms beside it, what the sentence says before it, the numbers and names around it. The chain learned from gold facts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from importlib.resources import files

from extractors.components.comparisons import BRACKETED, SIGNS, end_of
from extractors.components.scene import Scene
from extractors.components.terms import AND, DIRECTIONS, TO, VERSUS
from extractors.normal import shown_words
from extractors.placement import Chain, Label
from extractors.reading import Quantity, Span

NO_RESULT, RATIO = "none", "ratio"
VALUES = ("mean", "median", "proportion", "rate", "count", "other")
DIFFERENCES = ("MD", "RD")
LABELS: tuple[Label, ...] = (NO_RESULT, *VALUES, *DIFFERENCES, RATIO)
_CUES = (
    "age", "allocation", "assignment", "baseline", "between-groups", "both-groups", "characteristics", "completed",
    "enrolled", "follow-up", "occur", "other-trial", "prognostic", "range-to", "reach", "respectively", "screened",
    "subgroup-analysis", "than", "time-after", "versus", "effect", "each", "dosing",
)  # fmt: skip
_FAR = ((3, "0"), (12, "1"), (30, "2"), (70, "3"))
# How far before a number its words count, and how far a word of direction may stand from it.
_REACH, _DIRECTED = 25, 45
_SIZES = ((0, "0"), (1, "1"), (10, "few"), (100, "tens"), (1000, "hundreds"))


class Measures:
    """The numbers of a sentence whose measure is to be told, in order."""

    def __init__(self, scene: Scene, values: Sequence[Quantity]) -> None:
        self.labels = list(LABELS)
        self.scene = scene
        self.values = list(values)

    def __len__(self) -> int:
        return len(self.values)

    def own(self, place: int, label: Label) -> Iterator[str]:
        """What speaks for a measure of one number."""
        return (f"{label} {feature}" for feature in self._features[place])

    def step(self, place: int) -> list[str]:
        """Nothing: what a number is does not hang on what the one before it turned out to be."""
        return []

    def relation(self, first: Label, second: Label) -> str:
        """Nothing, as no step is weighed."""
        return ""

    @cached_property
    def _features(self) -> list[frozenset[str]]:
        return [frozenset(self._of(place)) for place in range(len(self.values))]

    @cached_property
    def _kept(self) -> frozenset[int]:
        return frozenset(q.start for q in self.scene.values)

    def _of(self, place: int) -> Iterator[str]:
        yield ""
        yield from self._itself(self.values[place])
        yield from self._beside(self.values[place])
        yield from self._said(self.values[place])
        yield from self._neighbours(place)
        yield from self._named(self.values[place])

    def _itself(self, quantity: Quantity) -> Iterator[str]:
        """What is printed with the number."""
        text, kind = quantity.number.text, quantity.kind
        had = {"interval": quantity.interval, "p": quantity.p, "events": quantity.events, "n": quantity.n}
        printed = " ".join(name for name, what in had.items() if what)
        spread = quantity.dispersion.kind if quantity.dispersion else "-"
        yield f"kind {kind}"
        yield f"unit {kind} {quantity.unit}"
        yield f"printed {kind} {printed}"
        yield f"spread {kind} {spread}"
        yield f"spread {spread} {quantity.statistic}"
        yield f"statistic {kind} {quantity.statistic} {self._governed(quantity)}"
        yield f"contrast {quantity.contrast} {bool(quantity.interval)}"
        yield f"sign {kind} {text[:1] if text[:1] in SIGNS else ''} {bool(quantity.interval)}"
        size = next((name for most, name in _SIZES if abs(quantity.number.value) <= most), "more")
        yield f"size {kind} {size} {'.' in text}"
        kept = quantity.start in self._kept
        yield f"kept {kind} {kept}"
        if any(time.start == quantity.start for time in self.scene.time_points):
            yield "time point"
        if any(arm.size_span and arm.size_span.start == quantity.start for arm in self.scene.found.arms):
            yield "size of an arm"
        if any(arm.contains(quantity) for arm in self.scene.arms):
            yield "within an arm"
        if any(m.contains(quantity) for m in self.scene.endpoints):
            yield "within an outcome"

    def _governed(self, quantity: Quantity) -> str:
        return _far(quantity.start - quantity.governor.end) if quantity.governor else "-"

    def _beside(self, quantity: Quantity) -> Iterator[str]:
        """The words and the terms right before and behind the number."""
        scene, found, end = self.scene, self.scene.found, end_of(quantity)
        before = shown_words(scene.between(max(scene.sentence.start, quantity.start - _REACH), quantity.start))[-2:]
        behind = shown_words(scene.between(end, min(scene.sentence.end, end + _REACH)))[:2]
        yield f"before {before[-1:]}"
        yield f"before {before}"
        yield f"behind {behind[:1]}"
        yield f"behind {behind}"
        ahead = Span(max(scene.sentence.start, quantity.start - _REACH), quantity.start)
        for term in found.terms_in(ahead):
            if term.scheme in ("cues", "measures") and not found.normal[term.end : quantity.start].strip(" (:,[="):
                yield f"ahead {term.scheme} {term.name}"
        for term in found.terms_in(Span(end, min(scene.sentence.end, end + _REACH))):
            if term.scheme in ("cues", "measures", "endpoints") and not found.normal[end : term.start].strip(" ()"):
                yield f"next {term.scheme} {term.name if term.scheme != 'endpoints' else ''}"

    def _said(self, quantity: Quantity) -> Iterator[str]:
        """What the sentence says, and what stands before the number in it."""
        scene = self.scene
        yield f"role {scene.sentence.role}"
        yield from (f"cue {name}" for name in _CUES if scene.cues(name))
        for term in scene.found.terms_in(scene.sentence, "measures"):
            yield f"measure {'before' if term.end <= quantity.start else 'behind'} {term.name} {quantity.kind}"
        for cue in scene.cues(*DIRECTIONS, "difference", "no-difference", "change"):
            gap = quantity.start - cue.end if cue.end <= quantity.start else cue.start - end_of(quantity)
            if 0 <= gap <= _DIRECTED:
                side = "before" if cue.end <= quantity.start else "behind"
                crossed = any(cue.end <= q.start < quantity.start for q in self.values)
                yield f"direction {side} {cue.name} {crossed} {bool(quantity.interval)}"
                yield f"direction {side} {cue.name} {_far(gap)}"

    def _neighbours(self, place: int) -> Iterator[str]:
        """The numbers before and behind it, and what joins them."""
        quantity = self.values[place]
        sides = {}
        for name, other in (("previous", place - 1), ("following", place + 1)):
            if not 0 <= other < len(self.values):
                yield f"{name} none"
                sides[name] = "-"
                continue
            near = self.values[other]
            first, second = (near, quantity) if name == "previous" else (quantity, near)
            gap = self.scene.found.mask[end_of(first) : second.start]
            bare = BRACKETED.sub("", gap)
            signs = ((VERSUS, "versus"), (AND, "and"), (TO, "to"), (",", "comma"))
            joint = next((word for sign, word in signs if sign in bare), "other")
            joint = joint if len(bare) <= _FAR[-1][0] else "far"
            sides[name] = joint
            alike = near.kind == quantity.kind and near.unit == quantity.unit
            yield f"{name} {joint} {alike}"
            yield f"{name} {near.kind} {bool(near.dispersion)} {near.contrast}"
            yield f"{name} bracket {'(' in bare} {')' in bare}"
            tested = any(first.end <= p.start < second.start for p in self.scene.found.probabilities)
            yield f"{name} tested {tested}"
        yield f"joints {sides['previous']} {sides['following']} {quantity.kind}"

    def _named(self, quantity: Quantity) -> Iterator[str]:
        """The arms and outcomes that the sentence names around it."""
        scene, end = self.scene, end_of(quantity)
        named = min(len({m.index for m in scene.arms}), 2)
        yield f"arms {named} {min(len(scene.found.arms), 3)} {bool(quantity.interval)}"
        before = [m for m in scene.arms if m.end <= quantity.start]
        behind = [m for m in scene.arms if m.start >= end]
        yield f"arm before {_far(quantity.start - before[-1].end) if before else '-'}"
        yield f"arm behind {_far(behind[0].start - end) if behind else '-'}"
        outcomes = [m for m in scene.endpoints if m.end <= quantity.start]
        if not outcomes:
            yield f"no outcome before {bool(scene.endpoints)}"
            return
        draft = scene.found.endpoints[outcomes[-1].index]
        words = shown_words(scene.between(outcomes[-1].start, outcomes[-1].end))
        yield f"outcome ends {words[-1:]}"
        yield f"outcome ends {words[-1:]} {quantity.kind}"
        yield f"outcome {draft.concept}"
        yield f"outcome {draft.concept} {quantity.kind}"


def _far(length: int) -> str:
    return next((name for most, name in _FAR if length <= most), "4")


@cache
def measure_chain() -> Chain:
    """The shipped chain that tells what numbers measure."""
    return Chain(json.loads(files("extractors").joinpath("models/measures.json").read_text("utf-8")))
