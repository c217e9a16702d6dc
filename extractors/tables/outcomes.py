"""Finds the endpoint that the words of a table name: one that the text knows, or a new one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import ontology
from extractors.findings import Name
from extractors.normal import normalise, words_of
from extractors.reading import EndpointDraft, Reading, Span
from extractors.tables.columns import Fragment
from extractors.tables.combining import Measured
from extractors.tables.words import cue_pattern, is_form, pattern

# Two phrases name one outcome if this share of their words is the same.
_ALIKE = 0.8
_LONGEST_NAME = 160
_MOST_NAMES = 3
# Words within a longer name stand for it if they are nearly half of it.
_NESTED = 0.6
_SHORT = re.compile(r"(?<![\w-])[A-Z][A-Za-z]*[A-Z][A-Za-z]*(?![\w-])")


class Outcomes:
    """The endpoints of an article, to which its tables add those that the text does not name."""

    def __init__(self, found: Reading) -> None:
        self.found = found
        self.long_forms: Mapping[str, str] = {}
        self.words: list[list[frozenset[str]]] = [
            [bare_words(found.normal[span.start : span.end]) for span in draft.spans] for draft in found.endpoints
        ]
        self.new: dict[str, int] = {}
        self.known = len(found.endpoints)
        self.rows: list[frozenset[str]] = []
        self.taken: dict[int, frozenset[str]] = {}

    def index_of(self, names: list[Fragment], values: Sequence[Measured] = (), caption: str = "") -> int | None:
        """The endpoint that headings and a row's words name together, or ``None`` for words that name none.

        The row's own words may name a known endpoint, or its values be those that the text gives for one, or be the
        total of what the caption names; else all of them together name a new one.
        """
        spans = [span for each in names if (span := each.span) is not None]
        if not spans:
            return None
        together = self._joined(spans)
        if together in self.new:
            return self.new[together]
        words = frozenset().union(*map(self._words, spans))
        index = self._unless_taken(self._known(spans), spans[-1], words)
        if index is None:
            index = self._with_values(spans, values)
        if index is None:
            index = self._unless_taken(self._only_fitting(spans), spans[-1], words)
        if index is None and len(spans) == 1 and self._is_total(spans[0]):
            index = self._unless_taken(self.in_words(caption), spans[0], words)
        if index is None:
            index = self._added(spans, together)
        else:
            # Under a heading, the row's own words may stand for other outcomes elsewhere.
            self._name(index, spans, together if len(spans) > 1 else None)
        self.new[together] = index
        self.taken.setdefault(index, words)
        return index

    def change_of(self, index: int, name: Span | None, said: Span) -> int:
        """The endpoint that is the change of another: one that the text knows, or a new one under both names."""
        if self._tells_change(index):
            return index
        for other, draft in enumerate(self.found.endpoints):
            for text in (each.text for each in draft.names):
                left = pattern("change-head").sub(" ", normalise(text))
                if other != index and left != normalise(text) and bare_words(left) in self.words[index]:
                    return other
        names = [f"{each.text}: {self.found.text(said)}"[:_LONGEST_NAME] for each in self.found.endpoints[index].names]
        if names[0] not in self.new:
            spans = [said] if name is None else [name, said]
            self.found.endpoints.append(EndpointDraft(role="other", names=[], concept=None, spans=spans))
            self.words.append([bare_words(normalise(each)) for each in names])
            self.found.endpoints[-1].names += [Name(each, self.found.language, None) for each in names[:_MOST_NAMES]]
            self.new[names[0]] = len(self.found.endpoints) - 1
        return self.new[names[0]]

    def _tells_change(self, index: int) -> bool:
        """Whether the name of an endpoint says that it is a change."""
        return any(pattern("change-head").search(normalise(n.text)) for n in self.found.endpoints[index].names)

    def _joined(self, spans: Iterable[Span]) -> str:
        return ": ".join(self.found.document.text[s.start : s.end] for s in spans)[:_LONGEST_NAME]

    def in_words(self, text: str) -> int | None:
        """The one known endpoint that a caption names, if there is just one; declared ones come first."""
        words = bare_words(text)
        named = [i for i, ways in enumerate(self.words) if any(way and way <= words for way in ways)]
        within = [
            frozenset().union(*(way for way in self.words[i] if way <= words)) if i in named else frozenset()
            for i in range(len(self.words))
        ]
        whole = [i for i in named if all(within[other] < within[i] for other in named if other != i)]
        if len(whole) == 1:
            # "Duration of diarrhoea" says more than "diarrhoea".
            return whole[0]
        declared = [i for i in named if self.found.endpoints[i].role_span is not None]
        for candidates in (declared, named):
            if len(candidates) == 1:
                return candidates[0]
        longest = sorted(named, key=lambda i: -max(len(way) for way in self.words[i] if way <= words))
        return longest[0] if longest and len(named) <= 3 else None

    def is_reported(self, span: Span) -> bool:
        """Whether the text declares the outcome that the words name, or reports results of it."""
        own = self._words(span)
        return any(
            draft.spans and any(alike(own, way) >= _ALIKE for way in ways)
            for draft, ways in zip(self.found.endpoints, self.words, strict=True)
        )

    def _is_total(self, span: Span) -> bool:
        """Whether words say that all is taken together and not of what: "The total score", "Any event"."""
        text = self.found.normal[span.start : span.end]
        if is_form(text, "any-event"):
            return True
        left = pattern("total").sub(" ", text)
        return left != text and not words_of(pattern("light-head").sub(" ", cue_pattern("filler").sub(" ", left)))

    def _with_values(self, spans: list[Span], values: Sequence[Measured]) -> int | None:
        """The endpoint for which the text gives the same values of two arms, if it shares a word with the row."""
        words = frozenset().union(*(self._words(span) for span in spans))
        counts: dict[int, set[int]] = {}
        for link in self.found.results:
            if link.way == "table" or link.quantity is None or len(link.arms) != 1:
                continue
            for each in values:
                same = link.quantity.number.value in (
                    each.value.number.value,
                    each.value.events and each.value.events.value,
                )
                if same and each.arm == link.arms[0]:
                    counts.setdefault(link.endpoint, set()).add(each.arm)
        sure = [i for i, arms in counts.items() if len(arms) > 1 and any(words & way for way in self.words[i])]
        return sure[0] if len(sure) == 1 else None

    def _known(self, spans: list[Span]) -> int | None:
        """The endpoint of all the words together, else of the row's own: by the lexicon's concept or by its words."""
        alone = any(map(str.isalpha, self.found.text(spans[-1])))
        for one in [None, *([spans[-1]] if alone else [])] if len(spans) > 1 else [spans[-1]]:
            concepts = set() if one is None else self._concepts(one)
            for index, draft in enumerate(self.found.endpoints):
                if draft.concept is not None and draft.concept in concepts:
                    return index
            ways = self._ways(one) if one is not None else [frozenset().union(*map(self._words, spans))]
            # Rows under one long heading are alike in its words; an endpoint is one of them by the row's own.
            own = self._words(spans[-1]) if one is None else frozenset()
            scored = [
                (max((alike(words, way) for words in ways for way in each if _named(own, way)), default=0.0), -index)
                for index, each in enumerate(self.words)
                # Serious adverse events are no adverse events in other words: the lexicon tells them apart.
                if not concepts or self.found.endpoints[index].concept is None
            ]
            best = max(scored, default=(0.0, 0))
            if best[0] >= (0.99 if len(spans) > 1 and one is not None else _ALIKE):
                return -best[1]
        return None

    def begin(self) -> None:
        """Begin a table, of which no row is known yet."""
        self.rows, self.taken = [], {}

    def _unless_taken(self, index: int | None, row: Span, words: frozenset[str]) -> int | None:
        """The endpoint unless another row of this table is it already, in other words: tables do not repeat rows."""
        if index is None or self.taken.get(index, words) == words:
            return index
        concept = self.found.endpoints[index].concept
        return index if concept is not None and concept in self._concepts(row) else None

    def open(self, rows: Iterable[Sequence[Span]]) -> None:
        """Take the words of the table's rows, each with its headings."""
        self.rows = [frozenset().union(*map(self._words, spans)) for spans in rows if spans]

    def _only_fitting(self, spans: list[Span]) -> int | None:
        """The one endpoint of the text whose name holds the words of the row, if no other row fits it.

        The other way round a row names something of its own: "Newborn TSH" is another outcome than TSH.
        """
        own = frozenset().union(*map(self._words, spans))
        fitting = [index for index in range(self.known) if self._nests(own, index)]
        if len(fitting) != 1 or fitting[0] in self.new.values():
            return None
        rivals = [row for row in self.rows if row != own and self._nests(row, fitting[0])]
        return None if rivals else fitting[0]

    def _nests(self, own: frozenset[str], index: int) -> bool:
        """Whether the words of a row are among those of one name of an endpoint, and a good part of them."""
        return any(own <= way and alike(own, way) >= _NESTED for way in self.words[index] if way and own)

    def _written(self, span: Span) -> list[str]:
        """The words of a span and what its abbreviations stand for in the text and in the table's notes."""
        text = self.found.normal[span.start : span.end].strip()
        long = self.found.abbreviations.get(text)
        noted = self.long_forms.get(text.casefold())
        inner = None
        if not re.search(r"\w", pattern("light-head").sub(" ", _SHORT.sub(" ", text))):
            # "Any TEAE" says no more than its short form; "Newborn TSH" does.
            inner = _SHORT.sub(lambda m: self.long_forms.get(m.group().casefold(), m.group()), text)
        found = [text, self.found.normal[long.start : long.end] if long else None, noted or inner]
        return list(dict.fromkeys(words for words in found if words))

    def _concepts(self, span: Span) -> set[str]:
        """The concepts of the lexicon that a span's words are as a whole."""
        forms = ontology.forms("endpoints", self.found.language)
        return {forms[text.casefold()] for text in self._written(span) if text.casefold() in forms}

    def _ways(self, span: Span) -> list[frozenset[str]]:
        return [bare_words(text) for text in self._written(span)]

    def _words(self, span: Span) -> frozenset[str]:
        level = self.found.normal[span.start : span.end]
        if not any(map(str.isalpha, level)):
            # "100%" and "<100%" have the same words and are not the same.
            return frozenset({"".join(level.split())})
        return bare_words(self._written(span)[-1])

    def _added(self, spans: list[Span], together: str) -> int:
        concept = next(iter(sorted(self._concepts(spans[-1]))), None) if len(spans) == 1 else None
        self.found.endpoints.append(EndpointDraft(role="other", names=[], concept=concept, spans=[]))
        self.words.append([])
        index = len(self.found.endpoints) - 1
        self._name(index, spans, together)
        return index

    def _name(self, index: int, spans: list[Span], together: str | None) -> None:
        draft = self.found.endpoints[index]
        texts = [together] if together is not None else []
        own = self.found.document.text[spans[-1].start : spans[-1].end]
        if (len(spans) == 1 or not draft.names) and any(map(str.isalpha, own)):
            texts += [own, *([long] if (long := self.long_forms.get(own.casefold())) else [])]
        for text in dict.fromkeys(texts):
            if all(name.text.casefold() != text.casefold() for name in draft.names):
                draft.names.append(Name(text, self.found.language, draft.concept))
        draft.spans += [span for span in spans if span not in draft.spans]
        whole = frozenset().union(*(self._words(span) for span in spans))
        self.words[index].append(whole)


def bare_words(text: str) -> frozenset[str]:
    """The words of a phrase without those of grammar; all of them if no others are left."""
    left = cue_pattern("filler", "of", "conjunction", "time-at").sub(" ", text)
    return words_of(pattern("light-head").sub(" ", left)) or words_of(left) or words_of(text)


def _named(own: frozenset[str], way: frozenset[str]) -> bool:
    """Whether nearly all words of a row are among those of a name."""
    return len(own & way) >= _ALIKE * len(own)


def alike(first: frozenset[str], second: frozenset[str]) -> float:
    """The share of their words that two phrases have in common, from 0 to 1; none if they differ in a number."""
    if {word for word in first if word.isdecimal()} != {word for word in second if word.isdecimal()}:
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0
