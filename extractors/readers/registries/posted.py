"""The results section of a record as findings: arms, outcomes, values in arms and effect estimates.

A value is taken only where the record says what it is. Which arm an estimate is for is not a field of the record; it
is taken from arithmetic (``directions``) or left open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Literal

import ontology
from extractors.findings import (
    Arm,
    ArmResult,
    ArmRole,
    Context,
    Contrast,
    Endpoint,
    EndpointRole,
    Evidence,
    Name,
    Number,
)
from extractors.keys import arm_key, digest, endpoint_key, result_key
from extractors.normal import normalise
from extractors.readers.registries.directions import direction
from extractors.readers.registries.page import Page, Place
from extractors.readers.registries.posted_words import (
    interval_of,
    is_percentage,
    is_time,
    measure_of,
    p_value,
    spread_of,
    unit_of,
)
from extractors.readers.registries.record import PostedAnalysis, PostedOutcome, PostedValue, RegistryRecord, Words
from extractors.readers.registries.words import code_of, count, named_concept, number, plain
from extractors.registered import RegisteredArm

_ROLES: Final[dict[str, ArmRole]] = {
    "arm experimental": "experimental",
    "arm comparator": "comparator",
    "arm placebo": "control",
    "arm sham": "control",
    "arm nothing": "control",
}


@dataclass(slots=True)
class PostedFacts:
    """The findings of a results section; empty where there is none."""

    arms: tuple[Arm, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    values: tuple[ArmResult, ...] = ()
    contrasts: tuple[Contrast, ...] = ()


@dataclass(slots=True)
class _Lines:
    """The lines of one outcome measure; ``add`` returns where the words stand."""

    text: str = ""

    def add(self, words: str, gap: str = "\n") -> tuple[int, int]:
        start = len(self.text) + (len(gap) if self.text else 0)
        self.text += (gap if self.text else "") + words
        return start, start + len(words)


@dataclass(slots=True)
class _Section:
    """The findings so far."""

    registered: list[RegisteredArm]
    arms: dict[str, Arm] = field(default_factory=dict)
    endpoints: dict[str, Endpoint] = field(default_factory=dict)
    values: dict[str, ArmResult] = field(default_factory=dict)
    contrasts: dict[str, Contrast] = field(default_factory=dict)


def posted_facts(page: Page, record: RegistryRecord, registered: list[RegisteredArm]) -> PostedFacts:
    """Write the results section to the page; returns its findings, of which each is in the text as evidence."""
    section = _Section(registered)
    for outcome in record.posted:
        _outcome(page, outcome, section)
    return PostedFacts(
        tuple(section.arms.values()),
        tuple(section.endpoints.values()),
        tuple(section.values.values()),
        tuple(section.contrasts.values()),
    )


def _outcome(page: Page, outcome: PostedOutcome, section: _Section) -> None:
    titles = dict(outcome.groups)
    lines = _Lines()
    spots: dict[str, tuple[int, int]] = {"title": lines.add(plain(outcome.title))}
    if not lines.text:
        return
    for name, printed in (
        ("time", outcome.time_frame),
        ("parameter", outcome.parameter),
        ("spread", outcome.spread),
        ("unit", outcome.unit),
    ):
        if printed and plain(printed):
            spots[name] = lines.add(plain(printed))
    for group, title in outcome.groups:
        spots[f"group {group}"] = lines.add(plain(title) or group)
    for group, size in outcome.denominators:
        if group in titles:
            lines.add(f"{plain(titles[group])}: ", "\n")
            spots[f"n {group}"] = lines.add(f"N = {plain(size)}", "")
    for place, value in enumerate(outcome.values):
        spots[f"value {place}"] = lines.add(_value_line(value, titles))
    for place, analysis in enumerate(outcome.analyses):
        spots[f"analysis {place}"] = lines.add(_analysis_line(analysis, titles))
    whole = page.write("results-of", Words(lines.text, "en"), "results", first=True)
    places = {
        name: Place(whole.section, whole.start + start, whole.start + end, lines.text[start:end], "en")
        for name, (start, end) in spots.items()
        if start < end
    }
    arms = {group: _arm(titles[group], places[f"group {group}"], section) for group in titles}
    for place, value in enumerate(outcome.values):
        _value(outcome, value, places[f"value {place}"], places, arms, section)
    for place, analysis in enumerate(outcome.analyses):
        if f"analysis {place}" in places:
            _contrast(outcome, analysis, places[f"analysis {place}"], places, arms, section)


def _value_line(value: PostedValue, titles: dict[str, str]) -> str:
    labels = "; ".join(text for text in map(plain, value.labels) if text)
    bounds = (
        f" ({value.low} to {value.high})" if value.low or value.high else f" ({value.spread})" if value.spread else ""
    )
    before = ": ".join(part for part in (labels, plain(titles.get(value.group, ""))) if part)
    size = f" (N = {value.size})" if value.size else ""
    return plain(f"{before}{size}: {value.value}{bounds}")


def _analysis_line(analysis: PostedAnalysis, titles: dict[str, str]) -> str:
    groups = " / ".join(titles.get(group, group) for group in analysis.groups)
    level = f"{analysis.level}% CI " if analysis.level else ""
    bounds = f"{level}{analysis.low or ''} to {analysis.high or ''}" if analysis.low or analysis.high else ""
    parts = (
        groups,
        f"{analysis.effect or ''} {analysis.value or ''}".strip(),
        bounds,
        f"p {analysis.p}" if analysis.p else "",
        analysis.method or "",
        analysis.about or "",
    )
    return plain("; ".join(part for part in parts if part))


def _arm(title: str, place: Place, section: _Section) -> str:
    name = Name(place.quote, "en", ontology.forms("interventions", "en").get(place.quote.casefold()))
    key = arm_key((name,))
    if key not in section.arms:
        evidence = (place.evidence("name"),)
        section.arms[key] = Arm(key, _role(title, section.registered), (name,), None, evidence)
    return key


def _role(title: str, registered: list[RegisteredArm]) -> ArmRole:
    """The role of the registered arm of that name; ``unstated`` where no arm, or more than one, could be meant."""
    wanted = _bare(title)
    kinds = {
        arm.kind for arm in registered if any(_bare(name.text) == wanted for name in arm.names) and arm.kind is not None
    }
    if len(kinds) != 1:
        return "unstated"
    found = ontology.concept(kinds.pop())
    codes = found.notations if found is not None else ()
    return next((_ROLES[code] for code in codes if code in _ROLES), "unstated")


def _bare(title: str) -> str:
    return " ".join(re.sub(r"\([^()]*\)", " ", normalise(title)).casefold().split())


def _endpoint(
    outcome: PostedOutcome, labels: tuple[str, ...], place: Place, places: dict[str, Place], section: _Section
) -> tuple[str, tuple[Name, ...]]:
    """The key of the outcome, and when it was measured; a class or category that is no time makes it one of its own."""
    times = tuple(label for label in labels if is_time(label))
    kinds = tuple(plain(label) for label in labels if not is_time(label) and plain(label))
    title = places["title"].quote
    text = ": ".join((title, *kinds))
    name = Name(text, "en", named_concept("endpoints", title, "en") if not kinds else None)
    key = endpoint_key((name,))
    if key not in section.endpoints:
        evidence = [places["title"].evidence("name")]
        if kinds:
            evidence.append(place.evidence("name"))
        section.endpoints[key] = Endpoint(key, _endpoint_role(outcome.role), (name,), tuple(evidence))
    if times:
        return key, (Name(plain(" ".join(times)), "en"),)
    return key, (Name(places["time"].quote, "en"),) if "time" in places else ()


def _endpoint_role(printed: str) -> EndpointRole:
    code = code_of("outcome-role", printed)
    return "primary" if code == "primary" else "secondary" if code == "secondary" else "other"


def _value(
    outcome: PostedOutcome,
    value: PostedValue,
    place: Place,
    places: dict[str, Place],
    arms: dict[str, str],
    section: _Section,
) -> None:
    found = number(value.value)
    parameter = code_of("parameter", outcome.parameter)
    if found is None or value.group not in arms or parameter is None:
        return
    unit = unit_of(outcome.unit)
    size = count(value.size or dict(outcome.denominators).get(value.group))
    measure = measure_of(parameter, outcome.unit or "", found, size)
    key, times = _endpoint(outcome, value.labels, place, places, section)
    context = Context(time_point=times, adjusted=True if parameter == "least squares mean" else None)
    spread, interval = spread_of(outcome.spread, value)
    arm = arms[value.group]
    evidence = [place.evidence("text"), place.part(value.value.strip()).evidence("value")]
    evidence += [places[name].evidence("unit") for name in ("unit",) if name in places]
    if size is not None and value.size is None and f"n {value.group}" in places:
        evidence.append(places[f"n {value.group}"].evidence("size"))
    result = result_key(key, measure, found, (arm,), context, interval)
    section.values.setdefault(
        result,
        ArmResult(
            key=result,
            endpoint=key,
            arm=arm,
            measure=measure,
            value=found,
            interval=interval,
            events=found if measure == "count" else None,
            n=size,
            dispersion=spread,
            unit=unit,
            context=context,
            evidence=tuple(evidence),
        ),
    )


def _contrast(
    outcome: PostedOutcome,
    analysis: PostedAnalysis,
    place: Place,
    places: dict[str, Place],
    arms: dict[str, str],
    section: _Section,
) -> None:
    value = number(analysis.value)
    if value is None or not analysis.effect:
        return
    labels = _analysed(outcome, analysis)
    if labels is None:
        return
    code = code_of("effect", plain(analysis.effect))
    measure = "other" if code is None else code.removeprefix("adjusted ")
    if measure in ("HR", "OR", "RR", "IRR") and value.value <= 0:
        measure = "other"
    key, times = _endpoint(outcome, labels, place, places, section)
    if not labels and len({one.labels for one in outcome.values}) > 1:
        times = ()
    context = Context(time_point=times, adjusted=True if code and code.startswith("adjusted ") else None)
    two_sided = "1" not in (analysis.sides or "") and "one" not in (analysis.sides or "").casefold()
    bounds = number(analysis.low), number(analysis.high), number(analysis.level)
    interval = interval_of(*bounds) if two_sided else None
    pair = _pair(outcome, analysis, labels, measure, value, arms)
    p = p_value(analysis.p)
    method = plain(analysis.method or "") or None
    name = result_key(key, measure, value, pair, context, interval, p)
    if pair is None and len(analysis.groups) > 1:
        # Estimates of different pairs may be the same number.
        name = f"{name}-{digest(*sorted(analysis.groups))[:6]}"
    evidence: list[Evidence] = [place.evidence("text"), place.part((analysis.value or "").strip()).evidence("value")]
    if interval is not None:
        evidence.append(place.evidence("interval"))
    if p is not None:
        evidence.append(place.part(f"p {plain(analysis.p or '')}").evidence("p"))
    section.contrasts.setdefault(
        name,
        Contrast(
            key=name,
            endpoint=key,
            measure=measure,
            value=value,
            interval=interval,
            p=p,
            arms=pair,
            unit=unit_of(outcome.unit) if measure == "MD" else None,
            context=context,
            significant=None,
            evidence=tuple(evidence),
            method=method,
        ),
    )


def _analysed(outcome: PostedOutcome, analysis: PostedAnalysis) -> tuple[str, ...] | None:
    """The labels of the values that the analysis is of; ``None`` where it may be of one kind of several.

    Values at several times are one outcome: an analysis that names none of the times is of the outcome as a whole.
    """
    labels = list(dict.fromkeys(one.labels for one in outcome.values))
    if len(labels) <= 1:
        return labels[0] if labels else ()
    about = " ".join(plain(analysis.about or "").casefold().split())
    meant = [one for one in labels if one and all(plain(label).casefold() in about for label in one)]
    if len(meant) == 1:
        return meant[0]
    return () if all(is_time(label) for one in labels for label in one) else None


def _pair(
    outcome: PostedOutcome,
    analysis: PostedAnalysis,
    labels: tuple[str, ...],
    measure: str,
    value: Number,
    arms: dict[str, str],
) -> tuple[str, str] | None:
    """The arm that the estimate is for and the one it is set against, where the arms' values show which is which."""
    if len(analysis.groups) != 2 or any(group not in arms for group in analysis.groups):
        return None
    first, second = (
        [one for one in outcome.values if one.group == group and one.labels == labels] for group in analysis.groups
    )
    if len(first) != 1 or len(second) != 1 or arms[analysis.groups[0]] == arms[analysis.groups[1]]:
        return None
    sizes = dict(outcome.denominators)
    parameter = code_of("parameter", outcome.parameter)
    percent = is_percentage(outcome.unit or "")
    way: Literal["first", "second"] | None = direction(
        measure,
        value,
        (number(first[0].value), number(second[0].value)),
        (number(sizes.get(analysis.groups[0])), number(sizes.get(analysis.groups[1]))),
        parameter,
        is_percentage=percent,
    )
    pair = arms[analysis.groups[0]], arms[analysis.groups[1]]
    return None if way is None else pair if way == "first" else (pair[1], pair[0])
