"""Gives arms the numbers of people that the heads and first rows of tables state for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractors.findings import Number
from extractors.reading import Reading, Span
from extractors.tables.kinds import Kind

Sizes = Mapping[int, tuple[Number, Span]]


@dataclass(frozen=True, slots=True)
class Sized:
    """The numbers of people that one table gives for arms, with their places."""

    kind: Kind
    sizes: Sizes


def give_sizes(found: Reading, tables: Sequence[Sized]) -> None:
    """Complete the arms' sizes from the tables that count the people of every arm.

    A table of people before treatment counts best; tables of outcomes count only if all of them agree, as some count
    those analysed. What the text says stays, unless its numbers do not add up to the people of the trial and those of
    the table do, or come to no half of the people whom the table describes.
    """
    whole = [table for table in tables if len(table.sizes) == len(found.arms)]
    described = [table for table in whole if table.kind == "baseline"]
    others = {tuple(sorted((arm, size.value) for arm, (size, _) in table.sizes.items())) for table in whole}
    chosen = described[0] if described else whole[0] if len(others) == 1 else None
    if chosen is None:
        _give_alike(found, described or tables)
        return
    people = [count.number.value for count in found.counts if count.kind in ("randomised", "enrolled", "analysed")]
    stated = [arm.size.value for arm in found.arms if arm.size is not None]
    counted = sum(size.value for size, _ in chosen.sizes.values())
    few = chosen.kind == "baseline" and 2 * sum(stated) <= counted
    if stated and sum(stated) not in people and (counted in people or few):
        for arm in found.arms:
            arm.size = arm.size_span = None
    for index, arm in enumerate(found.arms):
        if arm.size is None:
            arm.size, arm.size_span = chosen.sizes[index]


def _give_alike(found: Reading, tables: Sequence[Sized]) -> None:
    """Complete the sizes of those arms for which all the tables that size at least two arms give one number.

    Beside two others or more, a number that is no less than theirs together is that of them all.
    """
    several = [table.sizes for table in tables if len(table.sizes) > 1]
    for index, arm in enumerate(found.arms):
        given = [sizes[index] for sizes in several if index in sizes and not _is_total(index, sizes)]
        if arm.size is None and len({size.value for size, _ in given}) == 1:
            arm.size, arm.size_span = given[0]


def _is_total(index: int, sizes: Sizes) -> bool:
    others = [size.value for arm, (size, _) in sizes.items() if arm != index]
    return len(others) > 1 and sizes[index][0].value >= sum(others)
