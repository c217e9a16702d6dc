"""The queries that find what answers a question: bind the parameters, ask the store, give back rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from rdflib import URIRef

from kg import columns
from kg.query_files import query_text
from kg.querytext import bound
from kg.rows import Name, TrialKey
from kg.stores import ReadableStore


@dataclass(frozen=True, slots=True)
class Compared:
    """The two arms of an effect estimate with all their names."""

    arm_for: str
    arm_against: str
    names: Mapping[str, tuple[Name, ...]]


@dataclass(frozen=True, slots=True)
class Place:
    """The characters that one part of an effect estimate was read from; ``supports`` is a concept of designs."""

    document: str
    supports: str
    start: int
    end: int
    quote: str
    language: str


def question_estimates(store: ReadableStore, endpoint: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The key and the effect estimates of each trial that has any for the endpoint or a narrower one, by trial."""
    found = columns.grouped(store.select(query_text("question_estimates"), {"endpoint": URIRef(endpoint)}), "trial")
    return {
        trial: (columns.text(group[0], "key"), columns.distinct(group, "contrast")) for trial, group in found.items()
    }


def question_people(store: ReadableStore, population: str) -> frozenset[str]:
    """The trials of people with the condition or a narrower one."""
    found = store.select(query_text("question_people"), {"population": URIRef(population)})
    return frozenset(columns.text(solution, "trial") for solution in found)


def question_arms(store: ReadableStore, endpoint: str) -> dict[str, dict[str, Compared]]:
    """What each effect estimate for the endpoint or a narrower one compares, by trial and estimate."""
    trials = columns.grouped(store.select(query_text("question_arms"), {"endpoint": URIRef(endpoint)}), "trial")
    return {
        trial: {
            contrast: Compared(
                columns.text(group[0], "armFor"),
                columns.text(group[0], "armAgainst"),
                {arm: columns.names(named, "name") for arm, named in columns.grouped(group, "arm").items()},
            )
            for contrast, group in columns.grouped(solutions, "contrast").items()
        }
        for trial, solutions in trials.items()
    }


def question_evidence(store: ReadableStore, contrast: str) -> tuple[Place, ...]:
    """Where the effect estimate was read, in the order of the texts."""
    return tuple(
        Place(
            document=columns.text(solution, "id"),
            supports=columns.text(solution, "supports"),
            start=int(columns.text(solution, "start")),
            end=int(columns.text(solution, "end")),
            quote=columns.text(solution, "quote"),
            language=columns.text(solution, "language"),
        )
        for solution in store.select(query_text("question_evidence"), {"contrast": URIRef(contrast)})
    )


def question_subgroups(store: ReadableStore, trial: str) -> dict[str, str]:
    """The concept of each subgroup of the trial that has one, by the subgroup's node."""
    found = store.select(query_text("question_subgroups"), {"trial": URIRef(trial)})
    return {columns.text(solution, "subgroup"): columns.text(solution, "concept") for solution in found}


@dataclass(frozen=True, slots=True)
class NamedArm:
    """An arm with all its names and its number of people, ``None`` where not reported."""

    iri: str
    names: tuple[Name, ...]
    size: int | None


def network_arms(store: ReadableStore, population: str) -> dict[TrialKey, dict[str, tuple[NamedArm, ...]]]:
    """The arms of every trial of people with the condition or a narrower one, by trial and report."""
    found = store.select(query_text("network_arms"), {"population": URIRef(population)})
    return {
        TrialKey(trial, columns.text(rows[0], "key")): {
            report: tuple(
                NamedArm(arm, columns.names(named, "name"), _size(named))
                for arm, named in columns.grouped(reported, "arm").items()
            )
            for report, reported in columns.grouped(rows, "report").items()
        }
        for trial, rows in columns.grouped(found, "trial").items()
    }


def _size(named: list[columns.Solution]) -> int | None:
    size = columns.optional(named[0], "size")
    return None if size is None else int(Decimal(size))


def question_concepts(store: ReadableStore) -> dict[str, int]:
    """How many reports use each condition, treatment and endpoint of the lexicon, the most used first."""
    return {
        columns.text(solution, "concept"): int(columns.text(solution, "reports"))
        for solution in store.select(query_text("question_concepts"))
    }


def asked_text(name: str, parameters: Mapping[str, str]) -> str:
    """The text of a query with IRIs in the place of its parameters: what anyone can run again."""
    return bound(query_text(name), {parameter: URIRef(iri).n3() for parameter, iri in parameters.items()})
