"""The parts of findings that go into checks, as printed and with their evidence."""

from __future__ import annotations

from extractors.findings import Arm, ArmResult, Contrast, Evidence, Interval, PValue, Statement
from kg.audit.checks import Input

Result = Contrast | ArmResult | Statement

_KINDS = ((Contrast, "contrast"), (ArmResult, "arm-result"), (Statement, "statement"))


def inputs_of(result: Result, *parts: str) -> tuple[Input, ...]:
    """The named parts of a result that are printed: value, interval, p, direction."""
    texts = {
        "value": "" if isinstance(result, Statement) else result.value.text,
        "interval": "" if isinstance(result, Statement) else interval_text(result.interval),
        "p": "" if isinstance(result, ArmResult) else p_text(result.p),
        "direction": result.direction if isinstance(result, Statement) else "",
    }
    kind = next(name for type_, name in _KINDS if isinstance(result, type_))
    return tuple(
        Input(part, texts[part], (*supporting(result.evidence, part), *_sentences(result)), (kind, result.key))
        for part in parts
        if texts[part]
    )


def _sentences(result: Result) -> tuple[Evidence, ...]:
    return tuple(piece for piece in result.evidence if piece.supports == "text")


def size_of(arm: Arm) -> Input:
    """The number of people of an arm; it must have one."""
    text = "" if arm.size is None else arm.size.text
    return Input("size", text, supporting(arm.evidence, "size"), ("arm", arm.key))


def supporting(evidence: tuple[Evidence, ...], part: str) -> tuple[Evidence, ...]:
    """The evidence of the part, or all of it where none is marked for the part."""
    return tuple(piece for piece in evidence if piece.supports == part) or evidence


def interval_text(interval: Interval | None) -> str:
    """The interval as its level and bounds: "90%: 0.69–1.07"; empty for no interval."""
    if interval is None:
        return ""
    low, high = ("NE" if bound is None else bound.text for bound in (interval.low, interval.high))
    level = "" if interval.level is None else f"{interval.level.text}%: "
    return f"{level}{low}–{high}"


def p_text(p: PValue | None) -> str:
    """The p-value with its sign: "= 0.13"; empty for none."""
    return "" if p is None else f"{p.operator} {p.value.text}"
