"""Parts of patterns for the words around a paper's text, which are labels of the scheme ``layout`` in ontology/."""

from __future__ import annotations

import re

import ontology
from extractors.documents import Language


def labels(name: str, *languages: Language) -> tuple[str, ...]:
    """Return a concept's labels, hidden ones too, the longest first; in both languages unless some are named.

    Raises UnknownConcept.
    """
    found = ontology.by_name("layout", name)
    wanted = languages or ("en", "zh")
    every = {
        label
        for language in wanted
        for label in (
            found.preferred[language],
            *found.alternatives.get(language, ()),
            *found.hidden.get(language, ()),
        )
    }
    return tuple(sorted(every, key=lambda label: (-len(label), label)))


def alternation(name: str, *languages: Language) -> str:
    """Return a group that matches any of the concept's labels; raises UnknownConcept."""
    return f"(?:{'|'.join(map(re.escape, labels(name, *languages)))})"


def whole_words(name: str) -> str:
    """Return a group that matches the concept's labels, English ones only as whole words; raises UnknownConcept.

    Chinese sets no blanks between its words, so a Chinese label matches anywhere.
    """
    return rf"(?:\b{alternation(name, 'en')}\b|{alternation(name, 'zh')})"
