"""Proposes lists of arms from all the ways in which a report names them; ``arm_evidence`` weighs them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.components.allocation import allocated, partings, split_top
from extractors.components.arm_evidence import Evidence, Proposal, in_apposition
from extractors.components.arm_phrases import Part, each_dose, part_of, trimmed
from extractors.components.dose_lists import dose_lists
from extractors.components.group_names import group_phrases, is_plain_word, role_of
from extractors.components.headed_lists import headed_lists
from extractors.components.sized_lists import labelled, sized, tallied
from extractors.components.terms import DIRECTIONS, VERSUS
from extractors.components.valued_lists import valued
from extractors.normal import is_han, words_of
from extractors.reading import Quantity, Reading, Sentence, Span, Term

_MOST_ARMS = 6
_NEAR = 40
_FAR = 60
_CLAUSE_END = re.compile(r"[,;.\u3002](?!\d)")
_BEFORE_SIDE = (
    "comparing", "filler", "having", "objective", "of", "receive", "stop", "time-at", "be", "had", "people", "than",
    "between-groups", "both-groups", "clause-verb", "completed", "screened", "range-to", "function-word",
    "opposition", *DIRECTIONS,
)  # fmt: skip
_AFTER_SIDE = (
    "be", "clause-verb", "completed", "filler", "had", "having", "objective", "of", "people", "stop", "time-at",
    "receive", "screened", "significant", "function-word", "opposition", *DIRECTIONS,
)  # fmt: skip
# A further name that holds more of what no arm is called is not taken.
_MOST_DOUBT = 0.5
# How far each way of naming arms is to be trusted before its phrases are looked at.
_ALLOCATED, _SIZED, _LABELLED, _GIVEN, _COUNTED, _GROUPS = 2.5, 2.8, 2.4, 2.4, 2.3, 1.3
_RECEIVED, _NUMBERED = 1.6, 1.8
_HEADED, _AGAIN = 2.4, 0.6
# Names with values beside them: what each further one adds, too.
_VALUED, _FURTHER = 1.0, 0.4
# From what weight on a phrase is added to a list of arms that holds all others of its own.
_SURE = 0.7
# Lists of such a difference in weight convince alike.
_NEARLY = 1.5
_TITLED, _SIDES, _AGAINST, _PLACEBO, _MARKED, _WEAK = 1.8, 1.6, 1.0, 1.2, 0.0, 0.6


def ranked(found: Reading) -> list[tuple[Part, ...]]:
    """All lists that may be the arms, the most convincing first."""
    phrases = group_phrases(found)
    evidence = Evidence(found, phrases)
    weighed = [(evidence.weigh(p), place, p) for place, p in enumerate(proposals(found, phrases, evidence))]
    good = [entry for entry in weighed if entry[0] > 0]
    # Of equals, the list with less between its members holds less that is none.
    good.sort(key=lambda entry: (-entry[0], _length(entry[2].parts), entry[1]))
    lists = [proposal.parts for _, _, proposal in good]
    if lists:
        near = [proposal.parts for weight, _, proposal in good if weight > good[0][0] - _NEARLY]
        finer = [p.parts for weight, _, p in good if weight > good[0][0] - _NEARLY and p.trust >= _ALLOCATED]
        lists = _by_names_of_text(evidence, _fullest(evidence, lists, finer), near)
    return [
        each_dose(found, listed)
        for place, listed in enumerate(lists)
        if place == 0 or all(evidence.strange(part) < _MOST_DOUBT for part in listed)
    ]


def _fullest(
    evidence: Evidence, lists: list[tuple[Part, ...]], near: Sequence[tuple[Part, ...]]
) -> list[tuple[Part, ...]]:
    """The lists, the first one with the further arms that another list of the same arms has between or beside them."""
    places = {(part.start, part.end) for part in lists[0]}
    if len(places) in evidence.declared:
        return lists
    for other in near:
        more = [part for part in other if (part.start, part.end) not in places]
        if len(other) - len(more) == len(places) and more and all(evidence.plausible(p) >= _SURE for p in more):
            return [other, *(listed for listed in lists if listed is not other)]
    return lists


def _by_names_of_text(
    evidence: Evidence, lists: list[tuple[Part, ...]], near: Sequence[tuple[Part, ...]]
) -> list[tuple[Part, ...]]:
    """The lists, the first in the words of the text where these are the heads of a table: they say more.

    ``near`` are the lists that convince nearly as much as the first one.
    """
    tables = evidence.found.document.tables
    first = lists[0]
    if not any(table.start <= part.start < table.end for table in tables for part in first[:1]):
        return lists
    for place, listed in enumerate(near):
        shared = [[i for i, part in enumerate(listed) if evidence.words(part) & evidence.words(head)] for head in first]
        in_order = sorted(found[0] for found in shared if len(found) == 1) == list(range(len(listed)))
        in_table = any(table.start <= listed[0].start < table.end for table in tables)
        if len(listed) == len(first) and in_order and not in_table:
            return [listed, *lists[:place], *lists[place + 1 :]]
    return lists


def _length(parts: Sequence[Part]) -> int:
    return max(part.end for part in parts) - min(part.start for part in parts)


def proposals(found: Reading, phrases: Sequence[Span], evidence: Evidence) -> Iterator[Proposal]:
    """Every list of phrases that some way of naming arms gives."""
    for sentence in found.sentences:
        assigned = bool(found.terms_in(sentence, "cues", "allocation", "assignment"))
        chosen = sentence.role != "background" and found.terms_in(sentence, "cues", "alternative")
        for listed in allocated(found, sentence):
            yield Proposal(tuple(listed), _ALLOCATED if assigned else _RECEIVED if chosen else _WEAK)
        for listed in (*sized(found, sentence), *tallied(found, sentence)):
            # "x = 42, y = -22" and "sad = 0, neutral = 1" are no sizes.
            if len(listed) > 1 and all(part.size is None or part.size.number.value >= 1 for part in listed):
                people = assigned or counts_people(found, sentence, listed)
                parts = listed if people else [replace(part, size=None) for part in listed]
                yield Proposal(tuple(parts), _SIZED if people else _NUMBERED)
        for ways, trust in (
            (labelled, _LABELLED),
            (counted, _COUNTED),
            (set_side_by_side, _SIDES),
        ):
            yield from (Proposal(tuple(listed), trust) for listed in ways(found, sentence) if len(listed) > 1)
        for listed in valued(found, sentence):
            yield Proposal(tuple(listed), _VALUED + _FURTHER * (len(listed) - 2))
        if assigned:
            yield from (Proposal((part,), _ALLOCATED) for part in dosed(found, sentence))
        aims = sentence.role == "title" or found.terms_in(sentence, "cues", "objective", "comparing")
        for listed in opposed(found, sentence, "versus"):
            yield Proposal(tuple(listed), _TITLED if aims else _AGAINST)
        if sentence.role != "background":
            yield from (Proposal(tuple(listed), _WEAK) for listed in opposed(found, sentence, "alternative"))
            yield from (Proposal(tuple(listed), _WEAK) for listed in bracketed(found, sentence))
    yield from (Proposal(tuple(listed), _GIVEN) for listed in given(found, phrases))
    yield from (Proposal(tuple(listed), _GROUPS) for listed in group_arms(found, phrases))
    yield from (Proposal(tuple(listed), _PLACEBO) for listed in against_placebo(found, phrases))
    yield from (Proposal(tuple(listed), _MARKED) for listed in marked(evidence))
    for over in headed_lists(found):
        again = _AGAIN * (over.tables > 1)
        if over.is_sized or over.tables > 1:
            yield Proposal(over.parts, (_HEADED if over.is_sized else _WEAK) + again)


def counts_people(found: Reading, sentence: Sentence, listed: Sequence[Part]) -> bool:
    """Whether the numbers beside arms may be their sizes, not those who had an event or who stayed to the end.

    What happened to them may stand before a bracket with the list: "40 died (A 19, B 21)".
    """
    first = min(part.start for part in listed)
    opened = found.normal.rfind("(", sentence.start, first)
    clauses = [m.end() for m in _CLAUSE_END.finditer(found.normal, sentence.start, max(opened, sentence.start))]
    inside = opened >= 0 and ")" not in found.normal[opened:first]
    start = (clauses[-1] if clauses else sentence.start) if inside else first
    span = Span(start, max(part.end for part in listed))
    return not found.terms_in(span, "endpoints") and not found.terms_in(sentence, "cues", "completed")


def marked(evidence: Evidence) -> Iterator[list[Part]]:
    """What the trained span model takes for the treatment tested and for its control, one pair for each control."""
    found = evidence.found
    tested = [s for s in evidence.marked if s.kind == "intervention"]
    for control in (s for s in evidence.marked if s.kind == "control"):
        near = [s for s in tested if any(x.contains(s) and x.contains(control) for x in found.sentences)]
        for other in sorted(near or tested, key=lambda s: -s.confidence)[:2]:
            first, second = part_of(found, other.start, other.end), part_of(found, control.start, control.end)
            if first and second:
                yield [first, second]


def dosed(found: Reading, sentence: Sentence) -> Iterator[Part]:
    """What people are assigned to at several doses, where no other arm is listed: "to 10, 20 or 40 mg of A"."""
    cues = found.terms_in(sentence, "cues", "allocation", "assignment")
    for listed in dose_lists(found, Span(cues[0].end, sentence.end)) if cues else []:
        window = Span(cues[0].end, listed.start)
        openers = [
            t.end for t in found.terms_in(window, "cues", "range-to", "receive", "either", "versus", "comparing")
        ]
        ends = [t.start for t in found.terms_in(Span(listed.end, sentence.end), "cues", *_AFTER_SIDE) if t.name != "of"]
        clause = _CLAUSE_END.search(found.normal, listed.end, sentence.end)
        end = min([*ends, clause.start() if clause else sentence.end])
        part = part_of(found, max([window.start, *openers]), end)
        several = part is not None and found.terms_in(part, "cues", "alternative", "conjunction", "versus")
        if part is not None and part.doses and not several:
            yield part


def counted(found: Reading, sentence: Sentence) -> Iterator[list[Part]]:
    """The arms of "15 patients received A, 18 were treated with B": what each number of people was given."""
    listed = []
    for quantity in found.quantities:
        if not sentence.contains(quantity) or quantity.kind not in ("people", "plain") or quantity.unit:
            continue
        if found.normal[quantity.start - 1 : quantity.start] == ":":
            # the second half of "1:1"
            continue
        verbs = found.terms_in(Span(quantity.end, sentence.end), "cues", "range-to", "receive")
        taken = [t for t in verbs if _follows(found, quantity, t)]
        if taken:
            start = taken[-1].end if taken[-1].start - taken[0].end <= 3 else taken[0].end
            end = _CLAUSE_END.search(found.normal, start, sentence.end)
            people = [
                q.start for q in found.quantities if start < q.start and sentence.contains(q) and _counts(found, q)
            ]
            limit = min([end.start() if end else sentence.end, *people[:1]])
            part = part_of(found, start, limit)
            if part is not None:
                listed.append(Part(part.start, part.end, part.labels, quantity))
    yield listed


def _counts(found: Reading, quantity: Quantity) -> bool:
    """Whether a number may be one of people: not a dose, a time or a value with a statistic."""
    plain = quantity.kind == "plain" and quantity.unit is None and quantity.number.value >= 2
    return quantity.kind == "people" or (plain and quantity.number.value == int(quantity.number.value))


def _follows(found: Reading, number: Span, verb: Term) -> bool:
    gap = Span(number.end, verb.start)
    known = ("people", "be", "filler", "assignment", "allocation", "function-word", "receive", "of")
    rest = re.sub(r"\([^()]*\)", "", found.without(gap, found.terms_in(gap, "cues", *known)))
    ranged = verb.name == "range-to" and re.match(r"\s*[\d(]", found.normal[verb.end : verb.end + 3])
    return gap.end - gap.start <= _NEAR and not rest.strip(" )") and not ranged


def set_side_by_side(found: Reading, sentence: Sentence) -> Iterator[list[Part]]:
    """The two sides of "a trial comparing A with B in patients with C" and "the effects of A and B on C"."""
    for cue in found.terms_in(sentence, "cues", "comparing", "objective"):
        rest = Span(cue.end, min(sentence.end, cue.end + 200))
        for joint in found.terms_in(rest, "cues", "having", "range-to", "conjunction"):
            ends = [t.start for t in found.terms_in(Span(joint.end, sentence.end), "cues", *_AFTER_SIDE)]
            ends = [end for end in ends if end > joint.end + 2]
            clause = _CLAUSE_END.search(found.normal, joint.end, sentence.end)
            end = min([*ends, clause.start() if clause else sentence.end])
            first, second = part_of(found, cue.end, joint.start), part_of(found, joint.end, end)
            opening = Span(min(cue.end + 4, joint.start), joint.start)
            whole = not found.terms_in(opening, "cues", *(n for n in _AFTER_SIDE if n != "of"))
            if first and second and whole:
                yield [first, second]
                # "a comparison of A and B with C"
                yield from ([*several, second] for several in partings(found, Span(cue.end, joint.start)))


def opposed(found: Reading, sentence: Sentence, joint: str) -> Iterator[list[Part]]:
    """The sides of "A versus B in patients with C" or "A or B", in a title, an aim or a result."""
    for cue in found.terms_in(sentence, "cues", joint):
        if joint == "versus" and found.mask[cue.start] != VERSUS:
            continue
        start = max(sentence.start, cue.start - 2 * _FAR)
        for colon in re.finditer(r"[:.;\u3002]\s|[\u3002;:]", found.normal[start : cue.start]):
            start = max(start, min(start + colon.end(), cue.start)) if colon.end() + start <= cue.start else start
        openings = [t for t in found.terms_in(Span(start, cue.start), "cues", *_BEFORE_SIDE) if cue.start - t.end > 3]
        openings = [t for t in openings if not _is_inner(found, t) and found.normal[t.end] != "-"]
        start = max([start, *(t.end for t in openings)])
        stops = found.terms_in(Span(cue.end, sentence.end), "cues", *_AFTER_SIDE)
        ends = [t.start for t in stops if t.start > cue.end + 4]
        clause = re.compile(r"[;:.\u3002](?!\d)").search(found.normal, cue.end, sentence.end)
        end = min([*ends, clause.start() if clause else sentence.end])
        yield from partings(found, Span(start, end))
        # "In part B, A was compared with B and C": what stands before a comma may belong to no arm.
        pieces = split_top(found.normal[start : cue.start], re.compile(", "))
        begin = start + pieces[-1][0]
        if begin > start:
            yield from partings(found, Span(begin, end))
        first = part_of(found, begin, cue.start)
        if first is not None:
            yield from ([first, *others] for others in partings(found, Span(cue.end, end)))


def bracketed(found: Reading, sentence: Sentence) -> Iterator[list[Part]]:
    """The items of a bracket: "by approach (insulin or standard care)", "of both products (A and B)"."""
    for match in re.finditer(r"\(([^()]*)\)", found.normal[sentence.start : sentence.end]):
        inside = Span(sentence.start + match.start(1), sentence.start + match.end(1))
        if found.terms_in(inside, "cues", "alternative", "conjunction", "versus"):
            yield from partings(found, inside)


def _is_inner(found: Reading, term: Term) -> bool:
    """Whether a word that may stand before a name is a Chinese character inside a longer one."""
    return is_han(found.text(term)) and term.end - term.start == 1 and term.name in ("of", "range-to")


def given(found: Reading, phrases: Sequence[Span]) -> Iterator[list[Part]]:
    """The groups of "the A group received X … the control group received Y", each with what it was given."""
    takers: dict[str, Part] = {}
    for phrase, part in treatments_of_groups(found, phrases):
        name = role_of(found, phrase) or found.normal[phrase.start : phrase.end].casefold()
        takers.setdefault(name, Part(phrase.start, phrase.end, (part,) if part else (), None))
    yield list(takers.values())


def treatments_of_groups(found: Reading, phrases: Sequence[Span]) -> Iterator[tuple[Span, Part | None]]:
    """Each name of a group that is said to receive something, with that treatment where it can be cut out."""
    for sentence in found.sentences:
        inside = [phrase for phrase in phrases if sentence.contains(phrase)]
        for place, phrase in enumerate(inside):
            limit = inside[place + 1].start if place + 1 < len(inside) else sentence.end
            behind: list[Span] = [*found.terms_in(Span(phrase.end, min(limit, phrase.end + _NEAR)), "cues", "receive")]
            if not behind and place and found.normal[phrase.end : phrase.end + 1] in (",", ":"):
                # "the first group received A, and the second group, B"
                said = found.terms_in(Span(sentence.start, phrase.start), "cues", "receive")
                meant = found.terms_in(Span(phrase.end, min(sentence.end, phrase.end + _NEAR)), "interventions")
                behind = [Span(phrase.end, phrase.end + 1)] if said and meant else []
            if not behind:
                continue
            between = Span(phrase.end, behind[0].start)
            known = ("people", "be", "filler", "control-arm", "stop", "clause-verb", "completed")
            rest = found.without(between, found.terms_in(between, "cues", *known))
            if re.search(r"[^\W\d_]{4,}|[.;]", re.sub(r"\([^)]*\)", "", rest)):
                continue
            clause = _CLAUSE_END.search(found.normal, behind[0].end, limit)
            end = clause.start() if clause else limit
            joints = [j.start for j in found.terms_in(Span(behind[0].end, end), "cues", "conjunction") if end == limit]
            part = part_of(found, behind[0].end, joints[-1] if joints and limit != sentence.end else end)
            yield phrase, part if part and part.end - part.start <= _FAR else None


def group_arms(found: Reading, phrases: Sequence[Span]) -> Iterator[list[Part]]:
    """The arms as the text calls its groups: all of them, and those that it names more than once."""
    named = named_groups(found, phrases)
    tested = [name for name in named if name not in ("control", "experimental")]
    if "experimental" in named and len(tested) > ("control" not in named):
        # The intervention group is one of those that have a name of their own, unless there is one group more.
        yield from listed_groups(found, named)
        del named["experimental"]
    yield from listed_groups(found, named)


def named_groups(found: Reading, phrases: Sequence[Span]) -> dict[str, list[Span]]:
    """The groups of a text with the places that name them; two names of which one explains the other are one."""
    named: dict[str, list[Span]] = {}
    other_names: dict[str, str] = {}
    for place, phrase in enumerate(phrases):
        name = name_of(found, phrase)
        if not name:
            continue
        name = other_names.get(name, name)
        behind = phrases[place + 1] if place + 1 < len(phrases) else None
        if behind is not None and in_apposition(found, phrase, behind):
            other_names.setdefault(name_of(found, behind), name)
        named.setdefault(name, []).append(phrase)
    return named


def listed_groups(found: Reading, named: dict[str, list[Span]]) -> Iterator[list[Part]]:
    """All groups, those that are named more than once, and of several the one most often set against the control."""
    every = [min(places, key=lambda p: (not found.terms_in(p, "cues", "group"), p.start)) for places in named.values()]
    spans = every
    labels = [span for span in spans if any(t.start == span.start for t in found.terms_in(span, "cues", "group"))]
    names = [span for span in spans if span not in labels]
    if len(labels) > 1 and len(names) > 1:
        # "group A" and "group B" are the same groups as "the open group" and "the laparoscopic group".
        yield [Part(span.start, span.end, (), None) for span in names]
        yield [Part(span.start, span.end, (), None) for span in labels]
        spans = names
    else:
        yield [Part(span.start, span.end, (), None) for span in spans]
    often = [span for span, places in zip(every, named.values(), strict=True) if len(places) > 1 and span in spans]
    yield [Part(span.start, span.end, (), None) for span in often]
    control = [span for span in spans if found.terms_in(span, "cues", "control-arm", "negation")]
    if len(control) == 1 and len(spans) > 2:
        others = [span for span in often if span not in control]
        if others:
            chosen = max(others, key=lambda span: len(named[name_of(found, span)]))
            yield [Part(span.start, span.end, (), None) for span in (chosen, control[0])]


def name_of(found: Reading, phrase: Span) -> str:
    """What tells a group from others: its role if its name says no more, else the name without the word for a group.

    A label behind that word ("group 1") is kept.
    """
    role = role_of(found, phrase)
    if role is not None:
        return role
    generic = found.terms_in(phrase, "cues", "experimental-arm", "group", "receive", "treatment-head")
    own = words_of(found.without(phrase, generic))
    labelled = any(t.start == phrase.start for t in found.terms_in(phrase, "cues", "group"))
    if own and not labelled and not found.terms_in(phrase, "cues", "control-arm", "negation"):
        # "the X intake group" and "the X treatment group" are one.
        return " ".join(sorted(own))
    if labelled:
        # "groups A", "group A" and "arm A" are one.
        opening = next(t for t in found.terms_in(phrase, "cues", "group") if t.start == phrase.start)
        label = found.normal[opening.end : phrase.end].casefold().strip(" \"'")
        return f"#{label}" if label else ""
    ends = [t for t in found.terms_in(phrase, "cues", "group") if t.end == phrase.end]
    name = found.normal[phrase.start : ends[0].start if ends else phrase.end].casefold().strip(" \"'")
    return re.sub(r"\W+$", "", name)


def against_placebo(found: Reading, phrases: Sequence[Span]) -> Iterator[list[Part]]:
    """What a title tests, with the placebo or sham of the text: "Effect of A on B: a placebo-controlled trial"."""
    controls = [
        t
        for s in found.sentences
        if s.role != "background"
        for t in found.terms_in(s, "cues", "control-arm")
        if not is_plain_word(found, t) and any(t.start == known.start for known in found.terms_in(s, "interventions"))
    ]
    controls.sort(key=lambda term: found.normal[term.end : term.end + 1] == "-")
    titles = [s for s in found.sentences if s.role == "title"]
    names: dict[str, list[Span]] = {}
    for phrase in phrases:
        if role_of(found, phrase) is None and not found.terms_in(phrase, "cues", "control-arm", "negation"):
            names.setdefault(name_of(found, phrase), []).append(phrase)
    if len(names) == 1 and controls:
        group, control = next(iter(names.values()))[0], controls[0]
        yield [Part(group.start, group.end, (), None), Part(control.start, control.end, (), None)]
    for title in titles:
        for cue in found.terms_in(title, "cues", "objective"):
            clause = re.compile(r"[:.]\s").search(found.normal, cue.end, title.end)
            ends = [t.start for t in found.terms_in(Span(cue.end + 3, title.end), "cues", *_AFTER_SIDE)]
            tested = trimmed(found, cue.end, min([*ends, clause.start() if clause else title.end]))
            for control in controls[:1]:
                if tested:
                    second = Part(control.start, control.end, (), None)
                    yield [Part(tested.start, tested.end, (), None), second]
