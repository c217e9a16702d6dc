"""Lists of arms that carry their sizes or labels: "A (n = 20), B (n = 21)", "A (group 1) and B (group 2)"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.components.arm_phrases import Part, label_in, part_of, top_brackets, trimmed
from extractors.normal import is_han, parts_clauses
from extractors.reading import Quantity, Reading, Sentence, Span, Term

_OPENERS = (
    "allocation", "assignment", "comparing", "include", "range-to", "receive", "objective", "both-groups", "be",
    "clause-verb", "completed", "either", "enrolled",
)  # fmt: skip
_BRACKET = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_BOUNDARY = re.compile(r"[;:\u3002]")
_FARTHEST = 160


def sized(found: Reading, sentence: Sentence) -> Iterator[list[Part]]:
    """The phrases that the group sizes of a sentence belong to."""
    sizes = [q for q in found.quantities_in(sentence) if _is_size(found, q)]
    cues = found.terms_in(sentence, "cues", "allocation", "assignment")
    behind = [q for q in sizes if cues and cues[0].end <= q.start]
    if len(behind) > 1:
        # The first of "women (N = 228) were assigned to A (n = 114) or B (n = 114)" counts all of them.
        sizes = behind
    if len(sizes) > 2 and sizes[0].number.value == sum(size.number.value for size in sizes[1:]):
        # The first counts them all, as in: adults (N = 179) walked (n = 86) or rested (n = 93).
        sizes = sizes[1:]
    listed: list[Part] = []
    start = sentence.start
    for size in sizes:
        part, end = _sized_part(found, sentence, size, start, first=not listed)
        if part is not None:
            listed.append(part)
        start = end
    yield listed


def _is_size(found: Reading, quantity: Quantity) -> bool:
    """Whether a number is printed as the size of a group: "n = 20", or people alone in brackets, or after a group."""
    if quantity.kind == "size":
        return True
    if quantity.kind != "people":
        return False
    before, after = found.normal[quantity.start - 1 : quantity.start], found.normal[quantity.end : quantity.end + 1]
    if before in ("(", "[") and after in (")", "]", ",", ";"):
        return True
    groups = found.terms_in(Span(max(0, quantity.start - 6), quantity.start), "cues", "group")
    if not groups or not is_han(found.text(groups[-1])):
        return False
    between = Span(groups[-1].end, quantity.start)
    return not found.without(between, found.terms_in(between, "cues", "people")).strip()


def _sized_part(
    found: Reading, sentence: Sentence, size: Quantity, start: int, *, first: bool
) -> tuple[Part | None, int]:
    """The arm that a size belongs to, and where the next one may begin."""
    brackets = [m for m in _BRACKET.finditer(found.normal, start, sentence.end) if m.start() < size.start < m.end()]
    end, label, after = size.start, None, size.end
    if brackets:
        bracket = brackets[0]
        others = [
            q
            for q in found.quantities
            if q is not size and q.kind == "size" and bracket.start() < q.start < bracket.end()
        ]
        if not others:
            label = label_in(found, Span(bracket.start(1), size.start))
            end, after = bracket.start(), bracket.end()
    begin = _begin(found, max(start, end - _FARTHEST), end, first=first)
    core = part_of(found, begin, end)
    if core is None and label is not None:
        core, label = Part(label.start, label.end, (), None), None
    if core is None:
        return None, after
    labels = (*core.labels, *((label,) if label is not None else ()))
    return Part(core.start, core.end, labels, size), after


def _begin(found: Reading, start: int, end: int, *, first: bool) -> int:
    """Where the phrase before a size begins: behind the last colon or bracket, for the first behind what opens it."""
    marks = [start + match.end() for match in _BOUNDARY.finditer(found.normal[start:end])]
    opened = [mark for mark in marks if trimmed(found, mark, end)]
    begin = opened[-1] if opened else start
    if found.normal[begin:end].lstrip()[:1] in "([":
        inside = found.normal.find("(", begin, end)
        begin = inside if inside >= 0 and ")" not in found.normal[inside:end] else begin
    closed = [begin + bracket.end for bracket in top_brackets(found.normal[begin:end])]
    # "a drink (450 ml) made with X": a bracket ends a name only if no word of the name goes on behind it.
    closed = [place for place in closed if not _goes_on(found, place, end)]
    marks = [place + 1 for place in range(begin, end) if parts_clauses(found.document.text, place)]
    opened = [t.start for t in found.terms_in(Span(begin, end), "cues", "include")]
    # What is only said to be a part of the treatment is not its name.
    asides = [start for start in opened if any(p <= start <= p + 1 for p in (*closed, *marks))]
    places = [p for p in (*closed, *marks) if not any(p <= start <= p + 1 for start in asides)]
    begin = max([begin, *(place for place in places if trimmed(found, place, end))])
    if first:
        openers = [
            t.end
            for t in found.terms_in(Span(begin, min([*asides, end])), "cues", *_OPENERS)
            if t.name != "include" or _lists(found, t)
        ]
        fitting = [place for place in openers if trimmed(found, place, end)]
        bracket = found.normal.rfind("(", begin, end)
        if bracket >= 0 and ")" not in found.normal[bracket:end]:
            fitting.append(bracket + 1)
        return max([begin, *fitting])
    commas = [begin + m.end() for m in re.finditer(r",\s", found.normal[begin:end])]
    leading = [c for c in commas if not trimmed(found, begin, c - 2)]
    # "60 mg (n = 20) of a drug or placebo (n = 19)": what is left of the last arm stands before the next.
    verbs = [
        t.end for t in found.terms_in(Span(begin, end), "cues", "alternative", "assignment", "allocation", "receive")
    ]
    return max([begin, *leading, *(v for v in verbs if trimmed(found, v, end))])


def _lists(found: Reading, term: Term) -> bool:
    """Whether "including" opens a list of groups and not what a treatment holds: groups or people stand before it."""
    before = found.terms_in(Span(max(0, term.start - 24), term.start), "cues", "group", "both-groups", "people")
    return any(not found.normal[cue.end : term.start].strip() for cue in before)


def _goes_on(found: Reading, place: int, end: int) -> bool:
    """Whether a participle, or what is given with it, behind a bracket says more of what stands before it."""
    if any(t.start - place <= 1 for t in found.terms_in(Span(place, end), "cues", "combination")):
        # As in "budesonide (200 mg) plus terbutaline".
        return True
    heads = found.terms_in(Span(place, min(end, place + 24)), "cues", "treatment-head")
    if heads and heads[0].start - place <= 1:
        # As in "cognitive behavioural (CBT) therapy".
        return True
    following = re.match(
        r"\s+[a-z]+(?:ed|ing|en|de)\s+(?:with|from|of|by|as|for|to|in|on|at)\b", found.normal[place:end]
    )
    return following is not None


def tallied(found: Reading, sentence: Sentence) -> Iterator[list[Part]]:
    """The arms of "1,066 patients were enrolled: A 440, B 438 and C 188", where a number ends each item."""
    text = found.normal[sentence.start : sentence.end]
    for bracket in _BRACKET.finditer(found.normal, sentence.start, sentence.end):
        yield _counted_items(found, Span(bracket.start(1), bracket.end(1)))
    for colon in re.finditer(r":(?!\d)|\(", text):
        joints = found.terms_in(Span(sentence.start + colon.end(), sentence.end), "cues", "conjunction")
        ends = sorted({j.start for j in joints} | {m.start() + sentence.start for m in re.finditer(r"[,;.)]", text)})
        listed, start = [], sentence.start + colon.end()
        for end in [e for e in ends if e > start]:
            counts = [
                q for q in found.quantities if start <= q.start and q.end == end and q.kind in ("plain", "people")
            ]
            core = part_of(found, start, counts[0].start) if counts and counts[0].unit is None else None
            if core is not None and not any(core.contains(q) for q in found.quantities):
                listed.append(Part(core.start, core.end, core.labels, counts[0]))
            elif trimmed(found, start, end):
                break
            start = end
        yield listed


def _counted_items(found: Reading, inside: Span) -> list[Part]:
    """The arms of a bracket whose items each begin with a number of people: "(30 placebo; 129 active drug)"."""
    joints = [Span(t.start, t.end) for t in found.terms_in(inside, "cues", "conjunction")]
    joints += [Span(m.start(), m.end()) for m in re.compile("[,;]").finditer(found.normal, inside.start, inside.end)]
    listed, start = [], inside.start
    for joint in [*sorted(joints, key=lambda j: j.start), Span(inside.end, inside.end)]:
        if not found.normal[start : joint.start].strip():
            start = max(start, joint.end + 1)
            continue
        counts = [q for q in found.quantities if q.start == start and q.kind in ("plain", "people") and not q.unit]
        core = part_of(found, counts[0].end, joint.start) if counts and counts[0].end < joint.start else None
        if core is None or any(core.contains(q) for q in found.quantities):
            return []
        listed.append(Part(core.start, core.end, core.labels, counts[0]))
        start = (
            joint.end + len(found.normal[joint.end : inside.end]) - len(found.normal[joint.end : inside.end].lstrip())
        )
    return listed


def labelled(found: Reading, sentence: Sentence) -> Iterator[list[Part]]:
    """The phrases that the labels of groups in brackets belong to: "surgery (group A) or drugs (group B)"."""
    listed: list[Part] = []
    start = sentence.start
    for match in _BRACKET.finditer(found.normal, sentence.start, sentence.end):
        inside = Span(match.start(1), match.end(1))
        if not found.terms_in(inside, "cues", "group"):
            continue
        label = label_in(found, inside)
        begin = _begin(found, max(start, match.start() - _FARTHEST), match.start(), first=not listed)
        core = part_of(found, begin, match.start())
        if core is not None and label is not None:
            listed.append(Part(core.start, core.end, (*core.labels, label), core.size))
        start = match.end()
    yield listed
