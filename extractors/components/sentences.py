"""Takes over the document's sections in the pipeline's language and cuts them into sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.language import Language as SpacyLanguage
from spacy.tokens import Doc

from extractors.documents import Section
from extractors.reading import Sentence, reading

# Roles whose sentences may state facts of this trial; a discussion speaks of other trials, references of others' work.
READ_ROLES = frozenset({"title", "abstract", "background", "methods", "results", "conclusion", "registration"})
# A full stop ends a sentence when something that can open one follows; not after an initial or a short form.
# Each way begins with a sign of one small set, which is quickly found.
_END = re.compile(
    r"[\u3002!?.\n](?:"
    r"(?<=[\u3002!?])[\u3002!?]*[\"')\]]*"
    r"|(?<=\.)(?:(?=[\"')\]]*\s+[\"'(\[]*[A-Z0-9{HAN}])[\"')\]]*"
    r"|(?=[\u4e00-\u9fff])"
    # A Chinese journal may print the stop of the Latin script, without a space, before a letter or a number.
    r"|(?<=[\u4e00-\u9fff)\]]\.)(?=[A-Za-z0-9]))"
    r"|(?<=\n)\s*\n)"
)
_SHORT_FORM = re.compile(
    r"(?:(?:^|[.,]\s?)[A-Z]|[=<>]\s?|(?<![\d.])0|\b(?:vs|v|e\.g|i\.e|cf|al|Fig|No|no|Dr|Prof|St|approx|ca|resp|Inc|Ltd|i|mo|yr|wk|d|h|Eq|C\.I|p|P))$"
)


def sentences_of(normal: str, section: Section) -> Iterator[Sentence]:
    """The sentences of one section of a normalised text, without surrounding white space."""
    start = section.start
    for match in _END.finditer(normal, section.start, section.end):
        before = normal[max(start, match.start() - 12) : match.start()]
        if match.group().startswith(".") and _SHORT_FORM.search(before):
            continue
        end = match.end()
        if '"' in match.group() and normal.count('"', start, match.start()) % 2 == 0:
            # The quotation marks behind a stop open the next sentence.
            end = match.start() + match.group().index('"')
        yield from _trimmed(normal, start, end, section)
        start = end
    yield from _trimmed(normal, start, section.end, section)


def _trimmed(normal: str, start: int, end: int, section: Section) -> Iterator[Sentence]:
    piece = normal[start:end].lstrip()
    if piece:
        start = end - len(piece)
        yield Sentence(start, start + len(piece.rstrip()), section.id, section.role)


class SentenceSplitter:
    """Fills ``reading.sections`` and ``reading.sentences``."""

    def __call__(self, doc: Doc) -> Doc:
        """Keep the sections in the reading's language that may state facts, and cut them."""
        found = reading(doc)
        found.sections = [
            section
            for section in found.document.sections
            if section.language == found.language and section.role in READ_ROLES
        ]
        found.sentences = [sentence for section in found.sections for sentence in sentences_of(found.normal, section)]
        return doc


@SpacyLanguage.factory("evidence_sentences")
def create_sentences(nlp: SpacyLanguage, name: str) -> SentenceSplitter:
    """The component that finds the sentences."""
    return SentenceSplitter()
