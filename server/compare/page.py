"""What the page of a comparison shows: a column for each trial, a row for each thing that trials can be compared by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from kg.rows import Name
from ontology import label
from server.compare.chosen import MOST, Chosen, parameters
from server.compare.entries import Entry, arm_entry, found_entries
from server.contexts import DesignValue, TrialPage
from server.evidence import last_segment
from server.negotiation import Language
from server.search.listing import ListedTrial
from server.tables import EndpointGroup
from server.urls import Urls, fragment
from server.wording import unit, word


@dataclass(frozen=True, slots=True)
class Column:
    """One trial: what it is called in short, its title, its page, and the address of the comparison without it."""

    key: str
    short: str
    title: Name
    href: str
    without: str


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that the trials are compared by, with what each says of it; an empty cell is not reported.

    ``href`` leads to the question that the row is an answer to, where there is one.
    """

    name: Name
    cells: tuple[tuple[Entry, ...], ...]
    href: str | None = None

    @property
    def reporting(self) -> int:
        """How many trials say something."""
        return sum(1 for cell in self.cells if cell)


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that belong together, under a word of the interface; ``folded`` parts open when they are asked for."""

    heading: str
    rows: tuple[Row, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class ComparePage:
    """Everything that the page shows. ``full`` says that no other trial has room."""

    columns: tuple[Column, ...]
    parts: tuple[Part, ...]
    chosen: Chosen
    suggested: tuple[ListedTrial, ...]
    asked: tuple[tuple[str, str], ...]
    full: bool
    title: str

    def with_trial(self, key: str) -> list[tuple[str, str]]:
        """The parameters of the comparison with one more trial."""
        return [*self.asked, ("trial", key)]

    def with_table(self, name: str) -> list[tuple[str, str]]:
        """The parameters of one of the comparison's tables."""
        return [*self.asked, ("table", name)]


def compare_page(
    chosen: Chosen, trials: Sequence[TrialPage], suggested: Sequence[ListedTrial], language: Language, urls: Urls
) -> ComparePage:
    """The comparison of the trials for readers of the language."""
    keys = [trial.key for trial in chosen.trials]
    columns = tuple(
        Column(
            key=trial.key,
            short=short_name(trial),
            title=trial.title,
            href=urls.trial(language, trial.key),
            without=urls.compare(language, parameters(key for key in keys if key != trial.key)),
        )
        for trial in trials
    )
    return ComparePage(
        columns=columns,
        parts=_Parts(trials, language, urls).all() if trials else (),
        chosen=chosen,
        suggested=tuple(suggested),
        asked=tuple(chosen.parameters),
        full=len(trials) >= MOST,
        title=f" {word('versus', language)} ".join(column.short for column in columns) or word("compare", language),
    )


def short_name(trial: TrialPage) -> str:
    """The acronym, else the first registration, else the key."""
    own = (registered.identifier for registered in trial.own)
    return next(iter(trial.acronyms), None) or next(own, None) or trial.key


class _Parts:
    """Makes the rows of all parts."""

    def __init__(self, trials: Sequence[TrialPage], language: Language, urls: Urls) -> None:
        self._trials = trials
        self._language = language
        self._urls = urls

    def all(self) -> tuple[Part, ...]:
        """The parts that any trial says something of; of the design also what none does."""
        several, single = self._results()
        parts = (
            Part("compare-reports", self._reports()),
            Part("design", self._design()),
            Part("population", self._people()),
            Part("arms", self._arms()),
            Part("outcomes", self._endpoints()),
            Part("compare-results", several),
            Part("compare-results-single", single, folded=len(self._trials) > 1),
            Part("conclusions", (self._row("conclusions", [self._conclusion(trial) for trial in self._trials]),)),
        )
        return tuple(part for part in parts if part.rows)

    def _row(self, name: str, cells: Iterable[Sequence[Entry]]) -> Row:
        return Row(Name(word(name, self._language), self._language), tuple(tuple(cell) for cell in cells))

    def _entry(self, trial: TrialPage, name: Name, anchor: str | None, note: str = "") -> Entry:
        return Entry(name, self._place(trial, anchor), note)

    def _place(self, trial: TrialPage, anchor: str | None) -> str | None:
        """Where an outcome stands on the trial's page, or a quote in the texts of its reports."""
        if anchor is None:
            return None
        on_page = any(anchor == group.anchor for group in trial.endpoints)
        page = self._urls.trial(self._language, trial.key)
        text = self._urls.trial_part(self._language, trial.key, "text")
        return (page if on_page else text) + fragment(anchor)

    def _said(self, text: str) -> Name:
        return Name(text, self._language)

    def _reports(self) -> tuple[Row, ...]:
        registered = [
            [self._entry(trial, self._said(one.identifier), one.anchor) for one in trial.own] for trial in self._trials
        ]
        cited = [
            [
                Entry(
                    self._said(
                        report.citation
                        or " ".join(filter(None, (report.journal, str(report.year or ""))))
                        or report.source_name
                    ),
                    self._urls.report(self._language, report.id),
                    label(report.kind, self._language),
                    word("retracted", self._language) if report.status else "",
                )
                for report in trial.reports
            ]
            for trial in self._trials
        ]
        return (self._row("registrations", registered), self._row("compare-published", cited))

    def _design(self) -> tuple[Row, ...]:
        aspects = dict.fromkeys(aspect.aspect for trial in self._trials for aspect in trial.question.design)
        found = [{one.aspect: one.values for one in trial.question.design} for trial in self._trials]
        return tuple(
            Row(
                self._said(label(aspect, self._language)),
                tuple(
                    tuple(self._design_entry(trial, value) for value in values.get(aspect, ()))
                    for trial, values in zip(self._trials, found, strict=True)
                ),
            )
            for aspect in aspects
        )

    def _design_entry(self, trial: TrialPage, value: DesignValue) -> Entry:
        text = label(value.concept, self._language) if value.concept else (value.text or "")
        measured = f" {unit(value.unit, self._language)}" if value.unit else ""
        return self._entry(trial, self._said(text + measured), value.anchor)

    def _people(self) -> tuple[Row, ...]:
        conditions = [
            [self._entry(trial, one.name, one.anchor) for one in trial.question.conditions] for trial in self._trials
        ]
        kinds = dict.fromkeys(count.kind for trial in self._trials for count in trial.question.counts)
        counted = (
            Row(
                self._said(label(kind, self._language)),
                tuple(
                    tuple(
                        self._entry(trial, self._said(count.number.text), count.number.anchor)
                        for count in trial.question.counts
                        if count.kind == kind
                    )
                    for trial in self._trials
                ),
            )
            for kind in kinds
        )
        return (self._row("condition", conditions), *counted)

    def _arms(self) -> tuple[Row, ...]:
        def of(trial: TrialPage, experimental: bool) -> list[Entry]:
            arms = trial.question.experimental if experimental else trial.question.comparisons
            return [arm_entry(arm, partial(self._place, trial), self._language) for arm in arms]

        return (
            self._row("role-experimental", [of(trial, True) for trial in self._trials]),
            self._row("role-comparator", [of(trial, False) for trial in self._trials]),
        )

    def _endpoints(self) -> tuple[Row, ...]:
        roles = dict.fromkeys(group.role for trial in self._trials for group in trial.endpoints)
        order = {"primary": 0, "secondary": 1}
        return tuple(
            Row(
                self._said(label(role, self._language)),
                tuple(
                    tuple(
                        self._entry(trial, Name(group.name.text, group.name_language), group.anchor)
                        for group in trial.endpoints
                        if group.role == role
                    )
                    for trial in self._trials
                ),
            )
            for role in sorted(roles, key=lambda role: order.get(last_segment(role), 2))
        )

    def _results(self) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
        """The endpoints that several trials report, and those of one, each with what the trials found."""
        aligned: list[list[EndpointGroup | None]] = []
        for at, trial in enumerate(self._trials):
            for group in trial.endpoints:
                if not group.reported:
                    continue
                line = next((line for line in aligned if line[at] is None and _same(line, group)), None)
                if line is None:
                    line = [None] * len(self._trials)
                    aligned.append(line)
                line[at] = group
        made = [self._result(line) for line in aligned]
        several = sorted((row for row in made if row.reporting > 1), key=lambda row: -row.reporting)
        return tuple(several), tuple(row for row in made if row.reporting == 1)

    def _result(self, line: Sequence[EndpointGroup | None]) -> Row:
        first = next(group for group in line if group is not None)
        concept = next((group.concept for group in line if group is not None and group.concept), None)
        same = concept is not None and sum(1 for group in line if group is not None) > 1
        name = Name(label(concept, self._language), self._language) if concept and same else None
        return Row(
            name=name or Name(first.name.text, first.name_language),
            cells=tuple(
                () if group is None else tuple(found_entries(group, partial(self._place, trial), self._language))
                for trial, group in zip(self._trials, line, strict=True)
            ),
            href=self._urls.question(self._language, [("endpoint", last_segment(concept))]) if concept else None,
        )

    def _conclusion(self, trial: TrialPage) -> list[Entry]:
        """The newest conclusion in the reader's language, else the first in any."""
        own = [one for one in trial.conclusions if one.language == self._language] or list(trial.conclusions)
        return [self._entry(trial, Name(one.text, one.language), one.reports[0][1]) for one in own[-1:]]


def _same(line: Sequence[EndpointGroup | None], group: EndpointGroup) -> bool:
    """Whether another trial's endpoint in the line is the same: by its concept, else by a name."""
    others = [one for one in line if one is not None]
    if group.concept is not None and any(one.concept == group.concept for one in others):
        return True
    names = _names(group)
    return any(names & _names(one) for one in others if group.concept is None or one.concept is None)


def _names(group: EndpointGroup) -> set[str]:
    return {group.name.text.casefold(), *(alias.text.casefold() for alias in group.aliases)}
