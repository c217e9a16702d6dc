"""Tells what part each sentence plays: by the heading above it, else by the trained model or by cue words."""

from __future__ import annotations

import re
from itertools import groupby

from spacy.language import Language as SpacyLanguage
from spacy.tokens import Doc, SpanGroup

import ontology
from extractors.reading import Reading, Sentence, reading, token_span
from extractors.sentence_roles import ROLES, role_model

GROUP = "roles"
_CUES = {
    "background": ("other-trial",),
    "objective": ("aim", "objective"),
    "methods": ("allocation", "assignment", "primary-endpoint", "secondary-endpoint", "planned"),
    "results": ("p-value", "significant", "no-difference", "than", "interval"),
    "conclusion": ("conclusion",),
}
_WORD = re.compile(r"[^\W\d_]+")
_VALUE = re.compile(r"\d\s?%|[=<>]\s?0?\.\d|\d\.\d")


class RoleTeller:
    """Fills ``reading.roles`` and ``doc.spans["roles"]``, a span for each sentence with its role as label."""

    def __call__(self, doc: Doc) -> Doc:
        """Give every sentence a role: one of the model's five, or that of its section (title, registration)."""
        found = reading(doc)
        for section, group in groupby(found.sentences, key=lambda sentence: sentence.section):
            sentences = list(group)
            if sentences[0].role == "abstract":
                roles = self.told(found, sentences)
            else:
                roles = [self.headed(found, section, sentences[0].role)] * len(sentences)
            found.roles.update(zip(sentences, roles, strict=True))
        spans = [token_span(doc, sentence, role) for sentence, role in found.roles.items()]
        doc.spans[GROUP] = SpanGroup(doc, name=GROUP, spans=spans)
        return doc

    def headed(self, found: Reading, section: str, role: str) -> str:
        """The role below a heading; one that names nothing but aims stands above the objective."""
        heading = next((s.heading for s in found.sections if s.id == section), None)
        return "objective" if role == "background" and heading and _names_aims(heading, found.language) else role

    def told(self, found: Reading, sentences: list[Sentence]) -> list[str]:
        """The roles of sentences without headings, in a sequence that makes sense."""
        if found.models and found.language == "en":
            return [role for role, _ in role_model().roles([found.text(sentence) for sentence in sentences])]
        return by_cues(found, sentences)


def _names_aims(heading: str, language: str) -> bool:
    aim = ontology.by_name("cues", "aim")
    names = {aim.preferred[language], *aim.alternatives[language]}
    return all(word in names for word in _WORD.findall(heading.casefold()))


def by_cues(found: Reading, sentences: list[Sentence]) -> list[str]:
    """Roles by cue words alone: the sequence, never going back, that agrees with the most of them.

    Where nothing speaks for a change, a sentence is like the one before it; the first is background.
    """
    best = [(_agreement(found, sentences[0], role) - 0.2 * role, [role]) for role in range(len(ROLES))]
    for sentence in sentences[1:]:
        following = []
        for role in range(len(ROLES)):
            ways = [(best[before][0] - (0.1 if before != role else 0.0), before) for before in range(role + 1)]
            total, before = max(ways, key=lambda way: way[0])
            path = best[before][1]
            following.append((total + _agreement(found, sentence, role), [*path, role]))
        best = following
    return [ROLES[role] for role in max(best, key=lambda way: way[0])[1]]


def _agreement(found: Reading, sentence: Sentence, role: int) -> float:
    name = ROLES[role]
    cues = min(2, len({term.name for term in found.terms_in(sentence, "cues", *_CUES[name])}))
    values = len(_VALUE.findall(found.normal, sentence.start, sentence.end))
    return cues + (min(2, values) if name == "results" else 0)


@SpacyLanguage.factory("evidence_roles")
def create_roles(nlp: SpacyLanguage, name: str) -> RoleTeller:
    """The component that tells the roles of sentences."""
    return RoleTeller()
