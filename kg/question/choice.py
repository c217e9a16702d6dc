"""Which estimate of a trial is taken where it has several, by one stated order; the reader's choice goes before it.

Of the estimates of the measure that is combined, and of the whole trial: first those that can be combined, then the
very endpoint asked about before a narrower one, everyone randomised before a set that is not stated and that before
those treated as planned, the whole or longest follow-up before a shorter one, planned before post hoc, not adjusted
before adjusted, the newest report first, an article before a record, and last the place in the text, where the
abstract comes first. The question page says the same in words (``question-order`` in ontology/interface.ttl).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final, Literal

from kg.question.answers import Estimate, Kind, TrialAnswer
from kg.rows import Name
from kg.synthesis.effects import Effect
from ontology import LANGUAGES, by_name, forms

# Months of each unit in which time points are printed.
_MONTHS: Final = {"hours": 1 / 730.5, "days": 1 / 30.44, "weeks": 7 / 30.44, "months": 1.0, "years": 12.0}
_SETS: Final = {"intention-to-treat": 0, "per-protocol": 2, "safety": 3}
_NOT_STATED: Final = 1
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")

# What becomes of a trial's estimate. "as-printed" is read straight though it contradicts its own trial's medians.
Handling = Literal["as-printed", "turned", "left-out", "nothing"]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a reader chose: estimates by their ids, and trials by their keys, to leave out or to turn round."""

    take: frozenset[str] = frozenset()
    leave: frozenset[str] = frozenset()
    turn: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Taken:
    """A trial with the estimate that stands for it, what the reader has done with it, and its other estimates.

    ``effect`` is what is combined: for the intervention against the comparator, on the scale of combination; ``None``
    where nothing is. ``chosen`` says that the reader, not the order, took the estimate.
    """

    trial: TrialAnswer
    estimate: Estimate | None
    others: tuple[Estimate, ...]
    handling: Handling
    effect: Effect | None
    chosen: bool


def take(trial: TrialAnswer, kind: Kind, choices: Choices) -> Taken:
    """The estimate of that kind that stands for the trial, as the reader wants it."""
    ranked = sorted((e for e in trial.estimates if e.kind == kind), key=preference)
    wanted = next((e for e in ranked if e.id in choices.take), None)
    usual = next((e for e in ranked if not e.contrast.context.subgroup), None)
    estimate = wanted or usual
    others = tuple(e for e in (*ranked, *(e for e in trial.estimates if e.kind != kind)) if e is not estimate)
    if estimate is None:
        return Taken(trial, None, others, "nothing", None, chosen=False)
    handling, effect = _handled(trial, estimate, choices)
    return Taken(trial, estimate, others, handling, effect, chosen=wanted is not None)


def _handled(trial: TrialAnswer, estimate: Estimate, choices: Choices) -> tuple[Handling, Effect | None]:
    if estimate.effect is None:
        return "nothing", None
    if trial.trial.key in choices.leave:
        return "left-out", None
    turned = trial.trial.key in choices.turn
    reads_back = (estimate.direction == "reversed") != turned
    return "turned" if turned else "as-printed", estimate.effect.turned() if reads_back else estimate.effect


def preference(estimate: Estimate) -> tuple[object, ...]:
    """Smaller is preferred; the same for the same estimate in any order of the trials."""
    context = estimate.contrast.context
    analysed = (context.analysis_set or "").rsplit("/", 1)[-1]
    return (
        bool(context.subgroup),
        estimate.effect is None,
        # A paper is reviewed and explained; the registry's posted results stand in where there is none.
        estimate.report.kind == by_name("designs", "registry").iri,
        not estimate.exact,
        _SETS.get(analysed, _NOT_STATED),
        -_follow_up(context.time_point),
        context.planned is False,
        context.adjusted is True,
        -(estimate.report.year or 0),
        estimate.report.kind != by_name("designs", "article").iri,
        min((place.start for place in estimate.places), default=2**31),
        estimate.contrast.iri,
    )


def _follow_up(names: Collection[Name]) -> float:
    """The time point in months; without one the estimate is of the whole follow-up, which is the longest."""
    if not names:
        return float("inf")
    return max((months for name in names if (months := _months(name.text)) is not None), default=0.0)


def _months(text: str) -> float | None:
    """The number of the text in the unit that stands nearest behind or before it."""
    number = _NUMBER.search(text)
    if number is None:
        return None
    behind, before = text[number.end() :].casefold(), text[: number.start()].casefold()
    for around in (behind, before):
        unit = next((months for form, months in _time_units() if _speaks(around, form)), None)
        if unit is not None:
            return float(Decimal(number.group())) * unit
    return None


def _speaks(text: str, form: str) -> bool:
    return bool(re.search(rf"(?<![a-z]){re.escape(form)}(?![a-z])", text))


@cache
def _time_units() -> tuple[tuple[str, float], ...]:
    """The words for units of time of both languages, the longest first."""
    units = {by_name("units", name).iri: months for name, months in _MONTHS.items()}
    words = {
        form: units[iri] for language in LANGUAGES for form, iri in forms("units", language).items() if iri in units
    }
    return tuple(sorted(words.items(), key=lambda item: (-len(item[0]), item[0])))


def combined(taken: Iterable[Taken]) -> tuple[Taken, ...]:
    """The trials that are combined."""
    return tuple(one for one in taken if one.effect is not None)
