"""Trial abstracts whose numbers people tied to arms and endpoints: the C-TrO corpus (Sanchez-Graillet et al. 2022).

Each abstract is three files (doi 10.1186/s13326-022-00271-7): ``.tokens.csv`` its words, ``.annodb`` spans over them
and what each span fills, ``.nt`` the filled templates. The text is put together from the words as it was printed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from rdflib import Graph, URIRef

from extractors.reading import Span

_BASE = "http://ctro/data#"
_TRIPLE = re.compile(rf"<{_BASE}(\w+)> <{_BASE}(\w+)> (?:<{_BASE}\w+>|\\?\".*?\")\.")
_SPAN = re.compile(r'\d+, (\w+), (\d+), (\d+), "(.*?)", "[^"]*", ?(.*)$')
_NUMBER = re.compile(r"[-+]?\s*(?:\d+(?:\s*,\s*\d{3})*(?:\s*\.\s*\d+)?|\.\s*\d+)\s*%?$")
_VALUES = ("hasChangeValue", "hasResultMeasuredValue", "hasRelativeChangeValue", "hasPercentageAffected",
           "hasNumberAffected")  # fmt: skip
_DIFFERENCES = ("hasDiffGroupAbsValue", "hasDiffGroupRelValue")
_HEADING = re.compile(r"[A-Z][A-Z/&,\s]{4,60} :")
_CODES = re.compile(r"DOI :|PMID :|Trial registration|ClinicalTrials ?\. ?gov|Copyright|\u00a9")
# What a minus sign may follow; behind other words a hyphen joins: "type - 2", but "of - 0 . 5".
_BEFORE_MINUS = re.compile(
    r"(?:of|by|was|were|from|to|and|vs|versus|than|or|is|mean|difference|CI|interval|[(\[,:;=<>\u00b1/])$",
    re.IGNORECASE,
)
_BEFORE_POINT = re.compile(r"[(\[,:;=<>\u00b1/+-]$")
_HYPHEN = "-"
_OPEN, _CLOSE = re.compile(r"[(\[]$"), re.compile(r"[)\],;:%?!]$")


# Kind, start, end, text, and the triples that it fills by subject and relation.
_Marked = tuple[str, int, int, str, set[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class LinkedValue(Span):
    """A number with the templates that it fills: those of arms and of endpoints, and the times printed for them.

    ``difference`` tells a difference between two arms from a value in one of them (or in each of several).
    """

    value: Decimal
    difference: bool
    arms: frozenset[str]
    endpoints: frozenset[str]
    times: frozenset[str]


@dataclass(frozen=True, slots=True)
class LinkedAbstract:
    """An abstract with its linked values, the phrases that speak of each endpoint, and those that tell each arm.

    ``arms`` gives the phrases of each arm (drugs, doses), by the thing that they name; ``sizes`` its number of people.
    """

    name: str
    text: str
    values: tuple[LinkedValue, ...]
    endpoints: dict[str, tuple[Span, ...]]
    arms: dict[str, dict[str, frozenset[str]]]
    sizes: dict[str, Decimal]


def linked_abstracts(corpus: Path, part: str) -> Iterator[LinkedAbstract]:
    """The abstracts of a part ("train" or "validation") of both diseases, in the order of the corpus' lists."""
    for folder, disease in (("dm2", "dm2"), ("gl", "glaucoma")):
        for name in (corpus / f"{disease}_{part}_ids.txt").read_text("utf-8").split():
            yield linked_abstract(corpus / folder / name)


def linked_abstract(stem: Path) -> LinkedAbstract:
    """The abstract whose files begin with the path."""
    page = _Page(_rows(stem.with_name(f"{stem.name}.tokens.csv")))
    graph = Graph().parse(stem.with_name(f"{stem.name}.nt"), format="nt")
    templates = _Templates(graph)
    spans = list(_spans(stem.with_name(f"{stem.name}.annodb")))
    values = []
    for _, start, end, printed, triples in spans:
        span = page.span(start, end)
        if span is None or not _NUMBER.match(printed):
            continue
        value = Decimal(re.sub(r"[\s,%]", "", printed))
        for difference, names in ((False, _VALUES), (True, _DIFFERENCES)):
            filled = [subject for subject, name in triples if name in names]
            links = [templates.links(subject) for subject in filled]
            if filled and all(arms and endpoints for arms, endpoints in links):
                owners = frozenset(arm for arms, _ in links for arm in arms)
                measured = frozenset(endpoint for _, endpoints in links for endpoint in endpoints)
                times = frozenset(time for subject in filled for time in templates.times(subject))
                values.append(LinkedValue(span.start, span.end, value, difference, owners, measured, times))
    described = {
        endpoint: tuple(
            place
            for kind, start, end, _, triples in spans
            if kind in templates.kinds(endpoint) or (endpoint, "hasEndoPointDescription") in triples
            if (place := page.span(start, end)) is not None
        )
        for endpoint in sorted({e for v in values for e in v.endpoints})
    }
    arms = {arm: _told(templates.parts(arm), spans, page) for arm in templates.arms}
    return LinkedAbstract(stem.name, page.text, tuple(values), described, arms, templates.sizes)


def _told(things: set[str], spans: list[_Marked], page: _Page) -> dict[str, frozenset[str]]:
    """The phrases that name or fill each of the things."""
    phrases: dict[str, set[str]] = {}
    for kind, start, end, _, triples in spans:
        place = page.span(start, end)
        if place is not None:
            for thing in {f"{subject} {name}" for subject, name in triples if subject in things} | ({kind} & things):
                phrases.setdefault(thing, set()).add(page.text[place.start : place.end].casefold())
    return {thing: frozenset(said) for thing, said in phrases.items()}


class _Templates:
    """The filled templates of one abstract."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._owners: dict[str, set[str]] = {}
        for arm, relation, outcome in graph:
            if relation in (URIRef(f"{_BASE}hasOutcome"), URIRef(f"{_BASE}hasAdverseEffect")):
                self._owners.setdefault(_local(outcome), set()).add(_local(arm))
        self.arms = sorted({_local(arm) for arm in graph.objects(None, URIRef(f"{_BASE}hasArm"))})
        sizes = {arm: [str(n) for n in self._objects(arm, "hasNumberPatientsArm")] for arm in self.arms}
        self.sizes = {arm: Decimal(n[0]) for arm, n in sizes.items() if len(n) == 1 and n[0].isdigit()}

    def _objects(self, subject: str, relation: str) -> list[str]:
        return sorted(_local(o) for o in self._graph.objects(URIRef(_BASE + subject), URIRef(_BASE + relation)))

    def links(self, subject: str) -> tuple[set[str], set[str]]:
        """The arms and endpoints of an outcome, or of the two outcomes of a difference."""
        outcomes = [*self._objects(subject, "hasOutcome1"), *self._objects(subject, "hasOutcome2")] or [subject]
        arms = {arm for outcome in outcomes for arm in self._owners.get(outcome, ())}
        return arms, {endpoint for outcome in outcomes for endpoint in self._objects(outcome, "hasEndpoint")}

    def times(self, subject: str) -> list[str]:
        """The times printed for an outcome."""
        return self._objects(subject, "hasTimePoint")

    def kinds(self, endpoint: str) -> set[str]:
        """The kinds of spans that speak of an endpoint."""
        return set(self._objects(endpoint, "hasEndoPointDescription"))

    def parts(self, arm: str) -> set[str]:
        """What an arm is made of: its interventions, their medications and drugs."""
        interventions = self._objects(arm, "hasIntervention")
        medications = [m for i in interventions for m in self._objects(i, "hasMedication")]
        return {*interventions, *medications, *(d for m in medications for d in self._objects(m, "hasDrug"))}


def _local(node: object) -> str:
    return str(node).removeprefix(_BASE)


def _spans(path: Path) -> Iterator[_Marked]:
    for line in path.read_text("utf-8").splitlines():
        match = _SPAN.match(line)
        if match:
            kind, start, end, printed, triples = match.groups()
            yield kind, int(start), int(end), printed, set(_TRIPLE.findall(triples))


def _rows(path: Path) -> list[tuple[int, int, int, str]]:
    """The tokens: number of the sentence, start and end in the corpus' text, the token."""
    rows = []
    for line in path.read_text("utf-8").splitlines():
        cells = line.split(", ", 8)
        if len(cells) == 9 and not line.startswith("#"):
            word = cells[8].strip().removeprefix('"').removesuffix('"')
            rows.append((int(cells[1]), int(cells[6]), int(cells[7]), word))
    return rows


class _Page:
    """The title and the abstract as they were printed, with the places of the corpus' tokens in them."""

    def __init__(self, rows: list[tuple[int, int, int, str]]) -> None:
        self.text = ""
        self._starts: list[int] = []
        self._places: list[tuple[int, Span]] = []
        sentences: dict[int, list[tuple[int, int, int, str]]] = {}
        for row in rows:
            sentences.setdefault(row[0], []).append(row)
        for paragraph in _paragraphs(list(sentences.values())):
            self._print(paragraph)

    def _print(self, rows: list[tuple[int, int, int, str]]) -> None:
        tokens = [row[3] for row in rows]
        self.text += "\n\n" if self.text else ""
        for place, (_, start, end, token) in enumerate(rows):
            if place and _apart(tokens, place):
                self.text += " "
            self._starts.append(start)
            self._places.append((end, Span(len(self.text), len(self.text) + len(token))))
            self.text += token

    def span(self, start: int, end: int) -> Span | None:
        """The printed place of a stretch of the corpus' text; ``None`` outside title and abstract."""
        first, last = bisect_right(self._starts, start) - 1, bisect_right(self._starts, end - 1) - 1
        if first < 0 or self._places[first][0] <= start:
            return None
        return Span(self._places[first][1].start, self._places[last][1].end)


def _paragraphs(sentences: list[list[tuple[int, int, int, str]]]) -> Iterator[list[tuple[int, int, int, str]]]:
    """The title and the parts of the abstract, without journal, authors, addresses and codes."""
    said = [" ".join(row[3] for row in rows) for rows in sentences]
    named = [place for place, text in enumerate(said) if re.search(r"Author information|\( 1 \)", text)]
    headed = [place for place, text in enumerate(said) if _HEADING.search(text)]
    authors = named[0] if named else 3
    # Journal, date and "Epub" stand before the title, addresses behind the authors.
    yield sentences[authors - 1]
    body = [place for place in headed if place >= authors][:1] or [max(named or [authors]) + 1]
    current: list[tuple[int, int, int, str]] = []
    for place in range(body[0], len(sentences)):
        rows = sentences[place]
        heading = _HEADING.search(said[place])
        begin = said[place][: heading.start()].count(" ") if heading else 0
        codes = _CODES.search(said[place])
        stop = said[place][: codes.start()].count(" ") if codes else len(rows)
        if heading:
            if current:
                yield current
            current = []
        current = [*current, *rows[begin if heading and place == body[0] else 0 : stop]]
        if codes:
            break
    if current:
        yield current


def _apart(words: list[str], place: int) -> bool:
    """Whether a blank stood before a word."""
    before, word = words[place - 1], words[place]
    after = words[place + 1] if place + 1 < len(words) else ""
    further = words[place - 2] if place > 1 else ""
    if _CLOSE.match(word) or _OPEN.match(before) or word in ("'", "/") or before in ("'", "/"):
        return False
    if word == ".":
        return after[:1].isdigit() and _BEFORE_POINT.match(before) is not None
    if before in (".", ":"):
        joins = further[-1:].isdigit() or (before == "." and _BEFORE_POINT.match(further))
        return not (word[:1].isdigit() and joins)
    if word == _HYPHEN:
        return _BEFORE_MINUS.match(before) is not None
    return before != _HYPHEN
