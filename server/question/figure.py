"""The forest plot as one SVG figure for a document, with its table in it; nothing of a style sheet is needed."""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree as ET

from ontology import by_name, concept, label
from server.drawing import ACCENT, INK, LETTER, QUIET, WARNING, Drawing, lines, pixels, shortened
from server.forest import Axis
from server.negotiation import Language
from server.question.views import Answer, PooledRow, TrialRow

_WIDTH: Final = 1080
_ROW: Final = 30
_TOP: Final = 78
# Where the columns are: trial (left edge), people, as printed, the plot from and to, as combined, weight (right edges).
_TRIAL, _PEOPLE, _PRINTED, _PLOT, _PLOT_END, _USED, _WEIGHT = 16, 236, 440, 465, 795, 985, 1064


def svg(answer: Answer, title: str, note: str, language: Language) -> str:
    """The figure: a row for each trial with its printed and combined figures, the combined estimate, the axis."""
    return _Figure(answer, title, note, language).drawn()


def png(answer: Answer, title: str, note: str, language: Language) -> bytes:
    """The same figure as pixels, twice as large where it is not very long; on white."""
    return pixels(svg(answer, title, note, language), len(answer.rows))


class _Figure(Drawing):
    def __init__(self, answer: Answer, title: str, note: str, language: Language) -> None:
        self._answer = answer
        self._language = language
        counted = len(answer.rows) + (1 if answer.pooled else 0)
        prediction = answer.heterogeneity is not None and answer.heterogeneity.prediction is not None
        self._end = _TOP + _ROW * (counted + (1 if prediction else 0))
        notes = lines(note, _WIDTH - 2 * _TRIAL, 6)
        height = self._end + 74 + 15 * len(notes)
        super().__init__(_WIDTH, height, title, _PLOT, _PLOT_END)
        self.text(_TRIAL, 28, shortened(title, _WIDTH - 2 * _TRIAL, 9.2), size="17", weight="600")
        for number, line in enumerate(notes):
            self.text(_TRIAL, self._end + 76 + 15 * number, line, size="11", fill=QUIET)

    def drawn(self) -> str:
        """The whole figure."""
        self._heads()
        zero = self.x(self._answer.axis.no_effect)
        self.line(zero, _TOP, zero, self._end, dash="2 3", stroke=QUIET)
        y = _TOP + _ROW / 2
        for row in self._answer.rows:
            self._trial(row, y)
            y += _ROW
        if self._answer.pooled is not None:
            self.line(_TRIAL, y - _ROW / 2, _WEIGHT, y - _ROW / 2)
            self._pooled(self._answer.pooled, y)
            y += _ROW
        found = self._answer.heterogeneity
        if found is not None and found.prediction is not None and found.prediction_mark is not None:
            self.text(_TRIAL, y + 4, self._word("question-prediction"))
            self.text(_USED, y + 4, self._bounds(*found.prediction), anchor="end")
            self.whiskers(found.prediction_mark, y, ACCENT)
        self._axis(self._answer.axis)
        return self.markup()

    def _word(self, name: str) -> str:
        return label(by_name("interface", name).iri, self._language)

    def _bounds(self, low: str, high: str) -> str:
        return self._word("bounds").format(low=low, high=high)

    def _heads(self) -> None:
        y = _TOP - 12
        self.text(_TRIAL, y, self._word("trial"), fill=QUIET, weight="600")
        for x, name in (
            (_PEOPLE, "n"),
            (_PRINTED, "question-as-printed-column"),
            (_USED, "question-used-column"),
            (_WEIGHT, "question-weight"),
        ):
            code = f" ({self._code()})" if name == "question-as-printed-column" else ""
            self.text(x, y, self._word(name) + code, anchor="end", fill=QUIET, weight="600")
        self.line(_TRIAL, _TOP - 4, _WEIGHT, _TOP - 4, stroke=QUIET)

    def _code(self) -> str:
        found = concept(self._answer.measure)
        codes = [code for code in found.notations if code.isupper()] if found else []
        return codes[0] if codes else label(self._answer.measure, self._language)

    def _trial(self, row: TrialRow, y: float) -> None:
        faded = QUIET if row.handling in {"left-out", "nothing"} else INK
        self.text(_TRIAL, y + 4, shortened(row.label.text, _PEOPLE - _TRIAL - 40, LETTER), fill=faded)
        if row.people:
            self.text(_PEOPLE, y + 4, str(row.people), anchor="end", fill=faded)
        estimate = row.estimate
        if estimate is not None:
            text = estimate.value
            if estimate.low or estimate.high:
                lacking = self._word("not-estimable")
                text += f" ({self._bounds(estimate.low or lacking, estimate.high or lacking)})"
                text += "" if estimate.level == "95" else f" [{estimate.level or '?'}%]"
            self.text(_PRINTED, y + 4, text, anchor="end", fill=faded)
        if row.used is not None:
            self.text(_USED, y + 4, f"{row.used[0]} ({self._bounds(row.used[1], row.used[2])})", anchor="end")
        said = self._handling(row)
        if said:
            self.text(_TRIAL, y + 15, self._word(said), fill=WARNING, size="10")
        self.text(_WEIGHT, y + 4, row.weight or "\u2013", anchor="end", fill=faded)
        if row.mark is not None:
            self.whiskers(row.mark, y, faded)
            side = min(row.side, _ROW - 12)
            colour = WARNING if row.handling == "turned" else ACCENT if row.weight else QUIET
            self.box(self.x(row.mark.x), y, side, colour)

    def _handling(self, row: TrialRow) -> str | None:
        if row.handling == "turned":
            return "question-turned"
        if row.handling == "left-out":
            return "question-left-out"
        return "question-backwards" if row.estimate and row.estimate.backwards else None

    def _pooled(self, pooled: PooledRow, y: float) -> None:
        self.text(_TRIAL, y + 4, f"{self._word('question-together')} ({pooled.name})", weight="600")
        self.text(_USED, y + 4, f"{pooled.value} ({self._bounds(pooled.low, pooled.high)})", anchor="end", weight="600")
        self.text(_WEIGHT, y + 4, "100 %", anchor="end")
        low, high = pooled.mark.low, pooled.mark.high
        if low is not None and high is not None:
            left, middle, right = (self.x(place) for place in (low, pooled.mark.x, high))
            path = f"M{left} {y}L{middle} {y - 8}L{right} {y}L{middle} {y + 8}Z"
            ET.SubElement(self.root, "path", {"d": path, "fill": ACCENT})

    def _axis(self, axis: Axis) -> None:
        self.ticks(axis, self._end)
        left, right = (self._word(side) for side in self._answer.sides)
        self.text(_PLOT, self._end + 38, f"\u2190 {left}", fill=QUIET, size="12")
        self.text(_PLOT_END, self._end + 38, f"{right} \u2192", anchor="end", fill=QUIET, size="12")
        found = self._answer.heterogeneity
        if found is not None and found.i2:
            text = self._word("question-heterogeneity").format(
                q=found.q, df=found.df, p=found.p, i2=found.i2, tau2=found.tau2
            )
            self.text(_TRIAL, self._end + 58, text, fill=QUIET, size="12")
