"""The tables of an answer as plain rows, for files: printed figures as printed, computed ones as numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from kg import rows
from kg.question.answers import Estimate
from kg.question.choice import Taken
from kg.question.results import Result, people, two_by_two
from kg.synthesis.effects import normal_quantile
from kg.synthesis.pooling import Pooled
from ontology import by_name, label
from server.evidence import in_language, plain, printed
from server.negotiation import Language
from server.question.trials import LEVEL, trial_label
from server.question.views import Characteristics, QuestionPage
from server.sheets import Cell, Table


class Tables:
    """The tables of one answer for readers of one language."""

    def __init__(self, result: Result, page: QuestionPage, language: Language) -> None:
        self._result = result
        self._page = page
        self._language = language

    def named(self, name: str) -> Table | None:
        """The table with that name; ``None`` where there is no such table, or nothing for it."""
        makers: dict[str, Callable[[], Table | None]] = {
            "forest": self._forest,
            "methods": self._methods,
            "without": self._without,
            "groups": self._groups,
            "subgroups": self._subgroups,
            "summary": self._summary,
            "characteristics": self._characteristics,
            "estimates": self._estimates,
            "revman-generic": self._revman_generic,
            "revman-dichotomous": self._revman_dichotomous,
        }
        maker = makers.get(name)
        table = maker() if maker else None
        return table if table and table.rows else None

    def all(self) -> tuple[Table, ...]:
        """Every table that has rows."""
        return tuple(table for name in NAMES if (table := self.named(name)) is not None)

    def _word(self, name: str) -> str:
        return label(by_name("interface", name).iri, self._language)

    def _head(self, *names: str) -> tuple[str, ...]:
        return tuple(self._word(name) for name in names)

    def _outward(self, y: float) -> float | None:
        kind = self._result.kind
        return None if kind is None else _rounded(kind.scale.outward(y))

    def _forest(self) -> Table:
        weights = dict(
            zip(
                (one.trial.trial.key for one in self._result.combined),
                self._result.pooled.weights if self._result.pooled else (),
                strict=False,
            )
        )
        head = self._head(
            *("trial", "registrations", "question-measure", "estimate", "question-lower-bound", "question-upper-bound"),
            *("question-level", "question-handling", "question-log", "question-se", "question-value-95"),
            *("question-lower-95", "question-upper-95", "question-weight-percent", "question-people"),
        )
        return Table("forest", head, tuple(self._forest_row(one, weights) for one in self._result.taken))

    def _forest_row(self, taken: Taken, weights: dict[str, float]) -> tuple[Cell, ...]:
        key, effect = taken.trial.trial.key, taken.effect
        half = normal_quantile(LEVEL) * effect.se if effect else 0.0
        computed: tuple[Cell, ...] = (None,) * 5
        if effect is not None:
            ends = (self._outward(effect.y + side * half) for side in (0, -1, 1))
            computed = (_rounded(effect.y), _rounded(effect.se), *ends)
        weight = weights.get(key)
        return (
            self._name(taken),
            key,
            *_printed(taken.estimate),
            self._word(_HANDLING[taken.handling]),
            *computed,
            None if weight is None else round(100 * weight, 2),
            people(taken),
        )

    def _name(self, taken: Taken) -> str:
        return trial_label(taken.trial, self._language).text

    def _pooled(self, name: str, word: str, rows: Iterable[tuple[str, Pooled]]) -> Table:
        head = self._head(word, "question-value-95", "question-lower-95", "question-upper-95", "p-value")
        return Table(
            name,
            (*head, "Q", "df", "I2", "tau2", self._word("question-number-of-trials")),
            tuple(
                (
                    text,
                    *(self._outward(y) for y in (one.y, one.low, one.high)),
                    _rounded(one.p),
                    _rounded(one.heterogeneity.q),
                    one.heterogeneity.df,
                    _rounded(one.heterogeneity.i2),
                    _rounded(one.tau2),
                    len(one.weights),
                )
                for text, one in rows
            ),
        )

    def _methods(self) -> Table | None:
        answer = self._page.answer
        if answer is None:
            return None
        found = [one for method, one in self._result.methods if not (method.hartung_knapp and len(one.weights) < 2)]
        return self._pooled("methods", "question-method", zip((row.name for row in answer.methods), found, strict=True))

    def _without(self) -> Table:
        names = (self._name(one) for one in self._result.combined)
        return self._pooled("without", "question-without", zip(names, self._result.without, strict=False))

    def _groups(self) -> Table | None:
        groups = self._result.groups
        if groups is None:
            return None
        named = (
            (label(value, self._language) if value else self._word("not-reported"), one)
            for value, one in groups.pooled.items()
        )
        return self._pooled("groups", "question-group", named)

    def _subgroups(self) -> Table | None:
        answer = self._page.answer
        if answer is None:
            return None
        names = (row.name for row, _ in answer.subgroups)
        pooled = (group.pooled for group in self._result.subgroups)
        return self._pooled("subgroups", "question-subgroup", zip(names, pooled, strict=True))

    def _summary(self) -> Table | None:
        found = self._page.answer.summary if self._page.answer else None
        if found is None:
            return None
        absolute = found.absolute
        bounds = self._word("bounds")
        relative = f"{found.relative[0]} ({bounds.format(low=found.relative[1], high=found.relative[2])})"
        row: tuple[Cell, ...] = (
            label(self._result.wanted.question.endpoint, self._language),
            found.people,
            found.trials,
            f"{label(found.measure, self._language)} {relative}",
            None if absolute is None else absolute.without,
            None if absolute is None else _with_bounds(absolute.with_, bounds),
            None if absolute is None else _with_bounds(absolute.difference, bounds),
            self._word("question-not-judged"),
        )
        head = self._head(
            *("outcomes", "question-people", "question-number-of-trials", "question-relative"),
            *("question-risk-without", "question-risk-with", "question-difference", "question-certainty"),
        )
        return Table("summary", head, (row,))

    def _characteristics(self) -> Table:
        head = self._head(
            *("trial", "registrations", "design", "population", "intervention", "n", "comparison", "n", "randomised"),
            *("question-follow-up", "question-role", "year"),
        )
        return Table("characteristics", head, tuple(map(self._character, self._page.characteristics)))

    def _character(self, one: Characteristics) -> tuple[Cell, ...]:
        arms = [(arm[0].text, arm[1] or None) if arm else (None, None) for arm in (one.intervention, one.comparator)]
        return (
            one.label.text,
            "; ".join(one.registrations),
            "; ".join(one.design),
            one.population.text if one.population else None,
            *arms[0],
            *arms[1],
            one.randomised or None,
            one.follow_up or None,
            label(one.role, self._language) if one.role else None,
            one.year,
        )

    def _estimates(self) -> Table:
        head = self._head(
            *("trial", "registrations", "question-measure", "estimate", "question-lower-bound", "question-upper-bound"),
            *("question-level", "p-value", "question-endpoint-column", "question-subgroup", "question-time-point"),
            *("question-report", "question-taken-column", "question-sentence"),
        )
        found = []
        for one in self._result.taken:
            every = ((one.estimate,) if one.estimate else ()) + one.others
            found += [self._estimate(one, estimate) for estimate in every]
        return Table("estimates", head, tuple(found))

    def _estimate(self, taken: Taken, estimate: Estimate) -> tuple[Cell, ...]:
        contrast = estimate.contrast
        subgroup = in_language(contrast.context.subgroup, self._language)
        time_point = in_language(contrast.context.time_point, self._language)
        name = in_language(taken.trial.endpoints[contrast.endpoint].names, self._language)
        sentences = [p for p in estimate.places if p.supports == by_name("designs", "text").iri]
        sentence = next((p for p in sentences if p.language == self._language), sentences[0] if sentences else None)
        return (
            self._name(taken),
            taken.trial.trial.key,
            *_printed(estimate),
            _p(contrast),
            name.text if name else None,
            subgroup.text if subgroup else None,
            time_point.text if time_point else None,
            estimate.report.id,
            self._word("yes") if estimate is taken.estimate else None,
            sentence.quote if sentence else None,
        )

    def _revman_generic(self) -> Table | None:
        """The columns of RevMan's generic inverse variance data, always in English as RevMan's are."""
        kind = self._result.kind
        if kind is None:
            return None
        measure = label(kind.measure, "en").capitalize()
        head = (
            "Study",
            f"log[{measure}]" if kind.scale.ratio else measure,
            "SE",
            "Experimental total",
            "Control total",
        )
        rows = tuple(
            (_study(one), _rounded(one.effect.y), _rounded(one.effect.se), *_sizes(one))
            for one in self._result.combined
            if one.effect is not None
        )
        return Table("revman-generic", head, rows)

    def _revman_dichotomous(self) -> Table:
        """The columns of RevMan's dichotomous data, of the trials that print events and people of both arms."""
        head = ("Study", "Experimental events", "Experimental total", "Control events", "Control total")
        found = ((one, two_by_two(one)) for one in self._result.taken if one.handling != "left-out")
        return Table("revman-dichotomous", head, tuple((_study(one), *cells) for one, cells in found if cells))


NAMES: Final = (
    *("forest", "summary", "methods", "without", "groups", "subgroups", "characteristics", "estimates"),
    *("revman-generic", "revman-dichotomous"),
)
_HANDLING: Final = {
    "as-printed": "question-as-printed",
    "turned": "question-turned",
    "left-out": "question-left-out",
    "nothing": "question-nothing-here",
}


def _study(taken: Taken) -> str:
    return trial_label(taken.trial, "en").text


def _sizes(taken: Taken) -> tuple[Cell, Cell]:
    """The people of the intervention's arm and of the comparator's, where both are printed."""
    estimate = taken.estimate
    if estimate is None:
        return None, None
    pair = [estimate.contrast.arm_for, estimate.contrast.arm_against]
    if estimate.direction == "reversed":
        pair.reverse()
    sizes = [taken.trial.arms[arm].size if arm else None for arm in pair]
    first, second = (int(size.value) if size else None for size in sizes)
    return first, second


def _printed(estimate: Estimate | None) -> tuple[Cell, Cell, Cell, Cell, Cell]:
    """The measure's code and the figures as they were printed."""
    if estimate is None:
        return None, None, None, None, None
    contrast = estimate.contrast
    interval = contrast.interval
    low, high = (bound.text if bound else None for bound in (interval.low, interval.high)) if interval else (None, None)
    level = plain(interval.level) if interval and interval.level is not None else None
    return estimate.kind.code or label(contrast.measure, "en"), printed(contrast.value), low, high, level


def _p(contrast: rows.Contrast) -> str | None:
    """The p-value as printed, with its sign where it is not that of equality."""
    if contrast.p is None:
        return None
    sign = "" if contrast.p.operator == "=" else f"{contrast.p.operator} "
    return f"{sign}{contrast.p.value.text}"


def _with_bounds(figures: tuple[str, str, str], bounds: str) -> str:
    return f"{figures[0]} ({bounds.format(low=figures[1], high=figures[2])})"


def _rounded(value: float | None) -> float | None:
    """Six significant digits: more than any printed figure gives."""
    return None if value is None else float(f"{value:.6g}")
