"""The figures as Markdown tables, and as the generated block of a document whose prose is written by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from kg.evaluation.evaluation import Evaluation, PartResult
from kg.evaluation.figures import Bounds, Figure, Proportion
from kg.evaluation.problems import EvaluationProblem
from kg.evaluation.reliability import BINS, Reliability
from kg.evaluation.scoring import FIGURES, SHARES
from kg.evaluation.trained import TrainedFigure

OPENING, CLOSING = "<!-- figures: made by kg evaluate, not by hand -->", "<!-- end of figures -->"
_LANGUAGES = {"en": "English", "zh": "Chinese"}


class NoMarkers(EvaluationProblem):
    """A document without the two lines between which the figures go."""


def written(document: Path, block: str) -> None:
    """Put the block between the marker lines of the document; raises ``NoMarkers`` if it lacks them."""
    text = document.read_text("utf-8")
    before, opening, rest = text.partition(f"{OPENING}\n")
    _, closing, after = rest.partition(CLOSING)
    if not (opening and closing):
        raise NoMarkers(f"{document}: the figures go between the lines {OPENING!r} and {CLOSING!r}; add them")
    document.write_text(f"{before}{OPENING}\n\n{block}\n{CLOSING}{after}", encoding="utf-8")


def tables(evaluation: Evaluation, kept: Sequence[Reliability], models: Sequence[TrainedFigure]) -> str:
    """All tables with a line on each, as Markdown."""
    return "\n".join(
        (
            "F1, with the 95% interval over documents in brackets (bootstrap, 2,000 samples):",
            "",
            *table(evaluation, FIGURES, lambda result, name: _f1(result.figures.figures[name])),
            "",
            "Precision / recall:",
            "",
            *table(evaluation, FIGURES, lambda result, name: _pair(result.figures.figures[name])),
            "",
            "Right of those in the gold facts; in the last column, values of the design given where the gold facts "
            "have none or another:",
            "",
            *table(evaluation, (*SHARES, "design wrong"), _share),
            "",
            "Confidence: its mean squared error (Brier), in brackets that of giving every finding the same; the "
            "expected calibration error (ECE); and the share that is right of the findings whose confidence lies in "
            "each range:",
            "",
            *header(("Findings", "Brier", "ECE", *_ranges())),
            *(_reliability(item) for item in kept),
            "",
            *(_models(models) if models else ()),
        )
    )


def table(evaluation: Evaluation, columns: Iterable[str], cell: Callable[[PartResult, str], str]) -> Iterator[str]:
    """A Markdown table with a row for each part and language."""
    names = tuple(columns)
    yield from header(("Documents", *names))
    for result in evaluation.results:
        title = f"{result.part.title}, {_LANGUAGES[result.language]} ({result.figures.documents})"
        yield row((title, *(cell(result, name) for name in names)))


def header(columns: Iterable[str]) -> tuple[str, str]:
    """The first two lines of a Markdown table."""
    names = tuple(columns)
    return row(names), row("---" for _ in names)


def row(cells: Iterable[str]) -> str:
    """One line of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def _models(models: Sequence[TrainedFigure]) -> Iterator[str]:
    yield "Single parts, on documents that they have not learned from:"
    yield ""
    yield from header(("Part", "Documents", "Figure", "Value"))
    for item in models:
        yield row((item.part, str(item.documents), item.figure, f"{item.value:.2f}{_between(item.interval)}"))
    yield ""


def _ranges() -> Iterator[str]:
    yield f"below {BINS[1]}"
    yield from (f"{low}\u2013{high}" for low, high in zip(BINS[1:], (*BINS[2:], 1), strict=True))


def _reliability(item: Reliability) -> str:
    shares = (f"{b.right:.2f} of {b.findings}" if b.findings else "none" for b in item.bins)
    return row((f"{item.title} ({item.findings})", f"{item.brier:.2f} ({item.base:.2f})", f"{item.error:.2f}", *shares))


def _between(bounds: Bounds) -> str:
    return "" if bounds is None else f" ({bounds[0]:.2f}\u2013{bounds[1]:.2f})"


def _none(figure: Figure) -> bool:
    counts = figure.counts
    return not counts.right + counts.extra + counts.missed


def _f1(figure: Figure) -> str:
    return "none" if _none(figure) else f"{figure.f1:.2f}{_between(figure.interval)}"


def _pair(figure: Figure) -> str:
    return "none" if _none(figure) else f"{figure.precision:.2f} / {figure.recall:.2f}"


def _share(result: PartResult, name: str) -> str:
    if name == "design wrong":
        return str(result.figures.wrong_design)
    part: Proportion = result.figures.shares[name]
    return f"{part.share.right} of {part.share.of}" if part.share.of else "none"
