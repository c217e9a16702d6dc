"""Turns the bytes of a file into text, or says why they are no text that can be trusted."""

from __future__ import annotations

import codecs
import re
from typing import Final

from extractors.documents import UnreadableDocument

# First bytes of formats that people drop in by mistake, with the way out.
_MAGIC: Final = (
    (b"PK\x03\x04", "this is an archive within an archive; unpack it first"),
    (b"\x1f\x8b", "this is an archive within an archive; unpack it first"),
    (b"\xd0\xcf\x11\xe0", "this is an old Word or Excel file; save its text as a UTF-8 text file"),
    (b"{\\rtf", "this is a Rich Text file; save its text as a UTF-8 text file"),
    (b"BZh", "this is a bzip2 archive; unpack it first"),
    (b"7z\xbc\xaf", "this is a 7z archive; unpack it first"),
    (b"\xfd7zXZ", "this is an xz archive; unpack it first"),
    (b"\x89PNG", "this is a picture; run text recognition on it and save the text"),
    (b"\xff\xd8\xff", "this is a picture; run text recognition on it and save the text"),
    (b"GIF8", "this is a picture; run text recognition on it and save the text"),
    (b"II*\x00", "this is a picture; run text recognition on it and save the text"),
    (b"MM\x00*", "this is a picture; run text recognition on it and save the text"),
)
_CUT_OFF: Final = "the file ends in the middle of a character: it looks cut off; copy it again"
_UNKNOWN: Final = "the character encoding is not recognised; save the file as UTF-8"
_DAMAGED: Final = "the text is damaged UTF-8 (byte {position} does not fit); copy it again from its source"

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_HAN = re.compile(r"[\u3400-\u9fff]")
# What an 8-bit Western text may hold beside ASCII: letters, and the signs of numbers and print.
_WESTERN = re.compile(
    "[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192"
    "\u00a0\u00a3\u00a7\u00a9\u00ab\u00ae\u00b0-\u00b3\u00b5-\u00b7\u00b9-\u00be\u00d7\u00f7"
    "\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u20ac\u2122]"
)


def decode(data: bytes) -> str:
    """Return the text of the bytes without byte order mark, line ends unchanged.

    UTF-8 and marked UTF-16 come first; GB18030 and Windows-1252 only where the result is plausible, because a
    wrong guess would change numbers' signs and names. Raises UnreadableDocument.
    """
    if not data.strip():
        raise UnreadableDocument("the file is empty; save the paper's text into it")
    for magic, reason in _MAGIC:
        if data.startswith(magic):
            raise UnreadableDocument(reason)
    text = _marked(data)
    if text is None:
        if b"\x00" in data:
            raise UnreadableDocument(
                "the file holds binary data or UTF-16 without a byte order mark; save it as UTF-8 text"
            )
        text = _unmarked(data)
    _require_clean(text)
    return text


def _marked(data: bytes) -> str | None:
    if data.startswith(codecs.BOM_UTF8):
        return _utf8(data[len(codecs.BOM_UTF8) :])
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise UnreadableDocument(_CUT_OFF if error.end >= len(data) - 1 else _UNKNOWN) from error
    return None


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end == len(data) and error.reason == "unexpected end of data":
            raise UnreadableDocument(_CUT_OFF) from error
        raise UnreadableDocument(_DAMAGED.format(position=error.start)) from error


def _unmarked(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        failure = error
    kept = sum(1 for character in data.decode("utf-8", "ignore") if character > "\x7f")
    broken = data.decode("utf-8", "replace").count("\ufffd")
    if failure.end == len(data) and failure.reason == "unexpected end of data":
        raise UnreadableDocument(_CUT_OFF) from failure
    if kept >= broken:
        raise UnreadableDocument(_DAMAGED.format(position=failure.start)) from failure
    text = _chinese(data) or _western(data)
    if text is None:
        raise UnreadableDocument(_UNKNOWN) from failure
    return text


def _chinese(data: bytes) -> str | None:
    """Return the bytes as GB18030, if what comes out is written in everyday characters, else None."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        if error.reason == "incomplete multibyte sequence" and _chinese(data[: error.start]):
            raise UnreadableDocument(_CUT_OFF) from error
        return None
    han = _HAN.findall(text)
    return text if han and sum(map(_is_everyday, han)) >= 0.7 * len(han) else None


def _is_everyday(character: str) -> bool:
    """Whether GB 2312 lists the character at level 1, as it does 3755 frequent ones (rows 16 to 55)."""
    try:
        first = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return False
    return 0xB0 <= first <= 0xD7


def _western(data: bytes) -> str | None:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    beyond = [character for character in text if character > "\x7f"]
    plausible = all(_WESTERN.match(character) for character in beyond) and len(beyond) <= 0.1 * len(text)
    return text if plausible else None


def _require_clean(text: str) -> None:
    if not text.strip():
        raise UnreadableDocument("the file holds only blanks; save the paper's text into it")
    if "\x00" in text or len(_CONTROL.findall(text)) > 0.005 * len(text):
        raise UnreadableDocument("the file holds binary data; save the paper as UTF-8 text")
    if text.count("\ufffd") > 0.002 * len(text):
        raise UnreadableDocument("many characters were lost when the file was saved; copy it again as UTF-8")
    if _is_decoded_twice(text):
        raise UnreadableDocument("the text was converted to UTF-8 twice; save the original as UTF-8 once")


def _is_decoded_twice(text: str) -> bool:
    """Whether UTF-8 was read as Windows-1252 and saved; a single such character is a slip of the source."""
    try:
        once = text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return False
    return sum(1 for character in once if character > "\x7f") >= 3
