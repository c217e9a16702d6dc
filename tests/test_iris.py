"""IRIs come from stable identifiers and content."""

from __future__ import annotations

import pytest

from kg.iris import DEFAULT_BASE, Iris, digest, doi_slug, slug

IRIS = Iris()


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("NCT01234567", "NCT01234567"),
        ("CTRI/2012/05/002628", "CTRI-2012-05-002628"),
        (" jRCT 1031180151 ", "jRCT-1031180151"),
        ("10.1038/s41416-025-03097-z", "10.1038-s41416-025-03097-z"),
    ],
)
def test_a_slug_is_one_safe_segment(identifier: str, expected: str) -> None:
    assert slug(identifier) == expected


def test_a_doi_has_one_slug_in_any_case() -> None:
    assert doi_slug("10.1000/LAMP.1") == doi_slug("10.1000/lamp.1") == "doi-10.1000-lamp.1"


def test_iris_follow_the_base() -> None:
    assert str(IRIS.trial("NCT01234567")) == DEFAULT_BASE + "id/trial/NCT01234567"
    assert str(Iris("http://localhost/").report("x-record")) == "http://localhost/id/report/x-record"
    assert str(IRIS.assertion_graph("x", 2)) == DEFAULT_BASE + "report/x/v2/assertion"


def test_a_key_in_chinese_gives_a_plain_iri() -> None:
    iri = str(IRIS.finding("x", "arm", "手术组/A"))
    assert iri.isascii()
    assert iri.count("/") == str(IRIS.finding("x", "arm", "a")).count("/")


def test_different_content_never_shares_a_digest_by_joining() -> None:
    assert digest("ab", "c") != digest("a", "bc")


def test_a_discrepancy_does_not_depend_on_the_order_of_what_it_involves() -> None:
    assert IRIS.discrepancy("k", ("a", "b")) == IRIS.discrepancy("k", ("b", "a"))
