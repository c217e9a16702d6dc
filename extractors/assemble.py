"""Turns a reading into findings: the one place where drafts and links become frozen facts with stable keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from extractors import reasons
from extractors.components.zones import result_sentences
from extractors.confidence import assessed
from extractors.evidence import evidence
from extractors.findings import (
    Arm,
    ArmResult,
    ArmRole,
    Conclusion,
    Context,
    Contrast,
    Direction,
    Endpoint,
    EndpointRole,
    Evidence,
    Facts,
    Name,
    Population,
    Statement,
)
from extractors.keys import arm_key, endpoint_key, result_key
from extractors.merging import merged
from extractors.reading import Linked, Reading, Span
from extractors.sections.reader import article_findings
from extractors.tables.words import plain, whole_units
from extractors.tabulated import baseline_of, cells_of, table_assessment

ARMS, ENDPOINTS, RESULTS, POPULATION = (
    "evidence_arms",
    "evidence_endpoints",
    "evidence_results",
    "evidence_population",
)


def assemble(found: Reading) -> Facts:
    """The findings of one language of a document; a fact stated twice becomes one with all its evidence."""
    arms = [arm_of(found, index) for index in range(len(found.arms))]
    endpoints = [endpoint_of(found, index) for index in range(len(found.endpoints))]
    kept = reported(found)
    contrasts: list[Contrast] = []
    arm_results: list[ArmResult] = []
    statements: list[Statement] = []
    for link in found.results:
        endpoint, keys = endpoints[link.endpoint].key, tuple(arms[index].key for index in link.arms)
        if link.quantity is None:
            statements.append(statement_of(found, link, endpoint, keys))
        elif link.quantity.contrast:
            contrasts.append(contrast_of(found, link, endpoint, keys))
        else:
            arm_results.append(arm_result_of(found, link, endpoint, keys))
    return Facts(
        document=found.document.id,
        languages=(found.language,),
        registrations=tuple(found.registrations),
        design=tuple(found.design),
        population=population_of(found),
        arms=tuple(arms),
        endpoints=tuple(endpoint for index, endpoint in enumerate(endpoints) if index in kept),
        contrasts=merged(contrasts),
        arm_results=merged(arm_results),
        statements=merged(statements),
        conclusions=tuple(conclusion_of(found, span) for span in found.conclusions),
        baseline=baseline_of(found, [arm.key for arm in arms]),
        article=article_findings(found, [arm.key for arm in arms]),
    )


def reported(found: Reading) -> set[int]:
    """The endpoints that the trial declares, has a result for, or names among the results of its abstract.

    What an abstract names there counts unless it is likely no endpoint; the prose of an article names much in vain.
    """
    abstract = {section.id for section in found.document.sections if section.in_abstract}
    sentences = [s for s in result_sentences(found) if not abstract or s.section in abstract]
    named = {m.index for m in found.endpoint_mentions if any(s.contains(m) for s in sentences)}
    declared = {index for index, draft in enumerate(found.endpoints) if draft.role_span is not None}
    return (named - found.doubted) | declared | {link.endpoint for link in found.results}


def arm_of(found: Reading, index: int) -> Arm:
    """The arm with the places that name it first and the place of its size."""
    draft, sure = found.arms[index], assessed("arm", reasons.of_arm(found, index))
    items = [evidence(found, span, "name", ARMS, sure) for span in draft.spans]
    if draft.size_span is not None:
        items.append(evidence(found, draft.size_span, "size", ARMS, sure))
    role: ArmRole = draft.role  # type: ignore[assignment]
    return Arm(arm_key(draft.names), role, tuple(draft.names), draft.size, tuple(items))


def endpoint_of(found: Reading, index: int) -> Endpoint:
    """The endpoint with one place for each of its names and the place that declares its role."""
    draft, sure = found.endpoints[index], assessed("endpoint", reasons.of_endpoint(found, index))
    items = []
    if draft.role_span is not None:
        items.append(evidence(found, draft.role_span, "role", ENDPOINTS, sure))
    seen: set[str] = set()
    for span in draft.spans:
        printed = found.text(span).casefold()
        if printed not in seen:
            seen.add(printed)
            items.append(evidence(found, span, "name", ENDPOINTS, sure))
    names = tuple(Name(name.text, name.language, draft.concept) for name in draft.names)
    role: EndpointRole = draft.role  # type: ignore[assignment]
    return Endpoint(endpoint_key(names), role, names, tuple(items))


def population_of(found: Reading) -> Population:
    """The condition's phrases with their concepts, and the counts of people."""
    names = []
    for span in found.conditions:
        terms = found.terms_in(span, "conditions")
        names.append(Name(found.text(span), found.language, terms[-1].iri if terms else None))
    sure = assessed("condition", (found.language,))
    items = tuple(evidence(found, span, "name", POPULATION, sure) for span in found.conditions)
    return Population(tuple(names), tuple(found.counts), items)


def context_of(found: Reading, link: Linked, adjusted: bool | None = None) -> Context:
    """Subgroup, time point and the like of a result."""
    subgroup = phrase(found, link.subgroup, "subgroups")
    if link.subgroup_heading is not None and subgroup:
        # A level says what it is of only together with the heading over it: "Liver metastasis" and "Yes".
        subgroup = (replace(subgroup[0], text=f"{found.text(link.subgroup_heading)}: {subgroup[0].text}"),)
    return Context(
        subgroup=subgroup,
        time_point=_moment(found, link),
        planned=link.planned,
        adjusted=adjusted,
    )


def _moment(found: Reading, link: Linked) -> tuple[Name, ...]:
    """The time point as printed; a bare number with the unit that the head above it names: "Day 14", "4 h"."""
    names = phrase(found, link.time_point, "units")
    if not names or link.time_unit is None:
        return names
    unit = found.text(link.time_unit)
    parts = (unit, names[0].text) if plain(unit) in whole_units() else (names[0].text, unit)
    return (replace(names[0], text=" ".join(parts)),)


def phrase(found: Reading, span: Span | None, scheme: str) -> tuple[Name, ...]:
    """The printed phrase of a span, with its concept if the span is one; empty without a span."""
    if span is None:
        return ()
    whole = [t for t in found.terms_in(span, scheme) if t.start == span.start and t.end == span.end]
    return (Name(found.text(span), found.language, whole[0].iri if whole else None),)


def evidence_of(found: Reading, link: Linked, parts: Iterable[tuple[Span | None, str]]) -> tuple[Evidence, ...]:
    """The sentence of a result and the characters of each of its parts."""
    if link.way == "table":
        return cells_of(found, link.sentence, link.places, parts, table_assessment(found, link))
    sure = assessed("statement" if link.quantity is None else "number", reasons.of_result(found, link))
    items = [evidence(found, link.sentence, "text", RESULTS, sure)]
    for span, supports in parts:
        if span is not None:
            items.append(evidence(found, span, supports, RESULTS, sure))
    return tuple(items)


def contrast_of(found: Reading, link: Linked, endpoint: str, arms: tuple[str, ...]) -> Contrast:
    """The effect estimate of a link."""
    quantity = link.quantity
    if quantity is None or quantity.contrast is None:
        raise ValueError("an effect estimate needs a quantity with its measure")
    context = context_of(found, link, quantity.adjusted)
    pair = (arms[0], arms[1]) if len(arms) == 2 else None
    parts = (
        (number_span(quantity.start, quantity.number.text), "value"),
        (quantity.interval_span, "interval"),
    )
    return Contrast(
        key=result_key(endpoint, quantity.contrast, quantity.number, pair, context, quantity.interval, link.p),
        endpoint=endpoint,
        measure=quantity.contrast,
        value=quantity.number,
        interval=quantity.interval,
        p=link.p,
        arms=pair,
        unit=quantity.unit,
        context=context,
        significant=link.significant,
        evidence=evidence_of(found, link, (*parts, (link.p_span, "p"))),
    )


def arm_result_of(found: Reading, link: Linked, endpoint: str, arms: tuple[str, ...]) -> ArmResult:
    """The per-arm value of a link."""
    quantity = link.quantity
    if quantity is None or link.statistic is None:
        raise ValueError("a value of an arm needs a quantity and its measure")
    context = context_of(found, link)
    arm = arms[0] if arms else None
    parts = (
        (number_span(quantity.start, quantity.number.text), "value"),
        (quantity.interval_span, "interval"),
    )
    return ArmResult(
        key=result_key(endpoint, link.statistic, quantity.number, (arm,), context, quantity.interval),
        endpoint=endpoint,
        arm=arm,
        measure=link.statistic,
        value=quantity.number,
        interval=quantity.interval,
        events=None if quantity.kind == "fraction" else quantity.events,
        n=quantity.n,
        dispersion=quantity.dispersion,
        unit=quantity.unit,
        context=context,
        evidence=evidence_of(found, link, parts),
    )


def statement_of(found: Reading, link: Linked, endpoint: str, arms: tuple[str, ...]) -> Statement:
    """The comparison in words of a link."""
    if link.direction is None:
        raise ValueError("a comparison in words needs a direction")
    context = context_of(found, link)
    direction: Direction = link.direction  # type: ignore[assignment]
    pair = (arms[0], arms[1]) if len(arms) == 2 else None
    return Statement(
        key=result_key(endpoint, direction, None, pair, context, None, link.p),
        endpoint=endpoint,
        arms=pair,
        direction=direction,
        p=link.p,
        context=context,
        evidence=evidence_of(found, link, ((link.direction_span, "direction"), (link.p_span, "p"))),
    )


def number_span(start: int, printed: str) -> Span:
    """The characters of a number itself, without its unit."""
    return Span(start, start + len(printed))


def conclusion_of(found: Reading, span: Span) -> Conclusion:
    """The authors' conclusion, quoted whole."""
    sure = assessed("conclusion", (found.language,))
    item = evidence(found, span, "text", "evidence_conclusions", sure)
    return Conclusion(found.text(span), found.language, (item,))
