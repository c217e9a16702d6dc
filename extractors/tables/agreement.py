"""Ties what the prose says to the rows of tables with the same numbers: there, heads and labels say what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.reading import Linked, Reading

# Fewer digits may agree by chance.
_DIGITS = 3
_DIGITS_OF_PAIR = 2


def agreed(found: Reading) -> list[Linked]:
    """The results, those of the prose moved to the endpoint of a table's row with the same numbers for the same arms.

    Two arms of a sentence must agree with one row, or one number of several digits. Such a number is then one fact with
    two places of evidence.
    """
    tables = [link for link in found.results if link.way == "table" and link.quantity is not None]
    results: list[Linked] = []
    for link in found.results:
        if link.way == "table" or link.quantity is None or not tables:
            results.append(link)
            continue
        beside = [o for o in found.results if o.way != "table" and o.sentence == link.sentence and o.quantity]
        rows = [other for other in tables if _same(link, other)]
        endpoints = {other.endpoint for other in rows if _sure(link, other, beside, tables)}
        row = next((other for other in rows if endpoints == {other.endpoint}), None)
        once = len({found.text(other.time_point) if other.time_point else None for other in rows}) == 1
        results.append(link if row is None else _moved(link, row, once=once))
    return results


def _same(link: Linked, other: Linked) -> bool:
    """Whether a link of the prose gives the number of a table's cell for the same arms."""
    first, second = link.quantity, other.quantity
    if first is None or second is None or link.arms != other.arms or first.number.value != second.number.value:
        return False
    alike = link.statistic in (other.statistic, "other") and first.contrast == second.contrast
    return alike and (first.interval is None or second.interval is None or first.interval == second.interval)


def _sure(link: Linked, other: Linked, beside: Sequence[Linked], tables: Sequence[Linked]) -> bool:
    """Whether the agreement is more than chance: many digits, or another arm of the sentence agrees with that row."""
    if _digits(link) >= _DIGITS or (link.quantity and link.quantity.interval):
        return True
    row = [t for t in tables if t.sentence == other.sentence and t.endpoint == other.endpoint]
    pairs = [o for o in beside if o.arms != link.arms and any(_same(o, t) for t in row)]
    return bool(pairs) and _digits(link) >= _DIGITS_OF_PAIR


def _digits(link: Linked) -> int:
    text = link.quantity.number.text if link.quantity is not None else ""
    return sum(map(str.isdecimal, text.lstrip("-+\u2212 0.")))


def _moved(link: Linked, row: Linked, *, once: bool) -> Linked:
    """The link with the endpoint, statistic and context of the row; a time of its own it keeps.

    ``once`` tells that the number does not stand in rows or columns of several times, any of which it may be of.
    """
    time = link.time_point or (row.time_point if once else None)
    return replace(
        link,
        endpoint=row.endpoint,
        endpoint_span=None,
        statistic=row.statistic,
        time_point=time,
        time_unit=row.time_unit if time is not None and time is row.time_point else None,
        subgroup=link.subgroup or row.subgroup,
        subgroup_heading=row.subgroup_heading if link.subgroup is None else link.subgroup_heading,
    )
