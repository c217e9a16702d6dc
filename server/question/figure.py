"""The forest plot as one SVG figure for a document, with its table in it; nothing of a style sheet is needed."""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree as ET

import resvg_py

from ontology import by_name, concept, label
from server.forest import Axis, Mark
from server.negotiation import Language
from server.question.views import Answer, PooledRow, TrialRow

_WIDTH: Final = 1080
_ROW: Final = 30
_TOP: Final = 78
# Where the columns are: trial (left edge), people, as printed, the plot from and to, as combined, weight (right edges).
_TRIAL, _PEOPLE, _PRINTED, _PLOT, _PLOT_END, _USED, _WEIGHT = 16, 236, 440, 465, 795, 985, 1064
_FONT: Final = "Noto Sans, Noto Sans CJK SC, Source Han Sans SC, Helvetica, Arial, sans-serif"
_INK, _QUIET, _ACCENT, _TURNED = "#1b2126", "#55606a", "#0b5563", "#8a3b12"
# Widths of a Latin letter in pixels at the size of the text; a Chinese one is twice as wide.
_LETTER: Final = 7.2
# A drawing of more rows is not enlarged, so that no picture is larger than memory allows.
_ENLARGED: Final = 40


def svg(answer: Answer, title: str, note: str, language: Language) -> str:
    """The figure: a row for each trial with its printed and combined figures, the combined estimate, the axis."""
    return ET.tostring(_Figure(answer, title, note, language).drawn(), encoding="unicode")


def png(answer: Answer, title: str, note: str, language: Language) -> bytes:
    """The same figure as pixels, twice as large where it is not very long; on white."""
    zoom = 2 if len(answer.rows) <= _ENLARGED else 1
    return bytes(resvg_py.svg_to_bytes(svg_string=svg(answer, title, note, language), zoom=zoom, background="#ffffff"))


class _Figure:
    def __init__(self, answer: Answer, title: str, note: str, language: Language) -> None:
        self._answer = answer
        self._language = language
        lines = len(answer.rows) + (1 if answer.pooled else 0)
        prediction = answer.heterogeneity is not None and answer.heterogeneity.prediction is not None
        self._end = _TOP + _ROW * (lines + (1 if prediction else 0))
        notes = _lines(note, _WIDTH - 2 * _TRIAL, 6)
        height = self._end + 74 + 15 * len(notes)
        self._root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {_WIDTH} {height}",
                "width": str(_WIDTH),
                "height": str(height),
                "font-family": _FONT,
                "font-size": "13",
                "fill": _INK,
                "role": "img",
            },
        )
        ET.SubElement(self._root, "title").text = _drawable(title)
        ET.SubElement(self._root, "rect", {"width": str(_WIDTH), "height": str(height), "fill": "#ffffff"})
        self._text(_TRIAL, 28, _shortened(title, _WIDTH - 2 * _TRIAL, 9.2), size="17", weight="600")
        for number, line in enumerate(notes):
            self._text(_TRIAL, self._end + 76 + 15 * number, line, size="11", fill=_QUIET)

    def drawn(self) -> ET.Element:
        """The whole figure."""
        self._heads()
        zero = self._x(self._answer.axis.no_effect)
        self._line(zero, _TOP, zero, self._end, dash="2 3", stroke=_QUIET)
        y = _TOP + _ROW / 2
        for row in self._answer.rows:
            self._trial(row, y)
            y += _ROW
        if self._answer.pooled is not None:
            self._line(_TRIAL, y - _ROW / 2, _WEIGHT, y - _ROW / 2)
            self._pooled(self._answer.pooled, y)
            y += _ROW
        found = self._answer.heterogeneity
        if found is not None and found.prediction is not None and found.prediction_mark is not None:
            self._text(_TRIAL, y + 4, self._word("question-prediction"))
            self._text(_USED, y + 4, self._bounds(*found.prediction), anchor="end")
            self._whiskers(found.prediction_mark, y, _ACCENT)
        self._axis(self._answer.axis)
        return self._root

    def _word(self, name: str) -> str:
        return label(by_name("interface", name).iri, self._language)

    def _bounds(self, low: str, high: str) -> str:
        return self._word("bounds").format(low=low, high=high)

    def _heads(self) -> None:
        y = _TOP - 12
        self._text(_TRIAL, y, self._word("trial"), fill=_QUIET, weight="600")
        for x, name in (
            (_PEOPLE, "n"),
            (_PRINTED, "question-as-printed-column"),
            (_USED, "question-used-column"),
            (_WEIGHT, "question-weight"),
        ):
            code = f" ({self._code()})" if name == "question-as-printed-column" else ""
            self._text(x, y, self._word(name) + code, anchor="end", fill=_QUIET, weight="600")
        self._line(_TRIAL, _TOP - 4, _WEIGHT, _TOP - 4, stroke=_QUIET)

    def _code(self) -> str:
        found = concept(self._answer.measure)
        codes = [code for code in found.notations if code.isupper()] if found else []
        return codes[0] if codes else label(self._answer.measure, self._language)

    def _trial(self, row: TrialRow, y: float) -> None:
        faded = _QUIET if row.handling in {"left-out", "nothing"} else _INK
        self._text(_TRIAL, y + 4, _shortened(row.label.text, _PEOPLE - _TRIAL - 40, _LETTER), fill=faded)
        if row.people:
            self._text(_PEOPLE, y + 4, str(row.people), anchor="end", fill=faded)
        estimate = row.estimate
        if estimate is not None:
            text = estimate.value
            if estimate.low or estimate.high:
                lacking = self._word("not-estimable")
                text += f" ({self._bounds(estimate.low or lacking, estimate.high or lacking)})"
                text += "" if estimate.level == "95" else f" [{estimate.level or '?'}%]"
            self._text(_PRINTED, y + 4, text, anchor="end", fill=faded)
        if row.used is not None:
            self._text(_USED, y + 4, f"{row.used[0]} ({self._bounds(row.used[1], row.used[2])})", anchor="end")
        said = self._handling(row)
        if said:
            self._text(_TRIAL, y + 15, self._word(said), fill=_TURNED, size="10")
        self._text(_WEIGHT, y + 4, row.weight or "\u2013", anchor="end", fill=faded)
        if row.mark is not None:
            self._whiskers(row.mark, y, faded)
            side = min(row.side, _ROW - 12)
            colour = _TURNED if row.handling == "turned" else _ACCENT if row.weight else _QUIET
            self._box(self._x(row.mark.x), y, side, colour)

    def _handling(self, row: TrialRow) -> str | None:
        if row.handling == "turned":
            return "question-turned"
        if row.handling == "left-out":
            return "question-left-out"
        return "question-backwards" if row.estimate and row.estimate.backwards else None

    def _pooled(self, pooled: PooledRow, y: float) -> None:
        self._text(_TRIAL, y + 4, f"{self._word('question-together')} ({pooled.name})", weight="600")
        self._text(
            _USED, y + 4, f"{pooled.value} ({self._bounds(pooled.low, pooled.high)})", anchor="end", weight="600"
        )
        self._text(_WEIGHT, y + 4, "100 %", anchor="end")
        low, high = pooled.mark.low, pooled.mark.high
        if low is not None and high is not None:
            left, middle, right = (self._x(place) for place in (low, pooled.mark.x, high))
            path = f"M{left} {y}L{middle} {y - 8}L{right} {y}L{middle} {y + 8}Z"
            ET.SubElement(self._root, "path", {"d": path, "fill": _ACCENT})

    def _axis(self, axis: Axis) -> None:
        self._line(_PLOT, self._end, _PLOT_END, self._end, stroke=_QUIET)
        for tick in axis.ticks:
            x = self._x(tick.x)
            self._line(x, self._end, x, self._end + 5, stroke=_QUIET)
            self._text(x, self._end + 19, tick.text, anchor="middle", fill=_QUIET)
        left, right = (self._word(side) for side in self._answer.sides)
        self._text(_PLOT, self._end + 38, f"\u2190 {left}", fill=_QUIET, size="12")
        self._text(_PLOT_END, self._end + 38, f"{right} \u2192", anchor="end", fill=_QUIET, size="12")
        found = self._answer.heterogeneity
        if found is not None and found.i2:
            text = self._word("question-heterogeneity").format(
                q=found.q, df=found.df, p=found.p, i2=found.i2, tau2=found.tau2
            )
            self._text(_TRIAL, self._end + 58, text, fill=_QUIET, size="12")

    def _x(self, percent: float) -> float:
        return round(_PLOT + (_PLOT_END - _PLOT) * percent / 100, 2)

    def _whiskers(self, mark: Mark, y: float, colour: str) -> None:
        if mark.low is None or mark.high is None:
            return
        left, right = self._x(mark.low), self._x(mark.high)
        self._line(left, y, right, y, stroke=colour, width="1.5")
        for x, opened, inward in ((left, mark.low_open, 6), (right, mark.high_open, -6)):
            path = f"M{x + inward} {y - 4}L{x} {y}L{x + inward} {y + 4}" if opened else f"M{x} {y - 4}V{y + 4}"
            ET.SubElement(self._root, "path", {"d": path, "fill": "none", "stroke": colour, "stroke-width": "1.5"})

    def _box(self, x: float, y: float, side: float, colour: str) -> None:
        size = str(round(side, 2))
        place = {"x": str(round(x - side / 2, 2)), "y": str(round(y - side / 2, 2))}
        ET.SubElement(self._root, "rect", {**place, "width": size, "height": size, "fill": colour})

    def _line(
        self, x1: float, y1: float, x2: float, y2: float, *, stroke: str = _INK, width: str = "1", dash: str = ""
    ) -> None:
        ends = {"x1": str(x1), "y1": str(y1), "x2": str(x2), "y2": str(y2)}
        dashes = {"stroke-dasharray": dash} if dash else {}
        ET.SubElement(self._root, "line", {**ends, "stroke": stroke, "stroke-width": width, **dashes})

    def _text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        anchor: str = "start",
        fill: str = _INK,
        size: str = "13",
        weight: str = "",
    ) -> None:
        look = {"text-anchor": anchor, "fill": fill, "font-size": size} | ({"font-weight": weight} if weight else {})
        ET.SubElement(self._root, "text", {"x": str(x), "y": str(y), **look}).text = _drawable(text)


def _lines(text: str, width: float, letter: float) -> list[str]:
    """The text in lines of about that many pixels, broken anywhere: addresses have no blanks."""
    lines, used = [""], 0.0
    for sign in text:
        used += letter * (1.9 if ord(sign) > 0x2E80 else 1)
        if used > width:
            lines.append("")
            used = 0.0
        lines[-1] += sign
    return lines


def _drawable(text: str) -> str:
    """The text without what XML cannot hold: papers may have control characters in their names."""
    return "".join(sign for sign in text if sign.isprintable())


def _shortened(text: str, width: float, letter: float) -> str:
    """The text cut to about that many pixels, with three dots for what is left out."""
    kept, used = "", 0.0
    for sign in text:
        used += letter * (1.9 if ord(sign) > 0x2E80 else 1)
        if used > width:
            return f"{kept.rstrip()}\u2026"
        kept += sign
    return kept
