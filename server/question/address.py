"""A question as its address says it: concepts by name, choices of the reader; the same address, the same page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Final, get_args

from kg.question.asking import Question
from kg.question.choice import Choices
from kg.synthesis.pooling import MODELS, Method, Model
from ontology import LANGUAGES, Concept, concept, concepts, forms, notations
from ontology.vocabulary import CONCEPTS
from server.negotiation import Language
from server.problems import Problem
from server.urls import Urls

# The parts of a question with the concept scheme of each.
PARTS: Final = {
    "population": "conditions",
    "intervention": "interventions",
    "comparator": "interventions",
    "endpoint": "endpoints",
}
# Aspects of the design by which trials are grouped.
GROUPINGS: Final = ("phase", "masking", "framework", "structure")
_LISTS: Final = ("take", "leave", "turn", "add")
_MOST_CHOICES: Final = 100
_LONGEST: Final = 300
_DEFAULT_MODEL: Final[Model] = "reml"
_INTERVALS: Final = ("normal", "hk")


@dataclass(frozen=True, slots=True)
class Address:
    """Everything that an address can say; empty means not said, or as usual.

    The parts hold names of concepts, or words that are still to be looked up; ``take`` ids of estimates; ``leave``,
    ``turn`` and ``add`` keys of trials; ``risk`` a baseline risk in percent as it was typed.
    """

    population: str = ""
    intervention: str = ""
    comparator: str = ""
    endpoint: str = ""
    measure: str = ""
    model: str = ""
    interval: str = ""
    risk: str = ""
    by: str = ""
    take: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()
    turn: tuple[str, ...] = ()
    add: tuple[str, ...] = ()

    @property
    def method(self) -> Method:
        """How trials are combined: random effects with τ² by restricted likelihood unless said otherwise."""
        model = next((one for one in MODELS if one == self.model), _DEFAULT_MODEL)
        return Method(model, hartung_knapp=self.interval == "hk")

    @property
    def choices(self) -> Choices:
        """What the reader chose for single trials."""
        return Choices(frozenset(self.take), frozenset(self.leave), frozenset(self.turn))

    @property
    def baseline(self) -> float | None:
        """The chosen baseline risk from 0 to 1."""
        return float(Decimal(self.risk)) / 100 if self.risk else None

    def parameters(self) -> list[tuple[str, str]]:
        """The parameters of the address in their order, without what is as usual."""
        pairs: list[tuple[str, str]] = []
        for entry in fields(self):
            value = getattr(self, entry.name)
            pairs += [(entry.name, one) for one in (value if isinstance(value, tuple) else (value,)) if one]
        return pairs

    def href(self, urls: Urls, language: Language) -> str:
        """The page at this address."""
        return urls.question(language, self.parameters())

    def with_(self, **changes: str | tuple[str, ...]) -> Address:
        """The address with some of it changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def handled(self, key: str, handling: str) -> Address:
        """The address with the trial turned round ("turn"), left out ("leave"), or neither (anything else)."""
        kept = {name: tuple(k for k in getattr(self, name) if k != key) for name in ("turn", "leave")}
        if handling in kept:
            kept[handling] = tuple(sorted({*kept[handling], key}))
        return replace(self, turn=kept["turn"], leave=kept["leave"])

    def taking(self, estimate: str, instead_of: Iterable[str]) -> Address:
        """The address with that estimate of a trial taken; ``instead_of`` are all of the trial's."""
        others = set(instead_of)
        return replace(self, take=tuple(sorted({*(t for t in self.take if t not in others), estimate})))


def read_address(parameters: Sequence[tuple[str, str]]) -> Address:
    """The address that a request's parameters say; raises Problem (400) for what no page can be made of."""
    given: dict[str, str] = {}
    lists: dict[str, set[str]] = {name: set() for name in _LISTS}
    single = {entry.name for entry in fields(Address)} - set(_LISTS)
    for name, value in parameters:
        text = " ".join(value.split())
        if len(text) > _LONGEST:
            raise Problem(400, f"{name}: longer than {_LONGEST} characters")
        if name in lists and text:
            lists[name].add(text)
        elif name in single:
            given[name] = text
    if any(len(members) > _MOST_CHOICES for members in lists.values()):
        raise Problem(400, f"at most {_MOST_CHOICES} trials can be chosen by one address")
    address = Address(**given, **{name: tuple(sorted(members)) for name, members in lists.items()})  # type: ignore[arg-type]
    return _checked(address)


def _checked(address: Address) -> Address:
    allowed = {"model": get_args(Model), "interval": _INTERVALS, "by": GROUPINGS}
    for name, values in allowed.items():
        if (value := getattr(address, name)) and value not in values:
            raise Problem(400, f"{name}: one of {', '.join(values)}")
    usual = {"model": _DEFAULT_MODEL, "interval": _INTERVALS[0]}
    plain = {name: "" for name, value in usual.items() if getattr(address, name) == value}
    return replace(address, risk=_risk(address.risk), **plain)  # type: ignore[arg-type]


def _risk(text: str) -> str:
    """A percentage from 0 to 100 as plain digits; raises Problem (400)."""
    if not text:
        return ""
    try:
        number = Decimal(text.removesuffix("%").strip())
    except InvalidOperation:
        number = Decimal(-1)
    if not (number.is_finite() and 0 <= number <= 100):
        raise Problem(400, "risk: a percentage from 0 to 100")
    return f"{number.quantize(Decimal('0.01')).normalize():f}"


def resolved(address: Address) -> Address:
    """The address with each part that the lexicon knows by any of its words given as the concept's name."""
    known = {
        part: found.name
        for part, scheme in PARTS.items()
        if (text := getattr(address, part)) and (found := find_concept(scheme, text)) is not None
    }
    return replace(address, **known)  # type: ignore[arg-type]


def find_concept(scheme: str, text: str) -> Concept | None:
    """The concept of the scheme with that name, label, synonym or code in either language; ``None`` without one."""
    found = concept(f"{CONCEPTS}{scheme}/{text}") if re.fullmatch(r"[\w-]+", text) else None
    if found is None:
        codes = notations(scheme)
        iri = codes.get(text) or _folded(scheme).get(text.casefold())
        found = concept(iri) if iri else None
    return found


@cache
def _folded(scheme: str) -> dict[str, str]:
    codes = {code.casefold(): iri for code, iri in notations(scheme).items()}
    return codes | {form: iri for language in LANGUAGES for form, iri in forms(scheme, language).items()}


def alike(scheme: str, text: str) -> tuple[Concept, ...]:
    """Up to eight concepts of the scheme one of whose words holds the text, the shortest words first."""
    wanted = text.casefold()
    scored = []
    for found in concepts(scheme):
        words = [*found.preferred.values(), *found.notations]
        words += [form for group in found.alternatives.values() for form in group]
        near = [len(word) for word in words if wanted in word.casefold()]
        if near:
            scored.append((min(near), found.name, found))
    return tuple(found for _, _, found in sorted(scored, key=lambda entry: entry[:2])[:8])


def question_of(address: Address) -> Question | None:
    """The question, if its endpoint is known and none of its parts is a word that the lexicon lacks."""
    iris: dict[str, str | None] = {}
    for part, scheme in PARTS.items():
        text = getattr(address, part)
        found = find_concept(scheme, text) if text else None
        if text and found is None:
            return None
        iris[part] = found.iri if found else None
    endpoint = iris["endpoint"]
    if endpoint is None:
        return None
    return Question(endpoint, iris["population"], iris["intervention"], iris["comparator"])
