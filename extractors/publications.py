"""What kind of publication a paper is, as its database or its title says."""

from __future__ import annotations

import re

import ontology
from extractors.documents import Document

# Publishers put it before the title of a paper that was taken back: "RETRACTED: ...", with brackets of any kind.
_BEFORE_TITLE = re.compile(
    r"[\[\u3010(\uff08]?\s*(?P<word>[^:\uff1a\]\u3011)\uff09]{2,30}?)\s*[:\uff1a\]\u3011)\uff09]"
)


def kinds_of(document: Document) -> frozenset[str]:
    """The names of the concepts of the scheme ``publications`` that apply; none where nothing is said."""
    kinds = {_kind(printed, "en") for printed in document.metadata.publication_types}
    for language, title in document.metadata.titles:
        found = _BEFORE_TITLE.match(title)
        if found is not None and _kind(found["word"], language) == "retracted":
            kinds.add("retracted")
    return frozenset(kind for kind in kinds if kind is not None)


def _kind(printed: str, language: str) -> str | None:
    iri = ontology.forms("publications", language).get(printed.casefold())
    return None if iri is None else iri.rsplit("/", 1)[1]
