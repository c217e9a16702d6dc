"""One trial on the page of a question: its name, its estimates, its row in the forest plot, its characteristics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from kg import rows
from kg.question.answers import Estimate, TrialAnswer
from kg.question.choice import Taken
from kg.question.queries import Place
from kg.question.results import people
from kg.synthesis.effects import normal_quantile
from ontology import by_name, concept, label
from server.evidence import in_language, last_segment, plain, printed
from server.forest import Axis, Bounds, Mark
from server.negotiation import Language
from server.question.address import Address
from server.question.views import Characteristics, Doubt, Sentence, ShownEstimate, TrialRow
from server.question.writing import Figures, share
from server.tables import circumstances
from server.urls import Urls, anchor

# The level at which computed intervals are written, whatever the printed one.
LEVEL: Final = 95.0
_TROUBLES: Final = {
    "no-interval": "question-no-interval",
    "no-level": "question-no-level",
    "no-scale": "question-no-scale",
}
_LARGEST, _SMALLEST = 15.0, 5.0


def trial_label(trial: TrialAnswer, language: Language) -> rows.Name:
    """The acronym, else the first author's name with the year, else the trial's key."""
    acronym = next((name for report in trial.reports for name in report.acronyms), None)
    if acronym is not None:
        return rows.Name(acronym, language)
    for report in trial.reports:
        if report.authors:
            year = f" {report.year}" if report.year else ""
            return rows.Name(f"{surname(report.authors[0])}{year}", language)
    return rows.Name(trial.trial.key, language)


def surname(author: str) -> str:
    """A name as bibliographies cut it: "Fitzal F" is Fitzal, "Wei Li" is Li; other scripts stay whole."""
    words = author.split()
    if len(words) < 2 or not words[-1].isascii():
        return author
    return " ".join(words[:-1]) if words[-1].isupper() and len(words[-1]) <= 3 else words[-1]


def _other_names(trial: TrialAnswer) -> tuple[str, ...]:
    first = next((report for report in trial.reports if report.authors), None)
    cited = f"{surname(first.authors[0])} {first.year or ''}".strip() if first else ""
    has_acronym = any(report.acronyms for report in trial.reports)
    own = [row.identifier for row in trial.registrations if last_segment(row.role) == "own"]
    return tuple(dict.fromkeys([*([cited] if cited and has_acronym else []), *own]))


class TrialRows:
    """Lays out the trials of an answer for readers of one language."""

    def __init__(self, urls: Urls, language: Language, address: Address, figures: Figures, axis: Axis) -> None:
        self._urls = urls
        self._language = language
        self._address = address
        self._figures = figures
        self._axis = axis

    def row(self, taken: Taken, weight: float | None, heaviest: float) -> TrialRow:
        """The trial's row; ``weight`` is its share of the combined estimate, ``None`` where it has none."""
        trial = taken.trial
        key = trial.trial.key
        estimate = taken.estimate
        same = [one.id for one in trial.estimates]
        href = self._urls.trial(self._language, key)
        return TrialRow(
            key=key,
            label=trial_label(trial, self._language),
            other_names=_other_names(trial),
            href=href,
            estimate=None if estimate is None else self.estimate(trial, estimate, same),
            handling=taken.handling,
            chosen=taken.chosen,
            used=self._used(taken),
            weight=None if weight is None else share(weight),
            people=people(taken),
            mark=self._mark(taken),
            side=_SMALLEST if not weight else max(_SMALLEST, round(_LARGEST * (weight / heaviest) ** 0.5, 2)),
            doubts=() if estimate is None else self._doubts(estimate, href),
            print=self._address.handled(key, "").href(self._urls, self._language),
            turn=self._address.handled(key, "turn").href(self._urls, self._language),
            leave=self._address.handled(key, "leave").href(self._urls, self._language),
            others=tuple(self.estimate(trial, other, same) for other in taken.others),
        )

    def _used(self, taken: Taken) -> tuple[str, str, str] | None:
        """The estimate as it is combined with the interval that its standard error gives at 95 %."""
        if taken.effect is None:
            return None
        half = normal_quantile(LEVEL) * taken.effect.se
        bounds = self._figures.bounds(taken.effect.y - half, taken.effect.y + half)
        return (self._figures.value(taken.effect.y), *bounds)

    def _mark(self, taken: Taken) -> Mark | None:
        """The printed interval at its own level, turned round where the estimate is."""
        estimate = taken.estimate
        if estimate is None:
            return None
        value, low, high = printed_figures(estimate)
        back = taken.handling == "turned"
        if (estimate.direction == "reversed") != back:
            value, low, high = turned(value, self._axis.ratio), *_swapped(low, high, self._axis.ratio)
        if self._axis.ratio and value <= 0:
            return None
        return self._axis.mark(Bounds(value, low, high))

    def estimate(self, trial: TrialAnswer, estimate: Estimate, same: Sequence[str]) -> ShownEstimate:
        """The estimate as printed; ``same`` are the ids of all estimates of its trial."""
        contrast = estimate.contrast
        interval = contrast.interval
        page = self._urls.trial(self._language, trial.trial.key)
        text = self._urls.trial_part(self._language, trial.trial.key, "text")
        places = sorted(estimate.places, key=lambda place: place.language != self._language)
        first = next((p for p in places if last_segment(p.supports) == "value"), places[0] if places else None)
        return ShownEstimate(
            id=estimate.id,
            measure=contrast.measure,
            unit=contrast.unit,
            value=printed(contrast.value),
            low=interval.low.text if interval and interval.low else None,
            high=interval.high.text if interval and interval.high else None,
            level=plain(interval.level) if interval and interval.level is not None else "",
            p=None if contrast.p is None else f"{contrast.p.operator} {contrast.p.value.text}",
            endpoint=self._endpoint(trial, contrast.endpoint),
            narrower=not estimate.exact,
            circumstances=circumstances(contrast.context, self._language),
            report=estimate.report.id,
            report_kind=estimate.report.kind,
            href=page if first is None else _place(text, first),
            take=self._address.taking(estimate.id, same).href(self._urls, self._language),
            trouble=None if estimate.trouble is None else _TROUBLES[estimate.trouble],
            backwards=estimate.direction == "reversed",
            sentences=tuple(
                Sentence(place.quote, place.language, _place(text, place))
                for place in places
                if last_segment(place.supports) == "text"
            ),
        )

    def _endpoint(self, trial: TrialAnswer, endpoint: str) -> str:
        known = trial.endpoints[endpoint]
        if known.concept is not None and concept(known.concept) is not None:
            return label(known.concept, self._language)
        name = in_language(known.names, self._language)
        return name.text if name else ""

    def _doubts(self, estimate: Estimate, href: str) -> tuple[Doubt, ...]:
        contradiction = by_name("checks", "ratio-against-medians").iri
        found = []
        for check in estimate.doubts:
            words = in_language(check.explanations, self._language)
            if words is not None:
                there = f"{href}#check-{last_segment(check.iri)}"
                found.append(Doubt(words, there, check.kind == contradiction))
        return tuple(found)

    def characteristics(self, taken: Taken) -> Characteristics:
        """What the trial is, in the words of its reports and the lexicon."""
        trial = taken.trial
        names = [name for population in trial.populations for name in population.names]
        years = [report.year for report in trial.reports if report.year]
        return Characteristics(
            key=trial.trial.key,
            label=trial_label(trial, self._language),
            href=self._urls.trial(self._language, trial.trial.key),
            registrations=tuple(
                dict.fromkeys(row.identifier for row in trial.registrations if last_segment(row.role) == "own")
            ),
            design=self._design(trial.design),
            population=in_language(names, self._language),
            intervention=self._arm(taken, straight=True),
            comparator=self._arm(taken, straight=False),
            randomised=_randomised(trial.counts),
            follow_up=self._follow_up(trial.design),
            role=_role(taken),
            year=min(years, default=None),
        )

    def _design(self, facts: Iterable[rows.DesignFact]) -> tuple[str, ...]:
        values = [fact.value for fact in facts if fact.value is not None]
        return tuple(dict.fromkeys(label(value, self._language) for value in values))

    def _follow_up(self, facts: Iterable[rows.DesignFact]) -> str:
        aspect = by_name("designs", "follow-up").iri
        texts = [
            f"{fact.text} {label(fact.unit, self._language) if fact.unit else fact.unit_text or ''}".strip()
            for fact in facts
            if fact.aspect == aspect and fact.text
        ]
        return "; ".join(dict.fromkeys(texts))

    def _arm(self, taken: Taken, *, straight: bool) -> tuple[rows.Name, str] | None:
        """The name and the size of the intervention's arm, or of the comparator's; ``None`` where not stated."""
        estimate = taken.estimate
        if estimate is None:
            return None
        first = straight == (estimate.direction == "straight")
        iri = estimate.contrast.arm_for if first else estimate.contrast.arm_against
        arm = taken.trial.arms.get(iri or "")
        name = in_language(arm.names, self._language) if arm else None
        if arm is None or name is None:
            return None
        return name, printed(arm.size) if arm.size else ""


def _place(page: str, place: Place) -> str:
    return f"{page}#{anchor(place.document, place.start, place.end)}"


def _randomised(counts: Iterable[rows.ParticipantCount]) -> str:
    """Every number of people that a report says were randomised: reports of one trial may differ."""
    kind = by_name("designs", "randomised").iri
    return "; ".join(dict.fromkeys(printed(count.number) for count in counts if count.kind == kind))


def _role(taken: Taken) -> str | None:
    return taken.trial.endpoints[taken.estimate.contrast.endpoint].role if taken.estimate else None


def printed_figures(estimate: Estimate) -> tuple[float, float | None, float | None]:
    """The value and the bounds as printed; a bound that is not estimable is ``None``."""
    interval = estimate.contrast.interval
    low = float(interval.low.value) if interval and interval.low else None
    high = float(interval.high.value) if interval and interval.high else None
    return float(estimate.contrast.value.value), low, high


def turned(value: float, ratio: bool) -> float:
    """The figure of the second arm against the first."""
    if not ratio:
        return -value
    return 1 / value if value > 0 else 0.0


def _swapped(low: float | None, high: float | None, ratio: bool) -> tuple[float | None, float | None]:
    def back(bound: float | None) -> float | None:
        return None if bound is None or (ratio and bound <= 0) else turned(bound, ratio)

    return back(high), back(low)
