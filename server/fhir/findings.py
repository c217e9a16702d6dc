"""What the trial found: an Evidence for each effect estimate, each value of an arm, each comparison in words."""

from __future__ import annotations

from collections.abc import Iterator

from kg import rows
from ontology import label
from server.facts import TrialFacts
from server.fhir.parts import (
    LANGUAGE,
    Resource,
    best,
    coded,
    entry,
    interval_estimate,
    kept,
    p_estimate,
    quantity,
    reference,
    statistic_type,
    text,
)
from server.fhir.study import Study, count, study_entries, study_of
from server.urls import Urls

_ROLES = "http://terminology.hl7.org/CodeSystem/variable-role"


def bundle(facts: TrialFacts, urls: Urls) -> Resource:
    """The trial with all its findings as one Bundle of type collection (https://hl7.org/fhir/R5/bundle.html)."""
    study = study_of(facts, urls)
    findings = _Findings(study)
    entries = [*study_entries(study), *findings.estimates(), *findings.values(), *findings.statements()]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


class _Findings:
    def __init__(self, study: Study) -> None:
        self._study = study
        self._quotes: dict[str, list[rows.Evidence]] = {}
        for piece in study.facts.evidence:
            self._quotes.setdefault(piece.node, []).append(piece)

    def estimates(self) -> Iterator[Resource]:
        """The effect estimates, with both arms."""
        for row in self._study.facts.contrasts:
            code = label(row.measure, LANGUAGE)
            statistic = kept(
                description=f"{code} {row.value.text}",
                statisticType=statistic_type(row.measure),
                quantity=quantity(row.value, row.unit, row.unit_text),
                attributeEstimate=[*interval_estimate(row.interval), *p_estimate(row.p)],
            )
            yield self._evidence(row, statistic, self._compared(row.arm_for, row.arm_against), row.context)

    def values(self) -> Iterator[Resource]:
        """The values of single arms."""
        for row in self._study.facts.arm_results:
            size = count(row.n)
            statistic = kept(
                description=f"{label(row.measure, LANGUAGE)} {row.value.text}",
                statisticType=statistic_type(row.measure),
                quantity=quantity(row.value, row.unit, row.unit_text),
                numberOfEvents=count(row.events),
                sampleSize=kept(numberOfParticipants=size) if size is not None else None,
                attributeEstimate=interval_estimate(row.interval),
            )
            arm = [self._variable("exposure", self._study.arm(row.arm))] if row.arm else []
            yield self._evidence(row, statistic, arm, row.context)

    def statements(self) -> Iterator[Resource]:
        """The comparisons in words."""
        for row in self._study.facts.statements:
            statistic = kept(
                description=label(row.direction, LANGUAGE),
                statisticType=text(label(row.direction, LANGUAGE)),
                attributeEstimate=p_estimate(row.p),
            )
            yield self._evidence(row, statistic, self._compared(row.arm_for, row.arm_against), row.context)

    def _compared(self, first: str | None, second: str | None) -> list[Resource]:
        arms = (("exposure", first), ("referenceExposure", second))
        return [self._variable(role, self._study.arm(iri)) for role, iri in arms if iri is not None]

    def _evidence(
        self,
        row: rows.Contrast | rows.ArmResult | rows.Statement,
        statistic: Resource,
        arms: list[Resource],
        context: rows.Context,
    ) -> Resource:
        study = self._study
        name = study.endpoint_name(row.endpoint)
        measured = reference("EvidenceVariable", study.endpoints[row.endpoint], name)
        report = next(one for one in study.facts.reports if one.iri == row.report)
        return entry(
            "Evidence",
            row.iri,
            url=row.iri,
            title=f"{name}: {statistic['description']}",
            status="active",
            relatedArtifact=[kept(type="derived-from", display=report.citation or report.id, resource=report.iri)],
            description=" \u00b7 ".join(_circumstances(context)) or None,
            note=[{"text": f"\u201c{piece.quote}\u201d"} for piece in self._read_from(row.iri)],
            variableDefinition=[
                self._variable("population", reference("Group", study.people, "all participants")),
                *([_subgroup(best(context.subgroup))] if context.subgroup else []),
                *arms,
                self._variable("measuredVariable", measured),
            ],
            statistic=[statistic],
        )

    def _read_from(self, node: str) -> list[rows.Evidence]:
        """The places of the value itself, one for each language."""
        found: dict[str, rows.Evidence] = {}
        for piece in self._quotes.get(node, ()):
            if piece.language not in found or len(piece.quote) > len(found[piece.language].quote):
                found[piece.language] = piece
        return list(found.values())

    def _variable(self, role: str, observed: Resource) -> Resource:
        return {"variableRole": coded(_ROLES, role, role), "observed": observed}


def _subgroup(name: str) -> Resource:
    return {"variableRole": coded(_ROLES, "subpopulation", "subpopulation"), "description": name}


def _circumstances(context: rows.Context) -> Iterator[str]:
    if context.time_point:
        yield best(context.time_point)
    if context.analysis_set:
        yield label(context.analysis_set, LANGUAGE)
    if context.adjusted is not None:
        yield "adjusted" if context.adjusted else "unadjusted"
    if context.planned is not None:
        yield "planned" if context.planned else "post hoc"
