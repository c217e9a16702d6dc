"""Tells registry records from other files by what they hold, and gives a document for each record."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from extractors.documents import Document, Language, Metadata, Refusal, UnreadableDocument
from extractors.readers.assembly import sections
from extractors.readers.markup import elements, has_root
from extractors.readers.registries.chictr import chictr_record, is_chictr_page
from extractors.readers.registries.ctgov import ctgov_record, ctgov_studies, is_ctgov
from extractors.readers.registries.ctis import ctis_record, is_ctis
from extractors.readers.registries.euctr import (
    download_records,
    fields_record,
    is_euctr_download,
    is_euctr_fields,
    is_euctr_page,
    page_record,
)
from extractors.readers.registries.facts import composed
from extractors.readers.registries.ictrp import ictrp_record, ictrp_rows, is_ictrp_table
from extractors.readers.registries.isrctn import is_isrctn, isrctn_record, isrctn_trials
from extractors.readers.registries.record import RegistryRecord, Words
from extractors.readers.registries.tree import Node, tree_of
from extractors.registry_numbers import number_of_record

Parsed = RegistryRecord | UnreadableDocument

# Names of fields of which a registry's JSON has at least one.
_JSON_FIELDS = re.compile(
    r'"(?:protocolSection|ProtocolSection|id_info|ctNumber|isrctn|a2_eudract_number|FullStudiesResponse)"\s*:'
)
_RESOURCE = re.compile(r'"resourceType"\s*:\s*"ResearchStudy"')
_LONGEST_ACRONYM: Final = 25
_WORDS_OF_AN_ACRONYM: Final = 3
_NO_NUMBER: Final = "the record has no number of a registry that is known; get it again from the registry"
_NO_CONTENT: Final = "the record has neither a title nor an outcome nor any other field that is read; get it again"
_BROKEN: Final = "the registry's JSON is broken or cut off ({problem}); get it again from the registry"
_OTHER_JSON: Final = "the file names fields of a registry, but holds no record of one; get it again from the registry"
_FHIR: Final = (
    "this is a FHIR ResearchStudy, a copy without the registry's own fields; give the record as the registry itself "
    "gives it out"
)


def registry_documents(text: str, name: str) -> Iterator[Document | Refusal] | None:
    """The records of a file, each a document or a refusal; ``None`` if the file is of no registry that is known.

    Raises UnreadableDocument for a file that is cut off or malformed.
    """
    found = _records(text)
    if found is None:
        return None
    records, reader = found
    return _written(records, name, reader)


def _records(text: str) -> tuple[Iterator[Parsed], str] | None:
    first = text.lstrip()[:1]
    if first in ("{", "["):
        return _from_json(text)
    if first == "<":
        return _from_markup(text)
    if is_ictrp_table(text):
        return _parsed(ictrp_rows(text), ictrp_record), "ictrp"
    return (iter(download_records(text)), "euctr") if is_euctr_download(text) else None


def _from_markup(text: str) -> tuple[Iterator[Parsed], str] | None:
    for roots, names, record, reader in _XML:
        if has_root(text, roots) and (reader != "chictr" or "<trial_id>" in text):
            return _parsed((tree_of(element) for element in elements(text, names)), record), reader
    if is_euctr_page(text):
        return _parsed([text], page_record), "euctr"
    return (_parsed([text], chictr_record), "chictr") if is_chictr_page(text) else None


def _isrctn_of_full(node: Node) -> RegistryRecord | None:
    return next((isrctn_record(trial) for trial in isrctn_trials(node)), None)


# Names of the root, of the element that is a record, and what reads it.
_XML: Final[tuple[tuple[tuple[str, ...], tuple[str, ...], Callable[[Node], RegistryRecord | None], str], ...]] = (
    (("clinical_study", "clinical_studies"), ("clinical_study",), ctgov_record, "ctgov"),
    (("Trials_downloaded_from_ICTRP",), ("Trial",), ictrp_record, "ictrp"),
    (("trials", "Triall"), ("Triall", "trial"), ictrp_record, "chictr"),
    (("allTrials", "fullTrial"), ("fullTrial",), _isrctn_of_full, "isrctn"),
)


def _from_json(text: str) -> tuple[Iterator[Parsed], str] | None:
    if _RESOURCE.search(text[:20_000]):
        raise UnreadableDocument(_FHIR)
    if not _JSON_FIELDS.search(text):
        return None
    try:
        root: Node = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableDocument(_BROKEN.format(problem=str(error).split(":")[0])) from error
    studies = [*ctgov_studies(root)]
    kinds: tuple[tuple[Callable[[Node], bool], Callable[[Node], RegistryRecord | None], str], ...] = (
        (is_ctgov, ctgov_record, "ctgov"),
        (is_isrctn, isrctn_record, "isrctn"),
        (is_ctis, ctis_record, "ctis"),
        (is_euctr_fields, fields_record, "euctr"),
    )
    for is_kind, record, reader in kinds:
        if any(is_kind(study) for study in studies):
            return _parsed(studies, record), reader
    raise UnreadableDocument(_OTHER_JSON)


def _parsed(trials: Iterable[Node], record: Callable[..., RegistryRecord | None]) -> Iterator[Parsed]:
    for trial in trials:
        found = record(trial)
        yield found if found is not None else UnreadableDocument(_NO_NUMBER)


def _written(records: Iterator[Parsed], name: str, reader: str) -> Iterator[Document | Refusal]:
    number = 0
    for number, record in enumerate(records, start=1):
        if isinstance(record, UnreadableDocument):
            yield Refusal(f"{name}#{number}", str(record))
            continue
        source = f"{name}#{record.identifier[:40]}"
        try:
            yield written(record, source, reader)
        except UnreadableDocument as error:
            yield Refusal(source, str(error))
    if number == 0:
        raise UnreadableDocument("the registry's file holds no record; export the records again")


def written(record: RegistryRecord, source: str, reader: str) -> Document:
    """The document of a record; raises UnreadableDocument if its number is of no registry or it says nothing."""
    own = number_of_record(record.identifier)
    if own is None:
        raise UnreadableDocument(_NO_NUMBER)
    if not (record.public_titles or record.scientific_titles or record.outcomes):
        raise UnreadableDocument(_NO_CONTENT)
    identifier = f"{re.sub(r'[^A-Za-z0-9._-]+', '-', own[0])}-registry"
    page = composed(record, identifier).page
    return Document(
        id=identifier,
        source=source,
        kind="registry",
        text=page.text,
        sections=sections(page.text, page.parts),
        metadata=Metadata(
            titles=_titles((*record.public_titles, *record.scientific_titles)),
            acronyms=_acronyms(record.acronym),
        ),
        reader=reader,
        record=record,
    )


def _titles(texts: tuple[Words, ...]) -> tuple[tuple[Language, str], ...]:
    """The first title in each language."""
    found: dict[Language, str] = {}
    for words in texts:
        found.setdefault(words.language or "en", words.text.rstrip(".\u3002"))
    return tuple(found.items())


def _acronyms(printed: str | None) -> tuple[str, ...]:
    """The acronym, unless the field holds a title."""
    words = (printed or "").split()
    is_short = 0 < len(words) <= _WORDS_OF_AN_ACRONYM and len(" ".join(words)) <= _LONGEST_ACRONYM
    # A word with one capital is a name, "n/a" an empty field.
    return (" ".join(words),) if is_short and sum(map(str.isupper, " ".join(words))) > 1 else ()
