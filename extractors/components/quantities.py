"""Reads every number of the text with what belongs to it: interval, p-value, spread, group, unit, measure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from spacy.language import Language as SpacyLanguage
from spacy.tokens import Doc

from extractors.components import grammar
from extractors.components.conventions import Convention, applied, declared, implied
from extractors.components.counts import comes_to, counts
from extractors.components.governing import Governing, measure_before
from extractors.components.numerals import number_words
from extractors.components.rate_bases import bases
from extractors.components.terms import AND, BLANK, PEOPLE, SPREADS, TIME_UNITS, TO, UNIT, VERSUS, notation_of
from extractors.findings import Dispersion, Interval, Number, PValue
from extractors.normal import is_han
from extractors.reading import Probability, Quantity, Reading, Sentence, Span, Term, reading

# The comma of a Chinese list.
_ITEMS = "\u3001"
_TO_UNIT = re.compile(rf"[\s-]*(?:{AND}+\s*\d+\s*)?")
# The spread of a number, and how much may stand between two numbers of a pair.
_SPREAD = re.compile(r"\s*(?:\u00b1|\+\s?/\s?-)\s*[\d.]+")
_TIGHT = 12
_JOINT = re.compile(rf"\s*,?\s*(?:{VERSUS}|{AND}|{TO}|-|~)+\.?\s*")


class QuantityReader:
    """Fills ``reading.quantities`` and ``reading.probabilities``, in order of the text."""

    def __call__(self, doc: Doc) -> Doc:
        """Read the sentences one by one; what brackets hold, once said, holds to the end of the report."""
        found = reading(doc)
        convention: Convention | None = None
        for sentence in found.sentences:
            line = Line(found, sentence)
            line.read()
            convention = declared(found, sentence) or convention
            found.quantities.extend(applied(found, convention, line.quantities))
            convention = implied(line.quantities) or convention
            found.probabilities.extend(line.probabilities)
        return doc


class Line:
    """One sentence while its numbers are being read; what has been read is blanked out of its mask."""

    def __init__(self, found: Reading, sentence: Sentence) -> None:
        self.found = found
        self.sentence = sentence
        self.mask = list(found.mask[sentence.start : sentence.end])
        self.intervals: list[tuple[Span, Interval]] = []
        self.spreads: list[tuple[Span, Dispersion, tuple[str, str | None]]] = []
        self.probabilities: list[Probability] = []
        self.quantities: list[Quantity] = []
        self.level: Number | None = None
        self.has_interval_head = False

    def read(self) -> None:
        """Read p-values first, then what hangs on values, then the values; attach the former to the latter."""
        for pattern in (grammar.CODE, grammar.CITATION, grammar.DATE, grammar.TEST_STATISTIC):
            for match in pattern.finditer(self._text()):
                self._blank(match.start(), match.end())
        self._margins()
        self.probabilities = list(self._p_values())
        self._headed_intervals()
        self._spreads()
        self._quartiles()
        self.quantities = list(self._values())
        self._attach_intervals()
        self._attach_spreads()
        self._share_units()
        self._drop_conversions()
        self.quantities = Governing(self.found, self.sentence, self.quantities).governed()
        self._attach_p_values()

    def _text(self) -> str:
        return "".join(self.mask)

    def _blank(self, start: int, end: int) -> None:
        self.mask[start:end] = BLANK * (end - start)

    def _span(self, start: int, end: int) -> Span:
        return Span(self.sentence.start + start, self.sentence.start + end)

    def _printed(self, start: int, end: int) -> str:
        return self.found.document.text[self.sentence.start + start : self.sentence.start + end]

    def _between(self, first: int, second: int) -> str:
        """The mask between two offsets of the text, as it stood before anything was blanked."""
        return self.found.mask[first:second]

    def _margins(self) -> None:
        """Blank out the numbers that margins are set at: they were planned, not found."""
        for cue in self.found.terms_in(self.sentence, "cues", "margin"):
            start, end = cue.start - self.sentence.start, cue.end - self.sentence.start
            text = self._text()
            ahead = grammar.MARGIN_AHEAD.search(text, max(0, start - 20), start)
            if match := ahead or grammar.MARGIN_BEHIND.match(text, end):
                self._blank(*match.span())

    def _p_values(self) -> Iterator[Probability]:
        text = self._text()
        for match in grammar.P_VALUE.finditer(text):
            operator = match["operator"] if match["operator"] in "<>=\u2264\u2265" else "="
            value = Number(grammar.number(match["value"]).value, self._printed(*match.span("value")).replace(" ", ""))
            varies = self.found.terms_in(self._span(max(0, match.start() - 25), match.end()), "cues", "interaction")
            if value.value > 1 or varies:
                self._blank(match.start(), match.end())
                continue
            before = text[max(0, match.start() - 25) : match.start()]
            sides = grammar.SIDES.search(before + match["words"])
            count = None if sides is None else 1 if sides["one"] else 2
            start = match.start() - len(before) + sides.start() if sides and sides.end() <= len(before) else None
            self._blank(match.start(), match.end())
            span = self._span(match.start() if start is None else start, match.end("value"))
            yield Probability(span.start, span.end, PValue(operator, value, count))
            yield from self._further_p_values(match.end("value"), operator, count)

    def _further_p_values(self, end: int, operator: str, sides: int | None) -> Iterator[Probability]:
        """The other p-values of a list whose sign is printed once: "P = 0.003 and 0.039"."""
        while match := grammar.NEXT_P.match(self._text(), end):
            value = Number(grammar.number(match["value"]).value, self._printed(*match.span("value")))
            sign = match["operator"] or operator
            self._blank(match.start(), match.end())
            span = self._span(match.start("value"), match.end("value"))
            yield Probability(span.start, span.end, PValue(sign, value, sides))
            end = match.end()

    def _headed_intervals(self) -> None:
        text = self._text()
        for match in grammar.HEADED_INTERVAL.finditer(text):
            level = match["level1"] or match["level2"]
            self.level = Number(Decimal(level), level) if level else self.level
            interval = self._interval(match)
            if grammar.plausible(interval, None):
                self.intervals.append((self._span(*match.span()), interval))
                self._blank(match.start(), match.end())
        for match in grammar.INTERVAL_HEAD.finditer(self._text()):
            self.has_interval_head = True
            if match["level1"]:
                self.level = Number(Decimal(match["level1"]), match["level1"])
            self._blank(match.start(), match.end())

    def _interval(self, match: re.Match[str]) -> Interval:
        low, high = (grammar.bound(match[name], self._printed(*match.span(name))) for name in ("low", "high"))
        return Interval(low, high, self.level)

    def _spreads(self) -> None:
        text = self._text()
        for match in grammar.SPREAD_VALUE.finditer(text):
            if match["sign"]:
                spread = Dispersion("unstated \u00b1", grammar.number(match["value"]))
            elif grammar.CONVENTION_HERE.match(text, match.start("word")):
                # "Mean (SD) 71 (12)": what stands behind the bracket is the value, its spread in the next.
                continue
            else:
                kind = self._kind_of_spread(match.start("word"))
                low = grammar.number(match["low"])
                if match["high"] is None:
                    if kind in ("IQR", "range"):
                        continue
                    spread = Dispersion(kind, low)
                else:
                    # Negative ends are printed in either order.
                    ends = sorted((low, grammar.number(match["high"])), key=lambda end: end.value)
                    spread = Dispersion(kind, None, *ends)
            self.spreads.append((self._span(*match.span()), spread, self._kind(match)))
            self._blank(match.start(), match.end())

    def _quartiles(self) -> None:
        """The quartiles in brackets between a median and its unit, where the sentence gives no interval estimate."""
        for match in grammar.QUARTILES.finditer(self._text()):
            low, high = grammar.number(match["low"]), grammar.number(match["high"])
            around = low.value <= grammar.number(match["median"]).value <= high.value
            if around and not self.has_interval_head and not self.intervals:
                spread = Dispersion("IQR", None, low, high)
                self.spreads.append((self._span(*match.span("bracket")), spread, self._kind(match)))
                self._blank(*match.span("bracket"))

    def _kind_of_spread(self, start: int) -> str:
        at = self.sentence.start + start
        terms = [t for t in self.found.terms_in(self.sentence, "measures") if t.start <= at < t.end]
        return notation_of(terms[0].iri) if terms else "SD"

    def _values(self) -> Iterator[Quantity]:
        for match in grammar.GROUP_SIZE.finditer(self._text()):
            self._blank(*match.span())
            size = Number(grammar.number(match["n"]).value, self._printed(*match.span("n")))
            span = self._span(*match.span("n"))
            yield Quantity(span.start, span.end, size, "size")
        for match in grammar.RATE.finditer(self._text()):
            self._blank(*match.span())
            value = Number(grammar.number(match["value"]).value, match["value"])
            span = self._span(*match.span("value"))
            yield Quantity(span.start, span.end, value, "plain", f"per {grammar.number(match['base']).value}")
        for count in counts(self.found, self.sentence, self._text()):
            self._blank(count.start - self.sentence.start, count.end - self.sentence.start)
            yield count
        rates = {base.start: base for base in bases(self.found, self.sentence, self._text())}
        for rate in rates.values():
            self._blank(*rate.number)
        yield from self._times_named_first()
        for match in grammar.VALUE.finditer(self._text()):
            start = match.start("sign") if match["sign"] else match.start("number")
            signed = grammar.number((match["sign"] or "").strip() + match["number"]).value
            printed = Number(signed, self._printed(start, match.end("number")))
            kind, unit = self._kind(match)
            end = self._end_of_unit(match) if match["unit"] else match.end("number")
            if end in rates:
                end, unit = rates[end].end, rates[end].unit
            span = self._span(start, end)
            yield Quantity(span.start, span.end, printed, kind, unit)
        yield from self._numbers_in_words()

    def _numbers_in_words(self) -> Iterator[Quantity]:
        for span, words in number_words(self.found.normal, self.sentence, self.found.language):
            if BLANK in self.mask[span.start - self.sentence.start : span.end - self.sentence.start]:
                continue
            # Other number words count arms, items and the like ("two groups"), never results.
            if self.found.mask[span.end : span.end + 25].lstrip().startswith(PEOPLE):
                yield Quantity(span.start, span.end, words, "people")
            elif time := self._time_behind(span):
                end = span.end if AND in self._between(span.end, time.start) else time.end
                yield Quantity(span.start, end, words, "duration", notation_of(time.iri))

    def _end_of_unit(self, match: re.Match[str]) -> int:
        """Where the unit of a value ends, in the sentence: Chinese sets the next word right behind it."""
        start = self.sentence.start + match.start("unit")
        ends = [u.end for u in self.found.terms_in(self.sentence, "units") if u.start == start]
        return min([match.end("unit"), *(end - self.sentence.start for end in ends)])

    def _times_named_first(self) -> Iterator[Quantity]:
        """Times whose unit stands before the number: "at week 24"."""
        for match in grammar.UNIT_FIRST.finditer(self._text()):
            kind, unit = self._kind(match)
            if kind == "duration" and not is_han(self._printed(*match.span("unit"))):
                value = Number(grammar.number(match["number"]).value, match["number"])
                self._blank(match.start(), match.end())
                span = self._span(*match.span())
                yield Quantity(span.start, span.end, value, kind, unit)

    def _time_behind(self, span: Span) -> Term | None:
        """The unit of time right behind a number word: "two months", "one-year"."""
        units = self.found.terms_in(Span(span.end, min(span.end + 16, self.sentence.end)), "units")
        # "Two months", "one-year"; in "one and 3 months" the unit is that of both.
        near = [u for u in units if _TO_UNIT.fullmatch(self._between(span.end, u.start))]
        return near[0] if near and notation_of(near[0].iri) in TIME_UNITS else None

    def _kind(self, match: re.Match[str]) -> tuple[str, str | None]:
        sign = match["unit"]
        if not sign:
            return "plain", None
        if sign == "%":
            return "percent", "%"
        if sign.startswith(PEOPLE):
            return "people", None
        start = self.sentence.start + match.start("unit")
        for term in self.found.terms_in(self.sentence, "units"):
            if term.start <= start < term.end:
                unit = notation_of(term.iri)
                return ("percent" if unit == "%" else "duration" if unit in TIME_UNITS else "plain"), unit
        return "plain", None

    def _attach_intervals(self) -> None:
        self.quantities.sort(key=lambda quantity: quantity.start)
        for place, quantity in enumerate(self.quantities):
            follower = self.quantities[place + 1].start if place + 1 < len(self.quantities) else self.sentence.end
            attached = self._interval_after(quantity, follower) or self._bare_interval(quantity)
            if attached is not None:
                span, interval = attached
                self.quantities[place] = replace(quantity, interval=interval, interval_span=span)
        inside = [q.interval_span for q in self.quantities if q.interval_span]
        self.quantities = [q for q in self.quantities if not any(span.contains(q) for span in inside)]

    def _interval_after(self, quantity: Quantity, follower: int) -> tuple[Span, Interval] | None:
        for span, interval in self.intervals:
            if quantity.end <= span.start <= follower:
                gap = self._between(quantity.end, span.start)
                if ";" in gap and VERSUS in self._between(max(0, quantity.start - 12), quantity.start):
                    # "4.4% v 3.0%; 95% CI …": the interval is that of the difference.
                    return None
                if grammar.GAP_TO_INTERVAL.match(gap) and grammar.plausible(interval, quantity.number.value):
                    return span, interval
        return None

    def _bare_interval(self, quantity: Quantity) -> tuple[Span, Interval] | None:
        if quantity.kind in ("people", "size", "fraction"):
            return None
        spread = any(span.end <= quantity.start and s.kind in SPREADS for span, s, _ in self.spreads)
        if spread and not (self.has_interval_head or self.intervals):
            # "2.7 (range 0.9 to 3.4) and 2.3 (1.9 to 2.7)": the second bracket holds what the first does.
            return None
        start = quantity.end - self.sentence.start
        text = self.found.mask[self.sentence.start : self.sentence.end]
        for pattern in (grammar.BARE_INTERVAL, grammar.PARTED_INTERVAL, grammar.TRAILING_INTERVAL):
            match = pattern.match(text, start)
            if match and (
                self.has_interval_head or self.intervals or measure_before(self.found, self.sentence, quantity)
            ):
                interval = self._interval(match)
                if grammar.plausible(interval, quantity.number.value):
                    return self._span(match.start("low"), match.end("high")), interval
        return None

    def _attach_spreads(self) -> None:
        for span, spread, (kind, unit) in self.spreads:
            before = [place for place, q in enumerate(self.quantities) if q.end <= span.start]
            if before and span.start - self.quantities[before[-1]].end <= 12:
                value = replace(self.quantities[before[-1]], dispersion=spread)
                # "15.0 \u00b1 2.1 mmHg": the unit of both stands behind the spread.
                lacks = unit is not None and value.kind == "plain" and value.unit is None
                self.quantities[before[-1]] = replace(value, kind=kind, unit=unit) if lacks else value
        merged: list[Quantity] = []
        for quantity in self.quantities:
            previous = merged[-1] if merged else None
            if previous and self._same_proportion(previous, quantity):
                percent, fraction = (quantity, previous) if quantity.kind == "percent" else (previous, quantity)
                merged[-1] = replace(
                    percent, start=previous.start, end=quantity.end, events=fraction.number, n=fraction.n
                )
            else:
                merged.append(quantity)
        self.quantities = merged

    def _share_units(self) -> None:
        """A bare number takes the unit of the next where only a joint stands between: "20 v 63 months".

        Their spreads may stand there too, and what the second counts the first does: "3 v 5 patients".
        """
        for place in range(len(self.quantities) - 2, -1, -1):
            first, second = self.quantities[place : place + 2]
            lacks = first.kind == "plain" and first.unit is None
            gap = _SPREAD.sub("", self._between(first.end, second.start))
            if not lacks or len(gap) > _TIGHT:
                continue
            listed = self._next_item(first, second)
            measured = second.kind in ("percent", "duration", "plain") and (listed or _JOINT.fullmatch(gap))
            counted = (
                second.kind == "people" and VERSUS in gap and first.number.text.isdigit() and _JOINT.fullmatch(gap)
            )
            if measured or counted:
                self.quantities[place] = replace(first, kind=second.kind, unit=second.unit)

    def _next_item(self, first: Quantity, second: Quantity) -> bool:
        """Whether two numbers stand in a list whose unit is printed once: "at 6, 12 and 24 months"."""
        gap = _SPREAD.sub("", self.found.document.text[first.end : second.start]).strip()
        if gap == _ITEMS:
            return second.kind == "duration"
        alike = ("." in first.number.text) == ("." in second.number.text)
        return gap == "," and alike and (second.unit is not None or second.kind == "duration")

    def _drop_conversions(self) -> None:
        """Leave out what gives a value again in another unit: "6.9% (52 mmol/mol)", "15.0 mg/dl (0.8 mmol/l)"."""
        kept: list[Quantity] = []
        for quantity in self.quantities:
            before = kept[-1] if kept else None
            converted = (
                before is not None
                and before.unit is not None
                and quantity.kind == "plain"
                and quantity.unit not in (None, before.unit)
                and (before.dispersion is not None or quantity.dispersion is None)
                and _SPREAD.sub("", self._between(before.end, quantity.start)).strip(f" %{UNIT}") in ("(", "[")
                and _SPREAD.sub("", self._between(quantity.end, quantity.end + _TIGHT)).lstrip(f" {UNIT}")[:1]
                in (")", "]", ",", ";")
            )
            if not converted:
                kept.append(quantity)
        self.quantities = kept

    def _same_proportion(self, first: Quantity, second: Quantity) -> bool:
        """Whether two neighbours are a count and its percentage, such as "13 of 205 patients (6.3%)"."""
        kinds = {first.kind, second.kind}
        gap = self._between(first.end, second.start)
        if kinds == {"percent", "fraction"} and comes_to(first, second):
            return True
        if kinds == {"percent", "size"}:
            # "n = 12 (8%)", "8% (n = 12)"; where people are assigned, the number is the size of an arm.
            assigned = self.found.terms_in(self.sentence, "cues", "allocation", "assignment")
            return not assigned and re.fullmatch(r"\s*[(\[]\s*(?:[nN]\s*[=:]\s*)?", gap) is not None
        if kinds not in ({"percent", "fraction"}, {"percent", "people"}, {"percent", "plain"}):
            return False
        if kinds != {"percent", "fraction"} and not (second.kind == "percent" and gap.strip() in ("(", "[")):
            return False
        if first.kind == "plain" and (first.unit is not None or not first.number.text.isdigit()):
            # "8.8 mmHg (33%)" gives one change in two ways, no count of people.
            return False
        return re.fullmatch(rf"[\s(\[,;{PEOPLE}{UNIT}]*(?:[nN]\s?[=:]\s?)?", gap) is not None

    def _attach_p_values(self) -> None:
        """A p-value belongs to the effect estimate right before it, unless another value stands between."""
        alone = []
        for probability in self.probabilities:
            before = [place for place, q in enumerate(self.quantities) if q.start < probability.start]
            place = before[-1] if before else None
            quantity = self.quantities[place] if place is not None else None
            if place is not None and quantity is not None and quantity.contrast and quantity.p is None:
                end = max(quantity.end, quantity.interval_span.end if quantity.interval_span else 0)
                if probability.start - end <= 60 and ")" not in self._between(end, probability.start).rstrip(" (")[1:]:
                    self.quantities[place] = replace(
                        quantity, p=probability.p, p_span=Span(probability.start, probability.end)
                    )
                    continue
            alone.append(probability)
        self.probabilities = alone


@SpacyLanguage.factory("evidence_quantities")
def create_quantities(nlp: SpacyLanguage, name: str) -> QuantityReader:
    """The component that reads numbers."""
    return QuantityReader()
