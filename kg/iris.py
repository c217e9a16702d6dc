"""Mints every IRI of the graph, from stable identifiers and content, never from counters or the clock."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from rdflib import URIRef

DEFAULT_BASE: Final = "https://w3id.org/evidence-kg/"

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")


def slug(identifier: str) -> str:
    """The identifier as one safe segment of an address: runs of other characters become a hyphen."""
    return _UNSAFE.sub("-", identifier.strip()).strip("-")


def doi_slug(doi: str) -> str:
    """The slug of a DOI, such as ``doi-10.1038-s41416-025-03097-z``."""
    return f"doi-{slug(doi.lower())}"


def digest(*parts: str) -> str:
    """Twelve hexadecimal digits that stand for the parts."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8")).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Iris:
    """The IRIs under one base, which ends in a slash."""

    base: str = DEFAULT_BASE

    @property
    def identity_graph(self) -> URIRef:
        """The computed graph of trials."""
        return URIRef(f"{self.base}graph/identity")

    @property
    def checks_graph(self) -> URIRef:
        """The computed graph of checks that span reports."""
        return URIRef(f"{self.base}graph/checks")

    @property
    def description_graph(self) -> URIRef:
        """The computed graph about the data set itself."""
        return URIRef(f"{self.base}graph/description")

    @property
    def state_graph(self) -> URIRef:
        """The graph in which a store that is a service keeps its version; a folder has none."""
        return URIRef(f"{self.base}graph/state")

    @property
    def examples_graph(self) -> URIRef:
        """The graph of example queries."""
        return URIRef(f"{self.base}graph/examples")

    @property
    def dataset(self) -> URIRef:
        """The data set that all graphs together are."""
        return URIRef(f"{self.base}dataset")

    def example(self, name: str) -> URIRef:
        """An example query by its name."""
        return URIRef(f"{self.base}example/{name}")

    @property
    def vocabulary_graph(self) -> URIRef:
        """The graph of terms, concepts and prefixes."""
        return URIRef(f"{self.base}graph/vocabulary")

    def trial(self, key: str) -> URIRef:
        """A trial by its key."""
        return URIRef(f"{self.base}id/trial/{slug(key)}")

    def identity_reason(self, trial: URIRef, *content: str) -> URIRef:
        """A reason for which reports are one trial, from what it rests on."""
        return URIRef(f"{trial}/reason/{digest(*content)}")

    def registration(self, identifier: str) -> URIRef:
        """An entry of a registry."""
        return URIRef(f"{self.base}id/registration/{slug(identifier)}")

    def discrepancy(self, kind: str, involved: tuple[str, ...]) -> URIRef:
        """A failed check, from its kind and the nodes it involves."""
        return URIRef(f"{self.base}id/discrepancy/{digest(kind, *sorted(involved))}")

    def report_checks_graph(self, document: str, number: int) -> URIRef:
        """The computed graph of the checks of a document version."""
        return URIRef(f"{self.base}report/{document}/v{number}/checks")

    def registration_graph(self, registration: str) -> URIRef:
        """The graph that says what an entry of a registry is, given its IRI; shared by all reports."""
        return URIRef(f"{self.registration_graphs}{registration.rsplit('/', 1)[-1]}")

    @property
    def registration_graphs(self) -> str:
        """What the names of these graphs begin with."""
        return f"{self.base}graph/registration/"

    def report(self, document: str) -> URIRef:
        """A report by the id of its document."""
        return URIRef(f"{self.base}id/report/{document}")

    def finding(self, document: str, kind: str, key: str) -> URIRef:
        """A finding of a report, by its kind (arm, endpoint, contrast, ...) and key."""
        return URIRef(f"{self.report(document)}/{kind}/{quote(key, safe='')}")

    def population(self, document: str) -> URIRef:
        """The population of a report."""
        return URIRef(f"{self.report(document)}/population")

    def version(self, document: str, number: int) -> URIRef:
        """A version of a report's document."""
        return URIRef(f"{self.report(document)}/v{number}")

    def section(self, version: URIRef, section: str) -> URIRef:
        """A section of a document version, by its id."""
        return URIRef(f"{version}/section/{quote(section, safe='')}")

    def span(self, version: URIRef, start: int, end: int) -> URIRef:
        """The characters from start to end of a document version."""
        return URIRef(f"{version}/text/{start}-{end}")

    def evidence(self, version: URIRef, start: int, end: int, *content: str) -> URIRef:
        """A piece of evidence, from its characters and from what it supports."""
        return URIRef(f"{version}/evidence/{start}-{end}-{digest(*content)}")

    def assertion_graph(self, document: str, number: int) -> URIRef:
        """The graph of what a document version says."""
        return URIRef(f"{self.base}report/{document}/v{number}/assertion")

    def provenance_graph(self, document: str, number: int) -> URIRef:
        """The graph of who read it, from which characters of which text."""
        return URIRef(f"{self.base}report/{document}/v{number}/provenance")

    def report_source(self, report: str, sha256: str) -> URIRef:
        """One of the documents of a report, by the hash of its text."""
        return URIRef(f"{report}/source/{sha256[:16]}")

    def sources_graph(self, document: str) -> URIRef:
        """The graph that names the documents of a report that has several."""
        return URIRef(f"{self.base}report/{document}/sources")

    def publication_graph(self, document: str, number: int) -> URIRef:
        """The graph about the document version itself: its hash, its reader, what it revises."""
        return URIRef(f"{self.base}report/{document}/v{number}/pubinfo")


def stretch(place: str) -> tuple[int, int]:
    """Where the characters begin and end that ``Iris.span`` or ``Iris.evidence`` names."""
    start, end = place.rpartition("/")[2].split("-")[:2]
    return int(start), int(end)
