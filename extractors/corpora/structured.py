"""Sentences of structured abstracts with the role that the heading above them gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import ontology
from extractors.components.sentences import sentences_of
from extractors.corpora.articles import Article
from extractors.documents import Section
from extractors.normal import normalise
from extractors.readers.headings import bare, role_of
from extractors.sentence_roles import ROLES


@dataclass(frozen=True, slots=True)
class LabelledAbstract:
    """The sentences of an abstract and the role of each."""

    name: str
    sentences: tuple[str, ...]
    roles: tuple[str, ...]


def labelled_abstracts(found: Iterable[Article]) -> list[LabelledAbstract]:
    """The abstracts that carry headings for at least three roles, each heading clear about its role."""
    labelled = []
    for article in found:
        sentences: list[str] = []
        roles: list[str] = []
        for heading, text in article.abstract:
            role = heading_role(heading)
            if role is None:
                roles.clear()
                break
            if role in ROLES:
                normal = normalise(text)
                for sentence in sentences_of(normal, Section("", role, "en", 0, len(normal))):
                    sentences.append(text[sentence.start : sentence.end])
                    roles.append(role)
        if len(set(roles)) >= 3:
            labelled.append(LabelledAbstract(article.name, tuple(sentences), tuple(roles)))
    return labelled


def heading_role(heading: str) -> str | None:
    """The role below a heading, "objective" if it names nothing but aims, ``None`` if it leaves the role open."""
    label, _ = bare(heading)
    role = role_of(label)
    if role in ("abstract", "discussion"):
        return None
    if role != "background":
        return role or "other"
    aim = ontology.by_name("cues", "aim")
    aims = {aim.preferred["en"], *aim.alternatives["en"]}
    parts = label.casefold().replace("/", " ").replace("&", " ").split()
    named = [part in aims for part in parts if part != "and"]
    if any(named) and not all(named):
        return None
    return "objective" if any(named) else "background"


def split(abstracts: list[LabelledAbstract]) -> tuple[list[LabelledAbstract], list[LabelledAbstract]]:
    """The abstracts to learn from and those held out: every tenth by the article's name."""
    ordered = sorted(abstracts, key=lambda abstract: abstract.name)
    return [abstract for place, abstract in enumerate(ordered) if place % 10], ordered[::10]
