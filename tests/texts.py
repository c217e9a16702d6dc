"""Small documents made by hand, for tests of the reading components."""

from __future__ import annotations

from extractors.documents import Document, Language, Section
from extractors.pipelines import read_language
from extractors.reading import Reading


def document(language: Language = "en", **parts: str) -> Document:
    """A record whose sections have the given roles and texts, in the order given."""
    text, sections = "", []
    for role, part in parts.items():
        start = len(text)
        text += part
        sections.append(Section(f"s{len(sections)}", role, language, start, len(text), in_abstract=True))
        text += "\n"
    return Document(id="text-test-record", source="test.txt", kind="record", text=text, sections=tuple(sections))


def read(language: Language = "en", **parts: str) -> Reading:
    """What the pipeline of the language reads of such a document."""
    return read_language(document(language, **parts), language)
