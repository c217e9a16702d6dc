"""Has the workers of a Dask cluster read files: each task gives the graphs of a file's papers as a shard to be loaded.

A worker reads papers in processes of its own, as one machine alone does, so that a paper that hangs or ends its process
costs that paper only. When a worker itself is lost, the cluster gives the files that it had to another one; what has
been decided, written and published is decided here, in the order of the files, and so is the same for any number of
workers.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import stat
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import dask
import distributed
from distributed.scheduler import KilledWorker

from extractors.documents import Document, Refusal
from kg.iris import Iris
from kg.labour import ClusterProblem, Held, HeldFile, Limits, Processes
from kg.preparing import Paper, Papers, Prepared, Reading, document_at, hold, read_papers, unforeseen
from kg.shards import DamagedShard, Entry, Manifest, Shards, pack

# Seconds to wait for the scheduler and for its first worker.
_CONNECTING: Final = 10.0
_FIRST_WORKER: Final = 60.0
# Files under way for each thread, so that none waits for the next; seconds until the threads are counted anew.
_FOR_EACH: Final = 3
_COUNTED: Final = 5.0
# A file goes to the scheduler in the task itself, so that it is there still when a worker is lost.
_CONFIGURATION: Final = {"distributed.admin.large-graph-warning-threshold": "1GiB"}


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker has to know to read: how, for which graph, within which limits, and by which version."""

    make_reading: Callable[[], Reading]
    software: str
    iris: Iris
    limits: Limits


class Cluster:
    """The workers behind a scheduler; shards wait below a folder until they are loaded."""

    def __init__(
        self,
        address: str,
        make_reading: Callable[[], Reading],
        iris: Iris,
        limits: Limits,
        *,
        folder: Path,
        largest: int,
    ) -> None:
        """Connect to the scheduler; files of more than ``largest`` bytes are refused here. Raises ClusterProblem."""
        self._reading = make_reading()
        self._task = Task(make_reading, self._reading.version, iris, limits)
        self._largest = largest
        self._shards = Shards(folder)
        self._shards.tidy(self._reading.version)
        self._given: set[distributed.Future[Any]] = set()
        self._counted = (0.0, 0)
        self._configured = dask.config.set(_CONFIGURATION)
        try:
            self._client = distributed.Client(  # type: ignore[no-untyped-call]  # annotated not by Dask
                address, timeout=_CONNECTING, set_as_default=False
            )
        except (OSError, ValueError) as error:
            raise ClusterProblem(
                f"no scheduler answers at {address} ({error}); start one (dask scheduler) or give its address"
            ) from error
        try:
            self._client.wait_for_workers(1, timeout=_FIRST_WORKER)
        except TimeoutError as error:
            self.close()
            raise ClusterProblem(
                f"the scheduler at {address} has no workers; start some (dask worker {address}), then call it again"
            ) from error

    @property
    def ahead(self) -> int:
        """A few files for each thread that the cluster has now."""
        counted, threads = self._counted
        if time.monotonic() > counted + _COUNTED:
            threads = sum(self._client.nthreads().values())  # type: ignore[no-untyped-call]  # annotated not by Dask
            self._counted = time.monotonic(), threads
        return max(4, _FOR_EACH * threads)

    def read(self, file: Path) -> Future[Held]:
        """Have the file's papers read and their graphs made; raises ClusterProblem through the future."""
        made: Future[Held] = Future()
        data = self._bytes(file)
        if data is None:
            # It cannot be sent, and is refused unread here as it would be there.
            papers = read_papers(self._reading, file, BytesIO())
            refusals = tuple(one for one in papers.found if isinstance(one, Refusal))
            problem = papers.problem
            if len(refusals) < len(papers.found):
                problem = "the file changed while it was read; call kg retry"
            nothing = Manifest(file.name, self._task.software, "", refusals, problem)
            made.set_result(HeldShard(self._reading, file, self._shards, "", nothing))
            return made
        name = self._name(file, data)
        kept = self._shards.manifest(name)
        if kept is not None:
            made.set_result(HeldShard(self._reading, file, self._shards, name, kept))
            return made

        def settle(done: distributed.Future[Any]) -> None:
            try:
                manifest = self._taken(done, file, name)
                made.set_result(HeldShard(self._reading, file, self._shards, name, manifest))
            except (ClusterProblem, OSError) as error:
                made.set_exception(error)

        self._submit(settle, _shard_of, file.name, data)
        return made

    def prepare(self, held: Held, paper: Paper, number: int) -> Future[Prepared | Refusal]:
        """The graphs of a paper: those of its shard, or of another version made anew; raises as ``read`` does."""
        assert isinstance(held, HeldShard)  # noqa: S101 - what read gave
        made: Future[Prepared | Refusal] = Future()
        if number == 1:
            made.set_result(held.prepared(paper))
            return made

        def settle(done: distributed.Future[Any]) -> None:
            try:
                made.set_result(self._result(done, paper.source))
            except _Lost as lost:
                made.set_result(Refusal(paper.source, str(lost)))
            except ClusterProblem as error:
                made.set_exception(error)

        self._submit(settle, _graphs_of, held.document(paper), number)
        return made

    def close(self) -> None:
        """Have the cluster forget what it was given, and leave it."""
        for future in tuple(self._given):
            future.cancel()  # type: ignore[no-untyped-call]  # annotated not by Dask
        self._client.close()  # type: ignore[no-untyped-call]  # nor this

    def _submit(
        self, settle: Callable[[distributed.Future[Any]], None], function: Callable[..., Any], *given: Any
    ) -> None:
        future = self._client.submit(function, self._task, *given, pure=False)
        self._given.add(future)
        future.add_done_callback(settle)  # type: ignore[no-untyped-call]  # annotated not by Dask

    def _result(self, done: distributed.Future[Any], source: str) -> Any:
        """What a task gave; raises _Lost where papers are to blame, else ClusterProblem."""
        self._given.discard(done)
        try:
            return done.result()
        except KilledWorker as error:
            raise _Lost(
                "the workers that read it ended, one after the other; give them more memory and call kg retry"
            ) from error
        except ClusterProblem:
            raise
        except (CancelledError, distributed.client.FutureCancelledError, OSError) as error:
            raise ClusterProblem(
                f"the cluster was lost while it read {source} ({error}); what was taken in stays, and the same "
                "command goes on when it is there again"
            ) from error
        except Exception as error:
            raise _Lost(f"{unforeseen(error)}; this is a defect of the program, not of the paper") from error

    def _taken(self, done: distributed.Future[Any], file: Path, name: str) -> Manifest:
        try:
            manifest, shard = self._result(done, str(file))
            self._shards.keep(name, manifest, shard)
        except (_Lost, DamagedShard) as problem:
            return Manifest(file.name, self._task.software, "", (), str(problem))
        kept: Manifest = manifest
        return kept

    def _bytes(self, file: Path) -> bytes | None:
        with suppress(OSError):
            about = file.stat()
            if stat.S_ISREG(about.st_mode) and about.st_size <= self._largest:
                return file.read_bytes()
        return None

    def _name(self, file: Path, data: bytes) -> str:
        """What to call the file's shard: another path, content, version or graph is another shard."""
        about = (str(file.resolve()), self._task.software, self._task.iris.base, hashlib.sha256(data).hexdigest())
        return hashlib.sha256("\n".join(about).encode("utf-8", "surrogateescape")).hexdigest()[:32]


class _Lost(Exception):
    """A task has no result; the message is the reason for its papers."""


@dataclass(slots=True)
class HeldShard:
    """A file whose papers were read elsewhere: their graphs lie in a shard."""

    reading: Reading
    file: Path
    shards: Shards
    name: str
    manifest: Manifest
    _documents: dict[Paper, Document] | None = field(default=None, repr=False)

    @property
    def papers(self) -> Papers:
        """What was read of the file."""
        return self.manifest.papers

    def prepared(self, paper: Paper) -> Prepared | Refusal:
        """The graphs of the paper, as the first version of its report."""
        entry = next(one for one in self.manifest.entries if isinstance(one, Entry) and one.paper == paper)
        try:
            return self.shards.prepared(self.name, entry)
        except (DamagedShard, OSError) as error:
            return Refusal(paper.source, f"{error}; call kg retry")

    def document(self, paper: Paper) -> Document:
        """The document of one of the papers, read here: a worker has read it before, and it is seldom asked for."""
        if self._documents is None:
            held = BytesIO()
            papers = read_papers(self.reading, self.file, held).found
            self._documents = {one: document_at(held, one) for one in papers if isinstance(one, Paper)}
        return self._documents[paper]

    def close(self) -> None:
        """Remove the shard."""
        if self.name:
            self.shards.remove(self.name)


# What follows runs on the workers.

_LABOURS: dict[tuple[str, Iris, Limits], Processes] = {}
_LOCK = threading.Lock()


def _shard_of(task: Task, name: str, data: bytes) -> tuple[Manifest, bytes]:
    """Read the papers of a file and make their graphs, as first versions of their reports."""
    labour = _labour(task)
    with tempfile.TemporaryDirectory(prefix="kg-file-") as folder:
        file = Path(folder) / name
        file.write_bytes(data)
        held = labour.read(file).result()
        try:
            asked = {
                place: labour.prepare(held, paper, 1)
                for place, paper in enumerate(held.papers.found)
                if isinstance(paper, Paper)
            }
            prepared = {place: future.result() for place, future in asked.items()}
            return pack(name, task.software, held.papers, prepared)
        finally:
            held.close()


def _graphs_of(task: Task, document: Document, number: int) -> Prepared | Refusal:
    """Make the graphs of another version of a report."""
    labour = _labour(task)
    with tempfile.TemporaryDirectory(prefix="kg-file-") as folder:
        spool = Path(folder) / "document"
        with spool.open("wb") as file:
            alone = hold(document, file)
        assert isinstance(alone, Paper)  # noqa: S101 - what a document gives
        return labour.prepare(HeldFile(Papers((alone,)), spool), alone, number).result()


def _labour(task: Task) -> Processes:
    """The processes of this worker, started by the first task; raises ClusterProblem where it cannot have any."""
    key = (task.software, task.iris, task.limits)
    with _LOCK:
        if key not in _LABOURS:
            address = distributed.get_worker().address
            if multiprocessing.current_process().daemon:
                raise ClusterProblem(
                    f"the worker at {address} may start no processes; "
                    "start it with DASK_DISTRIBUTED__WORKER__DAEMON=False in its environment"
                )
            reading = task.make_reading()
            if reading.version != task.software:
                raise ClusterProblem(
                    f"the worker at {address} has version {reading.version} of the software, "
                    f"and this is {task.software}; install the same on both"
                )
            threads = distributed.get_worker().state.nthreads
            _LABOURS[key] = Processes(reading, task.iris, threads, task.limits)
        return _LABOURS[key]
