"""Holds figures to the floors of a data file, so that what reads well today cannot quietly read worse tomorrow."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from kg.evaluation.evaluation import Evaluation
from kg.evaluation.figures import Figures
from kg.evaluation.problems import EvaluationProblem


class BadFloors(EvaluationProblem):
    """A file of floors that does not fit what was measured."""


def shortfalls(evaluation: Evaluation, floors: Path) -> Iterator[str]:
    """A line for each figure that lies below its floor, with both numbers.

    The file has a table for each part and language ("building.en"), with the least F1 of a figure or the least value
    of a share by its name. Raises ``BadFloors`` for a part or figure that was not measured.
    """
    try:
        tables = tomllib.loads(floors.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadFloors(f"{floors}: {error}") from error
    for part, languages in tables.items():
        for language, least in languages.items():
            result = evaluation.of(part, language)
            if result is None:
                raise BadFloors(f"{floors}: nothing was measured for {part}.{language}")
            for name, floor in least.items():
                reached = value_of(result.figures, name)
                if reached is None:
                    raise BadFloors(f"{floors}: there is no figure {name!r} for {part}.{language}")
                if reached < floor:
                    yield f"{part}.{language}: {name} is {reached:.3f}, below its floor {floor:.3f}"


def value_of(figures: Figures, name: str) -> float | None:
    """F1 of a figure, or the value of a share; ``None`` for a name that is neither or was not asked for."""
    if name in figures.figures:
        return figures.figures[name].f1
    return figures.shares[name].value if name in figures.shares else None
