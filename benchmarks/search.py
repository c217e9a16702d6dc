"""Measures the search over made-up trials: how long the index takes, and how long questions take.

    python benchmarks/search.py [--trials 100000] [--questions 400] [--folder artefacts/search-benchmark]

The trials are made of the lexicon's labels in both languages and of words that are as frequent as those of a language
(Zipf), from one seed, and go into the index through the writer that publication uses. Questions are asked one after the
other, each with its facets, of an index that is open; after that the whole page is made from them. The report is JSON
on standard output, in milliseconds by the clock and, since other work on the machine takes its share of that, of the
processor.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from running import percentile

from kg.rows import Name
from kg.search.entries import Entry, Line, size_name
from kg.search.finding import SearchIndex
from kg.search.forms import labels, path_of, with_broader
from kg.search.index import write_index
from kg.search.wanted import Wanted
from ontology import concepts
from server.rendering import Frame, render
from server.search.page import search_page
from server.urls import Urls

WORDS = 40_000
SIGNS = [chr(code) for code in range(0x4E00, 0x4E00 + 1500)]


class Maker:
    """Makes trials and questions from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - no secret
        letters = "abcdefghiklmnoprstuv"
        self.words = ["".join(self.random.choices(letters, k=self.random.randint(3, 11))) for _ in range(WORDS)]
        self.weights = list(accumulate(1 / (rank + 5) for rank in range(WORDS)))
        self.paths = {
            scheme: [path_of(one.iri) for one in concepts(scheme)]
            for scheme in ("conditions", "interventions", "endpoints")
        }
        self.journals = [self.sentence(3).title() for _ in range(900)]

    def sentence(self, length: int) -> str:
        """So many words of no language."""
        return " ".join(self.random.choices(self.words, cum_weights=self.weights, k=length))

    def signs(self, length: int) -> str:
        """So many Chinese characters, some of them far more frequent than others."""
        return "".join(SIGNS[min(int(self.random.expovariate(1 / 180)), len(SIGNS) - 1)] for _ in range(length))

    def path(self, scheme: str) -> str:
        """A concept of the scheme, a few of them far more frequent than others."""
        paths = self.paths[scheme]
        return paths[min(int(self.random.expovariate(6 / len(paths))), len(paths) - 1)]

    def label(self, path: str, language: str) -> str:
        """One of the labels of a concept, of the language where it has one."""
        own = [label for label in labels(path) if label.isascii() == (language == "en")]
        return self.random.choice(own or list(labels(path)))

    def entries(self, trials: int) -> Iterator[Entry]:
        """So many trials, newest first."""
        for number in range(trials):
            yield self._entry(number, 2026 - number * 40 // trials)

    def _entry(self, number: int, year: int) -> Entry:
        languages = self.random.choices([("en",), ("zh",), ("en", "zh")], [6, 3, 1])[0]
        condition, treatment = self.path("conditions"), self.path("interventions")
        endpoints = [self.path("endpoints") for _ in range(self.random.randint(1, 9))]
        titles = [
            Name(f"{self.label(treatment, 'en')} for {self.label(condition, 'en')}: {self.sentence(7)}", "en")
            if language == "en"
            else Name(f"{self.label(treatment, 'zh')}治疗{self.label(condition, 'zh')}{self.signs(9)}", "zh")
            for language in languages
        ]
        arms = [(Name(f"{self.label(treatment, language)} {self.sentence(2)}", language),) for language in languages]
        primary = tuple((Name(self.label(path, languages[0]), languages[0]),) for path in endpoints[:1])
        phrases = {name.text for names in (*arms, *primary) for name in names}
        phrases |= {f"{self.label(path, languages[0])} {self.sentence(1)}" for path in endpoints}
        size = int(self.random.lognormvariate(5, 1.1))
        line = Line(
            key=f"NCT{number:08d}",
            titles=tuple(titles),
            identifiers=(f"NCT{number:08d}",),
            conditions=(Name(self.label(condition, languages[0]), languages[0]),),
            experimental=tuple(arms),
            primary=primary,
            journals=(self.random.choice(self.journals),),
            year=year,
            randomised=size,
            reports=1,
            features=("both-languages",) if len(languages) > 1 else (),
        )
        used = frozenset().union(*(with_broader(path) for path in (condition, treatment, *endpoints)))
        conclusion = self.sentence(28) if "en" in languages else self.signs(60)
        return Entry(
            line=line,
            names=frozenset({line.key.lower(), f"10.1000/made.{number}", f"made-{number}"}),
            phrases=frozenset(phrases),
            further=(conclusion, *line.journals, *(self.sentence(2).title() for _ in range(6))),
            facets={
                facet: frozenset(path.partition("/")[2] for path in used if path.startswith(scheme))
                for facet, scheme in (
                    ("condition", "conditions/"),
                    ("intervention", "interventions/"),
                    ("endpoint", "endpoints/"),
                )
            }
            | {
                "design": frozenset({"randomised", self.random.choice(["parallel", "crossover", "cluster"])}),
                "phase": frozenset(self.random.choices(["phase-1", "phase-2", "phase-3"], k=number % 2)),
                "masking": frozenset({self.random.choice(["open-label", "double-blind", "single-blind"])}),
                "registry": frozenset({self.random.choice(["clinicaltrials-gov", "chictr", "isrctn"])}),
                "size": frozenset({size_name(size)}),
                "language": frozenset(languages),
                "has": frozenset(line.features),
            },
            concepts=used,
        )

    def questions(self) -> dict[str, Callable[[], Wanted]]:
        """Kinds of questions, each with what makes one."""
        choose = self.random

        def frequent() -> str:
            return choose.choices(self.words, cum_weights=self.weights)[0]

        def mistaken() -> str:
            word = choose.choice([word for word in (frequent() for _ in range(9)) if len(word) > 5] or ["placebo"])
            at = choose.randrange(1, len(word) - 1)
            return word[:at] + word[at + 1 :]

        def facets() -> dict[str, tuple[str, ...]]:
            return {
                "condition": (self.path("conditions").partition("/")[2],),
                "masking": ("double-blind", "open-label"),
                "phase": ("phase-3",),
            }

        return {
            "no words": lambda: Wanted(sort="newest", page=choose.randint(1, 500)),
            "one word": lambda: Wanted(text=frequent()),
            "three words": lambda: Wanted(text=" ".join(frequent() for _ in range(3))),
            "a concept": lambda: Wanted(text=self.label(self.path("conditions"), "en")),
            "two concepts": lambda: Wanted(
                text=f"{self.label(self.path('conditions'), 'en')} {self.label(self.path('endpoints'), 'en')}"
            ),
            "a Chinese concept": lambda: Wanted(text=self.label(self.path("interventions"), "zh")),
            "one character": lambda: Wanted(text=self.signs(1)),
            "two characters": lambda: Wanted(text=self.signs(2)),
            "six characters": lambda: Wanted(text=self.signs(6)),
            "a quoted phrase": lambda: Wanted(text=f'"{self.label(self.path("endpoints"), "en")}"'),
            "a registry id": lambda: Wanted(text=f"NCT{choose.randrange(10**5):08d}"),
            "a part of one": lambda: Wanted(text=f"NCT{choose.randrange(10**3):05d}"),
            "an unfinished word": lambda: Wanted(text=frequent()[:3]),
            "a misspelt word": lambda: Wanted(text=mistaken()),
            "words and filters": lambda: Wanted(text=frequent(), filters=facets(), first_year=2000),
            "a page deep down": lambda: Wanted(text=frequent(), page=400),
            "twenty words": lambda: Wanted(text=" ".join(frequent() for _ in range(20))),
        }


def measured(index: SearchIndex, maker: Maker, questions: int, ask: Callable[[Wanted], object]) -> dict[str, object]:
    """Milliseconds by kind of question, and over all."""
    kinds: dict[str, object] = {}
    everything: list[tuple[float, float]] = []
    for kind, make in maker.questions().items():
        times = []
        for _ in range(questions):
            wanted = make()
            started, processor = time.perf_counter(), time.process_time()
            ask(wanted)
            times.append((time.perf_counter() - started, time.process_time() - processor))
        kinds[kind] = summed_up(times)
        everything += times
        sys.stderr.write(f"{kind}: {kinds[kind]}\n")
    return {"all": summed_up(everything), **kinds}


def summed_up(times: Sequence[tuple[float, float]]) -> dict[str, float]:
    """Median and 95th percentile, of the clock and of the processor, and the longest of the clock."""
    clock, processor = ([pair[at] for pair in times] for at in (0, 1))
    return {
        "median": percentile(clock, 0.5),
        "p95": percentile(clock, 0.95),
        "longest": percentile(clock, 1.0),
        "processor median": percentile(processor, 0.5),
        "processor p95": percentile(processor, 0.95),
    }


def main() -> None:
    """Make the index, ask the questions, print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=400, help="of each kind")
    parser.add_argument("--folder", type=Path, default=Path("artefacts/search-benchmark"))
    chosen = parser.parse_args()
    shutil.rmtree(chosen.folder, ignore_errors=True)
    maker = Maker(20261121)
    started, processor = time.perf_counter(), time.process_time()
    write_index(chosen.folder, maker.entries(chosen.trials))
    building = {
        "seconds": round(time.perf_counter() - started, 1),
        "processor": round(time.process_time() - processor, 1),
    }
    size = sum(path.stat().st_size for path in chosen.folder.rglob("*") if path.is_file())
    index = SearchIndex.open(chosen.folder)
    started = time.perf_counter()
    index.find(Wanted(text="nothingofthekind"))
    first = round((time.perf_counter() - started) * 1000, 1)
    urls = Urls("https://w3id.org/evidence-kg/")
    frame = Frame("en", {"en": "/en/search", "zh": "/zh/search"}, ())

    def page(wanted: Wanted) -> object:
        return render("search.html", frame, urls, search_page(index, wanted, "en", urls))

    page(Wanted())
    report = {
        "trials": len(index),
        "making, with making up the trials": building,
        "mebibytes": round(size / 2**20, 1),
        "first question": first,
        "questions with facets": measured(index, maker, chosen.questions, index.find),
        "whole pages": measured(index, maker, max(1, chosen.questions // 8), page),
        "resident mebibytes at most": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    sys.stdout.write(json.dumps(report, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
