"""Finds the trial's arms, all their names, their sizes, and every place where one is mentioned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from spacy.language import Language as SpacyLanguage
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.util import filter_spans

from extractors.components.allocation import Part, allocation_phrases, parts, trimmed
from extractors.components.group_names import group_phrases, label_of
from extractors.components.terms import VERSUS
from extractors.findings import Name
from extractors.normal import word_form
from extractors.reading import ArmDraft, Mention, Quantity, Reading, Sentence, Span, reading

COMPONENT = "evidence_arms"
_ROLES = ("abstract", "methods", "results", "title", "background", "conclusion")
_MOST_ARMS = 6


class ArmFinder:
    """Fills ``reading.arms`` and ``reading.arm_mentions``."""

    def __init__(self, nlp: SpacyLanguage) -> None:
        self.nlp = nlp

    def __call__(self, doc: Doc) -> Doc:
        """Find the arms where they are listed, then their other names, their mentions and their sizes."""
        found = reading(doc)
        lists = list(candidates(found))
        if lists:
            found.arms = [draft_of(found, part) for part in lists[0]]
            assign_roles(found)
            self.extend_forms(found)
            for listed in lists[1:]:
                self.join(found, listed)
            self.mention(doc)
            self.name_groups(found)
            self.mention(doc)
            sizes(found)
        return doc

    def extend_forms(self, found: Reading) -> None:
        """Give each arm the short ways to name it that no other arm shares."""
        for place, arm in enumerate(found.arms):
            others = [other for index, other in enumerate(found.arms) if index != place]
            for span in list(arm.spans):
                for form in shorter_forms(found, span):
                    if not any(_words(form) <= _words(other) for draft in others for other in draft.forms):
                        arm.forms.add(form)
            for short, long in found.abbreviations.items():
                form = found.normal[long.start : long.end].casefold()
                for known in list(arm.forms):
                    for old, new in ((short.casefold(), form), (form, short.casefold())):
                        if re.search(rf"(?<![a-z0-9]){re.escape(old)}(?![a-z0-9])", known):
                            arm.forms.add(known.replace(old, new))
        shared = [form for arm in found.arms for form in arm.forms]
        for arm in found.arms:
            arm.forms = {form for form in arm.forms if shared.count(form) == 1}

    def join(self, found: Reading, listed: list[Part]) -> None:
        """Add the names and sizes of a further list of the same arms."""
        homes = [self.home(found, part) for part in listed]
        if len(set(homes)) != len(homes):
            return
        for part, home in zip(listed, homes, strict=True):
            if home is None:
                continue
            arm = found.arms[home]
            add_part(found, arm, part)

    def home(self, found: Reading, part: Part) -> int | None:
        """The arm that a further mention of the list names, if exactly one fits."""
        words = [_words(found.normal[span.start : span.end]) for span in (part, *part.labels)]
        fits = [
            index
            for index, arm in enumerate(found.arms)
            if any(_words(form) <= known for form in arm.forms for known in words)
        ]
        return fits[0] if len(fits) == 1 else None

    def mention(self, doc: Doc) -> None:
        """Find all places where a form of an arm stands, the longest where two overlap."""
        found = reading(doc)
        matcher = PhraseMatcher(self.nlp.vocab, attr="NORM")
        for index, arm in enumerate(found.arms):
            for form in sorted(arm.forms):
                matcher.add(str(index), [self.nlp.make_doc(form)])
        spans = filter_spans(matcher(doc, as_spans=True))
        found.arm_mentions = [
            Mention(span.start_char, span.end_char, int(span.label_))
            for span in spans
            if any(s.start <= span.start_char and span.end_char <= s.end for s in found.sections)
        ]

    def name_groups(self, found: Reading) -> None:
        """Tie group names that are not yet known ("the control group") to the arm they must mean."""
        for phrase in group_phrases(found):
            if any(mention.start < phrase.end and phrase.start < mention.end for mention in found.arm_mentions):
                continue
            index = label_of(found, phrase)
            if index is not None:
                add_name(found, found.arms[index], phrase)


def candidates(found: Reading) -> Iterator[list[Part]]:
    """Lists of arms, the surest first: allocation sentences, then titles and aims that set two things apart."""
    ordered = sorted(found.sentences, key=lambda s: _ROLES.index(s.role) if s.role in _ROLES else len(_ROLES))
    weak = []
    for sentence in ordered:
        for phrase in allocation_phrases(found, sentence):
            listed = parts(found, phrase)
            if 2 <= len(listed) <= _MOST_ARMS and found.terms_in(sentence, "cues", "allocation"):
                yield listed
                break
            if listed:
                weak.append(listed)
    for sentence in found.sentences:
        listed = compared(found, sentence)
        if listed:
            yield listed
    yield from (listed for listed in weak if 2 <= len(listed) <= _MOST_ARMS)


def compared(found: Reading, sentence: Sentence) -> list[Part]:
    """The two sides of "A versus B in patients with C" in a title or an aim."""
    cues = found.terms_in(sentence, "cues", "objective")
    if sentence.role != "title" and not cues:
        return []
    if VERSUS not in found.mask[sentence.start : sentence.end]:
        return []
    start = sentence.start
    colon = found.normal.find(":", sentence.start, sentence.end)
    versus = found.mask.index(VERSUS, sentence.start)
    if sentence.start < colon < versus:
        start = colon + 1
    for cue in cues:
        if cue.end < versus:
            start = max(start, cue.end)
    end = next((t.start for t in found.terms_in(sentence, "cues", "stop", "filler") if t.start > versus + 8), sentence.end)
    return parts(found, Span(start, end))


def draft_of(found: Reading, part: Part) -> ArmDraft:
    """A new arm from its place in the list."""
    arm = ArmDraft(role="experimental", names=[], forms=set(), spans=[])
    add_part(found, arm, part)
    return arm


def add_part(found: Reading, arm: ArmDraft, part: Part) -> None:
    """Add the phrase, its labels and its size to the arm."""
    for span in (part, *part.labels):
        add_name(found, arm, span)
    if part.size is not None and arm.size is None:
        arm.size, arm.size_span = part.size.number, part.size


def add_name(found: Reading, arm: ArmDraft, span: Span) -> None:
    """Add one surface form to the arm, once."""
    printed = found.text(span)
    if all(name.text != printed for name in arm.names):
        concepts = found.terms_in(span, "interventions")
        whole = [t for t in concepts if t.start == span.start and t.end == span.end]
        arm.names.append(Name(printed, found.language, whole[0].iri if whole else None))
        arm.forms.add(found.normal[span.start : span.end].casefold())
        arm.spans.append(Span(span.start, span.end))


def assign_roles(found: Reading) -> None:
    """The arm whose names hold most words of a control is the control; without any, the arms are comparators."""
    strengths = [
        sum(len(found.terms_in(span, "cues", "control-arm")) for span in arm.spans) for arm in found.arms
    ]
    if max(strengths) == 0:
        for arm in found.arms[1:]:
            arm.role = "comparator"
        return
    last = max(index for index, strength in enumerate(strengths) if strength == max(strengths))
    found.arms[last].role = "control"


def shorter_forms(found: Reading, span: Span) -> Iterator[str]:
    """Parts of an arm's description that may stand for it: its interventions, and the pieces joined in it."""
    for term in found.terms_in(span, "interventions"):
        yield found.normal[term.start : term.end].casefold()
    joints = found.terms_in(span, "cues", "combination", "conjunction")
    start = span.start
    for end, following in [(t.start, t.end) for t in joints] + [(span.end, span.end)]:
        piece = trimmed(found, start, end) if end > start else None
        if piece is not None and piece.end - piece.start < span.end - span.start:
            yield found.normal[piece.start : piece.end].casefold()
        start = following
    for group in found.terms_in(span, "cues", "group"):
        if group.end == span.end and group.start > span.start:
            piece = trimmed(found, span.start, group.start)
            if piece is not None and piece.end - piece.start > 1:
                yield found.normal[piece.start : piece.end].casefold()


def _words(text: str) -> frozenset[str]:
    return frozenset(word_form(word) for word in re.findall(r"[A-Za-z0-9]+|[\u4e00-\u9fff]", text))


def sizes(found: Reading) -> None:
    """Give each arm without a size the number of people that a mention of it is given."""
    for mention in found.arm_mentions:
        arm = found.arms[mention.index]
        if arm.size is None:
            quantity = size_at(found, mention)
            if quantity is not None:
                arm.size, arm.size_span = quantity.number, quantity


def size_at(found: Reading, mention: Mention) -> Quantity | None:
    """The group size printed at a mention: "(n = 205)" after it, or "205 to" and "205 received" before it."""
    for quantity in found.quantities:
        if quantity.kind not in ("size", "people", "plain") or quantity.unit or quantity.statistic:
            continue
        if mention.end <= quantity.start <= mention.end + 30:
            gap = found.normal[mention.end : quantity.start]
            bracketed = re.fullmatch(r"\W*(?:\w{1,12}\W+)?[(\[]\s*[nN]\s*[=:]\s*", gap) is not None
            if quantity.kind == "size" and bracketed:
                return quantity
            if quantity.kind == "people" and _only(found, mention.end, quantity.start, ("group",)):
                return quantity
        if quantity.end <= mention.start <= quantity.end + 60 and quantity.kind != "size":
            links = found.terms_in(Span(quantity.end, mention.start), "cues", *_LINKS)
            known = ("people", "be", "filler", *_LINKS)
            if links and _only(found, quantity.end, mention.start, known):
                return quantity
    return None


_LINKS = ("allocation", "assignment", "receive", "range-to")


def _only(found: Reading, start: int, end: int, cues: Iterable[str]) -> bool:
    """Whether nothing but the given cues and white space stands between two offsets."""
    rest = list(found.normal[start:end])
    for term in found.terms_in(Span(start, end), "cues", *cues):
        rest[term.start - start : term.end - start] = " " * (term.end - term.start)
    return not "".join(rest).strip(" (:")


@SpacyLanguage.factory(COMPONENT)
def create_arms(nlp: SpacyLanguage, name: str) -> ArmFinder:
    """The component that finds the arms."""
    return ArmFinder(nlp)
