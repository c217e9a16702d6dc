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

# More pages than any paper has: theses, proceedings and books.
MAX_PAGES: Final = 200
# A page of print has some thousands of characters; scanned pages have none, or the few of a stamp.
_LEAST_ON_A_PAGE: Final = 150
_EDGE_LINES: Final = 6
_LEAST_REPEATS: Final = 3
# PDFium's mark for a hyphen at the end of a line.
_BROKEN = re.compile(r"(?P<before>\w+)\ufffe\s*(?P<after>\w+)")
_DIGITS = re.compile(r"\d+")
_TITLE_WORDS: Final = 4


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
    if sum(map(len, pages)) < _LEAST_ON_A_PAGE * len(pages):
        raise UnreadableDocument(
            "the PDF file holds pictures of pages (a scan); run text recognition (OCR) on it first"
        )
    found = read_text(_joined(_without_running_heads(pages)), name)
    return _named(found, printed.get("Title", ""), pages[0])


def _pages(file: pypdfium2.PdfDocument) -> list[str]:
    if not 0 < len(file) <= MAX_PAGES:
        raise UnreadableDocument(
            f"the PDF file has {len(file)} pages, and a paper 1 to {MAX_PAGES}; give the paper alone"
        )
    texts = []
    for page in file:
        words = page.get_textpage()
        texts.append(words.get_text_range().replace("\r\n", "\n").replace("\r", "\n"))
        words.close()
        page.close()
    return texts


def _without_running_heads(pages: Sequence[str]) -> str:
    """The pages' lines, without those that stand at the edge of three pages or more, whatever number they hold."""
    lines = [[line.strip() for line in page.split("\n")] for page in pages]
    edges = [{_shape(line) for line in (*page[:_EDGE_LINES], *page[-_EDGE_LINES:])} for page in lines]
    seen = Counter(shape for page in edges for shape in page if shape)
    running = {shape for shape, count in seen.items() if count >= _LEAST_REPEATS}
    return "\n".join("\n".join(line for line in page if _shape(line) not in running) for page in lines)


def _shape(line: str) -> str:
    return _DIGITS.sub("0", line.casefold())


def _joined(text: str) -> str:
    """The text with its broken words whole.

    The hyphen stays where the paper elsewhere prints the word with it, or prints both halves as words and never the
    joined one ("placebo-controlled").
    """
    words = Counter(re.findall(r"\w+(?:-\w+)*", text.casefold()))

    def join(match: re.Match[str]) -> str:
        before, after = match["before"], match["after"]
        hyphened, whole = f"{before}-{after}", f"{before}{after}"
        if before[-1].isdigit() or words[hyphened.casefold()]:
            return hyphened
        halves = words[before.casefold()] and words[after.casefold()]
        return hyphened if halves and not words[whole.casefold()] else whole

    return _BROKEN.sub(join, text).replace("\ufffe", "-").replace("\x00", "")


def _named(document: Document, title: str, first_page: str) -> Document:
    """The document with the title that the file names, where its first page prints it, and the DOI printed there."""
    found = document.metadata
    plain = " ".join(title.split())
    page = " ".join(first_page.replace("\ufffe", "").split()).casefold()
    if size_in_words(plain) >= _TITLE_WORDS and plain.casefold() in page:
        found = replace(found, titles=((language_of(plain), plain),), acronyms=acronyms([plain]))
    if found.doi is None:
        found = replace(found, doi=doi(first_page))
    opening = document.text[document.sections[0].start : document.sections[0].end]
    return replace(document, metadata=found, id=identifier(found, opening, document.kind), reader="pdf")
