"""Records of the EU Clinical Trials Register: its page, its text download, and its fields turned into JSON.

Every field has a number ("E.5.1"), which the three forms share. The download has a section for each country; a trial is
one record, of which each field is taken from the first section that has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Final

from extractors.readers.registries.record import Dated, Detail, Outcome, RegistryRecord, Size
from extractors.readers.registries.tree import Node, nodes, text
from extractors.readers.registries.words import is_organisation, plain, words

Fields = Mapping[str, str]

_NUMBER: Final = "A.2"
# The member state of a section, where it concerns the trial's people: "Sweden - MPA".
_STATE: Final = "A.1"
_YES: Final = "yes"
# The number of each field that is read, and how the JSON begins its name.
_CODES: Final = {
    "A.1": "a1_",
    "A.2": "a2_",
    "A.3": "a3_",
    "A.3.1": "a31_",
    "A.3.2": "a32_",
    "A.5.1": "a51_",
    "A.5.2": "a52_",
    "A.5.3": "a53_",
    "E.1.1": "e11_",
    "E.5.1": "e51_",
    "E.5.1.1": "e511_",
    "E.5.2": "e52_",
    "E.5.2.1": "e521_",
    "E.7.1": "e71_",
    "E.7.2": "e72_",
    "E.7.3": "e73_",
    "E.7.4": "e74_",
    "E.8.1.1": "e811_",
    "E.8.1.2": "e812_",
    "E.8.1.3": "e813_",
    "E.8.1.4": "e814_",
    "E.8.1.5": "e815_",
    "E.8.1.6": "e816_",
    "F.4.2.2": "f422_",
    "status": "x5_",
    "entered": "x6_",
}
_SUMMARY: Final = {
    "eudract number": "A.2",
    "trial status": "status",
    "date on which this record was first entered in the eudract database": "entered",
}
# A field for another language has its code behind the name: "(es)", "_fr".
_OTHER_LANGUAGE = re.compile(r"\([a-z]{2}\)\s*$|_[a-z]{2}$")
_LINE = re.compile(r"(?P<code>[A-H](?:\.\d{1,2}){1,4})\s(?P<name>[^:]{3,200}):(?P<value>.*)")
_SUMMARY_LINE = re.compile(r"(?P<name>[A-Z][^:.]{5,90}):(?P<value>.*)")
_HEADING = re.compile(r"[A-Z]\.\s|[A-H](?:\.\d{1,2})+\s")
_PHASES: Final = (
    ("E.7.1", "Human pharmacology (Phase I)"),
    ("E.7.2", "Therapeutic exploratory (Phase II)"),
    ("E.7.3", "Therapeutic confirmatory (Phase III)"),
    ("E.7.4", "Therapeutic use (Phase IV)"),
)
_DESIGN: Final = (
    ("allocation", "E.8.1.1", "Randomised"),
    ("masking", "E.8.1.2", "Open"),
    ("masking", "E.8.1.3", "Single blind"),
    ("masking", "E.8.1.4", "Double blind"),
    ("model", "E.8.1.5", "Parallel group"),
    ("model", "E.8.1.6", "Cross over"),
)


def is_euctr_download(text_: str) -> bool:
    """Whether the text is the register's text download."""
    opening = text_.lstrip()[:3000]
    return "EudraCT Number:" in opening and "A. Protocol Information" in text_[:12000]


def is_euctr_page(text_: str) -> bool:
    """Whether the text is the register's page of a trial."""
    return "EudraCT Number:" in text_ and '<td class="first">A.2</td>' in text_


def is_euctr_fields(node: Node) -> bool:
    """Whether the data are the register's fields as JSON."""
    return text(node, "a2_eudract_number") is not None


def download_records(text_: str) -> Iterator[RegistryRecord]:
    """The trials of a download, in order, each once."""
    trials: dict[str, dict[str, str]] = {}
    for section in re.split(r"(?m)^Summary\s*$", text_)[1:]:
        fields = _download_fields(section)
        number = fields.get(_NUMBER)
        if number:
            known = trials.setdefault(number.strip(), {})
            for code, value in fields.items():
                known.setdefault(code, value)
            state = fields.get(_STATE)
            if state and state not in known[_STATE].splitlines():
                known[_STATE] += f"\n{state}"
    for fields in trials.values():
        yield _record(fields)


def page_record(text_: str) -> RegistryRecord | None:
    """The trial of a page; ``None`` without a number."""
    page = _Page()
    page.feed(text_)
    page.close()
    fields: dict[str, str] = {}
    for cells in page.rows:
        if len(cells) == 3 and not _OTHER_LANGUAGE.search(cells[1]):
            code = "B.1.1" if cells[0] == "B.1.1" else cells[0]
            if code in _CODES or code == "B.1.1":
                fields.setdefault(code, cells[2])
        elif len(cells) == 2:
            code = _SUMMARY.get(cells[0].rstrip(": ").casefold(), "")
            if code:
                fields.setdefault(code, cells[1])
    return _record(fields) if fields.get(_NUMBER) else None


def fields_record(node: Node) -> RegistryRecord | None:
    """The trial of fields as JSON; ``None`` without a number."""
    if not isinstance(node, Mapping):
        return None
    fields: dict[str, str] = {}
    for code, start in _CODES.items():
        names = sorted(name for name in node if isinstance(name, str) and name.startswith(start))
        for name in names:
            found = text(node, name) if not _OTHER_LANGUAGE.search(name) and "." not in name else None
            if found:
                fields.setdefault(code, found)
    for sponsor in nodes(node, "b1_sponsor"):
        if name_ := text(sponsor, "b11_name_of_sponsor"):
            fields.setdefault("B.1.1", name_)
    dates = (
        ("started", text(node, "trialInformation.recruitmentStartDate")),
        ("ended", text(node, "trialInformation.globalEndOfTrialDate")),
        ("A.5.2", text(node, "trialInformation.usctnIdentifier")),
    )
    for code, found in dates:
        if found:
            fields.setdefault(code, found)
    return _record(fields) if fields.get(_NUMBER) else None


def _download_fields(section: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    current: str | None = None
    for line in section.splitlines():
        match = _LINE.fullmatch(line.strip())
        summary = None if match else _SUMMARY_LINE.fullmatch(line.strip())
        if match:
            code = match["code"]
            known = code in _CODES or code == "B.1.1"
            current = code if known and not _OTHER_LANGUAGE.search(match["name"]) and code not in fields else None
            if current:
                fields[current] = match["value"].strip()
        elif summary and summary["name"].casefold() in _SUMMARY:
            current = None
            fields.setdefault(_SUMMARY[summary["name"].casefold()], summary["value"].strip())
        elif _HEADING.match(line):
            current = None
        elif current and line.strip():
            fields[current] += f"\n{line.strip()}"
    return fields


class _Page(HTMLParser):
    """The rows of the page's tables as lists of their cells' texts; tables within a cell are text of the cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._cells: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a row or a cell; those of tables within cells open nothing."""
        if tag == "table":
            self._depth += 1
        elif tag == "tr" and self._depth == 1:
            self._cells = []
            self.rows.append(self._cells)
        elif tag == "td" and self._depth == 1:
            self._cells.append("")
        elif tag == "br" and self._cells:
            self._cells[-1] += "\n"

    def handle_endtag(self, tag: str) -> None:
        """Close a table."""
        if tag == "table":
            self._depth = max(self._depth - 1, 0)

    def handle_data(self, data: str) -> None:
        """Add to the open cell."""
        if self._cells:
            self._cells[-1] = (self._cells[-1] + data).lstrip()


def _record(fields: Fields) -> RegistryRecord:
    return RegistryRecord(
        identifier=plain(fields[_NUMBER]),
        secondary=tuple(fields[code] for code in ("A.5.1", "A.5.2", "A.5.3") if fields.get(code)),
        public_titles=words(fields.get("A.3.1")),
        scientific_titles=words(fields.get("A.3")),
        acronym=plain(fields.get("A.3.2", "")) or None,
        details=tuple(_details(fields)),
        countries=tuple(plain(line.partition(" - ")[0]) for line in fields.get(_STATE, "").splitlines()),
        sizes=tuple(Size(plain(fields[code]), "planned") for code in ("F.4.2.2",) if fields.get(code)),
        dates=tuple(_dates(fields)),
        outcomes=tuple(_outcomes(fields)),
    )


def _details(fields: Fields) -> Iterator[Detail]:
    if status := words(fields.get("status")):
        yield Detail("status", status)
    phases = [words(printed) for code, printed in _PHASES if _is_yes(fields, code)]
    if len(phases) == 1:
        yield Detail("phase", phases[0])
    for aspect, code, printed in _DESIGN:
        if _is_yes(fields, code):
            yield Detail(aspect, words(printed))
    sponsor = plain(fields.get("B.1.1", ""))
    if sponsor and is_organisation(sponsor):
        yield Detail("sponsor", words(sponsor))
    if condition := words(fields.get("E.1.1")):
        yield Detail("condition", condition)


def _is_yes(fields: Fields, code: str) -> bool:
    return plain(fields.get(code, "")).casefold() == _YES


def _dates(fields: Fields) -> Iterator[Dated]:
    for kind, code in (("registered", "entered"), ("first enrolment", "started"), ("completion", "ended")):
        if fields.get(code):
            yield Dated(kind, plain(fields[code]).split("T")[0])


def _outcomes(fields: Fields) -> Iterator[Outcome]:
    for role, code in (("primary", "E.5.1"), ("secondary", "E.5.2")):
        if names := words(fields.get(code)):
            yield Outcome(role, names, words(fields.get(f"{code}.1")))
