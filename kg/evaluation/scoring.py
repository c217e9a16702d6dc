"""Scores the facts read of one document against its gold facts, figure by figure.

Facts are JSON objects in the form of ``extractors.facts_json``; gold facts are those of one language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.evaluation.matching import ENOUGH, aligned, closest, similarity

FIGURES = ("value", "full", "stated", "arms", "endpoints", "registrations")
SHARES = ("primary", "condition", "randomised", "enrolled", "analysed", "arm n", "design", "subgroup", "timepoint")
NUMERIC = ("contrast", "arm")
# Two phrases for a subgroup or a time point that share this much are about the same.
_PHRASE = 0.3
_TURNED = {
    "first higher": "first lower",
    "first lower": "first higher",
    "favours first": "favours second",
    "favours second": "favours first",
    "no difference": "no difference",
}

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Counts:
    """What was right, what was read and is not in the gold, and what of the gold was missed."""

    right: int = 0
    extra: int = 0
    missed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.extra + other.extra, self.missed + other.missed)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of those in the gold are right."""

    right: int = 0
    of: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.right + other.right, self.of + other.of)


@dataclass(slots=True)
class Score:
    """The figures of one document in one language, and which of the results read are fully right.

    ``verdicts`` has one entry for each of the results read, in their order.
    """

    figures: dict[str, Counts] = field(default_factory=dict)
    shares: dict[str, Share] = field(default_factory=lambda: dict.fromkeys(SHARES, Share()))
    wrong_design: int = 0
    verdicts: list[bool] = field(default_factory=list)

    def share(self, name: str, right: int, of: int = 1) -> None:
        """Count into a share."""
        self.shares[name] += Share(right, of)


def score(gold: Json, facts: Json, language: str) -> Score:
    """The score of the facts; empty facts are those of a document that could not be read."""
    result = Score()
    arms = aligned(facts.get("arms") or [], gold["arms"])
    endpoints = aligned(facts.get("endpoints") or [], gold["endpoints"])
    own, found = set(gold["registrations"]), set(facts.get("registrations") or [])
    result.figures["registrations"] = Counts(len(own & found), len(found - own), len(own - found))
    for name, mapping in (("arms", arms), ("endpoints", endpoints)):
        met = len(set(mapping.values()))
        result.figures[name] = Counts(met, len(facts.get(name) or []) - met, len(gold[name]) - met)
    _score_roles_and_people(result, gold, facts, arms, endpoints)
    _score_design(result, gold["design"], facts.get("design") or {})
    read = facts.get("results") or []
    result.verdicts = [False] * len(read)
    _score_numbers(result, gold["results"], read, Links(arms, endpoints), language)
    _score_statements(result, gold["results"], read, Links(arms, endpoints))
    return result


def same(first: Any, second: Any) -> bool:
    """Whether two numbers are equal, or both absent."""
    if first is None or second is None:
        return first is second
    return abs(float(first) - float(second)) < 1e-9


def _score_roles_and_people(
    result: Score, gold: Json, facts: Json, arms: Mapping[str, str], endpoints: Mapping[str, str]
) -> None:
    primary = {item["id"] for item in gold["endpoints"] if item["role"] == "primary"}
    marked = {endpoints.get(item["id"]) for item in facts.get("endpoints") or [] if item.get("role") == "primary"}
    result.share("primary", len(primary & marked), len(primary))
    people = facts.get("population") or {}
    if gold["population"]["condition"]:
        result.share("condition", closest(people.get("condition") or [], gold["population"]["condition"]) >= ENOUGH)
    for kind in ("enrolled", "randomised", "analysed"):
        if gold["population"].get(kind) is not None:
            result.share(kind, same(gold["population"][kind], people.get(kind)))
    for arm in gold["arms"]:
        if arm["n"] is not None:
            sizes = [item.get("n") for item in facts.get("arms") or [] if arms.get(item["id"]) == arm["id"]]
            result.share("arm n", any(same(arm["n"], size) for size in sizes))


def _score_design(result: Score, gold: Json, read: Json) -> None:
    for aspect, wanted in gold.items():
        value = read.get(aspect)
        right = wanted is not None and str(value).lower() == str(wanted).lower()
        if wanted is not None:
            result.share("design", right)
        result.wrong_design += value is not None and not right


@dataclass(frozen=True, slots=True)
class Links:
    """Which ids of the gold the arms and endpoints that were read stand for."""

    arms: Mapping[str, str]
    endpoints: Mapping[str, str]

    def parts(self, gold: Json, read: Json) -> dict[str, bool]:
        """Which parts of a result are right: endpoint, arms, interval, p; what the gold lacks is not asked for."""
        if gold["kind"] == "contrast":
            arms = [self.arms.get(arm) for arm in read.get("arms") or []] == gold["arms"]
        else:
            arms = self.arms.get(str(read.get("arm"))) == gold["arm"]
        return {
            "endpoint": self.endpoints.get(read["endpoint"]) == gold["endpoint"],
            "arms": arms,
            "interval": _same_interval(gold, read),
            "p": _same_p(gold.get("p"), read.get("p")),
        }


def _same_interval(gold: Json, read: Json) -> bool:
    if not gold.get("ci"):
        return True
    if not read.get("ci"):
        return False
    levels = (gold.get("ci_level"), read.get("ci_level"))
    return all(map(same, gold["ci"], read["ci"])) and (None in levels or same(*levels))


def _same_p(gold: Json | None, read: Json | None) -> bool:
    if not gold:
        return True
    if not read:
        return False
    return same(gold["value"], read["value"]) and _side(gold["op"]) == _side(read["op"])


def _side(operator: str) -> str:
    return {"\u2264": "<", "\u2265": ">"}.get(operator[0], operator[0])


def _score_numbers(result: Score, gold: Sequence[Json], read: Sequence[Json], links: Links, language: str) -> None:
    wanted = [item for item in gold if item["kind"] in NUMERIC]
    numbers = [place for place, item in enumerate(read) if item["kind"] in NUMERIC]
    free = list(numbers)
    for item in wanted:
        fitting = [place for place in free if _fits(item, read[place])]
        if not fitting:
            continue
        chosen = max(fitting, key=lambda place: sum(links.parts(item, read[place]).values()))
        free.remove(chosen)
        result.verdicts[chosen] = all(links.parts(item, read[chosen]).values())
        for name in ("subgroup", "timepoint"):
            result.share(name, _same_phrase(item.get(name), read[chosen].get(name), language))
    met, full = len(numbers) - len(free), sum(result.verdicts[place] for place in numbers)
    result.figures["value"] = Counts(met, len(free), len(wanted) - met)
    result.figures["full"] = Counts(full, len(numbers) - full, len(wanted) - full)


def _fits(gold: Json, read: Json) -> bool:
    alike = gold["kind"] == read["kind"] and gold["measure"] == read.get("measure")
    return alike and same(gold["value"], read.get("value"))


def _same_phrase(gold: str | None, read: str | None, language: str) -> bool:
    # The gold gives the phrases of subgroups and time points in English only.
    if not gold or not read:
        return bool(gold) == bool(read)
    return language == "zh" or similarity(gold, read) >= _PHRASE


def _score_statements(result: Score, gold: Sequence[Json], read: Sequence[Json], links: Links) -> None:
    wanted = [item for item in gold if item["kind"] == "statement"]
    stated = [place for place, item in enumerate(read) if item["kind"] == "statement"]
    free = list(stated)
    for item in wanted:
        place = next((place for place in free if _says(item, read[place], links)), None)
        if place is not None:
            free.remove(place)
            result.verdicts[place] = True
    right = len(stated) - len(free)
    result.figures["stated"] = Counts(right, len(free), len(wanted) - right)


def _says(gold: Json, read: Json, links: Links) -> bool:
    arms = [links.arms.get(arm) for arm in read.get("arms") or []]
    direction = read.get("direction")
    straight = arms == gold["arms"] and direction == gold["direction"]
    turned = arms == gold["arms"][::-1] and direction == _TURNED[gold["direction"]]
    return links.endpoints.get(read["endpoint"]) == gold["endpoint"] and (straight or turned)


def totals(scores: Sequence[Score]) -> Iterator[tuple[str, Counts | Share]]:
    """Each figure and share over all documents."""
    for name in FIGURES:
        yield name, sum((item.figures[name] for item in scores), Counts())
    for name in SHARES:
        yield name, sum((item.shares[name] for item in scores), Share())
