"""Records of ClinicalTrials.gov: the JSON of API v2, that of the API before it, and the older XML.

The fields are described at https://clinicaltrials.gov/data-api/about-api/study-data-structure. Each field has one path
for each of the three formats; the older XML is also met turned into JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from extractors.readers.registries.posted_tree import posted_outcomes
from extractors.readers.registries.record import Dated, Detail, Group, Outcome, RegistryRecord, Size, Treatment, Words
from extractors.readers.registries.tree import Node, attribute, nodes, text, texts
from extractors.readers.registries.words import is_organisation, words

_V2: Final = "protocolSection"
_V1: Final = "ProtocolSection"
# The class of a sponsor that is a person.
_PERSON: Final = "INDIV"
_KNOWN_CLASSES: Final = frozenset({"INDUSTRY", "NIH", "FED", "OTHER_GOV", "NETWORK"})

_NUMBER = ("protocolSection.identificationModule.nctId", "ProtocolSection.IdentificationModule.NCTId", "id_info.nct_id")
_DETAILS: Final[tuple[tuple[str, tuple[str, str, str]], ...]] = (
    (
        "status",
        (
            "protocolSection.statusModule.overallStatus",
            "ProtocolSection.StatusModule.OverallStatus",
            "overall_status",
        ),
    ),
    ("study-type", ("protocolSection.designModule.studyType", "ProtocolSection.DesignModule.StudyType", "study_type")),
    (
        "phase",
        ("protocolSection.designModule.phases", "ProtocolSection.DesignModule.PhaseList.Phase", "phase"),
    ),
    (
        "allocation",
        (
            "protocolSection.designModule.designInfo.allocation",
            "ProtocolSection.DesignModule.DesignInfo.DesignAllocation",
            "study_design_info.allocation",
        ),
    ),
    (
        "model",
        (
            "protocolSection.designModule.designInfo.interventionModel",
            "ProtocolSection.DesignModule.DesignInfo.DesignInterventionModel",
            "study_design_info.intervention_model",
        ),
    ),
    (
        "masking",
        (
            "protocolSection.designModule.designInfo.maskingInfo.masking",
            "ProtocolSection.DesignModule.DesignInfo.DesignMaskingInfo.DesignMasking",
            "study_design_info.masking",
        ),
    ),
    (
        "purpose",
        (
            "protocolSection.designModule.designInfo.primaryPurpose",
            "ProtocolSection.DesignModule.DesignInfo.DesignPrimaryPurpose",
            "study_design_info.primary_purpose",
        ),
    ),
)
_CONDITIONS = (
    "protocolSection.conditionsModule.conditions",
    "ProtocolSection.ConditionsModule.ConditionList.Condition",
    "condition",
)
# Of the places where people are recruited; the older XML has a list of their countries too.
_COUNTRIES: Final = (
    "protocolSection.contactsLocationsModule.locations.country",
    "ProtocolSection.ContactsLocationsModule.LocationList.Location.LocationCountry",
    "location_countries.country",
)
# Kind of date, its path in API v2 and in the API before it, its element in the older XML.
_DATES: Final = (
    ("registered", "studyFirstSubmitDate", "StudyFirstSubmitDate", "study_first_submitted"),
    ("first enrolment", "startDateStruct.date", "StartDateStruct.StartDate", "start_date"),
    (
        "primary completion",
        "primaryCompletionDateStruct.date",
        "PrimaryCompletionDateStruct.PrimaryCompletionDate",
        "primary_completion_date",
    ),
    ("completion", "completionDateStruct.date", "CompletionDateStruct.CompletionDate", "completion_date"),
    (
        "results posted",
        "resultsFirstPostDateStruct.date",
        "ResultsFirstPostDateStruct.ResultsFirstPostDate",
        "results_first_posted",
    ),
)
_OUTCOMES: Final = (("primary", "Primary"), ("secondary", "Secondary"), ("other", "Other"))


def ctgov_studies(root: Node) -> Iterator[Node]:
    """The studies of a file: one, a list, a page of the API's answer, or a set of the older XML."""
    for path in ("studies", "FullStudiesResponse.FullStudies.Study", "FullStudy.Study", "Study", "clinical_study"):
        found = [*nodes(root, path)]
        if found:
            yield from found
            return
    yield from nodes({"root": root}, "root")


def is_ctgov(study: Node) -> bool:
    """Whether the data are those of a study of this registry, in one of its formats."""
    return any(True for _ in nodes(study, _V2, _V1, "id_info"))


def ctgov_record(study: Node) -> RegistryRecord | None:
    """The record of a study; ``None`` without a number."""
    number = text(study, *_NUMBER)
    if number is None:
        return None
    return RegistryRecord(
        identifier=number,
        secondary=texts(
            study,
            "protocolSection.identificationModule.secondaryIdInfos.id",
            "ProtocolSection.IdentificationModule.SecondaryIdInfoList.SecondaryIdInfo.SecondaryId",
            "id_info.secondary_id",
        ),
        public_titles=_words(
            study, "identificationModule.briefTitle", "IdentificationModule.BriefTitle", "brief_title"
        ),
        scientific_titles=_words(
            study, "identificationModule.officialTitle", "IdentificationModule.OfficialTitle", "official_title"
        ),
        acronym=_one(study, "identificationModule.acronym", "IdentificationModule.Acronym", "acronym"),
        details=tuple(_details(study)),
        countries=tuple(dict.fromkeys(texts(study, *_COUNTRIES))),
        sizes=tuple(_sizes(study)),
        dates=tuple(_dates(study)),
        groups=tuple(_groups(study)),
        treatments=tuple(_treatments(study)),
        outcomes=tuple(_outcomes(study)),
        posted=tuple(posted_outcomes(study)),
    )


def _one(study: Node, second: str, first: str, older: str) -> str | None:
    return text(study, f"{_V2}.{second}", f"{_V1}.{first}", older)


def _words(study: Node, second: str, first: str, older: str) -> tuple[Words, ...]:
    return words(_one(study, second, first, older), "en")


def _details(study: Node) -> Iterator[Detail]:
    for aspect, paths in _DETAILS:
        found = texts(study, *paths)
        if found:
            # Two phases are one phase of both: "PHASE1", "PHASE2".
            yield Detail(aspect, words("/".join(found) if aspect == "phase" else found[0], "en"))
    sponsor = _sponsor(study)
    if sponsor:
        yield Detail("sponsor", words(sponsor, "en"))
    for condition in texts(study, *_CONDITIONS):
        yield Detail("condition", words(condition, "en"))


def _sponsor(study: Node) -> str | None:
    module = "sponsorCollaboratorsModule.leadSponsor"
    old = "SponsorCollaboratorsModule.LeadSponsor"
    name = _one(study, f"{module}.name", f"{old}.LeadSponsorName", "sponsors.lead_sponsor.agency")
    kind = _one(study, f"{module}.class", f"{old}.LeadSponsorClass", "sponsors.lead_sponsor.agency_class")
    if name is None or (kind or "").upper() == _PERSON:
        return None
    return name if (kind or "").upper() in _KNOWN_CLASSES or is_organisation(name) else None


def _sizes(study: Node) -> Iterator[Size]:
    number = _one(
        study, "designModule.enrollmentInfo.count", "DesignModule.EnrollmentInfo.EnrollmentCount", "enrollment"
    )
    if number is not None:
        kind = text(
            study,
            f"{_V2}.designModule.enrollmentInfo.type",
            f"{_V1}.DesignModule.EnrollmentInfo.EnrollmentType",
        )
        yield Size(number, kind or attribute(study, "enrollment", "type"))


def _dates(study: Node) -> Iterator[Dated]:
    for kind, second, first, older in _DATES:
        found = _one(study, f"statusModule.{second}", f"StatusModule.{first}", older)
        if found is not None:
            certainty = text(
                study,
                f"{_V2}.statusModule.{second.removesuffix('.date')}.type",
                f"{_V1}.StatusModule.{first}Type",
            )
            # Days of posting are called estimates where an older system did not note them; they have happened.
            sure = None if kind in ("registered", "results posted") else certainty or attribute(study, older, "type")
            yield Dated(kind, found, sure)


def _groups(study: Node) -> Iterator[Group]:
    module = "armsInterventionsModule.armGroups"
    for group in nodes(study, f"{_V2}.{module}", f"{_V1}.ArmsInterventionsModule.ArmGroupList.ArmGroup", "arm_group"):
        names = words(text(group, "label", "ArmGroupLabel", "arm_group_label"), "en")
        kind = text(group, "type", "ArmGroupType", "arm_group_type")
        if names:
            yield Group(names, kind, words(text(group, "description", "ArmGroupDescription"), "en"))


def _treatments(study: Node) -> Iterator[Treatment]:
    module = "armsInterventionsModule.interventions"
    old = "ArmsInterventionsModule.InterventionList.Intervention"
    for treatment in nodes(study, f"{_V2}.{module}", f"{_V1}.{old}", "intervention"):
        names = words(text(treatment, "name", "InterventionName", "intervention_name"), "en")
        if names:
            yield Treatment(names, text(treatment, "type", "InterventionType", "intervention_type"))


def _outcomes(study: Node) -> Iterator[Outcome]:
    for role, old in _OUTCOMES:
        new = f"{_V2}.outcomesModule.{role}Outcomes"
        for outcome in nodes(study, new, f"{_V1}.OutcomesModule.{old}OutcomeList.{old}Outcome", f"{role}_outcome"):
            names = words(text(outcome, "measure", f"{old}OutcomeMeasure"), "en")
            if names:
                yield Outcome(
                    role,
                    names,
                    words(text(outcome, "timeFrame", f"{old}OutcomeTimeFrame", "time_frame"), "en"),
                    words(text(outcome, "description", f"{old}OutcomeDescription"), "en"),
                )
