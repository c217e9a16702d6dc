"""What a registry record says of its trial, as frozen data with the field of the record as evidence.

These are plans and particulars that were registered. What the record's results section reports is kept as the
findings that a paper would have (``extractors.findings``).
"""

from __future__ import annotations

from dataclasses import dataclass

from extractors.findings import EndpointRole, Evidence, Name, Number


@dataclass(frozen=True, slots=True)
class RegisteredOutcome:
    """An outcome with its role and, as printed, when it is measured and how it is explained."""

    key: str
    role: EndpointRole
    names: tuple[Name, ...]
    time_frames: tuple[Name, ...]
    descriptions: tuple[Name, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class RegisteredArm:
    """An arm; ``kind`` is the IRI of a concept below ``arm-type`` of ontology/records.ttl, ``None`` if not given."""

    key: str
    names: tuple[Name, ...]
    kind: str | None
    descriptions: tuple[Name, ...]
    size: Number | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class RegisteredIntervention:
    """An intervention; ``kind`` is the IRI of a concept below ``intervention-type``, ``None`` if not given."""

    key: str
    names: tuple[Name, ...]
    kind: str | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class RegisteredDetail:
    """A particular of the trial: ``aspect`` is a notation below ``aspect`` of ontology/records.ttl.

    The value is kept as printed, with its concept where the lexicon has one.
    """

    aspect: str
    value: Name
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class RegisteredSize:
    """How many people the trial has or is to have; ``kind`` is "planned" or "actual", ``None`` if not said."""

    kind: str | None
    number: Number
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class RegisteredDate:
    """A date; ``kind`` is a notation below ``date-kind``.

    ``date`` is ISO 8601, of a day or of a month ("2015-09"). ``certainty`` is "planned" or "actual", ``None`` if
    not said.
    """

    kind: str
    text: str
    date: str
    certainty: str | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Registered:
    """All that one registry record registers."""

    identifier: str
    outcomes: tuple[RegisteredOutcome, ...] = ()
    arms: tuple[RegisteredArm, ...] = ()
    interventions: tuple[RegisteredIntervention, ...] = ()
    details: tuple[RegisteredDetail, ...] = ()
    sizes: tuple[RegisteredSize, ...] = ()
    dates: tuple[RegisteredDate, ...] = ()
