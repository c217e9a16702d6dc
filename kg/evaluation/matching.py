"""Tells which name that was read stands for which name of the gold facts, by the words that the two share."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from extractors.normal import HAN

# Names that share half of their words may stand for one thing.
ENOUGH = 0.5
_PIECE = re.compile(rf"[a-z0-9]+(?:\.[0-9]+)?|[{HAN}]+")


@dataclass(frozen=True, slots=True)
class Wording:
    """What is passed over when names are compared."""

    filler: frozenset[str]
    chinese_filler: re.Pattern[str]
    spelling: Mapping[str, str]


@cache
def wording() -> Wording:
    """The words of ``names.toml``."""
    data = tomllib.loads(files("kg.evaluation").joinpath("names.toml").read_text("utf-8"))
    pattern = re.compile("|".join(map(re.escape, data["chinese_filler"])))
    return Wording(frozenset(data["filler"]), pattern, data["spelling"])


@lru_cache(maxsize=16384)
def words(name: str) -> frozenset[str]:
    """The words by which a name is compared: singular, without filler; pairs of characters in Chinese."""
    known = wording()
    name = name.lower()
    for british, american in known.spelling.items():
        name = name.replace(british, american)
    found: list[str] = []
    for piece in _PIECE.findall(name):
        if piece[0].isascii():
            plural = len(piece) > 3 and piece.endswith("s") and not piece.endswith("ss")
            found.append(piece[:-1] if plural else piece)
        else:
            bare = known.chinese_filler.sub("", piece) or piece
            found.extend(bare[at : at + 2] for at in range(max(len(bare) - 1, 1)))
    telling = [word for word in found if word not in known.filler]
    return frozenset(telling or found)


def similarity(first: str, second: str) -> float:
    """The share of words that two names have in common, from 0 to 1 (Dice's coefficient)."""
    one, other = words(first), words(second)
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def closest(names: Iterable[str], gold: Sequence[str]) -> float:
    """The similarity of the two names that are most alike, 0 if either side has none."""
    return max((similarity(name, other) for name in names for other in gold), default=0.0)


def _closeness(read: Sequence[str], gold: Sequence[str]) -> tuple[float, int, float]:
    same = {name.strip().lower() for name in read} & {name.strip().lower() for name in gold}
    mean = sum(closest([name], gold) for name in read) / max(len(read), 1)
    return closest(read, gold), len(same), mean


def aligned(read: Sequence[Mapping[str, Any]], gold: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Which id of the gold each id that was read stands for; what has no counterpart is left out.

    The closest pairs come first, one to one; what then is left over may share a counterpart with another.
    """
    ranked = []
    for place, item in enumerate(read):
        for other, target in enumerate(gold):
            closeness = _closeness(item.get("names") or [], target["names"])
            if closeness[0] >= ENOUGH:
                ranked.append((closeness, -place, -other))
    pairs = [(read[-place]["id"], gold[-other]["id"]) for _, place, other in sorted(ranked, reverse=True)]
    found: dict[str, str] = {}
    for ours, theirs in pairs:
        if ours not in found and theirs not in found.values():
            found[ours] = theirs
    for ours, theirs in pairs:
        found.setdefault(ours, theirs)
    return found
