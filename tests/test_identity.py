"""Reports are of one trial if a DOI or an own registration joins them, and only then."""

from __future__ import annotations

from itertools import permutations

import pytest
from rdflib import DCTERMS, RDF, SKOS

from kg.identity import REGISTRATIONS_OF_A_HUB, REPORTS_OF_A_HUB, Identified, OwnRegistration, identity
from kg.iris import Iris
from ontology import EV, by_name

IRIS = Iris()


def own(identifier: str, registry: str = "clinicaltrials-gov") -> OwnRegistration:
    return OwnRegistration(str(IRIS.registration(identifier)), identifier, by_name("registries", registry).iri)


def report(
    name: str,
    *registrations: OwnRegistration,
    doi: str | None = None,
    acronyms: tuple[str, ...] = (),
    mentioned: tuple[str, ...] = (),
) -> Identified:
    iris = tuple(str(IRIS.registration(identifier)) for identifier in mentioned)
    return Identified(str(IRIS.report(name)), name, doi, acronyms, registrations, iris)


def trials(*reports: Identified) -> dict[str, set[str]]:
    """The ids of the reports of each trial, by the trial's key."""
    triples = identity(reports, IRIS)
    keys = {s: str(o) for s, p, o in triples if p == DCTERMS.identifier}
    found: dict[str, set[str]] = {key: set() for key in keys.values()}
    for trial, predicate, value in triples:
        if predicate == EV.hasReport:
            found[keys[trial]].add(str(value).rsplit("/", 1)[-1])
    return found


def names(*reports: Identified) -> dict[str, set[str]]:
    """The keys of the trials that each name stands for."""
    triples = identity(reports, IRIS)
    keys = {s: str(o) for s, p, o in triples if p == DCTERMS.identifier}
    found: dict[str, set[str]] = {}
    for trial, predicate, value in triples:
        if predicate == SKOS.notation:
            found.setdefault(str(value), set()).add(keys[trial])
    return found


def test_a_doi_joins_two_reports_in_any_case() -> None:
    assert trials(report("a", doi="10.1/X"), report("b", doi="10.1/x")) == {"doi-10.1-x": {"a", "b"}}


def test_a_registration_joins_two_reports() -> None:
    assert trials(report("a", own("NCT1"), doi="10.1/a"), report("b", own("NCT1"), doi="10.1/b")) == {
        "NCT1": {"a", "b"}
    }


def test_reports_join_through_a_third() -> None:
    joined = trials(report("a", own("NCT1")), report("b", own("NCT1"), doi="10.1/x"), report("c", doi="10.1/x"))
    assert joined == {"NCT1": {"a", "b", "c"}}


def test_what_a_report_only_mentions_joins_nothing() -> None:
    a, b = report("a", own("NCT1")), report("b", own("NCT2"), mentioned=("NCT1",))
    assert trials(a, b) == {"NCT1": {"a"}, "NCT2": {"b"}}
    assert names(a, b)["nct1"] == {"NCT1"}
    mentions = {(str(s), str(o)) for s, p, o in identity((a, b), IRIS) if p == EV.mentionsRegistration}
    assert mentions == {(str(IRIS.trial("NCT2")), str(IRIS.registration("NCT1")))}


@pytest.mark.parametrize(
    ("registrations", "key"),
    [
        ([own("ISRCTN1", "isrctn"), own("NCT9")], "NCT9"),
        ([own("UMIN1", "umin-ctr"), own("ISRCTN1", "isrctn")], "ISRCTN1"),
        ([own("UMIN1", "umin-ctr"), own("ChiCTR1", "chictr")], "ChiCTR1"),
        ([own("NCT2"), own("NCT1")], "NCT1"),
        ([own("CTRI/2012/05/1", "ctri")], "CTRI-2012-05-1"),
    ],
)
def test_the_key_is_the_first_id_by_registry(registrations: list[OwnRegistration], key: str) -> None:
    assert list(trials(report("a", *registrations, doi="10.1/a"))) == [key]


def test_a_report_without_ids_is_a_trial_by_itself() -> None:
    assert trials(report("a"), report("b", doi="10.1/b")) == {"a": {"a"}, "doi-10.1-b": {"b"}}


def test_every_id_names_the_trial_in_lower_case() -> None:
    found = names(report("a-record", own("NCT1"), own("CTRI/1", "ctri"), doi="10.1/A.b", acronyms=("LAMP",)))
    assert set(found) == {"nct1", "ctri/1", "ctri-1", "10.1/a.b", "doi-10.1-a.b", "lamp", "a-record"}
    assert all(keys == {"NCT1"} for keys in found.values())


def test_an_acronym_may_name_two_trials() -> None:
    a, b = report("a", own("NCT1"), acronyms=("LAMP",)), report("b", own("NCT2"), acronyms=("LAMP",))
    assert names(a, b)["lamp"] == {"NCT1", "NCT2"}


def test_the_order_of_reports_changes_nothing() -> None:
    reports = [
        report("a", own("NCT1"), doi="10.1/x"),
        report("b", own("ISRCTN1", "isrctn"), doi="10.1/x"),
        report("c", own("NCT2")),
    ]
    assert len({tuple(identity(order, IRIS)) for order in permutations(reports)}) == 1


def test_a_registration_of_very_many_reports_joins_none_of_them() -> None:
    few = [report(f"r{i}", own("NCT1"), doi=f"10.1/{i}") for i in range(REPORTS_OF_A_HUB)]
    assert len(trials(*few)) == 1
    many = [*few, report("last", own("NCT1"), doi="10.1/last")]
    assert len(trials(*many)) == len(many)
    assert len(names(*many)["nct1"]) == len(many)


def test_a_report_with_very_many_registrations_joins_no_trials() -> None:
    ids = [own(f"NCT{i}") for i in range(REGISTRATIONS_OF_A_HUB + 1)]
    single = [report(f"r{i}", ids[i]) for i in (0, 1)]
    assert len(trials(report("pooled", *ids[:-1]), *single)) == 1
    pooled = report("pooled", *ids, doi="10.1/pooled")
    assert trials(pooled, *single) == {"NCT0": {"r0"}, "NCT1": {"r1"}, "doi-10.1-pooled": {"pooled"}}
    found = names(pooled, *single)
    assert found["nct0"] == {"NCT0"}
    assert found["nct5"] == {"doi-10.1-pooled"}


def test_each_trial_is_typed_once() -> None:
    triples = identity([report("a", own("NCT1")), report("b", own("NCT1"))], IRIS)
    assert [s for s, p, o in triples if p == RDF.type and o == EV.Trial] == [IRIS.trial("NCT1")]
