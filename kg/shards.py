"""Graphs of a file's papers as they travel: compressed N-Quads, and a manifest of what is in them.

Each paper is a gzip member of its own, so that one can be read without the others; all together are a gzip file too.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from extractors.documents import Refusal
from kg.preparing import Paper, Papers, Prepared


class DamagedShard(Exception):
    """The bytes are not those that the manifest was made of."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper of the manifest: where its quads begin, how many bytes they take packed, and what they are unpacked.

    ``empty`` are the graphs that are to hold nothing, ``reason`` is why the paper has none at all.
    """

    paper: Paper
    start: int = 0
    size: int = 0
    quads: int = 0
    findings: int = 0
    sha256: str = ""
    empty: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a shard holds: the papers of a file in their order, and why those behind them could not be read.

    ``software`` is the version that read them, ``sha256`` that of the whole shard.
    """

    file: str
    software: str
    sha256: str
    entries: tuple[Entry | Refusal, ...]
    problem: str | None = None

    @property
    def papers(self) -> Papers:
        """The papers as reading gave them."""
        return Papers(tuple(one.paper if isinstance(one, Entry) else one for one in self.entries), self.problem)

    def text(self) -> str:
        """The manifest as JSON, with its counts."""
        entries = [asdict(one) for one in self.entries]
        quads = sum(one.quads for one in self.entries if isinstance(one, Entry))
        counts = {"papers": len(entries), "quads": quads}
        return json.dumps(
            {
                "file": self.file,
                "software": self.software,
                "sha256": self.sha256,
                "counts": counts,
                "problem": self.problem,
                "entries": entries,
            },
            ensure_ascii=False,
            indent=1,
        )

    @classmethod
    def parsed(cls, text: str) -> Manifest:
        """The manifest that was written; raises KeyError, TypeError and ValueError for anything else."""
        read: dict[str, Any] = json.loads(text)
        entries = tuple(
            Entry(**{**one, "paper": Paper(**one["paper"]), "empty": tuple(one["empty"])})
            if "paper" in one
            else Refusal(**one)
            for one in read["entries"]
        )
        return cls(read["file"], read["software"], read["sha256"], entries, read["problem"])


def pack(
    file: str, software: str, papers: Papers, prepared: Mapping[int, Prepared | Refusal]
) -> tuple[Manifest, bytes]:
    """The shard of a file and its manifest; ``prepared`` has the graphs of each paper by its place in the file."""
    packed = bytearray()
    entries: list[Entry | Refusal] = []
    for place, paper in enumerate(papers.found):
        if isinstance(paper, Refusal):
            entries.append(paper)
            continue
        given = prepared[place]
        if isinstance(given, Refusal):
            entries.append(Entry(paper, reason=given.reason))
            continue
        quads = sorted(f"{triple} <{graph}> .\n" for graph, triples in given.graphs.items() for triple in triples)
        whole = "".join(quads).encode("utf-8")
        member = gzip.compress(whole, mtime=0)
        digest = hashlib.sha256(whole).hexdigest()
        empty = tuple(sorted(graph for graph, triples in given.graphs.items() if not triples))
        entries.append(Entry(paper, len(packed), len(member), len(quads), given.findings, digest, empty))
        packed += member
    shard = bytes(packed)
    return Manifest(file, software, hashlib.sha256(shard).hexdigest(), tuple(entries), papers.problem), shard


def require_sound(manifest: Manifest, shard: bytes) -> None:
    """Raise DamagedShard where the shard is not the manifest's."""
    if hashlib.sha256(shard).hexdigest() != manifest.sha256:
        raise DamagedShard(f"the graphs of {manifest.file} were damaged on their way")


@dataclass(frozen=True, slots=True)
class Shards:
    """A folder of shards that wait to be loaded, each beside its manifest."""

    folder: Path

    def keep(self, name: str, manifest: Manifest, shard: bytes) -> None:
        """Keep a shard under a name; it counts once its manifest is there. Raises DamagedShard and OSError."""
        require_sound(manifest, shard)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._shard(name).write_bytes(shard)
        unfinished = self._manifest(name).with_suffix(".unfinished")
        unfinished.write_text(manifest.text(), encoding="utf-8")
        unfinished.rename(self._manifest(name))

    def manifest(self, name: str) -> Manifest | None:
        """The manifest of a shard that is kept whole, ``None`` where there is none."""
        with suppress(OSError, KeyError, TypeError, ValueError, DamagedShard):
            manifest = Manifest.parsed(self._manifest(name).read_text("utf-8"))
            require_sound(manifest, self._shard(name).read_bytes())
            return manifest
        return None

    def prepared(self, name: str, entry: Entry) -> Prepared | Refusal:
        """The graphs of one paper of a shard, or why it has none; raises DamagedShard and OSError."""
        if entry.reason is not None:
            return Refusal(entry.paper.source, entry.reason)
        with self._shard(name).open("rb") as file:
            file.seek(entry.start)
            whole = gzip.decompress(file.read(entry.size))
        if hashlib.sha256(whole).hexdigest() != entry.sha256:
            raise DamagedShard(f"the graphs of {entry.paper.source} were damaged on disk")
        graphs: dict[str, set[str]] = {graph: set() for graph in entry.empty}
        # Not splitlines, which knows more ends of lines than N-Quads do.
        for line in whole.decode("utf-8").split("\n")[:-1]:
            triple, _, graph = line.removesuffix(" .").rpartition(" ")
            graphs.setdefault(graph[1:-1], set()).add(triple)
        return Prepared({graph: frozenset(triples) for graph, triples in graphs.items()}, entry.findings)

    def remove(self, name: str) -> None:
        """Remove a shard, its manifest first."""
        self._manifest(name).unlink(missing_ok=True)
        self._shard(name).unlink(missing_ok=True)

    def tidy(self, software: str) -> None:
        """Remove what another version of the software has left."""
        for file in self.folder.glob("*.json"):
            with suppress(OSError, KeyError, TypeError, ValueError):
                if Manifest.parsed(file.read_text("utf-8")).software != software:
                    self.remove(file.stem)

    def _shard(self, name: str) -> Path:
        return self.folder / f"{name}.nq.gz"

    def _manifest(self, name: str) -> Path:
        return self.folder / f"{name}.json"
