"""Measures the pages of the trials that say most: how much of the processor one takes, and how large it is.

    python benchmarks/pages.py DATA [--trials 10]

DATA is a folder with a published graph. The application answers in this process, without a network; each page is asked
for seven times after a first time, and the median taken: once as a page that nobody has asked for yet, and once as one
that the server has kept (``ms again``). The report is JSON on standard output: for every page, and the medians over the
pages.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from fastapi.testclient import TestClient

from kg import queries
from kg.store import Store
from server.app import create_app
from server.settings import Settings

TIMES = 7
PARTS = ("", "/text", "/checks", "/results", "/baseline", "/references")
HEADERS = {"accept": "text/html", "accept-encoding": "identity"}


def cost(client: TestClient, path: str) -> dict[str, float] | None:
    """Milliseconds of the processor and kilobytes of one page, ``None`` where there is no such page."""
    answer = client.get(path, headers=HEADERS)
    if answer.status_code != 200:
        return None
    return {
        # The server keeps a page by its whole address, so one with another query is new to it.
        "ms": _median(client, [f"{path}?asked={number}" for number in range(TIMES)]),
        "ms again": _median(client, [path] * TIMES),
        "kB": round(len(answer.content) / 1000, 1),
    }


def _median(client: TestClient, paths: Sequence[str]) -> float:
    found = []
    for path in paths:
        started = time.process_time()
        client.get(path, headers=HEADERS)
        found.append(time.process_time() - started)
    return round(statistics.median(found) * 1000, 1)


def main() -> None:
    """Run the benchmark and print its report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--trials", type=int, default=10)
    chosen = parser.parse_args()
    store = Store.published(chosen.data)
    sizes = {trial.key: len(queries.evidence(store, trial.iri)) for trial in queries.trials(store)}
    largest = sorted(sizes, key=lambda key: (-sizes[key], key))[: chosen.trials]
    report: dict[str, object] = {}
    with TestClient(create_app(Settings(data=chosen.data)), follow_redirects=False) as client:
        for part in PARTS:
            pages = {key: cost(client, f"/en/trial/{key}{part}") for key in largest}
            found = {key: page for key, page in pages.items() if page is not None}
            if found:
                report[part.strip("/") or "trial"] = {
                    "median": {
                        unit: statistics.median(page[unit] for page in found.values())
                        for unit in ("ms", "ms again", "kB")
                    },
                    "pages": found,
                }
    json.dump(report, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
