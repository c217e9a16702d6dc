"""What the index holds of each trial, gathered from the graph by the queries ``search_*``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from sys import intern
from typing import Final

from kg.answers import Value
from kg.query_files import query_text
from kg.rows import Name
from kg.search.forms import path_of, with_broader
from kg.stores import ReadableStore
from ontology.vocabulary import CONCEPTS, NAMESPACE

# The facets of the search, in the order of the page. The first ones hold names of concepts of the scheme given.
CONCEPT_FACETS: Final[Mapping[str, str]] = {
    "condition": "conditions",
    "intervention": "interventions",
    "endpoint": "endpoints",
    "design": "designs",
    "phase": "designs",
    "masking": "designs",
    "country": "countries",
    "registry": "registries",
}
# The facets whose concepts are suggested while a question is written.
SUGGESTED: Final = ("condition", "intervention", "endpoint")
SIZES: Final = ((0, 49), (50, 99), (100, 249), (250, 499), (500, 999), (1000, None))
FULL_TEXT: Final = "full-text"
INCONSISTENT: Final = "inconsistent"
REGISTRY_RECORD: Final = "registry-record"
RETRACTED: Final = "retracted"
SEVERAL_REPORTS: Final = "several-reports"
BOTH_LANGUAGES: Final = "both-languages"
FACETS: Final = (*CONCEPT_FACETS, "size", "language", "has")

_YEARS: Final = range(1800, 2200)
_LARGEST: Final = 10**9
# The properties that lead to conditions, interventions and endpoints; of others, such as units, there are no facets.
_OF_PROPERTY: Final = frozenset({"condition", "intervention", "concept"})
_NAMES: Final = (
    "condition-name",
    "arm-name",
    "endpoint-name",
    "registered-arm-name",
    "registered-endpoint-name",
    "registered-intervention-name",
)
_REGISTERED_COMPARATORS: Final = frozenset({"arm-active", "arm-nothing", "arm-placebo", "arm-sham"})


@dataclass(frozen=True, slots=True)
class Line:
    """What a list of trials says of one: texts as printed, each in its language.

    ``experimental`` and ``comparators`` hold the names of one arm each, ``primary`` those of one endpoint each, the
    best in each language. ``randomised`` is the number of people, ``features`` are the values of the facet "has".
    """

    key: str
    titles: tuple[Name, ...] = ()
    acronyms: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    conditions: tuple[Name, ...] = ()
    experimental: tuple[tuple[Name, ...], ...] = ()
    comparators: tuple[tuple[Name, ...], ...] = ()
    primary: tuple[tuple[Name, ...], ...] = ()
    journals: tuple[str, ...] = ()
    year: int | None = None
    randomised: int | None = None
    reports: int = 0
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A trial as the index holds it: its line, and what it is found by.

    ``names`` are identifiers in lower case, ``phrases`` what its people, arms and endpoints are called, ``further`` its
    other texts. ``facets`` holds the values of each facet, ``concepts`` the paths of what its reports use and of all
    that is broader.
    """

    line: Line
    names: frozenset[str] = frozenset()
    phrases: frozenset[str] = frozenset()
    further: tuple[str, ...] = ()
    facets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    concepts: frozenset[str] = frozenset()


class _Gathered:
    """The rows of one trial so far."""

    __slots__ = ("concepts", "fields", "findings")

    def __init__(self) -> None:
        self.fields: dict[str, set[Value]] = {}
        self.findings: dict[tuple[str, str], dict[str, set[Value]]] = {}
        self.concepts: set[tuple[str, str]] = set()

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(sorted({value.text for value in self.fields.get(name, ())}))

    def of_findings(self, name: str) -> Iterator[set[Value]]:
        """The values of one field, finding by finding."""
        for _, fields in sorted(self.findings.items()):
            if name in fields:
                yield fields[name]


def entries(store: ReadableStore) -> Iterator[Entry]:
    """The entries of all trials, newest first, those of one year by key."""
    gathered: dict[str, _Gathered] = {}
    for row in store.solutions(query_text("search_trials")):
        one = gathered.setdefault(row["trial"].text, _Gathered())
        one.fields.setdefault(intern(row["field"].text), set()).add(row["value"])
    for row in store.solutions(query_text("search_findings")):
        if (found := gathered.get(row["trial"].text)) is not None:
            fields = found.findings.setdefault((row["report"].text, row["finding"].text), {})
            fields.setdefault(intern(row["field"].text), set()).add(row["value"])
    for row in store.solutions(query_text("search_concepts")):
        if (found := gathered.get(row["trial"].text)) is not None:
            name = row["property"].text.removeprefix(NAMESPACE)
            found.concepts.add((intern(name), intern(row["concept"].text)))
    keyed = ((key, one) for one in gathered.values() for key in one.texts("key")[:1])
    for key, one in sorted(keyed, key=lambda pair: (-(_year(pair[1]) or 0), pair[0])):
        yield _entry(key, one)


def _entry(key: str, one: _Gathered) -> Entry:
    size = _randomised(one)
    phrases = {value.text for name in _NAMES for group in one.of_findings(name) for value in group}
    features = tuple(sorted(_features(one)))
    registered = {value.text for group in one.of_findings("registered-detail-text") for value in group}
    experimental, comparators = _arms(one)
    line = Line(
        key=key,
        titles=_names(one.fields.get("title", ())),
        acronyms=one.texts("acronym"),
        identifiers=one.texts("identifier"),
        conditions=_best(one.of_findings("condition-label")) or _best(_registered_conditions(one)),
        experimental=experimental,
        comparators=comparators,
        primary=_called(one, "endpoint", {"primary"}) or _called(one, "registered-endpoint", {"primary"}),
        journals=one.texts("journal"),
        year=_year(one),
        randomised=size,
        reports=len(one.texts("report")),
        features=features,
    )
    facets = _facets(one)
    facets["has"] = frozenset(features)
    facets["size"] = frozenset() if size is None else frozenset({size_name(size)})
    used = {path_of(iri) for _, iri in one.concepts if iri.startswith(CONCEPTS)}
    used |= {path_of(iri) for iri in (*one.texts("registry"), *one.texts("status")) if iri.startswith(CONCEPTS)}
    return Entry(
        line=line,
        names=frozenset(name.lower() for name in (*one.texts("notation"), *one.texts("pmid"))),
        phrases=frozenset(phrases),
        further=(*sorted(registered), *one.texts("conclusion"), *one.texts("journal"), *one.texts("author")),
        facets=facets,
        concepts=frozenset().union(*(with_broader(path) for path in used)),
    )


def size_name(size: int) -> str:
    """The name of the group of sizes that a number of people belongs to, such as "100-249" or "1000-"."""
    low, high = next((low, high) for low, high in reversed(SIZES) if size >= low)
    return f"{low}-{high or ''}"


def _facets(one: _Gathered) -> dict[str, frozenset[str]]:
    values: dict[str, set[str]] = {name: set() for name in (*CONCEPT_FACETS, "language")}
    for name, iri in one.concepts:
        path = path_of(iri)
        facet = next((facet for facet in SUGGESTED if path.startswith(f"{CONCEPT_FACETS[facet]}/")), None)
        if facet is not None and name in _OF_PROPERTY:
            values[facet] |= with_broader(path)
    for aspects, found in _design(one):
        facet = next((facet for facet in ("phase", "masking", "country") if f"designs/{facet}" in aspects), "design")
        values[facet] |= {path for path in found if with_broader(path)}
    values["registry"] = {path_of(iri) for iri in one.texts("registry") if with_broader(path_of(iri))}
    values["language"] = {language for language in one.texts("language") if language in {"en", "zh"}}
    return {
        facet: frozenset(
            path.rpartition("/")[2] for path in found if path.startswith(f"{CONCEPT_FACETS.get(facet, '')}")
        )
        for facet, found in values.items()
    }


def _design(one: _Gathered) -> Iterator[tuple[set[str], set[str]]]:
    for fields in one.findings.values():
        if "design-value" in fields:
            aspects = {path_of(value.text) for value in fields.get("design-aspect", ())}
            yield aspects, {path_of(value.text) for value in fields["design-value"]}


def _features(one: _Gathered) -> Iterator[str]:
    kinds = one.texts("kind")
    if f"{CONCEPTS}designs/article" in kinds:
        yield FULL_TEXT
    if f"{CONCEPTS}designs/registry" in kinds:
        yield REGISTRY_RECORD
    if one.fields.get("inconsistent"):
        yield INCONSISTENT
    if one.fields.get("status"):
        yield RETRACTED
    if len(one.texts("report")) > 1:
        yield SEVERAL_REPORTS
    if len(one.texts("language")) > 1:
        yield BOTH_LANGUAGES


def _year(one: _Gathered) -> int | None:
    years = (int(text) for text in one.texts("year") if text.isdecimal())
    return min((year for year in years if year in _YEARS), default=None)


def _randomised(one: _Gathered) -> int | None:
    """The largest number of people that a report says were randomised."""
    found: list[int] = []
    for fields in one.findings.values():
        if any(path_of(value.text) == "designs/randomised" for value in fields.get("count-kind", ())):
            found += [int(value.text) for value in fields.get("count-value", ()) if value.text.isdecimal()]
    return max((size for size in found if size < _LARGEST), default=None)


def _arms(one: _Gathered) -> tuple[tuple[tuple[Name, ...], ...], tuple[tuple[Name, ...], ...]]:
    """The experimental arms and the others, as papers name them, else as they are registered."""
    experimental, comparators = _called(one, "arm", {"experimental"}), _called(one, "arm", {"control", "comparator"})
    if experimental or comparators:
        return experimental, comparators
    registered = _called(one, "registered-arm", {"arm-experimental"})
    return registered, _called(one, "registered-arm", _REGISTERED_COMPARATORS)


def _registered_conditions(one: _Gathered) -> Iterator[set[Value]]:
    for fields in one.findings.values():
        aspects = {path_of(value.text) for value in fields.get("registered-detail-aspect", ())}
        if "records/condition" in aspects:
            yield fields.get("registered-detail-text", set())


def _called(one: _Gathered, kind: str, roles: Set[str]) -> tuple[tuple[Name, ...], ...]:
    """The best names of the arms or endpoints with one of the roles, of the report that names them in most languages.

    Each report has names of its own for the same arms, so that those of two would be said twice.
    """
    reports: dict[str, dict[tuple[str, ...], tuple[Name, ...]]] = {}
    for (report, _), fields in sorted(one.findings.items()):
        having = {value.text.rpartition("/")[2] for value in fields.get(f"{kind}-role", ())}
        names = _best([fields.get(f"{kind}-label") or fields.get(f"{kind}-name", set())]) if having & roles else ()
        if names:
            reports.setdefault(report, {}).setdefault(tuple(name.text.casefold() for name in names), names)
    if not reports:
        return ()
    fullest = max(reports, key=lambda report: (len(_languages(reports[report].values())), report))
    return tuple(reports[fullest].values())


def _languages(groups: Iterable[tuple[Name, ...]]) -> set[str]:
    return {name.language for names in groups for name in names}


def _best(groups: Iterable[Iterable[Value]]) -> tuple[Name, ...]:
    """The longest text in each language."""
    best: dict[str, Name] = {}
    for name in _names(value for group in groups for value in group):
        best.setdefault(name.language, name)
    return tuple(best.values())


def _names(values: Iterable[Value]) -> tuple[Name, ...]:
    names = {Name(value.text, value.language or "") for value in values}
    return tuple(sorted(names, key=lambda name: (name.language, -len(name.text), name.text)))
