"""From a document to its findings: one spaCy pipeline for each language, loaded once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from spacy.language import Language as SpacyLanguage
from spacy.util import load_model_from_config
from thinc.api import Config

import extractors.components  # (registers the factories that the configurations name)
import extractors.tables.component  # noqa: F401  (the same)
import ontology
from extractors.assemble import assemble
from extractors.components.arm_evidence import is_opposed
from extractors.documents import Document, Language, UnreadableDocument
from extractors.findings import Facts
from extractors.normal import normalise
from extractors.publications import kinds_of
from extractors.readers.registries.facts import composed
from extractors.reading import Reading, Sentence, reading


class NotATrial(UnreadableDocument):
    """A text that reports no trial: nothing of it may enter the graph."""


@cache
def load(language: Language) -> SpacyLanguage:
    """The pipeline of a language, "en" or "zh"; loading takes about a second, further calls nothing."""
    config = Config().from_str(files("extractors").joinpath(f"configs/{language}.cfg").read_text("utf-8"))
    return load_model_from_config(config, auto_fill=True)


def read_language(document: Document, language: Language, *, models: bool = True, until: str = "") -> Reading:
    """Everything the pipeline of one language reads of a document, with the trained models or by rules alone.

    ``until`` names the component before which the reading ends; without it all of them read.
    """
    nlp = load(language)
    normal = normalise(document.text)
    doc = nlp.make_doc(normal)
    doc.user_data["reading"] = Reading(document, language, normal, models=models)
    for name, component in nlp.pipeline:
        if name == until:
            break
        doc = component(doc)
    return reading(doc)


def extract(document: Document, *, models: bool = True) -> tuple[Facts, ...]:
    """The findings of a document, one ``Facts`` for each of its languages, English first.

    Those of a registry record are its fields, of all languages in one. With ``models`` off the trained models are
    neither loaded nor asked: only the rules read.
    Raises ``NotATrial`` for a text that is not the report of a study of people: a review, a recipe, a letter.
    """
    if document.record is not None:
        return (composed(document.record, document.id).facts,)
    readings = [read_language(document, language, models=models) for language in document.languages]
    reason = why_no_trial(readings)
    if reason is not None:
        raise NotATrial(reason)
    return tuple(assemble(found) for found in readings)


def why_no_trial(readings: list[Reading]) -> str | None:
    """Why the readings are not of a trial report, or ``None`` if they are.

    What the database says of its record counts before its words. A review says so in its title, has the headings of
    one, or speaks of reviewing and assigns nobody. A trial report assigns people, sets arms against each other, lets
    people change over between them, calls itself a trial, is registered, or gives an effect estimate.
    """
    kinds = kinds_of(readings[0].document)
    if "trial" in kinds:
        return None
    if "notice" in kinds:
        return "this is a letter, a comment or a notice on another paper; give the report of the trial itself"
    if "review" in kinds or any(_is_review(found) for found in readings):
        return (
            "this is a review of studies, not the report of a trial; give the reports of the trials themselves instead"
        )
    if not any(_is_study(found) for found in readings):
        return (
            "no trial is reported here: nobody is assigned to arms, no effect is estimated and no trial "
            "registration is given; check that the file is the abstract or full text of a trial"
        )
    return None


def _is_review(found: Reading) -> bool:
    headings = {(section.heading or "").casefold() for section in found.document.sections if section.in_abstract}
    known = ontology.forms("publications", found.language)
    if any(known.get(heading, "").endswith("/review-section") for heading in headings):
        return True
    titles = [s for s in found.sentences if s.role == "title"]
    if any(found.terms_in(title, "cues", "review") for title in titles):
        return True
    said = [t for s in found.sentences if s.role != "background" for t in found.terms_in(s, "cues", "review")]
    return len(said) >= 2 and not any(r.role == "own" for r in found.registrations)


def _says_trial(found: Reading, sentence: Sentence) -> bool:
    """Whether the study calls itself a trial; background and conclusions speak of others too and have to say "this"."""
    named = found.terms_in(sentence, "cues", "trial")
    pointed = found.terms_in(sentence, "cues", "this-study")
    own = sentence.role in ("title", "methods", "abstract")
    return bool(named) and (own or any(cue.start < named[-1].start for cue in pointed))


def _is_study(found: Reading) -> bool:
    estimated = any(link.quantity and link.quantity.contrast for link in found.results)
    registered = any(r.role == "own" for r in found.registrations)
    designed = any(fact.aspect in ("allocation", "phase", "masking") for fact in found.design)
    designed = designed or any(_says_trial(found, sentence) for sentence in found.sentences)
    crossed = any(fact.aspect == "structure" for fact in found.design) and len(found.arms) > 1
    if crossed or (is_opposed(found) and (found.results or found.probabilities)):
        return True
    reported = found.arms or found.counts or found.results or found.probabilities or found.endpoints
    return bool(estimated or registered or (designed and reported))
