"""Identifiers: the registry that is named against the pattern of the id, a cited trial against its reference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from extractors.documents import Document
from extractors.findings import Facts
from extractors.printed.passages import Passage
from extractors.printed.sources import CitedTrial, NamedRegistry, cited_trials, named_registries, naming
from kg.audit.checks import Check, Input, Outcome, check


def identifier_checks(
    document: Document, facts: Facts, passages: Iterable[Passage], discussion: Iterable[Passage]
) -> Iterator[Check]:
    """The registries named beside identifiers, and the references beside names of trials."""
    passages = tuple(passages)
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
    """Only where the list of references names the trial can a wrong number be told."""
    right = [reference.number for reference in naming(document, cited.name)]
    if not right:
        return
    outcome = Outcome("consistent" if cited.number in right else "inconsistent")
    read = (Input("name", f"{cited.name} [{cited.number}]", cited.evidence),)
    yield check(
        "reference-of-trial",
        outcome,
        read,
        name=cited.name,
        number=str(cited.number),
        right=", ".join(map(str, right[:3])),
    )
