"""What speaks for each arm, and for none, as the one that a number of a sentence belongs to.

Names of features, for the chain of ``extractors.placement``: how the number and the arm's name stand to each other,
the order of lists, the usual order of "20 v 63", what kind of number it is, what stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from extractors.components.comparisons import (
    BRACKETED,
    SIGNS,
    end_of,
    is_reference,
    said_of_both,
    stated_order,
    usual_pair,
    within_phrase,
)
from extractors.components.scene import Scene
from extractors.components.terms import AND, BE, OF, PEOPLE, SPREAD, STATISTIC, TO, UNIT, VERSUS
from extractors.normal import shown_words
from extractors.placement import Label, relation
from extractors.reading import Mention, Quantity, Span, Way

NONE, DIFFERENCE, BOTH = "none", "difference", "both"
_SPREADS = re.compile(r"(?:\u00b1|\+\s?/\s?-)\s*[\d.]+")
_JOINT = re.compile(rf"[\s,/;:%{VERSUS}{AND}{TO}{UNIT}{SPREAD}{STATISTIC}{PEOPLE}{BE}{OF}()\[\]=-]*")
_TIGHT = re.compile(rf"[\s,:=(\[{BE}{UNIT}%nN]*")
_CUES = ("baseline", "than", "both-groups", "between-groups", "difference", "versus", "respectively")
# How far behind a number its p-value and the estimate of its comparison may stand.
_TESTED, _ESTIMATED = 20, 30
_NEAR = ((2, "0"), (8, "1"), (20, "2"), (45, "3"), (90, "4"))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The arms that names and order suggest for a number, where they are named, and how that was found.

    ``bare`` says that nothing around the number makes it a result, ``told`` that words say which arm has more.
    """

    arms: tuple[int, ...]
    spans: tuple[Span | None, ...]
    way: Way
    bare: bool
    told: bool


class Sight:
    """A sentence with the numbers that are to be placed, in order."""

    def __init__(self, scene: Scene, values: Sequence[Quantity], suggestions: Mapping[int, Suggestion]) -> None:
        self.scene = scene
        self.values = list(values)
        self.suggestions = suggestions
        self.arms = len(scene.found.arms)
        self.labels: list[Label] = [*range(self.arms), NONE, DIFFERENCE, BOTH]
        self.usual = usual_pair(scene.found)
        self.contrasts = [q for q in scene.values if q.contrast]

    def __len__(self) -> int:
        return len(self.values)

    def own(self, place: int, label: Label) -> Iterator[str]:
        """What speaks for a label of one number."""
        kind = label if isinstance(label, str) else "arm"
        for feature in self._of_arm(place, label) if isinstance(label, int) else self._of_none(place):
            yield f"{kind} {feature}"

    def step(self, place: int) -> list[str]:
        """What the labels of a number and of the one before it depend on."""
        return self._steps[place]

    def relation(self, first: Label, second: Label) -> str:
        """How the labels of two numbers in a row stand to each other."""
        return relation(first, second)

    # -- the number itself

    @cached_property
    def _runs(self) -> list[tuple[int, int]]:
        """For each number its place in its list, and the list's length."""
        runs: list[list[int]] = []
        for place in range(len(self.values)):
            if runs and self._joined(place):
                runs[-1].append(place)
            else:
                runs.append([place])
        return [(position, len(run)) for run in runs for position in range(len(run))]

    def _joined(self, place: int) -> bool:
        first, second = self.values[place - 1], self.values[place]
        if first.kind != second.kind or first.unit != second.unit:
            return False
        gap = self._bare(end_of(first), second.start)
        return len(gap) <= 60 and _JOINT.fullmatch(gap) is not None

    def _bare(self, start: int, end: int) -> str:
        """The mask between two offsets without closed brackets and spreads."""
        return _SPREADS.sub("", BRACKETED.sub("", self.scene.found.mask[start:end]))

    def _beside(self, place: int) -> Iterator[str]:
        """The cues and other terms right before and behind a number."""
        found, quantity = self.scene.found, self.values[place]
        ahead = Span(max(self.scene.sentence.start, quantity.start - 25), quantity.start)
        for term in found.terms_in(ahead):
            if term.scheme in ("cues", "measures") and not found.normal[term.end : quantity.start].strip(" (:,[="):
                yield f"ahead {term.scheme} {term.name}"
        behind = Span(quantity.end, min(self.scene.sentence.end, quantity.end + 25))
        for term in found.terms_in(behind):
            if term.scheme in ("cues", "measures", "endpoints") and not found.normal[quantity.end : term.start].strip(
                " ()"
            ):
                yield f"behind {term.scheme} {term.name if term.scheme != 'endpoints' else ''}"

    def _of_none(self, place: int) -> Iterator[str]:
        yield ""
        suggestion = self.suggestions.get(self.values[place].start)
        yield f"suggested {suggestion.way} {suggestion.bare}" if suggestion else "not suggested"
        yield from self._itself(place)
        yield from self._beside(place)
        yield from self._words(place)
        yield from self._around(place)
        yield from self._estimates(place)

    def _itself(self, place: int) -> Iterator[str]:
        """What kind of number it is, and where in a list it stands."""
        quantity = self.values[place]
        position, length = self._runs[place]
        yield f"kind {quantity.kind} {quantity.unit is not None}"
        yield f"statistic {quantity.statistic}"
        yield f"run {min(position, 2)}/{min(length, 4)}"
        had = {"spread": quantity.dispersion, "interval": quantity.interval, "events": quantity.events}
        yield from (name for name, what in had.items() if what)
        if quantity.number.text[:1] in SIGNS:
            yield "signed"
        if quantity.kind == "plain" and quantity.unit is None and quantity.number.text.isdigit():
            yield f"bare integer {min(length, 3)}"
        if self._opposed(place):
            yield "opposed"

    def _around(self, place: int) -> Iterator[str]:
        """What the sentence says besides."""
        scene, quantity = self.scene, self.values[place]
        _, length = self._runs[place]
        named = len({m.index for m in scene.arms})
        yield f"arms {min(self.arms, 3)}"
        yield f"named {min(named, 2)} {bool(scene.arms_before)}"
        yield f"role {scene.sentence.role}"
        yield from (f"cue {cue}" for cue in _CUES if scene.cues(cue))
        if length == 1 == len(self.values):
            yield f"alone {min(named, 2)}"
        if said_of_both(scene, quantity):
            yield "said of both"
        if not scene.endpoints:
            yield "no endpoint"
        if scene.between(max(scene.sentence.start, quantity.start - 3), quantity.start).rstrip().endswith(("(", "[")):
            yield f"opens bracket {min(length, 2)}"

    def _estimates(self, place: int) -> Iterator[str]:
        """The estimates and p-values beside a number."""
        scene, quantity = self.scene, self.values[place]
        tested = [p for p in scene.found.probabilities if scene.sentence.contains(p)]
        if any(0 <= p.start - end_of(quantity) <= _TESTED for p in tested):
            yield f"tested {min(self._runs[place][1], 2)}"
        if any(end_of(q) <= quantity.start for q in self.contrasts):
            yield "after estimate"
        if any(0 <= q.start - end_of(quantity) <= _ESTIMATED for q in self.contrasts):
            yield f"before estimate {self._opposed(place)}"

    def _words(self, place: int) -> Iterator[str]:
        """The words right before and behind a number."""
        quantity, sentence = self.values[place], self.scene.sentence
        ahead = _words_before(self.scene.between(max(sentence.start, quantity.start - 24), quantity.start))
        behind = _words_behind(self.scene.between(quantity.end, min(sentence.end, quantity.end + 24)))
        yield f"word ahead {ahead[0]}"
        yield f"words ahead {ahead[1]} {ahead[0]}"
        yield f"word behind {behind[0]}"
        yield f"words behind {behind[0]} {behind[1]}"

    def _opposed(self, place: int) -> bool:
        ahead = place > 0 and self._runs[place][0] > 0
        if ahead and VERSUS in self.scene.found.mask[self.values[place - 1].end : self.values[place].start]:
            return True
        behind = place + 1 < len(self.values) and self._runs[place + 1][0] > 0
        return behind and VERSUS in self.scene.found.mask[self.values[place].end : self.values[place + 1].start]

    # -- the arms

    def _of_arm(self, place: int, arm: int) -> Iterator[str]:
        scene, quantity = self.scene, self.values[place]
        position, length = self._runs[place]
        before = [m for m in scene.arms if m.end <= quantity.start]
        after = [m for m in scene.arms if m.start >= quantity.end]
        own_before = [m for m in before if m.index == arm]
        own_after = [m for m in after if m.index == arm]
        if own_before:
            yield from self._before(place, own_before[-1], before)
        if own_after:
            yield from self._after(place, own_after[0], after)
        named = {m.index for m in scene.arms}
        if arm not in named:
            yield f"absent {min(len(named), 2)} {min(self.arms, 3)}"
            if not named and scene.arms_before == (arm,):
                yield f"told of before {min(length, 2)}"
        elif len(named) == 1:
            yield f"sole {min(length, 2)} {min(self.arms, 3)} {position}"
            if own_before and is_reference(scene, own_before[-1]):
                yield f"sole reference {min(length, 2)} {position}"
        if length > 1 or self._opposed(place):
            opposed = self._opposed(place)
            yield from (f"{name} {opposed}" for name in self._ordered(place, arm))
        yield from self._said(place, arm)
        suggestion = self.suggestions.get(quantity.start)
        if suggestion is None:
            yield "not suggested"
        else:
            yield f"suggested {arm in suggestion.arms} {suggestion.way} {suggestion.bare}"
            yield f"suggested {arm in suggestion.arms} {min(self.arms, 3)} {suggestion.bare}"
        yield from self._marked(place, arm)

    def _before(self, place: int, own: Mention, before: list[Mention]) -> Iterator[str]:
        quantity = self.values[place]
        gap = self.scene.found.mask[own.end : quantity.start]
        values = sum(own.end <= q.start and q.end <= quantity.start for q in self.scene.values)
        others = len({m.index for m in before if m.start >= own.end and m.index != own.index})
        name = f"before {min(values, 2)} {min(others, 2)}"
        yield name
        bare = BRACKETED.sub("", gap)
        yield f"{name} bracket {'(' in bare or '[' in bare} {')' in bare} {';' in bare} {',' in bare}"
        yield f"before far {_far(len(gap))} {min(values, 1)}"
        if _TIGHT.fullmatch(bare):
            yield "before tight"
        if values == 0:
            words = _words_behind(self.scene.between(own.end, quantity.start))
            yield f"before word {words[0]}"
            yield f"before last {_words_before(self.scene.between(own.end, quantity.start))[0]}"
        if VERSUS in gap:
            yield f"before opposed {min(values, 1)}"
        if is_reference(self.scene, own):
            yield f"before reference {min(values, 1)} {min(others, 1)}"
        if own.start - self.scene.sentence.start <= 12:
            yield f"opens {min(values, 2)} {min(others, 2)}"

    def _after(self, place: int, own: Mention, after: list[Mention]) -> Iterator[str]:
        quantity = self.values[place]
        end = end_of(quantity)
        gap = self.scene.found.mask[end : own.start]
        values = sum(quantity.end <= q.start and q.end <= own.start for q in self.scene.values)
        others = len({m.index for m in after if m.end <= own.start and m.index != own.index})
        name = f"after {min(values, 2)} {min(others, 2)}"
        yield name
        bare = _SPREADS.sub("", BRACKETED.sub("", gap))
        yield f"{name} bracket {'(' in bare or '[' in bare} {')' in bare} {';' in bare} {',' in bare}"
        yield f"after far {_far(len(bare))} {min(values, 1)}"
        if values == 0 and end <= own.start and within_phrase(self.scene, end, own.start):
            yield f"after within {min(others, 1)}"
        if values == 0:
            words = self.scene.between(end, own.start) if end <= own.start else ""
            yield f"after word {_words_behind(words)[0]}"
            yield f"after last {_words_before(words)[0]}"
        if VERSUS in gap:
            yield f"after opposed {min(values, 1)}"
        if is_reference(self.scene, own):
            yield f"after reference {min(values, 1)}"

    def _ordered(self, place: int, arm: int) -> Iterator[str]:
        """The orders in which the arms are listed or usually stand, where they give this arm to the number."""
        position, length = self._runs[place]
        first, last = place - position, place - position + length - 1
        start = self.values[first].start
        floor = end_of(self.values[first - 1]) if first else self.scene.sentence.start
        end = self.values[last].end
        ceiling = self.values[last + 1].start if last + 1 < len(self.values) else self.scene.sentence.end
        told = "respectively" if self.scene.cues("respectively") else ""
        lists = {
            "just before": [m for m in self.scene.arms if floor <= m.start and m.end <= start],
            "just behind": [m for m in self.scene.arms if end <= m.start and m.end <= ceiling],
            "before": [m for m in self.scene.arms if m.end <= start],
            "at the end": [m for m in self.scene.arms if m.start >= self.values[-1].end],
        }
        for name, mentions in lists.items():
            arms = list(dict.fromkeys(m.index for m in mentions))
            if len(arms) == length and arm in arms:
                at = arms.index(arm)
                opening = is_reference(self.scene, mentions[0])
                if at == position:
                    yield f"order {name} {told} {opening}"
                elif length - 1 - at == position:
                    yield f"turned {name} {told} {opening}"
        if length == 2 and arm in self.usual:
            named = min(len({m.index for m in self.scene.arms}), 2)
            yield f"usual {self.usual.index(arm) == position} {told} {named}"
        if length == self.arms:
            yield f"listed {arm == position} {told}"

    def _said(self, place: int, arm: int) -> Iterator[str]:
        """Whether the words of the comparison say that this arm has more, and its number is the larger."""
        position, length = self._runs[place]
        if length != 2:
            return
        group = self.values[place - position : place - position + 2]
        order = stated_order(self.scene, group)
        if order is None or arm not in order or group[0].number.value == group[1].number.value:
            return
        larger = self.values[place].number.value == max(q.number.value for q in group)
        changes = bool(self.scene.cues("rise", "fall", "change")) or any(q.number.text[:1] in SIGNS for q in group)
        yield f"said {larger == (order[0] == arm)} {changes}"

    def _marked(self, place: int, arm: int) -> Iterator[str]:
        """What the trained span model takes the number for."""
        quantity = self.values[place]
        marks = [m.kind for m in self.scene.found.labelled if m.start < quantity.end and quantity.start < m.end]
        for mark in marks:
            if mark[:2] in ("iv", "cv"):
                control = self.scene.found.arms[arm].role == "control"
                yield f"marked {control == (mark[:2] == 'cv')}"

    # -- two numbers in a row

    @cached_property
    def _steps(self) -> list[list[str]]:
        steps: list[list[str]] = [[]]
        for place in range(1, len(self.values)):
            first, second = self.values[place - 1], self.values[place]
            gap = self.scene.found.mask[end_of(first) : second.start]
            position, _ = self._runs[place]
            named = len({m.index for m in self.scene.arms if first.end <= m.start and m.end <= second.start})
            outcome = any(first.end <= m.start and m.end <= second.start for m in self.scene.endpoints)
            alike = first.kind == second.kind and first.unit == second.unit
            joint = "versus" if VERSUS in gap else "and" if AND in gap else "comma" if "," in gap else "other"
            bare = BRACKETED.sub("", gap)
            bracket = ("(" in bare or "[" in bare, ")" in bare or "]" in bare)
            steps.append(
                [
                    "",
                    f"run {position > 0} {joint}",
                    f"named {min(named, 2)} {joint}",
                    f"named {min(named, 2)} outcome {outcome} alike {alike}",
                    f"bracket {bracket} alike {alike}",
                    f"stop {';' in bare}",
                    f"both {bool(first.dispersion) == bool(second.dispersion)} {alike}",
                ]
            )
        return steps


def _words_before(text: str) -> tuple[str, str]:
    """The last word, character or sign of a stretch, and the one before it; numbers are all alike."""
    found = shown_words(text)[-2:]
    return (found[-1] if found else "", found[-2] if len(found) > 1 else "")


def _words_behind(text: str) -> tuple[str, str]:
    """The first word, character or sign of a stretch, and the one behind it; numbers are all alike."""
    found = shown_words(text)[:2]
    return (found[0] if found else "", found[1] if len(found) > 1 else "")


def _far(length: int) -> str:
    return next((name for most, name in _NEAR if length <= most), "5")
