"""Reads every document of the gold facts as it would be read for the graph, and scores what was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.documents import Language, UnreadableDocument
from extractors.facts_json import to_gold
from extractors.pipelines import extract
from extractors.readers import read
from kg.evaluation.figures import Figures, figures
from kg.evaluation.gold import LANGUAGES, GoldDocument, Part, parts
from kg.evaluation.scoring import Score, score


@dataclass(frozen=True, slots=True)
class Judged:
    """A document with the facts read of it and their score; no facts where it could not be read."""

    document: GoldDocument
    facts: Mapping[str, Any]
    score: Score


@dataclass(frozen=True, slots=True)
class PartResult:
    """What came of one part of the gold facts in one language."""

    part: Part
    language: Language
    judged: tuple[Judged, ...]
    figures: Figures


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came of all parts, in their order."""

    results: tuple[PartResult, ...]

    def of(self, part: str, language: str) -> PartResult | None:
        """The result of a part in a language, if it has documents in it."""
        return next((r for r in self.results if (r.part.name, r.language) == (part, language)), None)

    def plain(self) -> list[dict[str, Any]]:
        """One JSON object for each part and language."""
        return [
            {
                "part": result.part.name,
                "lang": result.language,
                **result.figures.plain(),
                "absent": [item.document.name for item in result.judged if not item.facts],
            }
            for result in self.results
        ]


def evaluate(gold: Path) -> Evaluation:
    """Read and score all documents below a folder of gold facts; each text is read once.

    Raises ``NoGoldFacts`` for a folder without any.
    """
    found = parts(gold)
    texts = dict.fromkeys(document.text for part in found for document in part.documents)
    facts = {text: facts_of(text) for text in texts}
    results = []
    for part in found:
        for language in LANGUAGES:
            documents = part.of(language)
            if documents:
                judged = tuple(judge(document, facts[document.text]) for document in documents)
                results.append(PartResult(part, language, judged, figures([item.score for item in judged])))
    return Evaluation(tuple(results))


def facts_of(text: Path) -> list[dict[str, Any]]:
    """The facts of a file, one object for each of its languages; none of a file that is refused."""
    try:
        document = read(text)
        found = extract(document)
    except UnreadableDocument:
        return []
    return [{**to_gold(document, item), "source": str(text)} for item in found]


def judge(document: GoldDocument, facts: Sequence[Mapping[str, Any]]) -> Judged:
    """The document with those of the facts that are of its language, scored."""
    own = next((item for item in facts if item["language"] == document.language), {})
    return Judged(document, own, score(document.facts, own, document.language))
