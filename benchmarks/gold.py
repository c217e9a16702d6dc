"""Scores what is read against gold facts, the part used while building apart from the part set aside.

    python benchmarks/gold.py GOLD

GOLD holds the scorer score.py and the folders dev/, dev_zh/ and seed/. Of dev/, the fifteen documents whose names have
the smallest SHA-256 digests are set aside: they are scored, and their failures are never looked at.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

SET_ASIDE = 15


def split(dev: Path) -> tuple[list[Path], list[Path]]:
    """The documents used while building and those set aside."""
    ordered = sorted(dev.iterdir(), key=lambda folder: hashlib.sha256(folder.name.encode()).hexdigest())
    return sorted(ordered[SET_ASIDE:]), sorted(ordered[:SET_ASIDE])


def score(gold: Path, documents: list[Path], title: str) -> None:
    """Print the scorer's figures for the documents, in each language they have."""
    with tempfile.TemporaryDirectory() as folder:
        for document in documents:
            (Path(folder) / document.name).symlink_to(document.resolve())
        kg = Path(sys.executable).parent / "kg"
        command = [sys.executable, str(gold / "score.py"), folder, "--run", f"{kg} extract"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    sys.stdout.write(f"## {title} ({len(documents)} documents)\n{done.stdout}\n")


def main() -> None:
    """Score the seed record, both parts of dev, and the Chinese papers."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    gold = Path(sys.argv[1]).resolve()
    building, aside = split(gold / "dev")
    score(gold, [gold / "seed" / "record"], "seed record")
    score(gold, building, "dev, used while building")
    score(gold, aside, "dev, set aside")
    score(gold, sorted((gold / "dev_zh").iterdir()), "printed in Chinese")


if __name__ == "__main__":
    main()
