"""The part of the people that a result is about."""

from __future__ import annotations

import re

from extractors.components.arm_phrases import trimmed
from extractors.components.comparisons import end_of
from extractors.components.scene import Scene
from extractors.reading import Quantity, Span

# How long the name of a part of the people may be, in a clause and before a bracket.
_LONGEST, _LONGEST_LABEL = 80, 90
# "In the HER2-positive subgroup (n = 31), …": the name before the noun, and what may stand behind it.
_NAMED, _SIZED = 9, 12
# How far from its start what a sentence opens with may stand, and how far behind an estimate its only subgroup.
_OPENING, _SUBJECT, _FOLLOWING = 60, 16, 90
_SEGMENT = re.compile(r"[,;:]\s*")
_OPENING_END = re.compile(r",(?!\d)")
_CLOSING = re.compile(r"[^\w()]*[)\]]\s*")


def subgroup_for(scene: Scene, quantity: Quantity, previous_end: int) -> Span | None:
    """The subgroup of a value: right behind it, the phrase or term before it since the last value, or the opening."""
    phrase = behind(scene, quantity) or before_bracket(scene, quantity, previous_end)
    if phrase is not None:
        return phrase
    terms = scene.subgroup_terms
    since = [t for t in terms if previous_end <= t.start and t.end <= quantity.start]
    if since:
        return since[-1]
    estimates = [q for q in scene.values if q.contrast]
    if len(terms) == 1 and len(estimates) == 1 and 0 <= terms[0].start - quantity.end <= _FOLLOWING:
        return terms[0]
    opening = [t for t in terms if t.start - scene.sentence.start <= _OPENING]
    return opening[-1] if opening else opening_subgroup(scene)


def behind(scene: Scene, quantity: Quantity) -> Span | None:
    """The people right behind an estimate: "0.80 (0.61-0.99) in patients with X and 1.10 in those with Y"."""
    end = end_of(quantity)
    closed = _CLOSING.match(scene.found.normal, end, scene.sentence.end)
    start = closed.end() if closed else end
    cues = [c for c in scene.cues("subgroup") if start <= c.start <= start + 1]
    if not cues or not quantity.contrast:
        return None
    rest = Span(cues[0].end, scene.sentence.end)
    stops = [c.start for c in scene.found.terms_in(rest, "cues", "conjunction", "versus", "be", "had")]
    stops += [q.start for q in scene.values if q.start >= rest.start]
    stops += [m.start() for m in _SEGMENT.finditer(scene.found.normal, rest.start, rest.end)]
    # "In those without" says no more, but it is not everybody.
    return trimmed(scene.found, rest.start, min([*stops, rest.end])) or Span(cues[0].start, cues[0].end)


def before_bracket(scene: Scene, quantity: Quantity, previous_end: int) -> Span | None:
    """The words before the bracket of a value in a sentence on subgroups: "in patients with X (HR …"."""
    end = quantity.governor.start if quantity.governor and quantity.governor.start >= previous_end else quantity.start
    # In "receptor status (negative: 0.93, …" the label stands before a colon.
    while end > previous_end and scene.found.normal[end - 1] in " :(=[":
        end -= 1
    if not scene.cues("subgroup-analysis") or end <= previous_end:
        return None
    window = Span(previous_end, end)
    starts = [match.end() for match in _SEGMENT.finditer(scene.found.normal, window.start, window.end)]
    starts += [cue.end for cue in scene.found.terms_in(window, "cues", "subgroup", "conjunction")]
    span = trimmed(scene.found, max([previous_end, *starts]), end)
    named = (*scene.endpoints, *scene.arms)
    if span is None or span.end - span.start > _LONGEST_LABEL or any(span.contains(m) for m in named):
        return None
    return span if not scene.found.terms_in(span, "cues", "be") else None


def opening_subgroup(scene: Scene) -> Span | None:
    """The part of the people that a sentence opens with: "Among women with X, …"."""
    comma = _OPENING_END.search(scene.found.normal, scene.sentence.start, scene.sentence.end)
    if comma is None:
        return subject_subgroup(scene)
    opening = Span(scene.sentence.start, comma.start())
    nouns = [c for c in scene.found.terms_in(opening, "cues", "subgroup-analysis") if c.end >= opening.end - _SIZED]
    if nouns and nouns[0].start - opening.start > _NAMED:
        return trimmed(scene.found, opening.start, nouns[0].start)
    cues = [c for c in scene.found.terms_in(opening, "cues", "subgroup") if c.start - opening.start <= 3]
    if not cues:
        return subject_subgroup(scene)
    span = trimmed(scene.found, cues[0].end, opening.end)
    numbers = [q for q in scene.found.quantities if q.kind == "people" and scene.sentence.contains(q)]
    return span if span and not any(span.start == q.start for q in numbers) else None


def subject_subgroup(scene: Scene) -> Span | None:
    """The part of the people that a sentence is about: "Patients with X had a median of …"."""
    found, sentence = scene.found, scene.sentence
    people = [c for c in found.terms_in(sentence, "cues", "people") if c.start - sentence.start <= _SUBJECT]
    rest = Span(people[0].end, sentence.end) if people else Span(0, 0)
    linked = [c for c in found.terms_in(rest, "cues", "having") if not scene.between(rest.start, c.start).strip()]
    verbs = found.terms_in(Span(linked[0].end, rest.end), "cues", "had", "be") if linked else []
    span = trimmed(found, linked[0].end, verbs[0].start) if verbs else None
    if span is None or span.end - span.start > _LONGEST or _SEGMENT.search(found.normal, span.start, span.end):
        return None
    studied = [t for t in found.terms_in(span, "conditions") if t.start == span.start and t.end == span.end]
    named = any(m.start < span.end and span.start < m.end for m in (*scene.arms, *scene.endpoints))
    return None if studied or named else span
