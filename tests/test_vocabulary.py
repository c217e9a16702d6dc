"""The vocabulary as data: labels, forms, codes, definitions and patterns of every concept, and how they are read."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, SKOS, Graph, Literal

import ontology
from ontology import EV, SCHEMES, Concept, prefixes, terms_graph

LANGUAGES = ("en", "zh")
FILES = sorted(path.name for path in Path(str(files("ontology"))).glob("*.ttl"))

# These are their own text: a word of a page, a word that steers reading or a country needs no definition, several words
# of the pages may read alike, and the files of words are ordered by purpose.
OWN_TEXT = ("audit", "countries", "cues", "interface")
MATCHED = tuple(scheme for scheme in SCHEMES if scheme not in ("audit", "interface"))
# A word of a table may say one thing in a head and another in a caption or a row, one of an article one thing in a
# list of conditions and another in a heading.
DISTINCT = tuple(scheme for scheme in MATCHED if scheme not in ("articles", "tables"))
DEFINED = tuple(scheme for scheme in SCHEMES if scheme not in OWN_TEXT)

# What the findings hold as codes: every one must be a concept. From extractors/findings.py and documents.py.
CODES = {
    "designs": "randomised, non-randomised, observational, open-label, single-blind, double-blind, triple-blind, "
    "parallel, crossover, factorial, cluster, superiority, non-inferiority, equivalence, intention-to-treat, "
    "per-protocol, safety, experimental, control, comparator, primary, secondary, other, own, mentioned, enrolled, "
    "analysed, deaths, record, article, name, role, size, value, interval, p, direction, text, identifier, unit, "
    "row, column, "
    "1, 1/2, 2, 2/3, 3, 4, allocation, masking, phase, structure, framework, centres, ratio, follow-up, "
    "first higher, first lower, no difference, favours first, favours second",
    "checks": "consistent, inconsistent, cannot tell, reports-disagree, ratio-against-medians, p-value-from-interval",
    "measures": "HR, OR, RR, IRR, RD, MD, SMD, other, median, mean, proportion, rate, count, SD, SE, IQR, range, "
    "unstated ±",
    "units": "days, weeks, months, years, hours, minutes, %, points",
    "sections": "title, authors, affiliations, citation, abstract, background, methods, results, conclusion, "
    "registration, discussion, table, figure, references, funding, conflicts, ethics, data-availability, other",
    "articles": "inclusion, exclusion, age, performance status, BMI, screened, excluded, enrolled, randomised, "
    "allocated, received, lost, discontinued, completed, analysed, agrees, disagrees, limitations, funding, "
    "conflicts, ethics, data-availability, licence, oral, intravenous, assumed value, assumed ratio, alpha, sides, "
    "power, planned size, planned events, accrual period, planned follow-up, recruitment start, recruitment end, "
    "analysis set, statistical method",
    "registries": "ClinicalTrials.gov, ISRCTN, EudraCT, CTIS, ChiCTR, UMIN-CTR, jRCT, CTRI, ANZCTR, DRKS, UTN",
}


def labels(concept: Concept, language: str) -> Iterator[str]:
    yield concept.preferred[language]
    yield from concept.alternatives.get(language, ())
    yield from concept.hidden.get(language, ())


def everything(concept: Concept) -> Iterator[str]:
    for language in LANGUAGES:
        yield from labels(concept, language)
    yield from concept.notations
    yield from concept.definitions.values()


def shared(pairs: Iterator[tuple[str, str]]) -> dict[str, list[str]]:
    """The forms that more than one concept has, with the names of those concepts."""
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for form, name in pairs:
        owners[form].add(name)
    return {form: sorted(names) for form, names in owners.items() if len(names) > 1}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_each_concept_has_one_preferred_label_in_each_language(scheme: str) -> None:
    graph = Graph().parse(data=files("ontology").joinpath(f"{scheme}.ttl").read_bytes(), format="turtle")
    for node in graph.subjects(RDF.type, SKOS.Concept):
        found = Counter(label.language for label in graph.objects(node, SKOS.prefLabel) if isinstance(label, Literal))
        assert found == {"en": 1, "zh": 1}, f"{scheme}.ttl: {node} has the preferred labels {dict(found)}"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_each_concept_is_named_in_its_scheme(scheme: str) -> None:
    graph = Graph().parse(data=files("ontology").joinpath(f"{scheme}.ttl").read_bytes(), format="turtle")
    home = f"{prefixes()['concept']}{scheme}"
    for node in graph.subjects(RDF.type, SKOS.Concept):
        assert re.fullmatch(rf"{re.escape(home)}/[a-z0-9]+(-[a-z0-9]+)*", str(node)), node
        assert [str(value) for value in graph.objects(node, SKOS.inScheme)] == [home], node


@pytest.mark.parametrize("scheme", DISTINCT)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_concepts_of_a_scheme_share_a_form(scheme: str, language: str) -> None:
    pairs = ((form.casefold(), c.name) for c in ontology.concepts(scheme) for form in labels(c, language))
    assert shared(pairs) == {}, f"{scheme}.ttl"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_two_concepts_of_a_scheme_share_a_notation(scheme: str) -> None:
    pairs = ((code, concept.name) for concept in ontology.concepts(scheme) for code in concept.notations)
    assert shared(pairs) == {}, f"{scheme}.ttl"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_text_has_stray_whitespace_or_control_characters(scheme: str) -> None:
    for concept in ontology.concepts(scheme):
        for text in everything(concept):
            assert text == " ".join(text.split()), f"{scheme}.ttl: {concept.name}: {text!r}"
            assert not any(unicodedata.category(sign).startswith("C") for sign in text), (concept.name, text)
            assert text == unicodedata.normalize("NFC", text), (concept.name, text)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_notations_have_no_full_width_letters(scheme: str) -> None:
    for concept in ontology.concepts(scheme):
        for code in concept.notations:
            assert not any(unicodedata.east_asian_width(sign) == "F" for sign in code), (concept.name, code)


@pytest.mark.parametrize("scheme", MATCHED)
def test_labels_are_in_the_language_they_claim(scheme: str) -> None:
    for concept in ontology.concepts(scheme):
        for form in labels(concept, "en"):
            assert not re.search(r"[\u3400-\u9fff]", form), f"{scheme}.ttl: {concept.name}: {form!r}@en"


@pytest.mark.parametrize("scheme", DEFINED)
def test_each_concept_is_defined_in_both_languages_in_one_sentence(scheme: str) -> None:
    for concept in ontology.concepts(scheme):
        assert set(concept.definitions) == set(LANGUAGES), f"{scheme}.ttl: {concept.name}"
        assert concept.definitions["en"].endswith("."), f"{scheme}.ttl: {concept.name}"
        assert concept.definitions["zh"].endswith("。"), f"{scheme}.ttl: {concept.name}"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_a_concept_names_exists(scheme: str) -> None:
    for concept in ontology.concepts(scheme):
        for other in (*concept.broader, *concept.related):
            assert ontology.concept(other) is not None, f"{scheme}.ttl: {concept.name} names {other}"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_concept_is_broader_than_itself(scheme: str) -> None:
    for concept in ontology.concepts(scheme):
        assert concept.iri not in {below.iri for below in ontology.narrower(concept.iri)}, concept.name


@pytest.mark.parametrize("scheme", DEFINED)
def test_links_out_are_to_known_vocabularies(scheme: str) -> None:
    known = tuple(prefixes()[prefix] for prefix in ("obo", "mesh", "qudt"))
    for concept in ontology.concepts(scheme):
        assert all(match.startswith(known) for match in concept.matches), (concept.name, concept.matches)


@pytest.mark.parametrize(
    ("scheme", "code"), [(scheme, code) for scheme, codes in CODES.items() for code in codes.split(", ")]
)
def test_each_code_of_the_findings_is_a_notation(scheme: str, code: str) -> None:
    assert code in ontology.notations(scheme)


def test_there_are_24_registries() -> None:
    assert len(ontology.concepts("registries")) == 24


@pytest.mark.parametrize("registry", ontology.concepts("registries"), ids=lambda registry: registry.name)
def test_a_registry_finds_its_own_example_and_no_other(registry: Concept) -> None:
    example = registry.links["example"]
    finders = [
        other.name
        for other in ontology.concepts("registries")
        for pattern in other.patterns
        if re.fullmatch(pattern, example, re.IGNORECASE)
    ]
    assert finders == [registry.name]
    for template in ("urlTemplate", "fallbackTemplate"):
        if template in registry.links:
            assert registry.links[template].startswith("https://")
            assert registry.links[template].count("{id}") == 1


@pytest.mark.parametrize("scheme", DEFINED)
def test_files_are_in_alphabetical_order(scheme: str) -> None:
    text = files("ontology").joinpath(f"{scheme}.ttl").read_text(encoding="utf-8")
    names = re.findall(r"^[a-z]*:(\S+) a skos:Concept", text, re.MULTILINE)
    assert len(names) == len(ontology.concepts(scheme))
    if scheme != "numerals":
        assert names == sorted(names), f"{scheme}.ttl: move the concept to its place in the alphabet"


@pytest.mark.parametrize("name", FILES)
def test_files_end_in_one_newline_and_use_the_shared_prefixes(name: str) -> None:
    text = files("ontology").joinpath(name).read_text(encoding="utf-8")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    shared_names = set(prefixes().values())
    for prefix, namespace in re.findall(r"^@prefix (\S*): <([^>]+)> \.$", text, re.MULTILINE):
        # A file may give the namespace that it defines itself a short name of its own.
        if namespace.startswith((prefixes()["concept"], "https://w3id.org/evidence-kg/shapes#")):
            continue
        assert namespace in shared_names, f"{name}: add {prefix}: to prefixes.ttl"


def test_each_term_is_labelled_and_defined_in_both_languages() -> None:
    graph = terms_graph()
    terms = list(graph.subjects(RDFS.isDefinedBy))
    assert len(terms) > 100
    for node in terms:
        for predicate in (RDFS.label, SKOS.definition):
            found = sorted(
                str(value.language) for value in graph.objects(node, predicate) if isinstance(value, Literal)
            )
            assert found == ["en", "zh"], f"terms.ttl: {node}"


def test_a_term_that_is_not_defined_fails_with_advice() -> None:
    assert str(EV.intervalLow) == "https://w3id.org/evidence-kg/ns#intervalLow"
    assert EV["value"] == EV.value
    with pytest.raises(ontology.UnknownTerm, match=r"terms\.ttl has no term 'intervalow'"):
        EV.intervalow  # noqa: B018


@pytest.mark.parametrize(
    ("iri", "language", "label"),
    [
        ("https://w3id.org/evidence-kg/concept/endpoints/overall-survival", "en", "overall survival"),
        ("https://w3id.org/evidence-kg/concept/endpoints/overall-survival", "zh", "总生存期"),
        ("https://w3id.org/evidence-kg/ns#Arm", "zh", "试验组"),
        ("https://w3id.org/evidence-kg/ns#Arm", "fr", "arm"),
    ],
)
def test_label_speaks_the_language_asked_for(iri: str, language: str, label: str) -> None:
    assert ontology.label(iri, language) == label


@pytest.mark.parametrize(
    ("scheme", "language", "form", "name"),
    [
        ("endpoints", "zh", "无进展生存", "progression-free-survival"),
        ("endpoints", "zh", "局部无复发生存期", "local-relapse-free-survival"),
        ("endpoints", "en", "death", "mortality"),
        ("measures", "zh", "风险比", "hazard-ratio"),
        ("measures", "en", "relative risk", "risk-ratio"),
        ("measures", "en", "ahr", "hazard-ratio"),
        ("designs", "zh", "ⅲ期", "phase-3"),
        ("units", "zh", "个月", "months"),
        ("interventions", "zh", "原发肿瘤切除术", "primary-tumour-resection"),
        ("conditions", "zh", "初诊iv期乳腺癌", "de-novo-stage-iv-breast-cancer"),
        ("sections", "en", "patients and methods", "methods"),
        ("subgroups", "en", "bone-only metastasis", "bone-only"),
    ],
)
def test_forms_lead_to_their_concept(scheme: str, language: str, form: str, name: str) -> None:
    assert ontology.forms(scheme, language)[form] == ontology.by_name(scheme, name).iri


def test_hidden_labels_are_matched_and_never_shown() -> None:
    hazard_ratio = ontology.by_name("measures", "hazard-ratio")
    assert "aHR" in hazard_ratio.hidden["en"]
    assert "aHR" not in hazard_ratio.alternatives["en"]


def test_a_group_limits_forms_and_notations() -> None:
    assert set(ontology.notations("designs", "phase")) == {"1", "1/2", "2", "2/3", "3", "4"}
    assert "双盲" in ontology.forms("designs", "zh", "masking")
    assert "随机" not in ontology.forms("designs", "zh", "masking")


def test_narrower_reaches_every_depth() -> None:
    below = {concept.name for concept in ontology.narrower(ontology.by_name("conditions", "cancer").iri)}
    assert {"breast-cancer", "de-novo-stage-iv-breast-cancer"} <= below
    assert "asthma" not in below


def test_randomised_is_a_way_of_allocation_and_a_kind_of_count() -> None:
    groups = {iri.rsplit("/", 1)[1] for iri in ontology.by_name("designs", "randomised").broader}
    assert groups == {"allocation", "count-kind"}


@pytest.mark.parametrize(
    ("call", "arguments", "error"),
    [
        (ontology.concepts, ("nonsense",), ontology.UnknownScheme),
        (ontology.forms, ("nonsense", "en"), ontology.UnknownScheme),
        (ontology.by_name, ("endpoints", "nonsense"), ontology.UnknownConcept),
        (ontology.narrower, ("https://example.org/nonsense",), ontology.UnknownConcept),
        (ontology.label, ("https://example.org/nonsense", "en"), ontology.UnknownConcept),
    ],
)
def test_what_does_not_exist_is_named(call, arguments, error) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(error, match="nonsense"):
        call(*arguments)


def test_an_unknown_iri_is_no_concept() -> None:
    assert ontology.concept("https://example.org/nonsense") is None
    assert ontology.concept("https://w3id.org/evidence-kg/concept/endpoints/nonsense") is None
