"""Measures whether numbers are tied to their arms, endpoints and times, on the C-TrO corpus of linked abstracts.

    python benchmarks/linking.py CORPUS [--part train|validation] [--errors arms|endpoint|time|read]

CORPUS is the folder ``ctro`` (ag-sc/Clinical-Trial-Information-Extraction): people tied each value of an outcome to
its arm, endpoint and time. ``--errors`` lists what is wrong, of the training part only: what is learned from there may
be learned, and the validation part stays unread.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kg.evaluation.linking import Link, link_scores, links

FIGURES = ("read", "arms", "endpoint", "both", "time")


def wrong(link: Link, figure: str) -> bool:
    """Whether a value counts against a figure."""
    if figure == "read":
        return link.read is None
    return link.read is not None and getattr(link, figure) is False


def line(link: Link) -> str:
    """The value with its surroundings and what was read of it."""
    text, value = link.abstract.text, link.value
    around = f"{text[max(0, value.start - 160) : value.start]}[{value.value}]{text[value.end : value.end + 100]}"
    said = ""
    if link.read is not None:
        said = f"{link.read['kind']} of {link.read.get('arms') or link.read.get('arm')}, {link.read['timepoint']}"
    return f"{link.abstract.name}: {' '.join(around.split())} | {said}\n"


def main() -> None:
    """Print the shares, or what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--part", choices=("train", "validation"), default="validation")
    parser.add_argument("--errors", choices=("read", "arms", "endpoint", "time"))
    given = parser.parse_args()
    if given.errors:
        sys.stdout.writelines(line(link) for link in links(given.corpus, "train") if wrong(link, given.errors))
        return
    scores = link_scores(given.corpus, given.part)
    sys.stdout.write(f"{given.part}: {scores.documents} abstracts with linked values\n")
    for figure in FIGURES:
        share = getattr(scores, figure)
        sys.stdout.write(f"{figure:9} {share.right} of {share.of} ({share.value:.2f})\n")


if __name__ == "__main__":
    main()
