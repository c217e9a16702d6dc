"""The grammar of what a table's cell prints: numbers and how they stand to each other, not yet what they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from extractors.findings import Number
from extractors.normal import normalise
from extractors.tables.words import is_form, unit_pattern

# "a", "a%", "a ± b", "a (b)", "a (b to c)", "b to c", "a/b" with or without "(c%)", "p", "a/b/c", a word for no
# difference, a word for the reference arm, a sign for no number, other words.
Kind = Literal[
    "number", "percent", "plus-minus", "bracket", "between", "range", "fraction", "p", "list", "not significant",
    "reference", "none", "words",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Printed:
    """A cell's numbers in order, each with its place within the cell.

    ``percent`` says which of the numbers carries a sign of percent; ``operator`` is that of a p-value; ``size`` is a
    number of people that the cell gives beside its value; ``p`` a p-value printed behind an estimate; ``bracketed``
    tells a number that stands alone in brackets.
    """

    kind: Kind
    numbers: tuple[Number, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    percent: int | None = None
    operator: str | None = None
    size: Number | None = None
    p: tuple[str, Number] | None = None
    marks: frozenset[str] = frozenset()
    bracketed: bool = False


# A blank behind the point ("32. 5") is a slip of print.
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\s?\d+)?|\.\d+)"
_N = rf"[-+]?\s?{_DIGITS}"
_SEP = r"\s*(?:to|-|~|,|;|:|/|and|\u81f3)\s*"
_PC = r"\s*%?"
_LEVEL = r"(?:\d\d(?:\.\d+)?\s?%\s*)?(?:C\.?I\.?|IQR|range|SD|SE|SEM|R)?\s*[:=,]?\s*"
MARK = re.compile(
    r"\^(?:[a-z]{1,4}|[*\u2020\u2021\u00a7\u00b6#\u2225|\u00a4\u25b2\u25b3,\d]+)(?:,(?:\w{1,2}|[*\u2020\u2021]))*(?!\w)|[*\u2020\u2021\u00a7\u00b6#\u2225\u00a4\u25b2\u25b3]+"
)
_SIZE = re.compile(rf"\(?\s*\b[nN]\s*=\s*(?P<n>{_DIGITS})\s*\)?")
_TAG = re.compile(r"</?[a-z]{1,6}>")
_SIGN_OF_N = re.compile(r"\(\s*[nN]\s*\)")
_P = r"(?P<operator>[<>=\u2264\u2265])?\s*(?P<p>[01]?\.\d+|[01](?![\d.]))"
_P_CELL = re.compile(r"(?:[pP]\s*)?(?:(?P<operator>[<>=\u2264\u2265]+)\s*)?(?P<p>\d?\.\d+|[01])")
_P_BEHIND = re.compile(rf"[\s,;(]+[pP]\s*[-:]?\s*{_P}\s*\)?\s*$")
_A, _B, _C = (rf"(?P<{name}>{_N}){_PC}" for name in "abc")
_OPEN, _CLOSE = r"(?P<open>[(\[])\s*", r"\s*[)\]]"
_COUNTS = r"(?P<a>\d[\d,]*)\s*(?:/|of)\s*(?P<b>\d[\d,]*)"
_WRITTEN: tuple[tuple[Kind, str], ...] = (
    ("number", rf"(?P<a>{_N})"),
    # A count whose share is only bounded: "1 (<0.5)".
    ("number", rf"(?P<a>\d[\d,]*)\s*[(\[]\s*[<\u2264]\s*{_DIGITS}\s*%?\s*[)\]]"),
    ("percent", rf"(?P<a>{_N})\s*%"),
    ("percent", rf"(?P<open>[(\[])\s*(?P<a>{_N})\s*(?:%\s*[)\]]|[)\]]\s*%)"),
    ("number", rf"(?P<open>[(\[])\s*(?P<a>{_N})\s*[)\]]"),
    (
        "plus-minus",
        rf"{_A}\s*\(?(?:\u00b1|\+/-|\+-|\u2213|(?<=\s)\+(?=\s))\s*(?P<b>{_DIGITS}){_PC}\)?(?:\s*[(\[][^()\[\]]*[)\]])?",
    ),
    ("fraction", rf"{_COUNTS}(?:\s*[,;]?\s*[(\[]?\s*(?P<c>{_DIGITS})\s*%?\s*[)\]]?)?"),
    ("fraction", rf"(?P<c>{_DIGITS})\s*%?\s*[(\[]\s*{_COUNTS}{_CLOSE}"),
    ("bracket", rf"(?P<a>{_N})(?P<first>{_PC})\s*{_OPEN}{_LEVEL}(?P<b>{_N})(?P<second>{_PC}){_CLOSE}"),
    ("bracket", rf"(?P<a>\d[\d,]*)(?P<first>)\s*[,;]\s*(?P<open>)(?P<b>{_DIGITS})(?P<second>\s*%)"),
    ("between", rf"{_A}\s*[,;]?\s*{_OPEN}{_LEVEL}{_B}{_SEP}{_C}{_CLOSE}"),
    ("between", rf"{_A}\s*[,;]\s*(?P<open>){_B}\s*(?:to|-|~)\s*{_C}"),
    ("range", rf"[(\[]?\s*{_LEVEL}{_A}{_SEP}{_B}\s*[)\]]?"),
    ("bracket", rf"(?P<open>)(?P<first>)(?P<second>)[(\[]\s*(?P<a>{_N}){_CLOSE}\s*(?P<b>{_N})"),
    ("list", rf"{_A}(?:\s*/\s*{_N}{_PC}){{1,9}}"),
)
_SHAPES = tuple((kind, re.compile(shape)) for kind, shape in _WRITTEN)
_PART = re.compile(_N)


@lru_cache(maxsize=32768)
def printed(text: str) -> Printed:
    """Return what a cell prints; marks of footnotes are set aside, and a cell without numbers is "words" or "none"."""
    line = _TAG.sub(lambda m: " " * len(m.group()), normalise(text))
    if is_form(text, "not-significant"):
        return Printed("not significant")
    if not line.strip() or is_form(text, "not-given"):
        return Printed("none")
    marks = frozenset(m.group().strip("^") for m in MARK.finditer(line) if not _is_power(line, m))
    line = MARK.sub(lambda m: m.group() if _is_power(line, m) else " " * len(m.group()), line)
    line = _SIGN_OF_N.sub(lambda m: " " * len(m.group()), line)
    size = _SIZE.search(line)
    if size is not None:
        line = line[: size.start()] + " " * (size.end() - size.start()) + line[size.end() :]
    people = number(size["n"], size["n"]) if size else None
    behind = _P_BEHIND.search(line)
    p = (behind["operator"] or "=", number(behind["p"], behind["p"])) if behind else None
    core = line[: behind.start()] if behind else line
    return _shaped(text, core.rstrip(" ,;"), marks, people, p)


def _shaped(text: str, line: str, marks: frozenset[str], size: Number | None, p: tuple[str, Number] | None) -> Printed:
    start = len(line) - len(line.lstrip())
    found = _P_CELL.fullmatch(line, start)
    if found and found["operator"]:
        value = number(found["p"], text[slice(*found.span("p"))])
        return Printed("p", (value,), (found.span("p"),), operator=found["operator"][0], marks=marks)
    for kind, shape in _SHAPES:
        match = shape.fullmatch(line, start)
        if match is None:
            continue
        groups = match.groupdict()
        spans = [match.span(name) for name in "abc" if groups.get(name)]
        if kind == "list":
            spans = [part.span() for part in _PART.finditer(line, start)]
        percent = 0 if kind == "percent" or "%" in (groups.get("first") or "") else None
        percent = 1 if "%" in (groups.get("second") or "") else percent
        bracketed = bool(groups.get("open")) and len(spans) == 1
        return _made(kind, text, line, spans, percent=percent, size=size, p=p, marks=marks, bracketed=bracketed)
    without = unit_pattern().sub(lambda m: " " * len(m.group()), line)
    if without != line:
        return _shaped(text, without.rstrip(), marks, size, p)
    bare = re.sub(r"[()\[\]]", " ", line)
    if is_form(bare, "not-given") or (size is not None and not bare.strip()):
        return Printed("none", size=size)
    if any(is_form(part, "reference") for part in re.split(r"[()]", line) if part.strip()):
        return Printed("reference")
    return Printed("words", size=size)


def _made(
    kind: Kind,
    text: str,
    line: str,
    spans: list[tuple[int, int]],
    *,
    marks: frozenset[str],
    percent: int | None = None,
    size: Number | None = None,
    p: tuple[str, Number] | None = None,
    bracketed: bool = False,
) -> Printed:
    """The cell with the numbers of the given places, trimmed of blanks; the line is the text without its marks."""
    trimmed = [(end - len(text[start:end].lstrip()), end) for start, end in spans]
    trimmed = [(start, start + len(text[start:end].rstrip())) for start, end in trimmed]
    numbers = tuple(number(line[start:end], text[start:end]) for start, end in trimmed)
    return Printed(kind, numbers, tuple(trimmed), percent=percent, size=size, p=p, marks=marks, bracketed=bracketed)


def number(digits: str, original: str) -> Number:
    """The number that printed digits stand for and its printed form; blanks and commas within are understood."""
    bare = re.sub(r"[\s,]", "", digits)
    return Number(Decimal(bare), original)


def slashed(text: str) -> list[tuple[int, int]]:
    """The places of values of one shape that strokes set apart ("5.1 \u00b1 2.0/6.3 \u00b1 1.8"), if there are any."""
    spans = [match.span() for match in re.finditer(r"[^/]+", text)] if "/" in text else []
    kinds = {printed(text[slice(*span)]).kind for span in spans}
    return spans if len(kinds) == 1 and kinds <= {"plus-minus", "bracket", "between"} else []


def _is_power(line: str, match: re.Match[str]) -> bool:
    """Whether a raised sign is the power of the number before it ("10^3") and no mark."""
    raised = match.group().startswith("^") and match.group()[1:].isdigit()
    return raised and line[max(0, match.start() - 2) : match.start()] == "10"
