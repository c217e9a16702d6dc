"""Reads folders of gold facts and tells the documents used while building from those set aside."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.documents import Language
from kg.evaluation.problems import EvaluationProblem

LANGUAGES: tuple[Language, ...] = ("en", "zh")
# Of the folder dev/, the documents whose names have the smallest digests are set aside.
SET_ASIDE = 15


class NoGoldFacts(EvaluationProblem):
    """A folder that holds no gold facts."""


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A text of one language with the facts that people wrote down from it; names are those of the language."""

    name: str
    language: Language
    text: Path
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """Documents that are scored together: a name for programs, one for people, and the documents."""

    name: str
    title: str
    documents: tuple[GoldDocument, ...]

    def of(self, language: Language) -> tuple[GoldDocument, ...]:
        """The documents of one language."""
        return tuple(document for document in self.documents if document.language == language)


def parts(gold: Path) -> tuple[Part, ...]:
    """The parts of a folder of gold facts: those of its folders seed/, dev/ and dev_zh/, or all of a plain folder.

    Raises ``NoGoldFacts`` for a folder without any.
    """
    found = tuple(part for part in _parts(gold) if part.documents)
    if not found:
        raise NoGoldFacts(f"{gold}: no gold facts here; give a folder whose folders hold gold.json and a text")
    return found


def _parts(gold: Path) -> Iterator[Part]:
    if not (gold / "dev").is_dir():
        name = gold.resolve().name
        yield Part(name, name, documents(sorted(_folders(gold))))
        return
    dev, printed = sorted(_folders(gold / "dev")), sorted(_folders(gold / "dev_zh"))
    aside = set_aside(dev)
    yield Part("record", "seed record", documents([gold / "seed" / "record"]))
    yield Part("article", "seed article", documents([gold / "seed" / "article"]))
    yield Part("building", "used while building", documents([item for item in dev if item not in aside]))
    yield Part("aside", "set aside", documents(sorted(aside)))
    yield Part("printed", "printed in Chinese", documents(printed))
    yield Part("all", "all abstracts", documents([*dev, *printed]))


def set_aside(folders: list[Path]) -> frozenset[Path]:
    """The documents that nobody looks at while building, chosen by the SHA-256 digests of their names."""
    ordered = sorted(folders, key=lambda folder: hashlib.sha256(folder.name.encode()).hexdigest())
    return frozenset(ordered[:SET_ASIDE])


def _folders(parent: Path) -> Iterator[Path]:
    if parent.is_dir():
        yield from (folder for folder in parent.iterdir() if (folder / "gold.json").is_file())


def documents(folders: list[Path]) -> tuple[GoldDocument, ...]:
    """The documents of the folders, one for each language that a folder has both a text and facts of."""
    found = []
    for folder in folders:
        if not (folder / "gold.json").is_file():
            continue
        facts = json.loads((folder / "gold.json").read_text("utf-8"))
        for language in LANGUAGES:
            text = text_of(folder, language)
            if text is not None and language in facts.get("languages", LANGUAGES):
                found.append(GoldDocument(folder.name, language, text, in_language(facts, language)))
    return tuple(found)


def text_of(folder: Path, language: Language) -> Path | None:
    """The text of a document in a language, if there is one; text.txt and article.nxml may hold several."""
    for name in (f"{language}.txt", "text.txt", "article.nxml"):
        if (folder / name).is_file():
            return folder / name
    return None


def in_language(facts: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """The gold facts with the names of one language in place of those of all."""
    found = copy.deepcopy(dict(facts))
    for item in (*found["arms"], *found["endpoints"]):
        item["names"] = item["names"].get(language) or []
    condition = found["population"].get("condition") or {}
    found["population"]["condition"] = condition.get(language) or []
    return found
