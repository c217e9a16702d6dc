"""Numbers whose arms people told, as examples for the chain that places numbers in arms.

Three sources: gold facts (each number of a text with the arms of the facts that have its value), C-TrO (values tied to
arms by their place) and PICO-Corpus (numbers marked as those of the intervention or of the control).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from extractors.assemble import assemble
from extractors.components.owners import sight_of, suggested
from extractors.components.placing import BOTH, DIFFERENCE, NONE
from extractors.components.scene import Scene
from extractors.components.value_groups import candidates, proposed
from extractors.components.zones import result_sentences
from extractors.corpora.annotated import Annotated, read_annotated
from extractors.documents import Document, UnreadableDocument
from extractors.facts_json import to_gold
from extractors.pipelines import read_language
from extractors.placement import Label, Sequenced, relations
from extractors.readers import read_bytes
from extractors.reading import Quantity, Reading
from kg.evaluation.ctro import LinkedAbstract, linked_abstracts
from kg.evaluation.gold import GoldDocument
from kg.evaluation.linking import same_arms
from kg.evaluation.matching import aligned, closest

# By how much a name must be liker the control's than the intervention's to be taken for the control's.
_CLEAR, _CLEARER = 0.05, 0.2
_SPREADS = ("sd", "q1", "q3")
Allowed = frozenset[Label]


@dataclass(frozen=True, slots=True)
class Example:
    """The numbers of one sentence: features of each label of each, features of each step, and the right labels.

    ``relations`` tells how each label stands to each. Where nobody told, all labels are right.
    """

    document: str
    labels: tuple[Label, ...]
    own: tuple[tuple[frozenset[str], ...], ...]
    relations: tuple[tuple[str, ...], ...]
    steps: tuple[frozenset[str], ...]
    right: tuple[Allowed, ...]


def of_gold(documents: Sequence[GoldDocument]) -> Iterator[Example]:
    """The examples of gold facts."""
    for item, document in gold_texts(documents):
        found = read_language(document, item.language)
        yield from _examples(item.name, found, _told_by_facts(document, found, item.facts))


def of_linked(corpus: Path) -> Iterator[Example]:
    """The examples of the training part of C-TrO."""
    for abstract, document in linked_texts(corpus):
        found = read_language(document, "en")
        yield from _examples(abstract.name, found, _told_by_links(document, found, abstract))


def of_marked(folder: Path, without: frozenset[str]) -> Iterator[Example]:
    """The examples of the training part of PICO-Corpus, but for the abstracts of the given names."""
    for abstract in read_annotated(folder):
        document = document_of(abstract.text.encode(), f"{abstract.name}.txt") if abstract.name not in without else None
        if document is not None and document.text == abstract.text:
            found = read_language(document, "en")
            # The trained spans were learned from these abstracts, and would be trusted too much.
            found.labelled = []
            yield from _examples(abstract.name, found, _told_by_marks(found, abstract))


def gold_texts(documents: Sequence[GoldDocument]) -> Iterator[tuple[GoldDocument, Document]]:
    """The gold documents whose texts can be read in their language, with those texts."""
    for item in documents:
        document = document_of(item.text.read_bytes(), str(item.text))
        if document is not None and item.language in document.languages:
            yield item, document


def linked_texts(corpus: Path) -> Iterator[tuple[LinkedAbstract, Document]]:
    """The abstracts of the training part of C-TrO that can be read, with their texts."""
    for abstract in linked_abstracts(corpus, "train"):
        document = document_of(abstract.text.encode(), f"{abstract.name}.txt")
        if document is not None:
            yield abstract, document


def document_of(data: bytes, name: str) -> Document | None:
    """The document of a file, or ``None`` where none can be read."""
    try:
        return read_bytes(data, name)
    except UnreadableDocument:
        return None


def _examples(name: str, found: Reading, told: Callable[[Quantity], Allowed]) -> Iterator[Example]:
    for scene in _scenes(found):
        _, values = candidates(scene)
        groups = list(proposed(scene, values))
        if not groups or not found.arms:
            continue
        sight = sight_of(scene, groups, suggested(scene, groups))
        right = tuple(told(q) & frozenset(sight.labels) or frozenset({NONE}) for q in sight.values)
        if any(len(allowed) < len(sight.labels) for allowed in right):
            yield example_of(name, sight, right)


def example_of(name: str, sequence: Sequenced, right: tuple[Allowed, ...]) -> Example:
    """What the chain is asked about, with the right labels, of the document of a name."""
    places = range(len(sequence))
    own = tuple(tuple(frozenset(sequence.own(place, label)) for label in sequence.labels) for place in places)
    steps = tuple(frozenset(sequence.step(place)) for place in places)
    return Example(name, tuple(sequence.labels), own, tuple(map(tuple, relations(sequence))), steps, right)


def _scenes(found: Reading) -> Iterator[Scene]:
    before: tuple[int, ...] = ()
    for sentence in result_sentences(found):
        scene = Scene(found, sentence, None, before)
        if not scene.cues("assumption"):
            yield scene
        before = tuple(dict.fromkeys(m.index for m in scene.arms)) or before


def _any(found: Reading) -> Allowed:
    return frozenset([*range(len(found.arms)), NONE, DIFFERENCE, BOTH])


def _told_by_facts(document: Document, found: Reading, gold: Mapping[str, Any]) -> Callable[[Quantity], Allowed]:
    facts = to_gold(document, assemble(found))
    place = {arm["id"]: index for index, arm in enumerate(facts["arms"])}
    ours: dict[str, set[int]] = {}
    for arm, theirs in aligned(facts["arms"], gold["arms"]).items():
        ours.setdefault(theirs, set()).add(place[arm])
    numbers = [q.number.value for s in result_sentences(found) for q in found.quantities if s.contains(q)]
    results = [result for result in gold["results"] if result["kind"] in ("arm", "contrast")]

    def told(quantity: Quantity) -> Allowed:
        same = [result for result in results if is_of(result, quantity)]
        values = [result for result in same if result["kind"] == "arm"]
        if any(result["arm"] not in ours for result in values):
            return _any(found) - {NONE}
        arms: set[Label] = {arm for result in values for arm in ours[result["arm"]]}
        if len(arms) > 1 and numbers.count(quantity.number.value) < len(values):
            arms = {*arms, BOTH} if len(values) < len(same) or numbers.count(quantity.number.value) > 1 else {BOTH}
        return frozenset([*arms, *([DIFFERENCE] if len(values) < len(same) else [])])

    return told


def is_of(result: Mapping[str, Any], quantity: Quantity) -> bool:
    """Whether a fact has the number that is printed, as its value or its events."""
    printed = {Decimal(str(result["value"]))}
    counted = Decimal(str(result["events"])) if result.get("events") is not None else None
    numbers = {quantity.number.value, *([quantity.events.value] if quantity.events else [])}
    return bool(printed & numbers) or (quantity.kind in ("people", "plain") and counted == quantity.number.value)


def _told_by_links(document: Document, found: Reading, abstract: LinkedAbstract) -> Callable[[Quantity], Allowed]:
    facts = to_gold(document, assemble(found))
    place = {arm["id"]: index for index, arm in enumerate(facts["arms"])}
    ours = {theirs: place[arm] for arm, theirs in same_arms(abstract, facts).items()}

    def told(quantity: Quantity) -> Allowed:
        same = [value for value in abstract.values if quantity.start < value.end and value.start < quantity.end]
        if not same:
            return _any(found)
        if same[0].difference or len(same[0].arms) > 1:
            return frozenset({DIFFERENCE if same[0].difference else BOTH})
        arms = [ours[arm] for arm in same[0].arms if arm in ours]
        return frozenset(arms) or _any(found) - {NONE}

    return told


def _told_by_marks(found: Reading, abstract: Annotated) -> Callable[[Quantity], Allowed]:
    control = _control(found, abstract)
    marks = [s for s in abstract.spans if s.kind[:3] in ("iv-", "cv-") and not s.kind.endswith(_SPREADS)]

    def told(quantity: Quantity) -> Allowed:
        kinds = {s.kind[:2] for s in marks if s.start < quantity.end and quantity.start < s.end}
        if not kinds or control is None:
            return _any(found)
        if len(kinds) > 1:
            return frozenset({BOTH})
        others = frozenset(range(len(found.arms))) - {control}
        return frozenset({control}) if kinds == {"cv"} else frozenset(others)

    return told


def _control(found: Reading, abstract: Annotated) -> int | None:
    """The arm that the corpus calls the control, by its names, else by its role; ``None`` if neither tells."""
    phrases = {
        kind: [abstract.text[s.start : s.end] for s in abstract.spans if s.kind == kind]
        for kind in ("intervention", "control")
    }
    names = [[name.text for name in arm.names] for arm in found.arms]
    leaning = [closest(said, phrases["control"]) - closest(said, phrases["intervention"]) for said in names]
    first, *others = sorted(range(len(names)), key=lambda arm: -leaning[arm]) or [-1]
    if first < 0:
        return None
    apart = leaning[first] - leaning[others[0]] if others else 0.0
    if len(names) == 2 and apart > _CLEAR:
        return first
    if len(names) > 2 and leaning[first] > _CLEARER:
        return first
    roles = [arm.role for arm in found.arms]
    return roles.index("control") if len(names) == 2 and roles.count("control") == 1 else None
