"""Marks population, arms, outcomes and their numbers in the abstract, as the trained span model sees them."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.language import Language as SpacyLanguage
from spacy.tokens import Doc, SpanGroup

from extractors.documents import Section
from extractors.pico_model import PicoSpan, pico_model
from extractors.reading import Labelled, Reading, reading, token_span

# The model learned from titles and abstracts; what else a section says is read by rules alone.
ROLES = frozenset({"title", "abstract", "background", "methods", "results", "conclusion"})
GROUP = "pico"


class SpanMarker:
    """Fills ``doc.spans["pico"]``: spans of whole tokens, their kind as label, confidences in the group's attributes.

    The same spans with their exact offsets go to ``reading.labelled``. Nothing is loaded before the first text.
    """

    def __init__(self, threads: int) -> None:
        self.threads = threads

    def __call__(self, doc: Doc) -> Doc:
        """Mark the abstract, if the reading may use trained models."""
        found = reading(doc)
        if found.models:
            found.labelled = list(self.find(found))
        spans = [token_span(doc, span, span.kind) for span in found.labelled]
        confidences = [span.confidence for span in found.labelled]
        doc.spans[GROUP] = SpanGroup(doc, name=GROUP, spans=spans, attrs={"confidence": confidences})
        return doc

    def find(self, found: Reading) -> Iterator[Labelled]:
        """The spans of title and abstract, read as one text; of a text without an abstract all its parts."""
        parts = [s for s in found.sections if s.role in ROLES and s.in_abstract]
        parts = parts or [s for s in found.sections if s.role in ROLES]
        text = " ".join(found.document.text[part.start : part.end] for part in parts)
        for span in pico_model(self.threads).spans(text):
            yield from _placed(span, parts)


def _placed(span: PicoSpan, parts: list[Section]) -> Iterator[Labelled]:
    """The span with its offsets in the document, or nothing if it runs from one part into the next."""
    begin = 0
    for part in parts:
        end = begin + part.end - part.start
        if begin <= span.start and span.end <= end:
            shift = part.start - begin
            yield Labelled(span.start + shift, span.end + shift, span.kind, span.confidence)
        begin = end + 1


@SpacyLanguage.factory("evidence_spans", default_config={"threads": 1})
def create_spans(nlp: SpacyLanguage, name: str, threads: int) -> SpanMarker:
    """The component that marks the spans of the trained model, on so many cores (0: all)."""
    return SpanMarker(threads)
