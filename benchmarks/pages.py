"""Measures the pages of the trials that say most: how much of the processor one takes, and how large it is.

    python benchmarks/pages.py DATA [--trials 10]

DATA is a folder with a published graph. The application answers in this process, without a network; each page is asked
for seven times after a first time, and the median taken. The report is JSON on standard output: for every page, and the
medians over the pages.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

from fastapi.testclient import TestClient

from kg import queries
from kg.store import Store
from server.app import create_app
from server.settings import Settings

TIMES = 7
PARTS = ("", "/text", "/checks", "/baseline", "/references")
HEADERS = {"accept": "text/html", "accept-encoding": "identity"}


def cost(client: TestClient, path: str) -> dict[str, float] | None:
    """Milliseconds of the processor and kilobytes of one page, ``None`` where there is no such page."""
    if client.get(path, headers=HEADERS).status_code != 200:
        return None
    found = []
    for _ in range(TIMES):
        started = time.process_time()
        answer = client.get(path, headers=HEADERS)
        found.append(time.process_time() - started)
    return {"ms": round(statistics.median(found) * 1000, 1), "kB": round(len(answer.content) / 1000, 1)}


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
                    "median": {unit: statistics.median(page[unit] for page in found.values()) for unit in ("ms", "kB")},
                    "pages": found,
                }
    json.dump(report, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
