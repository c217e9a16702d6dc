"""The tokenizer of both pipelines: whole Latin words, whole numbers, single Han characters, single signs."""

from __future__ import annotations

import re
from collections.abc import Callable

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from extractors.normal import normalise, word_form

_TOKEN = re.compile(
    r"\s+"
    r"|\d+(?:[.,]\d+)*"
    # A word set against a decimal number without a space between them: "CI0.69", "HR2.3".
    r"|[A-Za-z\u00c0-\u024f\u0370-\u03ff]+(?=\d+\.\d)"
    r"|[A-Za-z\u00c0-\u024f\u0370-\u03ff][A-Za-z0-9\u00c0-\u024f\u0370-\u03ff]*"
    r"|.",
    re.DOTALL,
)


class EvidenceTokenizer:
    """Splits a text so that an acronym never matches inside a word and a number is one token.

    ``token.norm_`` holds the form under which the lexicon is matched (see ``normal.word_form``).
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """The tokens of the text; ``doc.text == text`` always holds."""
        words: list[str] = []
        spaces: list[bool] = []
        for match in _TOKEN.finditer(normalise(text)):
            piece = text[match.start() : match.end()]
            if piece == " " and words and not spaces[-1]:
                spaces[-1] = True
            else:
                words.append(piece)
                spaces.append(False)
        doc = Doc(self.vocab, words=words, spaces=spaces)
        for token in doc:
            token.norm_ = word_form(token.text)
        return doc

    def to_bytes(self, **_: object) -> bytes:
        """Nothing: the tokenizer has no state of its own."""
        return b""

    def from_bytes(self, _data: bytes, **_: object) -> EvidenceTokenizer:
        """Itself: the tokenizer has no state of its own."""
        return self


@registry.tokenizers("evidence_tokenizer.v1")  # type: ignore[untyped-decorator]
def create_tokenizer() -> Callable[[Language], EvidenceTokenizer]:
    """The tokenizer factory that the pipeline configurations name."""

    def create(nlp: Language) -> EvidenceTokenizer:
        return EvidenceTokenizer(nlp.vocab)

    return create
