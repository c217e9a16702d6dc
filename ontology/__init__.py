"""What may be said: the terms, the bilingual concept schemes and the shapes, all kept in Turtle."""

from ontology.vocabulary import (
    EV,
    SCHEMES,
    Concept,
    UnknownConcept,
    UnknownScheme,
    UnknownTerm,
    by_name,
    concept,
    concepts,
    forms,
    label,
    narrower,
    notations,
    prefixes,
    shapes_graph,
    terms_graph,
)

__all__ = [
    "EV",
    "SCHEMES",
    "Concept",
    "UnknownConcept",
    "UnknownScheme",
    "UnknownTerm",
    "by_name",
    "concept",
    "concepts",
    "forms",
    "label",
    "narrower",
    "notations",
    "prefixes",
    "shapes_graph",
    "terms_graph",
]
