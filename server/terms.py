"""The pages of the vocabulary: its terms, its concept schemes, and each concept in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rdflib import OWL, RDF, RDFS, SKOS, URIRef

from kg.search.entries import CONCEPT_FACETS, SUGGESTED
from kg.search.finding import SearchIndex
from kg.search.forms import path_of, with_broader
from kg.search.wanted import Wanted
from kg.vocabulary_graph import LEFT_OUT
from ontology import SCHEMES, Concept, concept, concepts, narrower, scheme_labels, terms_graph
from ontology import label as label_of
from ontology.vocabulary import CONCEPTS, NAMESPACE
from server.negotiation import Language
from server.search.address import parameters, trials_of
from server.search.listing import ListedTrial, listed
from server.urls import Urls

_MOST_COMPANIONS: Final = 200
_COMPANIONS_OF_A_FACET: Final = 10
SHOWN_SCHEMES = tuple(scheme for scheme in SCHEMES if scheme not in LEFT_OUT)


@dataclass(frozen=True, slots=True)
class Link:
    """A concept, a scheme or a term to go to, by its IRI, with its name in the page's language."""

    iri: str
    name: str
    definition: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A class or a property; ``anchor`` is its name after the #."""

    iri: str
    anchor: str
    name: str
    definition: str
    domains: tuple[Link, ...]
    ranges: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class TermsPage:
    """All classes and properties, and the schemes."""

    classes: tuple[Term, ...]
    properties: tuple[Term, ...]
    schemes: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class SchemePage:
    """One scheme with its concepts."""

    iri: str
    name: str
    concepts: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """A concept beside another, and how many trials use it or what is narrower; ``None`` where nobody has counted."""

    link: Link
    trials: int | None


@dataclass(frozen=True, slots=True)
class Companions:
    """The concepts of one facet that occur in the same trials as another, with the number of trials they share."""

    facet: str
    shared: tuple[Related, ...]


@dataclass(frozen=True, slots=True)
class ConceptPage:
    """One concept: its names in both languages, and what is around it; ``matches`` lead to other vocabularies.

    ``above`` are the ways up, each from what is just broader to the top. ``trials`` is ``None`` where what is published
    has no index of the search.
    """

    concept: Concept
    scheme: Link
    above: tuple[tuple[Related, ...], ...]
    narrower: tuple[Related, ...]
    matches: tuple[str, ...]
    companions: tuple[Companions, ...]
    trials: Trials | None


@dataclass(frozen=True, slots=True)
class Trials:
    """Some of the trials that use a concept or what is narrower: ``number`` of ``last`` pages, ``found`` in all.

    ``search`` leads to the same trials with filters.
    """

    shown: tuple[ListedTrial, ...]
    found: int
    number: int
    last: int
    previous: str | None
    next: str | None
    search: str


def terms_page(language: Language) -> TermsPage:
    """The page of all terms."""
    graph = terms_graph()
    classes = set(graph.subjects(RDF.type, OWL.Class))
    terms = {node for node in graph.subjects(RDFS.label) if str(node).startswith(NAMESPACE)}
    made = {node: _term(URIRef(str(node)), language) for node in terms}
    return TermsPage(
        classes=tuple(sorted((made[node] for node in terms & classes), key=lambda term: term.anchor)),
        properties=tuple(sorted((made[node] for node in terms - classes), key=lambda term: term.anchor)),
        schemes=tuple(_scheme(scheme, language) for scheme in SHOWN_SCHEMES),
    )


def _term(node: URIRef, language: Language) -> Term:
    graph = terms_graph()
    definitions = {text.language: str(text) for text in graph.objects(node, SKOS.definition)}  # type: ignore[attr-defined]
    return Term(
        iri=str(node),
        anchor=str(node).removeprefix(NAMESPACE),
        name=label_of(str(node), language),
        definition=definitions.get(language, ""),
        domains=tuple(_type(str(found), language) for found in graph.objects(node, RDFS.domain)),
        ranges=tuple(_type(str(found), language) for found in graph.objects(node, RDFS.range)),
    )


def _type(iri: str, language: Language) -> Link:
    own = iri.startswith(NAMESPACE)
    return Link(iri, label_of(iri, language) if own else iri.replace("#", "/").rsplit("/", 1)[-1])


def _scheme(scheme: str, language: Language) -> Link:
    return Link(f"{CONCEPTS}{scheme}", scheme_labels(scheme)[language])


def scheme_page(scheme: str, language: Language) -> SchemePage | None:
    """The page of a scheme, ``None`` for one that there is not or that says nothing of trials."""
    if scheme not in SHOWN_SCHEMES:
        return None
    links = sorted((_link(found, language) for found in concepts(scheme)), key=lambda link: link.name)
    return SchemePage(f"{CONCEPTS}{scheme}", _scheme(scheme, language).name, tuple(links))


def known_concept(scheme: str, name: str) -> Concept | None:
    """The concept, ``None`` for one that there is not or that says nothing of trials."""
    return concept(f"{CONCEPTS}{scheme}/{name}") if scheme in SHOWN_SCHEMES else None


def concept_page(
    found: Concept, scheme: str, index: SearchIndex | None, number: int, language: Language, urls: Urls
) -> ConceptPage:
    """The page of a concept, with that page of the list of trials that use it or what is narrower."""

    def related(other: Concept) -> Related:
        trials = None if index is None else index.used(path_of(other.iri))
        return Related(_link(other, language), trials)

    below = (other for other in narrower(found.iri) if found.iri in other.broader)
    return ConceptPage(
        concept=found,
        scheme=_scheme(scheme, language),
        above=tuple(tuple(related(other) for other in way) for way in _ways_up(found)),
        narrower=tuple(sorted(map(related, below), key=lambda one: (-(one.trials or 0), one.link.name))),
        matches=found.matches,
        companions=() if index is None else tuple(_companions(found, index, language)),
        trials=None if index is None else _trials(found, index, number, language, urls),
    )


def _ways_up(found: Concept) -> Iterator[tuple[Concept, ...]]:
    """The chains of broader concepts, each from the nearest to the top."""
    for iri in found.broader:
        if (above := concept(iri)) is not None:
            yield from ((above, *further) for further in (tuple(_ways_up(above)) or ((),)))


def _companions(found: Concept, index: SearchIndex, language: Language) -> Iterator[Companions]:
    """What occurs with the concept, without what is broader or narrower than it."""
    path = path_of(found.iri)
    family = {path_of(other.iri) for other in narrower(found.iri)} | with_broader(path)
    shared = index.companions(path, _MOST_COMPANIONS)
    for facet in SUGGESTED:
        others = (
            (known, one.trials)
            for one in shared
            if one.facet == facet
            and (name := f"{CONCEPT_FACETS[facet]}/{one.value}") not in family
            and (known := concept(CONCEPTS + name)) is not None
        )
        links = tuple(Related(_link(known, language), trials) for known, trials in others)[:_COMPANIONS_OF_A_FACET]
        if links:
            yield Companions(facet, links)


def _trials(found: Concept, index: SearchIndex, number: int, language: Language, urls: Urls) -> Trials:
    path = path_of(found.iri)
    answer = index.find(Wanted(concept=path, sort="newest", page=number))
    last, here = answer.last_page, answer.page
    return Trials(
        shown=listed(answer.trials, language),
        found=answer.total,
        number=here,
        last=last,
        previous=urls.described(language, found.iri, here - 1) if here > 1 else None,
        next=urls.described(language, found.iri, here + 1) if here < last else None,
        search=urls.search(language, parameters(trials_of(path))),
    )


def _link(found: Concept, language: Language) -> Link:
    return Link(found.iri, label_of(found.iri, language), found.definitions.get(language))
