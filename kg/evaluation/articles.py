"""How much of the parts of whole articles is read: eligibility, flow and references against gold facts.

``python -m kg.evaluation.articles FOLDER`` prints the figures of each document of a folder and of all together. A
document is a folder with the article and ``gold.json``, with ``eligibility``, ``flow`` and ``references``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from extractors import facts_json, readers
from extractors.normal import words_of
from extractors.pipelines import NotATrial, extract

# The share of words that two wordings of one condition have in common (F1); both are the text's own words, so that
# less than this is another condition or one that was cut elsewhere.
_SAME: Final = 0.5
_STAGES: Final = ("screened", "enrolled", "randomised")
_OF_ARMS: Final = ("allocated", "received", "lost", "analysed")


@dataclass(frozen=True, slots=True)
class ArticleFigures:
    """Counts of one article or of several together: in the gold facts, read, and read rightly."""

    criteria: int = 0
    criteria_read: int = 0
    criteria_right: int = 0
    flow: int = 0
    flow_read: int = 0
    flow_right: int = 0
    references: int = 0
    references_right: int = 0

    def __add__(self, other: ArticleFigures) -> ArticleFigures:
        """The counts of both."""
        return ArticleFigures(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def figures(gold: Mapping[str, Any], read: Mapping[str, Any]) -> ArticleFigures:
    """What of an article's gold facts the JSON of ``kg extract`` holds."""
    right = [_same(gold["eligibility"][kind], read["eligibility"][kind]) for kind in ("inclusion", "exclusion")]
    wanted, found = set(_flow(gold, read)), set(_flow(read, read))
    return ArticleFigures(
        criteria=sum(len(gold["eligibility"][kind]) for kind in ("inclusion", "exclusion")),
        criteria_read=sum(len(read["eligibility"][kind]) for kind in ("inclusion", "exclusion")),
        criteria_right=sum(right),
        flow=len(wanted),
        flow_read=len(found),
        flow_right=len(wanted & found),
        references=1,
        references_right=int(gold["references"] == read["references"]),
    )


def _same(gold: Sequence[str], read: Sequence[str]) -> int:
    """How many conditions of the gold facts have a partner among those read, each used once, the most alike first."""
    pairs = sorted(((-_likeness(one, other), i, j) for i, one in enumerate(gold) for j, other in enumerate(read)))
    left, right = set[int](), set[int]()
    for likeness, i, j in pairs:
        if -likeness >= _SAME and i not in left and j not in right:
            left.add(i)
            right.add(j)
    return len(left)


def _likeness(one: str, other: str) -> float:
    first, second = words_of(one), words_of(other)
    return 2 * len(first & second) / max(1, len(first) + len(second))


def _flow(facts: Mapping[str, Any], read: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
    """The numbers of the flow as (stage, arm, number); arms are named by the id that they have in what was read."""
    flow = facts["flow"]
    for stage in _STAGES:
        if flow.get(stage) is not None:
            yield stage, "", flow[stage]
    for arm, numbers in flow["arms"].items():
        name = arm if facts is read else _arm(facts, arm, read)
        for stage in _OF_ARMS:
            if numbers.get(stage) is not None:
                yield stage, name, numbers[stage]


def _arm(gold: Mapping[str, Any], arm: str, read: Mapping[str, Any]) -> str:
    """The id that an arm of the gold facts has in what was read, by a name that both give."""
    names = next((_names(one["names"]) for one in gold["arms"] if one["id"] == arm), set())
    return next((one["id"] for one in read["arms"] if names & _names(one["names"])), f"gold {arm}")


def _names(names: Any) -> set[str]:
    listed = [name for group in names.values() for name in group] if isinstance(names, dict) else names
    return {name.casefold() for name in listed}


def measured(folder: Path) -> Iterator[tuple[str, ArticleFigures]]:
    """The figures of each document of a folder, by name."""
    for path in sorted(folder.glob("*/gold.json")):
        gold = json.loads(path.read_text("utf-8"))
        article = next(file for file in sorted(path.parent.iterdir()) if file.name != path.name)
        document = readers.read(article)
        try:
            read = facts_json.to_gold(document, extract(document)[0])
        except NotATrial:
            read = {
                "eligibility": {"inclusion": [], "exclusion": []},
                "flow": {"arms": {}},
                "references": [],
                "arms": [],
            }
        yield path.parent.name, figures(gold, read)


def line(name: str, found: ArticleFigures) -> str:
    """The figures on one line."""
    return (
        f"{name}: criteria {found.criteria_right} of {found.criteria} found, {found.criteria_read} read; "
        f"flow {found.flow_right} of {found.flow} found, {found.flow_read} read; "
        f"references right {found.references_right} of {found.references}"
    )


def main(folder: str) -> None:
    """Print the figures of the folder."""
    total = ArticleFigures()
    for name, found in measured(Path(folder)):
        total += found
        sys.stdout.write(line(name, found) + "\n")
    sys.stdout.write(line("all", total) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
