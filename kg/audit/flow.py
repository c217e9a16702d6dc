"""The flow of people: those who came, left and stayed, from stage to stage, and the arms against all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from extractors.article_findings import FlowCount
from kg.audit.checks import Check, Input, Outcome, check
from kg.audit.inputs import supporting
from kg.audit.ranges import Range
from ontology import by_name

# Counts of one stage stand this near to each other, in characters; further apart they may be of other times.
_NEAR: Final = 400
# The share of people by which a sum may be wrong: by more, and a count was not read.
_FEW: Final = Decimal("0.1")
# Stages whose counts of the arms make up that of all people. People may be lost at several times, and analysed in
# several ways: the stages after them are named once.
_OF_ARMS: Final = ("received", "completed", "lost", "discontinued", "analysed")
# Those who leave at a stage, and those who stay.
_LEAVING: Final = ("lost", "discontinued")


def flow_checks(counts: Iterable[FlowCount], arms: int) -> Iterator[Check]:
    """The checks of the counts that the report's text and figures print; ``arms`` is the number of arms."""
    stages: dict[str, list[FlowCount]] = {}
    for count in counts:
        stages.setdefault(count.stage, []).append(count)
    for stage in _OF_ARMS:
        whole = [count for count in stages.get(stage, ()) if count.arm is None]
        parts = [count for count in stages.get(stage, ()) if count.arm is not None]
        if len(whole) == 1 and len(parts) == arms >= 2 and not _are_all(parts, stages):
            yield from _sum(parts, whole[0], stage, arms_only=True)
    yield from _balance(stages, None)
    for arm in dict.fromkeys(count.arm for count in stages.get("allocated", ())):
        if arm is not None:
            yield from _balance(stages, arm)


def _balance(stages: dict[str, list[FlowCount]], arm: str | None) -> Iterator[Check]:
    """Those screened are the excluded and the randomised; those who began are the ones who left and completed."""
    one = {stage: [count for count in found if count.arm == arm] for stage, found in stages.items()}
    randomised = one.get("randomised" if arm is None else "allocated", [])
    screened, excluded = one.get("screened", []), one.get("excluded", [])
    if len(screened) == len(excluded) == len(randomised) == 1:
        yield from _sum([*excluded, *randomised], screened[0], "screened", arms_only=False)
    left = [count for stage in _LEAVING for count in one.get(stage, [])]
    completed = one.get("completed", [])
    if len(left) == len(completed) == len(randomised) == 1:
        yield from _sum([*completed, *left], randomised[0], "completed", arms_only=False)


def _are_all(parts: Sequence[FlowCount], stages: dict[str, list[FlowCount]]) -> bool:
    """Whether the arms' counts make up those randomised: then they are the sizes of the arms, read once more."""
    total = sum(count.number.value for count in parts)
    return any(count.number.value == total for count in stages.get("randomised", ()) if count.arm is None)


def _sum(parts: Sequence[FlowCount], whole: FlowCount, stage: str, *, arms_only: bool) -> Iterator[Check]:
    outcome = adds_up([count.number.value for count in parts], whole.number.value, others=not arms_only)
    near = _close((*parts, whole)) if arms_only else _in_one_sentence((*parts, whole))
    if outcome.verdict == "inconsistent" and not near:
        outcome = Outcome("cannot tell", outcome.computed)
    total = sum(count.number.value for count in parts)
    yield check(
        "flow-adds-up",
        outcome,
        tuple(map(_input, (*parts, whole))),
        parts=" + ".join(count.number.text for count in parts),
        sum=str(total),
        whole=whole.number.text,
        stage=by_name("articles", f"stage-{stage}").preferred,
    )


def adds_up(parts: Sequence[Decimal], whole: Decimal, *, others: bool) -> Outcome:
    """Whether counts of people make up the whole; a great difference means that a part was not read, and tells nothing.

    ``others`` says that people may have left for other reasons than those named: then only more people than there
    are contradict.
    """
    total = sum(parts, Decimal(0))
    computed = Range(float(total), float(total))
    if total == whole:
        return Outcome("consistent", computed)
    few = abs(total - whole) <= max(whole * _FEW, Decimal(1))
    return Outcome("inconsistent" if few and (total > whole or not others) else "cannot tell", computed)


def _close(counts: Sequence[FlowCount]) -> bool:
    """Whether all counts stand in one passage."""
    places = [[(e.section, e.start) for e in count.evidence if e.supports == "value"] for count in counts]
    first = places[0]
    return any(
        all(any(s == section and abs(at - start) <= _NEAR for s, at in other) for other in places[1:])
        for section, start in first
    )


def _in_one_sentence(counts: Sequence[FlowCount]) -> bool:
    """Whether one sentence prints all counts: others may be of people at other times."""
    sentences = [{(e.section, e.start, e.end) for e in count.evidence if e.supports == "text"} for count in counts]
    return bool(set.intersection(*sentences))


def _input(count: FlowCount) -> Input:
    return Input("size", count.number.text, supporting(count.evidence, "value"), ("flow", count.key))
