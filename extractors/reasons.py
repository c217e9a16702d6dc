"""Why a finding may be trusted or not: what was seen while it was read, as a short tuple of names.

The names are those of the calibrated table (see ``extractors.confidence``). A reason is kept here only if it makes
predictions for unseen documents better; docs/evaluation.md describes how that is measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.reading import Linked, Reading, Span

_CLAUSE_END = re.compile(r"[,;:](?!\d)")


def of_result(found: Reading, link: Linked) -> tuple[str, ...]:
    """The reasons of a number or a comparison in words: how its endpoint and arms were found."""
    return (
        _endpoint(found, link),
        f"arms {link.way}",
        *_endpoint_itself(found, link),
        *_arms(found, link),
        *_number(link),
    )


def _endpoint(found: Reading, link: Linked) -> str:
    span = link.endpoint_span
    if span is None:
        return "endpoint carried over"
    if not link.sentence.contains(span):
        return "endpoint of another sentence"
    anchor = link.quantity or link.direction_span or link.sentence
    if span.start >= anchor.start:
        return "endpoint behind"
    gap = Span(span.end, anchor.start)
    between = sum(gap.contains(quantity) for quantity in found.quantities if quantity.kind != "size")
    if between:
        return "endpoint one number before" if between == 1 else "endpoint several numbers before"
    parted = _CLAUSE_END.search(found.normal, gap.start, gap.end)
    return "endpoint in another clause" if parted else "endpoint in clause"


def _endpoint_itself(found: Reading, link: Linked) -> Iterator[str]:
    draft = found.endpoints[link.endpoint]
    if draft.concept is not None:
        yield "endpoint in lexicon"
    if draft.role_span is not None:
        yield "endpoint declared"
    if sum(mention.index == link.endpoint for mention in found.endpoint_mentions) > 1:
        yield "endpoint named again"
    if len({mention.index for mention in found.endpoint_mentions if link.sentence.contains(mention)}) > 1:
        yield "several endpoints"


def _arms(found: Reading, link: Linked) -> Iterator[str]:
    if len(found.arms) > 2:
        yield "more than two arms"
    if not link.arms:
        yield "no arms"
    if link.quantity is not None and not link.quantity.contrast:
        alike = [
            other.arms[0]
            for other in found.results
            if other.sentence == link.sentence and other.endpoint == link.endpoint and len(other.arms) == 1
        ]
        if len(set(alike)) == len(found.arms):
            yield "a value for every arm"
    if link.arms and link.way in ("estimate", "worded"):
        yield ("no arm named", "one arm named", "both arms named")[min(len(link.arm_spans), 2)]


def _number(link: Linked) -> Iterator[str]:
    if link.sentence.role != "results":
        yield "no heading"
    if link.p is not None:
        yield "p"
    if link.direction == "no difference":
        yield "no difference"
    if link.quantity is not None:
        yield "estimate" if link.quantity.contrast else "arm value"
        if link.quantity.governor is not None:
            yield "measure printed"
        if link.quantity.interval is not None:
            yield "interval"


def of_arm(found: Reading, index: int) -> tuple[str, ...]:
    """The reasons of an arm: its role, how often it is named, whether its size is printed."""
    draft = found.arms[index]
    reasons: list[str] = [draft.role, found.language]
    if draft.size is not None:
        reasons.append("sized")
    if sum(mention.index == index for mention in found.arm_mentions) > 1:
        reasons.append("named again")
    if len(found.arms) > 2:
        reasons.append("more than two arms")
    if any(name.concept for name in draft.names):
        reasons.append("in lexicon")
    return tuple(reasons)


def of_endpoint(found: Reading, index: int) -> tuple[str, ...]:
    """The reasons of an endpoint: whether it is declared, in the lexicon, named again, and has results."""
    draft = found.endpoints[index]
    reasons: list[str] = [found.language]
    if draft.role_span is not None:
        reasons.append(f"declared {draft.role}")
    if draft.concept is not None:
        reasons.append("in lexicon")
    if sum(mention.index == index for mention in found.endpoint_mentions) > 1:
        reasons.append("named again")
    linked = [link for link in found.results if link.endpoint == index]
    if any(link.quantity is not None for link in linked):
        reasons.append("with numbers")
    elif linked:
        reasons.append("with words only")
    return tuple(reasons)
