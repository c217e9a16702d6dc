"""Metadata of a report from its front matter, and the identifier that follows from it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cache

import ontology
from extractors.documents import Kind, Language, Metadata
from extractors.readers.frontmatter import names, registry_identifiers
from extractors.readers.language import has_han
from extractors.readers.words import alternation, labels

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]+")
_PMID = re.compile(r"\bPMID\s*[:\uff1a-]?\s*(\d{1,8})\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NUMBER = re.compile(r"^\d{1,4}\. ")
_LEAD = re.compile(r"^(?:\d{1,3}\.\s+|[^\d:\uff1a;]{0,20}[:\uff1a]\s*)(?=\S)")
_JOURNAL = re.compile(
    r"^(?P<name>[^\d;\uff1b]{2,160}?)[\s.,;\uff0c\u3002(\uff08]*(?:(?:19|20)\d\d|https?://|\bdoi\b)",
    re.IGNORECASE,
)
_MARKED_JOURNAL = re.compile(r"\[J\](?:/OL)?[.\uff0e,\uff0c\s]*(?P<name>[^,\uff0c.\uff0e\d]{2,80})")
_PUBLISHED = re.compile(r"(?:published(?: online)?|\u00a9)[^\d\n]{0,40}(?:\d{1,2} \w+ )?((?:19|20)\d\d)", re.IGNORECASE)
_TITLE_MARKUP = re.compile(r"^[\s#*_]+|[\s#*_]+$|</?[a-zA-Z]{1,6}>")

_LISTED_CODE = re.compile(
    r"[A-Z]{2,}[A-Za-z]* [A-Z]{0,3}\d{2,5}(?:-\d{1,4})?|[A-Z]+-\d{1,5}|[A-Z]{2,}\d{4,}|[A-Z]{2,}\d{2}-\d{1,3}",
    re.ASCII,
)
_LISTED_WORD = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+|[A-Z]{4,}", re.ASCII)
_BRACKETS = re.compile(r"[(\[\uff08\uff3b]([^()\[\]\uff08\uff09\uff3b\uff3d]{2,60})[)\]\uff09\uff3d]")


def metadata(
    titles: Iterable[tuple[Language, str]],
    authors: Iterable[str],
    citations: list[str],
    notices: Iterable[str] = (),
) -> Metadata:
    """Return a report's metadata from its titles, lines of authors, citations and publisher's notices."""
    clean = tuple((language, _plain_title(title)) for language, title in titles)
    first = citations[0] if citations else None
    main = next((citation for citation in citations if _journal(citation)), first)
    together = "\n".join(citations)
    year = _YEAR.search(main) if main and _journal(main) else None
    published = _PUBLISHED.search("\n".join(notices))
    pmid = _PMID.search(together)
    return Metadata(
        titles=clean,
        authors=_one_script(authors),
        citation=_NUMBER.sub("", " ".join(main.split())) if main else None,
        journal=_journal(main) if main else None,
        year=int(year.group()) if year else int(published.group(1)) if published else None,
        doi=doi(together),
        pmid=pmid.group(1) if pmid else None,
        acronyms=acronyms(title for _, title in clean),
    )


def citation(
    journal: str | None, year: str | None, volume: str | None, issue: str | None, pages: str | None
) -> str | None:
    """Return "Journal. year;volume(issue):pages" of what is known, or None without a journal."""
    if not journal:
        return None
    number = f"{volume or ''}({issue})" if issue else volume
    dated = ";".join(part for part in (year, number) if part)
    return f"{journal.rstrip('.')}. {':'.join(part for part in (dated, pages) if part)}".rstrip(". ")


def doi(text: str) -> str | None:
    """Return the first DOI of the text, without a full stop or a bracket that belongs to the sentence."""
    match = _DOI.search(text)
    if match is None:
        return None
    found = match.group()
    while found and (found[-1] in ".,;:'*" or (found[-1] == ")" and found.count(")") > found.count("("))):
        found = found[:-1]
    return found


def identifier(found: Metadata, opening: str, kind: Kind) -> str:
    """Return a document's id: from its DOI, its PubMed number, or a digest of its title or opening words."""
    if found.doi:
        key = "doi-" + re.sub(r"[^A-Za-z0-9._]+", "-", found.doi.lower()).strip("-")
    elif found.pmid:
        key = f"pmid-{found.pmid}"
    else:
        words = found.titles[0][1] if found.titles else opening
        words = " ".join(words.casefold().split()).rstrip(" .\u3002")
        key = "text-" + hashlib.sha256(words.encode("utf-8")).hexdigest()[:16]
    return f"{key}-{kind}"


def acronyms(titles: Iterable[str]) -> tuple[str, ...]:
    """Return trial acronyms and protocol numbers in the titles, in order, each once.

    Taken are protocol numbers (JCOG1017, MF07-01), bracketed lists of them (E-3193, INT-0142) and capital
    words before "trial" or "study"; not known abbreviations of ontology/ and registry identifiers.
    """
    found: dict[str, None] = {}
    for title in titles:
        plain = registry_identifiers().sub(" ", title)
        is_shouted = sum(map(str.isupper, plain)) > 0.6 * sum(map(str.isalpha, plain))
        if is_shouted and not has_han(plain):
            candidates = _code().findall(plain)
        else:
            candidates = [*_code().findall(plain), *_listed(plain), *_before_trial(plain)]
        for name in sorted(candidates, key=plain.find):
            whole = not any(name != other and name in other.split() for other in candidates)
            if whole and name not in _abbreviations():
                found[name] = None
    return tuple(found)


def _listed(title: str) -> list[str]:
    found: list[str] = []
    for content in _BRACKETS.findall(title):
        items = [item.strip() for item in re.split(r"[,;/\uff0c\u3001\uff1b]", content)]
        codes = [item for item in items if _LISTED_CODE.fullmatch(item) and item not in _abbreviations()]
        words = [item for item in items if _LISTED_WORD.fullmatch(item)]
        if codes and len(set(codes) | set(words)) == len(items):
            found += items
    return found


def _before_trial(title: str) -> list[str]:
    words = [first or second for first, second in _named().findall(title)]
    return [word for word in words if sum(map(str.isupper, word)) >= 2 and len(word) >= 4]


@cache
def _code() -> re.Pattern[str]:
    """A protocol number.

    MF07-01 is one wherever it stands; JCOG1017 may be a drug's code unless the English word before it says so.
    """
    words = (*labels("trial-noun", "en"), *labels("protocol", "en"))
    before = "|".join(f"(?<={re.escape(form)} )" for word in words for form in (word, word.capitalize()))
    return re.compile(
        rf"(?<![\w-])(?:[A-Z]{{2,}}\d{{2}}-\d{{2,3}}(?![\w-])|(?:{before})[A-Z]{{2,}}\d{{4,}})",
        re.ASCII,
    )


@cache
def _named() -> re.Pattern[str]:
    """A name before "trial" or "study", or with a number before more capitals."""
    return re.compile(
        rf"(?<![\w-])([A-Z][A-Za-z]*\d{{0,4}}(?:-[A-Z0-9]+)*)\s*(?i:{alternation('trial-noun')})"
        r"(?![a-z]|\s+[A-Z]{0,3}-?\d)"
        r"|(?<![\w-])([A-Z][A-Za-z]*-\d{2,4})\s(?=[A-Z]{4})",
        re.ASCII,
    )


@cache
def _abbreviations() -> frozenset[str]:
    schemes = ("conditions", "interventions", "endpoints", "measures", "designs", "subgroups", "units")
    return frozenset(code for scheme in schemes for code in ontology.notations(scheme))


def _one_script(lines: Iterable[str]) -> tuple[str, ...]:
    """The names of the first line of authors: a second line spells the same people in the other script."""
    return next((people for line in lines if (people := names(line))), ())


def _journal(citation: str) -> str | None:
    marked = _MARKED_JOURNAL.search(citation)
    plain = " ".join(citation.split())
    match = marked or _JOURNAL.match(_LEAD.sub("", plain, count=1)) or _JOURNAL.match(plain)
    if match is None:
        return None
    name = match["name"].strip(" .,;:\uff0c\u3002\u300a\u300b")
    return name if len(name) > 1 and not name.casefold().startswith(("doi", "http", "pmid")) else None


def _plain_title(title: str) -> str:
    words = " ".join(_TITLE_MARKUP.sub("", title).split())
    return words.removesuffix(".").removesuffix("\u3002").strip()
