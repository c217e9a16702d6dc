"""The sentences of an article's body, section by section."""

from __future__ import annotations

from collections.abc import Iterator

from extractors.components.sentences import sentences_of
from extractors.documents import Section
from extractors.reading import Reading, Sentence


def by_section(found: Reading, roles: frozenset[str]) -> Iterator[tuple[Section, list[Sentence]]]:
    """The sections of the body with these roles in the reading's language, each with its sentences."""
    for section in found.document.sections:
        if section.role in roles and section.language == found.language and not section.in_abstract:
            yield section, list(sentences_of(found.normal, section))
