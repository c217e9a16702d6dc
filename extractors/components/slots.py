"""The places of a comparison where its outcomes stand: before "was higher", or behind "no difference in", as lists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.components.carriers import outcome_phrase
from extractors.components.scene import Scene
from extractors.components.terms import DIRECTIONS
from extractors.normal import is_han
from extractors.reading import Span

# Words that end the name of an outcome.
_ENDS = (
    "be", "had", "than", "versus", "comparing", "between-groups", "both-groups", "other-groups", "opposition",
    "function-word", "clause-verb", "completed", "time-at", "significant", "negation", "difference", "effect",
    "no-difference",
    "respectively", "people", "receive", "subgroup", "baseline", "follow-up", "objective", "analysed", "finding",
    "occur", "regarding", "threshold", *DIRECTIONS,
)  # fmt: skip
_JOINTS = ("conjunction", "alternative")
# What follows these is a time or a part of the people, not an outcome.
_LEADING_AWAY = ("time-at", "subgroup", "versus", "than", "from")
_TRAILING = (
    "filler", "having", "of", "stop", "range-to", "conjunction", "negation", "other-group", "than", "versus",
    "opposition", "function-word", "time-after",
)  # fmt: skip
# How far an outcome that the lexicon does not know may stand behind what compares it.
_CLOSE = 30
# A shorter phrase of Chinese characters is a part of a word.
_LEAST_HAN = 3
# The letters that stand for a longer name: "BMR", "VO2max".
_LETTERS = re.compile(r"[A-Z][A-Za-z\d]*[A-Z\d][A-Za-z\d]*")
_BRACKET = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
# A code that may name an outcome: CRP, IL-6, HbA1c.
_CODE = re.compile(r"(?=.*[A-Z].*[A-Z\d])[A-Za-z][\w/+-]*")
_COMMA = re.compile(r",(?!\d)\s*")
_HARD = re.compile(r"[;:.()\[\]](?!\d)|\u3002")


def outcomes_before(scene: Scene, start: int, end: int) -> list[Span]:
    """The outcomes listed as the subject of what follows: the last list with a known one, else the last list."""
    runs = _runs(scene, start, end)
    known = [run for run in runs if any(span.contains(m) for span in run for m in scene.endpoints)]
    return _joined(scene, (known or runs or [[]])[-1])


def outcomes_behind(scene: Scene, start: int, end: int) -> list[Span]:
    """The outcomes listed behind a word of comparison: the first list with a known one, else one close behind it."""
    runs = _runs(scene, start, end)
    known = [run for run in runs if any(span.contains(m) for span in run for m in scene.endpoints)]
    close = [run for run in runs[:1] if run[0].start - start <= _CLOSE]
    return _joined(scene, (known or close or [[]])[0])


def phrases_of(scene: Scene) -> list[Span]:
    """All phrases of a sentence that may name an outcome, in order."""
    return [span for run in _runs(scene, scene.sentence.start, scene.sentence.end) for span in run]


def _runs(scene: Scene, start: int, end: int) -> list[list[Span]]:
    """The phrases of a window, those parted by nothing but commas and "and" in one list."""
    runs: list[list[Span]] = [[]]
    position, led_away, joined = start, False, False
    parts = {(part.start, part.end) for part in (*scene.arms, *scene.time_points, *scene.values)}
    for first, last, hard, away in _cuts(scene, start, end):
        if first >= position:
            phrase = None if led_away else _phrase(scene, position, first, listed=joined and bool(runs[-1]))
            if phrase is not None:
                runs[-1].append(phrase)
            # A word that stands between "and" and the next name does not end the list.
            between = joined and not scene.between(position, first).strip()
            if hard and runs[-1] and not between:
                runs.append([])
            joined = not hard or between
            led_away = away or (led_away and (first, last) not in parts and not scene.between(position, first).strip())
        position = max(position, last)
    return [run for run in runs if run]


def _cuts(scene: Scene, start: int, end: int) -> list[tuple[int, int, bool, bool]]:
    """Where the phrases of a window end: start and end of the cut, whether a list ends, whether it leads away."""
    window = Span(start, end)
    cues = [cue for cue in scene.cues(*_ENDS, *_JOINTS, *_LEADING_AWAY) if window.contains(cue)]
    # A single Chinese character may be half of a word.
    cues = [cue for cue in cues if cue.name in _JOINTS or cue.end - cue.start > 1 or not is_han(scene.found.text(cue))]
    cuts = [(cue.start, cue.end, cue.name not in _JOINTS, cue.name in _LEADING_AWAY) for cue in cues]
    parts = [*scene.arms, *scene.values, *scene.time_points, *scene.subgroup_terms, *scene.found.probabilities]
    parts = [part for part in parts if not any(m.contains(part) for m in scene.endpoints)]
    cuts += [(part.start, part.end, True, False) for part in parts if window.contains(part)]
    cuts += [(m.start(), m.end(), False, False) for m in _COMMA.finditer(scene.found.normal, start, end)]
    cuts += [(m.start(), m.end(), True, False) for m in _HARD.finditer(scene.found.normal, start, end)]
    brackets = list(_BRACKET.finditer(scene.found.normal, start, end))
    cuts = [cut for cut in cuts if not any(b.start() <= cut[0] < b.end() for b in brackets)]
    cuts += [(b.start(), b.end(), False, False) for b in brackets]
    inside = [m for m in scene.endpoints if window.contains(m)]
    kept = [cut for cut in cuts if not any(m.start <= cut[0] and cut[1] <= m.end for m in inside)]
    return sorted([*kept, (end, end, True, False)])


def _phrase(scene: Scene, start: int, end: int, *, listed: bool) -> Span | None:
    """The name of an outcome between two cuts, without the words around it that name nothing.

    A Chinese word or a code that is a further member of a list of outcomes may be as short as it likes.
    """
    whole = scene.between(start, end).strip()
    known = [m for m in scene.endpoints if start <= m.start and m.end <= end]
    for edge in _edges(scene, start, end):
        start, end = edge
    phrase = outcome_phrase(scene, start, end)
    if phrase is None or any(mention.contains(phrase) for mention in known):
        return Span(known[0].start, known[0].end) if known else None
    treats = scene.found.terms_in(phrase, "cues", "treatment-head") or scene.found.terms_in(phrase, "interventions")
    code = _CODE.fullmatch(whole) is not None
    short = listed and (is_han(whole) or code) and not treats and scene.between(phrase.start, phrase.end) == whole
    return phrase if known or short or _is_name(scene, phrase) else None


def _is_name(scene: Scene, phrase: Span) -> bool:
    """Whether a phrase that the lexicon does not know is a name: two words, letters, three characters."""
    if is_han(scene.found.text(phrase)):
        return phrase.end - phrase.start >= _LEAST_HAN
    text = scene.between(phrase.start, phrase.end)
    return " " in text or _LETTERS.fullmatch(text) is not None


def _edges(scene: Scene, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The window cut back, word by word, where it begins or ends with words that lead to or from a name."""
    while True:
        text = scene.between(start, end)
        first, last = start + len(text) - len(text.lstrip()), start + len(text.rstrip())
        cues = scene.found.terms_in(Span(start, end), "cues", *_TRAILING)
        trailing = [cue for cue in cues if cue.end == last]
        leading = [cue for cue in cues if cue.start == first]
        if not text.strip() or not (trailing or leading):
            return
        start, end = (leading[0].end if leading else start), (trailing[-1].start if trailing else end)
        yield start, max(start, end)


def _joined(scene: Scene, run: list[Span]) -> list[Span]:
    """The list with what is one name in one piece: "use of spices and herbs", "major and minor complications"."""
    joined: list[Span] = []
    for span in run:
        if joined and _one_name(scene, joined[-1], span):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def _one_name(scene: Scene, first: Span, second: Span) -> bool:
    """Whether two members of a list are parts of one name: what is of both, or a first word that only describes."""
    known = [any(span.contains(m) for m in scene.endpoints) for span in (first, second)]
    if _BRACKET.search(scene.found.normal, first.end, second.start):
        return False
    words = [scene.between(span.start, span.end).count(" ") for span in (first, second)]
    letters = _LETTERS.fullmatch(scene.between(first.start, first.end))
    describes = not known[0] and not words[0] and bool(words[1]) and not letters
    return describes or (not known[1] and bool(scene.found.terms_in(first, "cues", "of")))
