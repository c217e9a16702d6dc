"""The components of the pipelines; importing this package registers all their factories with spaCy."""

from extractors.components import (
    abbreviations,
    arms,
    design,
    endpoints,
    population,
    quantities,
    registrations,
    results,
    roles,
    sentences,
    settling,
    spans,
    terms,
    tokenizer,
    zones,
)

__all__ = [
    "abbreviations",
    "arms",
    "design",
    "endpoints",
    "population",
    "quantities",
    "registrations",
    "results",
    "roles",
    "sentences",
    "settling",
    "spans",
    "terms",
    "tokenizer",
    "zones",
]
