"""Reads the text of PDF files with PDFium, which gives it in the order in which it was set.

What stands on page after page (running heads, page numbers, download notes) is left out; words that a line's end broke
are joined. The rest goes on as any article's text does. Tables are read as far as their lines keep cells apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import pypdfium2

from extractors.documents import Document, UnreadableDocument
from extractors.readers.identity import acronyms, doi, identifier
from extractors.readers.language import language_of, size_in_words
from extractors.readers.pdf_lines import Line, lines, paragraphs

# More pages than any paper has: theses, proceedings and books.
MAX_PAGES: Final = 200
# A page of print has some thousands of characters; scanned pages have none, or the few of a stamp.
_LEAST_ON_A_PAGE: Final = 150
_EDGE_LINES: Final = 6
_LEAST_REPEATS: Final = 3
# PDFium's mark for a hyphen at the end of a line.
_BROKEN = re.compile(r"(?P<before>\w+)[\ufffe\x02]\s*(?P<after>\w+)")
# Some files set a blank behind the joined letters of "defi ned" and "diff erence"; words end in "ff" in few cases.
_LIGATURE = re.compile(r"(?P<before>\b(?!\w*(?:off|staff|stiff|riff)\b)\w*(?:ff?[il]|ff)) (?=[a-z])")
_DIGITS = re.compile(r"\d+")
_TITLE_WORDS: Final = 4
_LONGEST_TITLE: Final = 60


def is_pdf(data: bytes) -> bool:
    """Whether the bytes are those of a PDF file."""
    return data[:1024].lstrip().startswith(b"%PDF-")


def read_pdf(data: bytes, name: str, read_text: Callable[[str, str], Document]) -> Document:
    """Return the paper in the file, read from its text by ``read_text`` (text, name).

    Raises UnreadableDocument for a file that is broken, locked, scanned or no single paper.
    """
    try:
        with pypdfium2.PdfDocument(data) as file:
            pages = _pages(file)
            printed = file.get_metadata_dict()
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument(
            f"the PDF file cannot be opened ({error}); if it is locked, save a copy without its password"
        ) from error
    if sum(len(line.text) for page in pages for line in page) < _LEAST_ON_A_PAGE * len(pages):
        raise UnreadableDocument(
            "the PDF file holds pictures of pages (a scan); run text recognition (OCR) on it first"
        )
    found = read_text(_joined(_without_running_heads(pages)), name)
    return _named(found, printed.get("Title", ""), pages[0])


def _pages(file: pypdfium2.PdfDocument) -> list[list[Line]]:
    if not 0 < len(file) <= MAX_PAGES:
        raise UnreadableDocument(
            f"the PDF file has {len(file)} pages, and a paper 1 to {MAX_PAGES}; give the paper alone"
        )
    found = []
    for page in file:
        words = page.get_textpage()
        found.append(lines(words))
        words.close()
        page.close()
    return found


def _without_running_heads(pages: Sequence[Sequence[Line]]) -> str:
    """The pages' paragraphs, without lines at the edge of three pages or more, whatever number they hold."""
    edges = [{_shape(line.text) for line in (*page[:_EDGE_LINES], *page[-_EDGE_LINES:])} for page in pages]
    seen = Counter(shape for page in edges for shape in page if shape)
    running = {shape for shape, count in seen.items() if count >= _LEAST_REPEATS}
    kept = ([line for line in page if _shape(line.text) not in running] for page in pages)
    return "\n\n".join(paragraph for page in kept for paragraph in paragraphs(page))


def _shape(line: str) -> str:
    return _DIGITS.sub("0", line.casefold())


def _joined(text: str) -> str:
    """The text with its broken words whole.

    The hyphen stays where the paper elsewhere prints the word with it, or prints both halves as words and never the
    joined one ("placebo-controlled").
    """
    words = Counter(re.findall(r"\w+(?:-\w+)*", _BROKEN.sub(" ", text).casefold()))

    def join(match: re.Match[str]) -> str:
        before, after = match["before"], match["after"]
        hyphened, whole = f"{before}-{after}", f"{before}{after}"
        if before[-1].isdigit() or words[hyphened.casefold()]:
            return hyphened
        halves = words[before.casefold()] and words[after.casefold()]
        return hyphened if halves and not words[whole.casefold()] else whole

    return _LIGATURE.sub(r"\g<before>", _BROKEN.sub(join, text)).replace("\ufffe", "-").replace("\x02", "-")


def _named(document: Document, title: str, first_page: Sequence[Line]) -> Document:
    """The document with its title, as the file names it or the first page sets it, and the DOI printed there."""
    found = document.metadata
    page = " ".join(line.text for line in first_page).replace("\ufffe", "")
    plain = " ".join(title.split())
    if size_in_words(plain) < _TITLE_WORDS or plain.casefold() not in page.casefold():
        plain = _in_largest_type(first_page)
    if plain:
        found = replace(found, titles=((language_of(plain), plain),), acronyms=acronyms([plain]))
    if found.doi is None:
        found = replace(found, doi=doi(page))
    opening = document.text[document.sections[0].start : document.sections[0].end]
    return replace(document, metadata=found, id=identifier(found, opening, document.kind), reader="pdf")


def _in_largest_type(page: Sequence[Line]) -> str:
    """The first paragraph in the largest type that has a title's length, or nothing."""
    for size in sorted({line.size for line in page}, reverse=True):
        words = _joined(next(paragraphs([line for line in page if line.size == size])))
        if size_in_words(words) >= _TITLE_WORDS:
            return words if size_in_words(words) <= _LONGEST_TITLE else ""
    return ""
