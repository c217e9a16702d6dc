"""A report that comes from several sources is one report, and the same one in whatever order they come."""

from __future__ import annotations

import json
import random
from itertools import permutations
from pathlib import Path

import pytest
from graph_fixtures import lines, reading, record
from registry_records import FORMS, OLDER_XML

from kg import queries
from kg.check import check
from kg.duplicates import duplicates
from kg.identity import Identified, identity
from kg.ingest import ingest
from kg.iris import Iris
from kg.reading import standard_reading
from kg.store import Store
from ontology import EV

pytestmark = pytest.mark.usefixtures("few_terms")

IRIS = Iris()
TITLE = "Early surgery for lantern disease in people of the coast"


def report(name: str, **fields: str | None) -> Identified:
    known = {"doi": None, "pmid": None, "year": "2024", "kind": "record", **fields}
    title = known.pop("title", TITLE)
    doi = known.pop("doi")
    return Identified(f"x:{name}", name, doi, (), (), (), titles=(title or "",), **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ({"doi": "10.1/a", "pmid": "1"}, {"pmid": "1", "title": "another"}, True),
        ({"doi": "10.1/a"}, {}, True),
        ({}, {"title": TITLE.upper() + "."}, True),
        ({}, {"year": "2023"}, False),
        ({"doi": "10.1/a"}, {"doi": "10.1/b"}, False),
        ({"pmid": "1"}, {"pmid": "2"}, False),
        ({}, {"kind": "article"}, False),
        ({"title": "Erratum"}, {"title": "Erratum"}, False),
    ],
)
def test_what_is_one_report(first: dict[str, str], second: dict[str, str], same: bool) -> None:
    pair = report("a", **first), report("b", **second)
    assert bool(duplicates(pair)) == same
    assert duplicates(pair) == duplicates(pair[::-1])


def test_two_papers_are_not_one_through_a_third_that_lacks_what_tells_them_apart() -> None:
    assert duplicates([report("a", doi="10.1/a"), report("b", doi="10.1/b"), report("c")]) == {}


def test_a_duplicate_takes_no_part_in_the_trial_but_names_it() -> None:
    triples = identity([report("a", doi="10.1/a"), report("b")], IRIS)
    assert [str(value) for _, predicate, value in triples if predicate == EV.hasReport] == ["x:a"]
    assert [(str(s), str(o)) for s, predicate, o in triples if predicate == EV.duplicate] == [("x:a", "x:b")]
    assert "b" in {str(value) for _, _, value in triples}


def test_other_texts_of_a_report_are_its_sources_in_any_order(tmp_path: Path) -> None:
    texts = {
        "a.txt": record().document.text,
        "b.txt": record().document.text + "A line more.\n",
        "c.txt": record().document.text,
        "d.txt": record().document.text + "Two.\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, "utf-8")
    dumps: set[tuple[str, ...]] = set()
    for order in [*permutations(texts)][::5]:
        store = Store.memory()
        for name in order:
            run = ingest(store, [tmp_path / name], reading=reading(record()))
            assert run.new + run.updated + run.unchanged == 1
        dumps.add(tuple(lines(store)))
        source = queries.source(store, str(IRIS.report(record().document.id)))
        assert source is not None
        assert source.text == texts["b.txt"]
        assert check(store) == ()
    assert len(dumps) == 1
    quads = "\n".join(dumps.pop())
    assert all(f'#sourceName> "{name}"' in quads for name in texts)


def test_a_new_text_of_a_known_file_is_a_new_version_of_a_report_with_sources(tmp_path: Path) -> None:
    store = Store.memory()
    best, other = tmp_path / "a.txt", tmp_path / "b.txt"
    best.write_text(record().document.text + "A line more.\n", "utf-8")
    other.write_text(record().document.text, "utf-8")
    ingest(store, [best, other], reading=reading(record()))
    best.write_text(record().document.text + "Mended.\n", "utf-8")
    ingest(store, [best], reading=reading(record()))
    source = queries.source(store, str(IRIS.report(record().document.id)))
    assert source is not None
    assert source.version == 2
    assert source.text.endswith("Mended.\n")
    before = lines(store)
    assert ingest(store, [best, other], reading=reading(record())).unchanged == 2
    assert lines(store) == before


def test_any_order_of_records_gives_the_same_graph(tmp_path: Path) -> None:
    found: set[tuple[str, ...]] = set()
    texts = {**FORMS, "copy.xml": OLDER_XML, "more.json": json.dumps([json.loads(FORMS["isrctn.json"])])}
    for order in range(2):
        names = sorted(texts)
        random.Random(order).shuffle(names)
        store = Store.memory()
        for name in names:
            (tmp_path / name).write_text(texts[name], "utf-8")
            ingest(store, [tmp_path / name], reading=standard_reading())
        found.add(tuple(lines(store)))
    assert len(found) == 1
