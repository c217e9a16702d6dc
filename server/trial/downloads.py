"""Files of a trial's page: its tables, its figures, its reports as references."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from server.contexts import TrialPage, trial_page
from server.convertors import language_of, register
from server.drawing import pixels
from server.facts import gather_brief
from server.lookup import find_trial
from server.negotiation import BIBTEX, CSV, PNG, RIS, SVG, XLSX, Format, Language
from server.problems import Problem
from server.question.references import bibtex, ris
from server.question.titles import citation
from server.sheets import csv_bytes, xlsx_bytes
from server.site import data_response, entity_tag, site_of, unchanged
from server.tables import EffectTable, EndpointGroup
from server.trial.figure import svg
from server.trial.tables import NAMES, Tables
from server.wording import word

FILES: Final = {wanted.name: wanted for wanted in (XLSX, CSV, SVG, PNG, RIS, BIBTEX)}
_SHOWN: Final = frozenset({SVG, PNG})

register()
router = APIRouter()


@router.get("/{language:language}/trial/{key:path}.{extension:file}")
def file(request: Request, language: str, key: str, extension: str, table: str = "results", plot: str = "") -> Response:
    """A table of the trial (by name), the workbook of all, a forest plot (by its place on the page), the references."""
    shown = language_of(language)
    site = site_of(request)
    snapshot = site.snapshots.newest()
    found = find_trial(snapshot.store, key)
    if found.key != key:
        return RedirectResponse(
            site.urls.trial_file(shown, found.key, extension, request.query_params.multi_items()), 307
        )
    etag = entity_tag(request, snapshot.version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    brief = gather_brief(snapshot.store, found)
    page = trial_page(brief.facts, shown, brief.quotes)
    wanted = FILES[extension]
    address = site.urls.base_iri.rstrip("/") + site.urls.trial(shown, key)
    cited = citation(page.title.text, snapshot.version, address, shown)
    response = data_response(_body(wanted, page, table, plot, cited, shown), wanted, etag)
    shows = "inline" if wanted in _SHOWN else "attachment"
    part = {CSV: f"-{table}", SVG: f"-{plot}", PNG: f"-{plot}"}.get(wanted, "")
    response.headers["Content-Disposition"] = f'{shows}; filename="trial{part}.{wanted.name}"'
    return response


def _body(wanted: Format, page: TrialPage, table: str, plot: str, cited: str, language: Language) -> bytes:
    if wanted in _SHOWN:
        group, effects = _plotted(page, plot)
        drawn = svg(group, effects, page.title.text, cited, language)
        return drawn.encode("utf-8") if wanted == SVG else pixels(drawn, len(effects.rows))
    if wanted in {RIS, BIBTEX}:
        return ris(page.reports, language) if wanted == RIS else bibtex(page.reports, language)
    tables = Tables(page, language)
    if wanted == XLSX:
        return xlsx_bytes(tables.all(), {name: word(f"trial-table-{name}", language) for name in NAMES}, cited)
    if table not in NAMES:
        raise Problem(400, f"table: one of {', '.join(NAMES)}")
    chosen = tables.named(table)
    if chosen is None:
        raise Problem(404, f"this trial has nothing for the table {table}")
    return csv_bytes(chosen)


def _plotted(page: TrialPage, plot: str) -> tuple[EndpointGroup, EffectTable]:
    plots = {
        f"{group.anchor}-{number}": (group, effects)
        for group in page.endpoints
        for number, effects in enumerate(group.effects, start=1)
    }
    if not plots:
        raise Problem(404, "this trial has no effect estimate to plot")
    if plot not in plots:
        raise Problem(400 if plot == "" else 404, f"plot: one of {', '.join(plots)}")
    return plots[plot]
