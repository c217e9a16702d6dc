"""The commands: what they print, where, and with which exit code; errors are one line without a traceback."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from importlib.metadata import PathDistribution
from io import BytesIO
from pathlib import Path

import pytest
from made_papers import HIP
from typer.testing import CliRunner, Result

from kg.store import Store
from server import examples as bundled
from server.cli import app

RECORD = """Lantern light against lamp light for reading: a randomised trial.
Methods: Adults with presbyopia were randomly assigned 1:1 to lantern light (n = 40) or lamp light (n = 41). \
The primary endpoint was overall survival (OS).
Results: OS did not differ between the groups (HR 0.91, 95% CI 0.60-1.38; P = 0.66).
Conclusions: Lantern light did not prolong OS.
Trial registration: ClinicalTrials.gov NCT07654321.
"""


def kg(*arguments: object, standard_input: str | bytes | None = None, **variables: str) -> Result:
    environment = {"KG_WORKERS": "0"} | variables
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], input=standard_input, env=environment)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "lantern.txt"
    path.write_text(RECORD, encoding="utf-8")
    return path


@pytest.fixture
def published(tmp_path: Path, made_data: Path) -> Path:
    """A data folder of its own with the hand-made papers: ingesting them takes a hundred times as long as a copy."""
    folder = tmp_path / "data"
    shutil.copytree(made_data, folder)
    return folder


def test_help_is_quick_and_names_every_command() -> None:
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", "from server.cli import main; main()", "--help"],
        capture_output=True,
        check=True,
        text=True,
    )

    for command in ("ingest", "extract", "serve", "query", "export", "check", "demo"):
        assert command in done.stdout
    assert time.monotonic() - started < 5


def test_help_loads_neither_the_pipelines_nor_the_web_framework() -> None:
    code = "import sys, server.cli; print(sorted({'spacy', 'fastapi', 'pyoxigraph', 'rdflib'} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout == "[]\n"


def test_ingest_goes_on_after_a_bad_paper_and_reports_it(tmp_path: Path, paper: Path) -> None:
    bad = tmp_path / "photo.txt"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    data = tmp_path / "data"
    result = kg("ingest", bad, paper, "--data", data)

    assert result.exit_code == 1
    assert re.search(r"^new +1$", result.stdout, re.MULTILINE)
    assert re.search(r"^failed +1$", result.stdout, re.MULTILINE)
    (failure,) = (data / "failures.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(failure)["file"] == str(bad)
    assert json.loads(failure)["reason"]
    assert "photo.txt" in result.stderr
    assert len(Store.published(data)) > 0


def test_ingesting_again_changes_nothing(tmp_path: Path, paper: Path) -> None:
    data = tmp_path / "data"
    assert kg("ingest", paper, "--data", data).exit_code == 0
    before = kg("export", "--data", data).stdout_bytes
    again = kg("ingest", paper, "--data", data, "--failures", tmp_path / "other.jsonl")

    assert re.search(r"^unchanged +1$", again.stdout, re.MULTILINE)
    assert kg("export", "--data", data).stdout_bytes == before
    assert (tmp_path / "other.jsonl").read_text(encoding="utf-8") == ""


def test_what_was_refused_is_tried_again(tmp_path: Path) -> None:
    file = tmp_path / "lantern.txt"
    file.write_text("Not yet.", encoding="utf-8")
    data = tmp_path / "data"
    assert kg("retry", "--data", data).stderr == f"nothing is refused in {data}\n"
    assert kg("ingest", file, "--data", data).exit_code == 1
    assert kg("retry", "--data", data).exit_code == 1
    file.write_text(RECORD, encoding="utf-8")
    mended = kg("retry", "--data", data)
    assert mended.exit_code == 0
    assert re.search(r"^new +1$", mended.stdout, re.MULTILINE)
    assert kg("retry", "--data", data).stderr == f"nothing is refused in {data}\n"


def test_the_base_of_iris_is_a_setting(tmp_path: Path, paper: Path) -> None:
    data = tmp_path / "data"
    kg("ingest", paper, "--data", data, KG_BASE_IRI="https://example.org/kg/")

    assert b"<https://example.org/kg/id/trial/NCT07654321>" in kg("export", "--data", data).stdout_bytes


def test_a_second_writer_is_told(tmp_path: Path, paper: Path) -> None:
    data = tmp_path / "data"
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from kg.store import Store\n"
            f"store = Store.open(Path({str(data)!r})); print('open', flush=True); sys.stdin.read()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"open\n"
    result = kg("ingest", paper, "--data", data)
    holder.communicate(b"")

    assert result.exit_code == 1
    assert "another process is writing" in result.stderr


def test_extract_prints_a_line_for_each_paper_and_language(paper: Path, tmp_path: Path) -> None:
    result = kg("extract", paper, tmp_path / "missing.txt", paper)
    lines = [json.loads(line) for line in result.stdout.splitlines()]

    assert result.exit_code == 1
    assert [line["source"] for line in lines] == [str(paper), str(paper)]
    assert lines[0]["language"] == "en"
    assert lines[0]["registrations"] == ["NCT07654321"]
    assert "0.91" in json.dumps(lines[0]["results"])
    assert re.match(rf"{re.escape(str(tmp_path / 'missing.txt'))}: .+", result.stderr)


def test_extract_reads_standard_input_and_folders(paper: Path) -> None:
    from_input = json.loads(kg("extract", "-", standard_input=RECORD).stdout)
    from_folder = json.loads(kg("extract", paper.parent).stdout)

    assert (from_input["source"], from_folder["source"]) == ("-", str(paper))
    assert {**from_input, "source": "", "document": ""} == {**from_folder, "source": "", "document": ""}


def test_a_file_over_the_limit_is_refused_with_the_limit(tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    large.write_text("a " * 600_000, encoding="utf-8")
    result = kg("extract", large, "--max-file-mib", "1")

    assert result.exit_code == 1
    assert "large.txt" in result.stderr
    assert "MiB" in result.stderr


TRIALS = "SELECT ?t { ?t a <https://w3id.org/evidence-kg/ns#Trial> } ORDER BY ?t"


@pytest.mark.parametrize(
    ("query", "form", "expected"),
    [
        (TRIALS, None, r"^t\n\S+/ChiCTR2300070727\n\S+/NCT01234567\n\(2 rows\)\n$"),
        (TRIALS, "csv", r"^t\r\n\S+/ChiCTR2300070727\r\n\S+/NCT01234567\r\n$"),
        (TRIALS, "json", r'^\{"head":\{"vars":\["t"\]'),
        ("ASK {}", None, "^true\n$"),
        ("ASK {}", "json", '"boolean":true'),
        ("CONSTRUCT { <a:b> <a:c> '中' } WHERE {}", None, '<a:b> <a:c> "中"'),
        ("CONSTRUCT { <a:b> <a:c> 1 } WHERE {}", "ttl", "<a:b> <a:c> 1"),
        ("CONSTRUCT { <a:b> <a:c> 1 } WHERE {}", "json", r'^\[\{"@id":"a:b"'),
    ],
)
def test_query_prints_each_kind_of_answer(published: Path, query: str, form: str | None, expected: str) -> None:
    options = ["--format", form] if form else []
    result = kg("query", query, "--data", published, *options)

    assert result.exit_code == 0
    assert re.search(expected, result.stdout_bytes.decode("utf-8"))


def test_query_reads_standard_input(published: Path) -> None:
    assert kg("query", "-", "--data", published, standard_input="ASK {}").stdout == "true\n"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["query", "SELECT *\n{ ?s }"], 1, r"malformed: error at 2:7.*\n  \{ \?s \}\n        \^"),
        (["query", "SELECT * { SERVICE <http://127.0.0.1:9/> {} }"], 1, "SERVICE is refused"),
        (["query", "CLEAR ALL"], 1, "only reads"),
        (["query", "ASK {}", "--format", "csv"], 1, "cannot be written as csv"),
        (["query", TRIALS, "--format", "ttl"], 1, "cannot be written as ttl"),
        (["query", "ASK {}", "--format", "exe"], 2, "Invalid value"),
        (["ingest", "no-such-folder"], 1, "no such file or folder: no-such-folder"),
        (["export", "--out", "no-such-folder/out.nq"], 1, "no-such-folder/out.nq: No such file or directory"),
        (["serve", "--port", "seventy"], 1, "option --port: 'seventy' cannot be used"),
    ],
)
def test_a_mistake_of_the_user_is_told_plainly(published: Path, arguments: list[str], code: int, message: str) -> None:
    result = kg(*arguments, "--data", published)

    assert result.exit_code == code
    assert re.search(message, result.stderr)
    assert result.stdout == ""


@pytest.mark.parametrize("command", [["query", "ASK {}"], ["export"], ["check"]])
def test_before_anything_is_ingested_the_advice_is_to_ingest(tmp_path: Path, command: list[str]) -> None:
    result = kg(*command, "--data", tmp_path / "none")

    assert result.exit_code == 1
    assert "kg ingest" in result.stderr


def test_export_is_sorted_and_the_same_each_time(published: Path, tmp_path: Path) -> None:
    first = kg("export", "--data", published).stdout_bytes
    kg("export", "--data", published, "--out", tmp_path / "graph.nq")

    lines = first.decode("utf-8").splitlines()
    assert len(lines) > 500
    assert len(set(lines)) == len(lines)
    assert (tmp_path / "graph.nq").read_bytes() == first


@pytest.mark.parametrize(("form", "beginning"), [("trig", b"@prefix"), ("jsonld", b"[{")])
def test_export_writes_other_formats(published: Path, form: str, beginning: bytes) -> None:
    assert kg("export", "--format", form, "--data", published).stdout_bytes.startswith(beginning)


def test_check_finds_nothing_wrong_in_a_graph_that_was_ingested(published: Path) -> None:
    result = kg("check", "--data", published)

    assert (result.exit_code, result.stdout) == (0, "")
    assert "no problems" in result.stderr


def test_check_prints_what_is_wrong(published: Path) -> None:
    import pyoxigraph  # noqa: PLC0415 - only this test harms a store behind the program's back

    damaged = pyoxigraph.Store(str(published / "store"))
    damaged.update(
        "PREFIX ev: <https://w3id.org/evidence-kg/ns#> "
        'DELETE { GRAPH ?g { ?d ev:fullText ?t } } INSERT { GRAPH ?g { ?d ev:fullText "other" } } '
        "WHERE { GRAPH ?g { ?d ev:fullText ?t } }"
    )
    damaged.flush()
    current = (published / "published" / "CURRENT").read_text(encoding="ascii")
    shutil.rmtree(published / "published" / current)
    damaged.backup(str(published / "published" / current))
    result = kg("check", "--data", published)

    assert result.exit_code == 1
    assert HIP.id in result.stdout


def test_a_port_in_use_is_told(published: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = kg("serve", "--data", published, "--port", taken.getsockname()[1])

    assert result.exit_code == 1
    assert re.search(r"cannot listen at 127\.0\.0\.1:\d+ .*--port", result.stderr)


def test_the_demo_reads_the_examples_and_serves_them(tmp_path: Path, examples: Path) -> None:
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from server.cli import main; main()",
            "demo",
            "--port",
            "0",
            "--data",
            str(tmp_path / "d"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_COLOR": "1"},
    )
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if "http://" in line:
                break
        address = re.search(r"http://\S+/", line)
        assert address is not None
        with urllib.request.urlopen(address[0] + "en/", timeout=30) as response:
            body = response.read().decode("utf-8")
    finally:
        process.terminate()
        process.communicate(timeout=30)

    assert body.count('href="/en/trial/') >= 4
    assert "JCOG1017" in body
    assert len(list(examples.glob("*.txt"))) >= 5


def test_the_examples_are_found_in_an_installation_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = tmp_path / "lib" / "evidence_kg-1.dist-info"
    installed.mkdir(parents=True)
    papers = tmp_path / "share" / "evidence-kg" / "examples"
    papers.mkdir(parents=True)
    (papers / "one.txt").write_text("text", encoding="utf-8")
    (installed / "RECORD").write_text("../share/evidence-kg/examples/one.txt,,\n", encoding="utf-8")
    monkeypatch.setattr(bundled, "distribution", lambda _: PathDistribution(installed))
    monkeypatch.setattr(bundled, "__file__", str(tmp_path / "lib" / "server" / "examples.py"))

    assert bundled.examples_folder() == papers


def test_publish_computes_what_spans_reports_from_what_was_loaded_elsewhere(tmp_path: Path, published: Path) -> None:
    before = kg("export", "--data", published).stdout_bytes
    spanning = re.compile(rb"/graph/(identity|checks|description|vocabulary|examples)> \.$")
    data = tmp_path / "other"
    store = Store.open(data)
    store.fill(BytesIO(b"".join(line + b"\n" for line in before.splitlines() if not spanning.search(line))))
    del store
    result = kg("publish", "--data", data)

    assert result.exit_code == 0
    assert "version 00000001" in result.stderr
    assert kg("export", "--data", data).stdout_bytes == before
    assert "version 00000002" in kg("publish", "--data", data).stderr


def test_audit_says_what_does_not_fit_and_exits_with_it(examples: Path, tmp_path: Path) -> None:
    wrong, right = examples / "abcsg-28.txt", examples / "e2108.txt"
    found = kg("audit", wrong)
    assert found.exit_code == 1
    assert "which would go with a ratio of about 1.58" in found.stdout
    assert kg("audit", right).exit_code == 0
    unreadable = tmp_path / "note.txt"
    unreadable.write_text("Milk, eggs, bread.", encoding="utf-8")
    both = kg("audit", right, unreadable)
    assert both.exit_code == 2
    assert str(unreadable) in both.stderr


def test_audit_prints_json_and_writes_a_page(examples: Path, tmp_path: Path) -> None:
    wrong, page = examples / "abcsg-28.txt", tmp_path / "report.html"
    (line,) = kg("audit", wrong, "--json").stdout.splitlines()
    failed = [one for one in json.loads(line)["checks"] if one["verdict"] == "inconsistent"]
    assert [one["kind"] for one in failed] == ["ratio-against-medians"]
    assert failed[0]["inputs"][0]["text"] == "0.691"
    assert kg("audit", wrong, "--html", page, "--language", "zh").exit_code == 1
    assert "比值与中位数" in page.read_text(encoding="utf-8")
