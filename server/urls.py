"""Every address of the server, made from names; nothing else joins address strings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from ontology.vocabulary import NAMESPACE
from server.negotiation import LANGUAGES, Format, Language

# Reserved characters that stay readable in a path segment and need no escape there (RFC 3986, section 3.3).
_SEGMENT = "!$&'()*+,;=:@"
_PATH = _SEGMENT + "/"

# What the graph's own IRIs begin with below the base.
_THINGS = ("id/", "graph/", "report/", "example/", "dataset", "service", "void/")

# The terms and concepts keep their IRIs whatever the base of the graph's own things is.
_VOCABULARY = NAMESPACE.removesuffix("ns#")


@dataclass(frozen=True, slots=True)
class Urls:
    """Addresses below one root; IRIs of the graph start with ``base_iri`` and are served here by path."""

    base_iri: str
    root: str = ""

    def home(self, language: Language) -> str:
        """The first page."""
        return f"{self.root}/{language}/"

    def search(self, language: Language, parameters: Iterable[tuple[str, str]] = ()) -> str:
        """The page of the search for the question that the parameters ask."""
        return f"{self.root}/{language}/search{_query(parameters)}"

    def search_data(self, parameters: Iterable[tuple[str, str]] = (), extension: str = "json") -> str:
        """The same as data: JSON a page at a time, other formats in one table."""
        ending = "" if extension == "json" else f".{extension}"
        return f"{self.root}/api/v1/search{ending}{_query(parameters)}"

    def trial(self, language: Language, key: str) -> str:
        """A trial's page."""
        return f"{self.root}/{language}/trial/{quote(key, safe=_PATH)}"

    def trial_part(self, language: Language, key: str, part: str) -> str:
        """A part of a trial's page that is long, on a page of its own."""
        return f"{self.trial(language, key)}/{part}"

    def trial_file(
        self, language: Language, key: str, extension: str, parameters: Iterable[tuple[str, str]] = ()
    ) -> str:
        """A table, figure or references of a trial: ``table`` and ``plot`` name which."""
        return f"{self.trial(language, key)}.{extension}{_query(parameters)}"

    def compare(self, language: Language, parameters: Iterable[tuple[str, str]] = (), extension: str = "") -> str:
        """The comparison of trials (``trial``, one for each), or a file of it."""
        ending = f".{extension}" if extension else ""
        return f"{self.root}/{language}/compare{ending}{_query(parameters)}"

    def trial_data(self, key: str, extension: str) -> str:
        """What the graph holds of a trial, in the format with that file extension."""
        return f"{self.root}/trial/{quote(key, safe=_PATH)}.{extension}"

    def trial_interface(self, key: str, part: str = "") -> str:
        """A trial in the JSON interface: all its facts, or ``fhir`` or ``nanopublications``."""
        return f"{self.root}/api/v1/trials/{quote(key, safe=_PATH)}{'/' if part else ''}{part}"

    def report(self, language: Language, document: str) -> str:
        """A report's page."""
        return f"{self.root}/{language}/report/{quote(document, safe=_SEGMENT)}"

    def report_data(self, document: str, extension: str) -> str:
        """What the graph holds of a report, in the format with that file extension."""
        return f"{self.root}/report/{quote(document, safe=_SEGMENT)}.{extension}"

    def thing_data(self, path: str, extension: str) -> str:
        """What the graph holds of any other thing, by its IRI's path below ``id/``."""
        return f"{self.root}/thing/{quote(path, safe=_PATH)}.{extension}"

    def sparql_page(self, language: Language, query: str = "", example: str = "") -> str:
        """The page to write a query on, filled with a query or with an example."""
        parameters = {"query": query} if query else {"example": example} if example else {}
        return f"{self.root}/{language}/sparql{_query(parameters)}"

    def sparql(self, query: str = "", wanted: Format | None = None) -> str:
        """The SPARQL protocol's endpoint, or one query's answer in a format."""
        parameters = {"query": query} if query else {}
        if wanted is not None:
            parameters["format"] = wanted.name
        return f"{self.root}/sparql{_query(parameters)}"

    def data(self, path: str, extension: str) -> str:
        """What the graph holds of anything else, by its IRI's path below the base."""
        return f"{self.root}/data/{quote(path, safe=_PATH)}.{extension}"

    def graph(self, iri: str, wanted: Format | None = None) -> str:
        """The triples of a named graph, by the graph store protocol."""
        parameters = {"graph": iri}
        if wanted is not None:
            parameters["format"] = wanted.name
        return f"{self.root}/graphs{_query(parameters)}"

    def discrepancies(self, language: Language, kind: str = "", page: int = 1) -> str:
        """The page of the failed checks, of all kinds or of one."""
        parameters = {"kind": kind} if kind else {}
        if page > 1:
            parameters["page"] = str(page)
        return f"{self.root}/{language}/discrepancies{_query(parameters)}"

    def feed(self, language: Language) -> str:
        """The feed of new and changed trials."""
        return f"{self.root}/{language}/feed.atom"

    def about(self, language: Language) -> str:
        """The page about the data."""
        return f"{self.root}/{language}/about"

    def vocabulary(self, language: Language, path: str = "") -> str:
        """The page of all terms, or of a scheme or a concept by its path (``endpoints/overall-survival``)."""
        return f"{self.root}/{language}/vocabulary{'/' if path else ''}{quote(path, safe=_PATH)}"

    def vocabulary_data(self, extension: str, path: str = "") -> str:
        """The same as data."""
        return f"{self.root}/vocabulary{'/' if path else ''}{quote(path, safe=_PATH)}.{extension}"

    def described(self, language: Language, iri: str, page: int = 1) -> str:
        """The page of a term, a scheme or a concept of ours, and any other IRI itself.

        ``page`` is one of the pages of the list of trials that use a concept.
        """
        if iri.startswith(f"{_VOCABULARY}ns#"):
            return f"{self.vocabulary(language)}#{quote(iri.partition('#')[2], safe=_SEGMENT)}"
        if iri.startswith(f"{_VOCABULARY}concept/"):
            parameters = {"page": str(page)} if page > 1 else {}
            return self.vocabulary(language, iri.removeprefix(f"{_VOCABULARY}concept/")) + _query(parameters)
        return iri

    def question(self, language: Language, parameters: Iterable[tuple[str, str]] = (), extension: str = "") -> str:
        """The page of a question by its parameters (``endpoint``, ``population`` and so on, names of concepts).

        With the extension of a file, what can be taken away from that page.
        """
        query = urlencode(list(parameters))
        ending = f".{extension}" if extension else ""
        return f"{self.root}/{language}/question{ending}{'?' if query else ''}{query}"

    def question_summary(self, language: Language, parameters: Iterable[tuple[str, str]]) -> str:
        """The summary of findings of a question alone, to print or to paste."""
        return f"{self.root}/{language}/question/summary?{urlencode(list(parameters))}"

    def question_data(self, parameters: Iterable[tuple[str, str]]) -> str:
        """The answer to a question as JSON."""
        return f"{self.root}/api/v1/question?{urlencode(list(parameters))}"

    def network(self, language: Language, parameters: Iterable[tuple[str, str]] = (), extension: str = "") -> str:
        """The evidence network of a condition (``condition``, ``endpoint``), or a file of it."""
        query = urlencode(list(parameters))
        ending = f".{extension}" if extension else ""
        return f"{self.root}/{language}/network{ending}{'?' if query else ''}{query}"

    def static(self, name: str, fingerprint: str) -> str:
        """A file of our own style or script; the fingerprint changes when the file does."""
        return f"{self.root}/static/{name}{_query({'v': fingerprint})}"

    def thing(self, iri: str) -> str | None:
        """Where this server answers for an IRI of its graph or vocabulary; ``None`` for any other IRI."""
        for start, served in ((self.base_iri, _THINGS), (_VOCABULARY, ("ns", "concept/", "prefix/"))):
            path = iri.removeprefix(start)
            if path != iri and path.startswith(served):
                return f"{self.root}/{quote(path, safe=_PATH + '%#')}"
        return None

    def iri(self, path: str) -> str:
        """The graph's IRI for a path such as ``id/trial/NCT01234567``."""
        return (_VOCABULARY if path.startswith("prefix/") else self.base_iri) + path

    def in_language(self, path: str, query: str, language: Language) -> str:
        """The address of the same page in another language, with the same parameters."""
        for other in LANGUAGES:
            prefix = f"/{other}/"
            if path.startswith(prefix):
                kept = f"?{query}" if query else ""
                rest = quote(path.removeprefix(prefix), safe=_PATH)
                return f"{self.root}/{language}/{rest}{kept}"
        return self.home(language)


def fragment(name: str) -> str:
    """The link to a place on the same page."""
    return f"#{quote(name, safe=_SEGMENT)}"


def anchor(document: str, start: int, end: int) -> str:
    """The id of a marked stretch of a document's text; it stays the same while the text does."""
    return f"{document}.{start}-{end}"


def doi_page(doi: str) -> str:
    """Where a DOI leads."""
    return f"https://doi.org/{quote(doi, safe=_PATH)}"


def pubmed_page(pmid: str) -> str:
    """Where a PubMed identifier leads."""
    return f"https://pubmed.ncbi.nlm.nih.gov/{quote(pmid, safe='')}/"


def _query(parameters: Mapping[str, str] | Iterable[tuple[str, str]]) -> str:
    encoded = urlencode(parameters if isinstance(parameters, Mapping) else list(parameters))
    return f"?{encoded}" if encoded else ""
