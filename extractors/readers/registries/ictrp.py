"""Records in the WHO's common form: exports of its search portal (XML, CSV), and ChiCTR's own XML.

The portal's fields are those of the WHO Trial Registration Data Set, https://www.who.int/tools/clinical-trials-registry-platform.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO
from typing import Final

from extractors.documents import UnreadableDocument
from extractors.readers.registries.record import Dated, Detail, Group, Outcome, RegistryRecord, Size, Words
from extractors.readers.registries.tree import Node, text, texts
from extractors.readers.registries.words import countries_in, is_organisation, iso_date, plain, words

# The portal's name of each aspect, in its XML and in ChiCTR's.
_DETAILS: Final = (
    ("status", ("Recruitment_Status", "main.recruitment_status")),
    ("study-type", ("Study_type", "main.study_type")),
    ("phase", ("Phase", "main.phase")),
)
# ChiCTR's own names of the field.
_COUNTRIES: Final = ("countries.country2", "countries.country")
_DESIGN: Final = (
    ("allocation", re.compile(r"allocation\s*:\s*([^.;,\n]+)", re.IGNORECASE)),
    ("model", re.compile(r"intervention model\s*:\s*([^.;,\n]+)", re.IGNORECASE)),
    ("masking", re.compile(r"masking\s*:\s*([^.;\n]+?(?:\([^)]*\))?)(?=[.;,\n]|$)", re.IGNORECASE)),
    ("purpose", re.compile(r"(?:primary )?purpose\s*:\s*([^.;,\n]+)", re.IGNORECASE)),
)
_ARM_SIZES: Final = re.compile(r"(?:[^:;]{1,200}:\s*\d{1,7}\s*;\s*)+")
_ARM: Final = re.compile(r"([^:;]{1,200}):\s*([^;]*)")
# ChiCTR ends each outcome with this sign; other registries use it within outcomes.
_ENDED: Final = ";"
# A field of an export is not longer; the reader of CSV refuses longer ones by itself.
_LONGEST_FIELD: Final = 1_000_000
_HEADER: Final = re.compile(r"\s*\"?TrialID\"?\s*,", re.IGNORECASE)


def is_ictrp_table(text_: str) -> bool:
    """Whether the text is the portal's export as CSV."""
    first = text_.lstrip()[:3000].splitlines()[:1]
    return bool(first) and _HEADER.match(first[0]) is not None and "title" in first[0].casefold()


def ictrp_rows(text_: str) -> Iterator[Node]:
    """The rows of the export as nodes with the names of the portal's XML; raises UnreadableDocument for broken CSV."""
    csv.field_size_limit(_LONGEST_FIELD)
    rows = csv.reader(StringIO(text_.lstrip()), strict=True)
    try:
        header = [re.sub(r"\W+", "_", name.strip()) for name in next(rows)]
        for row in rows:
            if any(cell.strip() for cell in row):
                if len(row) != len(header):
                    raise UnreadableDocument(
                        f"line {rows.line_num} of the export has {len(row)} cells, and its head {len(header)}; "
                        "export the records again"
                    )
                yield dict(zip(header, row, strict=True))
    except csv.Error as error:
        raise UnreadableDocument(
            f"the export is broken near line {rows.line_num} ({error}); export the records again"
        ) from error


def ictrp_record(trial: Node) -> RegistryRecord | None:
    """The record of a trial in the WHO's form; ``None`` without a number."""
    number = text(trial, "TrialID", "main.trial_id")
    if number is None:
        return None
    is_chinese = number.casefold().startswith("chictr")
    return RegistryRecord(
        identifier=number,
        secondary=texts(trial, "SecondaryIDs", "Secondary_IDs", "Secondary_ID", "secondary_ids.secondary_id.sec_id")
        + texts(trial, "main.UTRN", "main.utrn"),
        public_titles=words(text(trial, "Public_title", "main.public_title")),
        scientific_titles=words(text(trial, "Scientific_title", "main.scientific_title")),
        acronym=text(trial, "Acronym", "main.acronym"),
        details=tuple(_details(trial)),
        countries=tuple(country for field in texts(trial, "Countries", *_COUNTRIES) for country in countries_in(field)),
        sizes=tuple(_sizes(trial)),
        dates=tuple(_dates(trial)),
        groups=tuple(_groups(trial)),
        outcomes=(
            *_outcomes(trial, "primary", ("Primary_outcome", "primary_outcome.prim_outcome"), is_chinese),
            *_outcomes(trial, "secondary", ("Secondary_outcome", "secondary_outcome.sec_outcome"), is_chinese),
        ),
    )


def _details(trial: Node) -> Iterator[Detail]:
    for aspect, paths in _DETAILS:
        found = words(text(trial, *paths))
        if found:
            yield Detail(aspect, found)
    design = plain(text(trial, "Study_design", "main.study_design") or "")
    parts = [(aspect, match[1]) for aspect, pattern in _DESIGN if (match := pattern.search(design))]
    for aspect, part in parts:
        yield Detail(aspect, words(part))
    if design and not parts:
        yield Detail("study-design", words(design))
    sponsor = text(trial, "Primary_sponsor", "main.primary_sponsor")
    if sponsor and is_organisation(sponsor):
        yield Detail("sponsor", words(sponsor))
    for condition in texts(trial, "Condition", "main.hc_freetext"):
        yield Detail("condition", words(condition))


def _sizes(trial: Node) -> Iterator[Size]:
    target = text(trial, "Target_size", "main.target_size")
    # The portal writes 0 where a registry gave no number.
    if target and target.isdecimal() and int(target):
        yield Size(target)
    reached = text(trial, "results_actual_enrolment", "Results_actual_enrollment", "main.results_actual_enrolment")
    if reached and reached.isdecimal() and int(reached):
        yield Size(reached, "actual")


def _dates(trial: Node) -> Iterator[Dated]:
    printed = text(trial, "Date_registration", "main.date_registration")
    # The same day without doubt about the order of day and month.
    certain = text(trial, "Date_registration3")
    registered = certain if certain and iso_date(certain) else printed
    for kind, found in (
        ("registered", registered),
        ("first enrolment", text(trial, "Date_enrollement", "Date_enrolment", "main.date_enrolment")),
        ("completion", text(trial, "results_date_completed", "main.results_date_completed")),
    ):
        if found:
            yield Dated(kind, found)


def _groups(trial: Node) -> Iterator[Group]:
    """The arms, where sizes or interventions are listed by arm ("A:30;B:30;"), as ChiCTR does."""
    sizes = plain(text(trial, "Target_size", "main.target_size") or "")
    if not _ARM_SIZES.fullmatch(sizes):
        return
    given = {name.strip(): what.strip() for name, what in _ARM.findall(_intervention(trial))}
    for name, size in _ARM.findall(sizes):
        what = given.get(name.strip())
        yield Group(words(name), None, words(what), size.strip())


def _intervention(trial: Node) -> str:
    return plain(text(trial, "Intervention", "main.i_freetext") or "")


def _outcomes(trial: Node, role: str, paths: tuple[str, ...], is_chinese: bool) -> Iterator[Outcome]:
    for found in texts(trial, *paths):
        named = plain(found)
        parts = named.split(_ENDED) if is_chinese else [named]
        for part in parts:
            names: tuple[Words, ...] = words(part)
            if names:
                yield Outcome(role, names)
