"""A question in words: its title, and how its page is cited."""

from __future__ import annotations

from collections.abc import Mapping

from ontology import by_name, label
from server.negotiation import Language


def title(asked: Mapping[str, str | None], language: Language) -> str:
    """The question of these concepts, by part, in words: "Overall survival: A vs B (people)"."""

    def word(name: str) -> str:
        return label(by_name("interface", name).iri, language)

    def said(part: str, otherwise: str) -> str:
        iri = asked[part]
        return label(iri, language) if iri else word(otherwise)

    endpoint = asked["endpoint"]
    if endpoint is None:
        return word("question-title")
    without = "question-without-it" if asked["intervention"] else "question-any-comparator"
    text = word("question-of").format(
        endpoint=label(endpoint, language),
        intervention=said("intervention", "question-any-intervention"),
        comparator=said("comparator", without),
    )
    people = asked["population"]
    if people:
        text = word("question-of-people").format(question=text, people=label(people, language))
    return text[:1].upper() + text[1:]


def citation(titled: str, version: str, address: str, language: Language) -> str:
    """How a page is cited: site, title, version of the graph, address."""
    site = label(by_name("interface", "site").iri, language)
    graph = label(by_name("interface", "question-version").iri, language).format(version=version)
    return f"{site}. {titled}. {graph} {address}"
