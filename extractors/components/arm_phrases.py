"""Cuts the name of one arm out of a phrase: without the words around it, its brackets, its label and its size."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.components.dose_lists import Dose, are_arms, dose_lists, dosed_names
from extractors.components.numerals import number_words
from extractors.components.terms import TIME_UNITS, VERSUS, notation_of
from extractors.normal import is_han
from extractors.reading import Quantity, Reading, Span, Term

_OPEN, _CLOSE = "([", ")]"
_MAX_ARM = 160
# "(i) goserelin, (ii) chemotherapy": the number of an item of a list.
_ENUMERATOR = re.compile(r"\s*[(\[]\s*(?:[ivx]{1,4}|[a-e]|\d)\s*[)\]](?=\s*\w)")
_LEADING_LETTER = re.compile(r"\s*(?:and\s+)?([A-Z](?:-?[a-z0-9]{1,2})?)\s*[,:]\s+(?=\w)")
_LABEL = re.compile(r"\s+[\"']?(?:[A-Z]{1,2}\d?|[0-9]{1,2}|I{1,3}V?|IV)\b")
_SIZE_WORD = re.compile(r"[,;\s]*\b[nN]\s*[=:]?\s*$")
_EDGE_CUES = (
    "allocation",
    "alternative",
    "assignment",
    "be",
    "both-groups",
    "combination",
    "comparing",
    "conjunction",
    "dosing",
    "each",
    "either",
    "filler",
    "having",
    "of",
    "people",
    "range-to",
    "receive",
    "respectively",
    "stop",
    "this-study",
    "versus",
)
# Of these, words that only lead to a name; behind one they belong to it ("metformin twice daily").
_LEADING = ("dosing", "filler", "having", "of", "receive")
_SHORT_BEHIND = re.compile(r"\s*[,;]\s*([A-Z][A-Za-z]{0,4}[A-Z])\s*(?=$|[)\],;])")
_THAT_IS = re.compile(r"\s*(?:i\.?\s?e|e\.?\s?g)\b\.?\s*,?\s*")
# A further name in brackets longer than this is a remark.
_LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class Part(Span):
    """One candidate arm: the phrase without its brackets, the names inside its brackets, its size."""

    labels: tuple[Span, ...]
    size: Quantity | None
    doses: tuple[Dose, ...] = ()
    names: tuple[str, ...] = ()


def dosed_part(found: Reading, start: int, end: int) -> Part | None:
    """What a piece of a list gives at several doses ("drug 25, 50 and 100 mg"), or ``None`` if it lists no doses."""
    listed = dose_lists(found, Span(start, end))
    if len(listed) != 1 or not are_arms(found, listed[0]):
        return None
    run = listed[0]
    bracket = re.compile(r"[(\[,;]").search(found.normal, run.end, end)
    openers = [
        t.start
        for t in found.terms_in(Span(start, run.start), "cues", "of", "having", "filler")
        if _ends(found, t, run)
    ]
    before = trimmed(found, start, min([*openers, run.start]))
    behind = trimmed(found, run.end, bracket.start() if bracket else end)
    known = [side for side in (before, behind) if side and found.terms_in(side, "interventions")]
    if len(known) == 1:
        drug: Span | None = known[0]
    elif before and behind:
        # "Injections of 8 or 16 mg of a drug" gives the drug; "a drug 8 or 16 mg per leg" gives how.
        drug = behind if openers else before
    else:
        drug = before or behind
    if drug is not None and (drug.end - drug.start > _LONGEST_LABEL or found.terms_in(drug, "designs")):
        # A whole clause before the doses names no treatment.
        return None
    core = drug or Span(run.start, run.end)
    return Part(core.start, core.end, (), None, run.doses) if core.end - core.start <= _MAX_ARM else None


def _ends(found: Reading, term: Term, run: Span) -> bool:
    """Whether nothing stands between a word and the doses behind it."""
    return not found.normal[term.end : run.start].strip(" ([")


def each_dose(found: Reading, parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts of a list with one for each dose in place of those that hold several."""
    single: list[Part] = []
    for part in parts:
        drug = None if part.start == (part.doses[0].start if part.doses else -1) else Span(part.start, part.end)
        single += [
            Part(dose.start, dose.end, (drug,) if drug else (), None, (), tuple(dosed_names(found, drug, dose)))
            for dose in part.doses
        ] or [part]
    return tuple(single)


def part_of(found: Reading, start: int, end: int) -> Part | None:
    """One candidate arm from a piece of the list, or ``None`` if nothing is left of it."""
    return dosed_part(found, start, end) or plain_part(found, start, end)


def plain_part(found: Reading, start: int, end: int) -> Part | None:
    """One candidate arm from a piece that lists no doses."""
    numbered = _ENUMERATOR.match(found.normal, start, end)
    start = numbered.end() if numbered else start
    labels: list[Span] = []
    leading = _leading_label(found, start, end)
    if leading is not None:
        labels.append(leading)
        start = leading.end
    brackets = [Span(start + b.start, start + b.end) for b in top_brackets(found.normal[start:end])]
    named, size = in_brackets(found, brackets)
    labels += named
    core = trimmed(found, start, brackets[0].start if brackets else end)
    core = without_share(found, core) if core is not None else None
    if core is not None and brackets:
        rest = Span(brackets[0].end, end)
        joined = found.terms_in(rest, "cues", "combination")
        if joined and not found.normal[rest.start : joined[0].start].strip():
            # "epirubicin (100 mg) followed by CMF (CMF → E)": the first word alone is only a part of the arm.
            last = brackets[-1] if len(brackets) > 1 else Span(end, end)
            core = trimmed(found, start, last.start) if last.start - start <= _MAX_ARM // 2 else None
    if core is None and labels:
        core = labels.pop(0)
    core = without_tail(found, core) if core is not None else None
    core, taken = of_group(found, core) if core is not None else (None, None)
    labels += [taken] if taken else []
    core, behind = without_size(found, core) if core is not None else (None, None)
    size = size or behind
    if core is None or core.end - core.start > _MAX_ARM:
        return None
    for quantity in found.quantities_in(core):
        if _counts_people(found, quantity, core):
            size = size or quantity
            core = trimmed(found, *_without(core, quantity))
            break
    return Part(core.start, core.end, tuple(labels), size) if core else None


def in_brackets(found: Reading, brackets: Sequence[Span]) -> tuple[list[Span], Quantity | None]:
    """The further names and the size that stand in the brackets right behind the name of an arm."""
    labels: list[Span] = []
    size = None
    for place, bracket in enumerate(brackets):
        if place and trimmed(found, brackets[place - 1].end, bracket.start):
            break
        inside = Span(bracket.start + 1, bracket.end - 1)
        sizes = [q for q in found.quantities if inside.contains(q) and q.kind in ("size", "people", "plain")]
        sized = [q for q in sizes if q.kind in ("size", "people") or _bare(found, q, inside)]
        if sized and size is None:
            size = sized[0]
        label = label_in(found, Span(inside.start, sized[0].start if sized else inside.end))
        if label is not None:
            labels.append(label)
            short = _SHORT_BEHIND.match(found.normal, label.end, inside.end)
            if short and short[1] in found.normal[inside.end :]:
                # The second name of "control (standard approach, SA)", if it is used.
                labels.append(Span(short.start(1), short.end(1)))
    return labels, size


def of_group(found: Reading, core: Span) -> tuple[Span | None, Span | None]:
    """The name in "two groups receiving A" (A), "group: A" (A), "the A group receiving B" (the A group, also B)."""
    for group in found.terms_in(core, "cues", "group"):
        behind = Span(group.end, core.end)
        given = [t for t in found.terms_in(behind, "cues", "receive") if t.start - group.end <= 1]
        colon = re.compile(r"\s*:\s*(?!\d)").match(found.normal, group.end, core.end)
        opened = given[0].end if given else colon.end() if colon else core.end
        after = trimmed(found, opened, core.end) if opened < core.end else None
        if after is None or is_han(found.text(group)):
            continue
        own = trimmed(found, core.start, group.start)
        words: list[Span] = [*found.terms_in(own, "cues", "experimental-arm", "other-group")] if own else []
        numbers = [span for span, _ in number_words(found.normal, own, found.language)] if own else []
        named = own is not None and re.search(r"[^\W\d_]", found.without(own, [*words, *numbers]))
        several = found.normal[group.start : group.end].endswith("s")
        return (after, None) if several or not named else (Span(core.start, group.end), after)
    return core, None


def without_share(found: Reading, core: Span) -> Span | None:
    """The name without the result before or behind it: "9.1% with A v 7.1% with B", "A 37% v B 54%".

    A strength ("5% dextrose"; "salicylic acid 10%" where people are given it) stays.
    """
    shares = [q for q in found.quantities if core.contains(q) and q.kind == "percent"]
    if shares and shares[0].start == core.start:
        links = found.terms_in(Span(shares[0].end, core.end), "cues", "having", "time-at", "stop", "filler", "of")
        leads = links and not found.normal[shares[0].end : links[0].start].strip()
        return trimmed(found, links[0].end, core.end) if leads else core
    if shares and shares[-1].end == core.end:
        around = found.sentence_of(core)
        tested = around is not None and any(around.contains(p) for p in found.probabilities)
        given = around is not None and found.terms_in(around, "cues", "allocation", "assignment", "dosing")
        return trimmed(found, core.start, shares[-1].start) if tested and not given else core
    return core


def without_size(found: Reading, core: Span) -> tuple[Span | None, Quantity | None]:
    """The name without the number at the end of "an observation group of 44", and that number."""
    counts = [q for q in found.quantities if q.kind in ("plain", "people") and core.start < q.start]
    ends = [q for q in counts if core.end in (q.end, q.start + len(q.number.text))]
    groups = found.terms_in(core, "cues", "group")
    if ends and groups and groups[-1].end < ends[0].start:
        gap = Span(groups[-1].end, ends[0].start)
        links = found.terms_in(gap, "cues", "of")
        if links and not found.without(gap, links).strip():
            return trimmed(found, core.start, groups[-1].end), ends[0]
    return core, None


def _leading_label(found: Reading, start: int, end: int) -> Span | None:
    """The label that opens an item: "Group A: …", "A, …", "arm 1 …"."""
    opening = _LEADING_LETTER.match(found.normal, start, end)
    if opening:
        return Span(opening.start(1), opening.end(1))
    for group in found.terms_in(Span(start, min(start + 20, end)), "cues", "group"):
        label = _LABEL.match(found.normal, group.end, end)
        if label and not re.search(
            r"\w", found.without(Span(start, group.start), found.terms_in(Span(start, group.start), "cues"))
        ):
            return Span(group.start, label.end())
    return None


def top_brackets(text: str) -> list[Span]:
    """The outermost brackets of a text, with their signs; one that is never closed is left out."""
    found, depth, start = [], 0, 0
    for place, character in enumerate(text):
        if character in _OPEN:
            start = place if depth == 0 else start
            depth += 1
        elif character in _CLOSE and depth:
            depth -= 1
            if depth == 0:
                found.append(Span(start, place + 1))
    return found


def _counts_people(found: Reading, quantity: Quantity, core: Span) -> bool:
    """Whether a number at the edge of a listed arm is its size: "45 to the surgery arm", "205 patients"."""
    if quantity.kind == "people":
        return core.start == quantity.start or core.end == quantity.end
    following = found.terms_in(Span(quantity.end, core.end), "cues", "range-to", "receive", "assignment", "filler")
    plain = quantity.kind == "plain" and quantity.unit is None and quantity.start == core.start
    return plain and bool(following) and not found.normal[quantity.end : following[0].start].strip()


def treatment(found: Reading, core: Span) -> Span:
    """The phrase after a colon or after the last "receiving" in it, which is the treatment itself."""
    starts = (
        [core.start + core_text.rfind(":") + 1] if ":" in (core_text := found.normal[core.start : core.end]) else []
    )
    starts += [t.end for t in found.terms_in(core, "cues", "receive") if len(found.normal[t.start : t.end]) > 1]
    core = (trimmed(found, max(starts), core.end) if starts else None) or core
    for unit in found.terms_in(core, "units"):
        # "mail four weeks after the first invitation": a time behind the treatment is no part of its name.
        if notation_of(unit.iri) in TIME_UNITS and unit.start - core.start > 8:
            words = found.normal[core.start : unit.start].rstrip(" -").rsplit(" ", 1)
            return (trimmed(found, core.start, core.start + len(words[0])) if len(words) > 1 else None) or core
    return core


def label_in(found: Reading, inside: Span) -> Span | None:
    """The further name of an arm in brackets: its first piece, unless it is a dose, a time or a pointer."""
    opened = _THAT_IS.match(found.normal, inside.start, inside.end)
    inside = Span(opened.end(), inside.end) if opened else inside
    text = found.normal[inside.start : inside.end]
    piece = re.match(r"[^;,:=]*", text)
    label = trimmed(found, inside.start, inside.start + (piece.end() if piece else 0))
    if label is None or label.end - label.start > _LONGEST_LABEL or _is_n(found, label) or _refers(found, label):
        return None
    if VERSUS in found.mask[label.start : label.end] or "%" in found.normal[label.start : label.end]:
        # "drug (nausea 17% v 7%)" gives results.
        given = found.terms_in(label, "interventions") or found.terms_in(label, "cues", "group")
        if not given or VERSUS in found.mask[label.start : label.end]:
            return None
    measured = found.terms_in(label, "units") or found.terms_in(label, "cues", "stop", "time-at")
    grouped = bool(found.terms_in(label, "cues", "group"))
    if found.terms_in(label, "cues", "p-value", "interval", "age", "rank") or (
        found.terms_in(label, "measures") and not grouped
    ):
        return None
    first = [q for q in found.quantities if q.start == label.start and q.start < label.end]
    # "(30 women)" counts people, "(60 villages)" what was assigned in their place.
    counts = any(q.kind in ("plain", "people") and found.normal[q.end : q.end + 1] in ("", " ", ")") for q in first)
    return None if first and (measured or counts) else label


def without_tail(found: Reading, core: Span) -> Span | None:
    """The phrase without a time behind it ("placebo in three cycles"), or without words before a group's name."""
    numbers = {q.start for q in found.quantities if core.contains(q)}
    numbers |= {words.start for words, _ in number_words(found.normal, core, found.language)}
    for term in found.terms_in(Span(core.start + 1, core.end), "cues", "each"):
        # "control groups each containing 50"
        return trimmed(found, core.start, term.start) or core
    for term in found.terms_in(Span(core.start + 1, core.end), "cues", "filler", "time-at", "having", "stop"):
        following = term.end + len(found.normal[term.end : core.end]) - len(found.normal[term.end : core.end].lstrip())
        dosed = found.terms_in(Span(core.start, term.start), "cues", "assignment") or term.name == "having"
        if following in numbers and not dosed:
            return trimmed(found, core.start, term.start) or core
    parts = [t.start for t in found.terms_in(core, "cues", "include") if t.start > core.start + 1]
    core = (trimmed(found, core.start, parts[0]) if parts else None) or core
    ends = [t.start for t in found.terms_in(core, "cues", "baseline") if t.start > core.start]
    if ends and not is_han(found.text(core)):
        core = trimmed(found, core.start, ends[0]) or core
    for joint in found.terms_in(core, "cues", "conjunction"):
        counts = [q for q in found.quantities if 0 < q.start - joint.end <= 1 and q.kind in ("plain", "people")]
        numbered = bool(counts) and counts[0].unit is None and found.normal[counts[0].end : counts[0].end + 1] == " "
        if numbered and joint.start > core.start and not is_han(found.text(joint)):
            # "placebo, and 20 completed the study"
            return trimmed(found, core.start, joint.start) or core
    for group in found.terms_in(core, "cues", "group"):
        # "control group after fulfilling the criteria"
        rest = found.terms_in(Span(group.end, core.end), "cues", "time-at", "stop", "having", "subgroup")
        if rest and group.start > core.start and not found.normal[group.end : rest[0].start].strip():
            core = Span(core.start, group.end)
            break
    groups = [t for t in found.terms_in(core, "cues", "group") if t.end == core.end]
    if groups and not is_han(found.text(groups[0])):
        inner = [t.end for t in found.terms_in(Span(core.start, groups[0].start), "cues", "filler", "of", "having")]
        return trimmed(found, max(inner), core.end) if inner else core
    return core


def _refers(found: Reading, label: Span) -> bool:
    """Whether a bracket points to a figure or table instead of naming the arm."""
    return any(term.start == label.start for term in found.terms_in(label, "cues", "pointer"))


def _is_n(found: Reading, label: Span) -> bool:
    return found.normal[label.start : label.end] in ("n", "N")


def _bare(found: Reading, quantity: Quantity, inside: Span) -> bool:
    return found.normal[inside.start : inside.end].strip() == quantity.number.text


def _without(core: Span, quantity: Span) -> tuple[int, int]:
    return (quantity.end, core.end) if quantity.start == core.start else (core.start, quantity.start)


def trimmed(found: Reading, start: int, end: int) -> Span | None:
    """The span without leading and trailing words that name no arm ("to receive", "the", "were"), or ``None``."""
    end -= len(found.normal[start:end]) - len(_SIZE_WORD.sub("", found.normal[start:end]))
    while True:
        text = found.normal[start:end]
        stripped = text.rstrip("([ ").lstrip(")] ").strip(" \t\r\n,:;.\"'=")
        if not stripped or not re.search(r"[^\W\d_]", stripped):
            return None
        start += text.index(stripped)
        end = start + len(stripped)
        whole = [t for t in found.terms_in(Span(start, end), "cues", *_EDGE_CUES) if t.start == start and t.end == end]
        # "control, daily or bolus": how often it is given may be all that an arm is called.
        if any(term.name != "dosing" for term in whole):
            return None
        edge = _edge(found, start, end)
        if edge is None:
            return Span(start, end)
        start, end = edge


def _edge(found: Reading, start: int, end: int) -> tuple[int, int] | None:
    for term in found.terms_in(Span(start, end), "cues", *_EDGE_CUES):
        hyphened = "-" in (found.normal[term.end : term.end + 1], found.normal[term.start - 1 : term.start])
        if hyphened and found.normal[term.start : term.end].isascii():
            continue
        if term.name == "people" and term.start == start and _modifies(found, term, end):
            continue
        if term.start == start and term.end < end and _whole(found, term):
            return term.end, end
        if term.end == end and term.start > start and term.name not in _LEADING:
            return start, term.start
    return None


def _modifies(found: Reading, people: Term, end: int) -> bool:
    """Whether a noun for people is the first half of a name: "patient education", "inpatient surgery"."""
    text = found.normal[people.start : people.end]
    behind = found.terms_in(Span(people.end, min(people.end + 3, end)), "cues")
    return text.isascii() and not text.endswith("s") and text.isalpha() and not behind


def _whole(found: Reading, term: Span) -> bool:
    """Whether a cue at the edge is a word of its own: not the letter of a group, nor half of a Chinese word."""
    text = found.normal[term.start : term.end]
    if len(text) == 1 and text.isupper():
        return False
    return text.isascii() or len(text) > 1 or text in _one_character(found)


def _one_character(found: Reading) -> frozenset[str]:
    names = ("alternative", "be", "conjunction", "each", "filler", "range-to", "versus")
    return frozenset(found.normal[t.start : t.end] for t in found.terms if t.scheme == "cues" and t.name in names)
