"""The arms that the numbers of a sentence belong to: by what was learned, else by what names and order suggest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.components.comparisons import Placement, pair_spoken_of
from extractors.components.placing import BOTH, Sight, Suggestion
from extractors.components.scene import Scene
from extractors.components.value_groups import bare
from extractors.placement import arm_chain
from extractors.reading import Quantity, Span, Way

Group = tuple[list[Quantity], Placement | None]
# From what probability on the learned chain is followed, whatever else is suggested; it learned from little Chinese.
_SURE = {"en": 0.6, "zh": 0.9}
# What share of all arms' an arm has to have to be named.
_LIKELY = 0.6


@dataclass(frozen=True, slots=True)
class Owner:
    """An arm that a number belongs to, where it is named, and how that was found; ``None`` for one not told."""

    arm: int | None
    span: Span | None
    way: Way


def owners(scene: Scene, groups: Sequence[Group]) -> dict[int, list[Owner]]:
    """The arms of each number of the groups, by the number's place; several where it is said of both, none where it
    belongs to no arm.
    """
    values = [quantity for group, _ in groups for quantity in group]
    suggestions = suggested(scene, groups)
    sight = sight_of(scene, groups, suggestions)
    found: dict[int, list[Owner]] = {}
    for quantity, (label, probability) in zip(values, arm_chain().likeliest(sight), strict=True):
        suggestion = suggestions.get(quantity.start)
        own = [] if suggestion is None or suggestion.bare else suggestion_owners(suggestion)
        if probability >= _SURE[scene.found.language] and not (suggestion and suggestion.told):
            if isinstance(label, int):
                agreed = [owner for owner in own if owner.arm == label]
                own = agreed[:1] or [Owner(label, named_near(scene, quantity, label), "weighed")]
            elif label == BOTH:
                own = own if len(own) > 1 else [Owner(arm, None, "both") for arm in pair_spoken_of(scene)]
            else:
                own = []
        found[quantity.start] = own
    for group, _ in groups:
        listed = [suggestions.get(quantity.start) for quantity in group]
        told = [suggestion_owners(one) for one in listed if one is not None and not one.bare]
        if _apart(told) and len(told) == len(group) and not _apart([found[quantity.start] for quantity in group]):
            # The chain was sure of some of a list only: half of each reading would give one arm two values.
            found.update({quantity.start: own for quantity, own in zip(group, told, strict=True)})
    return found


def likely_owners(scene: Scene, groups: Sequence[Group]) -> dict[int, Owner]:
    """The arm that each number most likely belongs to, by the number's place, given that it belongs to one."""
    values = [quantity for group, _ in groups for quantity in group]
    sight = sight_of(scene, groups, suggested(scene, groups))
    found = {}
    for quantity, shares in zip(values, arm_chain().shares(sight), strict=True):
        arms = {label: share for label, share in shares.items() if isinstance(label, int)}
        whole = sum(arms.values())
        arm = max(arms, key=lambda label: arms[label], default=None)
        sure = arm is not None and arms[arm] >= _LIKELY * whole
        found[quantity.start] = Owner(
            arm if sure else None, named_near(scene, quantity, arm) if sure else None, "weighed"
        )
    return found


def _apart(listed: Sequence[Sequence[Owner]]) -> bool:
    """Whether each of several numbers has one arm, and no two the same."""
    arms = [own[0].arm for own in listed if len(own) == 1]
    return len(listed) > 1 and len(arms) == len(listed) == len(set(arms))


def sight_of(scene: Scene, groups: Sequence[Group], suggestions: dict[int, Suggestion]) -> Sight:
    """What the chain sees of the numbers of the groups."""
    values = [quantity for group, _ in groups for quantity in group]
    return Sight(scene, values, suggestions)


def suggested(scene: Scene, groups: Sequence[Group]) -> dict[int, Suggestion]:
    """What names and order suggest for each number of the groups, by its place."""
    found = {}
    for group, placement in groups:
        if placement is not None:
            alone = len(group) == 1
            for position, quantity in enumerate(group):
                part = slice(None) if alone else slice(position, position + 1)
                found[quantity.start] = Suggestion(
                    placement.arms[part],
                    placement.spans[part],
                    placement.way,
                    bare(scene, group, placement),
                    placement.told,
                )
    return found


def suggestion_owners(suggestion: Suggestion) -> list[Owner]:
    """The suggested arms as owners."""
    return [Owner(arm, span, suggestion.way) for arm, span in zip(suggestion.arms, suggestion.spans, strict=True)]


def named_near(scene: Scene, quantity: Quantity, arm: int | None) -> Span | None:
    """The place of the sentence nearest to a number that names the arm."""
    named = [m for m in scene.arms if m.index == arm]
    nearest = min(named, key=lambda m: max(m.start - quantity.end, quantity.start - m.end), default=None)
    return Span(nearest.start, nearest.end) if nearest else None
