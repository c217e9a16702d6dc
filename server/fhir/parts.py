"""The small parts of FHIR resources: references, coded concepts, quantities; what is not reported is left out."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from kg.iris import digest
from kg.rows import Interval, Name, PValue, Quantity
from ontology import concept, label
from server.evidence import in_language

Resource = dict[str, Any]
LANGUAGE: Final = "en"
# The code system that the examples of EBMonFHIR use for terms of STATO (https://build.fhir.org/ig/HL7/ebm/).
_STATISTICS: Final = "https://fevir.net/sevco"
_INTERVAL, _P_VALUE = ("STATO:0000196", "confidence interval"), ("STATO:0000700", "p-value")
_STATO: Final = "http://purl.obolibrary.org/obo/STATO_"
_COMPARATORS: Final = {"<": "<", ">": ">", "\u2264": "<=", "\u2265": ">="}


def kept(**parts: object) -> Resource:
    """The parts that are there: no empty lists, no nulls (https://hl7.org/fhir/R5/json.html)."""
    return {name: part for name, part in parts.items() if part is not None and part not in ([], {}, "")}


def resource_id(iri: str) -> str:
    """An id that FHIR allows, the same for the same thing."""
    return digest(iri)


def entry(kind: str, iri: str, **parts: object) -> Resource:
    """A resource of a bundle under the graph's IRI of what it describes."""
    return {"fullUrl": iri, "resource": {"resourceType": kind, "id": resource_id(iri), **kept(**parts)}}


def reference(kind: str, iri: str, display: str) -> Resource:
    """A reference to another resource of the bundle."""
    return kept(type=kind, reference=iri, display=display)


def text(said: str) -> Resource:
    """A concept in words alone."""
    return {"text": said}


def coded(system: str, code: str, display: str) -> Resource:
    """A concept with its code."""
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def statistic_type(measure: str) -> Resource:
    """A measure, with its code of STATO where the vocabulary knows it."""
    found = concept(measure)
    name = label(measure, LANGUAGE)
    codes = [f"STATO:{match.removeprefix(_STATO)}" for match in (found.matches if found else ()) if _STATO in match]
    return coded(_STATISTICS, codes[0], name) if codes else text(name)


def best(names: Iterable[Name]) -> str:
    """The best English name, else the best of any language."""
    found = in_language(names, LANGUAGE)
    return found.text if found else ""


def number(value: Decimal) -> float | int:
    """The number as JSON has it."""
    return int(value) if value == value.to_integral_value() else float(value)


def quantity(found: Quantity, unit: str | None, unit_text: str | None = None) -> Resource:
    """A number with its unit in words."""
    return kept(value=number(found.value), unit=label(unit, LANGUAGE) if unit else unit_text)


def interval_estimate(found: Interval | None) -> list[Resource]:
    """The interval as an estimate of a statistic's attribute; its level as a share of one."""
    if found is None or (found.low is None and found.high is None):
        return []
    low = kept(value=number(found.low.value)) if found.low else {}
    high = kept(value=number(found.high.value)) if found.high else {}
    printed = [bound.text if bound else "not estimable" for bound in (found.low, found.high)]
    level = "" if found.level is None else f"{number(found.level)}% "
    return [
        kept(
            type=coded(_STATISTICS, *_INTERVAL),
            level=None if found.level is None else number(found.level / 100),
            range=kept(low=low, high=high),
            description=f"{level}confidence interval {printed[0]} to {printed[1]}",
        )
    ]


def p_estimate(found: PValue | None) -> list[Resource]:
    """The p-value as an estimate of a statistic's attribute."""
    if found is None:
        return []
    sides = {1: ", one-sided", 2: ", two-sided"}.get(found.sides or 0, "")
    return [
        kept(
            type=coded(_STATISTICS, *_P_VALUE),
            quantity=kept(value=number(found.value.value), comparator=_COMPARATORS.get(found.operator)),
            description=f"p {found.operator} {found.value.text}{sides}",
        )
    ]
