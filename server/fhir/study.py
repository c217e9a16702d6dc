"""The trial itself: ResearchStudy, a Group for its people and each arm, an EvidenceVariable for each endpoint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from kg import rows
from ontology import concept, label
from server.evidence import last_segment
from server.facts import TrialFacts
from server.fhir.parts import LANGUAGE, Resource, best, coded, entry, kept, number, reference, text
from server.results import arm_groups, endpoint_groups
from server.urls import Urls, doi_page

# Code systems of FHIR R5 and its terminology (https://hl7.org/fhir/R5/researchstudy.html).
_PHASES: Final = "http://terminology.hl7.org/CodeSystem/research-study-phase"
_DESIGNS: Final = "http://hl7.org/fhir/study-design"
_ARMS: Final = "http://hl7.org/fhir/research-study-arm-type"
_OBJECTIVES: Final = "http://hl7.org/fhir/research-study-objective-type"
_COUNTRIES: Final = "urn:iso:std:iso:3166"
# Aspects of the design for which FHIR has fields of their own.
_APART: Final = frozenset({"phase", "country"})
_RANDOMISED: Final = ("SEVCO:01003", "randomized assignment")
_PHASE_CODES: Final = {
    "phase-1": "phase-1",
    "phase-1-2": "phase-1-phase-2",
    "phase-2": "phase-2",
    "phase-2-3": "phase-2-phase-3",
    "phase-3": "phase-3",
    "phase-4": "phase-4",
}


Node = TypeVar("Node", rows.Arm, rows.Endpoint)


@dataclass(frozen=True, slots=True)
class Study:
    """One trial, with the node that stands for each arm and each endpoint of all its reports."""

    facts: TrialFacts
    urls: Urls
    arms: dict[str, str]
    endpoints: dict[str, str]

    @property
    def people(self) -> str:
        """The IRI of the group of all its people."""
        return f"{self.facts.iri}/people"

    @property
    def title(self) -> str:
        """A title of a report, English if there is one, else the key."""
        return best(name for report in self.facts.reports for name in report.titles) or self.facts.key

    def arm(self, iri: str) -> Resource:
        """The reference to an arm's group."""
        return reference("Group", self.arms[iri], self.arm_name(iri))

    def arm_name(self, iri: str) -> str:
        """What an arm is called."""
        return best(next(arm.names for arm in self.facts.arms if arm.iri == self.arms[iri]))

    def endpoint_name(self, iri: str) -> str:
        """What an endpoint is called."""
        return best(next(one.names for one in self.facts.endpoints if one.iri == self.endpoints[iri]))


def study_of(facts: TrialFacts, urls: Urls) -> Study:
    """The trial, its reports' arms and endpoints taken together as on its page."""
    arms = {arm.iri: group[0].iri for group in arm_groups(facts.arms) for arm in group}
    endpoints = {one.iri: group[0].iri for group in endpoint_groups(facts.endpoints) for one in group}
    return Study(facts, urls, arms, endpoints)


def study_entries(study: Study) -> Iterator[Resource]:
    """The resources that say what the trial is."""
    facts = study.facts
    yield entry(
        "ResearchStudy",
        facts.iri,
        url=facts.iri,
        identifier=[
            kept(system=_registry(row), value=row.identifier)
            for row in {row.identifier: row for row in facts.registrations if last_segment(row.role) == "own"}.values()
        ],
        name=next((acronym for report in facts.reports for acronym in report.acronyms), None),
        title=study.title,
        status="active",
        phase=next(iter(_phases(facts)), None),
        studyDesign=list(_designs(facts)),
        region=[coded(_COUNTRIES, code, name) for code, name in _countries(facts)],
        condition=[text(best(population.names)) for population in facts.populations if population.names],
        relatedArtifact=[_report(report) for report in facts.reports],
        recruitment=kept(
            actualNumber=_randomised(facts), actualGroup=reference("Group", study.people, "all participants")
        ),
        comparisonGroup=[_comparison_group(study, arm) for arm in _first(facts.arms, study.arms)],
        outcomeMeasure=[_outcome(study, one) for one in _first(facts.endpoints, study.endpoints)],
        note=[{"text": row.text} for row in facts.conclusions],
    )
    yield entry(
        "Group",
        study.people,
        type="person",
        membership="enumerated",
        name="; ".join(dict.fromkeys(best(one.names) for one in facts.populations if one.names)) or "participants",
        quantity=_randomised(facts),
    )
    for arm in _first(facts.arms, study.arms):
        yield entry(
            "Group",
            arm.iri,
            type="person",
            membership="enumerated",
            name=best(arm.names) or label(arm.role, LANGUAGE),
            quantity=int(arm.size.value) if arm.size else None,
        )
    for one in _first(facts.endpoints, study.endpoints):
        yield entry(
            "EvidenceVariable",
            one.iri,
            title=best(one.names),
            status="active",
            description=_definition(one),
        )


def _first(items: Sequence[Node], stand_for: dict[str, str]) -> list[Node]:
    """The nodes that stand for a group of nodes."""
    return [item for item in items if stand_for[item.iri] == item.iri]


def _registry(row: rows.Registration) -> str | None:
    return row.record_page.removesuffix(row.identifier) if row.record_page else label(row.registry, LANGUAGE)


def _phases(facts: TrialFacts) -> Iterator[Resource]:
    for fact in facts.design:
        if last_segment(fact.aspect) == "phase" and fact.value is not None:
            code = _PHASE_CODES.get(last_segment(fact.value))
            name = label(fact.value, LANGUAGE)
            yield coded(_PHASES, code, name) if code else text(name)


def _countries(facts: TrialFacts) -> Iterator[tuple[str, str]]:
    """The code and the name of each country of recruitment."""
    found = (fact.value for fact in facts.design if last_segment(fact.aspect) == "country" and fact.value)
    for iri in dict.fromkeys(found):
        yield last_segment(iri).upper(), label(iri, LANGUAGE)


def _designs(facts: TrialFacts) -> Iterator[Resource]:
    found = (fact for fact in facts.design if last_segment(fact.aspect) not in _APART)
    values = dict.fromkeys(fact.value for fact in found if fact.value)
    for value in values:
        randomised = last_segment(value) == "randomised"
        yield coded(_DESIGNS, *_RANDOMISED) if randomised else text(label(value, LANGUAGE))


def _report(report: rows.Report) -> Resource:
    cited = report.citation or f"{best(report.titles)}. {report.journal or ''} {report.year or ''}".strip()
    document = kept(url=doi_page(report.doi)) if report.doi else None
    return kept(type="citation", citation=cited, document=document)


def _randomised(facts: TrialFacts) -> int | None:
    counts = [int(row.number.value) for row in facts.counts if last_segment(row.kind) == "randomised"]
    return max(counts, default=None)


def _comparison_group(study: Study, arm: rows.Arm) -> Resource:
    role = label(arm.role, LANGUAGE)
    experimental = last_segment(arm.role) == "experimental"
    return kept(
        linkId=study.arms[arm.iri].rpartition("/")[2],
        name=best(arm.names) or role,
        type=coded(_ARMS, "experimental", "Experimental") if experimental else text(role),
        observedGroup=reference("Group", arm.iri, best(arm.names)),
    )


def _outcome(study: Study, one: rows.Endpoint) -> Resource:
    role = last_segment(one.role)
    known = coded(_OBJECTIVES, role, role.capitalize()) if role in {"primary", "secondary"} else None
    return kept(
        name=best(one.names),
        type=[known or text(label(one.role, LANGUAGE))],
        reference=reference("EvidenceVariable", study.endpoints[one.iri], best(one.names)),
    )


def _definition(one: rows.Endpoint) -> str | None:
    found = concept(one.concept) if one.concept else None
    return found.definitions.get(LANGUAGE) if found else None


def count(found: rows.Quantity | None) -> int | None:
    """A number of people or events, ``None`` for one that is not whole."""
    value = None if found is None else number(found.value)
    return value if isinstance(value, int) else None
