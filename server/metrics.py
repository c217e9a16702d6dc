"""Counts what the server does, and writes the counts in Prometheus' text format.

https://prometheus.io/docs/instrumenting/exposition_formats/ (text format, version 0.0.4).
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_HELP: Final = {
    "kg_requests_total": "Requests answered, by route, method and status.",
    "kg_request_seconds": "Seconds from a request to the end of its answer, by route.",
    "kg_queries_total": "SPARQL queries, by what became of them.",
    "kg_query_seconds": "Seconds that SPARQL queries took, waiting included.",
    "kg_queries_running": "SPARQL queries that a worker is busy with.",
    "kg_queries_waiting": "SPARQL queries that wait for a worker.",
    "kg_published_version": "Number of the published version that is served; 0 before the first.",
    "kg_resident_bytes": "Memory of the server process, its workers not counted.",
}

Labels = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Histogram:
    counts: list[int] = field(default_factory=lambda: [0] * (len(_BOUNDS) + 1))
    total: float = 0.0


class Metrics:
    """Counters and histograms of one process; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counters: dict[str, dict[Labels, int]] = {}
        self._histograms: dict[str, dict[Labels, _Histogram]] = {}

    def count(self, name: str, **labels: str) -> None:
        """Add one to a counter."""
        key = tuple(sorted(labels.items()))
        with self._lock:
            series = self._counters.setdefault(name, {})
            series[key] = series.get(key, 0) + 1

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Add a duration to a histogram."""
        key = tuple(sorted(labels.items()))
        with self._lock:
            histogram = self._histograms.setdefault(name, {}).setdefault(key, _Histogram())
            histogram.counts[bisect_left(_BOUNDS, seconds)] += 1
            histogram.total += seconds

    def text(self, gauges: Mapping[str, float]) -> str:
        """Everything counted so far, with the gauges of this moment."""
        with self._lock:
            lines = [line for name, series in sorted(self._counters.items()) for line in _counter(name, series)]
            for name, histograms in sorted(self._histograms.items()):
                lines += _histogram(name, histograms)
        for name, value in sorted(gauges.items()):
            lines += [*_heading(name, "gauge"), f"{name} {value:g}"]
        return "\n".join(lines) + "\n"


def _heading(name: str, kind: str) -> list[str]:
    return [f"# HELP {name} {_HELP[name]}", f"# TYPE {name} {kind}"]


def _counter(name: str, series: Mapping[Labels, int]) -> list[str]:
    return [*_heading(name, "counter"), *(f"{name}{_written(key)} {value}" for key, value in sorted(series.items()))]


def _histogram(name: str, series: Mapping[Labels, _Histogram]) -> list[str]:
    lines = _heading(name, "histogram")
    for key, histogram in sorted(series.items()):
        below = 0
        for bound, count in zip((*_BOUNDS, float("inf")), histogram.counts, strict=True):
            below += count
            limit = "+Inf" if bound == float("inf") else f"{bound:g}"
            lines.append(f"{name}_bucket{_written((*key, ('le', limit)))} {below}")
        lines += [f"{name}_sum{_written(key)} {histogram.total:.6f}", f"{name}_count{_written(key)} {below}"]
    return lines


def _written(labels: Labels) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
