"""Values whose outcomes people told, as examples for the chain that tells which outcome a value is of.

Two sources: gold facts (each number of a text with the endpoints of the facts that have its value) and C-TrO (values
tied to endpoints by their place).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from extractors.assemble import assemble
from extractors.components.attaching import TOPIC, Item, View
from extractors.components.attachment import suggested, view_of
from extractors.components.candidate_outcomes import Candidate
from extractors.components.results import results_of, scenes
from extractors.components.value_groups import candidates, proposed
from extractors.documents import Document
from extractors.facts_json import to_gold
from extractors.pipelines import read_language
from extractors.placement import Label
from extractors.reading import Reading, Span
from kg.evaluation.ctro import LinkedAbstract
from kg.evaluation.gold import GoldDocument
from kg.evaluation.matching import ENOUGH, aligned, closest
from kg.evaluation.placement_examples import Allowed, Example, example_of, gold_texts, is_of, linked_texts

Told = Callable[[View, Item], Allowed]


def of_gold(documents: Sequence[GoldDocument]) -> Iterator[Example]:
    """The examples of gold facts."""
    for item, document in gold_texts(documents):
        found = read_language(document, item.language)
        yield from _examples(item.name, found, _told_by_facts(document, found, item.facts))


def of_linked(corpus: Path) -> Iterator[Example]:
    """The examples of the training part of C-TrO."""
    for abstract, document in linked_texts(corpus):
        found = read_language(document, "en")
        yield from _examples(abstract.name, found, _told_by_links(found, abstract))


def _examples(name: str, found: Reading, told: Told) -> Iterator[Example]:
    found.results.clear()
    for scene in scenes(found):
        if not scene.cues("assumption"):
            _, alone = candidates(scene)
            view = view_of(scene, list(suggested(scene, [group for group, _ in proposed(scene, alone)])))
            right = tuple(told(view, item) & frozenset(view.labels) or frozenset(view.labels) for item in view.items)
            if any(len(allowed) < len(view.labels) for allowed in right):
                yield example_of(name, view, right)
        found.results.extend(results_of(scene))


def _told_by_facts(document: Document, found: Reading, gold: Mapping[str, Any]) -> Told:
    facts = to_gold(document, assemble(found))
    ours = {tuple(item["names"]): item["id"] for item in facts["endpoints"]}
    theirs = aligned(facts["endpoints"], gold["endpoints"])
    names = {item["id"]: item["names"] for item in gold["endpoints"]}

    def known(index: int) -> str | None:
        return theirs.get(ours.get(tuple(name.text for name in found.endpoints[index].names), ""))

    def is_right(candidate: Candidate, wanted: frozenset[str]) -> bool:
        text = found.text(candidate)
        close = {endpoint: closest([text], said) for endpoint, said in names.items()}
        best = max(close.values(), default=0.0)
        if best >= ENOUGH:
            return any(close[endpoint] == best for endpoint in wanted)
        return candidate.index is not None and known(candidate.index) in wanted

    def told(view: View, item: Item) -> Allowed:
        wanted = frozenset(
            result["endpoint"]
            for result in gold["results"]
            if result["kind"] != "statement" and any(is_of(result, quantity) for quantity in item.values)
        )
        right: set[Label] = {place for place, one in enumerate(view.candidates) if is_right(one, wanted)}
        if view.scene.topic is not None and known(view.scene.topic) in wanted:
            right.add(TOPIC)
        return frozenset(right)

    return told


def _told_by_links(found: Reading, abstract: LinkedAbstract) -> Told:
    def named(spans: Sequence[Span], endpoint: str) -> bool:
        described = abstract.endpoints.get(endpoint, ())
        return any(span.start < other.end and other.start < span.end for span in spans for other in described)

    def told(view: View, item: Item) -> Allowed:
        numbers = [v for v in abstract.values for q in item.values if q.start < v.end and v.start < q.end]
        wanted = frozenset(endpoint for value in numbers for endpoint in value.endpoints)
        right: set[Label] = {
            place
            for place, one in enumerate(view.candidates)
            if any(named([one], endpoint) for endpoint in wanted)
            and not any(named([one], endpoint) for endpoint in abstract.endpoints.keys() - wanted)
        }
        topic = view.scene.topic
        if topic is not None and any(named(found.endpoints[topic].spans, endpoint) for endpoint in wanted):
            right.add(TOPIC)
        return frozenset(right)

    return told
