"""Queries made to take time, memory, room or the parser's stack, by name."""

from __future__ import annotations

DEEP = 10_000
# How many names a VALUES of about a megabyte holds.
MANY = 28_000


def hostile() -> dict[str, str]:
    """At least forty hostile queries."""
    return {**_products(), **_patterns(), **_texts(), **_nested(), **_others()}


def cross(number: int) -> str:
    """A cross product of so many patterns."""
    return " . ".join(f"?s{n} ?p{n} ?o{n}" for n in range(number))


def _products() -> dict[str, str]:
    three = cross(3)
    found = {f"count of a product of {n}": f"SELECT (COUNT(*) AS ?n) {{ {cross(n)} }}" for n in (2, 3, 4, 6)}
    found |= {f"product of {n}": f"SELECT * {{ {cross(n)} }}" for n in (2, 3, 5)}
    for key in ("?o0", "?o1 ?o2", "DESC(?s0) ?o2", "STRLEN(STR(?o0))"):
        found[f"product ordered by {key}"] = f"SELECT * {{ {three} }} ORDER BY {key}"
    found["product, distinct"] = f"SELECT DISTINCT ?s0 ?o1 ?o2 {{ {three} }}"
    found["product, grouped"] = f"SELECT ?s0 ?o1 ?o2 (COUNT(*) AS ?n) {{ {three} }} GROUP BY ?s0 ?o1 ?o2"
    found["everything in one text"] = (
        f'SELECT (GROUP_CONCAT(CONCAT(STR(?s0), STR(?o0), STR(?o1)); separator=" ") AS ?x) {{ {cross(2)} }}'
    )
    found["distinct count"] = f"SELECT (COUNT(DISTINCT CONCAT(STR(?s0), STR(?o1), STR(?o2))) AS ?n) {{ {three} }}"
    found["offset without end"] = f"SELECT * {{ {three} }} OFFSET 1000000000 LIMIT 1"
    found["constructed product"] = f"CONSTRUCT {{ ?s0 ?p1 ?o0 . ?s1 ?p0 ?o1 . [] ?p0 ?o1 }} WHERE {{ {cross(2)} }}"
    found["described product"] = f"DESCRIBE * {{ {cross(2)} }}"
    found["ask for the impossible"] = f'ASK {{ {three} FILTER(STR(?s0) = "nowhere") }}'
    return found


def _patterns() -> dict[str, str]:
    step = "!<http://example.org/none>"
    paths = (f"({step})*", f"({step}|^{step})*", f"({step}/{step})*", f"(({step})+)+", f"{step}/{step}/{step}/{step}")
    return {
        **{f"path {number}": f"SELECT (COUNT(*) AS ?n) {{ ?a {path} ?b }}" for number, path in enumerate(paths)},
        "minus": "SELECT * { { ?a ?b ?c . ?d ?e ?f } MINUS { ?g ?h ?c . ?i ?j ?f } }",
        "not exists in optional": (
            "SELECT * { ?a ?b ?c OPTIONAL { ?d ?e ?f FILTER NOT EXISTS { ?d ?x ?a . ?y ?z ?d } } "
            "FILTER NOT EXISTS { ?q ?r ?a . ?a ?s ?t . ?u ?v ?w FILTER(?u = ?f) } }"
        ),
        "exists in exists": (
            f"SELECT (COUNT(*) AS ?n) {{ {cross(3)} FILTER EXISTS {{ ?o2 ?x ?y FILTER EXISTS {{ ?y ?z ?s0 }} }} }}"
        ),
        "many optionals": f"SELECT * {{ ?s ?p ?o {' '.join(f'OPTIONAL {{ {cross(n + 1)} }}' for n in range(12))} }}",
        "many unions": f"SELECT (COUNT(*) AS ?n) {{ {' UNION '.join(['{ ?s ?p ?o . ?o ?q ?r }'] * 400)} }}",
        "graphs by graphs": "SELECT * { GRAPH ?g { ?a ?b ?c } GRAPH ?h { ?d ?e ?f } GRAPH ?i { ?x ?y ?z } }",
    }


def _texts() -> dict[str, str]:
    both = "CONCAT(STR(?o0), STR(?o1))"
    regexes = ("^(a+)+$", "(.*)*x", "(a|aa)+$", "(.*a){20}", "([a-z]+)*[0-9]", "(((((.{0,9}){0,9}){0,9}){0,9}){0,9})")
    doubled = " ".join(f"BIND(CONCAT(?s{n}, ?s{n}) AS ?s{n + 1})" for n in range(34))
    return {
        **{f"regex {regex}": f'SELECT * {{ {cross(2)} FILTER(REGEX({both}, "{regex}")) }}' for regex in regexes},
        "replaced": f'SELECT (REPLACE({both}, "(.)(.)", "$2$1$2$1") AS ?x) {{ {cross(2)} }}',
        "hashed and ordered": f"SELECT (SHA512({both}) AS ?h) {{ {cross(2)} }} ORDER BY ?h",
        "doubled 34 times": f"SELECT ?z {{ BIND('x' AS ?s0) {doubled} BIND(STRLEN(?s34) AS ?z) }}",
    }


def _nested() -> dict[str, str]:
    return {
        "nested braces": f"SELECT * {'{' * DEEP}{'}' * DEEP}",
        "nested brackets": f"SELECT * {{ FILTER({'(' * DEEP}1{')' * DEEP}) }}",
        "nested negations": f"SELECT * {{ FILTER({'!' * DEEP}true) }}",
        "nested lists": f"SELECT * {{ ?s ?p {'(' * DEEP}1{')' * DEEP} }}",
        "nested optionals": f"SELECT * {{ {'OPTIONAL { ?s ?p ?o ' * 300}{'}' * 300} }}",
        "nested selects": f"SELECT * {{ {'{ SELECT * { ' * 2000}?s ?p ?o{' } }' * 2000} }}",
    }


def _others() -> dict[str, str]:
    names = " ".join(f"<http://example.org/{number:08d}>" for number in range(MANY))
    return {
        "a megabyte of values": f"SELECT * {{ VALUES ?a {{ {names} }} ?a ?b ?c . ?d ?e ?f }}",
        "values against everything": f"SELECT (COUNT(*) AS ?n) {{ VALUES ?a {{ {names} }} ?x ?p ?y FILTER(?a != ?x) }}",
        "another service": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "an update": "DELETE WHERE { ?s ?p ?o }",
    }
