"""The shapes: a sound report passes, and each way of breaking it is named in the message."""

from __future__ import annotations

import pyshacl
import pytest
from rdflib import RDF, SH, Graph

from ontology import prefixes, shapes_graph, terms_graph

THINGS = "https://example.org/"

REPORT = """
<report> a ev:Report ; dcterms:identifier "doi-10.1000-x" ; ev:kind design:record ;
    dcterms:title "A trial"@en , "一项试验"@zh ;
    prism:doi "10.1000/x" ; ev:arm <a1> , <a2> ; ev:hasEndpoint <e1> ; ev:contrast <c1> ; ev:armResult <r1> ;
    ev:statement <s1> ; ev:conclusion <z1> ; ev:designFact <d1> ; ev:population <people> ; ev:registration <reg> .
<version> a ev:DocumentVersion ; ev:ofReport <report> ; ev:versionNumber 1 ; ev:sourceName "x.txt" ;
    ev:sha256 "0000000000000000000000000000000000000000000000000000000000000000" ; ev:fullText "HR 0.70" .
<part> a ev:Section ; ev:sectionRole section:results ; dcterms:language "en" ; ev:start 0 ; ev:end 7 .
<reg> a ev:Registration ; dcterms:identifier "NCT00000000" ; ev:registry registry:clinicaltrials-gov .
<people> a ev:Population ; ev:conditionName "asthma"@en ; ev:condition condition:asthma ; ev:count <n1> .
<n1> a ev:ParticipantCount ; ev:countKind design:randomised ; ev:value 200.0 ; ev:valueText "200" .
<a1> a ev:Arm ; ev:armRole design:experimental ; ev:name "drug"@en ; skos:prefLabel "drug"@en ; ev:size 100.0 .
<a2> a ev:Arm ; ev:armRole design:control ; ev:name "placebo"@en ; skos:prefLabel "placebo"@en .
<e1> a ev:Endpoint ; ev:endpointRole design:primary ; ev:name "survival"@en ; skos:prefLabel "survival"@en ;
    ev:concept endpoint:overall-survival .
<d1> a ev:DesignFact ; ev:aspect design:masking ; ev:designValue design:double-blind .
<c1> a ev:Contrast ; ev:ofEndpoint <e1> ; ev:measure measure:hazard-ratio ; ev:value 0.7 ; ev:valueText "0.70" ;
    ev:intervalLow 0.5 ; ev:intervalHigh 0.9 ; ev:intervalLevel 95.0 ; ev:pOperator "=" ; ev:pValue 0.01 ; ev:pSides 2 ;
    ev:armFor <a1> ; ev:armAgainst <a2> ; ev:subgroup <g1> ; ev:timePoint "2 years"@en , "2年"@zh .
<g1> a ev:Subgroup ; skos:prefLabel "women"@en .
<r1> a ev:ArmResult ; ev:ofEndpoint <e1> ; ev:measure measure:median ; ev:value 12.0 ; ev:valueText "12" ;
    ev:inArm <a1> ; ev:events 40.0 ; ev:n 100.0 ; ev:dispersionKind measure:interquartile-range ;
    ev:dispersionLow 9.0 ; ev:dispersionHigh 15.0 .
<s1> a ev:Statement ; ev:ofEndpoint <e1> ; ev:direction design:no-difference ; ev:armFor <a1> ; ev:armAgainst <a2> .
<z1> a ev:Conclusion ; ev:text "It works."@en .
<span> a oa:SpecificResource ; oa:hasSource <version> ; oa:hasSelector <position> , <quote> .
<position> a oa:TextPositionSelector ; oa:start 3 ; oa:end 7 .
<quote> a oa:TextQuoteSelector ; oa:exact "0.70" .
"""

GROUNDED = ("a1", "a2", "e1", "d1", "c1", "r1", "s1", "z1", "n1", "reg")

EVIDENCE = """
<ev-{0}> a oa:Annotation , ev:Evidence ; oa:hasBody <{0}> ; oa:hasTarget <span> ; ev:supports design:value ;
    ev:section <part> ; dcterms:language "en" ; ev:confidence 0.95 ; ev:component "results" .
"""

TRIAL = """
<trial> a ev:Trial ; dcterms:identifier "NCT00000000" ; ev:hasReport <report> ; ev:hasRegistration <reg> .
<report> ev:hasCheck <odd> .
<odd> a ev:Check ; ev:checkKind check:reports-disagree ; ev:verdict check:inconsistent ; ev:involves <c1> ;
    ev:explanation "They differ."@en , "两者不同。"@zh .
"""


def graph(text: str) -> Graph:
    head = "".join(f"PREFIX {prefix}: <{name}>\n" for prefix, name in prefixes().items())
    return Graph().parse(data=f"BASE <{THINGS}>\n{head}{text}", format="turtle")


def sound_report() -> str:
    return REPORT + "".join(EVIDENCE.format(node) for node in GROUNDED)


def violations(data: Graph) -> set[tuple[str, str]]:
    """What is broken: the node's name and the English message, for each violation."""
    _, results, _ = pyshacl.validate(data, shacl_graph=shapes_graph(), inference="none")
    return {
        (str(results.value(result, SH.focusNode)).removeprefix(THINGS), str(message))
        for result in results.subjects(RDF.type, SH.ValidationResult)
        for message in results.objects(result, SH.resultMessage)
        if getattr(message, "language", None) == "en"
    }


def test_a_sound_report_conforms() -> None:
    assert violations(graph(sound_report())) == set()


def test_a_sound_identity_graph_conforms() -> None:
    assert violations(graph(TRIAL)) == set()


@pytest.mark.parametrize(
    ("old", "new", "node", "message"),
    [
        ("ev:kind design:record", "ev:kind design:primary", "report", "abstract record"),
        ('"A trial"@en', '"A trial"@en , "Another"@en', "report", "one title"),
        ('prism:doi "10.1000/x"', 'prism:doi "doi:10.1000/x"', "report", "DOI"),
        ("ev:versionNumber 1", "ev:versionNumber 0", "version", "numbered from 1"),
        ('ev:sourceName "x.txt"', 'ev:sourceName "/a/x.txt"', "version", "without the folders"),
        ('ev:sha256 "0000', 'ev:sha256 "000', "version", "SHA-256"),
        ("ev:start 0 ; ev:end 7", "ev:start 8 ; ev:end 7", "part", "not after its end"),
        ('"NCT00000000" ; ev:registry', '"NCT 00000000" ; ev:registry', "reg", "without spaces"),
        ("ev:registry registry:clinicaltrials-gov", "ev:registry design:own", "reg", "registries"),
        ("ev:value 200.0", "ev:value -1.0", "n1", "not below 0"),
        ("ev:armRole design:control", "ev:armRole design:primary", "a2", "experimental, control"),
        ('ev:name "placebo"@en', 'ev:name "placebo"', "a2", "name in a language"),
        ("ev:size 100.0", "ev:size 100", "a1", "one size"),
        ('skos:prefLabel "survival"@en', 'skos:prefLabel "survival"@en , "OS"@en', "e1", "one preferred name"),
        ("ev:designValue design:double-blind", 'ev:valueText "x" ; ev:designValue design:single-blind', "d1", "either"),
        ("ev:aspect design:masking ;", "", "d1", "one aspect"),
        ("ev:measure measure:hazard-ratio ;", "", "c1", "one measure"),
        ("ev:value 0.7 ;", "", "c1", "one value"),
        ("ev:value 0.7 ;", 'ev:value "0.7" ;', "c1", "one value"),
        ('ev:valueText "0.70" ;', "", "c1", "printed form"),
        ("ev:Contrast ; ev:ofEndpoint <e1> ;", "ev:Contrast ;", "c1", "one endpoint"),
        ("ev:Contrast ; ev:ofEndpoint <e1> ;", "ev:Contrast ; ev:ofEndpoint <a1> ;", "c1", "one endpoint"),
        ("ev:intervalLow 0.5", "ev:intervalLow 1.5", "c1", "not above the upper"),
        ("ev:intervalLevel 95.0", "ev:intervalLevel 100.0", "c1", "in percent"),
        ("ev:pValue 0.01", "ev:pValue 1.01", "c1", "between 0 and 1"),
        ("ev:pValue 0.01", "ev:pValue -0.01", "c1", "between 0 and 1"),
        ('ev:pOperator "="', 'ev:pOperator "~"', "c1", "given with"),
        ("ev:pSides 2", "ev:pSides 3", "c1", "one side or two"),
        (
            "ev:armFor <a1> ; ev:armAgainst <a2> ; ev:subgroup",
            "ev:armFor <a1> ; ev:armAgainst <a1> ; ev:subgroup",
            "c1",
            "for one arm",
        ),
        ('"2年"@zh', '"24 months"@en', "c1", "one time point"),
        ("ev:dispersionLow 9.0", "ev:dispersionLow 19.0", "r1", "lower end of a spread"),
        ("ev:events 40.0", "ev:events -40.0", "r1", "number of events"),
        ("ev:inArm <a1>", "ev:inArm <e1>", "r1", "at most one arm"),
        ("ev:direction design:no-difference ;", "", "s1", "one direction"),
        ('ev:text "It works."@en', 'ev:text "It works."', "z1", "in one language"),
        ("oa:start 3", "oa:start 7", "position", "starts before it ends"),
        ('oa:exact "0.70"', 'oa:exact ""', "quote", "exact words"),
        ("oa:hasSelector <position> , <quote>", "oa:hasSelector <position>", "span", "by its quote"),
        ("oa:hasBody <c1>", "oa:hasBody <e1>", "c1", "has evidence"),
        ("oa:hasBody <reg>", "oa:hasBody <e1>", "reg", "has evidence"),
        ("ev:confidence 0.95", "ev:confidence 1.95", "ev-c1", "between 0 and 1"),
        ("ev:supports design:value ;", "", "ev-c1", "which part"),
        ('ev:component "results"', 'ev:component ""', "ev-c1", "names the component"),
        (
            "<report> a ev:Report",
            "<trial> a ev:Trial ; dcterms:identifier 'x' ; ev:hasReport <report> .\n<report> a ev:Report",
            "report",
            "never name a trial",
        ),
        (
            "<report> a ev:Report",
            "<trial> a ev:Trial ; dcterms:identifier 'x' .\n<report> a ev:Report",
            "trial",
            "at least one report",
        ),
    ],
)
def test_a_broken_report_is_named(old: str, new: str, node: str, message: str) -> None:
    text = sound_report()
    assert old in text
    assert any(name == node and message in told for name, told in violations(graph(text.replace(old, new))))


@pytest.mark.parametrize(
    ("old", "new", "node", "message"),
    [
        ("ev:hasReport <report> ;", "", "trial", "at least one report"),
        ('dcterms:identifier "NCT00000000" ;', "", "trial", "one key"),
        (' , "两者不同。"@zh', "", "odd", "in English and in Chinese"),
        ("ev:involves <c1> ;", "", "odd", "at least one finding"),
    ],
)
def test_a_broken_identity_graph_is_named(old: str, new: str, node: str, message: str) -> None:
    assert old in TRIAL
    assert any(name == node and message in told for name, told in violations(graph(TRIAL.replace(old, new))))


def test_each_message_is_in_both_languages() -> None:
    shapes = shapes_graph()
    for shape in {*shapes.subjects(SH.message), *shapes.objects(None, SH.property)}:
        languages = sorted(getattr(message, "language", "") for message in shapes.objects(shape, SH.message))
        assert languages == ["en", "zh"], shapes.value(shape, SH.path)


def test_shapes_name_defined_terms_only() -> None:
    own = prefixes()["ev"]
    used = {term for triple in shapes_graph() for term in triple if str(term).startswith(own)}
    assert used
    assert used <= set(terms_graph().subjects())
