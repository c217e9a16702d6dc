"""Links the results of each sentence: effect estimates, values of arms, comparisons in words."""

from __future__ import annotations

from spacy.language import Language as SpacyLanguage
from spacy.tokens import Doc

from extractors.components.absences import absences
from extractors.components.arm_values import arm_values
from extractors.components.estimates import contrasts
from extractors.components.scene import Scene
from extractors.components.statements import statements
from extractors.components.zones import result_sentences
from extractors.reading import Reading, reading

COMPONENT = "evidence_results"


class ResultLinker:
    """Fills ``reading.results``, in order of the text."""

    def __call__(self, doc: Doc) -> Doc:
        """Go through the sentences that report results, carrying along what they are about."""
        found = reading(doc)
        topic = primary_endpoint(found)
        arms: tuple[int, ...] = ()
        for sentence in result_sentences(found):
            scene = Scene(found, sentence, topic, arms)
            planned = scene.cues("assumption")
            linked = [] if planned else [*contrasts(scene), *arm_values(scene), *absences(scene)]
            linked += statements(scene, linked)
            found.results.extend(linked)
            named = [m.index for m in scene.endpoints]
            topic = linked[-1].endpoint if linked else named[-1] if named else topic
            arms = tuple(dict.fromkeys(m.index for m in scene.arms)) or arms
        return doc


def primary_endpoint(found: Reading) -> int | None:
    """The one endpoint declared primary, or the only endpoint, or ``None``."""
    primary = [index for index, draft in enumerate(found.endpoints) if draft.role == "primary"]
    if len(primary) == 1:
        return primary[0]
    return 0 if len(found.endpoints) == 1 else None


@SpacyLanguage.factory(COMPONENT)
def create_results(nlp: SpacyLanguage, name: str) -> ResultLinker:
    """The component that links results."""
    return ResultLinker()
