"""The facts of one report in the order of its text, each with its words in every language of the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from kg import rows
from ontology import label
from server.evidence import EvidenceIndex, Excerpt, in_language, last_segment, plain, printed
from server.facts import TrialFacts
from server.negotiation import Language
from server.sources import Known
from server.tables import ShownInterval
from server.wording import bounds, code, level, unit, word

# How facts are told apart by colour, in the order of the legend; each is a word of the interface.
KINDS: Final = ("design", "population", "arms", "outcomes", "results", "conclusions")
ArmName = Callable[[str | None], rows.Name | None]


class _Finding(Protocol):
    """A row that is a finding of a report."""

    @property
    def iri(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: its finding, its number on the page, its kind, what it says, its longest quote in each language."""

    node: str
    number: int
    kind: str
    text: rows.Name
    excerpts: dict[str, Excerpt]


def report_facts(facts: TrialFacts, index: EvidenceIndex, arm_name: ArmName, language: Language) -> tuple[Fact, ...]:
    """The facts of the report that were read from its text; ``facts`` are those of one report alone."""
    said = [one for one in _Said(facts, arm_name, language).all() if index.of(one[0])]
    said.sort(key=lambda one: index.place(one[0]))
    return tuple(
        Fact(node, number, kind, text, {excerpt.language: excerpt for excerpt in index.excerpts(node)})
        for number, (node, kind, text) in enumerate(said, start=1)
    )


def known(facts: Iterable[Fact]) -> dict[str, Known]:
    """What the text is to say of each fact that is read from it."""
    return {fact.node: Known(KINDS.index(fact.kind), fact.kind, fact.number) for fact in facts}


def kinds_by_node(facts: TrialFacts) -> dict[str, str]:
    """The kind of every finding, by its IRI."""
    groups: tuple[tuple[str, tuple[_Finding, ...]], ...] = (
        ("design", (*facts.design, *facts.registrations)),
        ("population", (*facts.populations, *facts.counts, *facts.baseline)),
        ("arms", facts.arms),
        ("outcomes", facts.endpoints),
        ("results", (*facts.contrasts, *facts.arm_results, *facts.statements)),
        ("conclusions", facts.conclusions),
    )
    return {row.iri: kind for kind, found in groups for row in found}


class _Said:
    """Says each fact in a few words."""

    def __init__(self, facts: TrialFacts, arm_name: ArmName, language: Language) -> None:
        self._facts = facts
        self._arm_name = arm_name
        self._language = language
        self._endpoints = {one.iri: in_language(one.names, language) for one in facts.endpoints}

    def all(self) -> Iterator[tuple[str, str, rows.Name]]:
        """Each finding's IRI, its kind, and what it says."""
        kinds = kinds_by_node(self._facts)
        for node, text in self._texts():
            yield node, kinds[node], text

    def _texts(self) -> Iterator[tuple[str, rows.Name]]:
        facts, language = self._facts, self._language
        for fact in facts.design:
            said = label(fact.value, language) if fact.value else " ".join(filter(None, (fact.text, fact.unit_text)))
            yield fact.iri, self._name(label(fact.aspect, language), said)
        for registration in facts.registrations:
            yield registration.iri, rows.Name(registration.identifier, language)
        for people in facts.populations:
            yield people.iri, in_language(people.names, language) or rows.Name("", language)
        for count in facts.counts:
            yield count.iri, self._name(label(count.kind, language), printed(count.number))
        for value in facts.baseline:
            named = [in_language(names, language) for names in (value.characteristic, value.level)]
            described = ", ".join(name.text for name in named if name is not None)
            yield value.iri, self._name(described, printed(value.value), value.arm)
        for arm in facts.arms:
            yield arm.iri, in_language(arm.names, language) or rows.Name(label(arm.role, language), language)
        for endpoint in facts.endpoints:
            yield endpoint.iri, self._endpoints[endpoint.iri] or rows.Name("", language)
        for estimate in facts.contrasts:
            yield estimate.iri, self._name(self._outcome(estimate.endpoint), self._estimate(estimate))
        for result in facts.arm_results:
            measured = f" {unit(result.unit, language)}" if result.unit else ""
            text = f"{label(result.measure, language)} {printed(result.value)}{measured}"
            yield result.iri, self._name(self._outcome(result.endpoint), text, result.arm)
        for statement in facts.statements:
            yield statement.iri, self._name(self._outcome(statement.endpoint), self._compared(statement))
        for conclusion in facts.conclusions:
            yield conclusion.iri, rows.Name(word("conclusions", language), language)

    def _name(self, about: str, said: str, arm: str | None = None) -> rows.Name:
        named = self._arm_name(arm)
        whose = f" ({named.text})" if named is not None else ""
        return rows.Name(f"{about}: {said}{whose}", self._language)

    def _outcome(self, endpoint: str) -> str:
        found = self._endpoints.get(endpoint)
        return found.text if found else ""

    def _estimate(self, row: rows.Contrast) -> str:
        text = f"{code(row.measure, self._language)} {printed(row.value)}"
        if row.interval is not None:
            low, high = row.interval.low, row.interval.high
            said = plain(row.interval.level) if row.interval.level is not None else None
            shown = ShownInterval(low.text if low else None, high.text if high else None, said, None)
            text += f" ({level(shown, self._language)} {bounds(shown, self._language)})"
        subgroup = in_language(row.context.subgroup, self._language)
        return f"{text} \u00b7 {subgroup.text}" if subgroup is not None else text

    def _compared(self, row: rows.Statement) -> str:
        first, second = self._arm_name(row.arm_for), self._arm_name(row.arm_against)
        if first is None or second is None:
            return label(row.direction, self._language)
        return word(f"said-{last_segment(row.direction)}", self._language, first=first.text, second=second.text)
