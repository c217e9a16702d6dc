"""Cuts noun phrases out of a sentence without a tagger: what stands between words that steer reading.

The lexicon's cues are the closed class words of either language, so that a run of text between two of them (or a
stop, a number, an arm) is a noun phrase; the few cues that live inside names bridge it ("length of stay").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from extractors.components.numerals import number_words
from extractors.components.terms import CONTRASTS, STATISTICS, notation_of
from extractors.normal import HAN, is_han
from extractors.reading import Reading, Sentence, Span, Term

# Cues that may stand within the name of an outcome.
_INSIDE = frozenset(
    {
        "age", "baseline", "centres", "change", "control-arm", "deaths", "endpoint-head", "experimental-arm",
        "follow-up", "group", "of", "one-sided", "other-group", "other-head", "particle",
        "people", "rank", "study", "trial", "time-since",
        "treatment-head", "two-sided", "work-head",
    }
)  # fmt: skip
# Cues that a phrase may not hold: it would be a group of people, or point elsewhere.
_FOREIGN = (
    "allocation", "baseline", "both-groups", "endpoint-list", "group", "other-trial", "own-registration", "planned",
    "pointer", "post-hoc",
    "primary-endpoint", "secondary-endpoint", "unnamed",
)  # fmt: skip
# Words that alone name no outcome: "the incidence", "length of follow-up".
_NAMELESS = ("endpoint-head", "filler", "follow-up", "of", "significant", "time-at")
_EDGES = ("filler", "having", "of", "particle", "people", "significant", "study", "trial")
# What may close a phrase in English: its abbreviation, or a short remark.
_BRACKET = re.compile(r"\s*[(\[][^()\[\]]{1,60}[)\]]")
_STOP = re.compile(
    r"[,;:()\[\]\"=<>\u2264\u2265\u00b1\u3002]|\.(?:\s|$)|(?<![A-Za-z\d_.+/-])[-+]?\d[\d.,]*%?(?![A-Za-z\d_-])|\s-{1,2}\s"
)
_NAMING = re.compile(r"[^\W\d_]{3}|[A-Z][A-Za-z\d-]*[A-Z\d]|[\u3400-\u9fff]{2}")
# A word that is no noun at the end of a phrase: a participle or an adverb, a Chinese particle.
_UNFINISHED = re.compile(r"(?:\b\w+(?:ly|ed|ful|ant|ive|able)|^[\u3400-\u9fff]{1,2})$")
# A verb that the lexicon does not know ends the phrase: "neutrophil counts rebounded".
_VERB = re.compile(r"\s+[a-z]+(?:ed|ing)\b(?!\s+[a-z])|^\s+(?:per|than)\b")
# Whose something is stands before it: "the operator's and the patient's satisfaction".
_OWNER = re.compile(r"\s*(?:(?:the|their|its)\s+)?(?:[A-Za-z]+(?:'s|s'))?\s*$")
# What ends the head of a phrase, and what no name of an outcome begins with.
_LINK = re.compile(
    r"\s(?:of|in|for|with|after|at|during|on|to|from|by|between|within|without|among|per|as|than|that)\s"
)
_OPENING = re.compile(
    r"(?:(?:up)?on|after|before|during|between|among|within|without|with|by|for|from|than|as|also|both|same|either|per|"
    r"while|in|to|although|even|when|because|since|there|it|they|this|despite|following|regarding|"
    r"one|two|three|four|several|other|another|second|making|using|starting|measuring|having|being) ",
    re.IGNORECASE,
)
# Words at the end of a phrase that belong to what follows it.
_TRAILING = re.compile(
    r"(?:,? (?:with|without|for|of|in|to|by|from|the|and|or|between|regardless|these|those|than|at|after|a|an))+$"
)
# Of the words that end a treatment, those that stand within names.
_PREPOSITIONS = ("for", "from", "until")
_LIST_COMMA = re.compile(r",(?!\d)")
_ADJECTIVE = re.compile(r"[A-Za-z][a-z]+(?:ic|al|ous|ing|ary|ive|ine|or|ute|ed)")
_ACRONYM = re.compile(r"[A-Z].*[A-Z\d]")
_HAN = re.compile(f"[{HAN}]")
_COUNTING = re.compile(r"(?i)\b(?:remaining|total|overall|only|about|another|of|the)\b")
_WORD = re.compile(r"[^\W\d_]")
_LETTERS = re.compile(r"[^\W\d_]{3}|[\u3400-\u9fff]")
_REMARK = re.compile(r"[(\[][^()\[\]]*[)\]]\s*")
_COUNTS = ("fraction", "people", "percent")
_LONGEST, _MOST_WORDS, _MOST_HAN = 90, 9, 20


class Phrases:
    """The noun phrases of one sentence."""

    def __init__(self, found: Reading, sentence: Sentence) -> None:
        self.found = found
        self.sentence = sentence

    @cached_property
    def breaks(self) -> list[Span]:
        """What no name goes across: stops, numbers, arms and the words that steer reading, in order."""
        found, sentence = self.found, self.sentence
        known = found.terms_in(sentence, "endpoints")
        spans = [Span(*m.span()) for m in _STOP.finditer(found.normal, sentence.start, sentence.end)]
        spans += [m for m in found.arm_mentions if sentence.contains(m)]
        spans += [t for t in found.terms_in(sentence, "cues") if not self._bridges(t)]
        # Counts in words: "Eleven out of 35 patients".
        spans += [q for q in found.quantities_in(sentence) if q.kind in _COUNTS and found.normal[q.start].isalpha()]
        return sorted((s for s in spans if not any(term.contains(s) for term in known)), key=lambda s: (s.start, s.end))

    def _bridges(self, cue: Term) -> bool:
        if cue.name == "range-to" or (cue.name == "stop" and self.found.text(cue).casefold() in _PREPOSITIONS):
            # "time to X", "need for X"
            near = Span(max(self.sentence.start, cue.start - 16), cue.start)
            heads = self.found.terms_in(near, "cues", "endpoint-head")
            return any(not self.found.normal[t.end : cue.start].strip() for t in heads)
        if cue.name != "filler":
            return cue.name in _INSIDE
        if is_han(self.found.text(cue)):
            # Behind a word for people it opens the name: the outcome "of premenopausal patients".
            people = self.found.terms_in(Span(max(self.sentence.start, cue.start - 6), cue.start), "cues", "people")
            return cue.end - cue.start == 1 and not any(term.end == cue.start for term in people)
        before = self.found.terms_in(Span(max(self.sentence.start, cue.start - 10), cue.start), "cues", "of", "change")
        return any(not self.found.normal[t.end : cue.start].strip() for t in before)

    def before(self, end: int) -> Span | None:
        """The noun phrase that ends at an offset, or right before a bracket that does."""
        if self.found.normal[self.sentence.start : end].rstrip().endswith((")", "]")):
            text = self.found.normal[self.sentence.start : end].rstrip()
            opening = max(text.rfind("("), text.rfind("["))
            if opening <= 0:
                return None
            end = self.sentence.start + opening
        starts = [s.end for s in self.breaks if s.end <= end or s.start < end]
        return self.cut(max([self.sentence.start, *starts]), end)

    def after(self, start: int) -> Span | None:
        """The noun phrase that begins at an offset."""
        ends = [s.start for s in self.breaks if s.end > start]
        return self.cut(start, max(start, min([self.sentence.end, *ends])))

    def around(self, span: Span) -> Span:
        """The whole noun phrase that holds a name: "serum <creatinine> levels", "supine and standing <blood pressure>".

        Chinese, which sets no blanks, gives no edges to go by: there, and where the phrase names nothing, it is the
        name itself.
        """
        if _HAN.search(self.found.normal, self.sentence.start, self.sentence.end):
            return span
        starts = [min(s.end, span.start) for s in self.breaks if s.start < span.start]
        ends = [s.start for s in self.breaks if s.start >= span.end]
        start, end = max([self.sentence.start, *starts]), min([self.sentence.end, *ends])
        rest = self.found.normal[span.end : end]
        verb = _VERB.search(rest)
        phrase = self.cut(self._coordinated(start, span), span.end + verb.start() if verb else end)
        return phrase if phrase is not None and phrase.contains(span) else span

    def members(self, span: Span) -> list[Span]:
        """The noun phrases of a list between two offsets, or the one phrase, if each of them can stand alone."""
        text = self.found.normal
        cuts = [Span(m.start(), m.end()) for m in _LIST_COMMA.finditer(text, span.start, span.end)]
        cuts += list(self.found.terms_in(span, "cues", "conjunction", "alternative"))
        bounds = [span.start, *(x for c in sorted(cuts, key=lambda c: c.start) for x in (c.start, c.end)), span.end]
        nouns: list[Span] = []
        start: int | None = None
        for first, end in zip(bounds[::2], bounds[1::2], strict=True):
            start = first if start is None else start
            part = self.cut(start, end)
            described = part is None or _ADJECTIVE.fullmatch(text[part.start : part.end])
            if part is not None and not described and not text[start:end].rstrip().endswith("-"):
                nouns.append(part)
                start = None
        counted = bool(self.found.quantities_in(span))
        if nouns and start is None and not counted:
            return nouns
        whole = self.cut(span.start, span.end)
        return [whole] if whole is not None else []

    def _coordinated(self, start: int, span: Span) -> int:
        """Where a phrase begins whose first adjective is joined by "and" to another: "systolic and diastolic X"."""
        joint = [s for s in self.breaks if s.end == start and self._joins(s)]
        own = self.found.normal[start : span.start].strip()
        if not joint or not own or " " in own:
            return start
        lefts = [s.end for s in self.breaks if s.end <= joint[-1].start]
        left = max([self.sentence.start, *lefts])
        first = self.found.normal[left : joint[-1].start].strip()
        known = self.found.terms_in(Span(left, joint[-1].start))
        return left if _ADJECTIVE.fullmatch(first) and not known else start

    def _joins(self, cut: Span) -> bool:
        cues = self.found.terms_in(cut, "cues", "conjunction", "alternative")
        return any(t.start == cut.start and t.end == cut.end for t in cues)

    def cut(self, start: int, end: int) -> Span | None:
        """The words between two offsets without edges that name nothing, if they can name an outcome."""
        found = self.found
        while True:
            text = found.normal[start:end]
            stripped = text.strip(" \n\r.,'-\u2022\u00b7*/")
            if not stripped:
                return None
            start += text.index(stripped)
            end = start + len(stripped)
            trailing = _TRAILING.search(stripped)
            if trailing and trailing.start() > 0:
                end = start + trailing.start()
                continue
            remark = _REMARK.match(stripped)
            if remark is not None:
                # "Mean (SD) pain score": what the bracket says is of the statistic before it.
                start += remark.end()
                continue
            opened = stripped.rfind("(")
            if opened > stripped.rfind(")"):
                end = start + opened
                continue
            # In "at 24 weeks of the rate of X" the unit belongs to the number before the phrase.
            units = [t for t in found.terms_in(Span(start, end), "units") if t.start == start and t.end < end]
            if units and found.normal[start - 1 : start].isdigit():
                start = units[0].end
                continue
            owners = [t for t in found.terms_in(Span(start, end), "cues", "people") if self._owns(t, end)]
            start = max([start, *(t.end for t in owners)])
            span = Span(start, end)
            held = [t for t in found.terms_in(span, "endpoints") if t.start == start or t.end == end]
            edge: list[Term | Span] = [
                t
                for t in found.terms_in(span, "cues", *_EDGES)
                if (t.start == start or t.end == end) and not any(h.contains(t) for h in held)
            ]
            edge += [t for t in self._openings(span) if t.start == start and not any(h.contains(t) for h in held)]
            edge += [t for t in found.terms_in(span, "cues", "rank") if t.end == end and self._grades(t)]
            if not edge and self._ranked(span):
                # The grade belongs to the name: "grade 3 mucositis".
                span = Span(self._ranked(span), end)
            if not edge:
                return span if self.names_something(span) else None
            if isinstance(edge[0], Term) and edge[0].end == end and edge[0].name == "people" and edge[0].start > start:
                return None
            start, end = (edge[0].end, end) if edge[0].start == start else (start, edge[0].start)

    def _openings(self, span: Span) -> Iterator[Span]:
        """The statistics, times, denials and words for the start of the trial in a phrase: "median OS", "no deaths"."""
        yield from (t for t in self.found.terms_in(span, "measures") if notation_of(t.iri) in STATISTICS)
        yield from self.found.terms_in(span, "cues", "baseline")
        yield from (u for u in self.found.terms_in(span, "units") if not self._in_a_word(u))
        yield from (q for q in self.found.quantities if q.kind == "duration" and span.contains(q))
        # "No deaths" are deaths; in Chinese the sign for "no" opens names as well.
        denials = self.found.terms_in(span, "cues", "negation")
        parted = [t for t in denials if self.found.normal[t.end : t.end + 1] == " "]
        yield from (t for t in parted if not is_han(self.found.text(t)))

    def _in_a_word(self, unit: Span) -> bool:
        """Whether a unit is none here: a head ("time to X"), or a Chinese character behind no number ("daily gain")."""
        if self.found.terms_in(unit, "cues", "endpoint-head"):
            return True
        before = self.found.normal[unit.start - 1 : unit.start]
        return unit.end - unit.start == 1 and is_han(self.found.text(unit)) and not before.isdigit()

    def _grades(self, rank: Term) -> bool:
        """Whether an English word for a grade ends a phrase whose number stands behind it: "events of grade 3"."""
        following = self.found.normal[rank.end : rank.end + 2].strip()
        return following[:1].isdigit() and not is_han(self.found.text(rank))

    def _ranked(self, span: Span) -> int:
        """Where the number before a Chinese word for a grade begins that opens a phrase; 0 if none does."""
        ranks = [t for t in self.found.terms_in(span, "cues", "rank") if t.start == span.start]
        number = re.search(r"\d+$", self.found.normal[self.sentence.start : span.start])
        return self.sentence.start + number.start() if number and ranks and is_han(self.found.text(ranks[0])) else 0

    def _owns(self, people: Term, end: int) -> bool:
        """Whether what follows in Chinese belongs to people, who are no part of its name: "X of the patients".

        The same holds behind people who are called after their arm: "the controls' X".
        """
        controls = self.found.terms_in(Span(max(0, people.start - 4), people.start), "cues", "control-arm")
        if controls and controls[-1].end == people.start and is_han(self.found.text(people)):
            return True
        links = self.found.terms_in(Span(people.end, min(people.end + 1, end)), "cues", "filler")
        return bool(links) and is_han(self.found.text(links[0]))

    def names_something(self, span: Span) -> bool:
        """Whether a phrase has the length and the words of a name, and is not a treatment, a disease or people."""
        found, text = self.found, self.found.normal[span.start : span.end]
        if (
            self._is_counted(span)
            or self._counts(span)
            or _OPENING.match(text)
            or text.endswith("'s")
            or self._heads_otherwise(span)
        ):
            return False
        long = len(text) > _MOST_HAN if is_han(text) else len(text.split()) > _MOST_WORDS
        terms = found.terms_in(span)
        if any(term.scheme == "endpoints" and term.end == span.end for term in terms):
            return not long
        if (
            long
            or len(text) > _LONGEST
            or _UNFINISHED.search(text)
            or not _NAMING.search(text)
            or found.terms_in(span, "cues", *_FOREIGN)
            or any(_is_measure(term) and (term.start, term.end) == (span.start, span.end) for term in terms)
        ):
            return False
        if any(term.scheme == "endpoints" for term in terms):
            return True
        if _LETTERS.search(found.without(span, terms)):
            return True
        naming = [t for t in terms if t.name not in _NAMELESS and t.scheme != "units" and not _is_measure(t)]
        heads = [t for t in terms if t.name == "endpoint-head"]
        return len(heads) > 1 or (bool(heads) and bool(naming))

    def _is_counted(self, span: Span) -> bool:
        """Whether a phrase is part of what says a count: "out of" in "eleven out of 35"."""
        return any(q.kind in _COUNTS and q.contains(span) for q in self.found.quantities_in(self.sentence))

    def _counts(self, span: Span) -> bool:
        """Whether a phrase is no more than a number: "Twenty-one", "a total of 5"."""
        numbers = [place for place, _ in number_words(self.found.normal, span, self.found.language)]
        return not _WORD.search(_COUNTING.sub("", self.found.without(span, numbers)))

    def _heads_otherwise(self, span: Span) -> bool:
        """Whether the head of a phrase is a place, a time, a treatment or a piece of work: "analysis of adherence"."""
        linked = _LINK.search(self.found.normal, span.start, span.end)
        end = linked.start() if linked else span.end
        named = [t for t in self.found.terms_in(Span(span.start, end), "endpoints") if t.end == end]
        heads = [
            t for t in self.found.terms_in(Span(span.start, end), "cues", "other-head", "work-head") if t.end == end
        ]
        return bool(heads) and not named

    def modifies(self, span: Span) -> bool:
        """Whether a name only describes a place, a time or a treatment behind it: "lipid clinics"."""
        end = min([self.sentence.end, *(s.start for s in self.breaks if s.start >= span.end)])
        linked = _LINK.search(self.found.normal, span.end, end)
        stretch = Span(span.end, linked.start() if linked else end)
        behind = self.found.terms_in(stretch, "cues", "other-head")
        return any(
            not is_han(self.found.text(t)) and not self.found.normal[t.end : stretch.end].strip() for t in behind
        )

    def separator(self, start: int, end: int) -> bool:
        """Whether only a comma, "and" or "or" (and a bracket before them) stands between two offsets."""
        if start >= end:
            return False
        gap = self.found.normal[start:end]
        bracket = _BRACKET.match(gap)
        rest = Span(start + (bracket.end() if bracket else 0), end)
        joints = self.found.terms_in(rest, "cues", "conjunction", "alternative", "filler", "of")
        text = self.found.without(rest, joints).strip()
        return text in ("", ",", ";") and (bool(joints) or text != "")

    def list_before(self, end: int) -> Iterator[Span]:
        """The noun phrase that ends at an offset and those joined to it on its left, nearest first."""
        phrase = self.before(end)
        while phrase is not None:
            yield phrase
            lefts = [s for s in self.breaks if s.end <= phrase.start]
            place = phrase.start
            owner = _OWNER.search(self.found.normal, lefts[-1].end, place) if lefts else None
            start = owner.start() if owner else place
            while lefts and self.separator(lefts[-1].start, start):
                place = start = lefts.pop().start
            phrase = self.before(place) if place < phrase.start else None
            if phrase is None and owner and owner.group().strip():
                # "the operator's and the patient's satisfaction": what stands before the first owner is joined too.
                lefts = [s for s in lefts if s.end < place]
                phrase = (
                    self.before(lefts[-1].start) if lefts and self.separator(lefts[-1].start, lefts[-1].end) else None
                )

    def list_after(self, start: int) -> Iterator[Span]:
        """The noun phrase that begins at an offset and those joined to it on its right, in order."""
        phrase = self.after(start)
        while phrase is not None:
            yield phrase
            end = phrase.end
            bracket = _BRACKET.match(self.found.normal, end, self.sentence.end)
            place = bracket.end() if bracket else end
            rights = [s for s in self.breaks if s.start >= place]
            joined = False
            while rights and self.separator(end, rights[0].end):
                place, joined = rights.pop(0).end, True
            phrase = self.after(place) if joined else None


def _is_measure(term: Term) -> bool:
    return term.scheme == "measures" and notation_of(term.iri) in STATISTICS | CONTRASTS
