"""Groups a trial's results by endpoint and lays them out: effect estimates, values per arm, statements."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Literal, TypeVar

from kg import rows
from ontology import concept, label
from server.evidence import EvidenceIndex, in_language, last_segment, plain, printed
from server.facts import TrialFacts
from server.forest import Axis, Bounds, difference_axis, ratio_axis
from server.negotiation import Language
from server.tables import (
    ArmGroup,
    ArmRow,
    ArmTable,
    ArmValue,
    EffectRow,
    EffectTable,
    EndpointGroup,
    ShownInterval,
    ShownP,
    Side,
    StatementRow,
    circumstances,
    spread,
)

_ROLE_ORDER = ("primary", "secondary", "other")
# Notations of the measures whose value of no effect is 1.
_RATIOS = frozenset({"HR", "OR", "RR", "IRR"})
# Names of endpoint groups: of events that harm, of times until such an event, and of events that are hoped for.
_HARMS = frozenset(
    {
        "adverse-events",
        "bleeding",
        "cardiovascular-events",
        "hospitalisation",
        "infection",
        "mortality",
        "postoperative-complications",
        "recurrence",
    }
)
_SURVIVAL = "survival-endpoint"
_SAFETY = "safety"
_RESPONSE = "response-endpoint"
_ARM_ORDER = ("experimental", "comparator", "control")

Row = TypeVar("Row", rows.Arm, rows.Endpoint)


def _merge(items: Iterable[Row], same: Callable[[Row, Row], bool]) -> list[list[Row]]:
    """Rows that mean the same thing in different reports; two rows of one report always stay apart."""
    groups: list[list[Row]] = []
    for item in items:
        for group in groups:
            if all(member.report != item.report for member in group) and any(same(m, item) for m in group):
                group.append(item)
                break
        else:
            groups.append([item])
    return groups


def arm_groups(arms: Iterable[rows.Arm]) -> list[list[rows.Arm]]:
    """The arms of all reports of a trial, those that share a name together."""
    return _merge(arms, lambda a, b: bool(_folded(a.names) & _folded(b.names)))


def endpoint_groups(endpoints: Iterable[rows.Endpoint]) -> list[list[rows.Endpoint]]:
    """The endpoints of all reports of a trial, those that share a name or a concept together."""
    return _merge(
        endpoints, lambda a, b: bool(_folded(a.names) & _folded(b.names)) or (a.concept == b.concept is not None)
    )


def _folded(names: Iterable[rows.Name]) -> set[tuple[str, str]]:
    return {(name.language, name.text.casefold()) for name in names}


def _distinct(groups: Iterable[rows.Arm | rows.Endpoint]) -> tuple[rows.Name, ...]:
    return tuple(dict.fromkeys(name for member in groups for name in member.names))


def _aliases(names: Iterable[rows.Name], shown: rows.Name) -> tuple[rows.Name, ...]:
    """The names but the shown one, each spelling once whatever its language and case."""
    found = {shown.text.casefold(): shown}
    for name in names:
        found.setdefault(name.text.casefold(), name)
    return tuple(found.values())[1:]


class ResultsLayout:
    """Lays out one trial's arms and results for readers of one language."""

    def __init__(self, facts: TrialFacts, index: EvidenceIndex, language: Language) -> None:
        self._facts = facts
        self._index = index
        self._language = language
        self._reports = {report.iri: report for report in facts.reports}
        order = {report.iri: place for place, report in enumerate(facts.reports)}
        arms = sorted(
            facts.arms, key=lambda arm: (_rank(arm.role, _ARM_ORDER), order[arm.report], index.place(arm.iri))
        )
        self._arm_groups = arm_groups(arms)
        self._arm_of = {arm.iri: place for place, group in enumerate(self._arm_groups) for arm in group}
        endpoints = sorted(
            facts.endpoints, key=lambda e: (_rank(e.role, _ROLE_ORDER), order[e.report], index.place(e.iri))
        )
        self._endpoint_groups = endpoint_groups(endpoints)
        self._ratio_axis = ratio_axis(_bounds(c) for c in facts.contrasts if is_ratio(c.measure))

    def arms(self) -> tuple[ArmGroup, ...]:
        """The arms, in the order in which the reports name them."""
        return tuple(self._arm_group(group) for group in self._arm_groups)

    def _arm_group(self, group: Sequence[rows.Arm]) -> ArmGroup:
        names = _distinct(group)
        name = _best(names, self._language)
        sizes = {arm.size.text: self._index.linked(arm.iri, arm.size.text, "size") for arm in group if arm.size}
        first = group[0]
        return ArmGroup(
            name=name,
            aliases=_aliases(names, name),
            role=first.role,
            anchor=self._index.linked(first.iri, "", "name", "role").anchor,
            sizes=tuple(sizes.values()),
            sources=self._index.sources(first.iri, "name", "size"),
        )

    def arm_name(self, iri: str | None) -> rows.Name | None:
        """The best name of an arm for readers of the page's language."""
        if iri is None or iri not in self._arm_of:
            return None
        return _best(_distinct(self._arm_groups[self._arm_of[iri]]), self._language)

    def endpoints(self) -> tuple[EndpointGroup, ...]:
        """The endpoints with their results, primary ones first."""
        return tuple(self._endpoint_group(number, group) for number, group in enumerate(self._endpoint_groups, start=1))

    def _endpoint_group(self, number: int, group: Sequence[rows.Endpoint]) -> EndpointGroup:
        iris = {endpoint.iri for endpoint in group}
        names = _distinct(group)
        name = _known_name(group, self._language) or _best(names, self._language)
        first = group[0]
        known = next((endpoint.concept for endpoint in group if endpoint.concept), None)
        return EndpointGroup(
            anchor=f"endpoint-{number}",
            concept=known,
            name=self._index.linked(first.iri, name.text, "role", "name"),
            name_language=name.language,
            aliases=_aliases(names, name),
            role=first.role,
            effects=self._effect_tables([c for c in self._facts.contrasts if c.endpoint in iris], known),
            arm_table=self._arm_table([r for r in self._facts.arm_results if r.endpoint in iris]),
            statements=tuple(
                self._statement(statement)
                for statement in sorted(
                    (s for s in self._facts.statements if s.endpoint in iris), key=self._reading_order
                )
            ),
        )

    def _reading_order(self, row: rows.Contrast | rows.ArmResult | rows.Statement) -> tuple[bool, int, int]:
        report = next(i for i, report in enumerate(self._facts.reports) if report.iri == row.report)
        return (bool(row.context.subgroup), report, self._index.place(row.iri))

    def _effect_tables(self, contrasts: Sequence[rows.Contrast], endpoint: str | None) -> tuple[EffectTable, ...]:
        tables: dict[tuple[str, str | None], list[rows.Contrast]] = {}
        for contrast in sorted(contrasts, key=self._reading_order):
            ratio = is_ratio(contrast.measure)
            tables.setdefault(("ratio", None) if ratio else (contrast.measure, contrast.unit), []).append(contrast)
        return tuple(self._effect_table(kind == "ratio", members, endpoint) for (kind, _), members in tables.items())

    def _effect_table(self, ratio: bool, contrasts: Sequence[rows.Contrast], endpoint: str | None) -> EffectTable:
        axis = self._ratio_axis if ratio else difference_axis(_bounds(contrast) for contrast in contrasts)
        shown = tuple(self._effect(contrast, axis) for contrast in contrasts)
        pairs = {(row.arm_for, row.arm_against) for row in shown}
        arm_for, arm_against = pairs.pop() if len(pairs) == 1 else (None, None)
        return EffectTable(
            axis=axis,
            rows=shown,
            arm_for=arm_for,
            arm_against=arm_against,
            sides=_sides(contrasts, endpoint, arm_for, arm_against),
        )

    def _effect(self, contrast: rows.Contrast, axis: Axis) -> EffectRow:
        interval = contrast.interval
        not_estimable = interval.not_estimable if interval else ()
        return EffectRow(
            iri=contrast.iri,
            circumstances=circumstances(contrast.context, self._language),
            arm_for=self.arm_name(contrast.arm_for),
            arm_against=self.arm_name(contrast.arm_against),
            measure=contrast.measure,
            unit=contrast.unit,
            value=self._index.linked(contrast.iri, printed(contrast.value), "value"),
            interval=self._interval(contrast.iri, interval),
            p=self._p(contrast.iri, contrast.p),
            significant=contrast.significant,
            mark=axis.mark(_bounds(contrast), "low" in not_estimable, "high" in not_estimable),
            report=self._reports[contrast.report],
            sources=self._index.sources(contrast.iri, "value"),
        )

    def _arm_table(self, results: Sequence[rows.ArmResult]) -> ArmTable | None:
        if not results:
            return None
        stated = {self._arm_of[result.arm] for result in results if result.arm in self._arm_of}
        columns: list[int | None] = [*sorted(stated)]
        if any(result.arm not in self._arm_of for result in results):
            columns.append(None)
        lines: dict[tuple[object, ...], list[list[rows.ArmResult]]] = {}
        for result in sorted(results, key=self._reading_order):
            same = (result.report, result.measure, result.unit, result.context)
            open_lines = lines.setdefault(same, [[]])
            # A report may give the same measure twice (abstract and text): the second time starts a new line.
            if any(member.arm == result.arm for member in open_lines[-1]):
                open_lines.append([])
            open_lines[-1].append(result)
        return ArmTable(
            columns=tuple(
                None if place is None else _best(_distinct(self._arm_groups[place]), self._language)
                for place in columns
            ),
            rows=tuple(self._arm_row(members, columns) for group in lines.values() for members in group),
        )

    def _arm_row(self, members: Sequence[rows.ArmResult], columns: Sequence[int | None]) -> ArmRow:
        first = members[0]
        return ArmRow(
            measure=first.measure,
            unit=first.unit,
            circumstances=circumstances(first.context, self._language),
            report=self._reports[first.report],
            cells=tuple(
                tuple(
                    self._arm_value(member)
                    for member in members
                    if (self._arm_of.get(member.arm) if member.arm else None) == column
                )
                for column in columns
            ),
        )

    def _arm_value(self, result: rows.ArmResult) -> ArmValue:
        return ArmValue(
            value=self._index.linked(result.iri, printed(result.value), "value"),
            interval=self._interval(result.iri, result.interval),
            events=printed(result.events) if result.events else None,
            n=printed(result.n) if result.n else None,
            dispersion=spread(result.dispersion),
            sources=self._index.sources(result.iri, "value"),
        )

    def _statement(self, statement: rows.Statement) -> StatementRow:
        return StatementRow(
            iri=statement.iri,
            arm_for=self.arm_name(statement.arm_for),
            arm_against=self.arm_name(statement.arm_against),
            direction=statement.direction,
            p=self._p(statement.iri, statement.p),
            circumstances=circumstances(statement.context, self._language),
            anchor=self._index.linked(statement.iri, "", "direction").anchor,
            report=self._reports[statement.report],
            sources=self._index.sources(statement.iri, "direction"),
        )

    def _interval(self, node: str, interval: rows.Interval | None) -> ShownInterval | None:
        if interval is None:
            return None
        return ShownInterval(
            low=interval.low.text if interval.low else None,
            high=interval.high.text if interval.high else None,
            level=plain(interval.level) if interval.level is not None else None,
            anchor=self._index.linked(node, "", "interval", "value").anchor,
        )

    def _p(self, node: str, p: rows.PValue | None) -> ShownP | None:
        if p is None:
            return None
        return ShownP(p.operator, p.value.text, p.sides, self._index.linked(node, "", "p", "value").anchor)


def _sides(
    contrasts: Sequence[rows.Contrast],
    endpoint: str | None,
    arm_for: rows.Name | None,
    arm_against: rows.Name | None,
) -> tuple[Side, Side] | None:
    """What left and right of no effect mean: which arm is favoured where that is sure, else which arm is lower."""
    if arm_for is None or arm_against is None:
        return None
    side = benefit({_ratio_code(contrast.measure) for contrast in contrasts}, endpoint)
    if side == "below":
        return Side("favours", arm_for), Side("favours", arm_against)
    if side == "above":
        return Side("favours", arm_against), Side("favours", arm_for)
    return Side("lower-with", arm_for), Side("lower-with", arm_against)


def benefit(codes: Collection[str | None], endpoint: str | None) -> Literal["below", "above"] | None:
    """On which side of no effect the first arm of such measures does better; ``None`` where that is not sure.

    ``codes`` are HR, OR, RR or IRR, ``None`` for a measure that is no ratio.
    """
    ratios = {code for code in codes if code}
    groups = _groups(endpoint)
    harmful = ratios and not groups.isdisjoint(_HARMS)
    # A hazard of the endpoint's event: death, progression and the like for every survival endpoint.
    hazard = ratios == {"HR"} and is_survival(endpoint)
    if harmful or hazard:
        return "below"
    return "above" if ratios and ratios <= {"OR", "RR"} and _RESPONSE in groups else None


def is_survival(endpoint: str | None) -> bool:
    """Whether the endpoint is a time until an event that is not hoped for, whose hazard is that of the event."""
    return _SURVIVAL in _groups(endpoint)


def is_safety(endpoint: str | None) -> bool:
    """Whether the endpoint is one of safety: adverse events of any kind, and the like."""
    return _SAFETY in _groups(endpoint)


def _groups(endpoint: str | None) -> frozenset[str]:
    """The names of an endpoint's concept and of all concepts above it."""
    found: set[str] = set()
    waiting = [endpoint] if endpoint else []
    while waiting:
        known = concept(waiting.pop())
        if known is not None and known.name not in found:
            found.add(known.name)
            waiting += known.broader
    return frozenset(found)


def is_ratio(measure: str) -> bool:
    """Whether the measure is one whose value of no effect is 1."""
    return _ratio_code(measure) is not None


def _ratio_code(measure: str) -> str | None:
    found = concept(measure)
    return next((code for code in found.notations if code in _RATIOS), None) if found else None


def _bounds(contrast: rows.Contrast) -> Bounds:
    interval = contrast.interval
    return Bounds(
        value=float(contrast.value.value),
        low=float(interval.low.value) if interval and interval.low else None,
        high=float(interval.high.value) if interval and interval.high else None,
    )


def _best(names: Sequence[rows.Name], language: str) -> rows.Name:
    return in_language(names, language) or rows.Name("", language)


def _known_name(group: Sequence[rows.Endpoint], language: str) -> rows.Name | None:
    """The lexicon's name for an endpoint that a report calls by one of the lexicon's names, else ``None``."""
    for endpoint in group:
        known = concept(endpoint.concept) if endpoint.concept else None
        if known is not None:
            forms = {*known.preferred.values(), *known.notations}
            forms.update(*known.alternatives.values())
            folded = {form.casefold() for form in forms}
            if any(name.text.casefold() in folded for name in endpoint.names):
                return rows.Name(label(known.iri, language), language)
    return None


def _rank(role: str, order: Sequence[str]) -> int:
    name = last_segment(role)
    return order.index(name) if name in order else len(order)
