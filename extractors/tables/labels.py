"""Reads the words of heads and rows: what is counted or measured, its unit, statistic, time and group size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from extractors.findings import Number
from extractors.normal import normalise
from extractors.tables.cells import MARK, number
from extractors.tables.words import (
    contrast_pattern,
    contrasts,
    cue_pattern,
    interval_pattern,
    is_form,
    pattern,
    plain,
    statistic_pattern,
    statistics,
    time_pattern,
    unit_parts,
    units,
)

# Line breaks get lost ("Group Pn = 60"), and some journals set no sign ("Diet (n 21)").
_SIZE = re.compile(
    r"[(\[]?\s*(?:(?<![A-Za-z])[nN]o?\.?|(?<=[A-Z\d)])n)\s*[=:]\s*(?P<n>\d[\d,]*)\s*[)\]]?"
    r"|[(\[]\s*n\s+(?P<bare>\d[\d,]*)\s*[)\]]"
)
_TAG = re.compile(r"</?[a-z]{1,6}>")
_SEGMENT = re.compile(r"[^,;:()\[\]{}]+")
_WORD = re.compile(r"[^\W_]")
_UNIT_LIKE = re.compile(
    r"(?:[x\u00d7]\s?)?(?:10\s?\^?\d{1,2}\s?)?/?[A-Za-z\u03bc\u00b5\u00b0%]{1,7}(?:[/\u00b7.][A-Za-z\u03bc\u00b5\d%^.-]{1,9}|\s?[-^]?\d(?!\d))*"
)
_STATISTICS = ("mean", "median", "number", "percent", "rate")
_SPREADS = ("SD", "SE", "IQR", "range", "interval")
_LONGEST_UNIT = 16


@dataclass(frozen=True, slots=True)
class Label:
    """What a head or the label of a row says; spans are offsets within its text.

    ``name`` is what remains when all that is understood is taken away: an outcome, an arm, a part of the people.
    ``statistics`` and ``spreads`` are notations in their order ("mean", "SD"); "number" and "percent" stand for counts
    of people and percentages. ``roles`` holds what a head is for: p, total, test, change, within, interval.
    """

    name: tuple[int, int] | None = None
    unit: str | None = None
    statistics: tuple[str, ...] = ()
    spreads: tuple[str, ...] = ()
    size: Number | None = None
    time: tuple[int, int] | None = None
    is_baseline: bool = False
    marks: frozenset[str] = frozenset()
    contrast: str | None = None
    level: Number | None = None
    roles: frozenset[str] = field(default_factory=frozenset)


@lru_cache(maxsize=16384)
def label(text: str) -> Label:
    """Return what the words of a head or of a row's label say."""
    line = _TAG.sub(lambda m: " " * len(m.group()), normalise(text))
    if line.strip().casefold() == "no":
        # The level of a characteristic; only with a full stop it is a number.
        return Label(name=(0, len(text)))
    found = Label(marks=frozenset(m.group().strip("^") for m in MARK.finditer(line)))
    line = MARK.sub(lambda m: " " * len(m.group()), line)
    if is_form(line, "p-head", "within-arm"):
        role = "p" if is_form(line, "p-head") else "within"
        return replace(found, roles=frozenset({role}))
    size = _SIZE.search(line)
    if size is not None:
        people = size["n"] or size["bare"]
        found = replace(found, size=number(people, people))
        # What stands before the number of people and what stands behind it are different things.
        line = line[: size.start()] + ";" * (size.end() - size.start()) + line[size.end() :]
    if is_form(line, "change-head"):
        rest = _Rest(line, found)
        _is_statistic(rest, line)
        return rest.found
    for name, role in (("test-head", "test"), ("total", "total")):
        if is_form(line, name):
            return replace(found, roles=frozenset({role}))
    return _named(_segmented(found, line), line)


def _blanked(line: str, start: int, end: int) -> str:
    return line[:start] + " " * (end - start) + line[end:]


@dataclass(slots=True)
class _Rest:
    """The words not yet understood, while a label is taken apart."""

    line: str
    found: Label


def _segmented(found: Label, line: str) -> _Rest:
    """Take away the segments between brackets and commas that are units, statistics, times or roles."""
    rest = _Rest(line, found)
    interval = interval_pattern().search(rest.line)
    if interval is not None:
        level = interval["before"] or interval["behind"]
        rest.found = replace(
            rest.found,
            spreads=(*rest.found.spreads, "interval"),
            level=number(level, level) if level else None,
        )
        rest.line = _blanked(rest.line, *interval.span())
    parts = list(_SEGMENT.finditer(rest.line))
    for place, part in enumerate(parts):
        words = part.group().strip()
        if words and _understood(rest, words, part.start(), is_first=place == 0):
            rest.line = _blanked(rest.line, *part.span())
    return rest


def _understood(rest: _Rest, words: str, start: int, *, is_first: bool) -> bool:
    """Whether a segment is wholly a statistic, an effect measure, a unit, a time or a role, which it then adds."""
    found = rest.found
    if _is_statistic(rest, words):
        return True
    measure = _contrast(words)
    if measure is not None:
        rest.found = replace(found, contrast=found.contrast or measure)
        return True
    for name, role in (("p-head", "p"), ("test-head", "test"), ("total", "total")):
        if is_form(words, name) and (name == "p-head" or (not is_first and len(words) > 2)):
            rest.found = replace(found, roles=found.roles | {role})
            return True
    if not is_first:
        unit = _unit(words)
        if unit is not None and found.unit is None:
            rest.found = replace(found, unit=unit)
            return True
    if found.time is not None:
        return False
    return _time(rest, words, start) or _time_behind_statistics(rest, words, start)


def _is_statistic(rest: _Rest, words: str) -> bool:
    """Whether a segment says what the numbers are: a change, or words for statistics and their joints only."""
    found = rest.found
    if is_form(words, "change-head"):
        said = [statistics()[plain(match.group())] for match in statistic_pattern().finditer(words)]
        means = tuple(code for code in said if code in ("mean", "median"))
        rest.found = replace(found, roles=found.roles | {"change"}, statistics=(*found.statistics, *means))
        return True
    codes = _codes(words)
    if codes is None:
        return False
    if codes == ["percent"] and "change" in found.roles:
        # A change in percent is no share of people.
        rest.found = replace(found, unit="%")
        return True
    rest.found = replace(
        found,
        statistics=(*found.statistics, *(code for code in codes if code in _STATISTICS)),
        spreads=(*found.spreads, *(code for code in codes if code in _SPREADS)),
    )
    return True


def _time_behind_statistics(rest: _Rest, words: str, start: int) -> bool:
    """Whether a segment is a statistic and a time point: "Mean \u00b1 SD at week 12"."""
    opening = statistic_pattern().match(words)
    inner = _Rest(words, Label())
    stated = _with_statistics(inner, inner.found) if opening else inner.found
    left = inner.line.strip()
    if not left or left == words or not _time(rest, left, start):
        return False
    rest.found = replace(
        rest.found,
        statistics=(*rest.found.statistics, *stated.statistics),
        spreads=(*rest.found.spreads, *stated.spreads),
    )
    return True


def _time(rest: _Rest, words: str, start: int) -> bool:
    """Whether a segment is wholly a time point."""
    offset = rest.line.index(words, start)
    early = is_form(words, "baseline-time")
    if early or is_form(words, "later-time") or time_pattern().fullmatch(words):
        rest.found = replace(rest.found, time=(offset, offset + len(words)), is_baseline=early)
        return True
    return False


def _codes(words: str) -> list[str] | None:
    """The notations of a segment made of words for statistics and their joints only; ``None`` for any other."""
    left = statistic_pattern().sub(" ", words)
    if left == words:
        return None
    left = re.sub(r"[\u00b1/+=|&.-]|(?<![A-Za-z])(?:and|or|of|with|as|in|are|is|by|the)(?![A-Za-z])", " ", left)
    if left.strip():
        return None
    return [statistics()[plain(m.group())] for m in statistic_pattern().finditer(words)]


def _contrast(words: str) -> str | None:
    """The notation of the effect measure that a segment names and nothing else but words that qualify it."""
    match = contrast_pattern().search(words)
    if match is None:
        return None
    left = words[: match.start()] + " " + words[match.end() :]
    left = cue_pattern("adjusted", "unadjusted", "between-groups", "filler", "of", "versus").sub(" ", left)
    left = statistic_pattern().sub(" ", left)
    return contrasts()[plain(match.group())] if not _WORD.search(left) else None


def _unit(words: str) -> str | None:
    """The unit that a segment is: one of the lexicon, or short signs with a slash or power as units have."""
    known = units().get(plain(words))
    if known is not None:
        return known
    if words.startswith("%") and len(words) > 1:
        # "EPA, % of all fatty acids", "FEV1, % predicted".
        return words
    if len(words) > _LONGEST_UNIT or not _UNIT_LIKE.fullmatch(words):
        return None
    return words if "/" in words or "^" in words or "%" in words else None


def _named(rest: _Rest, line: str) -> Label:
    """Take the time out of what is left; the remaining words are the name."""
    found = rest.found
    found = _with_statistics(rest, found)
    if found.time is None:
        match = next(
            (m for m in time_pattern().finditer(rest.line) if not _LASTING.search(rest.line[: m.start()])), None
        )
        if match is not None:
            found = replace(found, time=match.span())
            rest.line = _blanked(rest.line, *match.span())
    for role, name in (("within", "within-arm"), ("p", "p-head")):
        if role == "within" and "p" in found.roles and pattern(name).search(rest.line):
            found = replace(found, roles=found.roles | {role})
    span = _trimmed(rest.line)
    if span is not None and is_form(rest.line[slice(*span)], "total"):
        return replace(found, roles=found.roles | {"total"})
    if span is not None and _P_OPENS.match(rest.line, *span):
        return replace(found, roles=found.roles | {"p"}, name=span)
    if span is not None and found.unit is None:
        unit = _UNIT_ENDS.search(rest.line[slice(*span)])
        if unit is not None and set(plain(unit["unit"]).split("/")) <= unit_parts():
            found = replace(found, unit=units().get(plain(unit["unit"]), unit["unit"]))
            span = (span[0], span[0] + unit.start())
    return replace(found, name=span)


_P_OPENS = re.compile(
    r"[pP](?:[\s-]?[vV]alues?)?\s?(?:\(|(?:for|between|of|vs?\.?|versus|comparing|in|across|among)\b)"
)
_UNIT_ENDS = re.compile(r"(?<=\w)\s(?P<unit>[A-Za-z\u03bc\u00b5%]{1,6}/[A-Za-z\d.^]{1,6}(?:/[A-Za-z\d.^]{1,6})?)$")


def _with_statistics(rest: _Rest, found: Label) -> Label:
    """Take away the statistics that open a name ("Mean \u00b1 SD of ...") or end it ("Age median", "Control n")."""
    place = len(rest.line) - len(rest.line.lstrip(_EDGE))
    codes: list[str] = []
    while word := statistic_pattern().match(rest.line, place):
        code = statistics()[plain(word.group())]
        if not _WORD.search(rest.line, word.end()) or (len(word.group()) == 1 and not codes):
            break
        if code in ("number", "percent", "rate", "range") and not codes:
            return replace(found, statistics=found.statistics or (code,)) if code in ("number", "percent") else found
        codes.append(code)
        rest.line = _blanked(rest.line, *word.span())
        gap = _GAP.match(rest.line, word.end())
        place = gap.end() if gap else word.end()
    if codes:
        rest.line = " " * place + rest.line[place:]
    ending = next((m for m in statistic_pattern().finditer(rest.line) if not _WORD.search(rest.line, m.end())), None)
    if ending is not None and not codes and _WORD.search(rest.line[: ending.start()]):
        code = statistics()[plain(ending.group())]
        short = code == "number" and plain(ending.group()) in ("n", "no", "no.")
        if short or (code in ("mean", "median") and len(ending.group()) > 1):
            codes = [code]
            rest.line = _blanked(rest.line, *ending.span())
    return replace(
        found,
        statistics=(*(c for c in codes if c in _STATISTICS), *found.statistics),
        spreads=(*(c for c in codes if c in _SPREADS), *found.spreads),
    )


_GAP = re.compile(r"[\s(\[\u00b1/,)\]]*(?:(?:of|for|and|in)\b)?\s*")


# "In 24 h" and "of 6 months" say how long something was measured, not when.
_LASTING = re.compile(
    r"(?<![A-Za-z])(?:in|of|for|per|than|every|each|least)\s+(?:the\s+)?(?:first\s+|last\s+)?$|[<>=\u2264\u2265]\s*$",
    re.IGNORECASE,
)
_EDGE = " ,;:()[]{}-\u00b1/=.&"


def _trimmed(line: str) -> tuple[int, int] | None:
    """The span of the words left, without signs at its ends; a bracket that opens within it is kept whole."""
    runs = list(_runs(line))
    if not runs:
        return None
    start, end = runs[0]
    for begin, stop in runs[1:]:
        # What was taken away in between ends the name, unless only a bracket or a comma stands there.
        if line[end:begin].count(" ") > 3:
            break
        end = stop
    opened = line.find("(", start, end)
    if opened > start and ")" not in line[start:end]:
        # Where a mark stood before the end of the bracket ("Nausea (yes^b)"), what stands before it is the name.
        end = end + 1 if line[end : end + 1] == ")" else start + len(line[start:opened].rstrip(_EDGE))
    return start, end


def _runs(line: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"\S+(?: {1,2}\S+)*", line):
        words = match.group()
        start = match.start() + len(words) - len(words.lstrip(_EDGE))
        end = match.end() - (len(words) - len(words.rstrip(_EDGE)))
        if start < end and _WORD.search(line[start:end]):
            yield start, end
