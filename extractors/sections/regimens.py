"""Reads how treatments are given: drug, dose, unit, route, schedule and cycle, drugs given together as one regimen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import ontology
from extractors.article_findings import Dose, Regimen
from extractors.confidence import assessed
from extractors.evidence import evidence
from extractors.findings import Name, Number
from extractors.keys import digest, readable
from extractors.normal import HAN, is_han
from extractors.patterns import words
from extractors.printed.passages import printed_number
from extractors.reading import Reading, Sentence, Span
from extractors.sections.passages import by_section

COMPONENT = "evidence_sections"
_METHODS = frozenset({"methods"})
_NEAR, _ROUTE = 14, 40
_WORD = re.compile(rf"[A-Za-z\u0370-\u03ff][\w'-]*(?:\s[A-Z]\b)?|[{HAN}]{{2,10}}")


@dataclass(frozen=True, slots=True)
class _Given(Span):
    """A dose in the text, from the name of its drug to its schedule; ``closes`` tells that a cycle ends it."""

    dose: Dose
    cycle: tuple[Number, str] | None


def regimens(found: Reading, arms: Sequence[str]) -> tuple[Regimen, ...]:
    """The regimens that the methods give, each once, in order; ``arms`` are the arms' keys."""
    kept: dict[str, Regimen] = {}
    for section, sentences in by_section(found, _METHODS):
        if _other_part().search(section.heading or ""):
            continue
        for sentence in sentences:
            for group in _together(found, list(_given(found, sentence))):
                one = _regimen(found, sentence, group, arms)
                if one.arm or one.cycle or any(dose.route or dose.schedule for dose in one.doses):
                    kept.setdefault(one.key, one)
    return tuple(kept.values())


def _regimen(found: Reading, sentence: Sentence, group: list[_Given], arms: Sequence[str]) -> Regimen:
    span = Span(group[0].start, group[-1].end)
    sure = assessed("regimen", ())
    cycle = next((one.cycle for one in reversed(group) if one.cycle), None)
    doses = tuple(one.dose for one in group)
    printed = [part for d in doses for part in (d.drug.text.casefold(), d.amount.text, d.unit, d.schedule)]
    return Regimen(
        key=f"{readable(doses[0].drug.text) or 'regimen'}-{digest(*printed, cycle and cycle[0].text)}",
        arm=_arm(found, sentence, span, arms),
        doses=doses,
        cycle=cycle[0] if cycle else None,
        cycle_unit=cycle[1] if cycle else None,
        language=found.language,
        evidence=(
            evidence(found, sentence, "text", COMPONENT, sure),
            evidence(found, span, "value", COMPONENT, sure),
        ),
    )


def _arm(found: Reading, sentence: Sentence, span: Span, arms: Sequence[str]) -> str | None:
    """The arm that a sentence says to be given the regimen: the one named last before it, if it is of a group."""
    named = [m for m in found.arm_mentions if sentence.start <= m.start and m.end <= span.start]
    clause = max(found.normal.rfind(sign, sentence.start, span.start) for sign in ";.")
    near = {m.index for m in named if m.start > clause}
    return arms[next(iter(near))] if len(near) == 1 else None


def _together(found: Reading, given: list[_Given]) -> Iterator[list[_Given]]:
    """The doses of a sentence by regimen: a cycle, "or" and the like, or other people end one."""
    group: list[_Given] = []
    for one in given:
        if group:
            gap = found.normal[group[-1].end : one.start]
            if group[-1].cycle is not None or _turn().search(gap) or not _joined().fullmatch(gap):
                yield group
                group = []
        group.append(one)
    if group:
        yield group


def _given(found: Reading, sentence: Sentence) -> Iterator[_Given]:
    """The doses of a sentence that stand beside the name of a drug."""
    matches = list(_dose().finditer(found.normal, sentence.start, sentence.end))
    before = sentence.start
    for place, match in enumerate(matches):
        end = matches[place + 1].start() if place + 1 < len(matches) else sentence.end
        opened = before
        drug = _drug_before(found, Span(before, match.start())) or _drug_behind(found, Span(match.end(), end))
        before = match.end()
        if drug is None:
            continue
        stop = min(end, _next_drug(found, Span(max(match.end(), drug.end), end)))
        drug = _without_route(found, drug)
        if _routes().fullmatch(found.normal, drug.start, drug.end):
            continue
        schedule, last = _schedule(found, Span(max(match.end(), drug.end), stop))
        clause = max(found.normal.rfind(sign, opened, drug.start) for sign in ",;")
        route = _route(found, Span(max(opened, drug.start - _ROUTE, clause), drug.start))
        cycle = _cycle().search(found.normal, match.end(), stop)
        unit = re.sub(r"\s+", "", match["unit"] + (match["per"] or ""))
        start = min(drug.start, match.start())
        if route is not None:
            start = min(start, route[1].start)
        yield _Given(
            start=start,
            end=max(last, drug.end, match.end(), cycle.end() if cycle else 0),
            dose=Dose(
                drug=_name(found, drug),
                amount=printed_number(match["amount"]),
                upper=printed_number(match["upper"]) if match["upper"] else None,
                unit=unit,
                route=(route or _route_behind(found, Span(match.end(), stop)) or (None,))[0],
                schedule=schedule,
            ),
            cycle=(printed_number(cycle["every"]), _time_unit(cycle["time"])) if cycle else None,
        )


def _without_route(found: Reading, drug: Span) -> Span:
    """The drug without a route that its term begins with ("subcutaneous trastuzumab")."""
    route = _routes().match(found.normal, drug.start, drug.end)
    if route is None or route.end() >= drug.end:
        return drug
    start = route.end() + len(found.normal[route.end() : drug.end]) - len(found.normal[route.end() : drug.end].lstrip())
    return Span(start, drug.end)


def _name(found: Reading, drug: Span) -> Name:
    terms = [t for t in found.terms_in(drug, "interventions") if t.end == drug.end]
    return Name(found.text(drug), found.language, terms[0].iri if terms else None)


def _drug_before(found: Reading, span: Span) -> Span | None:
    """The drug that a dose follows: a term of the lexicon, or a word of an arm's name."""
    near = Span(max(span.start, span.end - 70), span.end)
    terms = [t for t in found.terms_in(near, "interventions") if _is_close(found.normal[t.end : span.end])]
    terms = [t for t in terms if not _stop().fullmatch(found.normal[t.start : t.end])]
    if terms:
        return Span(min(t.start for t in terms if t.end == terms[-1].end), terms[-1].end)
    matches = [
        m for m in _WORD.finditer(found.normal, near.start, near.end) if _is_close(found.normal[m.end() : span.end])
    ]
    return _of_an_arm(found, Span(matches[-1].start(), matches[-1].end())) if matches else None


def _is_close(gap: str) -> bool:
    return (
        len(gap) <= _NEAR
        and re.fullmatch(rf"[\s(\[,:]*(?:{words('articles', 'not-a-drug')}\s*)*[\s(\[]*", gap, re.IGNORECASE)
        is not None
    )


def _drug_behind(found: Reading, span: Span) -> Span | None:
    """The drug that stands behind its dose: "20 mg of tamoxifen"."""
    text = re.compile(r"\s*(?:of\s+)?").match(found.normal, span.start, span.end)
    start = text.end() if text else span.start
    terms = [t for t in found.terms_in(Span(start, min(span.end, start + 60)), "interventions") if t.start == start]
    if terms:
        return Span(start, max(t.end for t in terms))
    word = _WORD.match(found.normal, start, span.end)
    return _of_an_arm(found, Span(start, word.end())) if word else None


def _of_an_arm(found: Reading, word: Span) -> Span | None:
    """The word, with up to two before it, if a name of an arm has them."""
    text = found.normal[word.start : word.end].casefold()
    if len(text) < 2 or _stop().fullmatch(text):
        return None
    names = [name.text.casefold() for arm in found.arms for name in arm.names]
    if is_han(text):
        # Chinese sets no blanks: the name is the longest end of the word that an arm's name has.
        ends = (start for start in range(len(text) - 1) if any(text[start:] in name for name in names))
        return next((Span(word.start + start, word.end) for start in ends), None)
    before = [word.start, *(m.start() for m in re.finditer(r"[A-Za-z-]+", found.normal[: word.start][-40:]))]
    starts = [word.start - min(40, word.start) + place for place in before[1:]][-2:]
    for start in (*starts, word.start):
        phrase = re.escape(found.normal[start : word.end].casefold())
        if any(re.search(rf"(?<!\w){phrase}(?!\w)" if phrase.isascii() else phrase, name) for name in names):
            return Span(start, word.end)
    return None


def _next_drug(found: Reading, span: Span) -> int:
    """Where the name of another drug begins, so that its schedule is not taken for that of this one."""
    return next((term.start for term in found.terms_in(span, "interventions")), span.end)


def _schedule(found: Reading, span: Span) -> tuple[str | None, int]:
    """When a dose is given, as printed, and where that ends; nothing where no words for it stand right behind."""
    match = _when().match(found.normal, span.start, span.end)
    if match is None:
        return None, span.start
    cycle = _cycle().search(found.normal, match.start("when"), match.end("when"))
    printed = found.document.text[match.start("when") : cycle.start() if cycle else match.end("when")]
    return " ".join(printed.split()).strip(" ,()") or None, match.end("when")


def _route_behind(found: Reading, span: Span) -> tuple[str, Span] | None:
    """The route named right behind a dose, before any comma."""
    end = min(span.end, span.start + _ROUTE)
    return _route(found, Span(span.start, next((p for p in range(span.start, end) if found.normal[p] in ",;"), end)))


def _route(found: Reading, span: Span) -> tuple[str, Span] | None:
    """The route named last in a stretch, as its code with its place."""
    matches = list(_routes().finditer(found.normal, span.start, span.end))
    if not matches:
        return None
    match = matches[-1]
    code = next(
        c.notations[0]
        for c in ontology.narrower(ontology.by_name("articles", "route").iri)
        if match[c.name.replace("-", "_")]
    )
    return code, Span(match.start(), match.end())


def _time_unit(text: str) -> str:
    for name in ("days", "weeks", "months", "years", "hours"):
        if re.fullmatch(words("units", name), text, re.IGNORECASE):
            return name
    return "days"


@cache
def _dose() -> re.Pattern[str]:
    unit, per = words("articles", "dose-unit"), words("articles", "dose-per")
    number = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?"
    return re.compile(
        rf"(?<![A-Za-z0-9.,-])(?P<amount>{number})(?:\s*(?:-|to)\s*(?P<upper>{number}))?\s*-?(?P<unit>{unit})"
        rf"(?P<per>(?:\s*(?:/|per)\s*{per})*)(?![A-Za-z0-9/])",
    )


@cache
def _when() -> re.Pattern[str]:
    """Words for when a dose is given, right behind it."""
    often, days = words("articles", "schedule"), words("articles", "on-days")
    time = words("units", "days", "weeks", "months", "hours")
    listed = rf"\(?\s*{days}\s*\d+(?:\s*(?:,|-|and|to)\s*\d+)*\s*(?:[{HAN}]\s*)?\)?"
    every = rf"{words('articles', 'every')}\s*\d+\s*-?{time}"
    lasting = rf"for\s+\d+\s+{time}"
    one = rf"(?:{often}|{listed}|{every}|{lasting})"
    route = words("articles", *_route_names())
    return re.compile(rf"[\s,(]*(?:{route}[\s,]*)?(?P<when>{one}(?:[\s,]*(?:as\s\w+\s\w+)?{one})*)", re.IGNORECASE)


@cache
def _cycle() -> re.Pattern[str]:
    time = words("units", "days", "weeks", "months")
    return re.compile(
        rf"{words('articles', 'every')}\s*(?P<every>\d+)\s*-?(?P<time>{time})",
        re.IGNORECASE,
    )


@cache
def _route_names() -> tuple[str, ...]:
    return tuple(found.name for found in ontology.narrower(ontology.by_name("articles", "route").iri))


@cache
def _routes() -> re.Pattern[str]:
    return re.compile(
        "|".join(f"(?P<{name.replace('-', '_')}>{words('articles', name)})" for name in _route_names()), re.IGNORECASE
    )


@cache
def _turn() -> re.Pattern[str]:
    return re.compile(rf";|{words('articles', 'regimen-turn')}", re.IGNORECASE)


@cache
def _joined() -> re.Pattern[str]:
    """What may stand between two drugs of one regimen."""
    return re.compile(
        rf"[\s,)]*(?:{words('articles', 'joined', 'together')}\s*)*(?:[A-Za-z-]+\s){{0,2}}[\s,(]*", re.IGNORECASE
    )


@cache
def _stop() -> re.Pattern[str]:
    return re.compile(words("articles", "not-a-drug"), re.IGNORECASE)


@cache
def _other_part() -> re.Pattern[str]:
    return re.compile(words("articles", "not-on-eligibility"), re.IGNORECASE)
