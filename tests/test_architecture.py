"""The rules of the house that a program can check: where things live and what they are called."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("ontology", "extractors", "kg", "server")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LONGEST = 420
_PACKED = {".ttl", ".cfg", ".rq", ".html", ".css", ".js", ".json", ".svg", ".toml", ".py", ".onnx", ".npz"}
VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
QUERY = re.compile(r"\b(SELECT|CONSTRUCT|ASK|INSERT|DELETE)\b[^\"']*\bWHERE\b|\bSELECT\s+[?*]", re.DOTALL)


def test_there_are_modules_to_check() -> None:
    assert len(MODULES) > 60


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short_named_and_introduced(module: Path) -> None:
    text = module.read_text("utf-8")
    assert len(text.splitlines()) <= LONGEST, "split it by what it is about"
    assert module.stem not in VAGUE, "name it after what is inside"
    assert ast.get_docstring(ast.parse(text)), "open it with a sentence on what lives here"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_clinical_words_and_queries_live_elsewhere(module: Path) -> None:
    text = module.read_text("utf-8")
    assert not re.search(r"[\u3400-\u9fff]", text), "Chinese belongs into the Turtle files of ontology/"
    strings = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
    docstrings = {ast.get_docstring(node, clean=False) for node in ast.walk(ast.parse(text))
                  if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)}  # fmt: skip
    queries = [s for s in strings if isinstance(s, str) and s not in docstrings and QUERY.search(s)]
    assert not queries, "queries belong into kg/sparql/"


def test_templates_hold_no_words_of_their_own() -> None:
    tags = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}|<!--.*?-->|<[^>]*>", re.DOTALL)
    for template in sorted((ROOT / "server" / "templates").glob("*.html")):
        words = re.findall(r"[A-Za-z\u3400-\u9fff]{2,}", tags.sub(" ", template.read_text("utf-8")))
        assert not words, f"{template.name}: {words}"


def test_the_repository_names_no_machine_and_no_registry_host() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    forbidden = re.compile(r"/root/|/home/\w|/work/\w|files\.pythonhosted|registry\.npmjs|deb\.debian|mirror\.")
    for name in listed.stdout.splitlines():
        path = ROOT / name
        # The editor's built file is not ours, and full of "codemirror.".
        if path.suffix in {".png", ".ico", ".npz", ".onnx"} or path.name in {Path(__file__).name, "yasqe.js"}:
            continue
        if not path.is_file():
            continue
        found = forbidden.search(path.read_text("utf-8"))
        assert not found, f"{name}: {found and found.group()}"


def test_the_wheel_holds_all_data_files(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-q", "-w", str(tmp_path)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    wanted = [path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.suffix in _PACKED]
    missing = [str(path.relative_to(ROOT)) for path in wanted if str(path.relative_to(ROOT)) not in packed]
    assert not missing
    examples = {path.name for path in (ROOT / "examples").glob("*.txt")}
    assert examples <= {Path(name).name for name in packed}
