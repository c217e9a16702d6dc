"""Records of the EU's Clinical Trials Information System, as the JSON of its public pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from extractors.readers.registries.record import Dated, Detail, Outcome, RegistryRecord
from extractors.readers.registries.tree import Node, nodes, text, texts
from extractors.readers.registries.words import is_organisation, words

# Older answers have the parts of the application at the top.
_PARTS: Final = ("authorizedApplication.authorizedPartI", "authorizedPartI")
# The member states that are concerned, which are those where people are recruited, and countries elsewhere.
_COUNTRIES: Final = (
    ("authorizedApplication.authorizedPartsII.mscInfo.mscName", "authorizedPartsII.mscInfo.mscName"),
    ("authorizedApplication.authorizedPartI.rowCountriesInfo.name", "authorizedPartI.rowCountriesInfo.name"),
)
_NAMES: Final = "trialDetails.clinicalTrialIdentifiers"
_TRIAL: Final = "trialDetails.trialInformation"


def is_ctis(node: Node) -> bool:
    """Whether the data are those of a trial of this system."""
    return text(node, "ctNumber") is not None and any(True for _ in nodes(node, *_PARTS))


def ctis_record(node: Node) -> RegistryRecord | None:
    """The record of a trial; ``None`` without a number."""
    number = text(node, "ctNumber")
    if number is None:
        return None
    part = next(nodes(node, *_PARTS), None)
    numbers = f"{_NAMES}.secondaryIdentifyingNumbers"
    return RegistryRecord(
        identifier=number,
        secondary=(
            *texts(part, f"{numbers}.nctNumber.number"),
            *texts(part, f"{numbers}.isrctnNumber.number"),
            *texts(part, f"{numbers}.whoUniversalTrialNumber.number"),
            *texts(node, "eudraCtInfo.eudraCtCode", "eudraCtNumber"),
        ),
        public_titles=words(text(part, f"{_NAMES}.publicTitle")),
        scientific_titles=words(text(part, f"{_NAMES}.fullTitle") or text(node, "ctTitle", "title")),
        acronym=text(part, f"{_NAMES}.shortTitle"),
        details=tuple(_details(node, part)),
        countries=tuple(name for paths in _COUNTRIES for name in texts(node, *paths)),
        dates=tuple(_dates(node)),
        outcomes=tuple(_outcomes(part)),
    )


def _details(node: Node, part: Node) -> Iterator[Detail]:
    for aspect, field in (("status", "ctStatus"), ("phase", "trialPhase")):
        printed = text(node, field)
        # Some answers have a code here, which says nothing to a reader.
        if printed and not printed.isdecimal():
            yield Detail(aspect, words(printed))
    for sponsor in nodes(part, "sponsors"):
        name = text(sponsor, "organisation.name")
        if name and is_organisation(name):
            yield Detail("sponsor", words(name))
            break
    for condition in dict.fromkeys(texts(part, "medicalConditions.medicalCondition")):
        if found := words(condition):
            yield Detail("condition", found)


def _dates(node: Node) -> Iterator[Dated]:
    for kind, found in (("first enrolment", text(node, "startDateEU")), ("completion", text(node, "endDateEU"))):
        if found:
            yield Dated(kind, found)


def _outcomes(part: Node) -> Iterator[Outcome]:
    for role in ("primary", "secondary"):
        for outcome in texts(part, f"{_TRIAL}.endPoint.{role}EndPoints.endPoint"):
            if names := words(outcome):
                yield Outcome(role, names)
