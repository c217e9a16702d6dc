"""Makes the evidence of a finding from a span of the text."""

from __future__ import annotations

from importlib.metadata import version

from extractors.confidence import Assessment
from extractors.findings import Evidence
from extractors.reading import Reading, Span

VERSION = version("evidence-kg")


def evidence(found: Reading, span: Span, supports: str, component: str, sure: Assessment) -> Evidence:
    """The evidence that the span of the text gives for one part of a finding of which the component is so sure."""
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
        confidence=sure.confidence,
        reasons=sure.reasons,
    )
