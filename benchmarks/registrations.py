"""Measures which registry numbers are told to be a trial's own, on gold facts and on articles' own statements.

    python benchmarks/registrations.py GOLD            # a folder of gold facts, such as gold/dev
    python benchmarks/registrations.py ARTICLES --jats [--most N] [--errors]

In a folder of JATS articles the truth is the section that calls itself the trial's registration: its numbers, taken by
their digits and not by the patterns that are measured. Numbers that only other sections name are no errors of recall.
``--errors`` lists what was missed and what was added.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import spacy

import ontology
from extractors.components.registrations import RegistrationFinder
from extractors.documents import Document, UnreadableDocument
from extractors.normal import normalise
from extractors.readers import papers, read
from extractors.readers.jats_text import local
from extractors.readers.markup import parsed
from extractors.reading import Reading, reading

# Titles of sections that hold nothing but the registration.
_TITLE: Final = re.compile(r"\W*(?:clinical )?trials? registrations?(?: (?:number|no)s?)?\W*", re.IGNORECASE)
_NUMBER: Final = re.compile(r"([A-Za-z]+)[A-Za-z-]*[\s:#/-]{0,3}(\d[\d/-]*\d(?:N\d{1,3})?)|(?<!\d)(\d{4}-\d{6}-\d{2})")
_LEAST_DIGITS: Final = 4


@dataclass(slots=True)
class Score:
    """Numbers found that are right, found that are not, and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def line(self, name: str) -> str:
        """The counts with precision and recall."""
        precision = self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0
        recall = self.right / (self.right + self.missed) if self.right + self.missed else 1.0
        counts = f"{self.right} right, {self.wrong} added, {self.missed} missed"
        return f"{name}: {counts}; precision {precision:.3f}, recall {recall:.3f}"


def own_numbers(document: Document) -> set[str]:
    """The numbers that the component calls the trial's own, in all languages of the document."""
    finder, found = RegistrationFinder(), set()
    for language in document.languages:
        doc = spacy.blank("en").make_doc("")
        doc.user_data["reading"] = Reading(document, language, normalise(document.text))
        found |= {one.identifier for one in reading(finder(doc)).registrations if one.role == "own"}
    return found


def stated(file: Path) -> set[str]:
    """The digits of the numbers in the article's section on its registration; none where it has no such section."""
    found: set[str] = set()
    for section in parsed(file.read_text("utf-8")).iter():
        title = next((child for child in section if local(child) == "title"), None)
        if title is not None and _TITLE.fullmatch("".join(title.itertext())):
            said = " ".join(normalise("".join(section.itertext())).split())
            for letters, number, european in _NUMBER.findall(said):
                if european or any(letters.casefold().endswith(known) for known in _letters()):
                    found.add(digits(number or european))
    return {number for number in found if len(number) >= _LEAST_DIGITS}


def digits(number: str) -> str:
    """The digits of a number, by which its spellings are compared."""
    return re.sub(r"\D", "", number)


@cache
def _letters() -> frozenset[str]:
    """The letters with which the registries' numbers begin: other numbers are those of ethics committees and grants."""
    examples = (registry.links["example"] for registry in ontology.concepts("registries"))
    found = (re.match(r"[A-Za-z]{3,}", example) for example in examples)
    return frozenset({"ntr", *(match.group().casefold() for match in found if match)})


def of_articles(folder: Path, most: int) -> Iterator[tuple[str, set[str], set[str]]]:
    """Of each article with such a section: its name, the digits stated, and the digits found."""
    count = 0
    for file in sorted(folder.glob("*.xml")):
        try:
            truth = stated(file)
            if not truth or count >= most:
                continue
            count += 1
            for paper in papers(file):
                if isinstance(paper, Document):
                    yield file.name, truth, {digits(number) for number in own_numbers(paper)}
        except UnreadableDocument:
            continue


def of_gold(folder: Path) -> Iterator[tuple[str, set[str], set[str]]]:
    """Of each text of the gold facts: its name, the numbers that people wrote down, and those found."""
    for facts in sorted(folder.rglob("gold.json")):
        truth = set(json.loads(facts.read_text("utf-8"))["registrations"])
        for file in sorted(facts.parent.glob("*.txt")):
            yield f"{facts.parent.name}/{file.name}", truth, own_numbers(read(file))


def main() -> None:
    """Print precision and recall, and what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jats", action="store_true", help="the folder holds JATS articles")
    parser.add_argument("--most", type=int, default=10_000, help="read at most so many articles")
    parser.add_argument("--errors", action="store_true", help="list what was missed and what was added")
    chosen = parser.parse_args()
    score, papers_read = Score(), 0
    found = of_articles(chosen.folder, chosen.most) if chosen.jats else of_gold(chosen.folder)
    for name, truth, numbers in found:
        papers_read += 1
        score.right += len(truth & numbers)
        score.wrong += len(numbers - truth)
        score.missed += len(truth - numbers)
        if chosen.errors and truth != numbers:
            sys.stdout.write(f"{name}: missed {sorted(truth - numbers)}, added {sorted(numbers - truth)}\n")
    sys.stdout.write(score.line(f"{papers_read} texts") + "\n")


if __name__ == "__main__":
    main()
