"""Each finding that was read of the gold documents, with its reasons, its confidence and whether it is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kg.evaluation.evaluation import Judged
from kg.evaluation.matching import ENOUGH, aligned, closest
from kg.evaluation.scoring import same

# The kinds of findings that carry results; the others are what results refer to.
RESULTS = ("number", "statement")

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """A finding of a kind: the document it was read of, why, how sure, and whether it is right in all its parts."""

    document: str
    kind: str
    reasons: tuple[str, ...]
    confidence: float
    right: bool


def samples(judged: Iterable[Judged]) -> Iterator[Sample]:
    """The findings of the documents, in order; those of documents that could not be read are none."""
    for item in judged:
        if item.facts:
            for kind, evidence, right in _findings(item, item.document.facts, item.facts):
                piece = max(evidence, key=lambda part: float(part["confidence"]))
                yield Sample(item.document.name, kind, tuple(piece["reasons"]), piece["confidence"], right)


def _findings(item: Judged, gold: Json, facts: Json) -> Iterator[tuple[str, list[Json], bool]]:
    for result, right in zip(facts["results"], item.score.verdicts, strict=True):
        yield "statement" if result["kind"] == "statement" else "number", result["evidence"], right
    for name, kind in (("arms", "arm"), ("endpoints", "endpoint")):
        mapping, taken = aligned(facts[name], gold[name]), set()
        for thing in facts[name]:
            counterpart = mapping.get(thing["id"])
            yield kind, thing["evidence"], counterpart is not None and counterpart not in taken
            taken.add(counterpart)
    for aspect, evidence in facts["design"]["evidence"].items():
        if aspect in gold["design"]:
            wanted = gold["design"][aspect]
            yield "design", evidence, str(facts["design"][aspect]).lower() == str(wanted).lower()
    people = facts["population"]
    if people["condition"]:
        right = closest(people["condition"], gold["population"]["condition"]) >= ENOUGH
        yield "condition", people["evidence"], right
    for kind, evidence in people["count_evidence"].items():
        if kind in gold["population"]:
            yield "count", evidence, same(gold["population"][kind], people[kind])
    for identifier, evidence in facts["registration_evidence"].items():
        own = identifier in facts["registrations"]
        yield "registration", evidence, identifier in gold["registrations" if own else "mentioned_registrations"]
