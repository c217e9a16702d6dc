"""The graph on disk or in memory: named graphs replaced whole, queries, checkpoints for readers, exports.

The embedded database. One process writes; readers open the checkpoint that was published last, so a reader
never waits for a writer and never sees half a paper. ``kg.remote`` offers the same over a service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from kg.answers import Dataset, GraphFormat, QueryError
from kg.checkpoints import Lease, NothingPublished, add_checkpoint, open_newest, published_checkpoint
from kg.replacement import StoreLocked, finish_replacement
from kg.search.entries import entries
from kg.search.index import has_index, write_index
from kg.stores import Bindings, Result, WritableStore, inserting, parsed_graph, replacing, term
from kg.summary import has_summary, write_summary


class StoreUnwritable(Exception):
    """The disk takes nothing more: it is full, read-only or broken. What was published before is untouched."""

    @classmethod
    def at(cls, folder: Path, error: OSError) -> StoreUnwritable:
        """What the user is told."""
        return cls(
            f"cannot write to {folder} ({error}); make room or mend the disk and run it again: "
            "what was published before is untouched"
        )


class StoreDamaged(Exception):
    """The files of a store cannot be what the database wrote."""

    @classmethod
    def at(cls, folder: Path, error: Exception) -> StoreDamaged:
        """What the user is told."""
        return cls(f"the store in {folder} is damaged ({error}); make it anew: kg rebuild, or kg restore of a backup")


class Store(WritableStore):
    """Quads in named graphs; the default graph of every query is the union of them all."""

    def __init__(
        self,
        quads: ox.Store,
        folder: Path | None = None,
        *,
        lease: Lease | None = None,
        version: str = "",
        since: Path | None = None,
    ) -> None:
        self._quads = quads
        self._folder = folder
        self._since = since
        self._lease = lease
        self.version = version

    @classmethod
    def memory(cls) -> Store:
        """An empty store that lives as long as the object."""
        return cls(ox.Store())

    @classmethod
    def open(cls, folder: Path, *, since: Path | None = None) -> Store:
        """The store of the folder for its one writer, made where there is none.

        What changed is told since what the folder has published, or since the folder ``since`` has.
        Raises StoreLocked, StoreUnwritable and StoreDamaged.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            finish_replacement(folder)
            return cls(ox.Store(str(folder / "store")), folder, since=since or folder)
        except OSError as error:
            if "lock" not in str(error).lower():
                raise StoreUnwritable.at(folder, error) from error
            raise StoreLocked.at(folder) from error
        except RuntimeError as error:
            raise StoreDamaged.at(folder, error) from error

    @classmethod
    def published(cls, folder: Path) -> Store:
        """The checkpoint published last, read-only and unchanging; ``version`` names it.

        Raises NothingPublished and StoreDamaged.
        """
        try:
            quads, lease, version = open_newest(folder, lambda checkpoint: ox.Store.read_only(str(checkpoint)))
        except RuntimeError as error:
            raise StoreDamaged.at(folder, error) from error
        return cls(quads, lease=lease, version=version)

    def __len__(self) -> int:
        return len(self._quads)

    def graphs(self) -> frozenset[str]:
        """The IRIs of the named graphs."""
        return frozenset(name.value for name in self._quads.named_graphs() if isinstance(name, ox.NamedNode))

    def _triples(self, graph: str | None) -> Iterator[ox.Triple]:
        return (quad.triple for quad in self._quads.quads_for_pattern(None, None, None, _node(graph)))

    def _quads_of_all(self) -> Iterable[ox.Quad]:
        return self._quads

    def write(self, graphs: Mapping[str, frozenset[str]]) -> bool:
        """Give each of the graphs exactly these triples, all or nothing; an empty graph is removed.

        False, and nothing is written, if the graphs hold these triples already. Raises StoreUnwritable.
        """
        changed = {name: lines for name, lines in graphs.items() if lines != self.triples(name)}
        if not changed:
            return False
        operations = []
        for name, lines in changed.items():
            operations.extend(replacing(name, lines))
        self._change(lambda: self._quads.update(" ;\n".join(operations)))
        return True

    def put_graph(self, graph: str | None, data: bytes, form: GraphFormat, *, base_iri: str, merge: bool) -> bool:
        """Give the graph, or the default graph for ``None``, the triples of the data, or add them to it.

        True if there was none of this name before. Blank nodes stay apart from those that are stored. Raises
        MalformedGraph and StoreUnwritable.
        """
        lines = parsed_graph(data, form, base_iri)
        created = not self.has_graph(graph)
        operations = inserting(graph, lines) if merge else replacing(graph, lines)
        if graph is not None:
            operations.append(f"CREATE SILENT GRAPH {_node(graph)}")
        self._change(lambda: self._quads.update(" ;\n".join(operations)))
        return created

    def has_graph(self, graph: str | None) -> bool:
        """Whether there is a graph of this name, or for ``None`` anything in the default graph."""
        if graph is None:
            return next(self._triples(None), None) is not None
        return self._quads.contains_named_graph(ox.NamedNode(graph))

    def drop_graph(self, graph: str | None) -> bool:
        """Remove the graph; false if there was none. Raises StoreUnwritable."""
        if not self.has_graph(graph):
            return False
        self._change(lambda: self._quads.remove_graph(_node(graph)))
        return True

    def update(self, text: str, *, base_iri: str | None = None) -> None:
        """Change the graph as a SPARQL 1.1 Update says, all or nothing; raises QueryError and StoreUnwritable."""
        try:
            self._change(lambda: self._quads.update(text, base_iri=base_iri))
        except (SyntaxError, ValueError, RuntimeError) as error:
            raise QueryError(str(error)) from error

    def fill(self, quads: BinaryIO) -> None:
        """Fill an empty store from N-Quads, all or nothing.

        Raises SyntaxError, StoreUnwritable, and what the stream raises.
        """
        try:
            # A graph of ours has been checked when it was made; checking each IRI again takes a fifth of the time.
            self._change(lambda: self._quads.bulk_load(quads, ox.RdfFormat.N_QUADS, lenient=True))
            # A large load leaves many small files, and every look-up would search each of them.
            self._quads.optimize()
        except BaseException:
            # The fast way writes as it reads. On a disk that takes nothing more it cannot be undone; it is never
            # published then.
            with suppress(OSError):
                self._quads.clear()
            raise

    def take_over(self, other: Store, wanted: Callable[[str], bool]) -> None:
        """Add what another store has in its default graph and in the wanted named graphs; raises StoreUnwritable."""
        names: list[ox.NamedNode | ox.DefaultGraph] = [ox.DefaultGraph()]
        names.extend(ox.NamedNode(name) for name in sorted(other.graphs()) if wanted(name))
        quads = (quad for name in names for quad in other._quads.quads_for_pattern(None, None, None, name))
        if (first := next(quads, None)) is not None:
            self._change(lambda: self._quads.extend(chain([first], quads)))

    def _change(self, write: Callable[[], None]) -> None:
        if self._folder is None:
            write()
            return
        with _writing(self._folder):
            # On disk, and before the change, so that a crash between change and publication is remembered.
            _marker(self._folder).touch()
            write()

    @property
    def unpublished(self) -> bool:
        """Whether something was written since the last publication, or that has no index or summary as we make them.

        Always true of a store in memory.
        """
        if self._folder is None or _marker(self._folder).exists():
            return True
        try:
            checkpoint = published_checkpoint(self._folder)
            return not (has_index(checkpoint) and has_summary(checkpoint))
        except NothingPublished:
            return True

    def publish(self) -> Path | None:
        """Make what is stored visible to readers; the new checkpoint, or ``None`` if nothing has changed.

        A store in memory has no readers: it publishes nothing. Raises StoreUnwritable.
        """
        if self._folder is None:
            return None
        if not self.unpublished:
            return None
        with _writing(self._folder):
            self._quads.flush()
            checkpoint = add_checkpoint(self._folder, self._write_checkpoint)
            _marker(self._folder).unlink(missing_ok=True)
        return checkpoint

    def _write_checkpoint(self, path: Path) -> None:
        self._quads.backup(str(path))
        # Inside the checkpoint, so that all are seen, moved and removed together.
        write_index(path, entries(self))
        write_summary(path, self, _last(self._since))

    def _query(self, text: str, bindings: Bindings, dataset: Dataset, max_bytes: int | None = None) -> Result:
        try:
            return self._quads.query(
                text,
                base_iri=dataset.base_iri,
                use_default_graph_as_union=dataset.union and not dataset.chosen,
                default_graph=[ox.NamedNode(name) for name in dataset.default_graphs] if dataset.chosen else None,
                named_graphs=[ox.NamedNode(name) for name in dataset.named_graphs] if dataset.chosen else None,
                substitutions={ox.Variable(name): term(value) for name, value in bindings.items()},
            )
        except (SyntaxError, ValueError, RuntimeError) as error:
            raise QueryError(str(error)) from error


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnwritable.at(folder, error) from error


def _node(graph: str | None) -> ox.NamedNode | ox.DefaultGraph:
    return ox.DefaultGraph() if graph is None else ox.NamedNode(graph)


def _last(folder: Path | None) -> Path | None:
    try:
        return published_checkpoint(folder) if folder else None
    except NothingPublished:
        return None


def _marker(folder: Path) -> Path:
    return folder / "UNPUBLISHED"
