"""Events that did not happen: "no severe bleeding was recorded in either group" counts none in each arm."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import ontology
from extractors.components.comparisons import distinct, pair_spoken_of
from extractors.components.scene import Scene
from extractors.components.terms import CHANGES, COMPARATIVES
from extractors.findings import Number
from extractors.reading import Linked, Mention, Quantity, Span, Term

# How far the name of the event may stand behind the denial: "no serious treatment-related".
_REACH = 32
# Words that make the denial one of a difference or of an effect.
_COMPARING = (
    *COMPARATIVES, *CHANGES, "no-difference", "difference", "effect", "change", "significant", "unnamed", "than",
    "interaction",
)  # fmt: skip


def absences(scene: Scene) -> Iterator[Linked]:
    """A count of none for each arm in which a sentence says that an event did not happen."""
    for denial in scene.cues("negation"):
        if not denies_event(scene, denial):
            continue
        event = denied(scene, denial)
        arms = without_event(scene, denial) if event else []
        if event is None or not arms:
            continue
        printed = scene.found.text(denial)
        none = Quantity(denial.start, denial.end, Number(Decimal(0), printed), "people")
        for arm, span in arms:
            yield Linked(
                sentence=scene.sentence,
                endpoint=event.index,
                endpoint_span=Span(event.start, event.end),
                arms=(arm,),
                arm_spans=(span,),
                quantity=none,
                statistic="count",
                time_point=scene.time_point_for(none),
                way="absence",
            )
        return


def denies_event(scene: Scene, denial: Term) -> bool:
    """Whether a denial is the article of a noun ("no death") or that of an occurrence, not of another verb."""
    printed = scene.found.text(denial).casefold()
    plain = printed in ontology.by_name("cues", "negation").preferred.values() or printed in none_found()
    behind = Span(denial.end, denial.end + 8)
    occurrences = [c for c in scene.found.terms_in(behind, "cues", "had", "occur") if c.start - denial.end <= 1]
    return plain or bool(occurrences)


def none_found() -> frozenset[str]:
    """The denials that say by themselves that nothing was found or seen, in Chinese one word."""
    found = ontology.by_name("articles", "none-found")
    return frozenset((found.preferred["zh"], *found.alternatives["zh"]))


def denied(scene: Scene, denial: Term) -> Mention | None:
    """The event right behind a denial, unless what is denied is a difference, an effect or a change in it."""
    behind = [m for m in scene.endpoints if 0 <= m.start - denial.end <= _REACH]
    if not behind or any(denial.end <= q.start < behind[0].start for q in scene.values):
        return None
    gap = Span(denial.start, behind[0].start)
    compared = scene.found.terms_in(gap, "cues", *_COMPARING) or scene.found.terms_in(gap, "measures")
    return None if compared or any(gap.contains(m) for m in scene.arms) else behind[0]


def without_event(scene: Scene, denial: Term) -> list[tuple[int, Span]]:
    """The arms that the denial speaks of: all where it says so, else the one arm of the sentence."""
    named = distinct(scene.arms)
    everyone = scene.cues("both-groups")
    if everyone and not named:
        span = Span(everyone[0].start, everyone[0].end)
        return [(arm, span) for arm in pair_spoken_of(scene)]
    return [(m.index, Span(m.start, m.end)) for m in named] if len(named) == 1 else []
