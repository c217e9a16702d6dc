"""Builds the page of a question from its answer: form, forest plot, methods, groups, summary of findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from kg import rows
from kg.question.answers import Kind
from kg.question.asking import Reason
from kg.question.choice import Taken
from kg.question.queries import asked_text
from kg.question.results import Result, two_by_two
from kg.synthesis.pooling import MODELS, Method, Pooled, hartung_knapp_applies
from ontology import by_name, concept, label
from server.evidence import last_segment
from server.forest import Axis, Bounds, difference_axis, ratio_axis
from server.negotiation import Language
from server.question.address import GROUPINGS, PARTS, Address, alike, find_concept
from server.question.findings import summary
from server.question.titles import citation, title
from server.question.trials import TrialRows, printed_figures, trial_label, turned
from server.question.views import (
    Answer,
    Characteristics,
    Field,
    Groups,
    Heterogeneity,
    Link,
    Option,
    PooledRow,
    QuestionPage,
    Unanswered,
)
from server.question.writing import Figures, figures_for, number, probability, share
from server.results import benefit
from server.urls import Urls

# Words of the lexicon that a field of the form offers at most, and endpoints that the empty page does.
_MOST_OFFERED: Final = 200
_MOST_SUGGESTED: Final = 12


def question_page(
    result: Result | None, address: Address, used: Mapping[str, int], urls: Urls, language: Language, version: str
) -> QuestionPage:
    """The page; ``result`` is ``None`` where nothing could be asked, ``used`` counts the reports of each concept.

    ``version`` is that of the graph.
    """
    return _Builder(result, address, urls, language).page(used, version)


def _words(name: str, language: Language, **parts: object) -> str:
    return label(by_name("interface", name).iri, language).format(**parts)


class _Builder:
    def __init__(self, result: Result | None, address: Address, urls: Urls, language: Language) -> None:
        self._result = result
        self._address = address
        self._urls = urls
        self._language = language

    def page(self, used: Mapping[str, int], version: str) -> QuestionPage:
        """Everything that the page shows."""
        fields = tuple(self._field(part, scheme, used) for part, scheme in PARTS.items())
        titled = title({field.part: field.concept for field in fields}, self._language)
        permanent = f"{self._urls.base_iri.rstrip('/')}{self._href(self._address)}"
        result = self._result
        answer = self._answer(result, result.kind) if result and result.kind else None
        taken = result.taken if result else ()
        return QuestionPage(
            state=self._state(),
            title=titled,
            citation=citation(titled, version, permanent, self._language),
            address=self._address,
            fields=fields,
            models=self._options("model", MODELS, self._address.method.model),
            intervals=self._options("interval", ("normal", "hk"), self._address.interval or "normal"),
            groupings=self._groupings(),
            suggestions=self._suggestions(used),
            number=self._number(),
            answer=answer,
            characteristics=self._characteristics(taken, result.kind if result else None),
            unfit=self._unfit(),
            ignored=self._ignored(),
            queries=self._queries(),
            tables=self._tables(answer),
            permanent=permanent,
        )

    def _href(self, address: Address) -> str:
        return address.href(self._urls, self._language)

    def _state(self) -> str:
        result = self._result
        if result is None:
            unknown = any(
                (text := getattr(self._address, part)) and find_concept(scheme, text) is None
                for part, scheme in PARTS.items()
            )
            return "unknown" if unknown else "ask"
        if result.found.too_many is not None:
            return "too-many"
        if not result.found.fitting:
            return "none"
        return "answer" if result.kind else "nothing-to-combine"

    def _number(self) -> int:
        result = self._result
        if result is None:
            return 0
        return result.found.too_many or len(result.found.fitting)

    def _field(self, part: str, scheme: str, used: Mapping[str, int]) -> Field:
        text = getattr(self._address, part)
        found = find_concept(scheme, text) if text else None
        offered = [iri for iri in used if iri.rsplit("/", 2)[-2] == scheme][:_MOST_OFFERED]
        near = alike(scheme, text) if text and found is None else ()
        return Field(
            part=part,
            word=_PART_WORDS[part],
            text=label(found.iri, self._language) if found else text,
            concept=found.iri if found else None,
            unknown=bool(text) and found is None,
            alike=tuple(
                Link(label(one.iri, self._language), self._href(self._address.with_(**{part: one.name})))
                for one in near
            ),
            offered=tuple(sorted(label(iri, self._language) for iri in offered)),
        )

    def _options(self, kind: str, names: Iterable[str], chosen: str) -> tuple[Option, ...]:
        return tuple(Option(name, _words(f"question-{kind}-{name}", self._language), name == chosen) for name in names)

    def _groupings(self) -> tuple[Option, ...]:
        return tuple(
            Option(name, label(by_name("designs", name).iri, self._language), name == self._address.by)
            for name in GROUPINGS
        )

    def _suggestions(self, used: Mapping[str, int]) -> tuple[Link, ...]:
        if self._result is not None:
            return ()
        endpoints = [iri for iri in used if iri.rsplit("/", 2)[-2] == PARTS["endpoint"]][:_MOST_SUGGESTED]
        return tuple(
            Link(
                label(iri, self._language),
                self._href(self._address.with_(endpoint=last_segment(iri))),
            )
            for iri in endpoints
        )

    def _answer(self, result: Result, kind: Kind) -> Answer:
        printed = [one.estimate.contrast.value for one in result.taken if one.estimate]
        figures = figures_for(kind.scale, printed)
        axis = _axis(result, kind)
        rows_ = TrialRows(self._urls, self._language, self._address, figures, axis)
        weights = dict(zip((one.trial.trial.key for one in result.combined), self._weights(), strict=True))
        heaviest = max(weights.values(), default=1.0)
        side = benefit({kind.code if kind.scale.ratio else None}, result.wanted.question.endpoint)
        pooled = PooledRows(figures, axis, self._language)
        return Answer(
            measure=kind.measure,
            unit=kind.unit,
            ratio=kind.scale.ratio,
            axis=axis,
            sides=_SIDES[side],
            rows=tuple(rows_.row(one, weights.get(one.trial.trial.key), heaviest) for one in result.taken),
            pooled=None
            if result.pooled is None
            else pooled.row(self._method_name(result.wanted.method), result.pooled),
            heterogeneity=None if result.pooled is None else pooled.heterogeneity(result.pooled),
            methods=self._methods(result, pooled),
            without=self._without(result, pooled),
            groups=self._groups(result, pooled),
            subgroups=self._subgroups(result, pooled),
            summary=None
            if result.pooled is None
            else summary(result, figures, self._address, self._urls, self._language),
            kinds=tuple(
                Option(one.name, f"{self._kind_name(one)} ({trials})", one == kind) for one, trials in result.kinds
            ),
        )

    def _weights(self) -> tuple[float, ...]:
        return self._result.pooled.weights if self._result and self._result.pooled else ()

    def _kind_name(self, kind: Kind) -> str:
        name = label(kind.measure, self._language)
        if kind.unit is None:
            return name
        return f"{name}, {label(kind.unit, self._language) if concept(kind.unit) else kind.unit}"

    def _method_name(self, method: Method) -> str:
        name = _words(f"question-model-{method.model}", self._language)
        return f"{name}, {_words('question-interval-hk', self._language)}" if method.hartung_knapp else name

    def _methods(self, result: Result, pooled: PooledRows) -> tuple[PooledRow, ...]:
        trials = len(result.combined)
        chosen = result.wanted.method
        found = []
        for method, one in result.methods:
            if method.hartung_knapp and not hartung_knapp_applies(trials, method):
                continue
            interval = "hk" if method.hartung_knapp else ""
            model = "" if method.model == Address().method.model else method.model
            href = self._href(self._address.with_(model=model, interval=interval))
            found.append(pooled.row(self._method_name(method), one, href=href, chosen=method == chosen))
        return tuple(found)

    def _without(self, result: Result, pooled: PooledRows) -> tuple[PooledRow, ...]:
        return tuple(
            pooled.row(
                trial_label(one.trial, self._language).text,
                left,
                href=self._href(self._address.handled(one.trial.trial.key, "leave")),
            )
            for one, left in zip(result.combined, result.without, strict=False)
        )

    def _groups(self, result: Result, pooled: PooledRows) -> Groups | None:
        groups = result.groups
        if groups is None:
            return None
        sign, figure = probability(groups.p) if groups.p is not None else ("", "")
        return Groups(
            rows=tuple(
                pooled.row(label(value, self._language) if value else _words("not-reported", self._language), one)
                for value, one in groups.pooled.items()
            ),
            q=number(groups.q, 2),
            df=groups.df,
            p=None if groups.p is None else f"{sign} {figure}",
        )

    def _subgroups(self, result: Result, pooled: PooledRows) -> tuple[tuple[PooledRow, tuple[Link, ...]], ...]:
        found = []
        for group in result.subgroups:
            best = next((n for n in group.name if n.language == self._language), group.name[0])
            known = rows.Name(label(group.concept, self._language), self._language) if group.concept else best
            links = tuple(
                Link(trial_label(trial, self._language).text, self._urls.trial(self._language, trial.trial.key))
                for trial, _ in group.taken
            )
            found.append((pooled.row(known.text, group.pooled, language=known.language), links))
        return tuple(found)

    def _characteristics(self, taken: Sequence[Taken], kind: Kind | None) -> tuple[Characteristics, ...]:
        figures = figures_for((kind or Kind("", None)).scale, ())
        laid = TrialRows(self._urls, self._language, self._address, figures, ratio_axis(()))
        return tuple(laid.characteristics(one) for one in taken)

    def _unfit(self) -> tuple[Unanswered, ...]:
        if self._result is None:
            return ()
        return tuple(
            Unanswered(
                label=rows.Name(one.trial.key, self._language),
                href=self._urls.trial(self._language, one.trial.key),
                reason=_REASONS[one.reason],
                add=self._href(self._address.with_(add=tuple(sorted({*self._address.add, one.trial.key})))),
            )
            for one in self._result.found.unfit
        )

    def _ignored(self) -> tuple[str, ...]:
        """The choices of the address that name no trial and no estimate of the answer."""
        if self._result is None or self._result.found.too_many is not None:
            return ()
        keys = {one.trial.trial.key for one in self._result.taken}
        ids = {estimate.id for one in self._result.taken for estimate in one.trial.estimates}
        chosen = {*self._address.leave, *self._address.turn, *self._address.add} - keys
        return tuple(sorted({*chosen, *(set(self._address.take) - ids)}))

    def _tables(self, answer: Answer | None) -> tuple[str, ...]:
        """The names of the tables that have rows (``server.question.tables``)."""
        if answer is None or self._result is None:
            return ()
        there = {
            "forest": True,
            "summary": answer.pooled is not None,
            "methods": bool(answer.methods),
            "without": bool(answer.without),
            "groups": answer.groups is not None,
            "subgroups": bool(answer.subgroups),
            "characteristics": True,
            "estimates": True,
            "revman-generic": answer.pooled is not None,
            "revman-dichotomous": any(two_by_two(one) for one in self._result.taken if one.handling != "left-out"),
        }
        return tuple(name for name, has in there.items() if has)

    def _queries(self) -> tuple[Link, ...]:
        if self._result is None:
            return ()
        question = self._result.wanted.question
        asked: list[tuple[str, dict[str, str]]] = [("question_estimates", {"endpoint": question.endpoint})]
        if question.population:
            asked.append(("question_people", {"population": question.population}))
        if question.intervention or question.comparator:
            asked.append(("question_arms", {"endpoint": question.endpoint}))
        first = self._result.found.fitting[:1]
        asked += [(name, {"trial": one.iri}) for one in first for name in ("contrasts", "arms", "checks")]
        return tuple(
            Link(name, self._urls.sparql_page(self._language, asked_text(name, parameters)))
            for name, parameters in asked
        )


_PART_WORDS: Final = {
    "population": "question-population",
    "intervention": "question-intervention",
    "comparator": "question-comparator",
    "endpoint": "question-endpoint",
}
_REASONS: Final[dict[Reason, str]] = {
    "treatment-unknown": "question-treatment-unknown",
    "other-comparison": "question-other-comparison",
}
_SIDES: Final[dict[str | None, tuple[str, str]]] = {
    "below": ("question-favours-intervention", "question-favours-comparator"),
    "above": ("question-favours-comparator", "question-favours-intervention"),
    None: ("question-lower", "question-higher"),
}


class PooledRows:
    """Writes combined estimates on one axis."""

    def __init__(self, figures: Figures, axis: Axis, language: Language) -> None:
        self._figures = figures
        self._axis = axis
        self._language = language

    def row(
        self, name: str, pooled: Pooled, *, language: str = "", href: str | None = None, chosen: bool = False
    ) -> PooledRow:
        """The combined estimate with its interval, p-value, τ², I² and number of trials."""
        value, low, high = self._figures.pooled(pooled)
        sign, figure = probability(pooled.p)
        i2 = pooled.heterogeneity.i2
        return PooledRow(
            name=name,
            language=language or self._language,
            value=value,
            low=low,
            high=high,
            p=figure if sign == "=" else f"{sign} {figure}",
            tau2=number(pooled.tau2, 3),
            i2="" if i2 is None else share(i2),
            trials=len(pooled.weights),
            href=href,
            chosen=chosen,
            mark=self._axis.mark(self._bounds(pooled.y, pooled.low, pooled.high)),
        )

    def _bounds(self, y: float, low: float, high: float) -> Bounds:
        outward = self._figures.scale.outward
        return Bounds(outward(y), outward(low), outward(high))

    def heterogeneity(self, pooled: Pooled) -> Heterogeneity:
        """Q, I², τ² and the prediction interval in figures."""
        found = pooled.heterogeneity
        sign, figure = probability(found.p) if found.p is not None else ("", "")
        prediction = pooled.prediction
        return Heterogeneity(
            q=number(found.q, 2),
            df=found.df,
            p=f"{sign} {figure}".strip(),
            i2="" if found.i2 is None else share(found.i2),
            tau2=number(pooled.tau2, 3),
            prediction=None if prediction is None else self._figures.bounds(*prediction),
            prediction_mark=None if prediction is None else self._axis.mark(self._bounds(pooled.y, *prediction)),
        )


def _axis(result: Result, kind: Kind) -> Axis:
    """One axis for all trials, as printed or turned round, and for what they say together."""
    bounds = []
    for one in result.taken:
        if one.estimate is not None:
            value, low, high = printed_figures(one.estimate)
            bounds.append(Bounds(value, low, high))
            if (one.estimate.direction == "reversed") != (one.handling == "turned"):
                back = [turned(b, kind.scale.ratio) for b in (value, low, high) if b]
                bounds += [Bounds(b, None, None) for b in back]
    if result.pooled is not None and result.pooled.prediction is not None:
        outward = kind.scale.outward
        bounds.append(Bounds(outward(result.pooled.y), *map(outward, result.pooled.prediction)))
    return ratio_axis(bounds) if kind.scale.ratio else difference_axis(bounds)
