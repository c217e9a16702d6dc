"""Links the results of each sentence: effect estimates, values of arms, comparisons in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from spacy.language import Language as SpacyLanguage
from spacy.tokens import Doc

from extractors.components.absences import absences
from extractors.components.arm_values import arm_values
from extractors.components.attachment import outcomes
from extractors.components.comparisons import end_of
from extractors.components.estimates import contrasts
from extractors.components.measuring import DIFFERENCES, VALUES, Measures, measure_chain
from extractors.components.scene import Scene
from extractors.components.statements import statements
from extractors.components.value_groups import candidates, proposed
from extractors.components.zones import result_sentences
from extractors.reading import Linked, Quantity, Reading, Span, reading

COMPONENT = "evidence_results"
# How far behind a number "lower than" may stand.
_MARGIN = 32
# From what probability on a number is what the learned chain takes it for; it learned from less Chinese.
_SURE = {"en": 0.75, "zh": 0.9}


class ResultLinker:
    """Fills ``reading.results``, in order of the text."""

    def __call__(self, doc: Doc) -> Doc:
        """Go through the sentences that report results, carrying along what they are about."""
        found = reading(doc)
        for scene in scenes(found):
            found.results.extend(results_of(scene))
        return doc


def scenes(found: Reading) -> Iterator[Scene]:
    """The sentences that report results, each with what those before it were about.

    The results of a sentence have to be added to the reading before the next sentence is asked for.
    """
    topic = primary_endpoint(found)
    arms: tuple[int, ...] = ()
    for sentence in result_sentences(found):
        scene = measured(Scene(found, sentence, topic, arms))
        before = len(found.results)
        yield scene
        linked = found.results[before:]
        named = [m.index for m in scene.endpoints]
        topic = linked[-1].endpoint if linked else named[-1] if named else topic
        arms = tuple(dict.fromkeys(m.index for m in scene.arms)) or arms


def results_of(scene: Scene) -> list[Linked]:
    """The results that a sentence reports: estimates, values of arms, events denied, comparisons in words."""
    linked: list[Linked] = []
    if not scene.cues("assumption"):
        listed, alone = candidates(scene)
        groups = list(proposed(scene, alone))
        told = outcomes(scene, [group for group, _ in groups])
        linked = [*contrasts(scene, told), *arm_values(scene, listed, groups, told), *absences(scene)]
    return [*linked, *statements(scene, linked)]


def measured(scene: Scene) -> Scene:
    """The scene with what was learned of its numbers: which are differences between arms, which are values of arms.

    Where neither a word for a measure nor an arm's name beside a number says what it is, its surroundings may:
    "lowered blood pressure by 1.9 mmHg (95% CI 0.1 to 3.8)".
    """
    found = scene.found
    quantities = [q for q in found.quantities if scene.sentence.contains(q)]
    differences: dict[int, Quantity] = {}
    meant: dict[int, str] = {}
    sure = _SURE[found.language]
    for quantity, shares in zip(quantities, measure_chain().shares(Measures(scene, quantities)), strict=True):
        if quantity.contrast or scene.tells_apart(quantity):
            continue
        code = max(DIFFERENCES, key=lambda label: shares[label])
        value = max(VALUES, key=lambda label: shares[label])
        if sum(shares[label] for label in DIFFERENCES) >= sure or is_difference(scene, quantity):
            differences[quantity.start] = replace(quantity, contrast=code)
        elif sum(shares[label] for label in VALUES) >= sure:
            meant[quantity.start] = value
    if differences:
        found.quantities = [differences.get(q.start, q) if scene.sentence.contains(q) else q for q in found.quantities]
    return Scene(found, scene.sentence, scene.topic, scene.arms_before, meant)


def is_difference(scene: Scene, quantity: Quantity) -> bool:
    """Whether the words around a number say that it is a difference between two arms, whatever was learned."""
    return is_headed_by_pair(scene, quantity) or is_margin(scene, quantity)


def is_margin(scene: Scene, quantity: Quantity) -> bool:
    """Whether a number says by how much one arm had more or less than another: "1.8 points lower than in arm B".

    A percentage need not be a difference: "34% lower" may be a ratio.
    """
    if quantity.kind != "plain" or quantity.dispersion:
        return False
    end = end_of(quantity)
    behind = Span(end, min(end + _MARGIN, scene.sentence.end))
    compared = [cue for cue in scene.cues("higher", "lower") if behind.contains(cue)]
    if not compared or re.search(r"[,;:(]|\d", scene.between(end, compared[0].start)):
        return False
    return any(0 <= cue.start - compared[0].end <= 1 for cue in scene.cues("than"))


def is_headed_by_pair(scene: Scene, quantity: Quantity) -> bool:
    """Whether two arms set against each other open what a number with an interval says: "A versus B: -0.7 (CI …)"."""
    before = [m for m in scene.arms if m.end <= quantity.start][-2:]
    if quantity.interval is None or len(before) < 2 or before[0].index == before[1].index:
        return False
    gap, lead = Span(before[0].end, before[1].start), scene.between(before[1].end, quantity.start)
    opposing = scene.found.terms_in(gap, "cues", "versus")
    fillers = scene.found.terms_in(gap, "cues", "filler", "group", "of", "having")
    return bool(opposing) and not scene.found.without(gap, [*opposing, *fillers]).strip() and not lead.strip(" :,=")


def primary_endpoint(found: Reading) -> int | None:
    """The one endpoint declared primary, or the only endpoint, or ``None``."""
    primary = [index for index, draft in enumerate(found.endpoints) if draft.role == "primary"]
    if len(primary) == 1:
        return primary[0]
    return 0 if len(found.endpoints) == 1 else None


@SpacyLanguage.factory(COMPONENT)
def create_results(nlp: SpacyLanguage, name: str) -> ResultLinker:
    """The component that links results."""
    return ResultLinker()
