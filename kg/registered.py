"""Adds what a registry record registers to its assertion: facts of classes of their own, apart from what papers say."""

from __future__ import annotations

from rdflib import RDF, XSD, Literal, URIRef

from extractors.findings import Facts, Name
from extractors.registered import (
    Registered,
    RegisteredArm,
    RegisteredDate,
    RegisteredDetail,
    RegisteredIntervention,
    RegisteredOutcome,
    RegisteredSize,
)
from kg.assertion import Assertion
from kg.codes import coded
from kg.iris import digest
from ontology import EV


def add_registered(assertion: Assertion, facts: Facts) -> None:
    """Add all that the record registers; nothing for any other report. Raises UnknownCode."""
    registered = facts.registered
    if registered is None:
        return
    assertion.add(assertion.report, RDF.type, EV.RegistryRecord)
    assertion.add(assertion.report, EV.recordOf, assertion.iris.registration(registered.identifier))
    _add(assertion, registered)


def _add(assertion: Assertion, registered: Registered) -> None:
    for outcome in registered.outcomes:
        _add_outcome(assertion, outcome)
    for arm in registered.arms:
        _add_arm(assertion, arm)
    for intervention in registered.interventions:
        _add_intervention(assertion, intervention)
    for detail in registered.details:
        _add_detail(assertion, detail)
    for size in registered.sizes:
        _add_size(assertion, size)
    for date in registered.dates:
        _add_date(assertion, date)


def _fact(assertion: Assertion, kind: str, key: str, type_: URIRef) -> URIRef:
    node = assertion.finding(f"registered-{kind}", key, type_, EV.registers)
    assertion.add(node, RDF.type, EV.RegisteredFact)
    return node


def _add_outcome(assertion: Assertion, outcome: RegisteredOutcome) -> None:
    node = _fact(assertion, "outcome", outcome.key, EV.RegisteredOutcome)
    assertion.read_from(node, outcome.evidence)
    assertion.add(node, EV.endpointRole, coded("designs", outcome.role, "endpoint-role"))
    assertion.names(node, EV.name, outcome.names)
    assertion.concept(node, outcome.names)
    _texts(assertion, node, EV.timeFrame, outcome.time_frames)
    _texts(assertion, node, EV.description, outcome.descriptions)


def _add_arm(assertion: Assertion, arm: RegisteredArm) -> None:
    node = _fact(assertion, "arm", arm.key, EV.RegisteredArm)
    assertion.read_from(node, arm.evidence)
    assertion.names(node, EV.name, arm.names)
    assertion.add(node, EV.armType, None if arm.kind is None else URIRef(arm.kind))
    _texts(assertion, node, EV.description, arm.descriptions)
    assertion.number(node, "size", arm.size)


def _add_intervention(assertion: Assertion, intervention: RegisteredIntervention) -> None:
    node = _fact(assertion, "intervention", intervention.key, EV.RegisteredIntervention)
    assertion.read_from(node, intervention.evidence)
    assertion.names(node, EV.name, intervention.names)
    assertion.add(node, EV.interventionType, None if intervention.kind is None else URIRef(intervention.kind))
    assertion.concept(node, intervention.names)


def _add_detail(assertion: Assertion, detail: RegisteredDetail) -> None:
    value = detail.value
    node = _fact(assertion, "detail", f"{detail.aspect}-{digest(value.language, value.text)}", EV.RegisteredDetail)
    assertion.read_from(node, detail.evidence)
    assertion.add(node, EV.aspect, coded("records", detail.aspect, "aspect"))
    assertion.add(node, EV.detailText, Literal(value.text, lang=value.language))
    assertion.concept(node, (value,))


def _add_size(assertion: Assertion, size: RegisteredSize) -> None:
    node = _fact(assertion, "size", f"{size.kind or 'size'}-{digest(size.number.text)}", EV.RegisteredSize)
    assertion.read_from(node, size.evidence)
    assertion.add(node, EV.sizeKind, None if size.kind is None else coded("records", size.kind, "size-kind"))
    assertion.number(node, "value", size.number)


def _add_date(assertion: Assertion, date: RegisteredDate) -> None:
    kind = coded("records", date.kind, "date-kind")
    node = _fact(assertion, "date", f"{kind.rsplit('/', 1)[-1]}-{date.date}", EV.RegisteredDate)
    assertion.read_from(node, date.evidence)
    assertion.add(node, EV.dateKind, kind)
    type_ = XSD.gYearMonth if date.date.count("-") == 1 else XSD.date
    assertion.add(node, EV.date, Literal(date.date, datatype=type_, normalize=False))
    assertion.add(node, EV.dateText, Literal(date.text))
    certainty = None if date.certainty is None else coded("records", date.certainty, "certainty")
    assertion.add(node, EV.dateCertainty, certainty)


def _texts(assertion: Assertion, node: URIRef, predicate: URIRef, texts: tuple[Name, ...]) -> None:
    for text in texts:
        assertion.add(node, predicate, Literal(text.text, lang=text.language))
