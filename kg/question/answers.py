"""What each trial answers: its estimates on one scale, which way round they read, and what speaks against them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from kg import check_queries, queries, rows
from kg.question.asking import Direction, Question, direction
from kg.question.queries import Place, question_evidence, question_subgroups
from kg.question.treatments import included, treatments_of
from kg.stores import ReadableStore
from kg.synthesis.effects import Effect, NoStandardError, Scale, effect
from ontology import by_name, concept

RATIOS: Final = frozenset({"HR", "OR", "RR", "IRR"})
DIFFERENCES: Final = frozenset({"RD", "MD", "SMD"})
# Estimates of a trial whose places are looked up; a trial with more has them cut, whole populations first.
MOST_ESTIMATES: Final = 60
_CONTRADICTION: Final = "ratio-against-medians"


@dataclass(frozen=True, slots=True)
class Kind:
    """What estimates must share to be combined: the measure and the unit, as IRIs or as printed."""

    measure: str
    unit: str | None

    @property
    def code(self) -> str | None:
        """HR, OR, RR, IRR, RD, MD or SMD; ``None`` for a measure without such a code."""
        found = concept(self.measure)
        codes = found.notations if found else ()
        return next((code for code in codes if code in RATIOS | DIFFERENCES), None)

    @property
    def scale(self) -> Scale:
        """Logarithmic for ratios, else linear."""
        return Scale(self.code in RATIOS)

    @property
    def name(self) -> str:
        """As it stands in addresses: the measure's name, and the unit's behind a tilde."""
        measure = self.measure.rsplit("/", 1)[-1]
        return measure if self.unit is None else f"{measure}~{self.unit.rsplit('/', 1)[-1]}"


@dataclass(frozen=True, slots=True)
class Estimate:
    """One effect estimate that may answer; ``effect`` is as printed, in the printed direction.

    ``trouble`` says why it cannot be combined: "no-interval", "no-level" or "no-scale". ``direction`` is "reversed"
    where it is printed for the comparator against the intervention. ``doubts`` are the failed checks that involve
    it; ``contradicts`` that one of them sets it against the medians of its own trial. ``exact`` that it is for the
    very endpoint asked about. ``subgroup`` is the concept of its subgroup, where the lexicon has one.
    """

    contrast: rows.Contrast
    report: rows.Report
    kind: Kind
    direction: Direction
    exact: bool
    effect: Effect | None
    trouble: str | None
    doubts: tuple[rows.Check, ...]
    contradicts: bool
    places: tuple[Place, ...]
    subgroup: str | None = None

    @property
    def id(self) -> str:
        """As it stands in addresses: the report's id and the finding's own name."""
        return f"{self.report.id}/{self.contrast.iri.rsplit('/', 1)[-1]}"


@dataclass(frozen=True, slots=True)
class TrialAnswer:
    """One trial with its estimates for the question, in no order yet."""

    trial: rows.TrialKey
    reports: tuple[rows.Report, ...]
    registrations: tuple[rows.Registration, ...]
    design: tuple[rows.DesignFact, ...]
    populations: tuple[rows.Population, ...]
    counts: tuple[rows.ParticipantCount, ...]
    arms: Mapping[str, rows.Arm]
    endpoints: Mapping[str, rows.Endpoint]
    arm_results: tuple[rows.ArmResult, ...]
    estimates: tuple[Estimate, ...]


def answer(store: ReadableStore, question: Question, trial: rows.TrialKey, *, added: bool = False) -> TrialAnswer:
    """What the trial answers; of an added trial every comparison counts, read by the roles of its arms."""
    reports = queries.reports(store, trial.iri)
    arms = {arm.iri: arm for arm in queries.arms(store, trial.iri)}
    endpoints = {one.iri: one for one in queries.endpoints(store, trial.iri)}
    subgroups = question_subgroups(store, trial.iri)
    failed = _failed(check_queries.checks(store, trial.iri))
    wanted = included(question.endpoint)
    by_report = {report.iri: report for report in reports}
    chosen = [c for c in queries.contrasts(store, trial.iri) if endpoints[c.endpoint].concept in wanted]
    chosen.sort(key=lambda contrast: (bool(contrast.context.subgroup), contrast.iri))
    estimates = []
    for contrast in chosen[:MOST_ESTIMATES]:
        if contrast.arm_for is None and by_report[contrast.report].kind == by_name("designs", "registry").iri:
            # A registry has no field for the arm that an estimate is for: it could be combined the wrong way round.
            continue
        way = by_roles(contrast, arms) if added else _direction(question, contrast, arms)
        if way is None:
            continue
        exact = endpoints[contrast.endpoint].concept == question.endpoint
        doubts = failed.get(contrast.iri, ())
        places = question_evidence(store, contrast.iri)
        estimate = _estimate(contrast, by_report[contrast.report], way, exact, doubts, places)
        estimates.append(replace(estimate, subgroup=subgroups.get(contrast.context.subgroup_iri or "")))
    return TrialAnswer(
        trial=trial,
        reports=reports,
        registrations=queries.registrations(store, trial.iri),
        design=queries.design_facts(store, trial.iri),
        populations=queries.populations(store, trial.iri),
        counts=queries.participant_counts(store, trial.iri),
        arms=arms,
        endpoints=endpoints,
        arm_results=tuple(
            row for row in queries.arm_results(store, trial.iri) if endpoints[row.endpoint].concept in wanted
        ),
        estimates=tuple(estimates),
    )


def _failed(checks: Iterable[rows.Check]) -> dict[str, tuple[rows.Check, ...]]:
    wrong = by_name("checks", "inconsistent").iri
    found: dict[str, tuple[rows.Check, ...]] = {}
    for check in checks:
        if check.verdict == wrong:
            for node in check.involves:
                found[node] = (*found.get(node, ()), check)
    return found


def _direction(question: Question, contrast: rows.Contrast, arms: Mapping[str, rows.Arm]) -> Direction | None:
    if question.intervention is None and question.comparator is None:
        return by_roles(contrast, arms)
    if contrast.arm_for is None or contrast.arm_against is None:
        return None
    first, second = (treatments_of(arms[arm].names) for arm in (contrast.arm_for, contrast.arm_against))
    return direction(question, first, second)


def by_roles(contrast: rows.Contrast, arms: Mapping[str, rows.Arm]) -> Direction:
    """Experimental against control reads straight, control against anything else the other way round."""
    control = by_name("designs", "control").iri
    first, second = (arms[arm].role if arm else None for arm in (contrast.arm_for, contrast.arm_against))
    return "reversed" if first == control and second not in {control, None} else "straight"


def _estimate(
    contrast: rows.Contrast,
    report: rows.Report,
    way: Direction,
    exact: bool,
    doubts: tuple[rows.Check, ...],
    places: tuple[Place, ...],
) -> Estimate:
    kind = Kind(contrast.measure, None if _ratio(contrast) else contrast.unit or contrast.unit_text)
    usable, trouble = _effect(contrast, kind)
    contradicts = any(check.kind == by_name("checks", _CONTRADICTION).iri for check in doubts)
    return Estimate(contrast, report, kind, way, exact, usable, trouble, doubts, contradicts, places)


def _ratio(contrast: rows.Contrast) -> bool:
    return Kind(contrast.measure, None).scale.ratio


def _effect(contrast: rows.Contrast, kind: Kind) -> tuple[Effect | None, str | None]:
    interval = contrast.interval
    if interval is None or interval.low is None or interval.high is None:
        return None, "no-interval"
    if interval.level is None:
        return None, "no-level"
    value, low, high = (float(one.value) for one in (contrast.value, interval.low, interval.high))
    try:
        return effect(value, low, high, float(interval.level), kind.scale), None
    except NoStandardError:
        return None, "no-scale"


def kinds(trials: Iterable[TrialAnswer]) -> tuple[tuple[Kind, int], ...]:
    """The kinds of estimates that can be combined with the number of trials that have one, the commonest first."""
    tally: Counter[Kind] = Counter()
    for trial in trials:
        tally.update({e.kind for e in trial.estimates if e.effect is not None and not e.contrast.context.subgroup})
    return tuple(sorted(tally.items(), key=lambda item: (-item[1], item[0].name)))
