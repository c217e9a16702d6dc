"""Whether numbers are tied to their arms, endpoints and times as people tied them in the C-TrO corpus."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any

from extractors.documents import UnreadableDocument
from extractors.facts_json import to_gold
from extractors.pipelines import extract
from extractors.readers import read_bytes
from kg.evaluation.ctro import LinkedAbstract, LinkedValue, linked_abstracts

# A size that both give says more than a phrase; a phrase that only one has speaks against, but less.
_SIZE, _MISSING = 2.0, 0.5
# Agreement on values decides only between assignments that fit alike.
_TOLD = 0.001
_MOST_ARMS = 6


@dataclass(frozen=True, slots=True)
class Link:
    """One annotated value and whether it was read as a result, and if so with its arms, endpoint and printed time.

    ``read`` is the result read of it or ``None``; ``time`` is ``None`` where the annotators gave the value no time.
    """

    abstract: LinkedAbstract
    value: LinkedValue
    read: Mapping[str, Any] | None
    arms: bool
    endpoint: bool
    time: bool | None


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    right: int
    of: int

    @property
    def value(self) -> float:
        """The share; 0 of none."""
        return self.right / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class LinkScores:
    """How many of the annotated values are read as results, and how many of these have the right links."""

    documents: int
    read: Share
    arms: Share
    endpoint: Share
    both: Share
    time: Share


def link_scores(corpus: Path, part: str) -> LinkScores:
    """The scores on a part ("train" or "validation") of the C-TrO corpus."""
    found = list(links(corpus, part))
    read = [link for link in found if link.read is not None]
    timed = [link for link in read if link.time is not None]
    return LinkScores(
        documents=len({link.abstract.name for link in found}),
        read=Share(len(read), len(found)),
        arms=Share(sum(link.arms for link in read), len(read)),
        endpoint=Share(sum(link.endpoint for link in read), len(read)),
        both=Share(sum(link.arms and link.endpoint for link in read), len(read)),
        time=Share(sum(bool(link.time) for link in timed), len(timed)),
    )


def links(corpus: Path, part: str) -> Iterator[Link]:
    """Each annotated value of a part of the corpus with what was read of it."""
    for abstract in linked_abstracts(corpus, part):
        facts = _facts(abstract)
        arms = same_arms(abstract, facts)
        yield from (_link(abstract, value, facts, arms) for value in abstract.values)


def _facts(abstract: LinkedAbstract) -> Mapping[str, Any]:
    try:
        document = read_bytes(abstract.text.encode(), f"{abstract.name}.txt")
        return to_gold(document, extract(document)[0])
    except UnreadableDocument:
        return {}


def _link(abstract: LinkedAbstract, value: LinkedValue, facts: Mapping[str, Any], arms: Mapping[str, str]) -> Link:
    read = [result for result in facts.get("results", ()) if _is_of(result, value)]
    if not read:
        return Link(abstract, value, None, arms=False, endpoint=False, time=None)
    wanted = "contrast" if value.difference else "arm"
    named = {arms.get(arm) for result in read for arm in (result.get("arms") or [result.get("arm")])}
    endpoints = {item["id"]: item for item in facts["endpoints"]}
    spans = [span for endpoint in value.endpoints for span in abstract.endpoints[endpoint]]
    said = {_plain(abstract.text[span.start : span.end]) for span in spans}
    right = all(
        any(_plain(name) in said for name in endpoint["names"])
        or any(e["start"] < s.end and s.start < e["end"] for e in _naming(endpoint) for s in spans)
        for endpoint in (endpoints[result["endpoint"]] for result in read)
    )
    times = {_plain(result["timepoint"] or "") for result in read}
    gold_times = {_plain(time) for time in value.times}
    return Link(
        abstract,
        value,
        read[0],
        arms=all(result["kind"] == wanted for result in read) and None not in named and named == set(value.arms),
        endpoint=right,
        time=any(a and (a in b or b in a) for a in times for b in gold_times) if gold_times else None,
    )


def _is_of(result: Mapping[str, Any], value: LinkedValue) -> bool:
    """Whether a result was read from the value's place, as its number or as the number of people behind it."""
    if result["kind"] == "statement":
        return False
    printed = [result[key] for key in ("value", "events") if result.get(key) is not None]
    same = float(abs(value.value)) in {abs(float(number)) for number in printed}
    places = [e for e in result["evidence"] if e["supports"] == "value"]
    return same and any(e["start"] < value.end and value.start < e["end"] for e in places)


def _naming(endpoint: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [e for e in endpoint["evidence"] if e["supports"] == "name"]


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def same_arms(abstract: LinkedAbstract, facts: Mapping[str, Any]) -> dict[str, str]:
    """The annotated arm that each arm read is: by the drugs and doses that its names hold and by its size.

    The assignment that fits best over all arms. Where names do not tell (neither arm's drug is annotated), the one
    that agrees with more of the values.
    """
    arms, gold = facts.get("arms", []), sorted(abstract.arms)
    if not arms or len(arms) > _MOST_ARMS or len(gold) > _MOST_ARMS:
        return {}
    common = set.intersection(*({*said} for said in abstract.arms.values())) if len(gold) > 1 else set()
    fits = [
        [_fit(abstract, arm, one, common) + _TOLD * _agreeing(abstract, facts, arm, one) for one in gold]
        for arm in arms
    ]
    best = max(
        permutations(range(max(len(arms), len(gold))), len(arms)),
        key=lambda order: sum(fits[a][g] for a, g in enumerate(order) if g < len(gold)),
    )
    return {arms[a]["id"]: gold[g] for a, g in enumerate(best) if g < len(gold)}


def _fit(abstract: LinkedAbstract, arm: Mapping[str, Any], gold: str, common: set[str]) -> float:
    """How much of what tells the annotated arm from others the names of the arm hold."""
    names = " | ".join(arm["names"]).casefold()
    things = {thing: phrases for said in abstract.arms.values() for thing, phrases in said.items()}
    score = 0.0
    for thing in things.keys() - common:
        named = any(re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", names) for phrase in things[thing])
        own = thing in abstract.arms[gold]
        score += (named and own) - _MISSING * (named != own)
    size = abstract.sizes.get(gold)
    return score + _SIZE * (size is not None and arm["n"] is not None and float(size) == float(arm["n"]))


def _agreeing(abstract: LinkedAbstract, facts: Mapping[str, Any], arm: Mapping[str, Any], gold: str) -> int:
    own = [result for result in facts["results"] if result.get("arm") == arm["id"]]
    return sum(_is_of(result, value) for value in abstract.values if value.arms == {gold} for result in own)
