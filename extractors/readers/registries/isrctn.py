"""Records of the ISRCTN registry, as its XML or that turned into JSON; described at https://www.isrctn.com/page/faqs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from extractors.readers.registries.record import Dated, Detail, Outcome, RegistryRecord, Size
from extractors.readers.registries.tree import Node, attribute, nodes, text, texts
from extractors.readers.registries.words import words

_SIZES: Final = (("participants.targetEnrolment", "planned"), ("participants.totalFinalEnrolment", "actual"))


def isrctn_trials(root: Node) -> Iterator[Node]:
    """The trials of a file: one, a list, or a set of the registry's XML."""
    for path in ("fullTrial.trial", "trial"):
        found = [*nodes(root, path)]
        if found:
            yield from found
            return
    yield from nodes({"root": root}, "root")


def is_isrctn(trial: Node) -> bool:
    """Whether the data are those of a trial of this registry."""
    return text(trial, "isrctn") is not None and any(True for _ in nodes(trial, "trialDescription"))


def isrctn_record(trial: Node) -> RegistryRecord | None:
    """The record of a trial; ``None`` without a number of eight digits."""
    number = (text(trial, "isrctn") or "").upper().removeprefix("ISRCTN")
    if len(number) != 8 or not number.isdecimal():
        return None
    return RegistryRecord(
        identifier=f"ISRCTN{number}",
        secondary=tuple(
            dict.fromkeys(
                (
                    *texts(trial, "externalRefs.clinicalTrialsGovNumber"),
                    *texts(trial, "externalRefs.eudraCTNumber"),
                    *texts(trial, "externalRefs.secondaryNumbers.secondaryNumber"),
                )
            )
        ),
        public_titles=words(text(trial, "trialDescription.title")),
        scientific_titles=words(text(trial, "trialDescription.scientificTitle")),
        acronym=text(trial, "trialDescription.acronym"),
        details=tuple(_details(trial)),
        countries=texts(trial, "participants.recruitmentCountries.country"),
        sizes=tuple(Size(found, kind) for path, kind in _SIZES if (found := text(trial, path)) and found.isdecimal()),
        dates=tuple(_dates(trial)),
        outcomes=tuple(_outcomes(trial)),
    )


def _details(trial: Node) -> Iterator[Detail]:
    for aspect, path in (
        ("study-type", "trialDesign.primaryStudyDesign"),
        ("allocation", "trialDesign.secondaryStudyDesign"),
        ("study-design", "trialDesign.studyDesign"),
        ("purpose", "trialDesign.trialTypes.trialType"),
        ("phase", "interventions.intervention.phase"),
        ("condition", "conditions.condition.description"),
    ):
        found = words(text(trial, path))
        if found:
            yield Detail(aspect, found)


def _dates(trial: Node) -> Iterator[Dated]:
    for kind, found in (
        ("registered", attribute(trial, "isrctn", "dateAssigned")),
        ("first enrolment", text(trial, "participants.recruitmentStart")),
        ("completion", text(trial, "trialDesign.overallEndDate")),
    ):
        if found:
            yield Dated(kind, found.split("T")[0])


def _outcomes(trial: Node) -> Iterator[Outcome]:
    for role in ("primary", "secondary"):
        plain = texts(trial, f"trialDescription.{role}Outcome")
        listed = [*nodes(trial, f"trialDescription.{role}Outcomes.outcomeMeasure")]
        if listed:
            for outcome in listed:
                names = words(text(outcome, "variable"))
                if names:
                    yield Outcome(role, names, words(text(outcome, "timepoints")), words(text(outcome, "method")))
        else:
            for printed in plain:
                if names := words(printed):
                    yield Outcome(role, names)
