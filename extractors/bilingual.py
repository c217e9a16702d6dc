"""Joins what one document says in two languages: a fact stated in both is one finding with evidence in both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from extractors.article_findings import together as articles_together
from extractors.documents import Document
from extractors.findings import (
    Arm,
    ArmResult,
    Context,
    Contrast,
    Count,
    DesignFact,
    Endpoint,
    Facts,
    Name,
    Population,
    Registration,
    Statement,
)
from extractors.merging import joined, same_interval, same_p, together

Result = TypeVar("Result", Contrast, ArmResult, Statement)
Item = TypeVar("Item", Registration, DesignFact, Count)


def merge(document: Document, facts: Sequence[Facts]) -> Facts:
    """One ``Facts`` for the document; its keys are those of the first language.

    Arms and endpoints are paired by what languages share: sizes, roles, abbreviations, concepts and the results
    that they carry. A finding that only one language states stays as it is.
    """
    if len(facts) == 1:
        return facts[0]
    first, second = facts
    arms = pair_arms(first, second)
    endpoints = pair_endpoints(first, second)
    keys = {**{b.key: a.key for a, b in arms}, **{b.key: a.key for a, b in endpoints}}
    translated = _with_keys(second, keys)
    return Facts(
        document=document.id,
        languages=(*first.languages, *second.languages),
        registrations=_together(first.registrations, second.registrations, lambda item: item.identifier),
        design=_together(first.design, second.design, _aspect),
        population=Population(
            conditions=(*first.population.conditions, *second.population.conditions),
            counts=_together(
                first.population.counts, second.population.counts, lambda item: (item.kind, item.number.value)
            ),
            evidence=(*first.population.evidence, *second.population.evidence),
        ),
        arms=_named(first.arms, second.arms, {a.key: b for a, b in arms}),
        endpoints=_named(first.endpoints, second.endpoints, {a.key: b for a, b in endpoints}),
        contrasts=_results(first.contrasts, translated.contrasts),
        arm_results=_results(first.arm_results, translated.arm_results),
        statements=_results(first.statements, translated.statements),
        conclusions=(*first.conclusions, *second.conclusions),
        baseline=(
            *first.baseline,
            *(replace(value, arm=keys.get(value.arm or "", value.arm)) for value in second.baseline),
        ),
        article=articles_together(first.article, second.article, keys) if first.article and second.article else None,
    )


def pair_arms(first: Facts, second: Facts) -> list[tuple[Arm, Arm]]:
    """The arms that are the same in both languages, best agreement first."""

    def agreement(one: Arm, other: Arm) -> int:
        sizes = one.size is not None and other.size is not None and one.size.value == other.size.value
        different = one.size is not None and other.size is not None and one.size.value != other.size.value
        return (
            3 * len(_codes(one.names) & _codes(other.names))
            + 2 * len(_values_of(first, one.key) & _values_of(second, other.key))
            + 2 * sizes
            + (one.role == other.role)
            + (first.arms.index(one) == second.arms.index(other))
            - 6 * different
        )

    return _pairs(first.arms, second.arms, agreement, 2)


def pair_endpoints(first: Facts, second: Facts) -> list[tuple[Endpoint, Endpoint]]:
    """The endpoints that are the same in both languages, best agreement first."""

    def agreement(one: Endpoint, other: Endpoint) -> int:
        concepts = _concepts(one.names) & _concepts(other.names)
        unlike = bool(_concepts(one.names) and _concepts(other.names) and not concepts)
        role = one.role == other.role == "primary"
        return (
            4 * bool(concepts)
            + 3 * len(_codes(one.names) & _codes(other.names))
            + 2 * len(_values_of(first, one.key) & _values_of(second, other.key))
            + 2 * role
            - 3 * unlike
        )

    return _pairs(first.endpoints, second.endpoints, agreement, 2)


Named = TypeVar("Named", Arm, Endpoint)


def _pairs(
    first: Sequence[Named], second: Sequence[Named], agreement: Callable[[Named, Named], int], least: int
) -> list[tuple[Named, Named]]:
    ranked = sorted(((-agreement(one, other), i, j) for i, one in enumerate(first) for j, other in enumerate(second)))
    pairs: list[tuple[Named, Named]] = []
    used_first: set[int] = set()
    used_second: set[int] = set()
    for score, i, j in ranked:
        if -score >= least and i not in used_first and j not in used_second:
            used_first.add(i)
            used_second.add(j)
            pairs.append((first[i], second[j]))
    return pairs


def _codes(names: Sequence[Name]) -> set[str]:
    """The abbreviations and Latin letters among the names, which a Chinese text keeps ("PTR", the A of "arm A")."""
    codes = set()
    for name in names:
        latin = "".join(letter if letter.isascii() else " " for letter in name.text)
        codes |= {word for word in latin.split() if word.isupper()}
    return codes


def _concepts(names: Sequence[Name]) -> set[str]:
    return {name.concept for name in names if name.concept}


def _values_of(facts: Facts, key: str) -> set[tuple[object, ...]]:
    """What the results say of an arm or endpoint, in figures alone."""
    of_arm = {(r.measure, r.value.value) for r in facts.arm_results if key in (r.arm, r.endpoint)}
    of_both = {(c.measure, c.value.value) for c in facts.contrasts if c.endpoint == key}
    return {*of_arm, *of_both}


def _with_keys(facts: Facts, keys: dict[str, str]) -> Facts:
    """The results with the keys of the other language's arms and endpoints."""

    def key(old: str) -> str:
        return keys.get(old, old)

    def pair(arms: tuple[str, str] | None) -> tuple[str, str] | None:
        return (key(arms[0]), key(arms[1])) if arms else None

    return replace(
        facts,
        contrasts=tuple(replace(c, endpoint=key(c.endpoint), arms=pair(c.arms)) for c in facts.contrasts),
        arm_results=tuple(
            replace(r, endpoint=key(r.endpoint), arm=key(r.arm) if r.arm else None) for r in facts.arm_results
        ),
        statements=tuple(replace(s, endpoint=key(s.endpoint), arms=pair(s.arms)) for s in facts.statements),
    )


def _aspect(fact: DesignFact) -> tuple[str, str]:
    """What one design fact is about: an aspect that has one value, or one of several countries."""
    return fact.aspect, fact.value if fact.aspect == "country" else ""


def _together(first: Sequence[Item], second: Sequence[Item], identity: Callable[[Item], object]) -> tuple[Item, ...]:
    """The items of both, those of one identity joined; where their values differ the first language's is kept."""
    others = {identity(item): item for item in second}
    kept: list[Item] = []
    for item in first:
        other = others.pop(identity(item), None)
        if other is not None and _agree(item, other):
            kept.append(replace(item, evidence=together(item.evidence, other.evidence)))
        else:
            kept.append(item)
    return tuple(kept + [item for item in second if identity(item) in others])


def _agree(one: Registration | DesignFact | Count, other: Registration | DesignFact | Count) -> bool:
    if isinstance(one, DesignFact) and isinstance(other, DesignFact):
        return one.value == other.value
    return True


def _named(first: Sequence[Named], second: Sequence[Named], partners: Mapping[str, Named]) -> tuple[Named, ...]:
    paired = {partner.key for partner in partners.values()}
    kept: list[Named] = []
    for item in first:
        partner = partners.get(item.key)
        kept.append(_with_names(item, partner) if partner is not None else item)
    return tuple(kept + [item for item in second if item.key not in paired])


def _with_names(item: Named, partner: Named) -> Named:
    details: dict[str, Any] = {
        "names": (*item.names, *partner.names),
        "evidence": together(item.evidence, partner.evidence),
    }
    if isinstance(item, Arm) and isinstance(partner, Arm) and item.size is None:
        details["size"] = partner.size
    if isinstance(item, Endpoint) and isinstance(partner, Endpoint) and item.role == "other":
        details["role"] = partner.role
    return replace(item, **details)


def _results(first: Sequence[Result], second: Sequence[Result]) -> tuple[Result, ...]:
    """The results of both languages, each fact once; its subgroup and time point keep a name in each language."""
    kept = list(first)
    open_places = set(range(len(kept)))
    for result in second:
        matches = [place for place in sorted(open_places) if _same_across(kept[place], result)]
        if matches:
            place = matches[0]
            open_places.discard(place)
            kept[place] = replace(joined(kept[place], result), context=_contexts(kept[place].context, result.context))
        else:
            kept.append(result)
    return tuple(kept)


def _same_across(one: Result, other: Result) -> bool:
    """Whether results in two languages are the same fact; phrases cannot be compared, only whether they are there."""
    same_place = (
        one.endpoint == other.endpoint
        and bool(one.context.subgroup) == bool(other.context.subgroup)
        and _comparable(one.context.subgroup, other.context.subgroup)
    )
    if isinstance(one, Statement) and isinstance(other, Statement):
        alike = one.arms == other.arms and one.direction == other.direction
        return same_place and alike and same_p(one.p, other.p)
    if isinstance(one, Contrast) and isinstance(other, Contrast):
        alike = one.arms == other.arms and one.measure == other.measure and same_p(one.p, other.p)
    elif isinstance(one, ArmResult) and isinstance(other, ArmResult):
        alike = one.arm == other.arm and one.measure == other.measure
    else:
        return False
    same_value = one.value.value == other.value.value and same_interval(one.interval, other.interval)
    return same_place and alike and same_value


def _comparable(first: tuple[Name, ...], second: tuple[Name, ...]) -> bool:
    concepts = _concepts(first), _concepts(second)
    return not all(concepts) or bool(concepts[0] & concepts[1])


def _contexts(first: Context, second: Context) -> Context:
    return replace(
        first,
        subgroup=(*first.subgroup, *second.subgroup),
        time_point=(*first.time_point, *second.time_point),
        analysis_set=first.analysis_set or second.analysis_set,
        planned=first.planned if first.planned is not None else second.planned,
        adjusted=first.adjusted if first.adjusted is not None else second.adjusted,
    )
