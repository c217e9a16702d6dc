"""Measures how comparisons in words are read, on questions of Evidence Inference (jayded/evidence-inference, MIT).

    python benchmarks/direction.py QUESTIONS [--errors LABEL]

QUESTIONS is a file with one JSON object a line: outcome, intervention, comparator, label and the evidence passage. The
names are given to the reader, so that only the reading of the direction is measured. Passages that are tables, or in
which the outcome or all arms go unnamed, are left out and counted. A favour without "more" or "less" counts as
right where there is a difference.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import ontology
from extractors.components.arm_values import arm_values
from extractors.components.scene import Scene
from extractors.components.statements import statements
from extractors.documents import Document, Section
from extractors.findings import Name
from extractors.normal import normalise, word_form
from extractors.pipelines import load
from extractors.reading import ArmDraft, EndpointDraft, Mention, Reading, Span, reading

LABELS = {"no significant difference": "none", "significantly increased": "higher", "significantly decreased": "lower"}
SAID = {"no difference": "none", "first higher": "higher", "first lower": "lower"}
TURNED = {"higher": "lower", "lower": "higher"}
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*|\d+(?:\.\d+)?")
_JOINT = re.compile(r"\s*(?:-|of|the|\(|in|\+|/)?\s*")
_LEAST = 4


def words(text: str) -> list[tuple[str, int, int]]:
    """The words of a text under their comparison form, with their places."""
    return [(word_form(m.group()), m.start(), m.end()) for m in _WORD.finditer(text)]


def places(name: str, text: str, shared: frozenset[str]) -> list[Span]:
    """Where a text names something: stretches of words of the name, without those that it shares with its rival."""
    groups = {word_form(label) for label in ontology.by_name("cues", "group").alternatives["en"]}
    telling = {w for w, a, b in words(name) if w not in shared | groups and (b - a >= _LEAST or name[a].isupper())}
    spans: list[Span] = []
    for start, end in ((a, b) for w, a, b in words(text) if w in telling):
        if spans and _JOINT.fullmatch(text, spans[-1].end, start):
            spans[-1] = Span(spans[-1].start, end)
        else:
            spans.append(Span(start, end))
    longest = max((s.end - s.start for s in spans), default=0)
    return [s for s in spans if (s.end - s.start) * 2 >= longest]


def roles(found: Reading, kind: str) -> list[Span]:
    """Where a passage speaks of "the control group" or "the intervention group"."""
    whole = Span(0, len(found.normal))
    groups = found.terms_in(whole, "cues", "group")
    return [
        Span(term.start, group.end)
        for term in found.terms_in(whole, "cues", kind)
        for group in groups
        if 0 < group.start - term.end <= 1
    ]


def passage(question: dict[str, str]) -> Reading | None:
    """The passage with the question's arms and outcome marked in it, or ``None`` if they are not named."""
    text = normalise(question["evidence"].strip())
    if "\n" in text:
        return None
    nlp = load("en")
    section = Section("s0", "results", "en", 0, len(text), in_abstract=False)
    document = Document(id="question", source="question", kind="article", text=text, sections=(section,))
    doc = nlp.make_doc(text)
    doc.user_data["reading"] = Reading(document, "en", text)
    for name, component in nlp.pipeline:
        if name in ("evidence_sentences", "evidence_terms", "evidence_abbreviations", "evidence_quantities"):
            doc = component(doc)
    found = reading(doc)
    found.quantities = [q for q in found.quantities if not q.contrast]
    first, second = ({w for w, _, _ in words(question[key])} for key in ("intervention", "comparator"))
    for index, (key, kind) in enumerate((("intervention", "experimental-arm"), ("comparator", "control-arm"))):
        spans = places(question[key], text, frozenset(first & second)) or roles(found, kind)
        role = "control" if index else "experimental"
        found.arms.append(ArmDraft(role, [Name(question[key], "en", None)], set(), spans))
        found.arm_mentions += [Mention(s.start, s.end, index) for s in spans]
    arms = sorted(found.arm_mentions, key=lambda m: (m.start, -m.end))
    found.arm_mentions = arms[:1] + [m for before, m in pairwise(arms) if m.start >= before.end]
    outcome = [s for s in places(question["outcome"], text, frozenset()) if not any(_meets(m, s) for m in arms)]
    if not outcome or not arms:
        return None
    found.endpoints.append(EndpointDraft("other", [Name(question["outcome"], "en", None)], None, outcome))
    found.endpoint_mentions = [Mention(s.start, s.end, 0) for s in outcome]
    return found


def _meets(first: Span, second: Span) -> bool:
    return first.start < second.end and second.start < first.end


def said(found: Reading) -> str | None:
    """What the reader makes of the passage: none, higher, lower or favour; ``None`` if it reads no comparison."""
    directions: Counter[str] = Counter()
    for sentence in found.sentences:
        scene = Scene(found, sentence, None, ())
        for statement in statements(scene, list(arm_values(scene))):
            of_outcome = statement.endpoint_span is not None and any(
                _meets(statement.endpoint_span, m) for m in found.endpoint_mentions
            )
            if of_outcome and statement.direction:
                direction = SAID.get(statement.direction, "favour")
                directions[direction if statement.arms[0] == 0 else TURNED.get(direction, direction)] += 1
    return directions.most_common(1)[0][0] if directions else None


def questions(path: Path) -> Iterator[dict[str, str]]:
    """The questions, each passage once for each of them."""
    seen = set()
    for line in path.read_text("utf-8").splitlines():
        question = json.loads(line)
        key = (question["prompt"], question["evidence"])
        if key not in seen:
            seen.add(key)
            yield question


def main() -> None:
    """Print, for each direction, how many passages are read and how many of these rightly."""
    if len(sys.argv) not in (2, 4):
        sys.exit(__doc__)
    wanted = sys.argv[3] if len(sys.argv) == 4 else None
    table: Counter[tuple[str, str]] = Counter()
    left_out = 0
    for question in questions(Path(sys.argv[1])):
        found = passage(question)
        if found is None:
            left_out += 1
            continue
        label = LABELS.get(question["label"], "higher")
        answer = said(found) or "not read"
        table[label, answer] += 1
        if wanted == label and answer not in (label, "favour"):
            names = " | ".join(question[key] for key in ("outcome", "intervention", "comparator"))
            sys.stdout.write(f"{answer}: {names} | {question['evidence']}\n")
    sys.stdout.write(f"{left_out} passages left out\n")
    for label in ("none", "higher", "lower"):
        row = {answer: n for (of, answer), n in sorted(table.items()) if of == label}
        read = sum(row.values()) - row.get("not read", 0)
        right = row.get(label, 0) + (row.get("favour", 0) if label != "none" else 0)
        share = f"{right / max(read, 1):.3f}"
        sys.stdout.write(f"{label:8} {sum(row.values())} passages, {read} read, {right} rightly ({share})  {row}\n")


if __name__ == "__main__":
    main()
