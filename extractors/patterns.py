"""Patterns made of the forms of concepts, for what is searched without the pipeline."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import ontology
from extractors.normal import normalise

_HAN: Final = re.compile("[\u3400-\u9fff]")


@cache
def words(scheme: str, *names: str) -> str:
    """A pattern for any form of the concepts, in both languages, the longest first; English forms are whole words."""
    forms = {
        form
        for name in names
        for concept in (ontology.by_name(scheme, name),)
        for language in ontology.LANGUAGES
        for form in (
            concept.preferred[language],
            *concept.alternatives.get(language, ()),
            *concept.hidden.get(language, ()),
        )
    }
    codes = {code for name in names for code in ontology.by_name(scheme, name).notations}
    ordered = sorted((normalise(form) for form in forms | codes), key=lambda form: (-len(form), form))
    return "(?:" + "|".join(map(_whole, ordered)) + ")"


def _whole(form: str) -> str:
    pattern = re.escape(form)
    return pattern if _HAN.search(form) else rf"(?<![A-Za-z]){pattern}(?![A-Za-z])"
