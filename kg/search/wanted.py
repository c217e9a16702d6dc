"""What is asked of the search and what it gives back: frozen rows, bounded before anything is looked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from kg.search.entries import Line

Sort = Literal["relevance", "newest", "oldest", "largest"]
SORTS: Final[tuple[Sort, ...]] = ("relevance", "newest", "oldest", "largest")
# Characters of a question, words of it that are looked for, values of one facet that are taken.
LONGEST_TEXT: Final = 400
MOST_WORDS: Final = 24
MOST_VALUES: Final = 20
# Trials on a page, and how deep the pages go: beyond this a reader needs a filter, not another page.
ON_A_PAGE: Final = 20
DEEPEST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question: words, filters by facet, the first and last year of publication, how to sort, and which page.

    The values of one facet are alternatives, the facets all hold. ``concept`` is the path of a concept that the trials
    use, whatever facet it belongs to. Relevance sorts only what has words; trials without are sorted newest first.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    concept: str = ""
    first_year: int | None = None
    last_year: int | None = None
    sort: Sort = "relevance"
    page: int = 1


@dataclass(frozen=True, slots=True)
class Share:
    """One value of a facet, and how many trials have it."""

    value: str
    trials: int


@dataclass(frozen=True, slots=True)
class Understood:
    """How the words of a question were read.

    ``concepts`` are the paths of those that it names. ``corrected`` words stand in no trial, so the word beside each
    was looked for; ``completed`` ones begin a word that does; ``unknown`` ones do neither. ``loose`` says that no trial
    had all that was asked, so that some of it was let go.
    """

    concepts: tuple[str, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()
    completed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The trials of one page, how many there are in all, and the facets of all of them.

    The shares of a facet are those without its own filter, so that another value can be chosen; ``years`` are counted
    in periods of five, by their first year.
    """

    trials: tuple[Line, ...]
    total: int
    page: int
    last_page: int
    facets: Mapping[str, tuple[Share, ...]]
    years: tuple[tuple[int, int], ...]
    understood: Understood


@dataclass(frozen=True, slots=True)
class Companion:
    """A concept that occurs in the same trials as another, by its facet and name."""

    facet: str
    value: str
    trials: int
