"""Measures the checks of printed numbers on full texts: alarms for each check and for 100 papers, and time.

    python benchmarks/audit.py FOLDER [--first N] [--alarms FILE]

FOLDER holds JATS files (the unpacked archive of open-access trial articles). Their abstracts and bodies are written out
as plain text with headings, without tables and figures, and read as any paper is. --alarms writes each alarm with its
sentences, to be read against the paper by a person. Ten thousand made papers for each check, which must never alarm:

    AUDIT_CASES=10000 python -m pytest tests/test_audit.py -k never_alarm
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from running import percentile

from extractors.documents import UnreadableDocument
from extractors.readers import MAX_BYTES, read_bytes
from kg.audit.checks import Check
from kg.audit.paper import audit
from kg.reading import extract

VERDICTS = ("consistent", "inconsistent", "cannot tell")
_SPACE = re.compile(r"\s+")


def text_of(element: ElementTree.Element) -> str:
    """The element's text in one line."""
    return _SPACE.sub(" ", "".join(element.itertext())).strip()


def abstract(root: ElementTree.Element) -> Iterator[str]:
    """The parts of the main abstract, each with its heading in front."""
    for found in root.iterfind(".//front//abstract"):
        if found.get("abstract-type") is not None:
            continue
        for part in found.findall("sec") or [found]:
            heading = part.find("title")
            name = "" if heading is None else f"{text_of(heading).rstrip(':').upper()}: "
            yield name + " ".join(text_of(child) for child in part if child.tag != "title")
        return


def body(section: ElementTree.Element, depth: int = 0) -> Iterator[str]:
    """The paragraphs and headings of the body, in order; what floats is left out."""
    for child in section:
        if child.tag == "title" and text_of(child):
            yield text_of(child).upper() if depth < 2 else text_of(child)
        elif child.tag == "sec":
            yield from body(child, depth + 1)
        elif child.tag == "p":
            for parent in list(child.iter()):
                for floating in [one for one in parent if one.tag in ("table-wrap", "fig")]:
                    parent.remove(floating)
            yield text_of(child)


def paper(path: Path) -> str | None:
    """The article as plain text, ``None`` for one without a body."""
    root = ElementTree.parse(path).getroot()  # noqa: S314  (a corpus of our own choice)
    main, title = root.find(".//body"), root.find(".//front//article-title")
    if main is None or title is None:
        return None
    return "\n\n".join(part for part in (text_of(title), *abstract(root), *body(main)) if part) + "\n"


def sentences(text: str, check: Check) -> Iterator[str]:
    """The sentence around each input, each once."""
    seen = set()
    for read in check.inputs:
        for piece in read.evidence:
            start = max(text.rfind("\n", 0, piece.start), text.rfind(". ", 0, piece.start)) + 1
            ends = [end for end in (text.find(". ", piece.end), text.find("\n", piece.end)) if end >= 0]
            found = text[start : min(ends, default=len(text))].strip()
            if found not in seen:
                seen.add(found)
                yield found


def main() -> None:
    """Read the articles, count verdicts, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--first", type=int, default=None, metavar="N", help="the first N files in order of name")
    parser.add_argument("--alarms", type=Path, default=None, metavar="FILE")
    arguments = parser.parse_args()
    counted: Counter[tuple[str, str]] = Counter()
    seconds, alarms, alarmed = [], [], 0
    for path in sorted(arguments.folder.glob("*.xml"))[: arguments.first]:
        text = paper(path)
        if text is None:
            continue
        try:
            document = read_bytes(text.encode(), path.name, MAX_BYTES)
            facts = extract(document)
        except UnreadableDocument:
            continue
        started = time.process_time()
        checks = audit(document, facts).checks
        seconds.append(time.process_time() - started)
        counted.update((check.kind, check.verdict) for check in checks)
        wrong = [check for check in checks if check.verdict == "inconsistent"]
        alarmed += bool(wrong)
        for check in wrong:
            said = "\n".join(f"    {sentence}" for sentence in sentences(document.text, check))
            alarms.append(f"{path.stem} {check.kind}\n  {check.explanation('en')}\n{said}\n")
    papers = len(seconds)
    times = f"median {percentile(seconds, 0.5)} ms, 95% below {percentile(seconds, 0.95)} ms"
    lines = [f"{papers} papers; alarms in {alarmed}; {times}"]
    lines.append(f"{'check':28}" + "".join(f"{verdict:>14}" for verdict in VERDICTS) + f"{'per 100 papers':>16}")
    for kind in sorted({kind for kind, _ in counted}):
        numbers = [counted[kind, verdict] for verdict in VERDICTS]
        lines.append(
            f"{kind:28}" + "".join(f"{number:14}" for number in numbers) + f"{100 * numbers[1] / papers:16.2f}"
        )
    lines.append(f"{'all':28}{'':14}{len(alarms):14}{'':14}{100 * len(alarms) / papers:16.2f}")
    sys.stdout.write("\n".join(lines) + "\n")
    if arguments.alarms is not None:
        arguments.alarms.write_text("\n".join(alarms), encoding="utf-8")


if __name__ == "__main__":
    main()
