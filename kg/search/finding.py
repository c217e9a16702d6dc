"""Asks the index: trials by words and filters, with the facets of all that were found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, Final

import tantivy

from kg.search.entries import CONCEPT_FACETS, FACETS, SUGGESTED, Line
from kg.search.forms import with_broader
from kg.search.index import FOLDER, has_index, read_line, schema
from kg.search.reading import Reader
from kg.search.suggesting import begun
from kg.search.wanted import DEEPEST, LONGEST_TEXT, MOST_VALUES, ON_A_PAGE, Companion, Found, Share, Understood, Wanted

# Values of a facet that are counted, and companions of a concept that are named.
_MOST_SHARES: Final = 100
_PERIOD: Final = 5
_YEARS: Final = (1800, 2199)
Query = tantivy.Query
Occur = tantivy.Occur


class IndexMissing(Exception):
    """What is published has no index of the search."""


class SearchIndex:
    """The index of one published state, open for reading; safe to ask from several threads."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher
        self._schema = schema()
        self._reader = Reader(searcher, self._schema)

    @classmethod
    def open(cls, folder: Path) -> SearchIndex:
        """The index in a checkpoint, or in another folder that holds one; raises IndexMissing."""
        place = folder / FOLDER
        if not has_index(folder):
            raise IndexMissing(f"{folder} holds no index for the search: make it with kg publish")
        try:
            index = tantivy.Index.open(str(place))
            # It never changes: another state of the graph has another index.
            index.config_reader("manual")
        except ValueError as error:
            raise IndexMissing(f"the index for the search in {place} is damaged ({error}): kg rebuild") from error
        return cls(index.searcher())

    def __len__(self) -> int:
        """How many trials it holds."""
        return self._searcher.num_docs

    def find(self, wanted: Wanted) -> Found:
        """The trials that answer the question; values that no trial has find none, whatever they are."""
        conditions = self._conditions(wanted)
        asked, understood, total = self._read(_whole_characters(wanted.text)[:LONGEST_TEXT], conditions)
        query = _both(asked, conditions.values())
        last = max(1, -(-min(total, DEEPEST) // ON_A_PAGE))
        page = min(max(wanted.page, 1), last)
        return Found(
            trials=self._lines(query, wanted, (page - 1) * ON_A_PAGE, ON_A_PAGE) if total else (),
            total=total,
            page=page,
            last_page=last,
            facets=self._facets(asked, conditions),
            years=self._years(asked, conditions),
            understood=understood,
        )

    def all_lines(self, wanted: Wanted) -> tuple[Line, ...]:
        """The trials of all pages, as many as there may be."""
        conditions = self._conditions(wanted)
        asked, _, total = self._read(_whole_characters(wanted.text)[:LONGEST_TEXT], conditions)
        return self._lines(_both(asked, conditions.values()), wanted, 0, DEEPEST) if total else ()

    def first_lines(self, wanted: Wanted, most: int) -> tuple[Line, ...]:
        """The first trials that the filters leave, without counts and without words."""
        return self._lines(_both(Query.all_query(), self._conditions(wanted).values()), wanted, 0, most)

    def narrowest(self, key: str) -> dict[str, tuple[str, ...]]:
        """A trial's conditions, interventions and endpoints by facet, without those that a narrower one implies."""
        counted = self._searcher.aggregate(self._term("name", key.lower()), {name: _shares(name) for name in SUGGESTED})
        found: dict[str, tuple[str, ...]] = {}
        for facet in SUGGESTED:
            paths = {f"{CONCEPT_FACETS[facet]}/{bucket['key']}" for bucket in counted[facet]["buckets"]}
            implied = {above for path in paths for above in with_broader(path) if above != path}
            found[facet] = tuple(sorted(path.partition("/")[2] for path in paths - implied))[:MOST_VALUES]
        return found

    def _read(self, text: str, conditions: Mapping[str, tantivy.Query]) -> tuple[tantivy.Query, Understood, int]:
        """The first reading that finds something, else the strictest, and how many trials it finds."""
        readings = self._reader.readings(text)
        strictest = next(readings)
        for asked, understood in chain([strictest], readings):
            if total := self._count(_both(asked, conditions.values())):
                return asked, understood, total
        return *strictest, 0

    def companions(self, concept: str, most: int) -> tuple[Companion, ...]:
        """The conditions, interventions and endpoints of the trials that use a concept, the most frequent first."""
        query = self._term("concept", concept)
        counted = self._searcher.aggregate(query, {facet: _shares(facet) for facet in SUGGESTED})
        found = (
            Companion(facet, bucket["key"], bucket["doc_count"])
            for facet in SUGGESTED
            for bucket in counted[facet]["buckets"]
        )
        others = (one for one in found if f"{CONCEPT_FACETS[one.facet]}/{one.value}" != concept)
        return tuple(sorted(others, key=lambda one: (-one.trials, one.facet, one.value))[:most])

    def suggestions(self, text: str, most: int) -> tuple[Companion, ...]:
        """The concepts that trials use and that the text begins to name, the most frequent first."""
        facets = {CONCEPT_FACETS[facet]: facet for facet in SUGGESTED}
        found = []
        for path in begun(_whole_characters(text)[:LONGEST_TEXT]):
            scheme, _, name = path.partition("/")
            if trials := self.used(path):
                found.append(Companion(facets[scheme], name, trials))
        return tuple(sorted(found, key=lambda one: (-one.trials, one.facet, one.value))[:most])

    def used(self, concept: str) -> int:
        """How many trials use the concept or one that is narrower."""
        return self._searcher.doc_freq("concept", concept)

    def _conditions(self, wanted: Wanted) -> dict[str, tantivy.Query]:
        """What must hold beside the words, by the facet that asks for it."""
        found: dict[str, tantivy.Query] = {}
        for facet in FACETS:
            values = [_whole_characters(value) for value in wanted.filters.get(facet, ()) if value][:MOST_VALUES]
            if values:
                found[facet] = Query.term_set_query(self._schema, facet, values)
        if wanted.concept:
            found["concept"] = self._term("concept", _whole_characters(wanted.concept))
        if wanted.first_year is not None or wanted.last_year is not None:
            first = min(max(wanted.first_year or _YEARS[0], _YEARS[0]), _YEARS[1])
            last = min(max(_YEARS[1] if wanted.last_year is None else wanted.last_year, _YEARS[0]), _YEARS[1])
            unsigned = tantivy.FieldType.Unsigned
            in_years = Query.range_query(self._schema, "year", unsigned, first, last) if first <= last else None
            found["year"] = in_years or Query.empty_query()
        return found

    def _lines(self, query: tantivy.Query, wanted: Wanted, offset: int, most: int) -> tuple[Line, ...]:
        order: dict[str, Any] = {}
        if wanted.sort in {"newest", "oldest"}:
            order = {"order_by_field": "year"}
        elif wanted.sort == "largest":
            order = {"order_by_field": "people"}
        if wanted.sort == "oldest":
            order["order"] = tantivy.Order.Asc
        result = self._searcher.search(query, limit=most, offset=offset, count=False, **order)
        return tuple(read_line(self._searcher.doc(address)["line"][0]) for _, address in result.hits)

    def _facets(self, asked: tantivy.Query, conditions: Mapping[str, tantivy.Query]) -> dict[str, tuple[Share, ...]]:
        free = [facet for facet in FACETS if facet not in conditions]
        counted = self._searcher.aggregate(_both(asked, conditions.values()), {name: _shares(name) for name in free})
        for facet in FACETS:
            if facet in conditions:
                others = [query for name, query in conditions.items() if name != facet]
                counted |= self._searcher.aggregate(_both(asked, others), {facet: _shares(facet)})
        return {
            facet: tuple(Share(bucket["key"], bucket["doc_count"]) for bucket in counted[facet]["buckets"])
            for facet in FACETS
        }

    def _years(self, asked: tantivy.Query, conditions: Mapping[str, tantivy.Query]) -> tuple[tuple[int, int], ...]:
        others = [query for name, query in conditions.items() if name != "year"]
        periods = {"years": {"histogram": {"field": "year", "interval": _PERIOD, "min_doc_count": 1}}}
        counted = self._searcher.aggregate(_both(asked, others), periods)
        return tuple((int(bucket["key"]), bucket["doc_count"]) for bucket in counted["years"]["buckets"])

    def _count(self, query: tantivy.Query) -> int:
        return self._searcher.search(query, limit=1).count or 0  # type: ignore[attr-defined]  # its stub forgets it

    def _term(self, field: str, value: str) -> tantivy.Query:
        return Query.term_query(self._schema, field, value)


def _whole_characters(text: str) -> str:
    """The text without halves of characters, which no UTF-8 can hold."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def _shares(field: str) -> dict[str, Any]:
    return {"terms": {"field": field, "size": _MOST_SHARES}}


def _both(asked: tantivy.Query, conditions: Iterable[tantivy.Query]) -> tantivy.Query:
    """What was asked, under conditions that do not change how well a trial fits."""
    parts = [(Occur.Must, Query.const_score_query(condition, 0.0)) for condition in conditions]
    return Query.boolean_query([(Occur.Must, asked), *parts]) if parts else asked
