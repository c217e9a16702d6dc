"""The index of the search: what it is made of, what finds what, and that it is whole and beside its graph."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from graph_fixtures import papers, reading, write
from hypothesis import given, settings
from hypothesis import strategies as st
from registry_records import STUDY

from kg.ingest import ingest
from kg.opening import published_index, published_version
from kg.reading import standard_reading
from kg.rows import Name
from kg.search.entries import FACETS, Entry, Line, entries, size_name
from kg.search.finding import IndexMissing, SearchIndex
from kg.search.forms import mentioned, stretches, with_broader
from kg.search.index import FOLDER, write_index
from kg.search.wanted import LONGEST_TEXT, ON_A_PAGE, Wanted
from kg.search.words import pieces, terms
from kg.store import Store, StoreUnwritable

LAMP, WICK = "NCT00000001", "ISRCTN00000002"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the three fixture papers of two trials, published."""
    made = tmp_path_factory.mktemp("data")
    store = Store.open(made)
    assert not ingest(store, [write(tmp_path_factory.mktemp("papers"), *papers())], reading=reading(*papers())).failed
    return made


@pytest.fixture(scope="module")
def index(folder: Path) -> SearchIndex:
    return published_index(folder, published_version(folder))


def written(folder: Path) -> Path:
    """A folder with the files of the fixture papers."""
    (folder / "papers").mkdir()
    return write(folder / "papers", *papers())


def trial(key: str, title: str = "", language: str = "en", **known: object) -> Entry:
    """A made-up entry of the index; ``known`` are fields of an entry or of its line."""
    of_line = {name: value for name, value in known.items() if name in {"year", "randomised", "identifiers"}}
    others = {name: value for name, value in known.items() if name not in of_line}
    line = Line(key=key, titles=(Name(title, language),) if title else (), **of_line)  # type: ignore[arg-type]
    return Entry(line=line, **others)  # type: ignore[arg-type]


def made(folder: Path, *of: Entry) -> SearchIndex:
    write_index(folder, of)
    return SearchIndex.open(folder)


def keys(index: SearchIndex, text: str = "", **wanted: object) -> list[str]:
    return [line.key for line in index.find(Wanted(text=text, **wanted)).trials]  # type: ignore[arg-type]


def test_an_entry_is_gathered_from_all_reports_of_a_trial(folder: Path) -> None:
    found = {entry.line.key: entry for entry in entries(Store.published(folder))}
    lamp = found[LAMP]

    assert set(found) == {LAMP, WICK}
    assert {title.language for title in lamp.line.titles} == {"en", "zh"}
    assert (lamp.line.year, lamp.line.randomised, lamp.line.reports) == (2024, 406, 2)
    assert lamp.line.identifiers == (LAMP,)
    assert lamp.line.acronyms == ("LAMP",)
    assert [name.text for name in lamp.line.conditions] == ["patients with lantern disease", "灯笼病"]
    assert lamp.names >= {"nct00000001", "lamp", "10.1000/lamp.1"}
    assert lamp.facets["endpoint"] >= {"overall-survival"} | {
        path.partition("/")[2] for path in with_broader("endpoints/overall-survival")
    }
    assert lamp.facets["size"] == {"250-499"}
    assert lamp.facets["registry"] == {"clinicaltrials-gov"}
    assert {"full-text", "several-reports", "both-languages"} <= lamp.facets["has"]
    assert "conditions/asthma" in lamp.concepts
    assert "full-text" not in found[WICK].facets["has"]


def test_what_is_only_registered_is_found_and_shown_too(tmp_path: Path) -> None:
    (tmp_path / "studies.json").write_text(json.dumps([STUDY]), encoding="utf-8")
    store = Store.open(tmp_path / "data")
    assert not ingest(store, [tmp_path / "studies.json"], reading=standard_reading()).failed
    index = published_index(tmp_path / "data", "00000001")
    (line,) = index.find(Wanted()).trials

    assert line.features == ("registry-record",)
    assert [name.text for name in line.conditions] == ["Asthma"]
    assert line.experimental
    assert line.primary
    for text in ("asthma", "哮喘", "lantern university", line.primary[0][0].text):
        assert keys(index, text) == [LAMP], text
    assert index.find(Wanted()).facets["condition"][0].value == "asthma"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [LAMP, WICK]),
        ("LANTERN DISEASE", [LAMP]),
        ("灯笼", [LAMP]),
        ("灯", [LAMP]),
        ("手术组", [LAMP]),
        ("早期手术", [LAMP]),
        ("wick", [WICK]),
        ("lanterns by day", [WICK]),
        ("NCT00000001", [LAMP]),
        ("nct0000", [LAMP]),
        ("doi:10.1000/LAMP.1", [LAMP]),
        ("https://doi.org/10.1000/lamp.1", [LAMP]),
        ("lamp", [LAMP]),
        ("j lanterns", [LAMP]),
        ("OS", [LAMP]),
        ("os", [LAMP]),
        ("总生存期", [LAMP]),
        ('"overall survival"', [LAMP]),
        ("all-cause survival", [LAMP]),
        ("哮喘", [LAMP]),
        ("surgical", [LAMP]),
        ("operation lantern", [LAMP]),
        ("lantrn", [LAMP, WICK]),
        ("surg lant", [LAMP]),
        ("nothingofthekind", []),
        ('" } UNION { ?s ?p ?o', []),
    ],
)
def test_trials_are_found_by_words_names_and_concepts_in_both_languages(
    index: SearchIndex, text: str, found: list[str]
) -> None:
    assert sorted(keys(index, text)) == sorted(found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tumour", "tumors"),
        ("randomised", "Randomized"),
        ("oesophageal", "esophageal"),
        ("centre", "centers"),
        ("haemorrhage", "HEMORRHAGE"),
        ("Sjögren", "sjogren"),
        ("ＰＴＲ", "ptr"),
        ("behavioural", "behavioral"),
    ],
)
def test_spellings_of_a_word_are_one_word(one: str, other: str) -> None:
    assert pieces(one) == pieces(other)


def test_chinese_is_cut_into_pairs_and_words_into_stems() -> None:
    assert terms("乳腺癌 PTR") == ("乳腺", "腺癌", "ptr")
    assert terms("癌") == ("癌",)
    assert terms("The surgeries of a centre") == ("surgeri", "center")
    assert terms("no exercise") != terms("exercise")


def test_the_longest_forms_of_the_lexicon_are_read_in_a_question() -> None:
    assert [stretch.concepts for stretch in stretches("PTR")] == [("interventions/primary-tumour-resection",)]
    assert stretches("原发肿瘤切除")[0].concepts == stretches("primary tumor resection")[0].concepts
    (cancer, particle, drugs) = stretches("乳腺癌的化疗")
    assert cancer.concepts == ("conditions/breast-cancer",)
    assert particle.pieces == ("的",)
    assert drugs.concepts == ("interventions/chemotherapy",)
    assert mentioned(["OS and pain", "breast cancer"]) >= {"conditions/breast-cancer"}
    assert "endpoints/overall-survival" not in mentioned(["Linux, an OS"])


def test_a_form_finds_what_is_called_otherwise_and_what_is_narrower(tmp_path: Path) -> None:
    narrow = trial("narrow", concepts=with_broader("conditions/metastatic-breast-cancer"))
    named = trial("named", "Mammary carcinoma in women")
    other = trial("other", "Breast milk and cancer of the skin")
    index = made(tmp_path, narrow, named, other)

    assert keys(index, "breast cancer") == ["narrow", "named"]
    assert sorted(keys(index, "乳腺癌")) == ["named", "narrow"]
    assert keys(index, "metastatic breast cancer") == ["narrow"]
    assert index.find(Wanted(text="brest cancr")).understood.corrected == (("brest", "breast"), ("cancr", "cancer"))


def test_words_of_a_question_all_count_and_fewer_do_where_no_trial_has_all(tmp_path: Path) -> None:
    index = made(tmp_path, trial("a", "Green tea for sleep"), trial("b", "Black tea for sleep"), trial("c", "Yoga"))

    assert keys(index, "green tea") == ["a"]
    both = index.find(Wanted(text="green yoga"))
    assert {line.key for line in both.trials} == {"a", "c"}
    assert both.understood.loose
    assert not index.find(Wanted(text="tea sleep")).understood.loose
    assert keys(index, '"tea sleep"') == ["a", "b"]
    assert keys(index, '"sleep tea"') == []


def test_an_unfinished_word_is_completed_and_a_misspelt_one_corrected(tmp_path: Path) -> None:
    index = made(tmp_path, trial("a", "Chamomile tea"), trial("b", "Chamber music"))

    begun = index.find(Wanted(text="cham"))
    assert {line.key for line in begun.trials} == {"a", "b"}
    assert begun.understood.completed == ("cham",)
    wrong = index.find(Wanted(text="chamomlie"))
    assert [line.key for line in wrong.trials] == ["a"]
    assert wrong.understood.corrected == (("chamomlie", "chamomile"),)
    assert index.find(Wanted(text="qqqq")).understood.unknown == ("qqqq",)


def test_what_a_title_says_comes_before_what_a_conclusion_says(tmp_path: Path) -> None:
    index = made(tmp_path, trial("b", "Tea", further=("Yoga helps.",)), trial("a", "Yoga for sleep"))

    assert keys(index, "yoga") == ["a", "b"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [("newest", ["new", "old", "small", "none"]), ("oldest", ["old", "new"]), ("largest", ["old", "new", "small"])],
)
def test_what_is_not_known_is_sorted_last(tmp_path: Path, sort: str, order: list[str]) -> None:
    of = [
        trial("new", year=2020, randomised=50),
        trial("old", year=1999, randomised=500),
        trial("small", randomised=7),
        trial("none"),
    ]
    assert keys(made(tmp_path, *of), sort=sort)[: len(order)] == order


def test_the_counts_of_a_facet_are_what_its_filter_gives(index: SearchIndex) -> None:
    everything = index.find(Wanted())
    for facet in FACETS:
        for share in everything.facets[facet]:
            chosen = index.find(Wanted(filters={facet: (share.value,)}))
            assert chosen.total == share.trials
            # Another value of the same facet can still be chosen.
            assert chosen.facets[facet] == everything.facets[facet]
    assert everything.years == ((2020, 1),)


def test_values_of_a_facet_are_alternatives_and_facets_all_hold(index: SearchIndex) -> None:
    both = {"registry": ("clinicaltrials-gov", "isrctn")}

    assert sorted(keys(index, filters=both)) == [WICK, LAMP]
    assert keys(index, filters={**both, "phase": ("phase-3",)}) == [LAMP]
    assert keys(index, filters={"registry": ("isrctn",), "phase": ("phase-3",)}) == []
    assert keys(index, first_year=2024, last_year=2024) == [LAMP]
    assert keys(index, last_year=2023) == []
    assert keys(index, first_year=2025, last_year=1) == []
    assert keys(index, concept="measures/hazard-ratio") == [LAMP]


def test_pages_hold_each_trial_once_and_end(tmp_path: Path) -> None:
    index = made(tmp_path, *(trial(f"t{number:03d}", year=2000) for number in range(ON_A_PAGE * 2 + 3)))
    pages = [index.find(Wanted(page=number)) for number in (1, 2, 3, 4, 10**6, -5)]

    assert [len(found.trials) for found in pages] == [ON_A_PAGE, ON_A_PAGE, 3, 3, 3, ON_A_PAGE]
    assert [found.page for found in pages] == [1, 2, 3, 3, 3, 1]
    assert len({line.key for found in pages for line in found.trials}) == ON_A_PAGE * 2 + 3
    assert len(index.all_lines(Wanted())) == ON_A_PAGE * 2 + 3


def test_concepts_are_suggested_while_they_are_written(index: SearchIndex) -> None:
    assert ("endpoint", "overall-survival", 1) in [
        (one.facet, one.value, one.trials) for one in index.suggestions("overall sur", 9)
    ]
    assert index.suggestions("总生", 9)[0].value == "overall-survival"
    assert index.suggestions("o", 9) == ()
    assert index.suggestions("primary tumour", 9) == (), "no trial has it"


def test_companions_are_what_the_same_trials_have(index: SearchIndex) -> None:
    found = {(one.facet, one.value) for one in index.companions("endpoints/overall-survival", 9)}

    assert ("condition", "asthma") in found
    assert ("endpoint", "overall-survival") not in found
    assert index.companions("endpoints/nothing", 9) == ()


@pytest.mark.parametrize("size", [0, 49, 50, 999, 1000, 10**8])
def test_a_size_belongs_to_one_group(size: int) -> None:
    low, _, high = size_name(size).partition("-")
    assert int(low) <= size <= int(high or size)


HOSTILE = [
    "\x00",
    "\ud83d",
    "𠮷" * 9,
    '"' * 99,
    "((((",
    "a" * LONGEST_TEXT,
    "癌" * LONGEST_TEXT,
    "癌 " * (LONGEST_TEXT // 2),
    "x* AND NOT y~2^9",
    "title:[a TO z] {! }",
    "\\",
    "../../etc",
    "'; DROP TABLE trials; --",
    "\u202e\u0301\u200b",
    "ﷺ" * 20,
    "İ" * 50,
    "1" * 300,
    "10." + "1/" * 150,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_find_nothing_and_raise_nothing(index: SearchIndex, text: str) -> None:
    index.find(Wanted(text=text))
    index.find(Wanted(filters=dict.fromkeys(FACETS, (text,)), concept=text))
    assert index.find(Wanted(filters={"condition": (text,)})).total == 0
    index.suggestions(text, 5)


@settings(max_examples=60)
@given(text=st.text(max_size=60), first=st.integers() | st.none(), last=st.integers() | st.none(), page=st.integers())
def test_no_question_raises(index: SearchIndex, text: str, first: int | None, last: int | None, page: int) -> None:
    found = index.find(Wanted(text=text, first_year=first, last_year=last, page=page))
    assert 1 <= found.page <= found.last_page
    assert len(found.trials) <= ON_A_PAGE


CHINESE = "原发性转移性乳腺癌手术试验"


@settings(max_examples=40)
@given(start=st.integers(0, len(CHINESE) - 1), length=st.integers(1, len(CHINESE)))
def test_any_part_of_a_chinese_title_finds_it(chinese: SearchIndex, start: int, length: int) -> None:
    assert "zh" in keys(chinese, CHINESE[start : start + length])


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    return made(tmp_path_factory.mktemp("zh"), trial("zh", CHINESE, "zh"), trial("en", "Heart failure"))


def test_the_same_entries_give_the_same_answers_in_the_same_order(tmp_path: Path) -> None:
    of = [trial(f"t{number}", "Tea and sleep", year=2000 + number % 3) for number in range(40)]
    one, two = made(tmp_path / "one", *of), made(tmp_path / "two", *of)

    assert one.find(Wanted(text="tea")) == two.find(Wanted(text="tea"))


def test_a_published_graph_has_its_own_index_and_an_old_one_goes_with_its_checkpoint(tmp_path: Path) -> None:
    data, files = tmp_path / "data", written(tmp_path)
    store = Store.open(data)
    ingest(store, sorted(files.iterdir())[:1], reading=reading(*papers()))
    first = published_index(data, published_version(data))
    ingest(store, [files], reading=reading(*papers()))
    second = published_index(data, published_version(data))

    assert (len(first), len(second)) == (1, 2)
    assert first.find(Wanted()).total == 1, "a reader keeps what it has opened"
    store.update("INSERT DATA { GRAPH <http://example.org/g> { <http://example.org/a> <http://example.org/b> 1 } }")
    store.publish()
    assert {path.name for path in (data / "published").iterdir() if path.is_dir()} == {"00000002", "00000003"}
    assert all((data / "published" / name / FOLDER).is_dir() for name in ("00000002", "00000003"))


def test_a_graph_that_was_published_without_index_gets_one(tmp_path: Path) -> None:
    data = tmp_path / "data"
    store = Store.open(data)
    ingest(store, [written(tmp_path)], reading=reading(*papers()))
    shutil.rmtree(data / "published" / published_version(data) / FOLDER)
    with pytest.raises(IndexMissing, match="kg publish"):
        published_index(data, published_version(data))
    assert store.unpublished
    assert store.publish() is not None
    assert len(published_index(data, published_version(data))) == 2


def test_an_index_that_cannot_be_written_publishes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    store = Store.open(data)
    ingest(store, [written(tmp_path)], reading=reading(*papers()))
    before = published_version(data)
    store.update("INSERT DATA { GRAPH <http://example.org/g> { <http://example.org/a> <http://example.org/b> 1 } }")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kg.search.index._document", full)
    with pytest.raises(StoreUnwritable, match="published before is untouched"):
        store.publish()
    assert published_version(data) == before
    assert [path.name for path in (data / "published").iterdir() if path.is_dir()] == [before]
    assert len(published_index(data, before)) == 2


def test_a_damaged_index_is_named(tmp_path: Path) -> None:
    write_index(tmp_path, [trial("a", "Tea")])
    (tmp_path / FOLDER / "meta.json").write_text("{", encoding="utf-8")
    with pytest.raises(IndexMissing, match="kg rebuild"):
        SearchIndex.open(tmp_path)


def test_what_anybody_may_write_into_the_graph_breaks_no_index(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "data")
    store.update("""
        PREFIX ev: <https://w3id.org/evidence-kg/ns#> PREFIX dcterms: <http://purl.org/dc/terms/>
        PREFIX fabio: <http://purl.org/spar/fabio/>
        INSERT DATA { GRAPH <http://example.org/g> {
          <http://example.org/t> a ev:Trial ; dcterms:identifier "odd" ; ev:hasReport <http://example.org/r> ;
            ev:hasRegistration <http://example.org/x> .
          <http://example.org/r> fabio:hasPublicationYear "soon", "99999999999", "-3" ; dcterms:language "xx" ;
            ev:kind "none" ; dcterms:title 7 ; ev:condition "text" ; ev:population <http://example.org/p> .
          <http://example.org/p> ev:count <http://example.org/c> .
          <http://example.org/c> ev:countKind <https://w3id.org/evidence-kg/concept/designs/randomised> ;
            ev:value "many", 1e400, 3.5 .
          <http://example.org/x> ev:registry <https://w3id.org/evidence-kg/concept/registries/none> .
          <http://example.org/nothing> a ev:Trial .
        } }""")
    assert store.publish() is not None
    (line,) = published_index(tmp_path / "data", "00000001").find(Wanted()).trials
    assert (line.key, line.year, line.randomised) == ("odd", None, None)
