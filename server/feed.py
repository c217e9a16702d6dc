"""The feed of new and changed trials in Atom (RFC 4287), in each language."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from fastapi import APIRouter, Request
from starlette.responses import Response

from kg.summary import Change, Summary
from server.convertors import language_of, register
from server.evidence import in_language
from server.negotiation import Language
from server.problems import Problem
from server.site import entity_tag, mark, site_of, unchanged
from server.urls import Urls
from server.wording import word

MEDIA_TYPE: Final = "application/atom+xml"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_XML: Final = "{http://www.w3.org/XML/1998/namespace}"

register()
register_namespace("", _ATOM)
router = APIRouter()


@router.get("/{language:language}/feed.atom")
def feed(request: Request, language: str) -> Response:
    """The latest changes, newest first, as they were written when the graph was published."""
    shown = language_of(language)
    site = site_of(request)
    snapshot = site.snapshots.newest()
    etag = entity_tag(request, snapshot.version)
    if (kept := unchanged(request, etag)) is not None:
        return kept
    summary = site.snapshots.summary(snapshot)
    if not summary.time:
        raise Problem(503, "the graph was published without a list of its changes; publish it again: kg publish")
    response = Response(atom(summary, shown, site.urls), media_type=MEDIA_TYPE)
    response.headers["Content-Language"] = shown
    response.headers["Access-Control-Allow-Origin"] = "*"
    mark(response, etag)
    return response


def atom(summary: Summary, language: Language, urls: Urls) -> bytes:
    """The feed as XML; its ids are the IRI of each trial and the address of the feed below the base of the graph."""
    root = urls.base_iri.rstrip("/")
    made = Element(f"{{{_ATOM}}}feed", {f"{_XML}lang": language})
    _text(made, "id", root + urls.feed(language))
    _text(made, "title", word("feed", language))
    _text(made, "updated", summary.time)
    _text(SubElement(made, f"{{{_ATOM}}}author"), "name", word("site", language))
    for relation, address in (("self", urls.feed(language)), ("alternate", urls.about(language))):
        SubElement(made, f"{{{_ATOM}}}link", rel=relation, href=root + address)
    for change in summary.changes:
        _entry(made, change, language, root + urls.trial(language, change.key))
    written: bytes = tostring(made, encoding="utf-8", xml_declaration=True)
    return written


def _entry(feed: Element, change: Change, language: Language, address: str) -> None:
    entry = SubElement(feed, f"{{{_ATOM}}}entry")
    title = in_language(change.titles, language)
    _text(entry, "id", change.trial)
    _text(entry, "title", title.text if title else change.key)
    _text(entry, "updated", change.time)
    _text(entry, "summary", f"{word(f'feed-{change.kind}', language)}: {change.key}")
    SubElement(entry, f"{{{_ATOM}}}category", term=change.kind, label=word(f"feed-{change.kind}", language))
    SubElement(entry, f"{{{_ATOM}}}link", rel="alternate", type="text/html", hreflang=language, href=address)


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, f"{{{_ATOM}}}{name}").text = "".join(sign for sign in text if sign.isprintable())
