"""Measures the store and the endpoint against the bare database and against rdflib, all in one run.

    python benchmarks/store.py DATA [--trials 1000] [--small 60] [--folder artefacts/store-benchmark]

DATA is a folder with the published graph of real papers: its reports are copied under other names until there are
as many trials as asked. With the command ``oxigraph`` installed its server is measured beside ours. The report is
JSON on standard output, what is being done on standard error. Rates of loading are given by the clock and, since other
work on the machine takes its share of that, by the processor's time of all threads.
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
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import rdflib
from rdflib.plugins.sparql.sparql import NotBoundError
from running import percentile, processor_seconds, served

from kg import queries
from kg.store import Store
from server.contexts import trial_page
from server.facts import gather

# What ends the lines of graphs that every trial shares.
SHARED = re.compile(r"<[^>]*/graph/(?:vocabulary|examples|description)> \.$")
NAMES = re.compile(r"(/(?:report|trial|registration|discrepancy)/[^/>\"]+)")
# Literals that trials and reports are found by.
IDENTIFIERS = re.compile(r'(core#notation> |terms/identifier> |ns#acronym> )"([^"]+)"')
REQUESTS = 320
CLIENTS = 16
# The database's own server has no limits: ours is asked without any that an example could meet.
UNBOUNDED = {
    "KG_QUERY_RATE": "1000000",
    "KG_QUERY_PER_CLIENT": "100",
    "KG_QUERY_SECONDS": "600",
    "KG_QUERY_MEMORY_MIB": "8192",
    "KG_QUERY_RESULT_MIB": "4096",
}
# Seconds after which a query has been asked often enough.
ENOUGH = 10


def say(what: str) -> None:
    """Tell what is being done, or what was found."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {what}\n")


def write_copies(lines: list[str], trials: int, have: int, file: Path) -> int:
    """Write the N-Quads of so many trials: the real ones, and copies under other names; the number of quads."""
    own = [line for line in lines if not SHARED.search(line)]
    pattern = "".join(IDENTIFIERS.sub(r'\1"\2\0"', NAMES.sub("\\1\0", line)) for line in own)
    copies = -(-trials // have) - 1
    with file.open("w", encoding="utf-8") as target:
        target.writelines(lines)
        for number in range(1, copies + 1):
            target.write(pattern.replace("\0", f"-copy{number}"))
    return len(lines) + copies * len(own)


def seconds(action: Callable[[], object], times: int = 1) -> float:
    """The median of so many runs."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        found.append(time.perf_counter() - started)
    return statistics.median(found)


def rates(number: int, action: Callable[[], object]) -> dict[str, int]:
    """Quads a second, by the clock and by the processor."""
    started, busy = time.perf_counter(), time.process_time()
    action()
    return {
        "clock": round(number / (time.perf_counter() - started)),
        "processor": round(number / (time.process_time() - busy)),
    }


def loading(file: Path, number: int, small: Path, few: int, folder: Path) -> dict[str, dict[str, int]]:
    """Quads a second: ours, the bare database, and rdflib with fewer quads."""

    def bare() -> None:
        store = ox.Store(str(folder / "bare"))
        store.bulk_load(path=str(file), format=ox.RdfFormat.N_QUADS)
        store.flush()

    store = Store.open(folder / "ours")

    def ours() -> None:
        with file.open("rb") as quads:
            store.fill(quads)

    def the_same() -> None:
        with small.open("rb") as quads:
            Store.open(folder / "small").fill(quads)

    found = {}
    for name, many, action in (
        ("bare bulk load", number, bare),
        ("ours, loaded", number, ours),
        ("ours, published with its search index", number, store.publish),
        ("rdflib's memory store, of a small graph", few, lambda: rdflib.Dataset().parse(str(small), format="nquads")),
        ("ours, of the same small graph", few, the_same),
    ):
        say(f"loading {many:,} quads: {name}")
        found[name] = rates(many, action)
        say(str(found[name]))
    return found


class Connection:
    """One client, which keeps its connection while it is used."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        self._used = time.monotonic()

    def get(self, path: str, accept: str = "application/sparql-results+json") -> bytes:
        """One answer."""
        # Servers close a connection that has been quiet for some seconds.
        if time.monotonic() - self._used > 1:
            self._connection.close()
        self._connection.request("GET", path, headers={"Accept": accept, "Accept-Encoding": "identity"})
        answer = self._connection.getresponse()
        body = answer.read()
        self._used = time.monotonic()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        return body


def against_rdflib(small: Path) -> dict[str, float]:
    """How many times faster the examples run here than with rdflib's evaluator, on a small graph."""
    ours = Store.memory()
    ours.fill(BytesIO(small.read_bytes()))
    graph = rdflib.Dataset(default_union=True)
    graph.parse(str(small), format="nquads")
    ratios = []
    for example in queries.examples():
        say(f"with rdflib: {example.name}")
        try:
            theirs = seconds(lambda text=example.text: list(graph.query(text)))  # type: ignore[misc]
        except NotBoundError:
            # It cannot join the values of a group that has none.
            say("rdflib gives no answer")
            continue
        ratios.append(theirs / seconds(lambda text=example.text: ours.select(text), 5))  # type: ignore[misc]
    return {
        "median": round(statistics.median(ratios), 1),
        "least": round(min(ratios), 1),
        "most": round(max(ratios), 1),
    }


@contextmanager
def its_server(port: int, store: Path) -> Iterator[tuple[Connection, int] | None]:
    """``oxigraph serve-read-only`` over the store, and its process id; ``None`` without that command."""
    command = shutil.which("oxigraph") or shutil.which("oxigraph", path=str(Path(sys.executable).parent))
    if command is None:
        yield None
        return
    options = ["serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}", "--union-default-graph"]
    with subprocess.Popen([command, *options], stderr=subprocess.DEVNULL) as process:  # noqa: S603 - the installed one
        time.sleep(3)
        try:
            yield Connection(port), process.pid
        finally:
            process.terminate()


def against_its_server(port: int, pid: int, folder: Path, times: int) -> dict[str, object] | None:
    """Milliseconds of the processor for each example, of our endpoint and of the database's own server."""
    with its_server(port + 1, folder / "bare") as served_by_it:
        if served_by_it is None:
            return None
        theirs, its_pid = served_by_it
        rows = {}
        for example in queries.examples():
            say(f"over HTTP: {example.name}")
            question = "?" + urlencode({"query": example.text})
            rows[example.name] = [
                processor_ms(Connection(port), pid, f"/sparql{question}", times),
                processor_ms(theirs, its_pid, f"/query{question}", times),
            ]
    ratios = {name: one / other for name, (one, other) in rows.items() if other}
    return {
        "median": round(statistics.median(ratios.values()), 2),
        "most": round(max(ratios.values()), 2),
        "ms, ours and theirs": {name: [round(one, 1) for one in pair] for name, pair in rows.items()},
    }


def processor_ms(client: Connection, pid: int, path: str, times: int) -> float:
    """What one of so many answers costs the server and all processes below it; of slow answers fewer are enough."""
    started = time.monotonic()
    # Each query worker reads the pages of the database that it needs for the first time.
    for _ in range(4):
        client.get(path)
        if time.monotonic() - started > ENOUGH:
            break
    before, started, asked = sum(processor_seconds(pid).values()), time.monotonic(), 0
    while asked < times and (not asked or time.monotonic() - started < ENOUGH):
        client.get(path)
        asked += 1
    return (sum(processor_seconds(pid).values()) - before) * 1000 / asked


def page_costs(store: Store, keys: list[str]) -> dict[str, float]:
    """Milliseconds of the processor for a trial's page, without HTTP, by what they go into; medians over trials."""
    found = {"finding the trial": [], "its queries": [], "laying it out": []}  # type: dict[str, list[float]]
    for key in keys * 3:
        started = time.process_time()
        (trial,) = queries.find_trials(store, key)
        known = time.process_time()
        facts = gather(store, trial)
        gathered = time.process_time()
        trial_page(facts, "en")
        found["finding the trial"].append(known - started)
        found["its queries"].append(gathered - known)
        found["laying it out"].append(time.process_time() - gathered)
    return {name: round(statistics.median(times) * 1000, 1) for name, times in found.items()}


def serving(port: int, pid: int, keys: list[str]) -> dict[str, object]:
    """Pages one after another, then what sixteen clients get in a second and what a request costs the processor."""
    client = Connection(port)
    pages = [f"/{language}/trial/{key}" for key in keys for language in ("en", "zh")]
    client.get(pages[0], "text/html")
    times = [seconds(lambda page=page: client.get(page, "text/html")) for page in pages * 4]  # type: ignore[misc]
    query = "/sparql?" + urlencode({"query": "SELECT * { ?trial a <https://w3id.org/evidence-kg/ns#Trial> } LIMIT 20"})
    found: dict[str, object] = {
        "trial page, ms": {"p50": percentile(times, 0.5), "p95": percentile(times, 0.95)},
        "list of trials, ms": round(seconds(lambda: client.get("/en/", "text/html"), 3) * 1000, 1),
    }
    for name, path, accept in (
        ("trial page", pages[0], "text/html"),
        ("SELECT", query, "application/sparql-results+json"),
        ("Turtle", f"/trial/{keys[0]}.ttl", "text/turtle"),
    ):
        say(f"{CLIENTS} clients: {name}")
        clients = [Connection(port) for _ in range(CLIENTS)]

        def ask(one: Connection, path: str = path, accept: str = accept) -> None:
            for _ in range(REQUESTS // CLIENTS):
                one.get(path, accept)

        before = processor_seconds(pid)
        with ThreadPoolExecutor(CLIENTS) as pool:
            took = seconds(lambda clients=clients, ask=ask: list(pool.map(ask, clients)))  # type: ignore[misc]
        found[f"{name}, {CLIENTS} clients"] = {
            "requests a second": round(REQUESTS / took, 1),
            "processor ms for one": {
                name: round((after - before.get(name, 0)) * 1000 / REQUESTS, 2)
                for name, after in processor_seconds(pid).items()
            },
        }
    return found


def main() -> None:
    """Run the benchmark and print its report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--small", type=int, default=60, help="trials of the graph that rdflib is measured with")
    parser.add_argument("--times", type=int, default=20, help="how often each example is asked over HTTP")
    parser.add_argument("--folder", type=Path, default=Path("artefacts/store-benchmark"))
    chosen = parser.parse_args()
    folder: Path = chosen.folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    real = Store.published(chosen.data)
    keys = [trial.key for trial in queries.trials(real)]
    lines = real.dump().decode("utf-8").splitlines(keepends=True)
    small, large = folder / "small.nq", folder / "large.nq"
    few = write_copies(lines, chosen.small, len(keys), small)
    many = write_copies(lines, chosen.trials, len(keys), large)
    report: dict[str, object] = {
        "trials": chosen.trials,
        "quads": many,
        "loading, quads a second": loading(large, many, small, few, folder),
    }
    report["bytes a quad in N-Quads"] = round(large.stat().st_size / many, 1)
    large.unlink()
    report["bytes a quad on disk"] = round(sum(file.stat().st_size for file in (folder / "bare").rglob("*")) / many, 1)
    report["trial page without HTTP, processor ms"] = page_costs(Store.published(folder / "ours"), keys)
    with served(folder / "ours", UNBOUNDED) as (port, pid):
        report["serving"] = serving(port, pid, keys)
        report["examples over HTTP, our processor time over that of oxigraph serve"] = against_its_server(
            port, pid, folder, chosen.times
        )
    report[f"examples, times faster than rdflib ({chosen.small} trials)"] = against_rdflib(small)
    json.dump(report, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
