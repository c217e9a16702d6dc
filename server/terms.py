"""The pages of the vocabulary: its terms, its concept schemes, and each concept in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rdflib import OWL, RDF, RDFS, SKOS, URIRef

from kg import rows
from kg.vocabulary_graph import LEFT_OUT
from ontology import SCHEMES, Concept, concept, concepts, narrower, scheme_labels, terms_graph
from ontology import label as label_of
from ontology.vocabulary import CONCEPTS, NAMESPACE
from server.evidence import in_language
from server.negotiation import Language
from server.paging import part_of

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
class ConceptPage:
    """One concept: its names in both languages, and what is around it; ``matches`` lead to other vocabularies."""

    concept: Concept
    scheme: Link
    broader: tuple[Link, ...]
    narrower: tuple[Link, ...]
    matches: tuple[str, ...]
    trials: Trials


@dataclass(frozen=True, slots=True)
class NamedTrial:
    """A trial to go to, by its key, with a title of it in the page's language where there is one."""

    key: str
    title: rows.Name


@dataclass(frozen=True, slots=True)
class Trials:
    """Some of the trials that use a concept: ``number`` of ``last`` pages of them, ``found`` in all."""

    shown: tuple[NamedTrial, ...]
    found: int
    number: int
    last: int


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
    found: Concept, scheme: str, trials: Sequence[rows.TrialTitle], number: int, language: Language
) -> ConceptPage:
    """The page of a concept, with that page of the list of trials that use it."""
    below = (other for other in narrower(found.iri) if found.iri in other.broader)
    return ConceptPage(
        concept=found,
        scheme=_scheme(scheme, language),
        broader=tuple(_link(other, language) for iri in found.broader if (other := concept(iri)) is not None),
        narrower=tuple(_link(other, language) for other in below),
        matches=found.matches,
        trials=_trials(trials, number, language),
    )


def _trials(trials: Sequence[rows.TrialTitle], number: int, language: Language) -> Trials:
    part = part_of(len(trials), number)
    shown = (
        NamedTrial(trial.key, in_language(trial.titles, language) or rows.Name(trial.key, language))
        for trial in trials[part.first : part.end]
    )
    return Trials(tuple(shown), part.found, part.number, part.last)


def _link(found: Concept, language: Language) -> Link:
    return Link(found.iri, label_of(found.iri, language), found.definitions.get(language))
