"""What the first page shows: how much the graph holds, its newest trials, and what they are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kg.rows import Counts
from kg.search.entries import SUGGESTED
from kg.search.finding import SearchIndex
from kg.search.wanted import Companion, Wanted
from server.negotiation import Language
from server.search.listing import ListedTrial, listed
from server.search.page import Led, suggestion
from server.urls import Urls

_NEWEST: Final = 8
_ON_A_SHELF: Final = 10


@dataclass(frozen=True, slots=True)
class Shelf:
    """The concepts of one facet that most trials have, each with the way to them."""

    facet: str
    links: tuple[Led, ...]


@dataclass(frozen=True, slots=True)
class HomePage:
    """The first page; ``newest`` is ``None`` where what is published has no index of the search."""

    counts: Counts
    newest: tuple[ListedTrial, ...] | None
    shelves: tuple[Shelf, ...]


def home_page(counts: Counts, index: SearchIndex | None, language: Language, urls: Urls) -> HomePage:
    """The first page for readers of the language."""
    if index is None:
        return HomePage(counts, None, ())
    found = index.find(Wanted(sort="newest"))
    shelves = (
        Shelf(
            facet,
            tuple(
                suggestion(Companion(facet, share.value, share.trials), language, urls)
                for share in found.facets[facet][:_ON_A_SHELF]
            ),
        )
        for facet in SUGGESTED
    )
    return HomePage(counts, listed(found.trials[:_NEWEST], language), tuple(shelf for shelf in shelves if shelf.links))
