"""The question itself, and which way round an effect estimate answers it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from kg.question.queries import Compared, question_arms, question_estimates, question_people
from kg.question.treatments import included, treatments_of
from kg.rows import TrialKey
from kg.stores import ReadableStore

# More trials than a page can show, or a reader check, are not gathered: the question is too wide.
MOST_TRIALS: Final = 100
MOST_CANDIDATES: Final = 5000

Direction = Literal["straight", "reversed"]
# Why a trial with an estimate for the endpoint in the people asked about is not part of the answer.
Reason = Literal["treatment-unknown", "other-comparison"]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, as IRIs of concepts; ``None`` for any. A concept includes its narrower ones.

    Without a comparator the other arm may be anything that does not include the intervention, so that an
    intervention added to a treatment that both arms get is found.
    """

    endpoint: str
    population: str | None = None
    intervention: str | None = None
    comparator: str | None = None


@dataclass(frozen=True, slots=True)
class Unfit:
    """A trial that has an estimate for the endpoint in the people asked about, but not of the arms asked about."""

    trial: TrialKey
    reason: Reason


@dataclass(frozen=True, slots=True)
class Found:
    """The trials that fit, by key, and those whose arms do not.

    ``added`` are those of the fitting whose arms do not fit, but which the reader wants in. ``too_many`` is the
    number of trials found where they are more than can be gathered; the tuples are empty then.
    """

    fitting: tuple[TrialKey, ...]
    unfit: tuple[Unfit, ...]
    added: tuple[TrialKey, ...] = ()
    too_many: int | None = None


def find(store: ReadableStore, question: Question, added: Iterable[str] = ()) -> Found:
    """The trials that answer the question; keys in ``added`` are taken in though their arms do not fit."""
    estimated = question_estimates(store, question.endpoint)
    keys = {trial: key for trial, (key, _) in estimated.items()}
    if question.population is not None:
        keys = {trial: keys[trial] for trial in question_people(store, question.population) if trial in keys}
    if len(keys) > MOST_CANDIDATES:
        return Found((), (), too_many=len(keys))
    trials = [TrialKey(trial, key) for key, trial in sorted((key, trial) for trial, key in keys.items())]
    if question.intervention is None and question.comparator is None:
        return _within_bounds(trials, [], [])
    compared = question_arms(store, question.endpoint)
    wanted = frozenset(added)
    fitting, unfit, taken_in = [], [], []
    for trial in trials:
        reason = _misfit(question, compared.get(trial.iri, {}).values())
        if reason is not None and trial.key not in wanted:
            unfit.append(Unfit(trial, reason))
            continue
        fitting.append(trial)
        if reason is not None:
            taken_in.append(trial)
    return _within_bounds(fitting, unfit, taken_in)


def _within_bounds(fitting: list[TrialKey], unfit: list[Unfit], added: list[TrialKey]) -> Found:
    if len(fitting) > MOST_TRIALS:
        return Found((), (), too_many=len(fitting))
    return Found(tuple(fitting), tuple(unfit[:MOST_TRIALS]), tuple(added))


def _misfit(question: Question, comparisons: Iterable[Compared]) -> Reason | None:
    """Why none of a trial's comparisons fits, ``None`` if one does."""
    unknown = True
    for one in comparisons:
        first, second = (treatments_of(one.names.get(arm, ())) for arm in (one.arm_for, one.arm_against))
        if direction(question, first, second) is not None:
            return None
        unknown = unknown and not (first and second)
    return "treatment-unknown" if unknown else "other-comparison"


def direction(question: Question, first: frozenset[str], second: frozenset[str]) -> Direction | None:
    """Which way round an estimate of an arm with the first treatments against one with the second answers.

    ``None`` where it does not answer the question.
    """
    if _answers(question, first, second):
        return "straight"
    return "reversed" if _answers(question, second, first) else None


def _answers(question: Question, given: frozenset[str], compared: frozenset[str]) -> bool:
    if question.intervention is not None:
        wanted = included(question.intervention)
        if given.isdisjoint(wanted) or not compared.isdisjoint(wanted):
            return False
    if question.comparator is None:
        return True
    control = included(question.comparator)
    if compared.isdisjoint(control):
        return False
    # Where both arms get the comparator, the arm that gets something else as well is the one asked about.
    return question.intervention is not None or given.isdisjoint(control) or given > compared
