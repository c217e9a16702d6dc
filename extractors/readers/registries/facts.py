"""Writes the document of a registry record, and says which findings its fields are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import ontology
from extractors.documents import Language
from extractors.findings import (
    Arm,
    ArmResult,
    Contrast,
    DesignFact,
    Endpoint,
    EndpointRole,
    Facts,
    Name,
    Population,
    Registration,
)
from extractors.keys import digest, readable
from extractors.readers.language import language_of
from extractors.readers.registries.page import Page, Place
from extractors.readers.registries.posted import PostedFacts, posted_facts
from extractors.readers.registries.record import RegistryRecord, Words
from extractors.readers.registries.words import code_of, concept_of, count, country_of, iso_date, named_concept
from extractors.registered import (
    Registered,
    RegisteredArm,
    RegisteredDate,
    RegisteredDetail,
    RegisteredIntervention,
    RegisteredOutcome,
    RegisteredSize,
)
from extractors.registry_numbers import number_of_record, numbers_in_field
from ontology import Concept

Keyed = TypeVar("Keyed", RegisteredOutcome, RegisteredArm, RegisteredIntervention)

# Whose aspects have values below the concept of that name in ontology/records.ttl.
_CODED = ("study-type", "purpose", "phase", "allocation", "masking", "model", "status")


@dataclass(frozen=True, slots=True)
class Composed:
    """The text of a record, its sections, and its findings."""

    page: Page
    facts: Facts


@dataclass(slots=True)
class _Found:
    registrations: list[Registration] = field(default_factory=list)
    outcomes: list[RegisteredOutcome] = field(default_factory=list)
    arms: list[RegisteredArm] = field(default_factory=list)
    interventions: list[RegisteredIntervention] = field(default_factory=list)
    details: list[RegisteredDetail] = field(default_factory=list)
    sizes: list[RegisteredSize] = field(default_factory=list)
    dates: list[RegisteredDate] = field(default_factory=list)
    countries: dict[str, DesignFact] = field(default_factory=dict)


def composed(record: RegistryRecord, document: str) -> Composed:
    """The page of the record and its facts; raises ValueError if its number is of no known registry."""
    page, found = Page(), _Found()
    own = number_of_record(record.identifier)
    if own is None:
        raise ValueError(f"{record.identifier!r} is the number of no registry that is known")
    _write_identity(page, record, own, found)
    _write_particulars(page, record, found)
    _write_plan(page, record, found)
    posted = posted_facts(page, record, found.arms)
    return Composed(page, _facts(document, page, own[0], found, posted))


def _facts(document: str, page: Page, identifier: str, found: _Found, posted: PostedFacts) -> Facts:
    spoken = {part.language for part in page.parts if part.in_abstract}
    languages: tuple[Language, ...] = tuple(language for language in ("en", "zh") if language in spoken)
    registered = Registered(
        identifier=identifier,
        outcomes=_once(found.outcomes),
        arms=_once(found.arms),
        interventions=_once(found.interventions),
        details=tuple(found.details),
        sizes=tuple(found.sizes),
        dates=tuple(found.dates),
    )
    arms: tuple[Arm, ...] = posted.arms
    endpoints: tuple[Endpoint, ...] = posted.endpoints
    contrasts: tuple[Contrast, ...] = posted.contrasts
    values: tuple[ArmResult, ...] = posted.values
    return Facts(
        document=document,
        languages=languages,
        registrations=tuple(found.registrations),
        design=tuple(found.countries.values()),
        population=Population((), (), ()),
        arms=arms,
        endpoints=endpoints,
        contrasts=contrasts,
        arm_results=values,
        statements=(),
        conclusions=(),
        registered=registered,
    )


def _once(items: Sequence[Keyed]) -> tuple[Keyed, ...]:
    """The items, each key once: what is registered twice in the same words is one fact."""
    first: dict[str, Keyed] = {}
    for item in items:
        first.setdefault(item.key, item)
    return tuple(first.values())


def _write_identity(page: Page, record: RegistryRecord, own: tuple[str, Concept], found: _Found) -> None:
    """The numbers and titles; a second number of the same registry is another trial's."""
    page.write_all("public-title", record.public_titles, "title", first=True)
    page.write_all("scientific-title", record.scientific_titles, "title")
    if record.acronym:
        page.write("acronym", Words(record.acronym, "en"))
    place = page.write("identifier", Words(record.identifier, "en"), first=True)
    registrations = {own[0]: Registration(own[0], _notation(own[1]), "own", (place.evidence("identifier"),))}
    for printed in record.secondary:
        numbers = numbers_in_field(printed)
        # Numbers of sponsors and funders name no record of a registry; what else stands beside one stays out.
        for number, registry in numbers:
            place = page.write("secondary-identifier", Words(number, "en"))
            if number not in registrations:
                role = "mentioned" if registry.iri == own[1].iri else "secondary"
                evidence = (place.evidence("identifier"),)
                registrations[number] = Registration(number, _notation(registry), role, evidence)  # type: ignore[arg-type]
    found.registrations.extend(registrations[number] for number in sorted(registrations))


def _notation(registry: Concept) -> str:
    return registry.notations[0] if registry.notations else registry.name


def _write_particulars(page: Page, record: RegistryRecord, found: _Found) -> None:
    for detail in record.details:
        field_name = detail.aspect
        for place in page.write_all(field_name, detail.values, first=detail is record.details[0]):
            concept = _concept_of_detail(detail.aspect, place)
            value = Name(place.quote, place.language, concept)
            found.details.append(RegisteredDetail(detail.aspect, value, (place.evidence("value"),)))
    for printed in record.countries:
        code = country_of(printed)
        if code is not None and code not in found.countries:
            place = page.write("country", Words(printed, language_of(printed)), first=not found.countries)
            found.countries[code] = DesignFact("country", code, (place.evidence("value"),))
    for size in record.sizes:
        number = count(size.number)
        kind = code_of("size-kind", size.kind)
        if number is None:
            continue
        place = page.write("enrolment", Words(f"{size.number} ({kind})" if kind else size.number, "en"))
        evidence = (place.part(number.text).evidence("value"),)
        found.sizes.append(RegisteredSize(_plain_code(kind), number, evidence))
    for dated in record.dates:
        date = iso_date(dated.text)
        certainty = code_of("certainty", dated.certainty)
        if date is None:
            continue
        field_name = _field_of(dated.kind)
        place = page.write(field_name, Words(f"{dated.text} ({certainty})" if certainty else dated.text, "en"))
        evidence = (place.part(dated.text).evidence("value"),)
        found.dates.append(RegisteredDate(dated.kind, dated.text, date, _plain_code(certainty), evidence))


def _plain_code(code: str | None) -> str | None:
    return code if code in ("planned", "actual") else None


def _field_of(kind: str) -> str:
    return ontology.notations("records", "date-kind")[kind].rsplit("/", 1)[-1]


def _concept_of_detail(aspect: str, place: Place) -> str | None:
    if aspect in _CODED:
        return concept_of(aspect, place.quote)
    if aspect == "condition":
        return ontology.forms("conditions", place.language).get(place.quote.casefold())
    return None


def _write_plan(page: Page, record: RegistryRecord, found: _Found) -> None:
    for group in record.groups:
        names = page.write_all("arm", group.names, first=True)
        if not names:
            continue
        kind = concept_of("arm-type", group.kind) if group.kind else None
        size = count(group.size)
        evidence = [place.evidence("name") for place in names]
        if group.kind:
            evidence.append(page.write("outcome-type", Words(group.kind, "en")).evidence("role"))
        if size is not None:
            evidence.append(page.write("size-of-arm", Words(size.text, "en")).evidence("size"))
        described = page.write_all("description", group.descriptions)
        evidence += [place.evidence("text") for place in described]
        key = _key(names, "arm")
        found.arms.append(RegisteredArm(key, _names(names), kind, _names(described), size, tuple(evidence)))
    for treatment in record.treatments:
        names = page.write_all("intervention", treatment.names, first=True)
        if not names:
            continue
        evidence = [place.evidence("name") for place in names]
        kind = concept_of("intervention-type", treatment.kind) if treatment.kind else None
        if treatment.kind:
            evidence.append(page.write("outcome-type", Words(treatment.kind, "en")).evidence("role"))
        named = _names(names, "interventions")
        found.interventions.append(RegisteredIntervention(_key(names, "intervention"), named, kind, tuple(evidence)))
    for outcome in record.outcomes:
        role = _role(outcome.role)
        names = page.write_all(f"{role}-outcome", outcome.names, first=True)
        if not names:
            continue
        times = page.write_all("time-frame", outcome.time_frames)
        described = page.write_all("description", outcome.descriptions)
        evidence = [place.evidence("name") for place in names]
        evidence += [place.evidence("time") for place in times] + [place.evidence("text") for place in described]
        key = f"{role}-{_key([*names, *times], 'outcome')}"
        named = _names(names, "endpoints")
        found.outcomes.append(RegisteredOutcome(key, role, named, _names(times), _names(described), tuple(evidence)))


def _role(printed: str) -> EndpointRole:
    code = code_of("outcome-role", printed)
    return "primary" if code == "primary" else "secondary" if code == "secondary" else "other"


def _key(places: Sequence[Place], kind: str) -> str:
    return f"{readable(places[0].quote) or kind}-{digest(*(place.quote for place in places))}"


def _names(places: Sequence[Place], scheme: str | None = None) -> tuple[Name, ...]:
    return tuple(
        Name(place.quote, place.language, scheme and named_concept(scheme, place.quote, place.language))
        for place in places
    )
