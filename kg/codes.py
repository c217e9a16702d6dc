"""Turns the codes that findings hold ("HR", "randomised", "months") into the concepts of the lexicon."""

from __future__ import annotations

from functools import cache

from rdflib import URIRef

from ontology import notations


class UnknownCode(LookupError):
    """A finding holds a code of a closed list for which the lexicon has no concept."""


@cache
def known(scheme: str, code: str, group: str | None = None) -> URIRef | None:
    """The concept of the scheme with this notation, ``None`` where there is none.

    ``group`` is the name of a concept: only what is narrower than it is looked at, since "3" is a phase but
    not a number of centres.
    """
    found = notations(scheme, group).get(code)
    return None if found is None else URIRef(found)


def coded(scheme: str, code: str, group: str | None = None) -> URIRef:
    """The concept of the scheme with this notation, as ``known`` finds it; raises UnknownCode."""
    found = known(scheme, code, group)
    if found is None:
        raise UnknownCode(
            f"ontology/{scheme}.ttl has no concept with the notation {code!r}; add it there, "
            "or correct the component that gave the code"
        )
    return found
