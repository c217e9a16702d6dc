"""The outcomes that the values of a sentence are of: by what was learned, else by what grammar suggests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractors.components.attaching import TOPIC, View, item_of
from extractors.components.candidate_outcomes import candidate_outcomes
from extractors.components.comparisons import end_of
from extractors.components.identity import endpoint_named
from extractors.components.scene import Scene
from extractors.components.suggested_outcomes import Outcome, event_of, in_abstract, of_estimate, of_values
from extractors.components.value_groups import next_value
from extractors.placement import endpoint_chain
from extractors.reading import Mention, Quantity, Span

# From what probability on the learned chain is followed, whatever grammar suggests.
_SURE = {"en": 0.2, "zh": 0.8}
Suggested = tuple[list[Quantity], Outcome | None]


def outcomes(scene: Scene, groups: Sequence[list[Quantity]]) -> dict[int, tuple[int, Span | None]]:
    """The endpoint of each estimate and of each group of values of a sentence, by the place of the first number.

    With each endpoint goes the stretch that names it, if the sentence does. An endpoint that was not known is added
    to the reading; what belongs to none is left out.
    """
    told = list(suggested(scene, groups))
    view = view_of(scene, told)
    sure = _SURE[scene.found.language]
    found: dict[int, tuple[int, Span | None]] = {}
    # The chain learned from abstracts alone, whose sentences are dense; the body of an article is read by grammar.
    weighs = bool(view.labels) and in_abstract(scene)
    weighed = endpoint_chain().likeliest(view) if weighs else [(TOPIC, 0.0)] * len(told)
    for (values, suggestion), (label, probability) in zip(told, weighed, strict=True):
        outcome = _chosen(scene, view, label, values[0]) if probability >= sure else suggestion
        if outcome is not None:
            found[values[0].start] = (_index(scene, outcome), outcome.span)
    return found


def suggested(scene: Scene, groups: Sequence[list[Quantity]]) -> Iterator[Suggested]:
    """The estimates and the groups of values of a sentence, in order, with the outcome that grammar suggests."""
    told: list[Suggested] = []
    end = scene.sentence.start
    for quantity in scene.values:
        if quantity.contrast:
            told.append(([quantity], of_estimate(scene, quantity, end)))
        end = end_of(quantity)
    end, last = scene.sentence.start, None
    for group in groups:
        last = of_values(scene, group, end, next_value(scene, group), last)
        end = end_of(group[-1])
        told.append((group, last))
    yield from sorted(told, key=lambda entry: entry[0][0].start)


def view_of(scene: Scene, told: Sequence[Suggested]) -> View:
    """What the chain sees of the values."""
    items = [item_of(values, outcome.span, outcome.index) if outcome else item_of(values, None, None)
             for values, outcome in told]  # fmt: skip
    return View(scene, items, candidate_outcomes(scene, [values[0] for values, _ in told]))


def _chosen(scene: Scene, view: View, label: int | str, value: Quantity) -> Outcome:
    if isinstance(label, str):
        return Outcome(scene.topic, None)
    candidate = view.candidates[label]
    if candidate.index is not None and value.contrast:
        # "HR for death" beside overall survival names that endpoint's event.
        mention = Mention(candidate.start, candidate.end, candidate.index)
        event = event_of(scene, mention, [m for m in scene.endpoints if m.end <= candidate.start])
        if event is not None:
            return event
    return Outcome(candidate.index, Span(candidate.start, candidate.end))


def _index(scene: Scene, outcome: Outcome) -> int:
    if outcome.index is not None:
        return outcome.index
    if outcome.span is None:
        raise ValueError("an outcome is known or named")
    return endpoint_named(scene.found, outcome.span)
