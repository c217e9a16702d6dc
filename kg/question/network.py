"""The evidence network of a condition: treatments as nodes, comparisons within trials as edges (networkx).

A node is what an arm got, as a set of treatments of the lexicon; where a name speaks of a treatment and of a broader
one, the broader says nothing more. Trials with an arm whose treatments the lexicon does not know, or with arms that it
cannot tell apart, are not part of it and are listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

import networkx as nx

from kg.question.asking import MOST_CANDIDATES
from kg.question.queries import NamedArm, network_arms, question_estimates
from kg.question.treatments import included, treatments_of
from kg.rows import TrialKey
from kg.stores import ReadableStore

# Pairs of treatments that are named as not compared, and the most studied treatments among which they are sought.
MOST_GAPS: Final = 30
_STUDIED: Final = 60

Treatment = frozenset[str]


@dataclass(frozen=True, slots=True)
class Node:
    """What arms got: concepts of interventions; the trials with such an arm, and the people in those arms."""

    treatment: Treatment
    trials: tuple[TrialKey, ...]
    people: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two treatments that trials set against each other; ``people`` are those of both arms where reported."""

    first: Treatment
    second: Treatment
    trials: tuple[TrialKey, ...]
    people: int


@dataclass(frozen=True, slots=True)
class Network:
    """The network. ``parts`` are its connected components, the largest first; within one, comparisons can be linked.

    ``gaps`` are pairs that no trial compares, each with whether a chain of comparisons links them. ``outside`` are the
    trials that are not part of it. ``too_many`` is the number of trials where they are more than can be looked at.
    """

    nodes: tuple[Node, ...]
    comparisons: tuple[Comparison, ...]
    parts: tuple[tuple[Treatment, ...], ...]
    gaps: tuple[tuple[Treatment, Treatment, bool], ...]
    outside: tuple[TrialKey, ...]
    too_many: int | None = None


@dataclass(slots=True)
class _Seen:
    trials: set[TrialKey] = field(default_factory=set)
    people: int = 0


def network(store: ReadableStore, population: str, endpoint: str | None = None) -> Network:
    """The network of the condition; with an endpoint, of the trials that have an effect estimate for it."""
    trials = network_arms(store, population)
    if endpoint is not None:
        estimated = question_estimates(store, endpoint)
        trials = {trial: reports for trial, reports in trials.items() if trial.iri in estimated}
    if len(trials) > MOST_CANDIDATES:
        return Network((), (), (), (), (), too_many=len(trials))
    return _network(trials)


def _network(trials: Mapping[TrialKey, Mapping[str, tuple[NamedArm, ...]]]) -> Network:
    nodes: dict[Treatment, _Seen] = {}
    edges: dict[tuple[Treatment, Treatment], _Seen] = {}
    outside = []
    for trial, reports in trials.items():
        groups = _treatments(reports)
        if len(groups) < 2:
            outside.append(trial)
            continue
        for treatment, people in groups.items():
            _add(nodes.setdefault(treatment, _Seen()), trial, people)
        for first, second in combinations(sorted(groups, key=_order), 2):
            _add(edges.setdefault((first, second), _Seen()), trial, groups[first] + groups[second])
    graph = nx.Graph(list(edges))
    parts = sorted(
        (sorted(part, key=_order) for part in nx.connected_components(graph)), key=lambda p: (-len(p), _order(p[0]))
    )
    ranked = sorted(nodes, key=lambda t: (-len(nodes[t].trials), _order(t)))
    return Network(
        nodes=tuple(Node(t, _keys(nodes[t].trials), nodes[t].people) for t in ranked),
        comparisons=tuple(
            Comparison(first, second, _keys(seen.trials), seen.people)
            for (first, second), seen in sorted(edges.items(), key=lambda e: (-len(e[1].trials), *map(_order, e[0])))
        ),
        parts=tuple(tuple(part) for part in parts),
        gaps=_gaps(graph, ranked),
        outside=tuple(sorted(outside, key=lambda trial: trial.key)),
    )


def _treatments(reports: Mapping[str, tuple[NamedArm, ...]]) -> dict[Treatment, int]:
    """What the trial's arms got with their people, from the report that tells most arms apart; empty if none can."""
    best: dict[Treatment, int] = {}
    for _, arms in sorted(reports.items()):
        groups: dict[Treatment, int] = {}
        for arm in arms:
            treatment = _narrowest(treatments_of(arm.names))
            groups[treatment] = groups.get(treatment, 0) + (arm.size or 0)
        known = frozenset() not in groups
        if known and (len(groups), sum(groups.values())) > (len(best), sum(best.values())):
            best = groups
    return best


def _narrowest(treatment: Treatment) -> Treatment:
    """Without the concepts that include another one of them."""
    return frozenset(one for one in treatment if included(one) & treatment == {one})


def _gaps(graph: nx.Graph[Treatment], ranked: Iterable[Treatment]) -> tuple[tuple[Treatment, Treatment, bool], ...]:
    """Pairs without a comparison of their own, of the most studied treatments first."""
    found = []
    part_of = {node: number for number, part in enumerate(nx.connected_components(graph)) for node in part}
    place = {treatment: number for number, treatment in enumerate(list(ranked)[:_STUDIED])}
    for first, second in sorted(combinations(place, 2), key=lambda pair: place[pair[0]] + place[pair[1]]):
        if not graph.has_edge(first, second):
            found.append((first, second, part_of[first] == part_of[second]))
            if len(found) == MOST_GAPS:
                break
    return tuple(found)


def _add(seen: _Seen, trial: TrialKey, people: int) -> None:
    seen.trials.add(trial)
    seen.people += people


def _keys(trials: Iterable[TrialKey]) -> tuple[TrialKey, ...]:
    return tuple(sorted(trials, key=lambda trial: trial.key))


def _order(treatment: Treatment) -> tuple[str, ...]:
    return tuple(sorted(treatment))
