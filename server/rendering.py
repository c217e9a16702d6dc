"""The template environment: the ontology's labels and words in the page's language, all escaped."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from ontology import label
from server import schemaorg, wording
from server.negotiation import LANGUAGES, Format, Language
from server.urls import Urls, doi_page, fragment, pubmed_page


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same thing in another format."""

    wanted: Format
    href: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds every page: its language, its address in each language, and its other formats."""

    language: Language
    here: dict[Language, str]
    alternates: tuple[Alternate, ...]


@pass_context
def _word(context: Context, name: str, **parts: str) -> str:
    """A word of the interface in the page's language, its {placeholders} filled with the parts."""
    return wording.word(name, context["frame"].language, **parts)


@pass_context
def _label(context: Context, iri: str) -> str:
    """A concept's or a term's name in the page's language."""
    return label(iri, context["frame"].language)


@pass_context
def _code(context: Context, iri: str) -> str:
    """A measure's short name (HR), or its name where it has none that is all capitals."""
    return wording.code(iri, context["frame"].language)


@pass_context
def _unit(context: Context, iri: str) -> str:
    """A unit's symbol where it has one without letters (%), else its name."""
    return wording.unit(iri, context["frame"].language)


@pass_context
def _quoted(context: Context, anchor: str) -> str:
    """The link to a quote: on the page itself, or where the page says that its texts stand."""
    return getattr(context["page"], "text_at", "") + fragment(anchor)


@pass_context
def _doubted(context: Context, anchor: str) -> str:
    """The link to a failed check: on the page itself, or on the one that has them."""
    return getattr(context["page"], "checks_at", "") + fragment(anchor)


@cache
def fingerprint(name: str) -> str:
    """A short hash of a static file, so that browsers fetch it anew when it changes."""
    return hashlib.sha256(files("server").joinpath("static", name).read_bytes()).hexdigest()[:12]


@cache
def environment() -> Environment:
    """The one environment; autoescaping is always on, and an unknown name in a template fails."""
    made = Environment(
        loader=PackageLoader("server"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(word=_word, word_in=wording.word, label=_label, code=_code, unit=_unit)
    made.globals.update(
        languages=LANGUAGES,
        fingerprint=fingerprint,
        fragment=fragment,
        quoted=_quoted,
        doubted=_doubted,
        doi_page=doi_page,
        pubmed_page=pubmed_page,
        about_trial=schemaorg.trial,
        about_dataset=schemaorg.dataset,
    )
    return made


def render(template: str, frame: Frame, urls: Urls, page: object) -> str:
    """The HTML of a page."""
    return environment().get_template(template).render(frame=frame, urls=urls, page=page)
