"""What the page of an evidence network shows: drawing, comparisons, treatments, parts and gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kg.question.network import Comparison, Network, Node, Treatment
from kg.rows import TrialKey
from ontology import by_name, concept, label
from server.evidence import last_segment
from server.negotiation import Language
from server.network.drawing import Drawing, Edge, Spot
from server.question.address import find_concept
from server.question.views import Link
from server.urls import Urls

# Rows of a table and trials of a row that are shown; the rest is in the file of comparisons.
MOST_ROWS: Final = 200
MOST_TRIALS: Final = 12


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """A comparison with its trials; ``href`` leads to the question of it."""

    number: int
    first: str
    second: str
    trials: int
    people: int
    keys: tuple[Link, ...]
    href: str


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A treatment as numbered in the drawing, with the pages of its concepts."""

    number: int
    name: str
    concepts: tuple[Link, ...]
    trials: int
    people: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Two treatments that no trial compares; ``linked`` says that a chain of other comparisons joins them."""

    first: str
    second: str
    linked: bool


@dataclass(frozen=True, slots=True)
class NetworkPage:
    """Everything that the page shows. ``state`` is "ask", "unknown", "too-many", "none" or "answer"."""

    state: str
    title: str
    condition: str
    endpoint: str
    condition_text: str
    endpoint_text: str
    unknown: tuple[str, ...]
    offered: dict[str, tuple[str, ...]]
    suggestions: tuple[Link, ...]
    drawing: Drawing | None
    nodes: tuple[NodeRow, ...]
    comparisons: tuple[ComparisonRow, ...]
    trials: int
    total: int
    parts: tuple[tuple[str, ...], ...]
    gaps: tuple[Gap, ...]
    outside: tuple[Link, ...]
    number: int

    @property
    def asked(self) -> list[tuple[str, str]]:
        """The parameters of the page's address."""
        return parameters(self.condition, self.endpoint)


def treatment_name(treatment: Treatment, language: Language) -> str:
    """The labels of what was given, joined by a plus sign."""
    return " + ".join(sorted(label(iri, language) for iri in treatment))


def parameters(condition: str, endpoint: str) -> list[tuple[str, str]]:
    """The parameters of the page's address."""
    return [(name, value) for name, value in (("condition", condition), ("endpoint", endpoint)) if value]


def network_page(
    found: Network | None, condition: str, endpoint: str, used: dict[str, int], urls: Urls, language: Language
) -> NetworkPage:
    """The page; ``found`` is ``None`` where nothing could be asked, ``used`` counts the reports of each concept."""
    return _Builder(found, condition, endpoint, urls, language).page(used)


class _Builder:
    def __init__(self, found: Network | None, condition: str, endpoint: str, urls: Urls, language: Language) -> None:
        self._found = found
        self._condition = condition
        self._endpoint = endpoint
        self._urls = urls
        self._language = language

    def page(self, used: dict[str, int]) -> NetworkPage:
        """Everything that the page shows."""
        found = self._found
        nodes = found.nodes if found else ()
        drawing = self._drawing(found) if found and nodes else None
        return NetworkPage(
            state=self._state(),
            title=self._title(),
            condition=self._condition,
            endpoint=self._endpoint,
            condition_text=self._text("conditions", self._condition),
            endpoint_text=self._text("endpoints", self._endpoint),
            unknown=self._unknown(),
            offered={scheme: self._offered(scheme, used) for scheme in ("conditions", "endpoints")},
            suggestions=self._suggestions(used) if found is None else (),
            drawing=drawing,
            nodes=tuple(self._node(number, node) for number, node in enumerate(nodes[:MOST_ROWS], start=1)),
            comparisons=self._comparisons(),
            trials=len({trial for node in nodes for trial in node.trials}),
            total=len(found.comparisons) if found else 0,
            parts=self._parts(),
            gaps=tuple(Gap(self._name(a), self._name(b), linked) for a, b, linked in found.gaps) if found else (),
            outside=tuple(self._trial(trial) for trial in found.outside[:MOST_ROWS]) if found else (),
            number=(found.too_many or 0) if found else 0,
        )

    def _name(self, treatment: Treatment) -> str:
        return treatment_name(treatment, self._language)

    def _word(self, name: str, **parts: str) -> str:
        return label(by_name("interface", name).iri, self._language).format(**parts)

    def _text(self, scheme: str, name: str) -> str:
        known = find_concept(scheme, name) if name else None
        return label(known.iri, self._language) if known else name

    def _unknown(self) -> tuple[str, ...]:
        asked = (("condition", "conditions", self._condition), ("endpoint", "endpoints", self._endpoint))
        return tuple(part for part, scheme, name in asked if name and find_concept(scheme, name) is None)

    def _state(self) -> str:
        if self._found is None:
            return "unknown" if self._unknown() else "ask"
        if self._found.too_many is not None:
            return "too-many"
        return "answer" if self._found.nodes else "none"

    def _title(self) -> str:
        if not self._condition or self._unknown():
            return self._word("network-page")
        people = self._text("conditions", self._condition)
        return self._word("network-of", people=people)

    def _offered(self, scheme: str, used: dict[str, int]) -> tuple[str, ...]:
        return tuple(sorted(label(iri, self._language) for iri in used if f"/{scheme}/" in iri)[:MOST_ROWS])

    def _suggestions(self, used: dict[str, int]) -> tuple[Link, ...]:
        known = [iri for iri in used if "/conditions/" in iri][:12]
        return tuple(
            Link(
                label(iri, self._language),
                self._urls.network(self._language, parameters(last_segment(iri), self._endpoint)),
            )
            for iri in known
        )

    def _drawing(self, found: Network) -> Drawing:
        order = {treatment: number for number, treatment in enumerate(t for part in found.parts for t in part)}
        numbers = {node.treatment: number for number, node in enumerate(found.nodes, start=1)}
        spots = [
            Spot(numbers[n.treatment], self._name(n.treatment), len(n.trials), n.people, order[n.treatment])
            for n in found.nodes
        ]
        edges = [
            Edge(numbers[c.first], numbers[c.second], len(c.trials), c.people, self._question(c), self._said(c))
            for c in found.comparisons
        ]
        return Drawing(tuple(spots), tuple(edges))

    def _said(self, one: Comparison) -> str:
        return self._word(
            "network-edge",
            first=self._name(one.first),
            second=self._name(one.second),
            trials=str(len(one.trials)),
            people=str(one.people),
        )

    def _question(self, one: Comparison) -> str:
        """The question of the comparison: what one side gets and the other does not, against what the other gets."""
        given, compared = one.first, one.second
        if not given - compared:
            given, compared = compared, given
        asked = {
            "population": self._condition,
            "intervention": _one(given - compared),
            "comparator": _one(compared - given) or _one(compared),
            "endpoint": self._endpoint,
        }
        return self._urls.question(self._language, [(part, name) for part, name in asked.items() if name])

    def _node(self, number: int, node: Node) -> NodeRow:
        links = (
            Link(label(iri, self._language), self._urls.described(self._language, iri))
            for iri in sorted(node.treatment, key=lambda iri: label(iri, self._language))
            if concept(iri)
        )
        return NodeRow(number, self._name(node.treatment), tuple(links), len(node.trials), node.people)

    def _comparisons(self) -> tuple[ComparisonRow, ...]:
        shown = self._found.comparisons[:MOST_ROWS] if self._found else ()
        return tuple(
            ComparisonRow(
                number=number,
                first=self._name(one.first),
                second=self._name(one.second),
                trials=len(one.trials),
                people=one.people,
                keys=tuple(self._trial(trial) for trial in one.trials[:MOST_TRIALS]),
                href=self._question(one),
            )
            for number, one in enumerate(shown, start=1)
        )

    def _trial(self, trial: TrialKey) -> Link:
        return Link(trial.key, self._urls.trial(self._language, trial.key))

    def _parts(self) -> tuple[tuple[str, ...], ...]:
        parts = self._found.parts[:MOST_ROWS] if self._found else ()
        return tuple(tuple(self._name(treatment) for treatment in part[:MOST_ROWS]) for part in parts)


def _one(treatment: Treatment) -> str:
    """The name of one of the concepts, the first by name; empty without any."""
    return min((last_segment(iri) for iri in treatment), default="")
