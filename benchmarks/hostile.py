"""Throws hostile queries at a running server while ordinary clients read pages, and says what they noticed.

    python benchmarks/hostile.py DATA [--seconds 5] [--clients 16]

DATA is a folder with a published graph. The report is JSON on standard output; the exit code is 1 if anything
crashed, was answered by halves or wrongly, or made the ordinary clients more than twice as slow.
"""

from __future__ import annotations

import argparse
import http.client
import json
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hostile_queries import hostile
from running import memory, percentile, served

from kg import queries
from kg.store import Store


@dataclass(slots=True)
class Seen:
    """What the clients saw."""

    seconds: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    longest: float = 0.0


def ask(port: int, path: str, client: str, accept: str, query: str | None = None) -> tuple[int, bytes, str]:
    """One request of a client at that address: status, body, content type."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    headers = {"Accept": accept, "X-Forwarded-For": client, "Content-Type": "application/sparql-query"}
    try:
        connection.request("POST" if query else "GET", path, body=query.encode() if query else None, headers=headers)
        response = connection.getresponse()
        return response.status, response.read(), response.headers.get("content-type", "")
    finally:
        connection.close()


def page(port: int, path: str, client: str = "192.0.2.250") -> tuple[int, bytes]:
    """A page as a browser asks for it."""
    return ask(port, path, client, "text/html")[:2]


def reader(port: int, expected: dict[str, bytes], seen: Seen, name: str, until: threading.Event) -> None:
    """Open page after page and compare each with what it was in quiet times."""
    pages = list(expected)
    for number in range(10**9):
        if until.is_set():
            return
        path = pages[number % len(pages)]
        started = time.perf_counter()
        status, body = page(port, path, name)
        seen.seconds.append(time.perf_counter() - started)
        if (status, body) != (200, expected[path]):
            seen.wrong.append(f"{path}: {status}")


def readers(port: int, expected: dict[str, bytes], clients: int, until: threading.Event) -> Seen:
    """Let so many readers read until the event is set."""
    seen = Seen()
    threads = [
        threading.Thread(target=reader, args=(port, expected, seen, f"192.0.2.{number}", until))
        for number in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def attack(port: int, todo: list[tuple[str, str]], seen: Seen) -> None:
    """Ask each query; an answer is whole, or it is a problem that names its limit."""
    for name, query in todo:
        started = time.perf_counter()
        status, body, kind = ask(port, "/sparql", "198.51.100.1", "application/json, text/turtle", query)
        seen.longest = max(seen.longest, time.perf_counter() - started)
        if status == 200:
            seen.outcomes["answered"] += 1
            if "json" in kind:
                json.loads(body)
            continue
        problem = json.loads(body)
        seen.outcomes[f"{status} {problem.get('limit', '')}".strip()] += 1
        if problem["status"] != status or status == 500:
            seen.wrong.append(f"{name}: {status} {problem['detail'][:80]}")


def main() -> None:
    """Run the benchmark and print its report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--attackers", type=int, default=4)
    parser.add_argument("--workers", type=int, default=1)
    chosen = parser.parse_args()
    keys = [trial.key for trial in queries.trials(Store.published(chosen.data))][:20]
    todo = list(hostile().items())
    settings = {"KG_QUERY_SECONDS": str(chosen.seconds), "KG_QUERY_WORKERS": str(chosen.workers)}
    with served(chosen.data, settings) as (port, pid):
        paths = [f"/{language}/trial/{key}" for key in keys for language in ("en", "zh")]
        expected = {path: page(port, path)[1] for path in paths}
        quiet = threading.Event()
        threading.Timer(20, quiet.set).start()
        before = readers(port, expected, chosen.clients, quiet)

        attacked, over = Seen(), threading.Event()
        peaks = [0]
        attackers = [
            threading.Thread(target=attack, args=(port, todo[number :: chosen.attackers], attacked))
            for number in range(chosen.attackers)
        ]

        def watch() -> None:
            while any(thread.is_alive() for thread in attackers):
                peaks.append(memory(pid))
                time.sleep(0.2)
            over.set()

        for thread in (*attackers, threading.Thread(target=watch)):
            thread.start()
        during = readers(port, expected, chosen.clients, over)
        unchanged = {path: page(port, path)[1] for path in paths} == expected
        healthy = page(port, "/health")[0] == 200
    slower = percentile(during.seconds, 0.95) / percentile(before.seconds, 0.95)
    wrong = [*before.wrong, *attacked.wrong, *during.wrong]
    report = {
        "hostile queries": len(todo),
        "what became of them": dict(attacked.outcomes.most_common()),
        "longest of them, s": round(attacked.longest, 1),
        "pages read": {"quiet": len(before.seconds), "attacked": len(during.seconds)},
        "page p50, ms": {"quiet": percentile(before.seconds, 0.5), "attacked": percentile(during.seconds, 0.5)},
        "page p95, ms": {"quiet": percentile(before.seconds, 0.95), "attacked": percentile(during.seconds, 0.95)},
        "p95 ratio": round(slower, 2),
        "peak memory of server and workers, MiB": max(peaks) // 2**20,
        "wrong": wrong[:20],
        "healthy and unchanged afterwards": healthy and unchanged,
    }
    json.dump(report, sys.stdout, indent=1)
    sys.stdout.write("\n")
    sys.exit(bool(wrong or not healthy or not unchanged or slower > 2))


if __name__ == "__main__":
    main()
