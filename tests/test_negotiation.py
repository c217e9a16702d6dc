"""The choice of a format and of a language from what a client says it accepts."""

from __future__ import annotations

import pytest

from server.negotiation import (
    CSV,
    GRAPH_FORMATS,
    HTML,
    JSON,
    JSONLD,
    NTRIPLES,
    PAGE_FORMATS,
    RDFXML,
    RESULT_FORMATS,
    RESULTS_JSON,
    RESULTS_XML,
    TSV,
    TURTLE,
    Format,
    by_name,
    choose_format,
    choose_language,
)

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "formats", "chosen"),
    [
        (None, RESULT_FORMATS, RESULTS_JSON),
        ("", RESULT_FORMATS, RESULTS_JSON),
        ("*/*", RESULT_FORMATS, RESULTS_JSON),
        ("text/csv", RESULT_FORMATS, CSV),
        ("TEXT/CSV", RESULT_FORMATS, CSV),
        ("text/csv;charset=utf-8", RESULT_FORMATS, CSV),
        ("application/json", RESULT_FORMATS, RESULTS_JSON),
        ("application/xml", RESULT_FORMATS, RESULTS_XML),
        ("text/*", RESULT_FORMATS, RESULTS_XML),
        ("text/csv;q=0.5, text/tab-separated-values ; q=0.9", RESULT_FORMATS, TSV),
        ("application/sparql-results+json;q=0, */*", RESULT_FORMATS, RESULTS_JSON),
        (
            "application/sparql-results+json;q=0, application/json;q=0, application/sparql-results+xml",
            RESULT_FORMATS,
            RESULTS_XML,
        ),
        ("text/turtle;q=nonsense, application/rdf+xml;q=0.1", GRAPH_FORMATS, RDFXML),
        ("text/turtle;q=7", GRAPH_FORMATS, None),
        ("image/png", RESULT_FORMATS, None),
        ("*/*;q=0", RESULT_FORMATS, None),
        (",,;;,", RESULT_FORMATS, None),
        ("garbage", GRAPH_FORMATS, None),
        ("application/ld+json, text/turtle;q=0.9", GRAPH_FORMATS, JSONLD),
        (BROWSER, PAGE_FORMATS, HTML),
        ("text/turtle", PAGE_FORMATS, TURTLE),
        ("text/html;q=0.1, text/turtle", PAGE_FORMATS, TURTLE),
        ("application/json", PAGE_FORMATS, JSON),
        ("text/plain", PAGE_FORMATS, NTRIPLES),
    ],
)
def test_the_format_that_the_client_likes_best(
    accept: str | None, formats: tuple[Format, ...], chosen: Format | None
) -> None:
    assert choose_format(accept, formats) == chosen


@pytest.mark.parametrize("formats", [RESULT_FORMATS, GRAPH_FORMATS, PAGE_FORMATS])
def test_every_format_is_found_by_its_extension_and_by_its_media_type(formats: tuple[Format, ...]) -> None:
    for wanted in formats:
        assert by_name(wanted.name, formats) == wanted
        assert choose_format(wanted.media_type, formats) == wanted


def test_an_unknown_extension_is_no_format() -> None:
    assert by_name("exe", PAGE_FORMATS) is None


@pytest.mark.parametrize(
    ("cookie", "accept_language", "language"),
    [
        (None, None, "en"),
        (None, "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        (None, "en-GB, zh;q=0.9", "en"),
        (None, "de, zh;q=0.2, en;q=0.1", "zh"),
        (None, "fr", "en"),
        (None, "zh;q=0", "en"),
        ("zh", "en", "zh"),
        ("en", "zh", "en"),
        ("<script>", "zh", "zh"),
    ],
)
def test_the_language_of_a_first_visit(cookie: str | None, accept_language: str | None, language: str) -> None:
    assert choose_language(cookie, accept_language) == language
