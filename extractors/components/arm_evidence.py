"""Weighs the evidence for a list of arms: what its phrases are made of, and what the rest of the text calls groups."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from extractors.components.arm_phrases import Part
from extractors.components.group_names import is_made_of, role_of, words_of_groups
from extractors.components.head_counts import is_assignment
from extractors.components.numerals import number_words
from extractors.components.terms import DIRECTIONS, VERSUS
from extractors.normal import is_han, words_of
from extractors.reading import Labelled, Reading, Span, Term

_USUAL_LENGTH = 60
_LEAST, _LEAST_BESIDE = 0.2, -0.1
_ASSIGNED = 2.0
# A proposal whose sentence says how many arms there are is worth more if it has as many.
_RIGHT_NUMBER, _WRONG_NUMBER = 1.0, -0.8
_CLAUSE_CUES = (
    "analysed", "be", "clause-verb", "completed", "difference", "enrolled", "had", "no-difference", "objective",
    "screened", "significant", "subgroup", *DIRECTIONS,
)  # fmt: skip
_MOST_ARMS = 6
_HAN_BETWEEN = 2
_KINDS_OF_ARM = ("experimental-arm",)
# Of two plausible lists the finer one is read more carefully.
_PER_ARM = 0.25
_MOSTLY = 0.4
_ONE_SIDED = 1.5
_OPEN_LIST = 0.8
_TWO_IN_ONE = 1.0
_POINTING = ("these ", "those ", "this ")
# What a number in the name of a treatment may count, besides units.
_COUNTED = ("rank", "treatment-head", "group")
_INNER_JOINTS = ("combination", "conjunction", "having", "filler")
_COMMA = re.compile(r",\s")
_ELIMINATED = 0.25
# A phrase need not be surer than this to be an arm.
_ENOUGH = 2.5
# From where on a mark of the trained span model counts, and what it is worth.
_SURE_MARK, _MARK = 0.5, 0.6


@dataclass(frozen=True, slots=True)
class Proposal:
    """A list of phrases that may be the arms; ``trust`` says how sure the way is by which it was found."""

    parts: tuple[Part, ...]
    trust: float


class Evidence:
    """What a text says about its groups, against which proposals are weighed."""

    def __init__(self, found: Reading, phrases: Sequence[Span]) -> None:
        self.found = found
        self.phrases = phrases

    @cached_property
    def groups(self) -> dict[frozenset[str], list[Span]]:
        """The names before words for a group, by their words; generic ones ("control") left out."""
        named: dict[frozenset[str], list[Span]] = {}
        for phrase in self.phrases:
            if role_of(self.found, phrase) is None:
                words = self.words(phrase)
                if words:
                    named.setdefault(words, []).append(phrase)
        return named

    @cached_property
    def declared(self) -> frozenset[int]:
        """How many groups the text says that there are ("three groups", "a four-arm trial")."""
        numbers = set()
        for sentence in self.found.sentences:
            if sentence.role == "background":
                continue
            for term in self.found.terms_in(sentence, "cues", "group", "both-groups", *_KINDS_OF_ARM):
                if term.name in _KINDS_OF_ARM and not self.found.normal[term.start : term.end].endswith("s"):
                    continue
                around = Span(max(sentence.start, term.start - 24), term.end)
                words = number_words(self.found.normal, around, self.found.language)
                digits = [
                    (Span(m.start(), m.end()), int(m.group()))
                    for m in re.finditer(
                        r"(?<![A-Za-z\d.])\d(?![A-Za-z\d.])", self.found.normal[: term.end][around.start :]
                    )
                ]
                ends = [(s.end, int(n.value)) for s, n in words]
                ends += [(around.start + s.end, n) for s, n in digits]
                others = self.found.terms_in(around, "cues", "other-group")
                for end, number in ends if not others else ():
                    between = self.found.normal[end : term.start] if end <= term.start else ""
                    inside = term.start < end <= term.end
                    rest = re.sub(r"[\s-]+", " ", between).strip()
                    beside = len(rest) <= _HAN_BETWEEN if is_han(self.found.text(term)) else len(rest.split()) <= 1
                    if 2 <= number <= _MOST_ARMS and (inside or beside) and "," not in rest:
                        numbers.add(number)
        return frozenset([max(numbers)]) if numbers else frozenset()

    @cached_property
    def marked(self) -> list[Labelled]:
        """What the trained span model takes for the name of an arm, where it is sure."""
        return [
            span
            for span in self.found.labelled
            if span.kind in ("intervention", "control") and span.confidence >= _SURE_MARK
        ]

    def sees(self, part: Part) -> float:
        """How sure the trained span model is that the phrase names an arm, 0 to 1."""
        sure = 0.0
        for span in self.marked:
            shared = min(span.end, part.end) - max(span.start, part.start)
            if shared > 0 and 2 * shared >= part.end - part.start:
                sure = max(sure, span.confidence)
        return sure

    @cached_property
    def folded(self) -> str:
        """The whole text in lower case."""
        return self.found.normal.casefold()

    @cached_property
    def assigns(self) -> bool:
        """Whether the text says that people were put into groups."""
        return any(self.found.terms_in(s, "cues", "allocation", "assignment") for s in self.found.sentences)

    def treats(self, part: Part) -> bool:
        """Whether a phrase speaks of something that is given or left out, not of what people are like."""
        found = self.found
        heads = found.terms_in(part, "cues", "control-arm", "experimental-arm", "treatment-head")
        return bool(heads or found.terms_in(part, "interventions"))

    def words(self, span: Span) -> frozenset[str]:
        """The words of a phrase that can tell it from another arm."""
        return words_of(self.found.normal[span.start : span.end]) - words_of_groups(self.found, span)

    def plausible(self, part: Part) -> float:
        """How much a phrase looks like an arm: above zero if it may be one."""
        found = self.found
        spans = (part, *part.labels)
        known = found.terms_in(part, "interventions")
        control = any(found.terms_in(span, "cues", "control-arm", "negation") for span in spans)
        tested = any(found.terms_in(span, "cues", "experimental-arm") for span in spans)
        grouped = any(found.terms_in(span, "cues", "group") for span in spans)
        weight = 0.0
        weight += 1.0 * bool(known) + 1.0 * control + 0.6 * tested + 1.0 * grouped
        weight += 0.8 * (part.size is not None) + 0.4 * bool(part.labels) + 1.2 * self.backing(part)
        weight += 0.5 * self.recurs(part)
        weight += 0.5 * bool(found.terms_in(part, "cues", "treatment-head"))
        weight += 0.5 * self.abbreviated(part)
        weight += _MARK * self.sees(part)
        weight -= self.strange(part)
        weight -= max(0, part.end - part.start - _USUAL_LENGTH) / 60
        return weight

    def abbreviated(self, part: Part) -> bool:
        """Whether a phrase holds a short form, or the long one of it, that stands for no outcome or condition."""
        found = self.found
        text = found.normal[part.start : part.end]
        for short, long in found.abbreviations.items():
            holds = re.search(rf"(?<![A-Za-z0-9]){re.escape(short)}(?![A-Za-z0-9])", text) is not None
            if holds or (part.start <= long.start and long.end <= part.end):
                studied = [t for scheme in ("conditions", "endpoints") for t in found.terms_in(long, scheme)]
                if not studied:
                    return True
        return False

    def strange(self, part: Part) -> float:
        """How much in a phrase does not belong to the name of an arm: outcomes, people, clauses, results."""
        found = self.found
        text = found.normal[part.start : part.end]
        known = found.terms_in(part, "interventions") or found.terms_in(part, "cues", "control-arm", "group")
        doubt = 0.0
        for scheme, cost in (("endpoints", 1.2), ("conditions", 0.8), ("measures", 1.5), ("designs", 1.2)):
            terms = [t for t in found.terms_in(part, scheme) if not self.stands_for_more(t)]
            covered = sum(t.end - t.start for t in terms)
            share = covered / (part.end - part.start)
            if terms and not known:
                doubt += cost * max(0.5, share)
            elif scheme == "endpoints" and share > _MOSTLY:
                doubt += cost * share
        clauses = [t for t in found.terms_in(part, "cues", *_CLAUSE_CUES) if t.end - t.start > 1]
        doubt += 0.8 * len(clauses)
        doubt += 1.0 * bool(found.terms_in(part, "cues", "allocation", "alternative", "assignment"))
        empty = is_made_of(found, part, "people", "study", "trial", "filler", "other-group", "each", "receive")
        doubt += empty * (1.0 if part.labels else 2.0)
        doubt += 1.0 * (self.begins_with_count(part) or text.casefold().startswith(_POINTING))
        doubt += 1.0 * (VERSUS in found.mask[part.start : part.end])
        doubt += 0.8 * bool(
            found.terms_in(part, "cues", "study", "trial") and not found.terms_in(part, "cues", "group")
        )
        doubt += 2.0 * any(text.count(a) != text.count(b) for a, b in ("()", "[]"))
        doubt += 1.5 * any(
            q.kind in ("percent", "fraction") and part.contains(q) and not known for q in found.quantities
        )
        doubt += 2.0 * any(q.kind == "size" and part.contains(q) for q in found.quantities_in(part))
        units = [t for t in found.terms_in(part, "units") if t.name != "people"]
        letters = found.without(part, [*units, *found.terms_in(part, "cues", "negation", "rank")])
        letters = re.sub(r"[\W\d_]", "", letters)
        dosed = part.size is not None and bool(found.terms_in(part, "units"))
        doubt += 2.0 * ((not letters and not dosed) or (len(letters) == 1 and is_han(letters)))
        doubt += 1.5 * any(part.contains(p) for p in found.probabilities)
        doubt += 1.0 * (re.search(r"[=;<>\u2264\u2265\u00b1]", text) is not None)
        doubt += 1.5 * (re.search(r"(?<![A-Za-z\d])(?:19|20)\d\d(?![A-Za-z\d])", text) is not None)
        doubt += 0.3 * bool(re.search(r"[()\[\]]", text)) + 0.6 * (": " in text)
        # The same treatment named twice, at two doses, is two arms.
        named = [t.iri for t in found.terms_in(part, "interventions")]
        doubt += 1.5 * (len(named) > len(set(named)) and "," in text)
        # "yoga, stretching" is the beginning of a list; "A, B and C" is one treatment of three.
        comma = text.rfind(", ")
        if comma >= 0:
            doubt += _OPEN_LIST * (not found.terms_in(Span(part.start + comma, part.end), "cues", *_INNER_JOINTS))
        # A treatment is a noun: an article inside its name begins another phrase.
        inner = [t for t in found.terms_in(Span(part.start + 1, part.end), "cues", "filler") if t.end - t.start > 1]
        doubt += 0.3 * len(inner)
        # "after a response to chemotherapy" says when; "upfront, to treatment" still holds the word before the name.
        doubt += 0.6 * any(t.start == part.start for t in found.terms_in(part, "cues", "time-at"))
        doubt += 0.6 * any(
            text[: t.start - part.start].rstrip().endswith(",") for t in found.terms_in(part, "cues", "range-to")
        )
        return doubt

    def stands_for_more(self, term: Term) -> bool:
        """Whether a word is a short form that the text defines as something that the term does not know."""
        long = self.found.abbreviations.get(self.found.text(term))
        return long is not None and not self.found.terms_in(long, term.scheme)

    def begins_with_count(self, part: Part) -> bool:
        """Whether a phrase begins with a number that is no dose, time or number of cycles: "Seven nursing homes"."""
        found = self.found
        words = [span for span, _ in number_words(found.normal, part, found.language) if span.start == part.start]
        digits = re.compile(r"\d[\d,]*(?![\d.,%-])").match(found.normal, part.start, part.end)
        end = words[0].end if words else digits.end() if digits else 0
        if not end or is_han(found.text(part)):
            return False
        following = [
            *found.terms_in(Span(end, part.end), "units"),
            *found.terms_in(Span(end, part.end), "cues", *_COUNTED),
        ]
        return not any(re.fullmatch(r"[\s-]*", found.normal[end : term.start]) for term in following)

    def backing(self, part: Part) -> float:
        """Whether the text calls a group by words of the phrase: 1 for all words, less for some of them."""
        own = frozenset().union(*(self.words(span) for span in (part, *part.labels)))
        own |= self.long_words(part)
        shares = [len(words & own) / len(words) for words in self.groups]
        best = max(shares, default=0.0)
        return best if best >= 0.5 else 0.0

    def long_words(self, part: Part) -> frozenset[str]:
        """The words of the other forms of abbreviations in a phrase."""
        words: set[str] = set()
        text = self.found.normal[part.start : part.end].casefold()
        for short, long in self.found.abbreviations.items():
            written = self.found.normal[long.start : long.end].casefold()
            if written in text:
                words |= words_of(short)
            elif re.search(rf"(?<![a-z0-9]){re.escape(short.casefold())}(?![a-z0-9])", text):
                words |= words_of(written)
        return frozenset(words)

    def recurs(self, part: Part) -> bool:
        """Whether the phrase stands in the text a second time."""
        text = self.found.normal[part.start : part.end].casefold()
        return len(text) > 2 and self.folded.count(text) > 1

    def weigh(self, proposal: Proposal) -> float:
        """The weight of a whole list: its way, its phrases, the groups that it explains, the number of arms."""
        weights = [self.plausible(part) for part in proposal.parts]
        arms = sum(len(part.doses) or 1 for part in proposal.parts)
        if not self.assigns and not any(self.treats(part) for part in proposal.parts):
            return 0.0
        if not 2 <= arms <= _MOST_ARMS or overlapping(proposal.parts) or apposed(self.found, proposal.parts):
            return 0.0
        # What people are assigned to beside a sure arm may have a name of which nothing is known.
        if min(weights) < (_LEAST_BESIDE if proposal.trust >= _ASSIGNED and max(weights) >= 1 else _LEAST):
            return 0.0
        written = [self.found.normal[p.start : p.end].casefold() for p in proposal.parts]
        if len(set(written)) != len(written):
            return 0.0
        bare = [self.words(p) for p in proposal.parts if is_made_of(self.found, p, "control-arm")]
        if any(words < self.words(part) and not part.labels for words in bare for part in proposal.parts):
            return 0.0
        weight = proposal.trust + sum(min(_ENOUGH, w) for w in weights) / len(weights) + 0.5 * min(1.5, *weights)
        roles = [role_of(self.found, part) for part in proposal.parts]
        against = any(self.found.terms_in(part, "cues", "control-arm", "negation") for part in proposal.parts)
        if "experimental" in roles and not against:
            # The intervention group is not set against a group that is named by its treatment.
            weight -= _ONE_SIDED
        weight -= _TWO_IN_ONE * any(self.holds_two(part, proposal.parts) for part in proposal.parts)
        if self.declared:
            # "The two groups" may be two of more.
            fewer = self.declared == {2} and arms > 2 and all(part.size for part in proposal.parts)
            weight += _RIGHT_NUMBER if arms in self.declared else 0 if fewer else _WRONG_NUMBER
        # Only a list of what people were assigned to shows by its length that it is the finer one.
        finer = _PER_ARM * (arms - 2) if proposal.trust >= _ASSIGNED else 0.0
        return weight + self.explained(proposal.parts) + finer

    def holds_two(self, part: Part, parts: Sequence[Part]) -> bool:
        """Whether a placebo is joined to a treatment that no other arm gets: "placebo and open-label metformin"."""
        found = self.found
        elsewhere = {t.iri for other in parts if other is not part for t in found.terms_in(other, "interventions")}
        comma = _COMMA.search(found.normal, part.start, part.end)
        if comma and is_made_of(found, Span(part.start, comma.start()), "control-arm"):
            # As in "placebo, 20 mg of A".
            return True
        for joint in found.terms_in(part, "cues", "conjunction"):
            before, after = Span(part.start, joint.start), Span(joint.end, part.end)
            for one, other in ((before, after), (after, before)):
                added = {t.iri for t in found.terms_in(other, "interventions")}
                if is_made_of(found, one, "control-arm") and added and not added & elsewhere:
                    return True
        return False

    def denied(self, span: Span) -> bool:
        """Whether a name says what its group goes without ("non-surgical management")."""
        return bool(self.found.terms_in(span, "cues", "negation"))

    def explained(self, parts: Sequence[Part]) -> float:
        """How well the groups that the text names are shared out among the parts of a list."""
        total = 0.0
        own = [
            frozenset().union(self.long_words(part), *(self.words(span) for span in (part, *part.labels)))
            for part in parts
        ]
        written = [self.found.normal[p.start : p.end].casefold() for part in parts for p in (part, *part.labels)]
        explained: set[int] = set()
        unexplained = 0.0
        foreign = 0.0
        for words, places in self.groups.items():
            denied = self.denied(places[0])
            shares = [
                0.0 if self.denied(part) and not denied else len(words & known) / len(words | known)
                for part, known in zip(parts, own, strict=True)
            ]
            best = max(shares)
            printed = {self.found.normal[p.start : p.end].casefold() for p in places}
            clear = best > 0 and (shares.count(best) == 1 or bool(printed & set(written)))
            if clear:
                explained.add(shares.index(best))
                total += 0.5 * min(len(places), 3) / 3
            elif best > 0:
                unexplained += 0.8 * min(len(places), 2) / 2
            else:
                foreign += 0.8 * min(len(places), 2) / 2
        explained |= {index for index, part in enumerate(parts) if role_of(self.found, part)}
        # A name that fits no other arm may be a further one of the only arm that has none.
        total -= unexplained + foreign * (_ELIMINATED if len(explained) == len(parts) - 1 else 1.0)
        return max(-1.5, min(1.5, total))


def in_apposition(found: Reading, first: Span, second: Span) -> bool:
    """Whether a phrase stands in brackets right behind another, as its other name: "control group (group C)"."""
    gap = found.normal[first.end : second.start]
    return first.end < second.start and re.fullmatch(r"\s*[(\[]\s*[\"']?", gap) is not None


def apposed(found: Reading, parts: Sequence[Part]) -> bool:
    """Whether a list holds two names of one arm."""
    ordered = sorted(parts, key=lambda part: part.start)
    return any(in_apposition(found, first, second) for first, second in pairwise(ordered))


def overlapping(parts: Sequence[Part]) -> bool:
    """Whether two phrases of a list share a place in the text."""
    ordered = sorted(parts, key=lambda part: part.start)
    return any(first.end > second.start for first, second in pairwise(ordered))


def is_opposed(found: Reading) -> bool:
    """Whether treatments are set against each other: people were assigned to the arms, or each is given its size."""
    treated = any(
        found.terms_in(span, "interventions") or found.terms_in(span, "cues", "control-arm", "treatment-head")
        for arm in found.arms
        for span in arm.spans
    )
    assigned = any(
        found.terms_in(s, "cues", "allocation", "assignment")
        or any(is_assignment(found, term) for term in found.terms_in(s, "cues", "receive"))
        for s in found.sentences
    )
    return len(found.arms) > 1 and treated and (assigned or all(arm.size for arm in found.arms))
