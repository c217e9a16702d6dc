"""Characters and words in one spelling, with every offset kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.components.numerals import number_words
from extractors.normal import normalise, word_form
from extractors.pipelines import load
from extractors.reading import Span


@pytest.mark.parametrize(
    ("printed", "normal"),
    [
        ("０.８６", "0.86"),
        ("0·86", "0.86"),
        ("P＜0.05", "P<0.05"),
        ("0.64～1.03", "0.64~1.03"),
        ("0.64–1.03", "0.64-1.03"),
        ("−6.0%", "-6.0%"),
        ("95％可信区间（CI）", "95%可信区间(CI)"),
        ("Ⅲ期", "Ⅲ期"),
        ("a · b", "a · b"),
    ],
)
def test_forms_fold_to_one_spelling(printed: str, normal: str) -> None:
    assert normalise(printed) == normal


@given(st.text())
def test_no_character_moves(text: str) -> None:
    assert len(normalise(text)) == len(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tumour", "Tumors"),
        ("randomised", "randomized"),
        ("haemoglobin", "hemoglobin"),
        ("centre", "centers"),
        ("therapies", "therapy"),
    ],
)
def test_spellings_of_a_word_have_one_form(one: str, other: str) -> None:
    assert word_form(one) == word_form(other)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"])))
def test_the_tokens_make_up_the_text(text: str) -> None:
    assert load("en").make_doc(text).text == text


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("DIAGNOSIS of OS", ["DIAGNOSIS", "of", "OS"]),
        ("总生存期OS为0.75", ["总", "生", "存", "期", "OS", "为", "0.75"]),
        ("95%CI", ["95", "%", "CI"]),
    ],
)
def test_words_and_numbers_stay_whole(text: str, tokens: list[str]) -> None:
    assert [token.text for token in load("zh").make_doc(text)] == tokens


@pytest.mark.parametrize(
    ("language", "words", "value"),
    [
        ("en", "Five hundred seventy", 570),
        ("en", "Three-hundred fifty-one", 351),
        ("en", "Ninety", 90),
        ("en", "forty-seven", 47),
        ("en", "one thousand two hundred and six", 1206),
        ("zh", "四十七", 47),
        ("zh", "三百五十一", 351),
        ("zh", "十五", 15),
        ("zh", "一千零二", 1002),
        ("zh", "两", 2),
    ],
)
def test_number_words(language: str, words: str, value: int) -> None:
    (found,) = number_words(words, Span(0, len(words)), language)
    assert found[1].value == value
    assert found[1].text == words
