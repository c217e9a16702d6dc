"""Measures the store and the endpoint against the bare database and against rdflib, all in one run.

    python benchmarks/store.py DATA [--trials 1000] [--small 60] [--folder /tmp/store-benchmark]

DATA is a folder with the published graph of real papers: its reports are copied under other names until there are
as many trials as asked. With the command ``oxigraph`` installed its server is measured beside ours. The report is
JSON on standard output.
"""

from __future__ import annotations

import argparse
import http.client
import json
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import rdflib
from running import percentile, served

from kg import queries
from kg.store import Store

# What begins the names of graphs that every trial shares.
SHARED = re.compile(r"<[^>]*/graph/(?:vocabulary|examples|description)> \.$")
NAMES = re.compile(r"(/(?:report|trial|registration|discrepancy)/[^/>\"]+)")


def copies(lines: list[str], trials: int, have: int) -> Iterator[str]:
    """The N-Quads lines of so many trials: the real ones, and copies of their graphs under other names."""
    yield from lines
    own = [line for line in lines if not SHARED.search(line)]
    for number in range(1, -(-trials // have)):
        for line in own:
            yield NAMES.sub(rf"\1-copy{number}", line)


def seconds(action: Callable[[], object], times: int = 1) -> float:
    """The median of so many runs."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        found.append(time.perf_counter() - started)
    return statistics.median(found)


def loading(quads: bytes, folder: Path, with_rdflib: bool) -> dict[str, float]:
    """Quads a second, of ours, of the bare database and of rdflib."""
    number = quads.count(b"\n")

    def bare() -> None:
        store = ox.Store(str(folder / "bare"))
        store.bulk_load(quads, ox.RdfFormat.N_QUADS)
        store.flush()

    def ours() -> None:
        store = Store.open(folder / "ours")
        store.fill(BytesIO(quads))
        store.publish()

    found = {"bare bulk load": number / seconds(bare), "ours, published": number / seconds(ours)}
    if with_rdflib:
        found["rdflib"] = number / seconds(lambda: rdflib.Dataset().parse(data=quads, format="nquads"))
    return {name: round(rate) for name, rate in found.items()}


def get(port: int, path: str, accept: str = "application/sparql-results+json") -> bytes:
    """One answer over HTTP."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request("GET", path, headers={"Accept": accept, "Accept-Encoding": "identity"})
    body = connection.getresponse().read()
    connection.close()
    return body


def against_rdflib(quads: bytes) -> dict[str, float]:
    """How many times faster the examples run here than with rdflib's evaluator, on a small graph."""
    small = Store.memory()
    small.fill(BytesIO(quads))
    graph = rdflib.Dataset(default_union=True)
    graph.parse(data=quads, format="nquads")
    ratios = []
    for example in queries.examples():
        theirs = seconds(lambda text=example.text: list(graph.query(text)))  # type: ignore[misc]
        ratios.append(theirs / seconds(lambda text=example.text: small.select(text), 5))  # type: ignore[misc]
    return {
        "median": round(statistics.median(ratios), 1),
        "least": round(min(ratios), 1),
        "most": round(max(ratios), 1),
    }


def against_its_server(port: int, folder: Path) -> dict[str, float] | None:
    """Our time over that of ``oxigraph serve-read-only`` for the examples; ``None`` without that command."""
    command = shutil.which("oxigraph") or shutil.which("oxigraph", path=str(Path(sys.executable).parent))
    if command is None:
        return None
    theirs = port + 1
    options = [
        "serve-read-only",
        "--location",
        str(folder / "bare"),
        "--bind",
        f"127.0.0.1:{theirs}",
        "--union-default-graph",
    ]
    with subprocess.Popen([command, *options], stderr=subprocess.DEVNULL) as process:  # noqa: S603 - the installed one
        time.sleep(3)
        ratios = []
        for example in queries.examples():
            path = "?" + urlencode({"query": example.text})
            bare = seconds(lambda path=path: get(theirs, f"/query{path}"), 5)  # type: ignore[misc]
            ratios.append(seconds(lambda path=path: get(port, f"/sparql{path}"), 5) / bare)  # type: ignore[misc]
        process.terminate()
    return {"median": round(statistics.median(ratios), 2), "most": round(max(ratios), 2)}


def serving(port: int, keys: list[str]) -> dict[str, object]:
    """Pages one after another, then what sixteen clients get in a second."""
    pages = [f"/{language}/trial/{key}" for key in keys for language in ("en", "zh")]
    times = [seconds(lambda page=page: get(port, page, "text/html")) for page in pages]  # type: ignore[misc]
    query = "/sparql?" + urlencode({"query": "SELECT * { ?trial a <https://w3id.org/evidence-kg/ns#Trial> } LIMIT 20"})
    rates = {}
    for name, path, accept in (
        ("trial page", pages[0], "text/html"),
        ("SELECT", query, "application/sparql-results+json"),
        ("Turtle", f"/trial/{keys[0]}.ttl", "text/turtle"),
    ):
        with ThreadPoolExecutor(16) as pool:
            took = seconds(lambda: list(pool.map(lambda _: get(port, path, accept), range(200))))  # noqa: B023 - run at once
        rates[name] = round(200 / took, 1)
    return {
        "page ms": {"p50": percentile(times, 0.5), "p95": percentile(times, 0.95)},
        "requests a second, 16 clients": rates,
    }


def main() -> None:
    """Run the benchmark and print its report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--small", type=int, default=60)
    parser.add_argument("--folder", type=Path, default=Path("artefacts/store-benchmark"))
    chosen = parser.parse_args()
    shutil.rmtree(chosen.folder, ignore_errors=True)
    chosen.folder.mkdir(parents=True)
    real = Store.published(chosen.data)
    have = len(queries.trials(real))
    lines = real.dump().decode("utf-8").splitlines(keepends=True)
    small = "".join(copies(lines, chosen.small, have)).encode("utf-8")
    large = "".join(copies(lines, chosen.trials, have)).encode("utf-8")
    report: dict[str, object] = {
        "trials": chosen.trials,
        "quads": large.count(b"\n"),
        "examples, times faster than rdflib": against_rdflib(small),
        "loading, quads a second": loading(large, chosen.folder, with_rdflib=chosen.trials <= 1000),
    }
    keys = [trial.key for trial in queries.trials(real)]
    with served(chosen.folder / "ours", {"KG_QUERY_RATE": "1000000", "KG_QUERY_PER_CLIENT": "100"}) as (port, _):
        get(port, "/en/", "text/html")
        report["serving"] = serving(port, keys)
        report["examples over HTTP, our time over that of oxigraph serve"] = against_its_server(port, chosen.folder)
    report["bytes a quad on disk"] = round(
        sum(file.stat().st_size for file in (chosen.folder / "bare").rglob("*")) / large.count(b"\n"), 1
    )
    json.dump(report, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
