"""The addresses of evidence networks: the page in each language, its comparisons as a table, its drawing."""

from __future__ import annotations

from typing import Annotated, Final

import resvg_py
from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from kg.question.network import Network, network
from ontology import by_name, label
from server.convertors import language_of, register
from server.negotiation import CSV, PNG, SVG, Language
from server.network.page import NetworkPage, network_page, parameters, treatment_name
from server.problems import Problem
from server.question.address import find_concept
from server.question.wanted import used
from server.rendering import Alternate
from server.sheets import Table, csv_bytes
from server.site import data_response, entity_tag, frame_for, page_response, site_of, unchanged

_FILES: Final = {wanted.name: wanted for wanted in (CSV, SVG, PNG)}
_Word = Annotated[str, Query(max_length=300)]

register()
router = APIRouter()


@router.get("/{language:language}/network")
def page(request: Request, language: str, condition: _Word = "", endpoint: _Word = "") -> Response:
    """The evidence network of a condition, of all its trials or of those with an estimate for an endpoint."""
    shown = language_of(language)
    site = site_of(request)
    asked = parameters(_name("conditions", condition), _name("endpoints", endpoint))
    if request.query_params.multi_items() != asked:
        return RedirectResponse(site.urls.network(shown, asked), 302)
    snapshot = site.snapshots.newest()
    etag = entity_tag(request, snapshot.version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    made = _page(request, condition, endpoint, shown)[0]
    there = made.state == "answer"
    alternates = tuple(Alternate(f, site.urls.network(shown, asked, f.name)) for f in _FILES.values() if there)
    return page_response(request, "network.html", frame_for(request, shown, alternates), made, etag=etag)


@router.get("/{language:language}/network.{extension}")
def file(request: Request, language: str, extension: str, condition: _Word = "", endpoint: _Word = "") -> Response:
    """The comparisons as a table, or the drawing."""
    wanted = _FILES.get(extension)
    if wanted is None:
        raise Problem(404, f"a network is not written as .{extension}; there are {', '.join(_FILES)}")
    shown = language_of(language)
    made, found = _page(request, condition, endpoint, shown)
    if made.drawing is None or found is None:
        raise Problem(404, "there is no network for this condition")
    if wanted == CSV:
        body = csv_bytes(_table(found, shown))
    else:
        drawn = made.drawing.svg(made.title, links=False)
        body = (
            drawn.encode("utf-8")
            if wanted == SVG
            else bytes(resvg_py.svg_to_bytes(svg_string=drawn, zoom=2, background="#ffffff"))
        )
    response = data_response(body, wanted)
    shows = "attachment" if wanted == CSV else "inline"
    response.headers["Content-Disposition"] = f'{shows}; filename="network.{wanted.name}"'
    return response


def _name(scheme: str, text: str) -> str:
    """The name of the concept that the words mean, else the words."""
    words = " ".join(text.split())
    found = find_concept(scheme, words) if words else None
    return found.name if found else words


def _page(request: Request, condition: str, endpoint: str, language: Language) -> tuple[NetworkPage, Network | None]:
    site = site_of(request)
    snapshot = site.snapshots.newest()
    of_whom = find_concept("conditions", condition) if condition else None
    measured = find_concept("endpoints", endpoint) if endpoint else None
    askable = of_whom is not None and (measured is not None or not endpoint)
    found = network(snapshot.store, of_whom.iri, measured.iri if measured else None) if of_whom and askable else None
    made = network_page(found, condition, endpoint, dict(used(snapshot)), site.urls, language)
    return made, found


def _table(found: Network, language: Language) -> Table:
    words = ("network-treatment", "network-compared", "question-number-of-trials", "question-people", "trials")
    return Table(
        "network",
        tuple(label(by_name("interface", name).iri, language) for name in words),
        tuple(
            (
                treatment_name(one.first, language),
                treatment_name(one.second, language),
                len(one.trials),
                one.people,
                "; ".join(trial.key for trial in one.trials),
            )
            for one in found.comparisons
        ),
    )
