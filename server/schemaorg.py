"""What a page says to search engines: schema.org in JSON-LD, of what the page shows and nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kg import rows
from ontology import by_name, label
from server.contexts import TrialPage
from server.evidence import last_segment
from server.urls import Urls, doi_page

# schema.org's MedicalTrialDesign has these and no phase; https://schema.org/trialDesign.
_MASKING: Final = {
    "double-blind": "DoubleBlindedTrial",
    "single-blind": "SingleBlindedTrial",
    "triple-blind": "TripleBlindedTrial",
    "open-label": "OpenTrial",
}
_ALLOCATION: Final = {"randomised": "RandomizedTrial"}

Block = Mapping[str, object]


def trial(page: TrialPage) -> Block:
    """The trial as a MedicalTrial, its reports as what it is the subject of."""
    values = {last_segment(value.concept) for line in page.question.design for value in line.values if value.concept}
    designs = [term for name, term in {**_MASKING, **_ALLOCATION}.items() if name in values]
    return _filled(
        {
            "@context": "https://schema.org",
            "@type": "MedicalTrial",
            "@id": page.iri,
            "name": page.title.text,
            "alternateName": [*(title.text for title in page.other_titles), *page.acronyms],
            "identifier": [registered.identifier for registered in page.own],
            "sameAs": [registered.record_page for registered in page.own if registered.record_page],
            "trialDesign": [f"https://schema.org/{term}" for term in designs],
            "healthCondition": [
                {"@type": "MedicalCondition", "name": name}
                for name in dict.fromkeys(condition.name.text for condition in page.question.conditions)
            ],
            "subjectOf": [_report(report) for report in page.reports],
        }
    )


def _report(report: rows.Report) -> Block:
    return _filled(
        {
            "@type": "MedicalScholarlyArticle",
            "@id": report.iri,
            "headline": report.titles[0].text if report.titles else None,
            "inLanguage": list(report.languages),
            "author": [{"@type": "Person", "name": author} for author in report.authors],
            "datePublished": str(report.year) if report.year else None,
            "isPartOf": {"@type": "Periodical", "name": report.journal} if report.journal else None,
            "sameAs": doi_page(report.doi) if report.doi else None,
        }
    )


def dataset(urls: Urls, language: str) -> Block:
    """The whole graph as a Dataset with its endpoint."""
    return _filled(
        {
            "@context": "https://schema.org",
            "@type": "Dataset",
            "@id": urls.iri("dataset"),
            "name": _word("home-title", language),
            "description": _word("home-intro", language),
            "inLanguage": ["en", "zh"],
            "distribution": {
                "@type": "DataDownload",
                "encodingFormat": "application/sparql-results+json",
                "contentUrl": urls.iri("sparql"),
            },
        }
    )


def _word(name: str, language: str) -> str:
    return label(by_name("interface", name).iri, language)


def _filled(block: Mapping[str, object]) -> Block:
    """The block without what is not known."""
    return {name: value for name, value in block.items() if value not in (None, [], {})}
