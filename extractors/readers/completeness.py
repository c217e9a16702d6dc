"""Tells a text that was cut off, which would give half of what its paper says and must not replace the whole."""

from __future__ import annotations

import re

from extractors.documents import Document, UnreadableDocument

# Parts that a paper writes in whole sentences; a registration line or an author list may end in any way.
_PROSE = frozenset({"abstract", "background", "methods", "results", "conclusion", "discussion"})
# What a sentence may end in; a registry id may stand at the end without a full stop, a bare number may not.
_END = re.compile(
    r"(?:[.!?\u3002;:\uff1b\uff1a)\]\uff09\uff3d\u3011\"'\u201d\u2019\uff02\u2026]|[A-Za-z][A-Za-z0-9/-]*\d)\s*$"
)
# What may follow the last sentence without being one: a notice of rights, the explanation of a sign.
_NOTICE = re.compile(r"(?<=[.!?\u3002])\s*(?:\u00a9|[*\u2020\u2021\u2022]\s|\([cC]\)\s(?=(?:19|20)\d\d))[^\n]*\s*$")
_PAIRS = (("(", ")"), ("[", "]"), ("\uff08", "\uff09"), ("\uff3b", "\uff3d"))
_LAST = 400


def require_whole(document: Document) -> Document:
    """Return the document; raises UnreadableDocument if its last part of prose ends in the middle of a sentence."""
    last = max(document.sections, key=lambda section: section.end, default=None)
    if last is not None and last.role in _PROSE:
        text = _NOTICE.sub("", document.text[last.start : last.end])
        if not _END.search(text) or _leaves_open(text[-_LAST:]):
            raise UnreadableDocument(
                "the text ends in the middle of a sentence: it looks cut off; copy the whole paper again"
            )
    return document


def _leaves_open(end: str) -> bool:
    """Whether a bracket that opens in the last sentence is never closed."""
    sentence = re.split(r"[.\u3002]\s+", end)[-1]
    return any(sentence.count(opening) > sentence.count(closing) for opening, closing in _PAIRS)
