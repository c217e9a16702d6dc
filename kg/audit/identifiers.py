"""Identifiers: the registry that is named against the pattern of the id, a cited trial against its reference, and one
spelling of a trial's short name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from extractors.documents import Document
from extractors.findings import Facts
from extractors.printed.passages import Passage
from extractors.printed.sources import (
    CitedTrial,
    NamedRegistry,
    PrintedName,
    cited_trials,
    is_of_trial,
    named_registries,
    names_a_trial,
    naming,
    printed_names,
    share_an_author,
)
from kg.audit.checks import Check, Input, Outcome, check

# A name that stands so often is the trial's; a slip of it stands as many times less often.
_OFTEN: Final = 3


def identifier_checks(
    document: Document, facts: Facts, passages: Iterable[Passage], discussion: Iterable[Passage]
) -> Iterator[Check]:
    """The registries named beside identifiers, and the references beside names of trials."""
    passages, discussion = tuple(passages), tuple(discussion)
    yield from _names(document, [name for passage in (*passages, *discussion) for name in printed_names(passage)])
    for passage in passages:
        for named in named_registries(passage, facts.registrations):
            yield _registry(named)
    seen: set[tuple[str, int]] = set()
    for passage in (*passages, *discussion):
        for cited in cited_trials(passage):
            if (cited.name, cited.number) not in seen:
                seen.add((cited.name, cited.number))
                yield from _reference(document, cited)


def _registry(named: NamedRegistry) -> Check:
    outcome = Outcome("consistent" if named.named == named.registry else "inconsistent")
    read = (Input("identifier", named.identifier, named.evidence),)
    return check(
        "registry-of-identifier",
        outcome,
        read,
        identifier=named.identifier,
        registry=named.registry,
        named=named.printed,
    )


def _reference(document: Document, cited: CitedTrial) -> Iterator[Check]:
    """Only where the list of references names the trial, as one, can a wrong number be told.

    A reference of the same authors that names no trial may report this one under another title.
    """
    named = naming(document, cited.name)
    right = [reference.number for reference in named]
    if not any(map(is_of_trial, named)):
        return
    there = [reference for reference in document.references if reference.number == cited.number]
    other = not there or any(map(names_a_trial, there)) or not share_an_author(there, named)
    outcome = Outcome("consistent" if cited.number in right else "inconsistent" if other else "cannot tell")
    read = (Input("name", f"{cited.name} [{cited.number}]", cited.evidence),)
    yield check(
        "reference-of-trial",
        outcome,
        read,
        name=cited.name,
        number=str(cited.number),
        right=", ".join(map(str, right[:3])),
    )


def _names(document: Document, printed: list[PrintedName]) -> Iterator[Check]:
    """Each short name of a trial against the names that a slip of the pen makes of it."""
    places: dict[str, list[PrintedName]] = {}
    for name in printed:
        places.setdefault(name.name.replace("-", ""), []).append(name)
    for bare, found in places.items():
        if len(found) < _OFTEN or not any(name.of_trial for name in found):
            continue
        others = [other for other in places if is_slip(bare, other) and len(places[other]) * _OFTEN <= len(found)]
        others = [other for other in others if not naming(document, other)]
        read = tuple(Input("name", name.name, name.evidence) for name in found[:1])
        number = str(len(found))
        if not others:
            yield check("names-of-trial", Outcome("consistent"), read, name=found[0].name, number=number)
        for other in others:
            wrong = places[other]
            yield check(
                "names-of-trial",
                Outcome("inconsistent"),
                (*read, Input("name", wrong[0].name, wrong[0].evidence)),
                name=found[0].name,
                number=number,
                other=wrong[0].name,
                fewer=str(len(wrong)),
            )


def is_slip(name: str, other: str) -> bool:
    """Whether two neighbouring signs of a name are swapped in the other, or one of its letters is left out or doubled.

    Another digit makes the name of another trial, and so may another letter.
    """
    if len(name) == len(other):
        apart = [place for place in range(len(name)) if name[place] != other[place]]
        neighbours = len(apart) == 2 and apart[1] == apart[0] + 1
        return neighbours and name[apart[0]] == other[apart[1]] and name[apart[1]] == other[apart[0]]
    longer, shorter = sorted((name, other), key=len, reverse=True)
    left_out = [longer[place] for place in range(len(longer)) if longer[:place] + longer[place + 1 :] == shorter]
    return any(sign.isalpha() and not _plural(longer, shorter) for sign in left_out)


def _plural(longer: str, shorter: str) -> bool:
    return longer == f"{shorter}S"
