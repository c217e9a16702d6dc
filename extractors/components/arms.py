"""Finds the trial's arms, all their names, their sizes, and every place where one is mentioned."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacy.language import Language as SpacyLanguage
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.util import filter_spans

import ontology
from extractors.components.allocation import joints
from extractors.components.arm_lists import ranked, treatments_of_groups
from extractors.components.arm_phrases import Part, trimmed
from extractors.components.arm_sizes import give_sizes
from extractors.components.dose_lists import dose_lists, dosed_names
from extractors.components.group_names import (
    group_phrases,
    is_made_of,
    is_plain_word,
    label_of,
    role_of,
    words_of_groups,
)
from extractors.components.terms import DOSE_UNITS, notation_of
from extractors.findings import Name
from extractors.normal import words_of
from extractors.reading import ArmDraft, Mention, Reading, Span, reading

COMPONENT = "evidence_arms"
# A further name of an arm longer than this is a clause that was misread.
_LONGEST = 60
# A dose in the name of an arm: its number and its unit.
_DOSE = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)[\s-]?([A-Za-z\u00b5\u03bc]+)")
# How far the joint of a list of labels may stand behind the last of them, a bracket between.
_JOINED = 60


class ArmFinder:
    """Fills ``reading.arms`` and ``reading.arm_mentions``."""

    def __init__(self, nlp: SpacyLanguage) -> None:
        self.nlp = nlp

    def __call__(self, doc: Doc) -> Doc:
        """Find the arms where they are listed, then their other names, their mentions and their sizes."""
        found = reading(doc)
        lists = ranked(found)
        if lists:
            found.arms = [draft_of(found, part) for part in lists[0]]
            self.extend_forms(found)
            for listed in lists[1:]:
                self.join(found, listed)
            self.extend_forms(found)
            assign_roles(found)
            choose_control(found)
            for arm in found.arms:
                # A label ("arm A") stands for the name, which says more.
                arm.names.sort(key=lambda name: _LETTER_LABEL.fullmatch(name.text.casefold()) is not None)
            self.mention(doc)
            self.name_groups(found)
            self.extend_forms(found)
            self.name_control(found)
            self.mention(doc)
            self.mention_letters(found)
            self.mention_doses(found)
            give_sizes(found)
        return doc

    def extend_forms(self, found: Reading) -> None:
        """Give each arm the short ways to name it that no other arm shares."""
        for place, arm in enumerate(found.arms):
            others = [other for index, other in enumerate(found.arms) if index != place]
            for span in list(arm.spans):
                for form in shorter_forms(found, span):
                    sharing = [o for o in others if any(words_of(form) <= words_of(other) for other in o.forms)]
                    # "locoregional treatment" may stand for its arm beside "no locoregional treatment".
                    if all(negated(found, o) for o in sharing) and not (sharing and negated(found, arm)):
                        arm.forms.add(form)
            arm.forms |= {form for form in doses_of(found, arm) if not any(form in doses_of(found, o) for o in others)}
            self.write_out(found, arm)
            for short, long in found.abbreviations.items():
                form = found.normal[long.start : long.end].casefold()
                for known in list(arm.forms):
                    for old, new in ((short.casefold(), form), (form, short.casefold())):
                        if new not in known and re.search(rf"(?<![a-z0-9]){re.escape(old)}(?![a-z0-9])", known):
                            arm.forms.add(known.replace(old, new))
        shared = [form for arm in found.arms for form in arm.forms]
        for arm in found.arms:
            arm.forms = {form for form in arm.forms if shared.count(form) == 1}

    def name_control(self, found: Reading) -> None:
        """Let the bare word for a control ("124 controls") stand for the control arm where there is but one."""
        controls = [arm for arm in found.arms if arm.role == "control"]
        word = ontology.by_name("designs", "control")
        names = {word.preferred[found.language], *word.alternatives.get(found.language, ())}
        forms = {name for name in names if name in ontology.forms("cues", found.language)}
        if len(controls) == 1 and not any(form in arm.forms for form in forms for arm in found.arms):
            controls[0].forms |= forms

    def write_out(self, found: Reading, arm: ArmDraft) -> None:
        """Add the long form of a name that is an abbreviation, and the abbreviation of a name that is defined."""
        for short, long in found.abbreviations.items():
            known = {found.normal[span.start : span.end].casefold() for span in arm.spans}
            if short.casefold() in known:
                add_name(found, arm, long)

    def join(self, found: Reading, listed: Sequence[Part]) -> None:
        """Add the names and sizes of a further list of the same arms."""
        homes = [self.home(found, part) for part in listed]
        if len(set(homes)) != len(homes) or None in homes or any(p.end - p.start > _LONGEST for p in listed):
            return
        if any(
            home is not None and self.spans_two(found, part, home) for part, home in zip(listed, homes, strict=True)
        ):
            return
        for part, home in zip(listed, homes, strict=True):
            if home is None:
                continue
            arm = found.arms[home]
            add_part(found, arm, part)

    def spans_two(self, found: Reading, part: Part, home: int) -> bool:
        """Whether a phrase of a further list holds the whole name of another arm beside that of its own."""
        text = found.text(part)
        names = [name.text for index, arm in enumerate(found.arms) if index != home for name in arm.names]
        own = [name.text for name in found.arms[home].names if name.text in text]
        return bool(own) and any(name in text and not any(name in known for known in own) for name in names)

    def home(self, found: Reading, part: Part) -> int | None:
        """The arm that a further mention of the list names, if exactly one fits."""
        words = [words_of(found.normal[span.start : span.end]) for span in (part, *part.labels)]
        words = [words_of(part.names[0])] if part.names else words
        fits = [
            index
            for index, arm in enumerate(found.arms)
            if any(words_of(form) <= known for form in arm.forms for known in words)
        ]
        if not fits:
            fits = [
                index
                for index, arm in enumerate(found.arms)
                if any(known and known <= words_of(form) for form in arm.forms for known in words)
            ]
        if len(fits) > 1:
            # "LET" names "LET 2.5 mg" rather than "LET and ZOL": the name that says least beside it.
            closeness = {i: max(_overlap(k, words_of(f)) for f in found.arms[i].forms for k in words) for i in fits}
            best = max(closeness.values())
            fits = [index for index in fits if closeness[index] == best]
        return fits[0] if len(fits) == 1 else None

    def mention(self, doc: Doc) -> None:
        """Find all places where a form of an arm stands, the longest where two overlap."""
        found = reading(doc)
        matcher = PhraseMatcher(self.nlp.vocab, attr="NORM")
        for index, arm in enumerate(found.arms):
            for form in sorted(arm.forms):
                matcher.add(str(index), [self.nlp.make_doc(form)])
        found.arm_mentions = []
        for span in filter_spans(matcher(doc, as_spans=True)):
            if any(s.start <= span.start_char and span.end_char <= s.end for s in found.sections):
                mention = Mention(span.start_char, span.end_char, int(span.label_))
                if not is_plain_word(found, mention) and not is_half_of_another(found, mention):
                    found.arm_mentions += corrected(found, mention)

    def mention_letters(self, found: Reading) -> None:
        """Add the further labels of "arms A, B and C", where only the first stands behind the word for a group.

        Between two of them a bracket may hold the value of the first: "arms A (77.0%) and B (75.9%)".
        """
        labels: dict[str, int] = {}
        for index, arm in enumerate(found.arms):
            for form in arm.forms:
                match = _LETTER_LABEL.fullmatch(form)
                if match:
                    labels[match[1]] = index
        for mention in list(found.arm_mentions):
            first = _LETTER_LABEL.fullmatch(found.normal[mention.start : mention.end].casefold())
            end = mention.end if first and first[1] in labels else len(found.normal)
            while match := self.next_label(found, end):
                place = labels.get(match["label"].casefold(), mention.index)
                span = Span(*match.span("label"))
                if place == mention.index or any(m.start < span.end and span.start < m.end for m in found.arm_mentions):
                    break
                found.arm_mentions.append(Mention(span.start, span.end, place))
                end = span.end
        found.arm_mentions.sort(key=lambda mention: mention.start)

    def next_label(self, found: Reading, end: int) -> re.Match[str] | None:
        """The label that goes on a list behind an offset, with a comma or a joint before it."""
        joint = joints(found, Span(end, min(end + _JOINED, len(found.normal))), "conjunction", "alternative", "versus")
        pattern = rf"(?:\s*[(\[][^()\[\]]*[)\]])?\s*(?:[,/\u3001]\s*(?:{joint or '(?!)'})?|(?:{joint or '(?!)'}))\.?\s*"
        return re.compile(pattern + r"(?P<label>[A-Z]\d?|\d|I{1,3}|IV)\b(?!\.?\d|\s*%)").match(found.normal, end)

    def mention_doses(self, found: Reading) -> None:
        """Add the doses of "with 25, 50 and 100 mg of it", each of which is the arm that gets that dose."""
        homes = {form: index for index, arm in enumerate(found.arms) for form in arm.forms}
        for sentence in found.sentences:
            for listed in dose_lists(found, sentence):
                places = [homes.get(dosed_names(found, None, dose)[0].casefold()) for dose in listed.doses]
                inside = [m for m in found.arm_mentions if m.start < listed.end and listed.start < m.end]
                if None in places or len(set(places)) < len(places):
                    continue
                found.arm_mentions = [m for m in found.arm_mentions if m not in inside]
                found.arm_mentions += [
                    Mention(dose.start, dose.end, place)
                    for dose, place in zip(listed.doses, places, strict=True)
                    if place is not None
                ]
        found.arm_mentions.sort(key=lambda mention: mention.start)

    def name_groups(self, found: Reading) -> None:
        """Tie group names that are not yet known ("the control group") to the arm they must mean."""
        for phrase in group_phrases(found):
            if any(mention.start < phrase.end and phrase.start < mention.end for mention in found.arm_mentions):
                continue
            index = label_of(found, phrase)
            if index is not None:
                add_name(found, found.arms[index], phrase)


def _overlap(first: frozenset[str], second: frozenset[str]) -> float:
    return len(first & second) / len(first | second) if first or second else 0.0


def negated(found: Reading, arm: ArmDraft) -> bool:
    """Whether the arm is named by what it goes without ("no locoregional treatment")."""
    return any(found.terms_in(span, "cues", "negation") for span in arm.spans)


def is_half_of_another(found: Reading, mention: Mention) -> bool:
    """Whether a form is the end of a compound that another arm is called by: the "weekly" of "three-weekly"."""
    compound = _COMPOUND.search(found.normal[max(0, mention.start - _LONGEST) : mention.start])
    if compound is None:
        return False
    word = (compound.group() + found.normal[mention.start : mention.end]).casefold()
    return any(word in form for index, arm in enumerate(found.arms) if index != mention.index for form in arm.forms)


_COMPOUND = re.compile(r"[^\W\d_]+-$")
_LETTER_LABEL = re.compile(r"[a-z]+\s([a-z]\d?|\d|i{1,3}|iv)")


def corrected(found: Reading, mention: Mention) -> list[Mention]:
    """The mention, moved to the arm that goes without the treatment if a negation stands right before it."""
    before = Span(max(0, mention.start - 12), mention.start)
    denials = [
        t for t in found.terms_in(before, "cues", "negation") if not found.normal[t.end : mention.start].strip(" -")
    ]
    if not denials or negated(found, found.arms[mention.index]):
        return [mention]
    without = [index for index, arm in enumerate(found.arms) if negated(found, arm)]
    return [Mention(denials[-1].start, mention.end, without[0])] if len(without) == 1 else []


def draft_of(found: Reading, part: Part) -> ArmDraft:
    """A new arm from its place in the list."""
    arm = ArmDraft(role="experimental", names=[], forms=set(), spans=[])
    add_part(found, arm, part)
    return arm


def add_part(found: Reading, arm: ArmDraft, part: Part) -> None:
    """Add the phrase, its labels and its size to the arm."""
    if part.names:
        add_dose(found, arm, part)
    for span in (part, *part.labels) if not part.names else ():
        add_name(found, arm, span)
    if part.size is not None and arm.size is None:
        arm.size, arm.size_span = part.size.number, part.size


def add_dose(found: Reading, arm: ArmDraft, part: Part) -> None:
    """Name the arm by its treatment and its dose, which stand apart in the list: "drug 25, 50 and 100 mg"."""
    if any(name.text in part.names for name in arm.names):
        return
    arm.names.append(Name(part.names[0], found.language, None))
    arm.forms |= {name.casefold() for name in part.names}
    arm.spans += [Span(part.start, part.end), *part.labels]


def add_name(found: Reading, arm: ArmDraft, span: Span) -> None:
    """Add one surface form to the arm, once."""
    printed = found.text(span)
    if all(name.text.casefold() != printed.casefold() for name in arm.names):
        concepts = found.terms_in(span, "interventions")
        whole = [t for t in concepts if t.start == span.start and t.end == span.end]
        arm.names.append(Name(printed, found.language, whole[0].iri if whole else None))
        arm.forms.add(found.normal[span.start : span.end].casefold())
        arm.spans.append(Span(span.start, span.end))


def assign_roles(found: Reading) -> None:
    """The arm whose names hold most words of a control is the control; without any, the arms are comparators."""
    strengths = [
        (
            sum(len(found.terms_in(span, "cues", "control-arm", "negation")) for span in arm.spans),
            any(is_made_of(found, span, "control-arm") for span in arm.spans),
        )
        for arm in found.arms
    ]
    if not max(strengths)[0]:
        for arm in found.arms[1:]:
            arm.role = "comparator"
        return
    last = max(index for index, strength in enumerate(strengths) if strength == max(strengths))
    found.arms[last].role = "control"


def choose_control(found: Reading) -> None:
    """Where the text speaks of a control but no name shows which of two arms it is, the one that the control got.

    If the text does not say what the control got either, it is the arm that is listed last.
    """
    phrases = group_phrases(found)
    spoken = any(role_of(found, phrase) == "control" for phrase in phrases)
    if len(found.arms) != 2 or not spoken or any(arm.role == "control" for arm in found.arms):
        return
    chosen = 1
    for phrase, treatment in treatments_of_groups(found, phrases):
        if role_of(found, phrase) == "control" and treatment is not None:
            words = words_of(found.normal[treatment.start : treatment.end])
            near = [max((_overlap(words, words_of(form)) for form in arm.forms), default=0.0) for arm in found.arms]
            chosen = 0 if near[0] > near[1] else 1
    found.arms[chosen].role, found.arms[1 - chosen].role = "control", "experimental"


def doses_of(found: Reading, arm: ArmDraft) -> set[str]:
    """The doses that alone may stand for an arm among arms that get doses of one treatment: "5 mg", "5-mg"."""
    named = dosed(found, arm)
    others = [dosed(found, other) for other in found.arms if other is not arm]
    if named is None or not any(other and other[0] == named[0] and other[1:] != named[1:] for other in others):
        return set()
    _, number, unit = named
    return {f"{number} {unit}", f"{number}-{unit}", f"{number}{unit}"}


def dosed(found: Reading, arm: ArmDraft) -> tuple[frozenset[str], str, str] | None:
    """The words of the treatment, the number and the unit of the one dose that an arm's names hold."""
    seen = set()
    for span in arm.spans:
        match = _DOSE.search(found.normal, span.start, span.end)
        if match and notation_of_unit(found, match) in DOSE_UNITS:
            rest = found.normal[span.start : match.start()] + found.normal[match.end() : span.end]
            words = words_of(rest) - words_of_groups(found, span)
            seen.add((words, match[1], match[2].casefold()))
    return seen.pop() if len(seen) == 1 else None


def notation_of_unit(found: Reading, match: re.Match[str]) -> str:
    """The unit of a dose that a pattern found, or nothing."""
    units = found.terms_in(Span(match.start(2), match.end(2)), "units")
    return notation_of(units[0].iri) if units else ""


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
    openings = [t.end for t in found.terms_in(span, "cues", "filler", "having", "of", "receive")]
    openings += [t.end for t in found.terms_in(span, "units") if t.start - span.start <= 8]
    piece = trimmed(found, max(openings), span.end) if openings and max(openings) < span.end else None
    grouped = piece is not None and not found.without(piece, found.terms_in(piece, "cues", "group")).strip()
    if piece is not None and piece.end - piece.start > 2 and not grouped:
        yield found.normal[piece.start : piece.end].casefold()
    for group in found.terms_in(span, "cues", "group"):
        if group.end == span.end and group.start > span.start:
            piece = trimmed(found, span.start, group.start)
            if piece is not None and piece.end - piece.start > 1:
                yield found.normal[piece.start : piece.end].casefold()


@SpacyLanguage.factory(COMPONENT)
def create_arms(nlp: SpacyLanguage, name: str) -> ArmFinder:
    """The component that finds the arms."""
    return ArmFinder(nlp)
