"""Made cases for each check of dates, names, identifiers and registered facts: true ones, or with an error planted.

``TEXTS`` has a function for each kind of check. It is given a source of chance and whether to plant an error, and
returns the verdict of the check of that kind, or "cannot tell" where the check was not made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from extractors.documents import Document, Metadata, Reference, Section
from extractors.findings import DesignFact, Evidence, Facts, Population, Registration
from extractors.normal import normalise
from extractors.printed.passages import Passage, passages
from kg.audit.checks import Check
from kg.audit.dates import date_checks
from kg.audit.identifiers import identifier_checks
from kg.discrepancies import disagreements
from kg.inventory import Comparable
from kg.registered_checks import compared
from kg.registered_rows import Day, Figure, Outcome, RegisteredTrial, Side
from kg.rows import Interval, Name, Quantity

Case = Callable[[Random, bool], str]

_REGISTRIES = {
    "ClinicalTrials.gov": ("ClinicalTrials.gov", "NCT{:08d}"),
    "ISRCTN": ("ISRCTN registry", "ISRCTN{:08d}"),
    "ChiCTR": ("Chinese Clinical Trial Registry", "ChiCTR{:010d}"),
}
_OUTCOMES = ("overall survival", "quality of life", "pain", "blood pressure", "body weight", "mortality")


def _document(year: int = 2020, methods: str = "People took part.", results: str = "They were well.") -> Document:
    """A paper of two sections, as a reader gives it."""
    text = f"{methods}\n\n{results}\n"
    sections = (
        Section("s1", "methods", "en", 0, len(methods), "METHODS"),
        Section("s2", "results", "en", len(methods) + 2, len(text) - 1, "RESULTS"),
    )
    return Document("made", "made.txt", "article", text, sections, Metadata(year=year))


def _passages(document: Document) -> tuple[Passage, ...]:
    return tuple(passages(document, normalise(document.text)))


def _facts(document: Document, **found: object) -> Facts:
    nobody = Population((), (), ())
    empty = dict.fromkeys(("registrations", "design", "arms", "endpoints", "contrasts", "arm_results"), ())
    more = dict.fromkeys(("statements", "conclusions"), ())
    return Facts(**{"document": document.id, "languages": ("en",), "population": nobody, **empty, **more, **found})


def _verdict(checks: Iterable[Check], kind: str) -> str:
    found = {one.verdict for one in checks if one.kind == kind}
    return "inconsistent" if "inconsistent" in found else "consistent" if "consistent" in found else "cannot tell"


def _day(chance: Random, first: date = date(2005, 1, 1), days: int = 3000) -> date:
    return first + timedelta(days=chance.randint(0, days))


def _spelled(day: date, style: int) -> str:
    styles = (f"{day.day} {day:%B} {day.year}", f"{day:%B} {day.day}, {day.year}", f"{day:%B} {day.year}")
    return styles[style]


def dates_in_order(chance: Random, planted: bool) -> str:
    """A period of recruitment; planted, it ends before it begins, or after the report was published."""
    start = _day(chance)
    end = start + timedelta(days=chance.randint(60, 1500))
    year = end.year + chance.randint(0, 6)
    if planted and chance.random() < 0.5:
        year = end.year - 1
    elif planted:
        start, end = end, start
    style = chance.randrange(3)
    period = f"From {_spelled(start, style)} to {_spelled(end, style)}, 120 patients were enrolled."
    document = _document(year=year, results=period)
    return _verdict(date_checks(document, _facts(document), _passages(document)), "dates-in-order")


def same_period_twice(chance: Random, planted: bool) -> str:
    """A period printed twice; planted, one of its four dates differs."""
    start = _day(chance)
    end = start + timedelta(days=chance.randint(60, 1500))
    moved = start + timedelta(days=chance.choice([-9, 6, 10, 31])) if planted else start
    first, second = (f"{_spelled(day, 0)} to {_spelled(end, 0)}" for day in (start, moved))
    document = _document(
        year=end.year + 1,
        methods=f"From {first}, patients were enrolled.",
        results=f"Patients enrolled from {second} took part.",
    )
    return _verdict(date_checks(document, _facts(document), _passages(document)), "same-period-twice")


def follow_up_possible(chance: Random, planted: bool) -> str:
    """A follow-up and the first enrolment; planted, longer by a year than the time until publication."""
    start = _day(chance)
    end = start + timedelta(days=chance.randint(100, 700))
    year = end.year + chance.randint(2, 6)
    longest = 12 * (year - start.year + 1)
    months = longest + chance.randint(12, 60) if planted else chance.randint(1, 12 * (year - end.year))
    document = _document(year=year, results=f"From {_spelled(start, 0)} to {_spelled(end, 0)}, people were enrolled.")
    fact = DesignFact("follow-up", str(months), (), "months")
    checks = date_checks(document, _facts(document, design=(fact,)), _passages(document))
    return _verdict(checks, "follow-up-possible")


def _name(chance: Random) -> str:
    letters = "".join(chance.sample("ABCEGHJKLMNPRTUV", chance.randint(3, 5)))
    digits = "".join(chance.sample("123456789", 4))
    return letters + digits


def names_of_trial(chance: Random, planted: bool) -> str:
    """A trial's short name, many times; planted, two of its signs are swapped once."""
    name = _name(chance)
    at = chance.randrange(len(name) - 1)
    if name[at].isalpha() != name[at + 1].isalpha():
        at -= 1
    slip = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    times = chance.randint(3, 8)
    lines = [f"The {name} trial enrolled 12{number} people." for number in range(times)]
    lines.append(f"People of {slip if planted else name} did well in 2011.")
    document = _document(results=" ".join(lines))
    return _verdict(identifier_checks(document, _facts(document), _passages(document), ()), "names-of-trial")


def reference_of_trial(chance: Random, planted: bool) -> str:
    """A trial beside its reference; planted, beside the next one."""
    names = [_name(chance) for _ in range(4)]
    listed = tuple(
        Reference(number, f"Smith A, Lee B. Results of the {name} randomised trial. Rash J. 2015.", 0, 0)
        for number, name in enumerate(names, start=1)
    )
    cited = chance.randint(1, 3)
    text = f"The results were those of {names[cited - 1]} [{cited + planted}] in 80 people."
    document = replace(_document(results=text), references=listed)
    return _verdict(identifier_checks(document, _facts(document), _passages(document), ()), "reference-of-trial")


def registry_of_identifier(chance: Random, planted: bool) -> str:
    """An identifier beside the name of its registry; planted, beside that of another."""
    code = chance.choice(list(_REGISTRIES))
    identifier = _REGISTRIES[code][1].format(chance.randint(1, 99_999_999))
    named = chance.choice([one for one in _REGISTRIES if (one != code) == planted])
    document = _document(methods=f"The trial was registered with {_REGISTRIES[named][0]} ({identifier}).")
    start = document.text.index(identifier)
    section = next(one.id for one in document.sections if one.start <= start < one.end)
    evidence = Evidence(
        section, start, start + len(identifier), identifier, "en", "identifier", "made", "1", Decimal(1)
    )
    registration = Registration(identifier, code, "own", (evidence,))
    facts = _facts(document, registrations=(registration,))
    return _verdict(identifier_checks(document, facts, _passages(document), ()), "registry-of-identifier")


def _outcome(name: str, role: str, times: tuple[str, ...] = ()) -> Outcome:
    return Outcome(f"node:{name}-{role}", role, (Name(name, "en"),), f"concept:{name}", times)


def _compared(kind: str, record: Side, paper: Side) -> str:
    found = {one.verdict for one in compared(RegisteredTrial("trial", (record,), (paper,))) if one.kind == kind}
    return "inconsistent" if "inconsistent" in found else "consistent" if "consistent" in found else "cannot tell"


def _side(outcomes: tuple[Outcome, ...] = (), figures: tuple[Figure, ...] = (), days: tuple[Day, ...] = ()) -> Side:
    return Side("report", "id", outcomes, figures, days)


def registered_primary(chance: Random, planted: bool) -> str:
    """A registered primary outcome; planted, the paper reports it as secondary, or another one in its place."""
    first, second = chance.sample(_OUTCOMES, 2)
    roles = ("secondary", "primary") if planted else ("primary", "secondary")
    outcomes = (_outcome(first, roles[0]), _outcome(second, roles[1]))
    record = _side((_outcome(first, "primary"), _outcome(second, "secondary")))
    return _compared(
        "registered-primary", record, _side(outcomes[1:] if planted and chance.random() < 0.5 else outcomes)
    )


def published_primary(chance: Random, planted: bool) -> str:
    """A published primary outcome; planted, it is registered as secondary or not at all. One that fits says nothing."""
    first, second = chance.sample(_OUTCOMES, 2)
    record = _side((_outcome(first, "primary"), _outcome(second, "secondary")))
    published = second if planted else first
    if planted and chance.random() < 0.5:
        record = _side((_outcome(first, "primary"),))
    return _compared("published-primary", record, _side((_outcome(published, "primary"),)))


def registered_time(chance: Random, planted: bool) -> str:
    """When a primary outcome is measured; planted, at another time, longer by half at least."""
    months = chance.randint(2, 60)
    other = months * chance.choice([2, 3]) if planted else months
    record = _side((_outcome("pain", "primary", (f"{months} months",)),))
    return _compared("registered-time", record, _side((_outcome("pain", "primary", (f"{other} months",)),)))


def registered_size(chance: Random, planted: bool) -> str:
    """The people of record and paper; planted, one digit of an actual number or a fifth of a planned one is wrong."""
    size = chance.randint(40, 3000)
    kind = chance.choice(["actual", "planned"])
    wrong = size + chance.choice([1, 9, 10, 100]) if kind == "actual" else round(size * chance.choice([0.75, 1.3]))
    near = size if kind == "actual" else round(size * chance.uniform(0.92, 1.08))
    shown = wrong if planted else near
    record = _side(figures=(Figure("node:a", kind, Decimal(size), str(size)),))
    return _compared(
        "registered-size", record, _side(figures=(Figure("node:b", "randomised", Decimal(shown), str(shown)),))
    )


def registered_date(chance: Random, planted: bool) -> str:
    """Registration and first enrolment; planted, a month to two years too late."""
    registered = _day(chance)
    apart = timedelta(days=chance.randint(31, 700))
    started = registered - apart if planted else registered + apart
    days = (Day("node:r", "registered-on", str(registered)), Day("node:s", "first-enrolment", str(started)))
    return _compared("registered-date", _side(days=days), _side())


def reports_disagree(chance: Random, planted: bool) -> str:
    """One estimate in two reports; planted, with another value or another bound."""
    value = Decimal(chance.randint(50, 85)) / 100
    low, high = value - Decimal("0.2"), value + Decimal("0.3")
    shown = [value, low, high]
    if planted:
        shown[chance.randrange(3)] += Decimal(chance.choice(["0.03", "-0.01", "0.1"]))
    first, second = (_comparable(name, numbers) for name, numbers in (("a", (value, low, high)), ("b", shown)))
    return "inconsistent" if list(disagreements((first, second))) else "consistent"


def _comparable(report: str, numbers: Iterable[Decimal]) -> Comparable:
    value, low, high = (Quantity(Decimal(f"{number:.2f}"), f"{number:.2f}") for number in numbers)
    interval = Interval(low, high, Decimal(95), ())
    setting = (None, None, None)
    return Comparable("trial", report, report, "article", f"{report}-1", "os", "HR", value, interval, setting)


TEXTS: dict[str, Case] = {
    "dates-in-order": dates_in_order,
    "follow-up-possible": follow_up_possible,
    "names-of-trial": names_of_trial,
    "published-primary": published_primary,
    "reference-of-trial": reference_of_trial,
    "registered-date": registered_date,
    "registered-primary": registered_primary,
    "registered-size": registered_size,
    "registered-time": registered_time,
    "registry-of-identifier": registry_of_identifier,
    "reports-disagree": reports_disagree,
    "same-period-twice": same_period_twice,
}
