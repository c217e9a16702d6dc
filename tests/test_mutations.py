"""Two hundred damaged files of each format: each is read or refused, and never changes what another record says."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from collections.abc import Callable

import export_texts as made
import pytest
from made_articles import ENGLISH as JATS
from registry_records import FORMS
from test_bad_input import ABSTRACT, ABSTRACT_ZH
from test_formats import ALL, pages

from extractors.documents import Document, Refusal
from extractors.readers import papers_in

MUTATIONS = 200


def packed(name: str, data: bytes) -> bytes:
    """A ZIP file that holds the data twice, under two names."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
        archive.writestr(f"other-{name}", data)
    return body.getvalue()


WHOLE: dict[str, bytes] = {
    **{name: text.encode() for name, text in ALL.items()},
    **{name: text.encode() for name, text in FORMS.items()},
    "jats": JATS.encode(),
    "pdf": pages(),
    "plain": ABSTRACT.encode(),
    "plain zh": ABSTRACT_ZH.encode("gb18030"),
    "gzip": gzip.compress(made.PUBMED.encode(), mtime=0),
    "zip": packed("record.nbib", made.MEDLINE.encode()),
}


def cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 20)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def double(data: bytearray, chance: random.Random) -> None:
    place = chance.randrange(len(data))
    data[place:place] = data[place : place + chance.randint(1, 2000)]


def drop(data: bytearray, chance: random.Random) -> None:
    place = chance.randrange(len(data))
    del data[place : place + chance.randint(1, 300)]


def recode(data: bytearray, chance: random.Random) -> None:
    text = data.decode("utf-8", "replace")
    data[:] = text.encode(chance.choice(("utf-16", "utf-16-le", "gb18030", "big5", "latin-1", "shift_jis")), "replace")


def swell(data: bytearray, chance: random.Random) -> None:
    piece = chance.choice((b"9", b"a", b"\0", b"<", b"[", b"(", b"{", b"-", "哮".encode(), b"0.1 ", b"\n", b"% "))
    place = chance.randrange(len(data))
    data[place:place] = piece * chance.choice((500, 20_000))


HARM: tuple[Callable[[bytearray, random.Random], None], ...] = (cut, flip, double, drop, recode, swell)


def harmed(data: bytes, chance: random.Random) -> bytes:
    """The data with one or two things done to them."""
    body = bytearray(data)
    for _ in range(chance.choice((1, 1, 2))):
        if body:
            chance.choice(HARM)(body, chance)
    return bytes(body)


@pytest.mark.parametrize("name", WHOLE)
def test_damaged_files_are_read_or_refused(name: str) -> None:
    chance = random.Random(name)
    for _ in range(MUTATIONS):
        data = harmed(WHOLE[name], chance)
        found = list(papers_in(data, "damaged"))
        # Nothing is lost without a word: a file has papers, or is refused.
        assert found
        for paper in found:
            if isinstance(paper, Refusal):
                assert paper.reason
                continue
            assert paper.sections
            assert all(0 <= part.start <= part.end <= len(paper.text) for part in paper.sections)


def test_the_mutations_leave_files_to_read_and_files_to_refuse() -> None:
    chance = random.Random(1)
    read = [
        isinstance(next(papers_in(harmed(WHOLE["medline"], chance), "damaged")), Document) for _ in range(MUTATIONS)
    ]
    assert MUTATIONS * 0.2 < sum(read) < MUTATIONS * 0.95


@pytest.mark.parametrize("name", ["pubmed", "medline", "ris", "europepmc", "refworks", "endnote", "noteexpress"])
def test_damage_to_one_file_of_an_archive_changes_no_other(name: str) -> None:
    chance = random.Random(name)
    whole = ALL[name].encode()
    expected = [paper for paper in papers_in(whole, "whole") if isinstance(paper, Document)]
    for _ in range(MUTATIONS // 10):
        body = io.BytesIO()
        with zipfile.ZipFile(body, "w") as archive:
            archive.writestr("a.txt", harmed(whole, chance))
            archive.writestr("b.txt", whole)
        found = list(papers_in(body.getvalue(), "both.zip"))
        others = [one for one in found if isinstance(one, Document) and one.source.startswith("both.zip/b.txt")]
        assert [one.text for one in others] == [one.text for one in expected]
