"""The answer to a question as data: what was asked, each trial's estimate as printed and as combined, the results."""

from __future__ import annotations

from dataclasses import dataclass

from kg.question.answers import Estimate
from kg.question.choice import Taken
from kg.question.results import Result, people
from kg.synthesis.effects import Scale, normal_quantile
from kg.synthesis.pooling import Method, Pooled
from server.evidence import in_language, plain, printed
from server.question.trials import LEVEL


@dataclass(frozen=True, slots=True)
class Asked:
    """The question as IRIs of concepts; ``null`` means any."""

    population: str | None
    intervention: str | None
    comparator: str | None
    endpoint: str


@dataclass(frozen=True, slots=True)
class PrintedEstimate:
    """An estimate as a report prints it: figures as texts, the level in percent; ``iri`` is its node in the graph."""

    iri: str
    id: str
    report: str
    measure: str
    value: str
    low: str | None
    high: str | None
    level: str | None
    subgroup: str | None
    contradicts_medians: bool


@dataclass(frozen=True, slots=True)
class CombinedEstimate:
    """Computed: ``y`` and ``se`` on the scale of combination (natural logarithm for ratios), figures at 95 %."""

    y: float
    se: float
    value: float
    low: float
    high: float
    weight: float


@dataclass(frozen=True, slots=True)
class TrialData:
    """A trial; ``handling`` is as-printed, turned, left-out or nothing. ``combined`` is ``null`` where left out."""

    iri: str
    key: str
    people: int | None
    handling: str
    estimate: PrintedEstimate | None
    combined: CombinedEstimate | None
    others: list[PrintedEstimate]


@dataclass(frozen=True, slots=True)
class PooledData:
    """Computed: a combined estimate by one method, with its inputs' heterogeneity and its prediction interval."""

    model: str
    hartung_knapp: bool
    level: float
    value: float
    low: float
    high: float
    p: float
    q: float
    df: int
    i2: float | None
    tau2: float
    prediction: list[float] | None
    trials: int


@dataclass(frozen=True, slots=True)
class UnfitData:
    """A trial of these people with this endpoint whose arms do not fit: treatment-unknown or other-comparison."""

    iri: str
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    """The whole answer. ``too_many`` is the number of trials where they are more than can be combined."""

    asked: Asked
    measure: str | None
    trials: list[TrialData]
    pooled: PooledData | None
    methods: list[PooledData]
    unfit: list[UnfitData]
    too_many: int | None
    page: str


def question_answer(result: Result, page: str) -> QuestionAnswer:
    """The answer as data; ``page`` is the address of the page for people."""
    question = result.wanted.question
    weights = result.pooled.weights if result.pooled else ()
    shares = dict(zip((one.trial.trial.key for one in result.combined), weights, strict=False))
    scale = result.kind.scale if result.kind else Scale(ratio=False)
    return QuestionAnswer(
        asked=Asked(question.population, question.intervention, question.comparator, question.endpoint),
        measure=result.kind.measure if result.kind else None,
        trials=[_trial(one, shares, scale) for one in result.taken],
        pooled=None if result.pooled is None else _pooled(result.wanted.method, result.pooled, scale),
        methods=[_pooled(method, one, scale) for method, one in result.methods],
        unfit=[UnfitData(one.trial.iri, one.trial.key, one.reason) for one in result.found.unfit],
        too_many=result.found.too_many,
        page=page,
    )


def _trial(taken: Taken, shares: dict[str, float], scale: Scale) -> TrialData:
    key = taken.trial.trial.key
    return TrialData(
        iri=taken.trial.trial.iri,
        key=key,
        people=people(taken),
        handling=taken.handling,
        estimate=_estimate(taken.estimate) if taken.estimate else None,
        combined=_combined(taken, shares[key], scale) if key in shares else None,
        others=[_estimate(one) for one in taken.others],
    )


def _combined(taken: Taken, weight: float, scale: Scale) -> CombinedEstimate | None:
    effect = taken.effect
    if effect is None:
        return None
    half = normal_quantile(LEVEL) * effect.se
    value, low, high = (scale.outward(effect.y + side * half) for side in (0, -1, 1))
    return CombinedEstimate(effect.y, effect.se, value, low, high, weight)


def _estimate(estimate: Estimate) -> PrintedEstimate:
    contrast = estimate.contrast
    interval = contrast.interval
    subgroup = in_language(contrast.context.subgroup, "en")
    return PrintedEstimate(
        iri=contrast.iri,
        id=estimate.id,
        report=estimate.report.iri,
        measure=contrast.measure,
        value=printed(contrast.value),
        low=interval.low.text if interval and interval.low else None,
        high=interval.high.text if interval and interval.high else None,
        level=plain(interval.level) if interval and interval.level is not None else None,
        subgroup=subgroup.text if subgroup else None,
        contradicts_medians=estimate.contradicts,
    )


def _pooled(method: Method, one: Pooled, scale: Scale) -> PooledData:
    return PooledData(
        model=method.model,
        hartung_knapp=one.df is not None,
        level=LEVEL,
        value=scale.outward(one.y),
        low=scale.outward(one.low),
        high=scale.outward(one.high),
        p=one.p,
        q=one.heterogeneity.q,
        df=one.heterogeneity.df,
        i2=one.heterogeneity.i2,
        tau2=one.tau2,
        prediction=None if one.prediction is None else [scale.outward(bound) for bound in one.prediction],
        trials=len(one.weights),
    )
