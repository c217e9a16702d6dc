"""Matches the words of heads and labels to the arms that the article's text names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from extractors.findings import Number
from extractors.normal import normalise, word_form, words_of
from extractors.reading import ArmDraft, Reading
from extractors.tables.words import cue_pattern, pattern

# A match below this is none; the words of the lexicon for control and intervention alone just reach it.
_LEAST = 0.5
_BY_ROLE = 0.55
_BY_PART = 0.8
_BY_SIZE = 0.15
_SHORTEST_PREFIX = 3
_WITHOUT = " without "
_DOSED = re.compile(r"(?<=[A-Za-z]{2})(?=\d{2})")
_DEFINED = re.compile(
    r"(?<![\w-])(?P<short>[A-Za-z\u0394][\w/&+.-]{0,14}(?:[ -][Gg]roups?)?)\s?"
    r"(?:[:=\uff1a\uff1d\u2013\u2014]|,(?= [a-z])|\s(?=[a-z]))\s?"
    r"(?P<long>[A-Za-z][^;:=.()\uff1b\uff1a]{2,80}?)"
    r"(?=\s*(?:[;.(\uff1b\u3002]|, (?:and )?[\w/&+-]{1,14}\s?[:=]|, and |$))"
)


# What opens a note of abbreviations is none of them.
_LEAD = re.compile(r"^\W*[A-Za-z]+:\s+(?=[\w/&+.-]{1,14}\s?[:=,\u2013\u2014])")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words of a head or label that may name an arm, and the number of people printed with them."""

    words: str
    size: Number | None = None


class ArmNames:
    """The names of the arms of one article, and what its tables' notes say of their abbreviations."""

    def __init__(self, found: Reading, notes: Iterable[str] = ()) -> None:
        self.arms = found.arms
        self.long_forms = {
            short.casefold(): found.normal[span.start : span.end] for short, span in found.abbreviations.items()
        }
        self.long_forms.update(definitions(notes))
        self.known = [_names(arm) for arm in found.arms]
        self.shared: frozenset[str] = frozenset()

    def matched(self, candidates: Sequence[Candidate], *, by_words: bool = False) -> Mapping[str, int]:
        """The arm of each candidate that names one; no two candidates share an arm.

        Where words tell only some arms, their numbers of people or initials may tell the others; where all candidates
        but one are matched and one arm is left, that arm is the last one's. With ``by_words`` words alone count.
        """
        distinct = list({candidate.words: candidate for candidate in candidates}.values())
        self.shared = _shared([_bare(candidate.words) for candidate in distinct])
        scores = {
            (place, arm): score
            for place, candidate in enumerate(distinct)
            for arm in range(len(self.arms))
            if (score := self.score(candidate, arm)) >= _LEAST
        }
        if not scores:
            return {} if by_words else self._by_sizes(distinct) or self._by_initials(distinct)
        found: dict[int, int] = {}
        for (place, arm), score in sorted(scores.items(), key=lambda entry: (-entry[1], entry[0])):
            rivals = [other for (p, a), other in scores.items() if p == place and a != arm and a not in found.values()]
            if place in found or arm in found.values() or any(abs(other - score) < 0.01 for other in rivals):
                continue
            found[place] = arm
        if by_words:
            return {distinct[place].words: arm for place, arm in found.items()}
        found.update(self._sized_alike(distinct, found))
        left = [place for place in range(len(distinct)) if place not in found]
        free = [arm for arm in range(len(self.arms)) if arm not in found.values()]
        total = any(pattern("total").search(normalise(distinct[place].words)) for place in left)
        if found and len(left) == len(free) == 1 and len(distinct) == len(self.arms) and not total:
            found[left[0]] = free[0]
        return {distinct[place].words: arm for place, arm in found.items()}

    def score(self, candidate: Candidate, arm: int) -> float:
        """How well words name an arm, from 0 to 1 and a little more where the number of people is that of the arm."""
        best = max((self._closeness(words, arm) for words in self._ways(candidate.words)), default=0.0)
        apart = _bare(candidate.words) - self.shared
        if best < _LEAST and apart:
            # "A then B" beside "A then C": what both say tells no arm from the other.
            best = self._closeness(apart, arm)
        best = max(best, self._by_role(candidate.words, arm))
        size = self.arms[arm].size
        sizes = [other.size.value for other in self.arms if other.size is not None]
        alike = candidate.size is not None and size is not None and candidate.size.value == size.value
        if alike and size is not None and sizes.count(size.value) == 1:
            best += _BY_SIZE if best else 0.0
        return best

    def _by_sizes(self, candidates: Sequence[Candidate]) -> Mapping[str, int]:
        """The arms by their numbers of people, if these differ and each is printed with just one of the candidates."""
        sizes = [arm.size.value if arm.size is not None else None for arm in self.arms]
        if None in sizes or len(set(sizes)) != len(sizes):
            return {}
        found = {c.words: sizes.index(c.size.value) for c in candidates if c.size is not None and c.size.value in sizes}
        return found if len(found) == len(set(found.values())) == len(sizes) else {}

    def _sized_alike(self, candidates: Sequence[Candidate], found: Mapping[int, int]) -> dict[int, int]:
        """The arms left over whose number of people stands with just one of the candidates."""
        sizes = [candidate.size.value if candidate.size is not None else None for candidate in candidates]
        known = [arm.size.value if arm.size is not None else None for arm in self.arms]
        return {
            sizes.index(size): arm
            for arm, size in enumerate(known)
            if size is not None and arm not in found.values() and known.count(size) == sizes.count(size) == 1
            if sizes.index(size) not in found
        }

    def _by_initials(self, candidates: Sequence[Candidate]) -> Mapping[str, int]:
        """The arms of single letters, if each letter begins the names of one arm and two arms or more are named so."""
        letters = [normalise(candidate.words).strip().casefold() for candidate in candidates]
        begun = [{text[:1] for name in arm.names if (text := _opening(name.text))} for arm in self.arms]
        found: dict[str, int] = {}
        for candidate, letter in zip(candidates, letters, strict=True):
            arms = [arm for arm, initials in enumerate(begun) if letter in initials]
            if len(letter) == 1 and letter.isalpha() and len(arms) == 1:
                found[candidate.words] = arms[0]
        return found if len(found) == len(set(found.values())) > 1 else {}

    def _ways(self, words: str) -> list[frozenset[str]]:
        """The words as they stand and with an abbreviation written out."""
        long = self.long_forms.get(normalise(words).casefold().strip())
        bare = _bare(words)
        short = " ".join(sorted(bare))
        written = self.long_forms.get(short) or self.long_forms.get(f"{short} group")
        return [ways for ways in (bare, _bare(long or ""), _bare(written or "")) if ways]

    def _closeness(self, words: frozenset[str], arm: int) -> float:
        best = 0.0
        for name in self.known[arm]:
            if words == name:
                return 1.0
            shared = len(words & name)
            if not shared:
                continue
            inside = words < name or name < words
            other = any(
                words & rival and (words <= rival or rival <= words)
                for i, k in enumerate(self.known)
                if i != arm
                for rival in k
            )
            dice = 2 * shared / (len(words) + len(name))
            best = max(best, (_BY_PART if inside and not other else 0.0), dice * 0.95)
        if not best and len(words) == 1:
            best = self._by_prefix(next(iter(words)), arm)
        return best

    def _by_prefix(self, word: str, arm: int) -> float:
        """Whether a shortened word ("Gly") begins a word of this arm's names and of no other's."""
        if len(word) < _SHORTEST_PREFIX or not word.isalpha():
            return 0.0
        begun = [any(w.startswith(word) for name in names for w in name) for names in self.known]
        return 0.6 if begun[arm] and sum(begun) == 1 else 0.0

    def _by_role(self, words: str, arm: int) -> float:
        """Whether words say only "control" or "intervention" and this is the one arm of that role."""
        left = cue_pattern("group", "filler", "having").sub(" ", normalise(words))
        for cue, role in (("control-arm", "control"), ("experimental-arm", "experimental")):
            if cue_pattern(cue).search(left) and not re.search(r"\w", cue_pattern(cue).sub(" ", left)):
                fitting = [index for index, other in enumerate(self.arms) if other.role == role]
                return _BY_ROLE if fitting == [arm] else 0.0
        return 0.0


def definitions(notes: Iterable[str]) -> dict[str, str]:
    """The abbreviations that notes write out ("C: clonidine", "EP group, the externship program")."""
    found: dict[str, str] = {}
    for note in notes:
        for match in _DEFINED.finditer(_LEAD.sub("", note)):
            if len(match["short"]) == 1 or sum(map(str.isupper, match["short"])) > 1 or "roup" in match["short"]:
                found.setdefault(match["short"].casefold(), match["long"])
    return found


def _names(arm: ArmDraft) -> list[frozenset[str]]:
    """The words of each way to name an arm, each way once."""
    every = [name.text for name in arm.names] + sorted(arm.forms)
    return list(dict.fromkeys(words for text in every if (words := _bare(text))))


def _shared(words: Sequence[frozenset[str]]) -> frozenset[str]:
    """The words that several heads have, unless one of these has no others."""
    counts = Counter(word for one in words for word in one)
    several = frozenset(word for word, count in counts.items() if count > 1)
    return several if all(one - several or not one & several for one in words) else frozenset()


@cache
def _bare(text: str) -> frozenset[str]:
    """The words of a phrase without those for a group and those of grammar."""
    # What an arm goes without tells it from the one that gets it.
    left = pattern("lacking").sub(_WITHOUT, cue_pattern("negation").sub(_WITHOUT, normalise(text)))
    left = cue_pattern("group", "filler", "of", "receive", "having").sub(" ", left)
    # "TGD300" is "TGD 300 mg".
    words = words_of(_DOSED.sub(" ", left))
    return words if words else words_of(text) - {word_form("group")}


def _opening(name: str) -> str:
    """A name from its first word on that is none for a group, in small letters."""
    return cue_pattern("group", "filler", "of", "receive", "having").sub(" ", normalise(name)).strip().casefold()
