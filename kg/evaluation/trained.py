"""The figures of single parts, on the documents of public corpora that they have not learned from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from extractors.model_scores import pico_scores, role_accuracy
from kg.evaluation.linking import Share, link_scores


@dataclass(frozen=True, slots=True)
class TrainedFigure:
    """One figure of a part: on how many documents, and its 95% interval over documents where it is known."""

    part: str
    documents: int
    figure: str
    value: float
    interval: tuple[float, float] | None

    def plain(self) -> dict[str, Any]:
        """The figure as JSON."""
        return asdict(self)


def trained(corpora: Path) -> Iterator[TrainedFigure]:
    """The figures on the corpora that lie in the folder; a corpus that does not lie there is passed over."""
    if (corpora / "pico" / "dev").is_dir():
        scores = pico_scores(corpora / "pico" / "dev")
        part = "PICO spans (PICO-Corpus, dev)"
        yield TrainedFigure(part, scores.documents, "F1, exact", scores.micro.exact_f1, scores.exact_interval)
        yield TrainedFigure(part, scores.documents, "F1, overlap", scores.micro.relaxed_f1, scores.relaxed_interval)
    if (corpora / "pmc_rct_jats.tar.xz").is_file():
        roles = role_accuracy(corpora / "pmc_rct_jats.tar.xz")
        yield TrainedFigure("roles of sentences (headed abstracts)", roles.abstracts, "accuracy", roles.accuracy, None)
    if (corpora / "ctro").is_dir():
        linked = link_scores(corpora / "ctro", "validation")
        part = "links of numbers (C-TrO, validation)"
        shares: tuple[tuple[str, Share], ...] = (
            ("values read", linked.read),
            ("arm of those read", linked.arms),
            ("endpoint of those read", linked.endpoint),
            ("arm and endpoint of those read", linked.both),
        )
        for figure, share in shares:
            yield TrainedFigure(part, linked.documents, figure, share.value, None)
