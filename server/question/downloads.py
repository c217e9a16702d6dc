"""What can be taken away from the page of a question: tables, figure, references, as files; the answer as JSON."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from kg.question.results import Result
from ontology import by_name, label
from server.convertors import language_of, register
from server.interface import PREFIX, PROBLEM
from server.negotiation import BIBTEX, CSV, JSON, PNG, RIS, SVG, XLSX, Format, Language
from server.problems import Problem
from server.question.address import PARTS, Address, question_of, read_address, resolved
from server.question.data import QuestionAnswer, question_answer
from server.question.figure import png, svg
from server.question.page import question_page
from server.question.references import bibtex, ris
from server.question.tables import NAMES, Tables
from server.question.views import QuestionPage
from server.question.wanted import answered, used
from server.sheets import csv_bytes, xlsx_bytes
from server.site import data_response, entity_tag, frame_for, page_response, site_of, unchanged

FILES: Final = {wanted.name: wanted for wanted in (CSV, XLSX, SVG, PNG, RIS, BIBTEX)}
# The parameters of the interface, which read_address reads from the query itself.
_PARAMETERS: Final = [
    *((part, False, f"A concept of {scheme} by name, or any of its words.") for part, scheme in PARTS.items()),
    ("measure", False, "What is combined, such as hazard-ratio; the commonest if not given."),
    ("model", False, "reml, dl, pm or fixed."),
    ("interval", False, "normal or hk."),
    ("risk", False, "A baseline risk in percent."),
    ("by", False, "An aspect of the design."),
    *((name, True, "Chosen trials by key, or estimates by id.") for name in ("take", "leave", "turn", "add")),
]
_OPENAPI: Final[dict[str, Any]] = {
    "parameters": [
        {
            "name": name,
            "in": "query",
            "required": name == "endpoint",
            "description": words,
            "schema": {"type": "array", "items": {"type": "string"}}
            if many
            else {"type": "string", "maxLength": 300, "minLength": int(name == "endpoint")},
        }
        for name, many, words in _PARAMETERS
    ]
}
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    400: {**PROBLEM, "description": "A parameter that cannot be used; the detail names it."},
    503: {**PROBLEM, "description": "Nothing is published."},
}

register()
router = APIRouter()
interface = APIRouter(prefix=PREFIX, tags=["question"])


@interface.get("/question", response_model=QuestionAnswer, responses=_PROBLEMS, openapi_extra=_OPENAPI)
def question_data(request: Request) -> Response:
    """All trials that answer a clinical question, their estimates as printed, and what they say together."""
    site = site_of(request)
    address = resolved(read_address(request.query_params.multi_items()))
    snapshot = site.snapshots.newest()
    etag = entity_tag(request, snapshot.version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    result = answered(snapshot, _known(address))
    page = f"{site.urls.base_iri.rstrip('/')}{address.href(site.urls, 'en')}"
    body = json.dumps(_finite(asdict(question_answer(result, page))), ensure_ascii=False, allow_nan=False)
    return data_response(body.encode("utf-8"), JSON, etag)


def _finite(value: object) -> object:
    """The value without numbers that JSON cannot say."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    return [_finite(one) for one in value] if isinstance(value, list) else value


def _known(address: Address) -> Address:
    """The address, if it asks a question; raises Problem (400) naming what it lacks or what nobody knows."""
    if question_of(address) is None:
        lacking = [part for part in PARTS if getattr(address, part)] if address.endpoint else ["endpoint"]
        raise Problem(400, f"{', '.join(lacking)}: name a concept of the vocabulary, or one of its words")
    return address


@router.get("/{language:language}/question/summary")
def printable(request: Request, language: str) -> Response:
    """The summary of findings alone, to print or to paste into a document."""
    shown = language_of(language)
    page, _ = _answer(request, shown)
    if page.answer is None or page.answer.summary is None:
        raise Problem(404, "nothing is combined for this question")
    return page_response(request, "question_summary.html", frame_for(request, shown), page)


@router.get("/{language:language}/question.{extension}")
def file(request: Request, language: str, extension: str, table: str = "forest") -> Response:
    """A table (by name) or the workbook of all, the figure, or the references."""
    wanted = FILES.get(extension)
    if wanted is None:
        raise Problem(404, f"a question is not written as .{extension}; there are {', '.join(FILES)}")
    shown = language_of(language)
    version = site_of(request).snapshots.newest().version
    etag = entity_tag(request, version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    page, result = _answer(request, shown)
    response = data_response(_body(wanted, table, page, result, shown), wanted, etag)
    name = f"question-{table}" if wanted == CSV else "question"
    shows = "inline" if wanted in {SVG, PNG} else "attachment"
    response.headers["Content-Disposition"] = f'{shows}; filename="{name}.{wanted.name}"'
    return response


def _answer(request: Request, language: Language) -> tuple[QuestionPage, Result]:
    site = site_of(request)
    address = _known(resolved(read_address(request.query_params.multi_items())))
    snapshot = site.snapshots.newest()
    result = answered(snapshot, address)
    return question_page(result, address, used(snapshot), site.urls, language, snapshot.version), result


def _body(wanted: Format, table: str, page: QuestionPage, result: Result, language: Language) -> bytes:
    if wanted in {SVG, PNG}:
        return _figure(wanted, page, language)
    if wanted in {RIS, BIBTEX}:
        reports = [report for one in result.taken for report in one.trial.reports]
        return ris(reports, language) if wanted == RIS else bibtex(reports, language)
    tables = Tables(result, page, language)
    if wanted == XLSX:
        titles = {name: label(by_name("interface", f"question-table-{name}").iri, language) for name in NAMES}
        found = tables.all()
        if not found:
            raise Problem(404, "there is no table for this question")
        return xlsx_bytes(found, titles, page.permanent)
    if table not in NAMES:
        raise Problem(400, f"table: one of {', '.join(NAMES)}")
    chosen = tables.named(table)
    if chosen is None:
        raise Problem(404, f"there is nothing for the table {table} of this question")
    return csv_bytes(chosen)


def _figure(wanted: Format, page: QuestionPage, language: Language) -> bytes:
    if page.answer is None or not page.answer.rows:
        raise Problem(404, "there is no figure for this question")
    if wanted == PNG:
        return png(page.answer, page.title, page.citation, language)
    return svg(page.answer, page.title, page.citation, language).encode("utf-8")
