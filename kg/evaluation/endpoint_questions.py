"""Endpoints that people listed, as examples for what is asked of them: is one of the trial, are two of them one.

The sources are gold facts: each endpoint that was read either has a counterpart in them or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from extractors.assemble import assemble
from extractors.components.endpoint_evidence import Endpoints
from extractors.components.settling import COMPONENT
from extractors.facts_json import to_gold
from extractors.pipelines import read_language
from kg.evaluation.gold import GoldDocument
from kg.evaluation.matching import aligned, closest
from kg.evaluation.placement_examples import gold_texts

# Two endpoints whose names are less like the gold's than this are not taken for one on the strength of it.
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Answer:
    """What speaks for an answer, and whether the answer is yes."""

    features: frozenset[str]
    yes: bool


def answers(documents: Sequence[GoldDocument]) -> Iterator[tuple[str, Answer]]:
    """The questions ("kept" or "same") about the endpoints read of the documents, with their answers."""
    for item, document in gold_texts(documents):
        found = read_language(document, item.language, until=COMPONENT)
        facts = to_gold(document, assemble(found))["endpoints"]
        theirs = aligned(facts, item.facts["endpoints"])
        names = {endpoint["id"]: endpoint["names"] for endpoint in item.facts["endpoints"]}
        read = {tuple(name.text for name in draft.names): index for index, draft in enumerate(found.endpoints)}
        counterparts = {read[tuple(endpoint["names"])]: theirs.get(endpoint["id"]) for endpoint in facts}
        alike = {
            read[tuple(endpoint["names"])]: closest(endpoint["names"], names[theirs[endpoint["id"]]])
            for endpoint in facts
            if endpoint["id"] in theirs
        }
        endpoints = Endpoints(found)
        for index, counterpart in counterparts.items():
            yield "kept", Answer(frozenset(endpoints.kept(index)), counterpart is not None)
        for first, second in combinations(sorted(counterparts), 2):
            one = counterparts[first] is not None and counterparts[first] == counterparts[second]
            if not one or min(alike[first], alike[second]) >= _ALIKE:
                yield "same", Answer(frozenset(endpoints.same(first, second)), one)
