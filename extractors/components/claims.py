"""Reads what the words of a sentence say of its arms: more, less, better, worse or no difference, clause by clause."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.components.scene import Scene
from extractors.components.terms import CHANGES, COMPARATIVES, DIRECTIONS
from extractors.normal import is_han
from extractors.reading import Mention, Span, Term

# What a change says of the arm it happened in.
_CHANGED = {"rise": "higher", "fall": "lower", "improvement": "better", "deterioration": "worse"}
_TURNED = {"higher": "lower", "lower": "higher", "better": "worse", "worse": "better"}
NONE = "none"
_BREAK = re.compile(r"[;\u3002]")
_STOPPED = re.compile(r"[,;:()\[\]]")
_LIMIT = re.compile(r"\s*(?:\w+\s+)?\d")
# How far a word of denial reaches, in characters.
_REACH = 60
_HINTED = 20
_HAN_REACH = 2


@dataclass(frozen=True, slots=True)
class Claim(Span):
    """Words that compare arms, from a word of denial, if any, to the cue.

    ``direction`` is higher, lower, better, worse or none; ``change`` tells a verb of change from a comparative.
    ``cue`` is the word that gives the direction, ``clause`` the part of the sentence in which the words hold. Of a
    change whose size is compared ("the reduction in pain was greater"), ``change_end`` is where its noun ends.
    """

    direction: str
    change: bool
    cue: Term
    clause: Span
    change_end: int = 0


def claims(scene: Scene) -> list[Claim]:
    """The claims of a sentence, in order."""
    return [claim for clause in clauses(scene) for claim in _claims_of(scene, clause)]


def clauses(scene: Scene) -> Iterator[Span]:
    """The parts of a sentence between semicolons and words that open an opposed clause."""
    start = scene.sentence.start
    edges = [match.end() for match in _BREAK.finditer(scene.found.normal, start, scene.sentence.end)]
    # A semicolon may part p-values, not clauses.
    tested = [p.start for p in scene.found.probabilities]
    edges = [edge for edge in edges if not any(0 <= place - edge <= 1 for place in tested)]
    edges += [cue.start for cue in scene.cues("opposition") if cue.start > start]
    for edge in [*sorted(edges), scene.sentence.end]:
        if scene.between(start, edge).strip():
            yield Span(start, edge)
        start = edge


def _claims_of(scene: Scene, clause: Span) -> Iterator[Claim]:
    names = ("no-difference", "difference", "effect", "significant", *DIRECTIONS)
    # "There was no change in pain between the groups": where arms are set apart, no change is no difference.
    apart = scene.found.terms_in(clause, "cues", "between-groups")
    changes = [c for c in scene.found.terms_in(clause, "cues", "change") if apart and _opens_name(scene, c)]
    cues = sorted({*(cue for cue in scene.cues(*names) if clause.contains(cue)), *changes}, key=lambda cue: cue.start)
    denials = [cue for cue in scene.cues("negation") if clause.contains(cue)]
    hinted = [cue.end for cue in scene.cues("tendency") if clause.contains(cue)]
    cues = [cue for cue in cues if not any(0 <= cue.start - end <= _HINTED for end in hinted)]
    previous: Term | None = None
    spent: Term | None = None
    while cues:
        cue, cues = cues[0], cues[1:]
        denial = _denial(scene, denials, cue)
        start = denial.start if denial else cue.start
        used, previous = previous, denial
        joined = cues[0] if cues and _adjoin(scene, cue, cues[0]) else None
        if cue.name == "change" and (denial is None or denial == spent):
            continue
        if cue.name == "significant":
            shared = bool(cues) and _denial(scene, denials, cues[0]) == denial
            if denial is not None and not shared and denial != used and not _unchanged(scene, clause, denial):
                spent = denial
                yield Claim(start, cue.end, NONE, False, cue, clause)
        elif denial is not None or cue.name == "no-difference":
            spent = denial
            # "no greater improvement", "similar reductions": the change is what did not differ.
            last = joined if joined and joined.name != "significant" else cue
            cues = cues[1:] if last is joined else cues
            yield Claim(start, last.end, NONE, last.name in CHANGES, last, clause)
        elif joined and {cue.name, joined.name} & {*COMPARATIVES} and {cue.name, joined.name} & {*CHANGES}:
            # "a greater reduction", "less improvement": the change gives the direction, the comparative its measure.
            change = cue.name if cue.name in CHANGES else joined.name
            direction = _CHANGED[change]
            turned = _TURNED[direction] if {cue.name, joined.name} & {"lower", "worse"} else direction
            cues = cues[1:]
            yield Claim(start, joined.end, turned, False, joined, clause)
        elif cue.name in CHANGES and (measure := _measured_by(scene, cue, cues)) is not None:
            direction = changed(cue.name, measure.name)
            cues = [later for later in cues if later.start > measure.start]
            yield Claim(start, measure.end, direction, False, measure, clause, cue.end)
        elif cue.name in COMPARATIVES and not _is_limit(scene, cue):
            yield Claim(start, cue.end, cue.name, False, cue, clause)
        elif cue.name in CHANGES:
            yield Claim(start, cue.end, _CHANGED[cue.name], True, cue, clause)


def changed(change: str, measure: str) -> str:
    """What a change says whose size is compared: a greater fall is lower, a smaller improvement is worse."""
    return _TURNED[_CHANGED[change]] if measure == "lower" else _CHANGED[change]


def change_in_name(scene: Scene, mention: Mention) -> Term | None:
    """The word for a fall that opens a place of an endpoint whose name has none: "the reduction in pain" for pain."""
    opening = [t for t in scene.found.terms_in(mention, "cues", "fall") if t.start == mention.start]
    if not opening or opening[0].end == mention.end or is_han(scene.found.text(mention)):
        return None
    name = scene.found.endpoints[mention.index].names[0].text.casefold()
    return None if scene.found.text(opening[0]).casefold() in name else opening[0]


def _measured_by(scene: Scene, change: Term, following: list[Term]) -> Term | None:
    """The comparative that says how large a change was: "the reduction in pain was significantly greater"."""
    later = [cue for cue in following if cue.name != "significant"]
    if not later or later[0].name not in ("higher", "lower") or is_han(scene.found.text(change)):
        return None
    gap = Span(change.end, later[0].start)
    opened = [cue for cue in scene.found.terms_in(gap, "cues", "of", "time-at", "filler") if cue.start - gap.start <= 1]
    verbs = [cue for cue in scene.found.terms_in(gap, "cues", "be") if cue.end <= gap.end]
    crossed = any(gap.contains(part) for part in (*scene.arms, *scene.values)) or _STOPPED.search(
        scene.between(gap.start, gap.end)
    )
    return later[0] if opened and len(verbs) == 1 and not crossed else None


def _is_limit(scene: Scene, cue: Term) -> bool:
    """Whether a comparative compares with a number: "more than 50%", but not "lower at 6 hours"."""
    match = _LIMIT.match(scene.found.normal, cue.end)
    return match is not None and not scene.found.terms_in(Span(cue.end, match.end()), "cues", "time-at", "time-since")


def _opens_name(scene: Scene, cue: Term) -> bool:
    """Whether a cue stands free or opens the name of an outcome: "no change in pain"."""
    return all(m.start == cue.start for m in scene.endpoints if m.contains(cue))


def _unchanged(scene: Scene, clause: Span, denial: Term) -> bool:
    """Whether a denial only says that something did not change over time, in a clause that sets no arms apart."""
    changed = scene.found.terms_in(Span(denial.end, min(denial.end + _REACH, clause.end)), "cues", "change")
    return bool(changed) and not scene.found.terms_in(clause, "cues", "between-groups", "than", "versus")


def _adjoin(scene: Scene, first: Span, second: Span) -> bool:
    """Whether nothing but words that carry no meaning stands between two cues."""
    gap = Span(first.end, second.start)
    parts = scene.found.terms_in(gap, "cues", "filler", "significant")
    # Chinese puts the noun of a measure between: "the extent of the fall was greater".
    nouns = scene.found.terms_in(gap, "cues", "endpoint-head", "unnamed", "each", "both-groups", "function-word")
    parts += [t for t in nouns if is_han(scene.found.text(t))]
    return gap.end - gap.start <= 30 and not scene.found.without(gap, parts).strip()


def _denial(scene: Scene, denials: list[Term], cue: Term) -> Term | None:
    """The word that denies the cue: before it in the same phrase, with no other direction between.

    A Chinese word of one character may be half of another word and denies only what stands right behind it.
    """
    for denial in reversed([d for d in denials if d.end <= cue.start and cue.start - d.end <= _REACH]):
        gap = Span(denial.end, cue.start)
        if scene.found.terms_in(gap, "cues", "no-difference", *DIRECTIONS):
            return None
        if is_han(scene.found.text(denial)) and denial.end - denial.start == 1:
            rest = scene.found.without(gap, scene.found.terms_in(gap, "cues", "significant", "filler"))
            if len(rest.strip()) > _HAN_REACH:
                continue
        return None if _STOPPED.search(scene.between(gap.start, gap.end)) else denial
    return None
