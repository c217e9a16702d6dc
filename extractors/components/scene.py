"""One sentence with everything that can be linked in it: endpoints, arms, values, subgroups, time points."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from extractors.components import grammar
from extractors.components.design import is_follow_up
from extractors.components.head_counts import is_rank
from extractors.components.terms import AND, DOSE_UNITS, TO, UNIT, VERSUS
from extractors.normal import is_han
from extractors.reading import Mention, Quantity, Reading, Sentence, Span, Term

_NEAR = 40
# How far what says that a time is one of measurement may reach behind it: "3 months after randomisation".
_TIMED = 24
_UNIT_FIRST = re.compile(r"[A-Za-z]+\s?\d")


@dataclass(frozen=True)
class Scene:
    """A sentence of the results with what the earlier components found in it.

    ``topic`` is the endpoint that the sentences before it were about, or ``None`` at the start; ``arms_before`` are
    the arms that the last sentence with any named. ``meant`` has the measures of the numbers, by their places, that
    what was learned takes for values of arms.
    """

    found: Reading
    sentence: Sentence
    topic: int | None
    arms_before: tuple[int, ...] = ()
    meant: Mapping[int, str] = field(default_factory=dict)

    @cached_property
    def arms(self) -> list[Mention]:
        """The mentions of arms, in order."""
        named = [m for m in self.found.arm_mentions if self.sentence.contains(m)]
        return sorted(named, key=lambda m: m.start)

    @cached_property
    def endpoints(self) -> list[Mention]:
        """The mentions of endpoints, in order, without those that are part of an arm's name."""
        named = [
            m
            for m in self.found.endpoint_mentions
            if self.sentence.contains(m) and not any(arm.contains(m) for arm in self.arms)
        ]
        pointed = [m for m in self._pointed if not any(m.start < n.end and n.start < m.end for n in named)]
        return sorted([*named, *pointed], key=lambda m: m.start)

    @cached_property
    def _pointed(self) -> list[Mention]:
        """The places that speak of the trial's one primary endpoint as such: "the primary endpoint occurred in …"."""
        primary = [index for index, draft in enumerate(self.found.endpoints) if draft.role == "primary"]
        cues = self.found.terms_in(self.sentence, "cues", "primary-endpoint") if len(primary) == 1 else []
        return [Mention(cue.start, cue.end, primary[0]) for cue in cues]

    @cached_property
    def values(self) -> list[Quantity]:
        """The numbers that may be results: not sizes, ages, follow-up, time points, ranks or what says one again."""
        again = {q.start for q in self.repeated.values()}
        kept = [q for q in self._quantities if q.start not in again and not self._is_stretch(q)]
        kept = [q for q in kept if q.interval or not self.tells_apart(q)]
        return [q for q in kept if q.contrast or not self._is_aside(q)]

    def _is_stretch(self, quantity: Quantity) -> bool:
        """Whether a number is an end of a stretch of numbers, which gives no value: "effect sizes 0.19-0.60"."""
        if quantity.interval or quantity.dispersion:
            return False
        behind = grammar.STRETCH.match(self.found.mask, quantity.end, self.sentence.end)
        ahead = re.search(r"\d%?\s?[-~]\s?$", self.found.mask[max(0, quantity.start - 5) : quantity.start])
        return behind is not None or ahead is not None

    @cached_property
    def repeated(self) -> dict[int, Quantity]:
        """The percentages in brackets that say a change again, by the place of its amount: "fell by 8.8 mmHg (33%)"."""
        found = {}
        for first, second in pairwise(self._quantities):
            gap = self.between(max(first.end, first.interval_span.end if first.interval_span else 0), second.start)
            behind = self.between(second.end, min(second.end + 1, self.sentence.end))
            amount = first.kind == "plain" and first.unit is not None
            spread = re.fullmatch(r"[^()\[\]]{0,24}[(\[]", gap) if first.dispersion else gap.strip() in ("(", "[")
            if amount and second.kind == "percent" and not second.events and spread and behind in (")", "]"):
                found[first.start] = second
        return found

    @cached_property
    def time_points(self) -> list[Quantity]:
        """The durations that say when something was measured."""
        return [q for q in self._quantities if self._is_time_point(q)]

    @cached_property
    def _quantities(self) -> list[Quantity]:
        return self.found.quantities_in(self.sentence)

    def cues(self, *names: str) -> list[Term]:
        """The cues of the given names in the sentence, but not those inside the name of an endpoint or arm.

        "Neutropenia" is written with the characters for "reduced" in Chinese, and says nothing of a direction.
        """
        named = (*self.endpoints, *self.arms)
        return [
            cue
            for cue in self.found.terms_in(self.sentence, "cues", *names)
            if not any(mention.contains(cue) for mention in named)
        ]

    def between(self, start: int, end: int) -> str:
        """The normalised text between two offsets."""
        return self.found.normal[start:end]

    def parted(self, start: int, end: int) -> bool:
        """Whether a word that sets two values against each other stands between the offsets."""
        return VERSUS in self.found.mask[start:end]

    def _is_aside(self, quantity: Quantity) -> bool:
        if quantity.kind == "size":
            return not self._counts_affected(quantity)
        if self._is_time_point(quantity):
            return True
        if quantity.kind == "people" and not self._counts_events(quantity):
            return True
        followed = any(is_follow_up(self.found, self.sentence, quantity, cue) for cue in self.cues("follow-up"))
        continued = quantity.kind == "duration" and self._continues_follow_up(quantity)
        if followed or continued or self._near_cue(quantity, "age"):
            return True
        # "Blood pressure > 180" names a threshold.
        threshold = re.search(r"[<>\u2264\u2265]\s?$", self.between(max(0, quantity.start - 3), quantity.start))
        if threshold or self._is_dose(quantity) or any(arm.contains(quantity) for arm in self.arms):
            return True
        return quantity.kind == "plain" and quantity.unit is None and self._is_label(quantity)

    def _continues_follow_up(self, quantity: Quantity) -> bool:
        """The second of two times of follow-up: "median follow-up was 25.3 and 26.3 months"."""
        before = [q for q in self._quantities if q.end <= quantity.start]
        joint = before and self.found.terms_in(Span(before[-1].end, quantity.start), "cues", "conjunction", "versus")
        near = before and quantity.start - before[-1].end <= 16
        return bool(joint and near and before[-1].kind in ("duration", "plain") and self.cues("follow-up")) and any(
            is_follow_up(self.found, self.sentence, before[-1], cue) for cue in self.cues("follow-up")
        )

    def _near_cue(self, quantity: Quantity, name: str) -> bool:
        for cue in self.cues(name):
            start, end = min(cue.end, quantity.end), max(cue.start, quantity.start)
            gap = self.between(start, end)
            if end - start <= _NEAR and not re.search(r"[,;(]", gap):
                return True
        return False

    def _counts_events(self, quantity: Quantity) -> bool:
        """A number of people is a result only next to the arm that it belongs to."""
        around = Span(quantity.start - 50, quantity.end + 50)
        linked = any(m.start < around.end and around.start < m.end for m in self.arms)
        linked = linked or bool(self.arms and self.cues("respectively"))
        sized = any(arm.size_span and arm.size_span.start == quantity.start for arm in self.found.arms)
        whole = Span(max(self.sentence.start, quantity.start - 4), quantity.start)
        if any(cue.end == quantity.start for cue in self.found.terms_in(whole, "cues", "both-groups", "each")):
            # "144 in each group" is how many they were.
            return False
        if any(0 <= quantity.start - cue.end <= 1 for cue in self.cues("allocation")):
            # "We randomised 59 people to each group."
            return False
        counted = any(e.start == quantity.start for c in self.found.counts for e in c.evidence)
        return linked and bool(self.endpoints) and not sized and not counted

    def _counts_affected(self, quantity: Quantity) -> bool:
        """Whether "n = 9" behind an arm's name is fewer than the arm has: those with the outcome."""
        before = [m for m in self.arms if m.end <= quantity.start]
        size = self.found.arms[before[-1].index].size if before else None
        gap = self.between(before[-1].end, quantity.start) if before else ""
        fewer = size is not None and quantity.number.value < size.value
        named = any(m.end <= quantity.start for m in self.endpoints) or self.cues("occur", "higher", "lower")
        return fewer and bool(named) and re.fullmatch(r"\s*[(\[]\s*[nN]\s*[=:]\s*", gap) is not None

    def _is_label(self, quantity: Quantity) -> bool:
        """Whether a bare number numbers something: grades, stages, phases, lists, ratios such as 1:1."""
        before = self.between(max(self.sentence.start, quantity.start - 12), quantity.start)
        after = self.between(quantity.end, min(self.sentence.end, quantity.end + 2))
        # "1:1", "36/50"; in "0.42: 95% CI 0.27 to 0.57" the colon only leads on.
        if re.match(r"[:/]\d", after) or re.search(r"\d[:/]$", before):
            return True
        sized = any(arm.size_span and arm.size_span.start == quantity.start for arm in self.found.arms)
        return self._is_rank(quantity) or sized or (re.search(r"[A-Za-z]-$", before) is not None)

    def tells_apart(self, quantity: Quantity) -> bool:
        """Whether a number tells a time, a part of the paper or of the trial, or groups: "Table 3", "the 3 groups"."""
        if self._is_time_point(quantity):
            return True
        if quantity.kind != "plain" or quantity.unit or quantity.dispersion or not quantity.number.text.isdigit():
            return False
        behind = self.found.terms_in(Span(quantity.end, quantity.end + 8), "cues", "group")
        grouped = any(not self.between(quantity.end, term.start).strip() for term in behind)
        return grouped or self._is_rank(quantity) or self._is_numbered(quantity)

    def _is_numbered(self, quantity: Quantity) -> bool:
        """Whether a number says which of several: "period 2", "periods 1 and 2"."""
        ahead = Span(max(self.sentence.start, quantity.start - 14), quantity.start)
        heads = self.found.terms_in(ahead, "cues", "other-head")
        if any(not self.between(head.end, quantity.start).strip() for head in heads):
            return True
        before = [q for q in self._quantities if q.end <= quantity.start and q.kind == "plain"][-1:]
        joined = before and re.fullmatch(rf"[\s,{AND}]+", self.found.mask[before[0].end : quantity.start])
        return bool(joined) and self._is_numbered(before[0])

    def _is_dose(self, quantity: Quantity) -> bool:
        """Whether a number says how much or how often people were treated: "10 mg twice daily"."""
        if quantity.statistic in ("mean", "median") and quantity.dispersion:
            return False
        if quantity.unit in DOSE_UNITS and not (quantity.dispersion or quantity.interval):
            # "The 10 mg and the 20 mg dose": a dose by which an arm is known.
            dose = re.compile(
                rf"(?<![\d.]){re.escape(quantity.number.text)}\s?{re.escape(quantity.unit)}\b", re.IGNORECASE
            )
            if any(dose.search(form) for arm in self.found.arms for form in arm.forms):
                return True
        behind = Span(quantity.end, quantity.end + 14)
        return any(c.start - quantity.end <= 1 for c in self.found.terms_in(behind, "cues", "dosing"))

    def _is_rank(self, quantity: Quantity) -> bool:
        """Whether a number is a grade or the like, or the next of a list of them: "grade 3 + 4", "stage II or 3"."""
        if is_rank(self.found, quantity):
            return True
        before = [q for q in self._quantities if q.end <= quantity.start]
        gap = self.found.mask[before[-1].end : quantity.start] if before else ""
        return (
            bool(before)
            and re.fullmatch(rf"\s*(?:[+/,&~-]|{AND}+|{TO}+)*\s*", gap) is not None
            and is_rank(self.found, before[-1])
        )

    def _is_time_point(self, quantity: Quantity) -> bool:
        return self._stands_as_time(quantity) or self._joined_to_time(quantity)

    def _joined_to_time(self, quantity: Quantity) -> bool:
        """Whether a number stands in a list with a time point: "at 3 and 6 months", "1-, 3- and 5-year survival"."""
        return any(self._stands_as_time(q) for q in self._list_of_times(quantity))

    def _list_of_times(self, quantity: Quantity) -> list[Quantity]:
        """The durations, and whole numbers that share the unit of the next, that make one list with a number."""
        timed = [q for q in self._quantities if q.kind == "duration" or (q.kind == "plain" and q.number.text.isdigit())]
        runs: list[list[Quantity]] = [[]]
        for one in timed:
            gap = self.found.mask[runs[-1][-1].end : one.start] if runs[-1] else ""
            if runs[-1] and not re.fullmatch(rf"[\s,{AND}{UNIT}-]+", gap):
                runs.append([])
            runs[-1].append(one)
        run = next((run for run in runs if quantity in run), [])
        return run if run and run[-1].kind == "duration" else []

    def _stands_as_time(self, quantity: Quantity) -> bool:
        if quantity.kind != "duration" or quantity.statistic or quantity.interval or quantity.dispersion:
            adjective = self._is_adjective(quantity) and not quantity.dispersion
            return quantity.kind == "duration" and (adjective or self._adjoins(quantity))
        if any(0 <= q.start - quantity.end <= 1 and q.kind == "percent" for q in self._quantities):
            # "(Week 15 89% v 72%, …)": a time right before a share of people is that of the share.
            return True
        if self._adjoins(quantity) or _UNIT_FIRST.match(self.found.text(quantity)) or self._is_adjective(quantity):
            return True
        before = Span(max(self.sentence.start, quantity.start - 12), quantity.start)
        after = Span(quantity.end, min(self.sentence.end, quantity.end + _TIMED))
        for cue in self.found.terms_in(before, "cues", "time-at", "time-since"):
            if not self.between(cue.end, quantity.start).strip(" -"):
                return True
        # In Chinese "after" stands behind what it is counted from, right before the time.
        since = [c for c in self.found.terms_in(before, "cues", "time-after") if is_han(self.found.text(c))]
        if any(not self.between(cue.end, quantity.start).strip() for cue in since):
            return True
        return any(
            not self.between(quantity.end, cue.start).strip()
            for cue in self.found.terms_in(after, "cues", "time-after")
        )

    def _holds_until(self, time: Quantity, value: Span) -> bool:
        """Whether a time still holds at a value: the sentence opens with it, or names no other outcome in between."""
        opening = not any(m.end <= time.start for m in self.endpoints)
        return opening or not any(time.end <= m.start and m.end <= value.start for m in self.endpoints)

    def _is_adjective(self, quantity: Quantity) -> bool:
        """Whether a duration is hyphenated before a noun: "the 5-year event rate"."""
        return re.fullmatch(r"[\w.]+-[a-z]+", self.found.text(quantity)) is not None

    def _adjoins(self, quantity: Quantity) -> bool:
        """ "2-year overall survival": a duration right before an endpoint, or within its name, is its time point."""
        for mention in self.endpoints:
            inside = mention.start <= quantity.start < mention.end
            gap = self.between(quantity.end, mention.start) if quantity.end <= mention.start else None
            if inside or (gap is not None and len(gap) <= 12 and re.fullmatch(r"[\s-]*(?:[a-z]+\s)?", gap)):
                return True
            if gap is not None and is_han(self.found.text(quantity)):
                between = Span(quantity.end, mention.start)
                parts = self.found.terms_in(between, "cues", "of", "particle", "function-word")
                if not self.found.without(between, parts).strip("-"):
                    return True
        return False

    @cached_property
    def subgroup_terms(self) -> list[Span]:
        """The subgroups named in a sentence that speaks of part of the people."""
        plain = [(cue.start, cue.end) for cue in self.cues("people")]
        spans = [
            Span(t.start, t.end)
            for t in self.found.terms_in(self.sentence, "subgroups")
            if (t.start, t.end) not in plain
        ]
        names = [*self.endpoints, *self.found.terms_in(self.sentence, "endpoints")]
        spans = [s for s in spans if not any(name.contains(s) for name in names)]
        if self.cues("subgroup-analysis"):
            return spans
        people = self.cues("subgroup", "people")
        return [s for s in spans if any(s.start - 60 <= c.start and c.end <= s.end + 40 for c in people)]

    def time_point_for(self, span: Span) -> Span | None:
        """The time point of a value: the last one before it in the sentence, else one close behind it.

        A hazard ratio and a value that is itself a time have none: they hold over all of the follow-up.
        """
        if isinstance(span, Quantity) and (span.contrast == "HR" or span.kind == "duration"):
            return None
        before = [t for t in self.time_points if t.end <= span.start and self._holds_until(t, span)]
        after = [t for t in self.time_points if 0 <= t.start - span.end <= _NEAR]
        after = [t for t in after if not any(span.end <= q.start < t.start for q in self.values)]
        if not before and not after and self.values and self.time_points:
            # The one time that a sentence ends with is that of all its values.
            last = self.time_points[0]
            after = [last] if len(self.time_points) == 1 and last.start >= self.values[-1].end else []
        chosen = before[-1] if before else after[0] if after else None
        return Span(chosen.start, chosen.end) if chosen else None
