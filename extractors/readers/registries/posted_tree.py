"""The results section of ClinicalTrials.gov, in each of the registry's three formats."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from extractors.readers.registries.record import PostedAnalysis, PostedOutcome, PostedValue
from extractors.readers.registries.tree import Node, nodes, text, texts

_OUTCOMES: Final = (
    "resultsSection.outcomeMeasuresModule.outcomeMeasures",
    "ResultsSection.OutcomeMeasuresModule.OutcomeMeasureList.OutcomeMeasure",
    "clinical_results.outcome_list.outcome",
)
# People, and not eyes or teeth, are what results are out of.
_PEOPLE: Final = "participants"


def posted_outcomes(study: Node) -> Iterator[PostedOutcome]:
    """The outcome measures of the results section, in order; none where there is no such section."""
    for outcome in nodes(study, *_OUTCOMES):
        title = text(outcome, "title", "OutcomeMeasureTitle")
        if title is None:
            continue
        groups = dict(_groups(outcome))
        yield PostedOutcome(
            role=text(outcome, "type", "OutcomeMeasureType") or "",
            title=title,
            time_frame=text(outcome, "timeFrame", "OutcomeMeasureTimeFrame", "time_frame"),
            parameter=text(outcome, "paramType", "OutcomeMeasureParamType", "measure.param"),
            spread=text(outcome, "dispersionType", "OutcomeMeasureDispersionType", "measure.dispersion"),
            unit=text(outcome, "unitOfMeasure", "OutcomeMeasureUnitOfMeasure", "measure.units"),
            groups=tuple(groups.items()),
            denominators=tuple(_denominators(outcome)),
            values=tuple(_values(outcome)),
            analyses=tuple(_analyses(outcome)),
        )


def _groups(outcome: Node) -> Iterator[tuple[str, str]]:
    for group in nodes(outcome, "groups", "OutcomeGroupList.OutcomeGroup", "group_list.group"):
        key = text(group, "id", "OutcomeGroupId", "@attributes.group_id", "group_id")
        title = text(group, "title", "OutcomeGroupTitle")
        if key and title:
            yield key, title


def _denominators(node: Node) -> Iterator[tuple[str, str]]:
    """How many people each group has, by the group's id."""
    for denominator in nodes(
        node,
        "denoms",
        "OutcomeDenomList.OutcomeDenom",
        "OutcomeClassDenomList.OutcomeClassDenom",
        "measure.analyzed_list.analyzed",
        "analyzed_list.analyzed",
    ):
        units = text(denominator, "units", "OutcomeDenomUnits", "OutcomeClassDenomUnits") or ""
        if units.casefold() != _PEOPLE:
            continue
        for count in nodes(
            denominator,
            "counts",
            "OutcomeDenomCountList.OutcomeDenomCount",
            "OutcomeClassDenomCountList.OutcomeClassDenomCount",
            "count_list.count",
        ):
            key = text(
                count,
                "groupId",
                "OutcomeDenomCountGroupId",
                "OutcomeClassDenomCountGroupId",
                "@attributes.group_id",
                "group_id",
            )
            value = text(count, "OutcomeDenomCountValue", "OutcomeClassDenomCountValue", "value", "@attributes.value")
            if key and value:
                yield key, value


def _values(outcome: Node) -> Iterator[PostedValue]:
    for one in nodes(outcome, "classes", "OutcomeClassList.OutcomeClass", "measure.class_list.class"):
        sizes = dict(_denominators(one))
        for category in nodes(one, "categories", "OutcomeCategoryList.OutcomeCategory", "category_list.category"):
            labels = (text(one, "title", "OutcomeClassTitle"), text(category, "title", "OutcomeCategoryTitle"))
            for value in nodes(
                category,
                "measurements",
                "OutcomeMeasurementList.OutcomeMeasurement",
                "measurement_list.measurement",
            ):
                found = _value(value, tuple(label for label in labels if label), sizes)
                if found is not None:
                    yield found


def _value(node: Node, labels: tuple[str, ...], sizes: dict[str, str]) -> PostedValue | None:
    key = text(node, "groupId", "OutcomeMeasurementGroupId", "@attributes.group_id", "group_id")
    value = text(node, "value", "OutcomeMeasurementValue", "@attributes.value")
    if key is None or value is None:
        return None
    return PostedValue(
        group=key,
        value=value,
        spread=text(node, "spread", "OutcomeMeasurementSpread", "@attributes.spread"),
        low=text(node, "lowerLimit", "OutcomeMeasurementLowerLimit", "@attributes.lower_limit", "lower_limit"),
        high=text(node, "upperLimit", "OutcomeMeasurementUpperLimit", "@attributes.upper_limit", "upper_limit"),
        size=sizes.get(key),
        labels=labels,
    )


def _analyses(outcome: Node) -> Iterator[PostedAnalysis]:
    for analysis in nodes(outcome, "analyses", "OutcomeAnalysisList.OutcomeAnalysis", "analysis_list.analysis"):
        yield PostedAnalysis(
            groups=texts(
                analysis, "groupIds", "OutcomeAnalysisGroupIdList.OutcomeAnalysisGroupId", "group_id_list.group_id"
            ),
            effect=text(analysis, "paramType", "OutcomeAnalysisParamType", "param_type"),
            value=text(analysis, "paramValue", "OutcomeAnalysisParamValue", "param_value"),
            level=text(analysis, "ciPctValue", "OutcomeAnalysisCIPctValue", "ci_percent"),
            low=text(analysis, "ciLowerLimit", "OutcomeAnalysisCILowerLimit", "ci_lower_limit"),
            high=text(analysis, "ciUpperLimit", "OutcomeAnalysisCIUpperLimit", "ci_upper_limit"),
            sides=text(analysis, "ciNumSides", "OutcomeAnalysisCINumSides", "ci_n_sides"),
            p=text(analysis, "pValue", "OutcomeAnalysisPValue", "p_value"),
            method=text(analysis, "statisticalMethod", "OutcomeAnalysisStatisticalMethod", "method"),
            about=text(analysis, "groupDescription", "OutcomeAnalysisGroupDescription", "groups_desc"),
        )
