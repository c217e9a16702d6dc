"""A registry record as its source gives it: printed values by field, before any of them is understood.

Readers of formats fill it; ``writing`` makes the document of it and ``facts`` its findings. It has no place for names,
addresses, telephone numbers or e-mail addresses of people, so none of them can enter the graph.
"""

from __future__ import annotations

from dataclasses import dataclass

from extractors.documents import Language


@dataclass(frozen=True, slots=True)
class Words:
    """A printed value; its language is told from its characters where the source does not say."""

    text: str
    language: Language | None = None


Texts = tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """``role`` as printed ("PRIMARY"); name, time frame and description in one language or two."""

    role: str
    names: Texts
    time_frames: Texts = ()
    descriptions: Texts = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A planned arm; ``kind`` and ``size`` as printed."""

    names: Texts
    kind: str | None = None
    descriptions: Texts = ()
    size: str | None = None


@dataclass(frozen=True, slots=True)
class Treatment:
    """A planned intervention; ``kind`` as printed ("DRUG")."""

    names: Texts
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Detail:
    """A value of an aspect, which is a notation below ``aspect`` of ontology/records.ttl."""

    aspect: str
    values: Texts


@dataclass(frozen=True, slots=True)
class Size:
    """A number of people of the whole trial; ``kind`` as printed ("ACTUAL"), ``None`` if not said."""

    number: str
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """A printed date; ``kind`` is a notation below ``date-kind``, ``certainty`` as printed."""

    kind: str
    text: str
    certainty: str | None = None


@dataclass(frozen=True, slots=True)
class PostedValue:
    """A value of one group in one class and category of an outcome measure, all as printed.

    ``size`` is the number of people of the class, where it has one of its own.
    """

    group: str
    value: str
    spread: str | None = None
    low: str | None = None
    high: str | None = None
    size: str | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PostedAnalysis:
    """A statistical analysis of an outcome measure, all as printed; ``groups`` are ids, ``about`` explains them."""

    groups: tuple[str, ...]
    effect: str | None = None
    value: str | None = None
    level: str | None = None
    low: str | None = None
    high: str | None = None
    sides: str | None = None
    p: str | None = None
    method: str | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class PostedOutcome:
    """An outcome measure of a results section; ``groups`` and ``denominators`` go from a group's id."""

    role: str
    title: str
    time_frame: str | None
    parameter: str | None
    spread: str | None
    unit: str | None
    groups: tuple[tuple[str, str], ...]
    denominators: tuple[tuple[str, str], ...]
    values: tuple[PostedValue, ...]
    analyses: tuple[PostedAnalysis, ...]


@dataclass(frozen=True, slots=True)
class RegistryRecord:
    """One record: its number, the registry's concept name where the format tells it, and its fields in order.

    ``countries`` are those of recruitment, as printed.
    """

    identifier: str
    secondary: tuple[str, ...] = ()
    public_titles: Texts = ()
    scientific_titles: Texts = ()
    acronym: str | None = None
    details: tuple[Detail, ...] = ()
    countries: tuple[str, ...] = ()
    sizes: tuple[Size, ...] = ()
    dates: tuple[Dated, ...] = ()
    groups: tuple[Group, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    posted: tuple[PostedOutcome, ...] = ()
