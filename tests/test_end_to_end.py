"""From papers on disk to the graph, as a user runs it: same input, same bytes, whatever the seed and the order."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def kg(*arguments: str, data: Path, seed: str = "0") -> subprocess.CompletedProcess[bytes]:
    """Run the command with its own data folder and hash seed."""
    environment = {**os.environ, "KG_DATA": str(data), "PYTHONHASHSEED": seed}
    command = [str(Path(sys.executable).parent / "kg"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, check=False)


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory, examples: Path) -> list[bytes]:
    """The exported graph of two runs over the examples: other hash seed, other order of files."""
    files = sorted(str(path) for path in examples.glob("*.txt"))
    found = []
    for seed, order in (("1", files), ("2", files[::-1])):
        data = tmp_path_factory.mktemp(f"seed{seed}")
        done = kg("ingest", *order, data=data, seed=seed)
        assert done.returncode == 0, done.stderr.decode()
        found.append(kg("export", "--format", "nq", data=data, seed=seed).stdout)
    return found


def test_two_runs_give_the_same_bytes(exports: list[bytes]) -> None:
    assert len(exports[0].splitlines()) > 5000
    assert exports[0] == exports[1]


def test_the_quads_are_sorted_and_have_no_blank_nodes(exports: list[bytes]) -> None:
    lines = exports[0].splitlines()
    assert lines == sorted(lines)
    assert not any(line.startswith(b"_:") or b" _:" in line.split(b'"')[0] for line in lines)


def test_a_second_run_changes_nothing_and_the_store_passes_its_check(tmp_path: Path, examples: Path) -> None:
    first = kg("ingest", str(examples), data=tmp_path)
    assert first.returncode == 0, first.stderr.decode()
    before = kg("export", "--format", "nq", data=tmp_path).stdout
    again = kg("ingest", str(examples), data=tmp_path)
    assert again.returncode == 0
    assert kg("export", "--format", "nq", data=tmp_path).stdout == before
    checked = kg("check", data=tmp_path)
    assert checked.returncode == 0, checked.stdout.decode()


def test_bad_files_are_named_and_stop_nothing_else(tmp_path: Path, examples: Path) -> None:
    papers = tmp_path / "papers to read 论文"
    papers.mkdir()
    (papers / "good.txt").write_bytes((examples / "e2108.txt").read_bytes())
    (papers / "empty.txt").write_bytes(b"")
    (papers / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (papers / "cut 截断.txt").write_bytes((examples / "tata-memorial.txt").read_bytes()[:-1500] + "试".encode()[:2])
    (papers / "recipe.txt").write_text("Pancakes\n\nMix 200 g of flour with 2 eggs. Fry for 2 minutes. " * 20)
    (papers / "review.txt").write_text(
        "Surgery for stage IV breast cancer: a systematic review and meta-analysis\n\n"
        "We searched three databases for randomised trials. Four trials with 970 patients were included. "
        "The pooled hazard ratio for death was 0.97 (95% CI 0.72-1.29). Surgery did not prolong survival."
    )
    done = kg("ingest", str(papers), data=tmp_path / "data")
    said = done.stderr.decode() + done.stdout.decode()
    assert done.returncode == 1
    for name in ("empty.txt", "binary.txt", "cut 截断.txt", "recipe.txt", "review.txt"):
        assert name in said
    stored = kg("query", "SELECT (COUNT(DISTINCT ?r) AS ?n) WHERE { ?r a <https://w3id.org/evidence-kg/ns#Report> }",
                "--format", "csv", data=tmp_path / "data")  # fmt: skip
    assert stored.stdout.decode().split() == ["n", "1"]
