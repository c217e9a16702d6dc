"""Gives each number of a sentence the measure that governs it: "hazard ratio", "median", "fell by"."""

from __future__ import annotations

import re
from dataclasses import replace

from extractors.components.terms import (
    AND,
    BE,
    CHANGE,
    CONTRASTS,
    DIFFERENCE,
    DIRECTIONS,
    OF,
    PEOPLE,
    STATISTICS,
    UNIT,
    VERSUS,
    notation_of,
)
from extractors.normal import is_han
from extractors.reading import Quantity, Reading, Sentence, Span, Term

RATIOS = frozenset({"HR", "OR", "RR", "IRR"})
# Measures that name a value, and the word for a difference, whose value tells what it is a difference of.
_GOVERNING = CONTRASTS | STATISTICS | {DIFFERENCE}
_ADJACENT = re.compile(rf"[\s{BE}{OF}=:,(]*")
_LIST = re.compile(rf"(?:\s?[^\W\d_]{{1,4}}/[^\W\d_]{{1,4}})?[\s,{UNIT}{AND}]*[,{AND}][\s,{UNIT}{AND}]*")
# An open bracket with words alone in it, and the stretch from within one bracket to the beginning of the next.
_IN_BRACKET = re.compile(r"[(\[][^()\[\]\d]*$")
_NEXT_BRACKET = re.compile(r"[^()\[\]]*[)\]][^()\[\];]{3,80}[(\[]\s*")
# How far an effect measure reaches to its value, in characters: "hazard ratio for disease progression or death, 0.42".
_REACH = 150
# Within how many characters of its start a sentence opens with a statistic.
_OPENS = 20
_WITHIN = 30
_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_AFTER_PERCENT = re.compile(r"%\s*[(\[]\s*$")
# How far behind a percentage the people may stand that it is of: "45% of the patients".
_COUNTED = 12


def measure_before(found: Reading, sentence: Sentence, quantity: Quantity) -> Term | None:
    """The effect measure or statistic that stands last before the value, within reach."""
    reach = Span(max(sentence.start, quantity.start - _REACH), quantity.start)
    terms = [term for term in found.terms_in(reach, "measures") if notation_of(term.iri) in _GOVERNING]
    if not terms and reach.start > sentence.start:
        # A statistic that opens the sentence is that of its values, however long their name is.
        opening = Span(sentence.start, min(sentence.start + _OPENS, reach.start))
        terms = [t for t in found.terms_in(opening, "measures") if notation_of(t.iri) in ("mean", "median")]
    if len(terms) > 1 and notation_of(terms[-1].iri) in STATISTICS and _is_difference_of(found, *terms[-2:]):
        return Term(terms[-2].start, terms[-1].end, terms[-2].scheme, terms[-2].name, terms[-2].iri)
    if len(terms) > 1 and notation_of(terms[-1].iri) == "proportion" and _is_centre_of(found, *terms[-2:]):
        return terms[-2]
    return terms[-1] if terms else None


def _is_centre_of(found: Reading, first: Term, second: Term) -> bool:
    """Whether a mean or a median is one of percentages: "mean (SD) percentage of days"."""
    gap = _BRACKETS.sub("", found.normal[first.end : second.start])
    return notation_of(first.iri) in ("mean", "median") and len(gap) <= _WITHIN and not re.search(r"[,;:.\d]", gap)


def _is_difference_of(found: Reading, first: Term, second: Term) -> bool:
    """Whether a statistic only says what a difference is one of: "difference in adjusted mean change"."""
    gap = Span(first.end, second.start)
    if notation_of(first.iri) not in (DIFFERENCE, "MD") or gap.end - gap.start > _WITHIN:
        return False
    return not re.search(r"[,;:().\d]", found.normal[gap.start : gap.end]) and not found.terms_in(gap, "cues", "be")


class Governing:
    """The numbers of one sentence while their measures are being told."""

    def __init__(self, found: Reading, sentence: Sentence, quantities: list[Quantity]) -> None:
        self.found = found
        self.sentence = sentence
        self.quantities = list(quantities)

    def governed(self) -> list[Quantity]:
        """Each value with the measure that governs it; members of a list inherit the measure before them."""
        previous: Quantity | None = None  # the last estimate
        for place, quantity in enumerate(self.quantities):
            term = measure_before(self.found, self.sentence, quantity)
            governed = quantity
            if previous is not None and self._continues(previous, quantity):
                governed = replace(
                    quantity, contrast=previous.contrast, governor=previous.governor, adjusted=previous.adjusted
                )
            elif term is not None:
                code = self._code(term, quantity)
                nearer = [q for q in self.quantities if term.end <= q.start < quantity.start and q.kind != "size"]
                if code in CONTRASTS and not nearer and self._may_be(code, quantity):
                    adjusted = self._adjusted(term)
                    governed = replace(quantity, contrast=code, governor=Span(term.start, term.end), adjusted=adjusted)
                elif code in STATISTICS and not self._of_another(term, quantity):
                    changed = code == "proportion" and self._is_of_change(term)
                    code = CHANGE if changed and quantity.kind == "percent" else code
                    governed = replace(quantity, statistic=code, governor=Span(term.start, term.end))
            if governed.kind == "percent" and governed.contrast is None and self._is_change(governed):
                governed = replace(governed, statistic=CHANGE)
            self.quantities[place] = governed
            if governed.contrast or governed.statistic:
                previous = governed
        return self.quantities

    def _between(self, first: int, second: int) -> str:
        return self.found.mask[first:second]

    def _is_of_change(self, term: Term) -> bool:
        """Whether a word for percentages says that those of a change follow: "the percentage change in volume"."""
        behind = self.found.terms_in(Span(term.end, min(term.end + _OPENS, self.sentence.end)), "cues", "change")
        return any(not self.found.normal[term.end : cue.start].strip() for cue in behind)

    def _of_another(self, term: Term, quantity: Quantity) -> bool:
        """Whether a percentage is a share of people though a mean stands before it: "a mean age of 61, 45% women"."""
        if quantity.kind != "percent" or quantity.dispersion is not None:
            return False
        gap = self._between(term.end, quantity.start)
        # The spreads in brackets behind the percentages before it are none of what it could be one of.
        other = [q for q in self.quantities if term.end <= q.start < quantity.start and q.kind != "percent"]
        other = [q for q in other if not _AFTER_PERCENT.search(self._between(self.sentence.start, q.start))]
        counted = PEOPLE in gap or self._between(quantity.end, quantity.end + _COUNTED).lstrip(f" {OF}")[:1] == PEOPLE
        return counted or ";" in gap or bool(other) or quantity.events is not None

    def _is_change(self, quantity: Quantity) -> bool:
        """Whether a percentage says by how much something changed: "fell by 16%", "a 34% lower risk"."""
        ahead = Span(max(self.sentence.start, quantity.start - 60), quantity.start)
        names = self.found.terms_in(ahead, "endpoints")
        changes = [c for c in self.found.terms_in(ahead, "cues", *DIRECTIONS) if not any(n.contains(c) for n in names)]
        if changes:
            gap = Span(changes[-1].end, quantity.start)
            amount = self.found.terms_in(gap, "cues", "time-at")
            joined = amount and not self._between(amount[-1].end, quantity.start).strip()
            # "Fell by 0.9% in arm A and by 1.0% in arm B": the second goes on with the first.
            crossed = any(gap.contains(q) for q in self.quantities if q is not quantity and q.statistic != CHANGE)
            if not crossed and (joined or (gap.start == gap.end and is_han(self.found.text(changes[-1])))):
                return True
        behind = self.found.terms_in(Span(quantity.end, quantity.end + 25), "cues", *DIRECTIONS)
        # A participle counts people: in "80% improved", four fifths of them did.
        named = [c for c in behind if not self._between(quantity.end, c.start).strip() and not self._is_participle(c)]
        return bool(named)

    def _is_participle(self, cue: Term) -> bool:
        return self.found.text(cue).casefold().endswith("ed")

    def _code(self, term: Term, quantity: Quantity) -> str:
        """The measure that a term gives a value: a difference of percentages is one of proportions, else of means.

        The word "difference" makes an estimate only of the value right behind it or of one with an interval; in "no
        difference in pain (3.2 v 4.1)" it names none.
        """
        code = notation_of(term.iri)
        if code not in (DIFFERENCE, "MD"):
            return code
        if code == DIFFERENCE:
            adjacent = _ADJACENT.fullmatch(self._between(term.end, quantity.start)) is not None
            opposed = VERSUS in self._between(quantity.end, min(quantity.end + 30, self.sentence.end))
            if opposed or not (adjacent or quantity.interval):
                return ""
        # Percentages that are means or changes ("HbA1c fell by 0.6%") are no shares of people.
        percents = [q for q in self.quantities if q.kind == "percent" and q is not quantity]
        shares = [q for q in percents if q.number.text[:1].isdigit() and q.statistic not in (CHANGE, "mean", "median")]
        return "RD" if quantity.kind == "percent" and shares else "MD"

    def _continues(self, previous: Quantity, quantity: Quantity) -> bool:
        """Whether a value with an interval is the next of a list of estimates whose measure was named once."""
        if previous.contrast is None or not self._may_be(previous.contrast, quantity):
            return False
        gap = Span(previous.end, quantity.start)
        if quantity.interval is None and not self._next_of_list(previous, quantity):
            return False
        return not any(notation_of(t.iri) in _GOVERNING for t in self.found.terms_in(gap, "measures"))

    def _next_of_list(self, previous: Quantity, quantity: Quantity) -> bool:
        """Whether nothing but commas, units and "and" stand before a value, or a name and a bracket as for the last.

        "Mean difference -1.64 mmol/L, -1.72 kg and -0.99", "HbA1c (difference -0.41%; P < 0.001) and weight (-2.3 kg)".
        """
        end = max(previous.end, previous.interval_span.end if previous.interval_span else 0)
        gap = self._between(end, quantity.start)
        if VERSUS in gap or quantity.kind in ("people", "size", "fraction", "duration"):
            return False
        if _LIST.fullmatch(gap):
            return previous.kind == quantity.kind
        bracketed = _IN_BRACKET.search(self._between(self.sentence.start, previous.start))
        signed = quantity.number.text[:1] in "+-\u2212" and previous.number.text[:1] in "+-\u2212"
        return bool(bracketed) and signed and _NEXT_BRACKET.fullmatch(gap) is not None

    def _may_be(self, code: str, quantity: Quantity) -> bool:
        if quantity.kind in ("people", "size", "fraction"):
            return False
        if code in RATIOS:
            return quantity.kind == "plain" and quantity.unit is None and quantity.number.value > 0
        return True

    def _adjusted(self, term: Term) -> bool | None:
        near = Span(max(self.sentence.start, term.start - 25), term.start)
        cues = {cue.name for cue in self.found.terms_in(near, "cues", "adjusted", "unadjusted")}
        return True if cues == {"adjusted"} else False if cues == {"unadjusted"} else None
