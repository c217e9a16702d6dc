"""The shapes of what the page of a question shows; templates and files are made from these and see nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from kg.rows import Name
from server.forest import Axis, Mark
from server.question.address import Address
from server.tables import Circumstances


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads somewhere."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Field:
    """One part of the question in the form: what was typed or chosen, and the words offered.

    ``word`` is the interface's word for the part. ``concept`` is the IRI of what is asked for; where the lexicon
    lacks the words, ``unknown`` is true and ``alike`` leads to the same question with a concept of similar name.
    """

    part: str
    word: str
    text: str
    concept: str | None
    unknown: bool
    alike: tuple[Link, ...]
    offered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One of several settings; ``name`` is its value in the address."""

    name: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words that an estimate was read from, with the language they are in and where they stand."""

    quote: str
    language: str
    href: str


@dataclass(frozen=True, slots=True)
class ShownEstimate:
    """An estimate as printed. ``measure`` is a concept; ``level`` in percent, empty where it is not stated.

    ``href`` leads to the sentence, ``take`` to the page with this estimate of the trial instead. ``trouble`` is a
    word of the interface that says why it cannot be combined. ``narrower``: it is for an endpoint that the one asked
    about includes. ``backwards``: printed for the comparator against the
    intervention.
    """

    id: str
    measure: str
    unit: str | None
    value: str
    low: str | None
    high: str | None
    level: str
    p: str | None
    endpoint: str
    narrower: bool
    circumstances: Circumstances
    report: str
    report_kind: str
    href: str
    take: str
    trouble: str | None
    backwards: bool
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A check that the estimate does not pass; ``contradiction`` sets its direction against its trial's medians."""

    explanation: Name
    href: str
    contradiction: bool


@dataclass(frozen=True, slots=True)
class TrialRow:
    """A trial in the forest plot. What is computed: ``used`` on the one scale, at 95 %, and ``weight``.

    ``handling`` is that of ``kg.question.choice``; ``print``, ``turn`` and ``leave`` lead to the page with the
    estimate as printed, turned round and left out. ``mark`` and ``side`` (of its square, in pixels) draw it.
    """

    key: str
    label: Name
    other_names: tuple[str, ...]
    href: str
    estimate: ShownEstimate | None
    handling: str
    chosen: bool
    used: tuple[str, str, str] | None
    weight: str | None
    people: int | None
    mark: Mark | None
    side: float
    doubts: tuple[Doubt, ...]
    print: str
    turn: str
    leave: str
    others: tuple[ShownEstimate, ...]

    @property
    def contradiction(self) -> Doubt | None:
        """The check that sets the estimate against its own trial's medians, if there is one."""
        return next((doubt for doubt in self.doubts if doubt.contradiction), None)


@dataclass(frozen=True, slots=True)
class PooledRow:
    """A combined estimate: of all trials, of a group, without one trial, or by one method.

    ``name`` is what it is of; ``href`` leads to the page that is so. ``p`` has its sign in front.
    """

    name: str
    language: str
    value: str
    low: str
    high: str
    p: str
    tau2: str
    i2: str
    trials: int
    href: str | None
    chosen: bool
    mark: Mark


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """How much the trials differ: figures as texts, empty for a single trial."""

    q: str
    df: int
    p: str
    i2: str
    tau2: str
    prediction: tuple[str, str] | None
    prediction_mark: Mark | None


@dataclass(frozen=True, slots=True)
class Groups:
    """Trials by a value of their design, with the test that the groups' estimates are one."""

    rows: tuple[PooledRow, ...]
    q: str
    df: int
    p: str | None


@dataclass(frozen=True, slots=True)
class Characteristics:
    """What one trial is: design values in words, people, arms with sizes; empty where not reported."""

    key: str
    label: Name
    href: str
    registrations: tuple[str, ...]
    design: tuple[str, ...]
    population: Name | None
    intervention: tuple[Name, str] | None
    comparator: tuple[Name, str] | None
    randomised: str
    follow_up: str
    role: str | None
    year: int | None


@dataclass(frozen=True, slots=True)
class Baseline:
    """A baseline risk that a trial printed for its comparator; ``risk`` in percent, as in the address."""

    risk: str
    printed: str
    time_point: Name | None
    trial: Name
    complement: bool
    href: str


@dataclass(frozen=True, slots=True)
class Absolute:
    """People of 1000 with the event, without and with the intervention, and the difference with its bounds."""

    risk: str
    without: str
    with_: tuple[str, str, str]
    difference: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Summary:
    """The summary of findings: ``absolute`` is ``None`` without a baseline risk, or for a difference."""

    people: str
    trials: int
    relative: tuple[str, str, str]
    measure: str
    absolute: Absolute | None
    baselines: tuple[Baseline, ...]
    possible: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What the trials say. ``sides`` are words of the interface about what lies left and right of no effect."""

    measure: str
    unit: str | None
    ratio: bool
    axis: Axis
    sides: tuple[str, str]
    rows: tuple[TrialRow, ...]
    pooled: PooledRow | None
    heterogeneity: Heterogeneity | None
    methods: tuple[PooledRow, ...]
    without: tuple[PooledRow, ...]
    groups: Groups | None
    subgroups: tuple[tuple[PooledRow, tuple[Link, ...]], ...]
    summary: Summary | None
    kinds: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A trial of these people with this endpoint whose arms do not fit; ``add`` takes it in nevertheless."""

    label: Name
    href: str
    reason: str
    add: str


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """Everything that the page shows.

    ``state`` is "ask" (no endpoint yet), "unknown" (a word that the lexicon lacks), "too-many", "none", "nothing-to-
    combine" or "answer". ``asked`` has the names of the parts that were asked for. ``ignored`` are choices in the
    address that name nothing here. ``tables`` are the names of those that can be taken away. ``permanent`` is the
    whole address of the page, ``citation`` how it is cited.
    """

    state: str
    title: str
    citation: str
    address: Address
    fields: tuple[Field, ...]
    models: tuple[Option, ...]
    intervals: tuple[Option, ...]
    groupings: tuple[Option, ...]
    suggestions: tuple[Link, ...]
    number: int
    answer: Answer | None
    characteristics: tuple[Characteristics, ...]
    unfit: tuple[Unanswered, ...]
    ignored: tuple[str, ...]
    queries: tuple[Link, ...]
    tables: tuple[str, ...]
    permanent: str

    def asked(self, part: str) -> str | None:
        """The IRI of the concept that a part of the question asks for."""
        return next(field.concept for field in self.fields if field.part == part)
