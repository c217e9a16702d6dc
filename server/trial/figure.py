"""The effect estimates of one endpoint of a trial as one SVG figure for a document: the table with its forest plot."""

from __future__ import annotations

from typing import Final

from server.drawing import ACCENT, INK, LETTER, QUIET, WARNING, Drawing, lines, shortened
from server.negotiation import Language
from server.tables import EffectRow, EffectTable, EndpointGroup
from server.wording import bounds, circumstances, code, level, p_value, unit, word

_WIDTH: Final = 1080
_ROW: Final = 30
_TOP: Final = 92
# Where the columns are: analysis (left edge), the plot from and to, estimate, interval, p-value (right edges).
_ANALYSIS, _PLOT, _PLOT_END, _ESTIMATE, _BOUNDS, _P = 16, 330, 640, 740, 900, 1064


def svg(group: EndpointGroup, table: EffectTable, title: str, note: str, language: Language) -> str:
    """The figure of one table of effect estimates; ``note`` says below it where it comes from."""
    return _Figure(group, table, title, note, language).drawn()


class _Figure(Drawing):
    def __init__(self, group: EndpointGroup, table: EffectTable, title: str, note: str, language: Language) -> None:
        self._table = table
        self._language = language
        self._end = _TOP + _ROW * len(table.rows)
        notes = lines(note, _WIDTH - 2 * _ANALYSIS, 6)
        super().__init__(_WIDTH, self._end + 62 + 15 * len(notes), f"{title}: {group.name.text}", _PLOT, _PLOT_END)
        self.text(_ANALYSIS, 28, shortened(title, _WIDTH - 2 * _ANALYSIS, 9.2), size="17", weight="600")
        self.text(_ANALYSIS, 50, shortened(self._subject(group), _WIDTH - 2 * _ANALYSIS, LETTER), fill=QUIET)
        for number, line in enumerate(notes):
            self.text(_ANALYSIS, self._end + 62 + 15 * number, line, size="11", fill=QUIET)

    def _subject(self, group: EndpointGroup) -> str:
        first, second = self._table.arm_for, self._table.arm_against
        if first is None or second is None:
            return group.name.text
        return f"{group.name.text}: {first.text} {word('versus', self._language)} {second.text}"

    def drawn(self) -> str:
        """The whole figure."""
        axis = self._table.axis
        y = _TOP - 12
        self.text(_ANALYSIS, y, word("analysis", self._language), fill=QUIET, weight="600")
        scale = word("ratio-axis" if axis.ratio else "difference-axis", self._language)
        self.text((_PLOT + _PLOT_END) / 2, y, scale, anchor="middle", fill=QUIET, weight="600")
        for x, name in ((_ESTIMATE, "estimate"), (_BOUNDS, "interval"), (_P, "p-value")):
            self.text(x, y, word(name, self._language), anchor="end", fill=QUIET, weight="600")
        self.line(_ANALYSIS, _TOP - 4, _P, _TOP - 4, stroke=QUIET)
        zero = self.x(axis.no_effect)
        self.line(zero, _TOP, zero, self._end, dash="2 3", stroke=QUIET)
        for number, row in enumerate(self._table.rows):
            self._row(row, _TOP + _ROW * (number + 0.5))
        self.ticks(axis, self._end)
        if self._table.sides is not None:
            left, right = (
                shortened(word(side.word, self._language, arm=side.arm.text), 300, LETTER) for side in self._table.sides
            )
            self.text(_PLOT - 8, self._end + 38, f"\u2190 {left}", anchor="end", fill=QUIET, size="12")
            self.text(_PLOT_END + 8, self._end + 38, f"{right} \u2192", fill=QUIET, size="12")
        return self.markup()

    def _row(self, row: EffectRow, y: float) -> None:
        found = row.circumstances
        name = found.subgroup.text if found.subgroup else word("overall", self._language)
        arms = ""
        if self._table.arm_for is None and row.arm_for is not None and row.arm_against is not None:
            arms = f"{row.arm_for.text} {word('versus', self._language)} {row.arm_against.text}"
        said = " \u00b7 ".join(filter(None, (name, arms, *circumstances(found, self._language))))
        self.text(_ANALYSIS, y + 4, shortened(said, _PLOT - _ANALYSIS - 14, LETTER))
        measured = f" {unit(row.unit, self._language)}" if row.unit else ""
        printed = f"{code(row.measure, self._language)} {row.value.text}{measured}"
        self.text(_ESTIMATE, y + 4, printed, anchor="end")
        if row.interval is not None:
            usual = row.interval.level == "95"
            text = f"{level(row.interval, self._language)} {bounds(row.interval, self._language)}"
            self.text(_BOUNDS, y + 4, text, anchor="end", fill=INK if usual else WARNING)
        if row.p is not None:
            self.text(_P, y + 4, p_value(row.p, self._language), anchor="end")
        self.whiskers(row.mark, y, INK)
        self.box(self.x(row.mark.x), y, 9, QUIET if found.subgroup else ACCENT)
