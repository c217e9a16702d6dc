"""Doses listed for one treatment, each of which is an arm: "placebo or sertraline 25, 50 and 100 mg"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.components.terms import DOSE_UNITS, notation_of
from extractors.normal import is_han
from extractors.reading import Reading, Span

_NUMBER = re.compile(
    r"(?<![A-Za-z0-9.:/<>=\u2264\u2265\u00b1+-])\d+(?:,\d{3})*(?:\.\d+)?(?![\d:/.\u00b1]\d|\s*[\u00b1:/=])"
)
_PERCENT = re.compile(r"\s?%")
# What is written as one with a unit: "mg/day", "mg/kg/h".
_UNIT_TAIL = re.compile(r"(?:/\w+|-\w+\d?)*")
# The comma that Chinese sets between the items of a list, which never stands inside a number.
_ENUMERATION = "\u3001"
# A list whose members stand farther apart than this is none.
_JOINT = 16


@dataclass(frozen=True, slots=True)
class Dose(Span):
    """One dose of a list: where it stands, its number and the unit that it shares with the others, as printed."""

    number: str
    unit: str


@dataclass(frozen=True, slots=True)
class DoseList(Span):
    """Two or more doses in one list."""

    doses: tuple[Dose, ...]


def dose_lists(found: Reading, span: Span) -> list[DoseList]:
    """The lists of doses in a span: numbers with nothing but commas, "and", "or" between, the last with a unit."""
    lists: list[DoseList] = []
    run: list[tuple[Span, Span | None]] = []
    printed = found.document.text[span.start : span.end]
    text = "".join(
        sign if sign == _ENUMERATION else normal
        for sign, normal in zip(printed, found.normal[span.start : span.end], strict=True)
    )
    for match in _NUMBER.finditer(text):
        number = Span(span.start + match.start(), span.start + match.end())
        entry = (number, _unit_behind(found, number, span.end))
        if run and not _joined(found, run[-1], number):
            lists += _listed(found, run)
            run = []
        run.append(entry)
    return lists + _listed(found, run)


def without_joints(found: Reading, span: Span) -> tuple[str, str]:
    """The span's normalised text and its mask with the joints inside lists of doses blotted out, lengths kept."""
    text, mask = found.normal[span.start : span.end], found.mask[span.start : span.end]
    for listed in dose_lists(found, span):
        first, last = listed.start - span.start, listed.end - span.start
        blot = re.sub(r"[^\d.]", "_", text[first:last])
        text, mask = text[:first] + blot + text[last:], mask[:first] + blot + mask[last:]
    return text, mask


def _unit_behind(found: Reading, number: Span, end: int) -> Span | None:
    """The unit of a dose right behind its number."""
    percent = _PERCENT.match(found.normal, number.end, end)
    if percent:
        return Span(number.end, percent.end())
    for unit in found.terms_in(Span(number.end, min(end, number.end + 24)), "units"):
        if unit.start - number.end > 1 or found.normal[number.end : unit.start].strip(" -"):
            return None
        if notation_of(unit.iri) in DOSE_UNITS:
            tail = _UNIT_TAIL.match(found.normal, unit.end, end)
            return Span(unit.start, tail.end() if tail else unit.end)
        return None
    return None


def _joined(found: Reading, last: tuple[Span, Span | None], number: Span) -> bool:
    gap = Span((last[1] or last[0]).end, number.start)
    if not 0 < gap.end - gap.start <= _JOINT:
        return False
    words = found.terms_in(gap, "cues", "conjunction", "alternative")
    rest = found.without(gap, words)
    return (bool(words) or "," in rest) and not rest.strip(" ,")


def _listed(found: Reading, run: list[tuple[Span, Span | None]]) -> list[DoseList]:
    """The list that a run of numbers is, if its last member has the unit of all."""
    if len(run) < 2 or run[-1][1] is None:
        return []
    unit = found.text(run[-1][1]).strip(" -")
    own = {found.text(u).strip(" -").casefold() for _, u in run if u is not None}
    values = {found.normal[n.start : n.end] for n, _ in run}
    if len(own) > 1 or len(values) < len(run):
        return []
    doses = tuple(Dose(n.start, u.end if u else n.end, found.text(n), unit) for n, u in run)
    return [DoseList(doses[0].start, doses[-1].end, doses)]


def dosed_names(found: Reading, drug: Span | None, dose: Dose) -> list[str]:
    """The ways to name the arm that gets a dose of a treatment, the fullest first."""
    alone = f"{dose.number}{dose.unit}" if dose.unit == "%" else f"{dose.number} {dose.unit}"
    if drug is None:
        return [alone]
    name = found.text(drug)
    blank = "" if is_han(name) else " "
    before = f"{name}{blank}{alone}"
    behind = f"{alone}{blank}{name}"
    short = f"{name}{blank}{dose.number}"
    ordered = (behind, before) if drug.start > dose.start else (before, behind)
    return [*ordered, short, alone, f"{dose.number}-{dose.unit}", f"{dose.number}{dose.unit}"]


def are_arms(found: Reading, listed: DoseList) -> bool:
    """Whether the doses of a list are arms, not the steps of one: people are assigned to them, or they recur."""
    for sentence in found.sentences:
        if sentence.contains(listed) and found.terms_in(
            Span(sentence.start, listed.start), "cues", "allocation", "assignment"
        ):
            return True
    # The same list once more shows nothing, nor does what else stands in its bracket.
    closed = re.compile("[^()]*").match(found.normal, listed.end)
    rest = found.normal[: listed.start] + found.normal[closed.end() if closed else listed.end :]
    rest = rest.replace(found.normal[listed.start : listed.end], "")
    return any(
        re.search(rf"(?<![\d.-]){re.escape(dose.number)}[\s-]?{re.escape(dose.unit)}", rest) for dose in listed.doses
    )
