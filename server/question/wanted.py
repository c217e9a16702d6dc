"""Puts the question of an address to a snapshot of the graph."""

from __future__ import annotations

from collections.abc import Mapping
from weakref import WeakKeyDictionary

from kg.question.queries import question_concepts
from kg.question.results import Result, Wanted, result
from kg.stores import ReadableStore
from ontology import concept
from server.question.address import Address, question_of
from server.snapshot import Snapshot


class NoQuestion(ValueError):
    """An address without a known endpoint, or with a word that the lexicon lacks."""


def answered(snapshot: Snapshot, address: Address) -> Result:
    """The answer to the address's question; raises NoQuestion where it asks none that can be put."""
    asked = question_of(address)
    if asked is None:
        raise NoQuestion("ask by the name of an endpoint, and of concepts that the vocabulary has")
    wanted = Wanted(asked, address.choices, frozenset(address.add), address.measure, address.method, address.by)
    return result(snapshot.store, wanted)


# What the newest graph of each store uses, with its version; a store that is closed takes its entry with it.
_USED: WeakKeyDictionary[ReadableStore, tuple[str, Mapping[str, int]]] = WeakKeyDictionary()


def used(snapshot: Snapshot) -> Mapping[str, int]:
    """The concepts in use with their numbers of reports, the most used first; asked for once a publication."""
    known = _USED.get(snapshot.store)
    if known is not None and known[0] == snapshot.version:
        return known[1]
    found = {iri: number for iri, number in question_concepts(snapshot.store).items() if concept(iri) is not None}
    _USED[snapshot.store] = (snapshot.version, found)
    return found
