"""Who reads files and makes graphs: this process, or others that may hang or end without taking the ingestion along."""

from __future__ import annotations

import os
import resource
import signal
import tempfile
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Final, ParamSpec, Protocol, TypeVar

from pebble import ProcessExpired, ProcessPool

from extractors.documents import Document, Refusal
from kg.iris import Iris
from kg.preparing import Paper, Papers, Prepared, Reading, document_at, papers_held, prepare, read_papers, unforeseen

_Arguments = ParamSpec("_Arguments")
_Given = TypeVar("_Given")

# Each process has one core: threads beside the one that reads would only get into the way of the other processes.
_LIBRARIES: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")
_ONE_THREAD: Final = {**dict.fromkeys(_LIBRARIES, "1"), "TOKENIZERS_PARALLELISM": "false"}

# A process is replaced after so many tasks, so that what the libraries leave behind does not add up.
_TASKS: Final = 5000


class ClusterProblem(Exception):
    """A cluster cannot do the work; the message says what to do."""


class Held(Protocol):
    """A file that was read: its papers, and their documents until it is closed."""

    @property
    def papers(self) -> Papers:
        """What was read of the file."""

    def document(self, paper: Paper) -> Document:
        """The document of one of the papers."""

    def close(self) -> None:
        """Let the documents go."""


class Labour(Protocol):
    """Reads files and prepares papers; ``ahead`` is how many files, and how many papers, to ask for at a time."""

    @property
    def ahead(self) -> int:
        """How many files are read, and papers prepared, before the first of them is asked for."""

    def read(self, file: Path) -> Future[Held]:
        """Read the file's papers; no fault of the file is an exception of the future."""

    def prepare(self, held: Held, paper: Paper, number: int) -> Future[Prepared | Refusal]:
        """Make the graphs of a paper; no fault of the paper is an exception of the future."""

    def close(self) -> None:
        """Let everything go, tasks under way too."""


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file whose documents lie in a file of the temporary folder."""

    papers: Papers
    spool: Path

    def document(self, paper: Paper) -> Document:
        """The document of one of the papers."""
        with self.spool.open("rb") as held:
            return document_at(held, paper)

    def close(self) -> None:
        """Remove the documents."""
        self.spool.unlink(missing_ok=True)


class OneProcess:
    """Does everything at once, in this process."""

    ahead = 1

    def __init__(self, reading: Reading, iris: Iris) -> None:
        self._reading = reading
        self._iris = iris
        self._spools = _Spools()

    def read(self, file: Path) -> Future[Held]:
        """Read the file's papers."""
        spool = self._spools.new()
        return _done(HeldFile(_read(self._reading, file, spool), spool))

    def prepare(self, held: Held, paper: Paper, number: int) -> Future[Prepared | Refusal]:
        """Make the graphs of a paper."""
        return _done(prepare(self._reading, self._iris, held.document(paper), number))

    def close(self) -> None:
        """Remove what is left in the temporary folder."""
        self._spools.close()


@dataclass(frozen=True, slots=True)
class Limits:
    """What one paper may take: seconds by the clock, and bytes of memory beyond what a process has when it starts."""

    seconds: float
    memory: int


class Processes:
    """Processes of this machine that load the pipelines once; the task that one of them dies of fails alone."""

    def __init__(self, reading: Reading, iris: Iris, processes: int, limits: Limits) -> None:
        self._reading = reading
        self._iris = iris
        self._limits = limits
        self._spools = _Spools()
        self.ahead = 2 * processes
        # Before they start: the libraries look at it when they are imported.
        os.environ.update(_ONE_THREAD)
        self._pool = ProcessPool(
            max_workers=processes,
            max_tasks=_TASKS,
            initializer=_begin,
            initargs=(reading, limits.memory),
            context=get_context("spawn"),
        )

    def read(self, file: Path) -> Future[Held]:
        """Read the file's papers; those that were read before a process ended are kept."""
        spool = self._spools.new()
        # A file of many papers may take as much longer as it is larger.
        seconds = self._limits.seconds * (1 + _mebibytes(file))
        given = self._submit(seconds, _read, self._reading, file, spool)
        made: Future[Held] = Future()

        def settle(done: Future[Papers]) -> None:
            error = done.exception()
            if error is None:
                made.set_result(HeldFile(done.result(), spool))
                return
            with spool.open("ab+") as held:
                held.seek(0)
                found = papers_held(held)
            made.set_result(HeldFile(Papers(found, self._why(error, seconds)), spool))

        given.add_done_callback(settle)
        return made

    def prepare(self, held: Held, paper: Paper, number: int) -> Future[Prepared | Refusal]:
        """Make the graphs of a paper."""
        assert isinstance(held, HeldFile)  # noqa: S101 - what read gave
        given = self._submit(self._limits.seconds, _prepare, self._reading, self._iris, held.spool, paper, number)
        made: Future[Prepared | Refusal] = Future()

        def settle(done: Future[Prepared | Refusal]) -> None:
            error = done.exception()
            why = None if error is None else self._why(error, self._limits.seconds)
            made.set_result(done.result() if why is None else Refusal(paper.source, why))

        given.add_done_callback(settle)
        return made

    def close(self) -> None:
        """Stop the processes."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble annotates it not
        self._pool.join()
        self._spools.close()

    def _submit(
        self, seconds: float, function: Callable[_Arguments, _Given], *args: _Arguments.args, **_: _Arguments.kwargs
    ) -> Future[_Given]:
        future: Future[_Given] = self._pool.schedule(function, args=args, timeout=seconds)
        return future

    def _why(self, error: BaseException, seconds: float) -> str:
        if isinstance(error, TimeoutError):
            return (
                f"took longer than {seconds:g} seconds and was stopped; raise document_seconds (KG_DOCUMENT_SECONDS) "
                "and call kg retry"
            )
        if isinstance(error, ProcessExpired):
            return (
                "the process that read it ended, most likely for want of memory or by a fault of a library "
                f"(exit code {error.exitcode}); raise document_memory_mib (KG_DOCUMENT_MEMORY_MIB) and call kg retry"
            )
        return f"{unforeseen(error)}; this is a defect of the program, not of the paper"


class _Spools:
    """Files of a temporary folder, each for the documents of one file."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kg-reading-")
        # Safe to ask from several threads.
        self._numbers = count(1)

    def new(self) -> Path:
        """A file that is not there yet."""
        return Path(self._folder.name) / str(next(self._numbers))

    def close(self) -> None:
        """Remove them all."""
        self._folder.cleanup()


def _read(reading: Reading, file: Path, spool: Path) -> Papers:
    with spool.open("wb") as held:
        return read_papers(reading, file, held)


def _prepare(reading: Reading, iris: Iris, spool: Path, paper: Paper, number: int) -> Prepared | Refusal:
    with spool.open("rb") as held:
        return prepare(reading, iris, document_at(held, paper), number)


def _begin(reading: Reading, memory: int) -> None:
    """Make a process ready: its terminal's Ctrl-C is the ingestion's business, its memory has a bound."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The pool asks a process to end by SIGTERM, which Python could not attend to while a library is at work.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    reading.load()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + memory, hard))


def _done(result: _Given) -> Future[_Given]:
    future: Future[_Given] = Future()
    future.set_result(result)
    return future


def _mebibytes(file: Path) -> float:
    with suppress(OSError):
        return file.stat().st_size / 1024 / 1024
    return 0.0
