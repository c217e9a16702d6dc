"""The whole answer to a question: the trials, what stands for each, and what they say together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kg import rows
from kg.question.answers import Estimate, Kind, TrialAnswer, answer, kinds
from kg.question.asking import Found, Question, find
from kg.question.choice import Choices, Taken, combined, preference, take
from kg.stores import ReadableStore
from kg.synthesis.effects import Effect
from kg.synthesis.influence import Subgroups, by_group, leave_one_out
from kg.synthesis.pooling import MODELS, Method, Pooled, pool
from ontology import by_name, concept, narrower

# Groups of people that are shown, those of most trials first.
MOST_SUBGROUPS: Final = 40


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asked for: the question, the choices, trials taken in, the measure's name, the method, a grouping.

    ``measure`` is the name of a ``Kind`` or empty for the commonest; ``by`` is the name of a design aspect or empty.
    """

    question: Question
    choices: Choices
    added: frozenset[str]
    measure: str
    method: Method
    by: str


@dataclass(frozen=True, slots=True)
class SubgroupResult:
    """The estimates printed for one group of people, one for each trial, and what they say together.

    ``name`` is the group's concept, or its name as printed where the lexicon has none.
    """

    concept: str | None
    name: tuple[rows.Name, ...]
    taken: tuple[tuple[TrialAnswer, Estimate], ...]
    pooled: Pooled


@dataclass(frozen=True, slots=True)
class Result:
    """The answer. ``kind`` is what is combined, ``None`` where no trial has anything to combine.

    ``taken`` holds every trial that fits, ``pooled`` what those that are combined say together, ``None`` without
    any; ``methods`` the same by every method; ``without`` the same without each combined trial in turn; ``groups``
    by the value of a design aspect, ``None`` for trials that do not report it.
    """

    wanted: Wanted
    found: Found
    kinds: tuple[tuple[Kind, int], ...]
    kind: Kind | None
    taken: tuple[Taken, ...]
    pooled: Pooled | None
    methods: tuple[tuple[Method, Pooled], ...]
    without: tuple[Pooled, ...]
    groups: Subgroups[str | None] | None
    subgroups: tuple[SubgroupResult, ...]

    @property
    def combined(self) -> tuple[Taken, ...]:
        """The trials that are combined, in the order of ``pooled.weights`` and ``without``."""
        return combined(self.taken)


def result(store: ReadableStore, wanted: Wanted) -> Result:
    """The answer that the store gives."""
    found = find(store, wanted.question, wanted.added)
    trials = [answer(store, wanted.question, one, added=one in found.added) for one in found.fitting]
    available = kinds(trials)
    kind = next((k for k, _ in available if k.name == wanted.measure), None) or next((k for k, _ in available), None)
    if kind is None:
        nothing = tuple(Taken(trial, None, trial.estimates, "nothing", None, chosen=False) for trial in trials)
        return Result(wanted, found, (), None, nothing, None, (), (), None, ())
    taken = tuple(sorted((take(trial, kind, wanted.choices) for trial in trials), key=_by_year))
    together = combined(taken)
    effects = [one.effect for one in together if one.effect is not None]
    method = wanted.method
    return Result(
        wanted=wanted,
        found=found,
        kinds=available,
        kind=kind,
        taken=taken,
        pooled=pool(effects, method) if effects else None,
        methods=_all_methods(effects, method.level),
        without=leave_one_out(effects, method),
        groups=_groups(together, wanted) if wanted.by and effects else None,
        subgroups=_subgroups(taken, kind, method, wanted.choices),
    )


def _by_year(taken: Taken) -> tuple[int, str]:
    """Trials stand in the order of their first report."""
    return min((report.year or 9999 for report in taken.trial.reports), default=9999), taken.trial.trial.key


def _all_methods(effects: Sequence[Effect], level: float) -> tuple[tuple[Method, Pooled], ...]:
    if not effects:
        return ()
    methods = [Method(model, knapp, level) for model in MODELS for knapp in (False, True)]
    return tuple((one, pool(effects, one)) for one in methods if not (one.model == "fixed" and one.hartung_knapp))


def _groups(together: Iterable[Taken], wanted: Wanted) -> Subgroups[str | None]:
    aspect = by_name("designs", wanted.by).iri
    groups: dict[str | None, list[Effect]] = {}
    for one in together:
        if one.effect is not None:
            groups.setdefault(aspect_of(one.trial, aspect), []).append(one.effect)
    ordered = sorted(groups.items(), key=lambda item: (item[0] is None, item[0] or ""))
    return by_group(dict(ordered), wanted.method)


def aspect_of(trial: TrialAnswer, aspect: str) -> str | None:
    """The concept of a trial's design aspect; ``None`` where it is not reported, or printed in two ways."""
    values = {fact.value for fact in trial.design if fact.aspect == aspect and fact.value}
    return values.pop() if len(values) == 1 else None


def _subgroups(taken: Iterable[Taken], kind: Kind, method: Method, choices: Choices) -> tuple[SubgroupResult, ...]:
    """The groups of people that trials print estimates for; trials that are left out or turned round are so here."""
    groups: dict[str, list[tuple[TrialAnswer, Estimate]]] = {}
    for one in taken:
        if one.trial.trial.key not in choices.leave:
            for key, estimate in _of_subgroups(one.trial, kind).items():
                groups.setdefault(key, []).append((one.trial, estimate))
    found = [_subgroup(key, members, method, choices) for key, members in groups.items()]
    ordered = sorted(found, key=lambda group: (-len(group.taken), group.concept or "~", group.name[0].text))
    return tuple(ordered[:MOST_SUBGROUPS])


def _of_subgroups(trial: TrialAnswer, kind: Kind) -> Mapping[str, Estimate]:
    """The preferred estimate of each group of people; a group with two from one report cannot be told apart."""
    groups: dict[str, list[Estimate]] = {}
    for estimate in sorted(trial.estimates, key=preference):
        if estimate.kind == kind and estimate.contrast.context.subgroup and estimate.effect is not None:
            groups.setdefault(_key(estimate), []).append(estimate)
    return {
        key: members[0]
        for key, members in groups.items()
        if len({(e.contrast.value, e.contrast.interval) for e in members if e.report == members[0].report}) == 1
    }


def _key(estimate: Estimate) -> str:
    # A concept that has narrower ones ("age") names what divides people, not one of the groups.
    if estimate.subgroup is not None and concept(estimate.subgroup) and not narrower(estimate.subgroup):
        return estimate.subgroup
    return min(name.text.casefold() for name in estimate.contrast.context.subgroup)


def _subgroup(
    key: str, members: Sequence[tuple[TrialAnswer, Estimate]], method: Method, choices: Choices
) -> SubgroupResult:
    effects = []
    for trial, estimate in members:
        if estimate.effect is not None:
            back = (estimate.direction == "reversed") != (trial.trial.key in choices.turn)
            effects.append(estimate.effect.turned() if back else estimate.effect)
    known = concept(key) if key == members[0][1].subgroup else None
    return SubgroupResult(
        concept=known.iri if known else None,
        name=members[0][1].contrast.context.subgroup,
        taken=tuple(members),
        pooled=pool(effects, method),
    )


def people(taken: Taken) -> int | None:
    """The people of the two arms of the estimate that stands for the trial, else all randomised; ``None`` unknown."""
    estimate = taken.estimate
    pair = (estimate.contrast.arm_for, estimate.contrast.arm_against) if estimate else (None, None)
    sizes = [taken.trial.arms[arm].size for arm in pair if arm]
    if len(sizes) == 2 and all(size is not None for size in sizes):
        return int(sum(size.value for size in sizes if size is not None))
    randomised = by_name("designs", "randomised").iri
    counts = [count.number.value for count in taken.trial.counts if count.kind == randomised]
    return int(max(counts)) if counts else None


def two_by_two(taken: Taken) -> tuple[int, int, int, int] | None:
    """Events and people with the intervention, and with the comparator, as printed for the estimate's own arms.

    ``None`` unless each arm has just one count of events with its number of people, in the whole trial.
    """
    estimate = taken.estimate
    if estimate is None:
        return None
    arms = [estimate.contrast.arm_for, estimate.contrast.arm_against]
    if estimate.direction == "reversed":
        arms.reverse()
    found: list[int] = []
    for arm in arms:
        pairs = {
            (row.events.value, row.n.value)
            for row in taken.trial.arm_results
            if row.arm == arm is not None and row.events and row.n and not row.context.subgroup
        }
        if len(pairs) != 1:
            return None
        found += [int(number) for number in pairs.pop()]
    return found[0], found[1], found[2], found[3]


def comparator_shares(taken: Taken) -> tuple[rows.ArmResult, ...]:
    """The percentages printed for the comparator's arm of the estimate, whole trial: what a baseline risk may be."""
    estimate = taken.estimate
    if estimate is None:
        return ()
    contrast = estimate.contrast
    arm = contrast.arm_against if estimate.direction == "straight" else contrast.arm_for
    share, percent = by_name("measures", "proportion").iri, by_name("units", "percent").iri
    found: dict[Decimal, rows.ArmResult] = {}
    for row in taken.trial.arm_results:
        fits = row.arm == arm is not None and row.measure == share and row.unit == percent
        if fits and not row.context.subgroup and 0 <= row.value.value <= 100:
            found.setdefault(row.value.value, row)
    return tuple(found.values())
