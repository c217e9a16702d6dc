"""Turns the words of a question into a query of the index, strict at first and looser where nothing is found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import tantivy

from kg.search.forms import Stretch, stretches
from kg.search.index import LABEL_FIELD, SIGN_FIELDS, WORD_FIELDS
from kg.search.spelling import Spelling
from kg.search.wanted import MOST_WORDS, Understood
from kg.search.words import is_signs, normal, pairs, pieces

# Weights beside those of the fields of words: a concept that the reports use, one that they name, an identifier, and
# what is only like the words that were asked.
_USED: Final = 5.0
_MENTIONED: Final = 3.0
_NAMED: Final = 20.0
_ALIKE: Final = 0.5
# Identifiers that a part of one stands for, at most, and how long the part has to be.
_MOST_NAMES: Final = 40
_SHORTEST_NAME: Final = 5

_QUOTED: Final = re.compile('["“”„«»]([^"“”„«»]*)["“”„«»]')
_ADDRESS: Final = re.compile(r"^(?:https?://)?(?:dx\.)?doi\.org/|^(?:doi|pmid):", re.IGNORECASE)
_DIGIT: Final = re.compile(r"\d")
Query = tantivy.Query
Occur = tantivy.Occur

_NOTHING: Final = Stretch(())


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a question: an identifier, the words that one may begin, or a stretch of words of the lexicon or not.

    ``together`` words were quoted: they have to stand beside each other.
    """

    name: str = ""
    begun: tuple[str, ...] = ()
    stretch: Stretch = _NOTHING
    together: bool = False


class Reader:
    """Reads questions against one index."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema) -> None:
        self._searcher = searcher
        self._schema = schema
        self._spelling = Spelling(searcher)

    def readings(self, text: str) -> Iterator[tuple[tantivy.Query, Understood]]:
        """The queries to try one after the other, until one finds something, each with how it understood the text."""
        if not text.strip():
            yield Query.all_query(), Understood()
            return
        spelling = self._spelling.looked_up(text)
        parts = self._parts(spelling.text, spelling.completions)
        if not parts:
            yield Query.empty_query(), Understood()
            return
        concepts = tuple(dict.fromkeys(path for part in parts for path in part.stretch.concepts))
        understood = Understood(concepts, spelling.corrected, tuple(spelling.completions), spelling.unknown)
        strict = [self._clause(part) for part in parts]
        yield _all(strict), understood
        loose = [_best([clause, *self._alike(part)]) for clause, part in zip(strict, parts, strict=True)]
        yield _all(loose), understood
        if len(parts) > 1:
            least = (len(parts) + 1) // 2
            some = Query.boolean_query([(Occur.Should, clause) for clause in loose], least)
            yield some, Understood(concepts, spelling.corrected, tuple(spelling.completions), spelling.unknown, True)

    def _parts(self, text: str, completions: dict[str, tuple[str, ...]]) -> tuple[Part, ...]:
        whole = _ADDRESS.sub("", normal(text.strip()))
        if self._is_name(whole) and (" " in whole or _DIGIT.search(whole)):
            return (Part(name=whole),)
        parts: list[Part] = []
        for match in _QUOTED.finditer(text):
            text = text.replace(match[0], " ", 1)
            found = stretches(match[1])
            words = tuple(piece for stretch in found for piece in stretch.pieces)[:MOST_WORDS]
            if words:
                concepts = found[0].concepts if len(found) == 1 else ()
                parts.append(Part(stretch=Stretch(words, concepts), together=True))
        between: list[str] = []
        for chunk in text.split():
            name = _ADDRESS.sub("", normal(chunk)).strip(".,;()[]")
            if _DIGIT.search(name) and (self._is_name(name) or self._begins_name(name)):
                parts.append(Part(name=name))
            elif name in completions:
                parts.append(Part(begun=completions[name], stretch=Stretch(pieces(chunk))))
            else:
                between.append(chunk)
        parts.extend(Part(stretch=stretch) for stretch in stretches(" ".join(between)))
        if any(part.name or part.stretch.concepts for part in parts):
            # Beside a concept a lone character is a particle that joins it to the next one.
            parts = [part for part in parts if not _particle(part)]
        return tuple(parts[:MOST_WORDS])

    def _is_name(self, name: str) -> bool:
        return self._searcher.doc_freq("name", name) > 0

    def _begins_name(self, name: str) -> bool:
        return len(name) >= _SHORTEST_NAME and bool(self._searcher.terms_with_prefix("name", name, limit=1))

    def _clause(self, part: Part) -> tantivy.Query:
        """What a trial has to have for the part."""
        if part.name:
            return self._name(part.name)
        if part.begun:
            return self._any_spelt(part.begun)
        choices: list[tantivy.Query] = []
        for path in part.stretch.concepts:
            # The same for every trial: how many other concepts it has says nothing.
            choices.append(Query.const_score_query(self._term("concept", path), _USED))
            choices.append(Query.const_score_query(self._term("mention", path), _MENTIONED))
        words = part.stretch.pieces
        choices.extend(self._phrases(words, labelled=not part.stretch.concepts))
        if len(words) == 1 and self._is_name(words[0]):
            choices.append(self._name(words[0]))
        return _best(choices)

    def _name(self, name: str) -> tantivy.Query:
        if self._is_name(name):
            return Query.boost_query(self._term("name", name), _NAMED)
        begun = [found for found, _ in self._searcher.terms_with_prefix("name", name, limit=_MOST_NAMES)]
        return Query.const_score_query(Query.term_set_query(self._schema, "name", begun), _NAMED)

    def _alike(self, part: Part) -> list[tantivy.Query]:
        """What may stand for the part where no trial has it: other forms of its words, its characters apart."""
        found: list[tantivy.Query] = []
        for piece in part.stretch.pieces if not part.together else ():
            if is_signs(piece):
                found.append(_all([self._sign(sign) for sign in dict.fromkeys(piece)]))
            else:
                found.append(self._any_spelt(self._spelling.like(piece)))
        return [Query.boost_query(_all(found), _ALIKE)] if found else []

    def _any_spelt(self, words: tuple[str, ...]) -> tantivy.Query:
        return Query.const_score_query(Query.term_set_query(self._schema, "spelt", list(words)), 1.0)

    def _phrases(self, parts: tuple[str, ...], *, labelled: bool) -> list[tantivy.Query]:
        """The words beside each other, in each field that may hold them; ``labelled`` are concepts' labels, too."""
        if all(is_signs(piece) and len(piece) == 1 for piece in parts):
            return [
                Query.boost_query(_all([self._term(field, sign) for sign in parts]), weight)
                for field, weight in SIGN_FIELDS.items()
            ]
        words: list[str | tuple[int, str]] = []
        for piece in parts:
            words.extend(pairs(piece) if is_signs(piece) else (piece,))
        fields = dict(WORD_FIELDS)
        if labelled and any(is_signs(piece) for piece in parts):
            # An English report has no Chinese words but those of its concepts.
            fields[LABEL_FIELD] = _ALIKE
        if len(words) == 1:
            return [Query.boost_query(self._term(field, str(words[0])), weight) for field, weight in fields.items()]
        return [
            Query.boost_query(Query.phrase_query(self._schema, field, words), weight)
            for field, weight in fields.items()
        ]

    def _sign(self, sign: str) -> tantivy.Query:
        return _best([self._term(field, sign) for field in SIGN_FIELDS])

    def _term(self, field: str, word: str) -> tantivy.Query:
        return Query.term_query(self._schema, field, word)


def _particle(part: Part) -> bool:
    words = part.stretch.pieces
    return not part.stretch.concepts and len(words) == 1 and len(words[0]) == 1 and is_signs(words[0])


def _best(choices: list[tantivy.Query]) -> tantivy.Query:
    return choices[0] if len(choices) == 1 else Query.disjunction_max_query(choices, 0.1)


def _all(clauses: list[tantivy.Query]) -> tantivy.Query:
    return clauses[0] if len(clauses) == 1 else Query.boolean_query([(Occur.Must, clause) for clause in clauses])
