"""Reads the parts of a whole article once the trial's arms are known."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.article_findings import ArticleFindings
from extractors.reading import Reading
from extractors.sections.citations import citations
from extractors.sections.eligibility import criteria
from extractors.sections.flow import flow
from extractors.sections.planning import plan_facts
from extractors.sections.quotations import quotations
from extractors.sections.regimens import regimens
from extractors.sections.works import works


def article_findings(found: Reading, arms: Sequence[str]) -> ArticleFindings | None:
    """What the article says beside its results, ``None`` for a record; ``arms`` are the arms' keys in order."""
    if found.document.kind != "article":
        return None
    cited = works(found.document)
    return ArticleFindings(
        criteria=criteria(found),
        flow=flow(found, arms),
        works=cited,
        citations=citations(found, cited),
        quotations=quotations(found),
        regimens=regimens(found, arms),
        plan=plan_facts(found),
    )
