"""A forest plot as one SVG figure for a document: its sheet, its plot, and the parts that are drawn on them."""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree as ET

import resvg_py

from server.forest import Axis, Mark

FONT: Final = "Noto Sans, Noto Sans CJK SC, Source Han Sans SC, Helvetica, Arial, sans-serif"
INK, QUIET, ACCENT, WARNING = "#1b2126", "#55606a", "#0b5563", "#8a3b12"
# Width of a Latin letter in pixels at the size of the text; a Chinese one is twice as wide.
LETTER: Final = 7.2
# A drawing of more rows is not enlarged, so that no picture is larger than memory allows.
_ENLARGED: Final = 40


def pixels(svg: str, rows: int) -> bytes:
    """The figure as PNG on white, twice as large where it has few rows."""
    zoom = 2 if rows <= _ENLARGED else 1
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=zoom, background="#ffffff"))


class Drawing:
    """A white sheet of so many pixels; the plot lies between two of its columns."""

    def __init__(self, width: int, height: int, title: str, plot: float, plot_end: float) -> None:
        self.plot, self.plot_end = plot, plot_end
        self.root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {width} {height}",
                "width": str(width),
                "height": str(height),
                "font-family": FONT,
                "font-size": "13",
                "fill": INK,
                "role": "img",
            },
        )
        ET.SubElement(self.root, "title").text = drawable(title)
        ET.SubElement(self.root, "rect", {"width": str(width), "height": str(height), "fill": "#ffffff"})

    def markup(self) -> str:
        """The figure as a file."""
        return ET.tostring(self.root, encoding="unicode")

    def ticks(self, axis: Axis, y: float) -> None:
        """The axis with its labelled ticks."""
        self.line(self.plot, y, self.plot_end, y, stroke=QUIET)
        for tick in axis.ticks:
            x = self.x(tick.x)
            self.line(x, y, x, y + 5, stroke=QUIET)
            self.text(x, y + 19, tick.text, anchor="middle", fill=QUIET)

    def x(self, percent: float) -> float:
        """Where a place of the axis lies, in pixels."""
        return round(self.plot + (self.plot_end - self.plot) * percent / 100, 2)

    def whiskers(self, mark: Mark, y: float, colour: str) -> None:
        """An interval; arrows stand for ends that lie further out."""
        if mark.low is None or mark.high is None:
            return
        left, right = self.x(mark.low), self.x(mark.high)
        self.line(left, y, right, y, stroke=colour, width="1.5")
        for x, opened, inward in ((left, mark.low_open, 6), (right, mark.high_open, -6)):
            path = f"M{x + inward} {y - 4}L{x} {y}L{x + inward} {y + 4}" if opened else f"M{x} {y - 4}V{y + 4}"
            ET.SubElement(self.root, "path", {"d": path, "fill": "none", "stroke": colour, "stroke-width": "1.5"})

    def box(self, x: float, y: float, side: float, colour: str) -> None:
        """A square about a point."""
        size = str(round(side, 2))
        place = {"x": str(round(x - side / 2, 2)), "y": str(round(y - side / 2, 2))}
        ET.SubElement(self.root, "rect", {**place, "width": size, "height": size, "fill": colour})

    def line(
        self, x1: float, y1: float, x2: float, y2: float, *, stroke: str = INK, width: str = "1", dash: str = ""
    ) -> None:
        """A straight line."""
        ends = {"x1": str(x1), "y1": str(y1), "x2": str(x2), "y2": str(y2)}
        dashes = {"stroke-dasharray": dash} if dash else {}
        ET.SubElement(self.root, "line", {**ends, "stroke": stroke, "stroke-width": width, **dashes})

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        anchor: str = "start",
        fill: str = INK,
        size: str = "13",
        weight: str = "",
    ) -> None:
        """One line of text."""
        look = {"text-anchor": anchor, "fill": fill, "font-size": size} | ({"font-weight": weight} if weight else {})
        ET.SubElement(self.root, "text", {"x": str(x), "y": str(y), **look}).text = drawable(text)


def lines(text: str, width: float, letter: float) -> list[str]:
    """The text in lines of about that many pixels, broken anywhere: addresses have no blanks."""
    made, used = [""], 0.0
    for sign in text:
        used += letter * (1.9 if ord(sign) > 0x2E80 else 1)
        if used > width:
            made.append("")
            used = 0.0
        made[-1] += sign
    return made


def drawable(text: str) -> str:
    """The text without what XML cannot hold: papers may have control characters in their names."""
    return "".join(sign for sign in text if sign.isprintable())


def shortened(text: str, width: float, letter: float) -> str:
    """The text cut to about that many pixels, with three dots for what is left out."""
    kept, used = "", 0.0
    for sign in text:
        used += letter * (1.9 if ord(sign) > 0x2E80 else 1)
        if used > width:
            return f"{kept.rstrip()}\u2026"
        kept += sign
    return kept
