"""Makes the evidence of a finding from a span of the text."""

from __future__ import annotations

from decimal import Decimal
from importlib.metadata import version

from extractors.findings import Evidence
from extractors.reading import Reading, Span

VERSION = version("evidence-kg")


def evidence(
    found: Reading, span: Span, supports: str, component: str, confidence: Decimal = Decimal("0.95")
) -> Evidence:
    """The evidence that the span of the text gives for one part of a finding."""
    section = next(s for s in found.document.sections if s.start <= span.start < s.end)
    return Evidence(
        section=section.id,
        start=span.start,
        end=span.end,
        quote=found.document.text[span.start : span.end],
        language=found.language,
        supports=supports,
        component=component,
        version=VERSION,
        confidence=confidence,
    )
