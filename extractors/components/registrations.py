"""Finds trial-registry identifiers in any spelling and tells the trial's own from those of other trials."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from spacy.language import Language as SpacyLanguage
from spacy.tokens import Doc

import ontology
from extractors.confidence import assessed
from extractors.documents import Section
from extractors.evidence import evidence
from extractors.findings import Registration
from extractors.reading import Reading, Span, reading
from extractors.registry_numbers import canonical, needs_context, patterns
from ontology import Concept

COMPONENT = "evidence_registrations"
# Where a report speaks of its own registration, often beside the approval of its ethics; where other trials are spoken
# of an identifier is theirs, and in any other section the words before it must say that it is a registration.
_OWN_ROLES = frozenset({"title", "abstract", "methods", "results", "ethics", "registration", "conclusion", "citation"})
_OTHERS_ROLES = frozenset({"background", "discussion", "references"})
_NEAR = 90


@cache
def _announcements(name: str) -> re.Pattern[str]:
    cue = ontology.by_name("cues", name)
    forms = [form for language in ("en", "zh") for form in _labels(cue, language)]
    return re.compile("|".join(map(re.escape, sorted(forms, key=len, reverse=True))), re.IGNORECASE)


def _labels(concept: Concept, language: str) -> tuple[str, ...]:
    return (concept.preferred[language], *concept.alternatives.get(language, ()))


class RegistrationFinder:
    """Fills ``reading.registrations``: one entry for each identifier, with all places where it stands."""

    def __call__(self, doc: Doc) -> Doc:
        """Search all sections of the reading's language, read or not."""
        found = reading(doc)
        places: dict[str, tuple[Concept, bool, list[Span]]] = {}
        for section in found.document.sections:
            if section.language == found.language:
                for registry, span in self.find(found, section):
                    identifier = canonical(found.text(span), registry)
                    own = self.is_own(found, section, span)
                    _, before, spans = places.get(identifier, (registry, False, []))
                    places[identifier] = (registry, own or before, [*spans, span])
        found.registrations = [
            self.registration(found, identifier, registry, "own" if own else "mentioned", spans)
            for identifier, (registry, own, spans) in sorted(places.items())
        ]
        return doc

    def registration(
        self, found: Reading, identifier: str, registry: Concept, role: Literal["own", "mentioned"], spans: list[Span]
    ) -> Registration:
        """The identifier with all places where it stands."""
        sure = assessed("registration", (role, found.language))
        return Registration(
            identifier=identifier,
            registry=registry.notations[0] if registry.notations else registry.name,
            role=role,
            evidence=tuple(evidence(found, span, "identifier", COMPONENT, sure) for span in spans),
        )

    def find(self, found: Reading, section: Section) -> list[tuple[Concept, Span]]:
        """The identifiers of one section, the longest where patterns of two registries overlap."""
        text = found.normal[section.start : section.end]
        hits: list[tuple[Concept, Span]] = []
        for registry, pattern in patterns():
            for match in pattern.finditer(text):
                # A section that calls itself the registration says so in its heading.
                around = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
                context = f"{section.heading or ''} {around}"
                if needs_context(match.group()) and not _announcements("own-registration").search(context):
                    continue
                hits.append((registry, Span(section.start + match.start(), section.start + match.end())))
        hits.sort(key=lambda hit: (hit[1].start - hit[1].end, hit[1].start))
        kept: list[tuple[Concept, Span]] = []
        for registry, span in hits:
            if not any(span.start < other.end and other.start < span.end for _, other in kept):
                kept.append((registry, span))
        return sorted(kept, key=lambda hit: hit[1].start)

    def is_own(self, found: Reading, section: Section, span: Span) -> bool:
        """Whether the place speaks of this trial's registration, by section and by the words before it."""
        if section.role in _OTHERS_ROLES:
            return False
        before = found.normal[max(section.start, span.start - _NEAR) : span.start]
        said = section.role in _OWN_ROLES or _announcements("own-registration").search(before)
        return bool(said) and not _announcements("other-trial").search(before)


@SpacyLanguage.factory(COMPONENT)
def create_registrations(nlp: SpacyLanguage, name: str) -> RegistrationFinder:
    """The component that finds registry identifiers."""
    return RegistrationFinder()
