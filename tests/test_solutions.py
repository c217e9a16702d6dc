"""Solutions read from the table that the database writes: the same as those that it gives one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import XSD, Literal, URIRef

from kg.answers import QueryError, Value
from kg.solutions import read_table, read_term
from kg.store import Store

THING, SAYS = URIRef("https://example.org/thing"), URIRef("https://example.org/says")
GRAPH = URIRef("https://example.org/graph")
# Every character that a text may have; a lone surrogate is none.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.one_of(
    TEXTS.map(Literal),
    st.builds(Literal, TEXTS, lang=st.sampled_from(["en", "zh", "zh-hans"])),
    st.sampled_from([("-2", XSD.integer), ("2.5", XSD.decimal), ("true", XSD.boolean)]).map(
        lambda typed: Literal(typed[0], datatype=typed[1], normalize=False)
    ),
    st.sampled_from([("2020", XSD.gYear), ("2020-01-02", XSD.date), ("a", XSD.string)]).map(
        lambda typed: Literal(typed[0], datatype=typed[1], normalize=False)
    ),
    st.sampled_from(["https://example.org/a-b", "https://example.org/%22quoted%22", "urn:x:y"]).map(URIRef),
)


@given(st.lists(VALUES, max_size=8))
def test_solutions_are_the_same_at_once_and_one_by_one(values: list[Literal | URIRef]) -> None:
    store = Store.memory()
    store.replace({GRAPH: [(THING, SAYS, value) for value in values]})
    query = "SELECT ?thing ?value ?other { ?thing ?says ?value OPTIONAL { ?value ?says ?other } }"
    bound = {"thing": THING}
    found = store.select(query, bound)

    assert found == list(store.solutions(query, bound))
    expected = {(str(value), value.language if isinstance(value, Literal) else None) for value in values}
    assert {tuple(solution["value"]) for solution in found} == expected
    assert all(solution["thing"] == Value(str(THING)) for solution in found)


def test_what_is_known_is_not_read_and_what_is_unbound_left_out() -> None:
    table = b'?a\t?b\t?c\n<x:1>\t"say \\"no\\"\\n"@en\t\n<x:2>\t\t7.50\n'
    assert read_table(table, {"a": Value("x:0")}) == [
        {"a": Value("x:0"), "b": Value('say "no"\n', "en")},
        {"a": Value("x:0"), "c": Value("7.50")},
    ]


@pytest.mark.parametrize(
    ("token", "value"),
    [
        ("<https://example.org/>", Value("https://example.org/")),
        ("_:b0", Value("b0")),
        ('""', Value("")),
        ('"a"^^<http://www.w3.org/2001/XMLSchema#gYear>', Value("a")),
        ('"a\\\\n"', Value("a\\n")),
        ('"a"@ar--rtl', Value("a", "ar")),
        ("true", Value("true")),
    ],
)
def test_terms(token: str, value: Value) -> None:
    assert read_term(token) == value


def test_a_triple_is_no_term_of_a_page() -> None:
    with pytest.raises(QueryError, match="no page can show"):
        read_term("<<( <x:1> <x:2> <x:3> )>>")
