"""Trials that are like another one: those of the same people with the same treatments, or at least the same people."""

from __future__ import annotations

from kg.search.entries import Line
from kg.search.finding import SearchIndex
from kg.search.wanted import Wanted

# Facets by which trials are alike, the closest likeness first.
_LIKENESSES = (("condition", "intervention"), ("condition", "endpoint"), ("condition",))


def related(index: SearchIndex, key: str, most: int) -> tuple[Line, ...]:
    """Up to ``most`` other trials: the closest likeness first, then the newest.

    A likeness counts only by the narrowest values that the trial itself has: "metastatic breast cancer", not "cancer".
    """
    own = index.narrowest(key)
    found: dict[str, Line] = {}
    for facets in _LIKENESSES:
        if all(own.get(facet) for facet in facets):
            wanted = Wanted(filters={facet: own[facet] for facet in facets}, sort="newest")
            for line in index.first_lines(wanted, most + 1):
                if line.key != key:
                    found.setdefault(line.key, line)
        if len(found) >= most:
            break
    return tuple(found.values())[:most]
