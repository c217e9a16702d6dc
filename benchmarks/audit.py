"""Measures the checks of printed numbers: on papers, and on made cases of which it is known whether they fit.

    python benchmarks/audit.py FOLDER [--sample N] [--alarms FILE]
    python benchmarks/audit.py --cases 10000 [--kind KIND ...]

FOLDER holds papers of any kind that is read, such as the unpacked archive of open-access trial articles; --sample takes
N of them by chance, the same ones each time. Printed are the verdicts for each check, the alarms for 100 papers and the
time. --alarms writes each alarm with its sentences, to be read against the paper by a person.

--cases makes as many true cases for each check, rounded as reports print them, none of which may alarm, and as many
with an error planted that matters to a reader, nearly all of which must be found.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

from audit_numbers import NUMBERS
from audit_sums import SUMS
from audit_texts import TEXTS
from running import percentile

from extractors.documents import UnreadableDocument
from extractors.readers import MAX_BYTES, read
from kg.audit.checks import Check
from kg.audit.paper import audit
from kg.reading import extract

VERDICTS = ("consistent", "inconsistent", "cannot tell")
_LONGEST = 600


def _chance(seed: int | str) -> Random:
    """A source of chance that gives the same each time."""
    return Random(seed)  # noqa: S311 - nothing here is a secret


def chosen(folder: Path, sample: int | None) -> list[Path]:
    """The papers of the folder, or so many of them, taken by chance."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    _chance(8).shuffle(files)
    return files[:sample]


def sentences(check: Check) -> Iterator[str]:
    """What the inputs were read from, each sentence, row or cell once."""
    seen = set()
    for read_ in check.inputs:
        for piece in read_.evidence:
            if piece.quote not in seen:
                seen.add(piece.quote)
                yield " ".join(piece.quote.split())[:_LONGEST]


def of_papers(folder: Path, sample: int | None, alarms: Path | None) -> None:
    """Read the papers, count verdicts, print the table."""
    counted: Counter[tuple[str, str]] = Counter()
    seconds, written, alarmed = [], [], 0
    for path in chosen(folder, sample):
        try:
            document = read(path, MAX_BYTES)
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
            said = "\n".join(f"    {sentence}" for sentence in sentences(check))
            written.append(f"{path.stem} {check.kind}\n  {check.explanation('en')}\n{said}\n")
    papers = len(seconds)
    times = f"median {percentile(seconds, 0.5)} ms, 95% below {percentile(seconds, 0.95)} ms"
    lines = [f"{papers} papers; alarms in {alarmed}; {times}"]
    lines.append(f"{'check':28}" + "".join(f"{verdict:>14}" for verdict in VERDICTS) + f"{'per 100 papers':>16}")
    for kind in sorted({kind for kind, _ in counted}):
        numbers = [counted[kind, verdict] for verdict in VERDICTS]
        lines.append(
            f"{kind:28}" + "".join(f"{number:14}" for number in numbers) + f"{100 * numbers[1] / papers:16.2f}"
        )
    lines.append(f"{'all':28}{'':14}{len(written):14}{'':14}{100 * len(written) / papers:16.2f}")
    sys.stdout.write("\n".join(lines) + "\n")
    if alarms is not None:
        alarms.write_text("\n".join(written), encoding="utf-8")


def of_cases(number: int, kinds: list[str]) -> None:
    """Make true and planted cases for each check, or for those named, print how many alarm."""
    sys.stdout.write(f"{'check':28}{'true: alarms':>14}{'planted: found':>16}\n")
    cases = {**NUMBERS, **SUMS, **TEXTS}
    for kind, case in sorted((kind, cases[kind]) for kind in kinds or cases):
        alarms = sum(case(_chance(f"{kind} true {place}"), False) == "inconsistent" for place in range(number))
        found = sum(case(_chance(f"{kind} planted {place}"), True) == "inconsistent" for place in range(number))
        sys.stdout.write(f"{kind:28}{alarms:14}{100 * found / number:15.2f}%\n")
        sys.stdout.flush()


def main() -> None:
    """Measure on papers or on made cases."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--sample", type=int, default=None, metavar="N", help="so many of the files, taken by chance")
    parser.add_argument("--alarms", type=Path, default=None, metavar="FILE")
    parser.add_argument("--cases", type=int, default=None, metavar="N", help="made cases for each check instead")
    parser.add_argument("--kind", action="append", default=[], metavar="KIND", choices={**NUMBERS, **SUMS, **TEXTS})
    arguments = parser.parse_args()
    if arguments.cases is not None:
        of_cases(arguments.cases, arguments.kind)
    elif arguments.folder is not None:
        of_papers(arguments.folder, arguments.sample, arguments.alarms)
    else:
        parser.error("name a folder of papers, or the number of made cases")


if __name__ == "__main__":
    main()
