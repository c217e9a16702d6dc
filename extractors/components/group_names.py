"""Names that the text gives to groups ("the control group", "arm B") and which arm each must mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

import ontology
from extractors.components.numerals import number_words
from extractors.components.terms import DIRECTIONS
from extractors.normal import HAN, is_han, words_of
from extractors.reading import Reading, Sentence, Span, Term

_LATIN_BEFORE = re.compile(r"((?:[^\s,;:()\[\]\"]+\s){0,3}[^\s,;:()\[\]\"]+)\s*[\"']?\s*$")
_HAN_BEFORE = re.compile(rf"(?:[A-Za-z0-9+/-]+\s?\u2192\s?)?[{HAN}A-Za-z0-9+/-]{{1,12}}$")
_LABEL_AFTER = re.compile(r"\s+[\"']?(?:[A-Z]{1,2}\d?|1[0-2]|[1-9]|I{1,3}V?|IV)\b(?![%.]\d|\s*[%=±])")
_LISTED_BEFORE = re.compile(r"((?:[^\s,;:()\[\]\"]+\s){0,2}[^\s,;:()\[\]\"]+)\s*,?\s*$")
_STOPS = (
    "allocation", "alternative", "assignment", "be", "between-groups", "both-groups", "clause-verb", "comparing",
    "completed", "conjunction", "each", "enrolled", "filler", "from", "function-word", "had", "having", "include",
    "objective", "of", "opposition", "other-group", "other-groups", "people", "range-to",
    "receive", "respectively", "screened", "significant", "stop",
    "subgroup", "than", "this-study", "time-at", "versus", *DIRECTIONS,
)  # fmt: skip
_BEFORE_NAME = (
    "alternative", "assignment", "conjunction", "filler", "having", "of", "range-to", "receive", "stop", "than",
    "versus",
)  # fmt: skip
# No Chinese word of grammar has more characters.
_WORD = 6
_JOINTS = ("alternative", "conjunction", "versus")


def group_phrases(found: Reading) -> list[Span]:
    """The phrases before (or the labels after) each word for a group, in order of the text."""
    phrases: list[Span] = []
    for sentence in found.sentences:
        for group in found.terms_in(sentence, "cues", "group"):
            label = _LABEL_AFTER.match(found.normal, group.end, sentence.end)
            if label:
                phrases.append(Span(group.start, label.end()))
                continue
            phrase = before_group(found, sentence, group)
            if phrase is not None:
                phrases += listed_with(found, sentence, group, phrase)
                phrases.append(Span(phrase.start, group.end))
    return [without_prefix(found, phrase, phrases) for phrase in phrases]


def without_prefix(found: Reading, phrase: Span, phrases: Sequence[Span]) -> Span:
    """A Chinese name without what stands before it by chance: the ending of it that is a name elsewhere.

    Chinese sets no blanks, so that the words before a name are only told from it by the name standing free elsewhere.
    """
    text = found.text(phrase)
    if not is_han(text):
        return phrase
    endings = {found.text(other) for other in phrases} - {text}
    for length in range(len(text) - 1, 1, -1):
        shorter = Span(phrase.end - length, phrase.end)
        if found.text(shorter) not in endings:
            continue
        prefix = Span(phrase.start, shorter.start)
        meant = found.terms_in(prefix, "interventions") or found.terms_in(
            prefix, "cues", "treatment-head", "control-arm", "negation", "combination"
        )
        if not (meant and role_of(found, shorter)) and (role_of(found, shorter) or not meant):
            return shorter
    return phrase


def before_group(found: Reading, sentence: Sentence, group: Term) -> Span | None:
    """The words right before a word for a group that may name it, back to the last word of grammar."""
    pattern = _HAN_BEFORE if is_han(found.text(group)) else _LATIN_BEFORE
    match = pattern.search(found.normal[sentence.start : group.start])
    if match is None:
        return None
    start = sentence.start + match.start()
    # The words before a Chinese name have no end of their own: one of them may begin where the search does not reach.
    for stop in found.terms_in(Span(max(sentence.start, start - _WORD), group.start), "cues", *_STOPS):
        start = max(start, stop.end)
    for words, _ in number_words(found.normal, Span(start, group.start), found.language):
        if not found.normal[start : words.start].strip() and not is_han(found.text(words)):
            start = words.end
    while start < group.start and not found.normal[start].isalnum():
        start += 1
    span = Span(start, group.start)
    text = found.normal[start : group.start]
    named = re.search(r"[^\W\d_]", text) is not None and re.search(r"[a-z]-$", text) is None
    # "the experimental groups" are several arms at once.
    plural = found.normal[group.start : group.end].endswith("s")
    several = plural and is_made_of(found, span, "experimental-arm")
    several = several or (
        plural and any(t.start == start for t in found.terms_in(span, "cues", "unnamed", "both-groups"))
    )
    # "No group differences" speaks of no group that goes without.
    denied = is_made_of(found, span, "negation")
    return span if named and not several and not denied and not names_no_arm(found, span) else None


def listed_with(found: Reading, sentence: Sentence, group: Term, last: Span) -> Iterator[Span]:
    """The other names of "the X, Y and Z groups", of which only the last stands before the word for a group."""
    if is_han(found.text(group)):
        return
    start = last.start
    joints = found.terms_in(Span(max(sentence.start, start - 12), start), "cues", *_JOINTS)
    joined = [j for j in joints if not found.normal[j.end : start].strip(" \"'")]
    if not found.normal[group.start : group.end].endswith("s"):
        # "Between the X and control group": only what is called a group elsewhere, or is one by its role, is meant.
        joined = [j for j in joined if role_of(found, last) == "control"]
    edge = joined[0].start if joined else None
    while edge is not None:
        match = _LISTED_BEFORE.search(found.normal[sentence.start : edge])
        if match is None:
            return
        begin = sentence.start + match.start(1)
        for stop in found.terms_in(Span(begin, edge), "cues", *_STOPS):
            begin = max(begin, stop.end)
        while begin < edge and not found.normal[begin].isalnum():
            begin += 1
        end = begin + len(found.normal[begin:edge].rstrip(" ,\"'"))
        if end - begin < 2 or not re.search(r"[^\W\d_]", found.normal[begin:end]):
            return
        yield Span(begin, end)
        edge = begin - 1 if found.normal[sentence.start : begin].rstrip().endswith(",") else None


def names_no_arm(found: Reading, phrase: Span) -> bool:
    """Whether words before a word for a group tell what people are like ("age group", "the diabetic group")."""
    words = found.normal[phrase.start : phrase.end].split()
    following = found.normal[phrase.end : phrase.end + 2].strip()
    if len(words) > 2 and following[:1].isupper() and all(word[0].isupper() for word in words):
        # "the International Breast Cancer Study Group" is people who do research.
        return True
    kinds = [t for scheme in ("conditions", "endpoints", "subgroups") for t in found.terms_in(phrase, scheme)]
    # A unit needs a number: "the second group" is no time.
    kinds += [u for u in found.terms_in(phrase, "units") if re.search(r"\d", found.normal[phrase.start : u.start])]
    kinds += found.terms_in(phrase, "cues", "age", "people", "study", "trial")
    if found.terms_in(phrase, "cues", "endpoint-head") and not found.terms_in(phrase, "interventions"):
        return True
    rest = found.without(phrase, kinds)
    known = found.terms_in(phrase, "interventions") or found.terms_in(phrase, "cues", "control-arm")
    return bool(kinds) and not known and not re.search(r"\w", rest)


def label_of(found: Reading, phrase: Span) -> int | None:
    """The arm that a group's name must mean, or ``None`` if none or several fit.

    A name of control words alone means the control arm, one of words for a tested treatment alone the only arm
    under test; otherwise the name's words must all occur in the names of exactly one arm.
    """
    if is_made_of(found, phrase, "control-arm"):
        return _only_role(found, "control")
    if is_made_of(found, phrase, "experimental-arm"):
        return _only_role(found, "experimental") if _only_role(found, "control") is not None else None
    words = words_of(found.normal[phrase.start : phrase.end]) - words_of_groups(found, phrase)
    denied_word = frozenset(rest for word in words if len(words) == 1 and (rest := _without_denial(word)))
    if denied_word and len(found.arms) == 2:
        # "the nonsurgery arm": the arm that is not the one named by the rest of the word.
        having = arms_with(found, denied_word, ())
        return 1 - having[0] if len(having) == 1 else None
    treatments = [term.iri for term in found.terms_in(phrase, "interventions")]
    fits = arms_with(found, words, treatments) if words else []
    if len(fits) > 1:
        # "weekly group" beside "weekly paclitaxel" and "three-weekly paclitaxel": the one that has the word whole.
        name = found.without(phrase, found.terms_in(phrase, "cues", "group")).strip().casefold()
        whole = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        fits = [i for i in fits if any(whole.search(n.text.casefold()) for n in found.arms[i].names)] or fits
    if len(fits) > 1:
        # "locoregional treatment group" beside "no locoregional treatment": the one that is not denied.
        denied = bool(found.terms_in(phrase, "cues", "negation"))
        fits = [i for i in fits if denied == any(found.terms_in(s, "cues", "negation") for s in found.arms[i].spans)]
    if fits:
        return fits[0] if len(fits) == 1 else None
    return only_unnamed(found, phrase) if treatments or is_titled(found, phrase) else None


def only_unnamed(found: Reading, phrase: Span) -> int | None:
    """The tested arm of two, where no more is known of either than that it is tested or the control.

    A group that is called by a treatment can then only be that arm: "study group", "control group", "glutamine group".
    """
    if len(found.arms) != 2 or found.terms_in(phrase, "cues", "control-arm", "negation"):
        return None
    tested, control = (
        [i for i, arm in enumerate(found.arms) if all(is_made_of(found, span, cue) for span in arm.spans)]
        for cue in ("experimental-arm", "control-arm")
    )
    return tested[0] if len(tested) == 1 == len(control) else None


def is_titled(found: Reading, phrase: Span) -> bool:
    """Whether the title holds the words of a group's name, without the word for a group."""
    name = found.without(phrase, found.terms_in(phrase, "cues", "group")).strip().casefold()
    return len(name) > 1 and any(
        name in found.normal[s.start : s.end].casefold() for s in found.sentences if s.role == "title"
    )


def _without_denial(word: str) -> str | None:
    """What a word denies, if it begins with a negation that is written as one with it ("nonsurgery")."""
    negations = [form for language in ("en", "zh") for form in _negations(language)]
    return next((word[len(form) :] for form in negations if word.startswith(form) and len(word) > len(form) + 2), None)


@cache
def _negations(language: str) -> tuple[str, ...]:
    concept = ontology.by_name("cues", "negation")
    return (concept.preferred[language], *concept.alternatives.get(language, ()))


def arms_with(found: Reading, words: frozenset[str], treatments: Sequence[str]) -> list[int]:
    """The arms whose names hold all the words, or else one of the treatments or a kind of it."""
    fits = [index for index, arm in enumerate(found.arms) if any(words <= words_of(name.text) for name in arm.names)]
    if fits:
        return fits
    known = ontology.forms("interventions", found.language)
    wanted = {*treatments, *(known[word] for word in words if word in known)}
    kinds = wanted | {narrower.iri for iri in wanted for narrower in ontology.narrower(iri)}
    return [
        index
        for index, arm in enumerate(found.arms)
        if any(term.iri in kinds for span in arm.spans for term in found.terms_in(span, "interventions"))
    ]


def _only_role(found: Reading, role: str) -> int | None:
    fits = [index for index, arm in enumerate(found.arms) if arm.role == role]
    return fits[0] if len(fits) == 1 else None


def is_made_of(found: Reading, phrase: Span, *cues: str) -> bool:
    """Whether nothing but words of the given cues, and words for groups, stands in a phrase."""
    terms = found.terms_in(phrase, "cues", *cues)
    rest = found.without(phrase, [*terms, *found.terms_in(phrase, "cues", "group")])
    return bool(terms) and not re.search(r"\w", rest)


def role_of(found: Reading, phrase: Span) -> str | None:
    """The role that a name says by itself, if it holds nothing else: "the control group", "the intervention arm"."""
    for cue, role in (("control-arm", "control"), ("experimental-arm", "experimental")):
        if is_made_of(found, phrase, cue) and not found.terms_in(phrase, "interventions"):
            return role
    return None


def is_plain_word(found: Reading, mention: Span) -> bool:
    """Whether a word such as "control" is only a word here ("disease control"), not the name of the arm.

    It names the arm when a word for a group or for people follows, or when nothing that it could belong to stands
    before it.
    """
    generic = found.terms_in(mention, "cues", "control-arm", "experimental-arm")
    if not any(t.start == mention.start and t.end == mention.end for t in generic):
        return False
    following = found.terms_in(Span(mention.end, mention.end + 14), "cues", "group", "people")
    if any(not found.normal[mention.end : t.start].strip(" '\"") for t in following):
        return False
    before = found.normal[max(0, mention.start - 30) : mention.start].rstrip(" '\"(")
    edges = found.terms_in(Span(max(0, mention.start - 30), mention.start), "cues", *_BEFORE_NAME)
    return (
        bool(before)
        and before[-1].isalpha()
        and not any(not found.normal[t.end : mention.start].strip(" '\"(") for t in edges)
    )


def words_of_groups(found: Reading, phrase: Span) -> frozenset[str]:
    """The words for groups in a phrase, which tell no arm from another."""
    return frozenset(
        word
        for term in found.terms_in(phrase, "cues", "group")
        for word in words_of(found.normal[term.start : term.end])
    )
