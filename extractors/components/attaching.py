"""What speaks for each phrase of a sentence, and for the outcome spoken of before, as what a value is a value of.

Names of features, for the chain of ``extractors.placement``: how value and phrase stand to each other, what stands
between them, what kind of value goes with what kind of name, and what the rules of the grammar suggest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from extractors import normal
from extractors.components.candidate_outcomes import Candidate
from extractors.components.comparisons import BRACKETED, end_of
from extractors.components.endpoint_evidence import name_features, share_of
from extractors.components.scene import Scene
from extractors.components.terms import AND, BE, VERSUS
from extractors.normal import is_han, shown_words
from extractors.placement import Label
from extractors.reading import Quantity, Span

# The outcome that the sentences before were about.
TOPIC = "topic"
_NEAR = ((2, "0"), (8, "1"), (20, "2"), (45, "3"), (90, "4"))
_AROUND = 24
_SURE = 0.7
_CUES = ("respectively", "subgroup-analysis", "than", "between-groups", "difference", "time-at")


@dataclass(frozen=True, slots=True)
class Item(Span):
    """Values that are of one outcome: those that run along the arms, or one estimate."""

    values: tuple[Quantity, ...]
    suggested: Span | None
    suggested_index: int | None

    @property
    def first(self) -> Quantity:
        """The first of the values."""
        return self.values[0]


class View:
    """A sentence with its values, in order, and the phrases that they may be of."""

    def __init__(self, scene: Scene, items: Sequence[Item], candidates: Sequence[Candidate]) -> None:
        self.scene = scene
        self.items = list(items)
        self.candidates = list(candidates)
        self.labels: list[Label] = [*range(len(candidates)), *([TOPIC] if scene.topic is not None else [])]
        self.named = [c for c in candidates if c.index is not None]

    def __len__(self) -> int:
        return len(self.items)

    def relation(self, first: Label, second: Label) -> str:
        """How the phrases of two values in a row stand to each other."""
        if isinstance(first, str) or isinstance(second, str):
            return f"{_kind(first)} {_kind(second)}"
        if first == second:
            return "same"
        one, other = self.candidates[first], self.candidates[second]
        if one.index is not None and one.index == other.index:
            return "again"
        if one.start < other.end and other.start < one.end:
            return "overlapping"
        if other.start < one.start:
            return "back"
        between = [c for c in self.named if one.end <= c.start and c.end <= other.start]
        return f"on {min(len(between), 2)}"

    def own(self, place: int, label: Label) -> Iterator[str]:
        """What speaks for a phrase as what the values at a place are of."""
        item = self.items[place]
        if isinstance(label, str):
            yield from (f"topic {feature}" for feature in self._of_topic(place, item))
            return
        candidate = self.candidates[label]
        known = "known" if candidate.index is not None else "new"
        yield known
        yield from self._itself[label]
        yield from self._suggestion(item, candidate, known)
        for feature in self._between(place, item, candidate):
            yield feature
            yield f"{known} {feature}"
        yield from self._fitting(item, label)

    def step(self, place: int) -> list[str]:
        """What the phrases of a value and of the one before it depend on."""
        return self._steps[place]

    # -- the phrases

    @cached_property
    def _itself(self) -> list[list[str]]:
        return [list(self._of_phrase(candidate)) for candidate in self.candidates]

    def _of_phrase(self, candidate: Candidate) -> Iterator[str]:
        found, sentence = self.scene.found, self.scene.sentence
        known = "known" if candidate.index is not None else "new"
        if candidate.index is not None:
            draft = found.endpoints[candidate.index]
            times = sum(m.index == candidate.index for m in found.endpoint_mentions)
            yield f"declared {draft.role if draft.role_span else 'not'}"
            yield f"mentions {min(times, 4)}"
            yield f"concept {draft.concept is not None}"
        longer = any(o != candidate and o.contains(candidate) for o in self.candidates)
        shorter = any(o != candidate and candidate.contains(o) for o in self.candidates)
        yield f"{known} nested {longer} {shorter}"
        crossing = [o for o in self.named if o != candidate and o.start < candidate.end and candidate.start < o.end]
        yield f"{known} crossing {bool(crossing)}"
        marks = [m for m in found.labelled if m.start < candidate.end and candidate.start < m.end]
        sure = any(m.kind.startswith("outcome") and m.confidence >= _SURE for m in marks)
        yield f"{known} marked {sure if marks else 'not'} {bool(found.labelled)}"
        yield from (f"{known} marked {m.kind}" for m in marks)
        text = found.normal[candidate.start : candidate.end]
        yield from (f"{known} {feature}" for feature in name_features(text))
        yield f"{known} of arms {share_of(self._long(text), self._arm_words)}"
        yield f"{known} of condition {share_of(normal.words_of(text), self._condition_words)}"
        moments = [t for t in self.scene.time_points if t.start < candidate.end and candidate.start < t.end]
        yield f"{known} time {bool(moments)} {any(t.contains(candidate) for t in moments)}"
        for term in found.terms_in(candidate):
            if term.end == candidate.end or term.start == candidate.start:
                edge = "last" if term.end == candidate.end else "first"
                yield f"{known} {edge} {term.scheme} {term.name if term.scheme in ('cues', 'measures') else ''}"
        ahead = shown_words(found.normal[max(sentence.start, candidate.start - _AROUND) : candidate.start])
        behind = shown_words(found.normal[candidate.end : min(sentence.end, candidate.end + _AROUND)])
        yield f"{known} word ahead {ahead[-1] if ahead else ''}"
        yield f"{known} word behind {behind[0] if behind else ''}"
        before = Span(max(sentence.start, candidate.start - _AROUND), candidate.start)
        yield from (
            f"{known} cue ahead {t.name}" for t in found.terms_in(before, "cues") if candidate.start - t.end <= 1
        )
        after = Span(candidate.end, min(sentence.end, candidate.end + _AROUND))
        yield from (
            f"{known} cue behind {t.name}" for t in found.terms_in(after, "cues") if t.start - candidate.end <= 1
        )
        again = found.normal.count(text)
        yield f"{known} printed {min(again, 3)}"

    def _long(self, text: str) -> frozenset[str]:
        """The words of a phrase, or of what it is short for."""
        long = self.scene.found.abbreviations.get(text)
        return normal.words_of(text) if long is None else normal.words_of(self.scene.found.text(long))

    @cached_property
    def _arm_words(self) -> frozenset[str]:
        return frozenset(w for arm in self.scene.found.arms for n in arm.names for w in normal.words_of(n.text))

    @cached_property
    def _condition_words(self) -> frozenset[str]:
        found = self.scene.found
        return frozenset(w for span in found.conditions for w in normal.words_of(found.text(span)))

    # -- a phrase and a value

    def _suggestion(self, item: Item, candidate: Candidate, known: str) -> Iterator[str]:
        same = candidate.index is not None and candidate.index == item.suggested_index
        place = item.suggested is not None and (candidate.start, candidate.end) == (
            item.suggested.start,
            item.suggested.end,
        )
        yield f"suggested {same} {place} {_measure(item)}"
        yield f"suggested {same} {place} {known}"
        if item.suggested is not None and not place:
            yield f"suggested within {candidate.contains(item.suggested)} {item.suggested.contains(candidate)}"

    def _between(self, place: int, item: Item, candidate: Candidate) -> Iterator[str]:
        governor = item.first.governor
        if candidate.end <= item.start:
            yield from self._ahead(place, item, candidate)
            if governor is not None and governor.start <= candidate.start and governor.end <= candidate.start:
                yield f"between measure and value {item.first.contrast is not None}"
        elif candidate.start >= item.end:
            yield from self._behind(place, item, candidate)
        else:
            yield "within"

    def _ahead(self, place: int, item: Item, candidate: Candidate) -> Iterator[str]:
        scene = self.scene
        gap = scene.found.mask[candidate.end : item.start]
        bare = BRACKETED.sub("", gap)
        values = sum(candidate.end <= other.start for other in self.items[:place])
        others = sum(candidate.end <= c.start and c.end <= item.start for c in self.named)
        any_other = sum(candidate.end <= c.start and c.end <= item.start for c in self.candidates)
        arms = sum(candidate.end <= m.start and m.end <= item.start for m in scene.arms)
        name = f"ahead {min(values, 3)} {min(others, 2)}"
        yield name
        yield f"{name} {_measure(item)}"
        yield f"ahead {min(values, 3)} {min(any_other, 3)}"
        yield f"{name} arms {min(arms, 2)}"
        yield f"{name} stop {';' in gap} {_commas(gap)}"
        yield f"{name} bracket {'(' in bare or '[' in bare} {')' in bare or ']' in bare}"
        yield f"{name} verb {BE in gap} {VERSUS in gap}"
        yield f"ahead far {_far(len(bare))} {min(values, 1)} {min(others, 1)}"
        words = shown_words(scene.between(candidate.end, item.start))
        if values == 0:
            yield f"ahead first {words[0] if words else ''}"
            yield f"ahead last {words[-1] if words else ''}"
            if len(words) <= 3:
                yield f"ahead words {' '.join(words)}"
        yield f"opens {candidate.start - scene.sentence.start <= 8} {min(values, 2)} {min(others, 2)}"
        told = "respectively" if scene.cues("respectively") else ""
        if values == 0 and place:
            yield f"{name} since last {self.items[place - 1].end <= candidate.start} {told}"
        ahead = [c for c in self.named if c.end <= self.items[0].start]
        if candidate in ahead and len(ahead) == len(self.items) > 1:
            yield f"listed {ahead.index(candidate) == place} {told}"

    def _behind(self, place: int, item: Item, candidate: Candidate) -> Iterator[str]:
        scene = self.scene
        gap = scene.found.mask[item.end : candidate.start]
        bare = BRACKETED.sub("", gap)
        values = sum(other.end <= candidate.start for other in self.items[place + 1 :])
        others = sum(item.end <= c.start and c.end <= candidate.start for c in self.named)
        any_other = sum(item.end <= c.start and c.end <= candidate.start for c in self.candidates)
        arms = sum(item.end <= m.start and m.end <= candidate.start for m in scene.arms)
        ahead = [c for c in self.named if c.end <= item.start]
        name = f"behind {min(values, 2)} {min(others, 2)}"
        yield name
        yield f"{name} {_measure(item)}"
        yield f"{name} others ahead {min(len(ahead), 2)}"
        yield f"behind {min(values, 2)} {min(any_other, 3)}"
        yield f"{name} arms {min(arms, 2)}"
        yield f"{name} stop {';' in gap} {_commas(gap)}"
        yield f"{name} bracket {'(' in bare or '[' in bare} {')' in bare or ']' in bare}"
        yield f"behind far {_far(len(bare))} {min(values, 1)} {min(others, 1)}"
        words = shown_words(scene.between(item.end, candidate.start))
        if values == 0:
            yield f"behind first {words[0] if words else ''}"
            yield f"behind last {words[-1] if words else ''}"
            if len(words) <= 3:
                yield f"behind words {' '.join(words)}"

    def _fitting(self, item: Item, label: int) -> Iterator[str]:
        """Whether the name is one of what such a value measures."""
        measure = _measure(item)
        candidate = self.candidates[label]
        text = self.scene.found.normal[candidate.start : candidate.end].casefold()
        ends = [text[-1:], text[-2:]] if is_han(text) else shown_words(text)[-1:]
        yield from (f"{measure} ends {end}" for end in ends)
        concept = self.scene.found.endpoints[candidate.index].concept if candidate.index is not None else None
        if concept is not None:
            yield f"{measure} concept {concept.rpartition('/')[2]}"
        for term in self.scene.found.terms_in(candidate, "cues", "endpoint-head", "deaths"):
            yield f"{measure} head {self.scene.found.text(term).casefold()}"

    def _of_topic(self, place: int, item: Item) -> Iterator[str]:
        yield ""
        ahead = [c for c in self.named if c.end <= item.start]
        yield f"named {min(len(self.named), 2)} ahead {min(len(ahead), 2)}"
        yield f"new {min(len(self.candidates) - len(self.named), 3)} {bool(self.named)}"
        yield f"{_measure(item)} {bool(self.named)}"
        yield f"place {min(place, 2)} {bool(ahead)}"
        yield f"suggested {item.suggested is None} {item.suggested_index == self.scene.topic}"
        yield from (f"cue {cue} {bool(self.named)}" for cue in _CUES if self.scene.cues(cue))

    # -- two values in a row

    @cached_property
    def _steps(self) -> list[list[str]]:
        steps: list[list[str]] = [[]]
        for first, second in pairwise(self.items):
            gap = self.scene.found.mask[first.end : second.start]
            named = sum(first.end <= c.start and c.end <= second.start for c in self.named)
            new = sum(first.end <= c.start and c.end <= second.start for c in self.candidates)
            joint = "versus" if VERSUS in gap else "and" if AND in gap else "comma" if "," in gap else "other"
            bare = BRACKETED.sub("", gap)
            alike = f"{_measure(first)} {_measure(second)}"
            times = any(first.end <= t.start < second.start for t in self.scene.time_points)
            steps.append(
                [
                    "",
                    f"named {min(named, 2)} {min(new, 2)}",
                    f"named {min(named, 2)} {joint}",
                    f"alike {alike}",
                    f"alike {alike} named {min(named, 1)} {min(new, 1)}",
                    f"bracket {'(' in bare or '[' in bare} {')' in bare or ']' in bare} {min(named, 1)}",
                    f"stop {';' in bare} {min(named, 1)} {min(new, 1)}",
                    f"times {times} {min(named, 1)}",
                    f"far {_far(second.start - first.end)} {min(new, 1)}",
                ]
            )
        return steps


def item_of(values: Sequence[Quantity], suggested: Span | None, index: int | None) -> Item:
    """The values with the phrase, or the known endpoint, that the rules suggest for them."""
    return Item(values[0].start, max(end_of(q) for q in values), tuple(values), suggested, index)


def _measure(item: Item) -> str:
    quantity = item.first
    if quantity.contrast:
        return "ratio" if quantity.contrast in ("HR", "OR", "RR", "IRR") else "difference"
    unit = f" {quantity.unit}" if quantity.kind == "plain" and quantity.unit else ""
    return f"{quantity.kind}{unit} {quantity.statistic if quantity.statistic in ('median', 'mean') else ''}"


def _kind(label: Label) -> str:
    return label if isinstance(label, str) else "phrase"


def _commas(text: str) -> str:
    return str(min(text.count(","), 2))


def _far(length: int) -> str:
    return next((name for most, name in _NEAR if length <= most), "5")
