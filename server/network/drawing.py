"""The drawing of a network: treatments on a circle, comparisons as chords; as SVG that a page or a file can hold."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from markupsafe import Markup

_WIDTH, _HEIGHT, _RADIUS = 1060, 560, 205
_FONT: Final = "Noto Sans, Noto Sans CJK SC, Source Han Sans SC, Helvetica, Arial, sans-serif"
_ACCENT: Final = "#0b5563"
# Treatments that are drawn, those of most trials; the tables hold all.
MOST_DRAWN: Final = 36
_LONGEST: Final = 36


@dataclass(frozen=True, slots=True)
class Spot:
    """A treatment: its number, name, trials, people, and its place among the others around the circle."""

    number: int
    name: str
    trials: int
    people: int
    place: int


@dataclass(frozen=True, slots=True)
class Edge:
    """A comparison between two numbered treatments; ``href`` leads to its question, ``said`` is it in words."""

    first: int
    second: int
    trials: int
    people: int
    href: str
    said: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A network that can be drawn."""

    spots: tuple[Spot, ...]
    edges: tuple[Edge, ...]

    @property
    def cut(self) -> bool:
        """Whether there are more treatments than are drawn."""
        return len(self.spots) > MOST_DRAWN

    def markup(self, title: str) -> Markup:
        """The drawing for a page, with its links; its texts are escaped as XML."""
        return Markup(self.svg(title))  # noqa: S704 - made by ElementTree from plain texts

    def svg(self, title: str, *, links: bool = True) -> str:
        """The drawing; area of a treatment by its people, width of a comparison by its trials."""
        root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {_WIDTH} {_HEIGHT}",
                "class": "network",
                "font-family": _FONT,
                "font-size": "14",
                "role": "group",
                "aria-label": _drawable(title),
            },
        )
        shown = sorted(self.spots[:MOST_DRAWN], key=lambda spot: spot.place)
        angles = {spot.number: 2 * math.pi * place / len(shown) - math.pi / 2 for place, spot in enumerate(shown)}
        most = max((edge.trials for edge in self.edges), default=1)
        for edge in self.edges:
            if edge.first in angles and edge.second in angles:
                _chord(root, edge, angles, most, links=links)
        greatest = max((spot.people for spot in shown), default=1) or 1
        for spot in shown:
            _spot(root, spot, angles[spot.number], greatest)
        return ET.tostring(root, encoding="unicode")


def _point(angle: float, radius: float) -> tuple[float, float]:
    return round(_WIDTH / 2 + radius * math.cos(angle), 2), round(_HEIGHT / 2 + radius * math.sin(angle), 2)


def _chord(root: ET.Element, edge: Edge, angles: dict[int, float], most: int, *, links: bool) -> None:
    parent = ET.SubElement(root, "a", {"href": edge.href, "aria-label": _drawable(edge.said)}) if links else root
    (x1, y1), (x2, y2) = (_point(angles[number], _RADIUS) for number in (edge.first, edge.second))
    ends = {"x1": str(x1), "y1": str(y1), "x2": str(x2), "y2": str(y2)}
    width = 1.5 + 6.5 * edge.trials / most
    line = ET.SubElement(
        parent, "line", {**ends, "stroke": "currentColor", "stroke-opacity": "0.45", "stroke-width": f"{width:.2f}"}
    )
    ET.SubElement(line, "title").text = _drawable(edge.said)
    if edge.trials > 1:
        middle = {"x": str((x1 + x2) / 2), "y": str((y1 + y2) / 2 + 5), "text-anchor": "middle", "fill": "currentColor"}
        ET.SubElement(parent, "text", {**middle, "font-weight": "600", "class": "count"}).text = str(edge.trials)
    if links:
        # A thin line is hard to hit.
        ET.SubElement(parent, "line", {**ends, "stroke": "transparent", "stroke-width": "24"})


def _spot(root: ET.Element, spot: Spot, angle: float, greatest: int) -> None:
    x, y = _point(angle, _RADIUS)
    radius = 16 + 16 * math.sqrt(spot.people / greatest)
    group = ET.SubElement(root, "g")
    ET.SubElement(group, "title").text = _drawable(spot.name)
    ET.SubElement(group, "circle", {"cx": str(x), "cy": str(y), "r": f"{radius:.2f}", "fill": _ACCENT})
    middle = {"x": str(x), "y": str(y + 5), "text-anchor": "middle", "fill": "#ffffff", "font-weight": "600"}
    ET.SubElement(group, "text", middle).text = str(spot.number)
    tx, ty = _point(angle, _RADIUS + radius + 10)
    anchor = "middle" if abs(math.cos(angle)) < 0.2 else "start" if math.cos(angle) > 0 else "end"
    shift = 0 if anchor != "middle" else (14 if math.sin(angle) > 0 else -4)
    place = {"x": str(tx), "y": str(ty + 5 + shift), "text-anchor": anchor, "fill": "currentColor", "class": "name"}
    ET.SubElement(group, "text", place).text = _drawable(_shortened(spot.name))


def _shortened(name: str) -> str:
    width = 0
    for place, sign in enumerate(name):
        width += 2 if ord(sign) > 0x2E80 else 1
        if width > _LONGEST:
            return f"{name[:place].rstrip()}\u2026"
    return name


def _drawable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())
