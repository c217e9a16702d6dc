"""Measures how fast papers are read: abstracts a second, memory, loading, and where the time goes.

    python benchmarks/extraction.py FOLDER [COUNT]

FOLDER holds texts (.txt), of which the first COUNT by name are read (default 100). Each line is measured in processes
of its own: on one core and on all, with the trained models and without. Loading is not part of the rate. On a busy
machine the processor's own time for a text (CPU ms each) says more than the rate.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from extractors.documents import Document
from extractors.normal import normalise
from extractors.pipelines import NotATrial, extract, load
from extractors.readers import read
from extractors.reading import Reading


@dataclass(frozen=True)
class Share:
    """What one process did: texts read, seconds of loading, of reading and of its processor, highest memory in MiB."""

    texts: int
    loading: float
    reading: float
    processor: float
    memory: float


def read_share(paths: Sequence[Path], models: bool) -> Share:
    """Load the pipelines by reading the first text, then read all of them."""
    began = time.perf_counter()
    _extract(read(paths[0]), models)
    loaded, used = time.perf_counter(), time.process_time()
    for path in paths:
        _extract(read(path), models)
    done, spent = time.perf_counter(), time.process_time()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Share(len(paths), loaded - began, done - loaded, spent - used, memory)


def _extract(document: Document, models: bool) -> None:
    try:
        extract(document, models=models)
    except NotATrial:
        return


def measure(paths: Sequence[Path], processes: int, models: bool) -> str:
    """One line of figures for so many processes, each with its share of the texts."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        shares = list(pool.map(read_share, [paths[n::processes] for n in range(processes)], [models] * processes))
    rate = sum(share.texts / share.reading for share in shares)
    loading = max(share.loading for share in shares)
    processor = 1000 * sum(share.processor for share in shares) / len(paths)
    memory = sum(share.memory for share in shares)
    switch = "on" if models else "off"
    return f"{processes:9d}  {switch:6}  {rate:11.1f}  {processor:11.0f}  {loading:9.2f}  {memory:10.0f}"


def components(paths: Sequence[Path]) -> Counter[str]:
    """Microseconds of the processor that each component of the pipelines takes for a text on average."""
    spent: Counter[str] = Counter()
    documents = [read(path) for path in paths]
    _extract(documents[0], models=True)
    for document in documents:
        for language in document.languages:
            nlp = load(language)
            began = time.process_time()
            normal = normalise(document.text)
            doc = nlp.make_doc(normal)
            doc.user_data["reading"] = Reading(document, language, normal)
            spent["tokenizer"] += int(1e6 * (time.process_time() - began))
            for name, component in nlp.pipeline:
                began = time.process_time()
                doc = component(doc)
                spent[name] += int(1e6 * (time.process_time() - began))
    return Counter({name: total // len(documents) for name, total in spent.items()})


def main() -> None:
    """Print the figures for the folder given on the command line."""
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    count = int(sys.argv[2]) if len(sys.argv) == 3 else 100
    paths = sorted(Path(sys.argv[1]).glob("*.txt"))[:count]
    cores = len(os.sched_getaffinity(0))
    if len(paths) < cores:
        sys.exit(f"{sys.argv[1]} holds fewer .txt files than there are cores; give a folder with more")
    size = sum(path.stat().st_size for path in paths) / len(paths)
    sys.stdout.write(
        f"{len(paths)} texts of {size:.0f} bytes on average, {cores} cores, load {os.getloadavg()[0]:.1f}\n"
    )
    sys.stdout.write("processes  models  abstracts/s  CPU ms each  loading s  memory MiB\n")
    for processes in sorted({1, cores}):
        for models in (True, False):
            sys.stdout.write(f"{measure(paths, processes, models)}\n")
            sys.stdout.flush()
    sys.stdout.write("\nCPU milliseconds a text\n")
    for name, microseconds in components(paths).most_common():
        sys.stdout.write(f"{microseconds / 1000:8.1f}  {name}\n")


if __name__ == "__main__":
    main()
