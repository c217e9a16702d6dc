"""Keys of findings: made from what they say, so that the same fact has the same key in every run."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from extractors.findings import Context, Interval, Name, Number, PValue
from extractors.normal import normalise


def digest(*parts: object) -> str:
    """Twelve hexadecimal digits that stand for the parts."""
    return hashlib.sha256("|".join(str(part) for part in parts).encode("utf-8")).hexdigest()[:12]


def readable(text: str) -> str:
    """The Latin letters and digits of a name, hyphenated; empty for a name without any."""
    return re.sub(r"[^a-z0-9]+", "-", normalise(text).casefold()).strip("-")[:40].strip("-")


def arm_key(names: Sequence[Name]) -> str:
    """The key of an arm, from all its names."""
    return _named_key(names, "arm")


def endpoint_key(names: Sequence[Name]) -> str:
    """The key of an endpoint, from all its names."""
    return _named_key(names, "endpoint")


def _named_key(names: Sequence[Name], kind: str) -> str:
    return f"{readable(names[0].text) or kind}-{digest(*(name.text for name in names))}"


def result_key(
    endpoint: str,
    measure: str,
    value: Number | None,
    arms: Sequence[str | None] | None,
    context: Context,
    interval: Interval | None,
    p: PValue | None = None,
) -> str:
    """The key of a result, from what it is of, what it says and where it holds."""
    bounds = (interval.low, interval.high, interval.level) if interval else ()
    printed = [bound.text if bound else "open" for bound in bounds]
    names = [name.text for name in (*context.subgroup, *context.time_point)]
    parts = (
        endpoint,
        measure,
        value.text if value else "",
        *(arms or ()),
        *names,
        context.analysis_set,
        *printed,
        f"{p.operator}{p.value.text}" if p else "",
    )
    return f"{readable(measure)}-{digest(*parts)}"
