"""The text that a reader writes of a marked-up source, and what its stretches are."""

from __future__ import annotations

from typing import Final

from extractors.documents import Language
from extractors.readers.assembly import Part
from extractors.readers.headings import split
from extractors.readers.layout import Paragraph

GAP: Final = "\n\n"


class Writing:
    """The text as it is being written; ``role`` and ``heading`` are those of what is written next.

    The same source always gives the same text, and all offsets of the document point into it.
    """

    def __init__(self, language: Language | None = None) -> None:
        self.language = language
        self.written: list[str] = []
        self.length = 0
        self.parts: list[Part] = []
        self.role = "other"
        self.heading: str | None = None
        self.in_abstract = False

    @property
    def text(self) -> str:
        """All that has been written."""
        return "".join(self.written)

    def write(self, words: str, gap: str = GAP) -> int:
        """Add the words after a gap; returns the offset at which they start."""
        if self.length:
            self.written.append(gap)
            self.length += len(gap)
        self.written.append(words)
        self.length += len(words)
        return self.length - len(words)

    def add(self, words: str, role: str) -> None:
        """Write a paragraph as a part of its own, or as more of the part before it."""
        if not words:
            return
        start = self.write(words)
        last = self.parts[-1] if self.parts else None
        if last is not None and last.end + len(GAP) == start and role == last.role and self.heading == last.heading:
            start = self.parts.pop().start
        self.parts.append(Part(role, start, self.length, self.heading, self.in_abstract, self.language))

    def add_abstract(self, words: str) -> None:
        """Write a paragraph of an abstract; headings that run into it part it ("Methods: ... Results: ...")."""
        run_in = split(words, Paragraph(0, len(words), words)) if words else []
        if not run_in or run_in[0].start:
            self.add(words, self.role)
            return
        start = self.write(words)
        ends = [*(heading.start for heading in run_in[1:]), len(words)]
        for heading, end in zip(run_in, ends, strict=True):
            place = start + heading.body, start + end
            self.parts.append(Part(heading.role, *place, heading.label, True, self.language))
