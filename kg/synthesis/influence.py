"""What single trials and groups of trials do to the combined estimate."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from scipy.special import chdtrc

from kg.synthesis.effects import Effect
from kg.synthesis.heterogeneity import generalised_q
from kg.synthesis.pooling import Method, Pooled, pool

Group = TypeVar("Group", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Subgroups(Generic[Group]):
    """The combined estimate of each group, and the test that the groups' estimates are one: Q, df, p.

    ``p`` is ``None`` for a single group.
    """

    pooled: Mapping[Group, Pooled]
    q: float
    df: int
    p: float | None


def leave_one_out(effects: Sequence[Effect], method: Method) -> tuple[Pooled, ...]:
    """The combined estimate without each trial in turn, in the order of the trials; empty for fewer than two."""
    if len(effects) < 2:
        return ()
    return tuple(pool([*effects[:place], *effects[place + 1 :]], method) for place in range(len(effects)))


def by_group(groups: Mapping[Group, Sequence[Effect]], method: Method) -> Subgroups[Group]:
    """The trials of each group combined apart, with τ² of its own, and the test for differences between groups.

    The groups' estimates are compared as if each were a trial (Borenstein, Higgins. Prev Sci 2013;14:134; Cochrane
    Handbook 6.5, section 10.11.3.1).
    """
    pooled = {group: pool(effects, method) for group, effects in groups.items() if effects}
    between = [Effect(one.y, one.se) for one in pooled.values() if one.se > 0]
    df = len(between) - 1
    q = generalised_q(between) if df > 0 else 0.0
    return Subgroups(pooled, q, max(df, 0), float(chdtrc(df, q)) if df > 0 else None)
