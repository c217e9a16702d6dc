"""What a store gives back: terms, serialised answers, their formats, and the errors a question can end in."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, Literal, NamedTuple

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

ResultFormat = Literal["json", "xml", "csv", "tsv"]
GraphFormat = Literal["turtle", "ntriples", "nquads", "trig", "rdfxml", "jsonld"]
Form = Literal["boolean", "solutions", "triples"]


class QueryError(Exception):
    """The database refuses the query; the message is the parser's."""


class ResultTooLarge(Exception):
    """The result has more bytes than the caller allows; nothing of it is given."""


class Value(NamedTuple):
    """A term of a query solution: the IRI or the literal's text, and the literal's language."""

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The serialised result of a query, and which form the query had."""

    form: Form
    body: bytes


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a query reads, and the address that its relative IRIs are resolved against.

    Without graphs the default graph is the union of all, unless ``union`` is false, as it must be for a query
    that names its own dataset (FROM). The graphs win over FROM (SPARQL 1.1 Protocol, section 2.1.4).
    """

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    union: bool = True
    base_iri: str | None = None

    @property
    def chosen(self) -> bool:
        """Whether the graphs are named here."""
        return bool(self.default_graphs or self.named_graphs)


EVERYTHING = Dataset()


class Sink(BytesIO):
    """Takes the bytes of a serialiser, counts them against a limit, and passes them on.

    ``xml`` keeps carriage returns: XML readers turn a bare one into a line feed, and the offsets of a text
    would be off by one.
    """

    def __init__(self, target: BinaryIO, limit: int | None, *, xml: bool = False) -> None:
        super().__init__()
        self._target = target
        self._limit = limit
        self._xml = xml
        self._size = 0

    def write(self, part: ReadableBuffer, /) -> int:
        """Pass the part on; raises ResultTooLarge."""
        data = bytes(part)
        taken = len(data)
        if self._xml:
            data = data.replace(b"\r", b"&#xD;")
        self._size += len(data)
        if self._limit is not None and self._size > self._limit:
            raise ResultTooLarge(f"the result has more than {self._limit} bytes; ask for less, with LIMIT for example")
        self._target.write(data)
        return taken
