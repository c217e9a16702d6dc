"""Reads the Turtle files of this folder, each once and when first asked for, into concepts and graphs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from rdflib import RDF, RDFS, SH, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

LANGUAGES: Final = ("en", "zh")
NAMESPACE: Final = "https://w3id.org/evidence-kg/ns#"
CONCEPTS: Final = "https://w3id.org/evidence-kg/concept/"
SCHEMES: Final = (
    "articles",
    "audit",
    "checks",
    "conditions",
    "countries",
    "cues",
    "designs",
    "endpoints",
    "interface",
    "interventions",
    "layout",
    "measures",
    "numerals",
    "registries",
    "publications",
    "records",
    "sections",
    "subgroups",
    "tables",
    "units",
)


class UnknownScheme(LookupError):
    """A concept scheme that has no Turtle file in ontology/."""


class UnknownConcept(LookupError):
    """An IRI or name that no Turtle file in ontology/ describes."""


class UnknownTerm(AttributeError):
    """A class or property that terms.ttl lacks; an AttributeError, so that ``hasattr`` keeps its meaning."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One SKOS concept; label mappings go from "en" or "zh" to the labels in that language.

    ``notations`` are acronyms and codes, the same in both languages and sensitive to case; ``hidden`` labels
    are matched in text but never shown. ``patterns`` and ``links`` are filled for registries: regular
    expressions, and the values of urlTemplate, fallbackTemplate, bioregistryPrefix and example.
    """

    iri: str
    scheme: str
    name: str
    preferred: Mapping[str, str]
    alternatives: Mapping[str, tuple[str, ...]]
    hidden: Mapping[str, tuple[str, ...]]
    notations: tuple[str, ...]
    definitions: Mapping[str, str]
    broader: tuple[str, ...]
    matches: tuple[str, ...]
    related: tuple[str, ...]
    patterns: tuple[str, ...]
    links: Mapping[str, str]


class Terms:
    """The product's own namespace: ``EV.value`` is a term's IRI, and a term that terms.ttl lacks fails."""

    def __getattr__(self, name: str) -> URIRef:
        """Return the IRI of the term; raises UnknownTerm."""
        iri = NAMESPACE + name
        if iri not in _term_labels():
            raise UnknownTerm(f"ontology/terms.ttl has no term {name!r}; add it or correct the name")
        return URIRef(iri)

    def __getitem__(self, name: str) -> URIRef:
        """Return the IRI of the term; raises UnknownTerm."""
        return self.__getattr__(name)


EV: Final = Terms()


def concepts(scheme: str) -> tuple[Concept, ...]:
    """Return the concepts of a scheme, sorted by IRI; raises UnknownScheme."""
    return tuple(_by_iri(scheme).values())


def concept(iri: str) -> Concept | None:
    """Return the concept with this IRI, or None where no scheme has it."""
    scheme, _, _ = iri.removeprefix(CONCEPTS).partition("/")
    if not iri.startswith(CONCEPTS) or scheme not in SCHEMES:
        return None
    return _by_iri(scheme).get(iri)


def by_name(scheme: str, name: str) -> Concept:
    """Return the concept of the scheme whose IRI ends in the name.

    Raises UnknownScheme and UnknownConcept.
    """
    found = _by_iri(scheme).get(f"{CONCEPTS}{scheme}/{name}")
    if found is None:
        raise UnknownConcept(f"ontology/{scheme}.ttl has no concept {name!r}; add it or correct the name")
    return found


def label(iri: str, language: str) -> str:
    """Return the label of a concept, or of a term of terms.ttl, in "en" or "zh".

    Falls back to the other language; raises UnknownConcept where the IRI has no label at all.
    """
    found = concept(iri)
    labels = found.preferred if found else _term_labels().get(iri, {})
    for candidate in (language, *LANGUAGES):
        if candidate in labels:
            return labels[candidate]
    raise UnknownConcept(f"no file of ontology/ gives {iri} a label; check that it is ours")


@cache
def forms(scheme: str, language: str, group: str | None = None) -> Mapping[str, str]:
    """Return the casefolded labels, shown and hidden, of one language, each with its concept's IRI.

    ``group`` is the name of a concept: only what is narrower than it is returned.
    Raises UnknownScheme and UnknownConcept.
    """
    return MappingProxyType(
        {
            form.casefold(): found.iri
            for found in _members(scheme, group)
            for form in (
                *((found.preferred[language],) if language in found.preferred else ()),
                *found.alternatives.get(language, ()),
                *found.hidden.get(language, ()),
            )
        }
    )


@cache
def notations(scheme: str, group: str | None = None) -> Mapping[str, str]:
    """Return the notations of a scheme, each with its concept's IRI; ``group`` as in ``forms``."""
    return MappingProxyType({code: found.iri for found in _members(scheme, group) for code in found.notations})


@cache
def narrower(iri: str) -> tuple[Concept, ...]:
    """Return all concepts below this one, at any depth, sorted by IRI; raises UnknownConcept."""
    found = concept(iri)
    if found is None:
        raise UnknownConcept(f"no scheme of ontology/ has the concept {iri}")
    below = {iri}
    while True:
        more = {c.iri for c in concepts(found.scheme) if below.intersection(c.broader)} - below
        if not more:
            return tuple(c for c in concepts(found.scheme) if c.iri in below and c.iri != iri)
        below |= more


@cache
def scheme_labels(scheme: str) -> Mapping[str, str]:
    """Return the name of a scheme by language; raises UnknownScheme."""
    if scheme not in SCHEMES:
        raise UnknownScheme(f"there is no scheme {scheme!r}; the schemes are {', '.join(SCHEMES)}")
    return _one_each(_graph(scheme).objects(URIRef(f"{CONCEPTS}{scheme}"), SKOS.prefLabel))


@cache
def prefixes() -> Mapping[str, str]:
    """Return every prefix of prefixes.ttl with its namespace, sorted by prefix."""
    graph = _graph("prefixes")
    pairs = {str(graph.value(node, SH.prefix)): str(name) for node, name in graph[: SH.namespace]}
    return MappingProxyType(dict(sorted(pairs.items())))


def shapes_graph() -> Graph:
    """Return the SHACL shapes; the graph is shared, so callers leave it as it is."""
    return _graph("shapes")


def terms_graph() -> Graph:
    """Return the classes and properties; the graph is shared, so callers leave it as it is."""
    return _graph("terms")


class _Statements(Graph):
    """What a file states, by subject and predicate: twice as fast to fill as the indexes of a graph."""

    def __init__(self) -> None:
        super().__init__(bind_namespaces="none")
        self.statements: dict[Node, dict[Node, list[Node]]] = {}

    def add(self, triple: tuple[Node, Node, Node]) -> _Statements:
        """Note the triple, as the parser finds it."""
        subject, predicate, value = triple
        self.statements.setdefault(subject, {}).setdefault(predicate, []).append(value)
        return self


@cache
def _graph(name: str) -> Graph:
    graph = Graph(bind_namespaces="none")
    graph.parse(data=_turtle(name), format="turtle")
    return graph


def _turtle(name: str) -> bytes:
    return files("ontology").joinpath(f"{name}.ttl").read_bytes()


@cache
def _term_labels() -> Mapping[str, Mapping[str, str]]:
    graph = _graph("terms")
    own = {subject for subject in graph.subjects(RDFS.label) if str(subject).startswith(NAMESPACE)}
    return {str(term): _one_each(graph.objects(term, RDFS.label)) for term in own}


@cache
def _by_iri(scheme: str) -> Mapping[str, Concept]:
    if scheme not in SCHEMES:
        raise UnknownScheme(f"there is no scheme {scheme!r}; the schemes are {', '.join(SCHEMES)}")
    found = _Statements()
    found.parse(data=_turtle(scheme), format="turtle")
    nodes = (node for node, values in found.statements.items() if SKOS.Concept in values.get(RDF.type, ()))
    return {str(node): _concept(node, scheme, found.statements[node]) for node in sorted(nodes, key=str)}


def _concept(node: Node, scheme: str, values: Mapping[Node, list[Node]]) -> Concept:
    def plain(*wanted: URIRef) -> tuple[str, ...]:
        return tuple(sorted(str(value) for predicate in wanted for value in values.get(predicate, ())))

    return Concept(
        iri=str(node),
        scheme=scheme,
        name=str(node).rsplit("/", 1)[-1],
        preferred=_one_each(values.get(SKOS.prefLabel, ())),
        alternatives=_many_each(values.get(SKOS.altLabel, ())),
        hidden=_many_each(values.get(SKOS.hiddenLabel, ())),
        notations=plain(SKOS.notation),
        definitions=_one_each(values.get(SKOS.definition, ())),
        broader=plain(SKOS.broader),
        matches=plain(SKOS.exactMatch, SKOS.closeMatch),
        related=plain(SKOS.related),
        patterns=plain(URIRef(NAMESPACE + "pattern")),
        links=MappingProxyType(
            {
                name: str(found[0])
                for name in ("bioregistryPrefix", "example", "fallbackTemplate", "urlTemplate")
                if (found := values.get(URIRef(NAMESPACE + name)))
            }
        ),
    )


def _many_each(values: Iterable[Node]) -> Mapping[str, tuple[str, ...]]:
    texts: dict[str, list[str]] = {}
    for value in values:
        if isinstance(value, Literal) and value.language:
            texts.setdefault(value.language, []).append(str(value))
    return MappingProxyType({language: tuple(sorted(texts[language])) for language in sorted(texts)})


def _one_each(values: Iterable[Node]) -> Mapping[str, str]:
    return MappingProxyType({language: found[0] for language, found in _many_each(values).items()})


def _members(scheme: str, group: str | None) -> tuple[Concept, ...]:
    return concepts(scheme) if group is None else narrower(by_name(scheme, group).iri)
