"""Takes endpoints that are one under two names together, once their results are known, and doubts those that are none.

What is asked of an endpoint and of two of them is weighed as it was learned (see ``endpoint_evidence``).
"""

from __future__ import annotations

from dataclasses import replace

from spacy.language import Language as SpacyLanguage
from spacy.tokens import Doc

from extractors.components.endpoint_evidence import Endpoints
from extractors.findings import Name
from extractors.reading import EndpointDraft, Mention, Reading, reading
from extractors.weighing import endpoint_weighing

COMPONENT = "evidence_settling"
# From what probability on two endpoints are one, so high that two are not taken for one by mistake; below what
# probability one without results is none; what makes a pair within a group too unlikely.
_SAME = {"en": 0.9, "zh": 0.7}
_KEPT = {"en": 0.5, "zh": 0.3}
_UNLIKELY = 0.3


class EndpointSettler:
    """Renumbers ``reading.endpoints`` with their mentions and results, and fills ``reading.doubted``."""

    def __call__(self, doc: Doc) -> Doc:
        """Join what is one, then weigh each endpoint that is left."""
        found = reading(doc)
        if found.document.record is None:
            join(found)
            endpoints, weighing = Endpoints(found), endpoint_weighing("kept")
            found.doubted = {
                index
                for index in range(len(found.endpoints))
                if weighing.probability(endpoints.kept(index)) < _KEPT[found.language]
            }
        return doc


def join(found: Reading) -> None:
    """Make one endpoint of each two that are one: the likeliest pair first, until none is likely."""
    endpoints, weighing = Endpoints(found), endpoint_weighing("same")
    count = len(found.endpoints)
    likely = {
        (first, second): weighing.probability(endpoints.same(first, second))
        for second in range(count)
        for first in range(second)
    }
    group = list(range(count))
    for (first, second), probability in sorted(likely.items(), key=lambda pair: (-pair[1], pair[0])):
        ones = [i for i in range(count) if group[i] == group[first]]
        others = [i for i in range(count) if group[i] == group[second]]
        if probability >= _SAME[found.language] and not {*ones} & {*others} and _all_likely(likely, ones, others):
            for member in (*ones, *others):
                group[member] = min(group[first], group[second])
    renumber(found, group)


def _all_likely(likely: dict[tuple[int, int], float], ones: list[int], others: list[int]) -> bool:
    """Whether no two members of two groups are unlikely to be one."""
    return all(likely[min(a, b), max(a, b)] >= _UNLIKELY for a in ones for b in others)


def renumber(found: Reading, group: list[int]) -> None:
    """Give the endpoints of each group, named by its first member, one place, and everything that points there."""
    kept = sorted(set(group))
    places = [kept.index(first) for first in group]
    found.endpoints = [
        joined([draft for draft, first in zip(found.endpoints, group, strict=True) if first == one]) for one in kept
    ]
    found.endpoint_mentions = [Mention(m.start, m.end, places[m.index]) for m in found.endpoint_mentions]
    found.results = [replace(link, endpoint=places[link.endpoint]) for link in found.results]


def joined(drafts: list[EndpointDraft]) -> EndpointDraft:
    """One endpoint with all names and places of several; a declared role counts before "other"."""
    declared = sorted((d for d in drafts if d.role_span is not None), key=lambda d: d.role == "other")
    leading = declared[0] if declared else drafts[0]
    names: dict[str, Name] = {}
    for draft in drafts:
        for name in draft.names:
            names.setdefault(name.text.casefold(), name)
    return EndpointDraft(
        role=leading.role,
        names=list(names.values()),
        concept=next((draft.concept for draft in drafts if draft.concept is not None), None),
        spans=[span for draft in drafts for span in draft.spans],
        role_span=leading.role_span,
    )


@SpacyLanguage.factory(COMPONENT)
def create_settling(nlp: SpacyLanguage, name: str) -> EndpointSettler:
    """The component that settles which endpoints there are."""
    return EndpointSettler()
