"""Learns what numbers measure from gold facts: values of arms by kind, differences between arms, no results.

    python -m kg.evaluation.measure_training MODEL SHARED [FOLDER ...]

SHARED holds gold/, of which only the documents used while building are taken. Each further FOLDER is a plain folder of
gold documents, and taken whole. A number may be whatever the facts with its value say; where more numbers of a text
have the value than facts, it may also be no result. Takes about two minutes on one core.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from extractors.components.measuring import DIFFERENCES, NO_RESULT, RATIO, VALUES, Measures
from extractors.components.scene import Scene
from extractors.components.zones import result_sentences
from extractors.pipelines import read_language
from extractors.placement import Label, relations
from extractors.reading import Quantity, Reading
from kg.evaluation.gold import GoldDocument, parts
from kg.evaluation.placement_examples import Example, gold_texts, is_of
from kg.evaluation.placement_training import learned

_PARTS = ("building", "record")
# How strongly weights are held near zero, and how often a feature must be seen.
_RIDGE, _SEEN = 1.0, 3


def examples(shared: Path, further: Sequence[Path]) -> Iterator[Example]:
    """One example for each number of the result sentences of the sources."""
    found = {part.name: part for part in parts(shared / "gold")}
    for name in _PARTS:
        yield from of_gold(found[name].documents)
    for folder in further:
        for part in parts(folder):
            yield from of_gold(part.documents)


def of_gold(documents: Sequence[GoldDocument]) -> Iterator[Example]:
    """The examples of gold facts; a document without results teaches nothing."""
    for item, document in gold_texts([item for item in documents if item.facts["results"]]):
        found = read_language(document, item.language)
        yield from _examples(item.name, found, [r for r in item.facts["results"] if r["kind"] != "statement"])


def _examples(name: str, found: Reading, results: Sequence[dict[str, Any]]) -> Iterator[Example]:
    sentences = result_sentences(found)
    numbers = [[q for q in found.quantities if s.contains(q)] for s in sentences]
    printed = [q.number.value for listed in numbers for q in listed]
    for sentence, listed in zip(sentences, numbers, strict=True):
        seen = Measures(Scene(found, sentence, None), listed)
        for place, quantity in enumerate(listed):
            own = tuple(frozenset(seen.own(place, label)) for label in seen.labels)
            kinds = tuple(map(tuple, relations(seen)))
            right = _right(quantity, results, printed.count(quantity.number.value))
            yield Example(name, tuple(seen.labels), (own,), kinds, (frozenset(),), (right,))


def _right(quantity: Quantity, results: Sequence[dict[str, Any]], often: int) -> frozenset[Label]:
    """What a number may measure that stands in the text so often."""
    same = [result for result in results if is_of(result, quantity)]
    return frozenset({*map(label_of, same), *([NO_RESULT] if often > len(same) else [])})


def label_of(result: dict[str, Any]) -> Label:
    """What a fact says that its number measures."""
    if result["kind"] == "arm":
        return str(result["measure"]) if result["measure"] in VALUES else "other"
    return str(result["measure"]) if result["measure"] in DIFFERENCES else RATIO


def main() -> None:
    """Read the sources, learn, write the weights."""
    target, shared, *further = map(Path, sys.argv[1:])
    found = list(examples(shared, further))
    weights = learned(found, ridge=_RIDGE, seen=_SEEN)
    target.write_text(json.dumps(weights, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    documents = len({example.document for example in found})
    sys.stderr.write(f"{target}: {len(weights)} weights from {len(found)} numbers of {documents} documents\n")


if __name__ == "__main__":
    main()
