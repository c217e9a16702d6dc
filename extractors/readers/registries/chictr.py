"""The record page of the Chinese Clinical Trial Registry, with every field in Chinese and in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

import ontology
from extractors.documents import Language
from extractors.readers.registries.record import Dated, Detail, Group, Outcome, RegistryRecord, Words
from extractors.readers.registries.words import is_organisation, plain, words

_DATE = re.compile(r"(?:19|20)\d\d-\d\d-\d\d")
_LANGUAGES: Final[dict[str, Language]] = {"cn": "zh", "en": "en"}
_DETAILS: Final = ("status", "study-type", "phase", "study-design", "condition")


@dataclass(slots=True)
class _Cell:
    """The texts of a cell: in Chinese, in English, and those marked as neither."""

    texts: dict[Language | None, str] = field(default_factory=dict)

    def add(self, language: Language | None, data: str) -> None:
        self.texts[language] = self.texts.get(language, "") + data

    @property
    def whole(self) -> str:
        return plain(" ".join(self.texts.values()))


@dataclass(frozen=True, slots=True)
class _Entry:
    """A field with its values in the languages in which its label or its value is marked."""

    name: str
    language: Language | None
    values: tuple[Words, ...]


@dataclass(slots=True)
class _Item:
    """An arm or an outcome under construction."""

    names: list[Words] = field(default_factory=list)
    further: list[Words] = field(default_factory=list)
    size: str | None = None
    role: str | None = None

    def has(self, language: Language | None) -> bool:
        return any(name.language == language for name in self.names)


def is_chictr_page(text: str) -> bool:
    """Whether the text is a record page of this registry."""
    return "chictr" in text[:200_000].casefold() and 'class="left_title"' in text and 'class="cn"' in text


def chictr_record(text: str) -> RegistryRecord | None:
    """The record of the page; ``None`` without a number."""
    page = _Page()
    page.feed(text)
    page.close()
    entries = [*_entries(page.cells)]
    number = next((e.values[0].text for e in entries if e.name == "identifier" and e.values), None)
    if number is None:
        return None
    first: dict[str, tuple[Words, ...]] = {}
    for entry in entries:
        known = {value.language for value in first.get(entry.name, ())}
        new = tuple(value for value in entry.values if value.language not in known)
        first[entry.name] = (*first.get(entry.name, ()), *new)
    sponsors = tuple(value for value in first.get("sponsor", ()) if is_organisation(value.text))
    return RegistryRecord(
        identifier=number,
        secondary=tuple(value.text for value in first.get("secondary-identifier", ())),
        public_titles=first.get("public-title", ()),
        scientific_titles=first.get("scientific-title", ()),
        details=(
            *(Detail(aspect, first[aspect]) for aspect in _DETAILS if first.get(aspect)),
            *((Detail("masking", first["blinding"]),) if first.get("blinding") else ()),
            *((Detail("sponsor", sponsors),) if sponsors else ()),
        ),
        countries=tuple(_countries(entries)),
        dates=tuple(_dates(first)),
        groups=tuple(_groups(entries)),
        outcomes=tuple(_outcomes(entries)),
    )


class _Page(HTMLParser):
    """The cells of the page's tables in order; text within a cell of a table within a cell is that one's."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.cells: list[_Cell] = []
        self._open: list[_Cell] = []
        self._language: Language | None = None
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a cell, or note the language of a paragraph."""
        if tag == "td":
            self._open.append(_Cell())
            self.cells.append(self._open[-1])
        elif tag == "p":
            self._language = _LANGUAGES.get(dict(attrs).get("class") or "")
        elif tag in ("script", "style"):
            self._silent = True
        elif tag == "br":
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        """Close a cell or a paragraph."""
        if tag == "td" and self._open:
            self._open.pop()
        elif tag == "p":
            self._language = None
        elif tag in ("script", "style"):
            self._silent = False

    def handle_data(self, data: str) -> None:
        """Add to the innermost open cell."""
        if self._open and not self._silent:
            self._open[-1].add(self._language, data)


def _entries(cells: list[_Cell]) -> Iterator[_Entry]:
    for place, cell in enumerate(cells):
        name, language = _label(cell)
        if name is None:
            continue
        after = cells[place + 1] if place + 1 < len(cells) else _Cell()
        if _label(after)[0] is not None or _is_label(after):
            after = _Cell()
        values = tuple(value for spoken, printed in after.texts.items() for value in words(printed, spoken or language))
        yield _Entry(name, language, values)


def _label(cell: _Cell) -> tuple[str | None, Language | None]:
    """The field that a cell names, and the language of its value where it is named in one language only."""
    found: list[tuple[str, Language]] = []
    for language in ontology.LANGUAGES:
        spoken: Language = "zh" if language == "zh" else "en"
        bare = plain(cell.texts.get(spoken, "")).rstrip(" :\uff1a").strip().casefold()
        iri = ontology.forms("records", language, "field").get(bare) if bare else None
        if iri:
            found.append((iri.rsplit("/", 1)[-1], spoken))
    if not found or not _is_label(cell):
        return None, None
    return found[0][0], found[0][1] if len(cell.texts) == 1 or (len(found) == 1 and not cell.texts.get("zh")) else None


def _is_label(cell: _Cell) -> bool:
    return cell.whole.endswith((":", "\uff1a"))


def _countries(entries: list[_Entry]) -> Iterator[str]:
    """The countries of the places of recruitment; before their heading stands the sponsor's own."""
    names = [entry.name for entry in entries]
    if "recruiting-place" in names:
        for entry in entries[names.index("recruiting-place") :]:
            if entry.name == "country":
                yield from (value.text for value in entry.values)


def _dates(first: dict[str, tuple[Words, ...]]) -> Iterator[Dated]:
    registered = _DATE.findall(" ".join(value.text for value in first.get("registered-on", ())))
    recruiting = _DATE.findall(" ".join(value.text for value in first.get("recruiting-time", ())))
    executing = _DATE.findall(" ".join(value.text for value in first.get("execution-time", ())))
    if registered:
        yield Dated("registered", registered[0])
    if recruiting:
        yield Dated("first enrolment", recruiting[0])
    if len(executing) > 1:
        yield Dated("completion", executing[-1])


def _groups(entries: list[_Entry]) -> Iterator[Group]:
    item: _Item | None = None
    for entry in entries:
        if entry.name == "arm":
            if item is not None and entry.values and item.has(entry.values[0].language):
                yield Group(tuple(item.names), None, tuple(item.further), item.size)
                item = None
            item = item or _Item()
            item.names.extend(entry.values)
        elif item is not None and entry.name == "size-of-arm" and entry.values:
            item.size = entry.values[0].text
        elif item is not None and entry.name == "intervention":
            item.further.extend(entry.values)
    if item is not None and item.names:
        yield Group(tuple(item.names), None, tuple(item.further), item.size)


def _outcomes(entries: list[_Entry]) -> Iterator[Outcome]:
    item: _Item | None = None
    for entry in entries:
        if entry.name == "outcome":
            if item is not None and entry.values and item.has(entry.values[0].language):
                yield Outcome(item.role or "", tuple(item.names), tuple(item.further))
                item = None
            item = item or _Item()
            item.names.extend(entry.values)
        elif item is not None and entry.name == "outcome-type" and entry.values:
            item.role = item.role or entry.values[0].text
        elif item is not None and entry.name == "time-frame":
            item.further.extend(entry.values)
    if item is not None and item.names:
        yield Outcome(item.role or "", tuple(item.names), tuple(item.further))
