"""The shapes of shown results: groups by endpoint, tables of effects and of arms, statements."""

from __future__ import annotations

from dataclasses import dataclass

from kg.rows import Context, Dispersion, Name, Report
from server.evidence import Linked, SourceLink, in_language
from server.forest import Axis, Mark
from server.negotiation import Language


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where a result holds, in words; ``None`` and false where the report does not say."""

    subgroup: Name | None
    time_point: Name | None
    analysis_set: str | None
    planned: bool | None
    adjusted: bool | None


def circumstances(context: Context, language: Language) -> Circumstances:
    """Where a result holds, for a reader of the language."""
    return Circumstances(
        subgroup=in_language(context.subgroup, language),
        time_point=in_language(context.time_point, language),
        analysis_set=context.analysis_set,
        planned=context.planned,
        adjusted=context.adjusted,
    )


@dataclass(frozen=True, slots=True)
class ShownInterval:
    """An interval as printed; a bound that is not estimable has no text. ``level`` in percent, as printed."""

    low: str | None
    high: str | None
    level: str | None
    anchor: str | None


@dataclass(frozen=True, slots=True)
class ShownP:
    """A p-value as printed, with its sides where stated."""

    operator: str
    text: str
    sides: int | None
    anchor: str | None


@dataclass(frozen=True, slots=True)
class EffectRow:
    """An effect estimate; ``mark`` is its place in the forest plot."""

    iri: str
    circumstances: Circumstances
    arm_for: Name | None
    arm_against: Name | None
    measure: str
    unit: str | None
    value: Linked
    interval: ShownInterval | None
    p: ShownP | None
    significant: bool | None
    mark: Mark
    report: Report
    sources: tuple[SourceLink, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an axis: a word of the interface about an arm, and the arm."""

    word: str
    arm: Name


@dataclass(frozen=True, slots=True)
class EffectTable:
    """Effect estimates on one axis; ``arm_for`` and ``arm_against`` where all rows have the same arms.

    ``sides`` says what it means to lie left and right of no effect, where it is known which arms are compared.
    """

    axis: Axis
    rows: tuple[EffectRow, ...]
    arm_for: Name | None
    arm_against: Name | None
    sides: tuple[Side, Side] | None


@dataclass(frozen=True, slots=True)
class ShownDispersion:
    """Spread as printed: a kind, and one text or two."""

    kind: str
    value: str | None
    low: str | None
    high: str | None


def spread(found: Dispersion | None) -> ShownDispersion | None:
    """The spread of a value as printed."""
    if found is None:
        return None
    return ShownDispersion(
        kind=found.kind,
        value=found.value.text if found.value else None,
        low=found.low.text if found.low else None,
        high=found.high.text if found.high else None,
    )


@dataclass(frozen=True, slots=True)
class ArmValue:
    """One value in one arm as printed, with what stands beside it."""

    value: Linked
    interval: ShownInterval | None
    events: str | None
    n: str | None
    dispersion: ShownDispersion | None
    sources: tuple[SourceLink, ...]


@dataclass(frozen=True, slots=True)
class ArmRow:
    """Values of one measure under the same circumstances, one cell for each column of the table."""

    measure: str
    unit: str | None
    circumstances: Circumstances
    report: Report
    cells: tuple[tuple[ArmValue, ...], ...]


@dataclass(frozen=True, slots=True)
class ArmTable:
    """Values per arm; a column's name is ``None`` where the report does not say which arm."""

    columns: tuple[Name | None, ...]
    rows: tuple[ArmRow, ...]


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A comparison in words."""

    iri: str
    arm_for: Name | None
    arm_against: Name | None
    direction: str
    p: ShownP | None
    circumstances: Circumstances
    anchor: str | None
    report: Report
    sources: tuple[SourceLink, ...]


@dataclass(frozen=True, slots=True)
class EndpointGroup:
    """An endpoint of the trial, over all its reports, with its results; ``aliases`` are further printed forms.

    ``concept`` is the lexicon's, ``None`` where it has none. ``left_out`` is how many of its results are not here but
    on the page that has all of them.
    """

    anchor: str
    concept: str | None
    name: Linked
    name_language: str
    aliases: tuple[Name, ...]
    role: str
    effects: tuple[EffectTable, ...]
    arm_table: ArmTable | None
    statements: tuple[StatementRow, ...]
    left_out: int = 0

    @property
    def results(self) -> int:
        """How many lines of results are here: estimates, rows of values, comparisons in words."""
        values = len(self.arm_table.rows) if self.arm_table else 0
        return sum(len(table.rows) for table in self.effects) + values + len(self.statements)

    @property
    def shown(self) -> bool:
        """Whether any of its results is here."""
        return self.results > 0

    @property
    def reported(self) -> bool:
        """Whether any report gives a result for it."""
        return self.shown or self.left_out > 0


@dataclass(frozen=True, slots=True)
class ArmGroup:
    """An arm of the trial, over all its reports; one size for each different number printed."""

    name: Name
    aliases: tuple[Name, ...]
    role: str
    anchor: str | None
    sizes: tuple[Linked, ...]
    sources: tuple[SourceLink, ...]
