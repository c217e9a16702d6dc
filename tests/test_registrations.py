"""Registry identifiers in the spellings that papers use, and whose trial each is."""

import pytest
from texts import read

from extractors.documents import Language


@pytest.mark.parametrize(
    ("language", "printed", "identifier", "registry"),
    [
        ("en", "ClinicalTrials.gov number, NCT01942135.", "NCT01942135", "ClinicalTrials.gov"),
        ("en", "ClinicalTrials.gov NCT 01942135 .", "NCT01942135", "ClinicalTrials.gov"),
        ("zh", "注册号NCT01942135。", "NCT01942135", "ClinicalTrials.gov"),
        ("en", "[ISRCTN89462491]", "ISRCTN89462491", "ISRCTN"),
        ("en", "UMIN Clinical Trials Registry (UMIN 000005586)", "UMIN000005586", "UMIN-CTR"),
        ("en", "UMIN-CTR 000005586", "UMIN000005586", "UMIN-CTR"),
        ("zh", "日本临床试验注册中心（jRCTs031180151）", "jRCTs031180151", "jRCT"),
        ("en", "Registered as chictr-trc-12002222.", "ChiCTR-TRC-12002222", "ChiCTR"),
        ("zh", "中国临床试验注册中心（ChiCTR2300070727）", "ChiCTR2300070727", "ChiCTR"),
        ("en", "Trial registration: Nederlands Trial Register NTR5840", "NTR5840", "NTR/NL/OMON"),
        ("en", "Trial registration: Netherlands Trial Register (NTR: 1786)", "NTR1786", "NTR/NL/OMON"),
        ("en", "ACTRN12607000010493http://anzctr.example", "ACTRN12607000010493", "ANZCTR"),
        ("en", "Australian registry ACTRN012606000098538", "ACTRN12606000098538", "ANZCTR"),
        ("en", "EudraCT number 2004-000119-24", "2004-000119-24", "EudraCT"),
        ("en", "CTRI/2023/04/052053", "CTRI/2023/04/052053", "CTRI"),
    ],
)
def test_an_identifier_in_its_registrys_spelling(
    language: Language, printed: str, identifier: str, registry: str
) -> None:
    (found,) = read(language, registration=printed).registrations
    assert (found.identifier, found.role) == (identifier, "own")
    assert found.registry.casefold().split("/")[0] in registry.casefold()


@pytest.mark.parametrize(
    "text",
    [
        "Coronavirus NL63 was found in 12 patients.",
        "The grant 2020-51234-12 paid for this.",
        "DIAGNOSIS and CHRONIC are words.",
    ],
)
def test_what_only_looks_like_an_identifier(text: str) -> None:
    assert read("en", results=text).registrations == []


def test_a_registration_beside_the_approval_of_the_ethics_is_the_trials_own() -> None:
    found = read(
        "en",
        methods="Adults were randomised to drug A or placebo.",
        ethics="The committee approved the study, which was registered at the Iranian registry, IRCT2016061128392N1.",
    )
    assert {r.identifier: r.role for r in found.registrations} == {"IRCT2016061128392N1": "own"}


def test_identifiers_of_other_trials_are_only_mentioned() -> None:
    found = read(
        "en",
        methods="This study is registered as UMIN000005586.",
        discussion="We also started a new trial (jRCTs031230439, NCT06135714) for local therapy.",
    )
    assert {r.identifier: r.role for r in found.registrations} == {
        "UMIN000005586": "own",
        "jRCTs031230439": "mentioned",
        "NCT06135714": "mentioned",
    }
