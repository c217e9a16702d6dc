"""Fixtures that more than one test file uses."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import services
from fastapi.testclient import TestClient
from hypothesis import settings
from made_papers import publish_made_papers

from kg.service import Service
from kg.vocabulary_graph import vocabulary_triples
from server.app import create_app
from server.intake import ingest_papers
from server.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


# Property tests show behaviour, not speed: where patterns are compiled first an example may be slow.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def skip_or_fail(reason: str) -> None:
    """Skip the test with the reason, or fail it in CI, where nothing may be missing."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"required in CI: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of corpora and seeds beside the checkout."""
    if not SHARED.is_dir():
        skip_or_fail("needs the folder ../shared beside the checkout (seed documents and gold facts)")
    return SHARED


@pytest.fixture(scope="module")
def few_terms() -> Iterator[None]:
    """A small vocabulary in the graph: writing all of it takes longer than whatever else most ingestions do."""
    some = vocabulary_triples()[:100]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.ingest.vocabulary_triples", lambda: some)
        yield


@pytest.fixture(scope="session")
def examples() -> Path:
    """The bundled example papers."""
    return ROOT / "examples"


@pytest.fixture(scope="session")
def made_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the two hand-made papers ingested and published."""
    folder = tmp_path_factory.mktemp("made") / "data"
    publish_made_papers(folder)
    return folder


@pytest.fixture(scope="session")
def running(made_data: Path) -> Iterator[TestClient]:
    """The web application in memory, over the hand-made papers; redirects are not followed."""
    settings = Settings(data=made_data, query_seconds=20)
    with TestClient(create_app(settings), follow_redirects=False) as made:
        yield made


@pytest.fixture(scope="session")
def oxigraph_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A running Oxigraph server."""
    if services.oxigraph_command() is None:
        skip_or_fail("needs the command oxigraph (from the package of that name)")
    with services.oxigraph(tmp_path_factory.mktemp("oxigraph")) as made:
        yield made


@pytest.fixture(scope="session")
def virtuoso_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A running Virtuoso 7."""
    if services.virtuoso_command() is None:
        skip_or_fail("needs Virtuoso 7 (apt-get install virtuoso-opensource-7-bin)")
    with services.virtuoso(tmp_path_factory.mktemp("virtuoso")) as made:
        yield made


@pytest.fixture(scope="session")
def example_data(tmp_path_factory: pytest.TempPathFactory, examples: Path) -> Path:
    """A data folder with the bundled example papers read and published."""
    folder = tmp_path_factory.mktemp("example") / "data"
    report = ingest_papers([examples], Settings(data=folder, workers=0), folder.parent / "failures.jsonl")
    assert not report.failed, report.failed
    return folder


@pytest.fixture(scope="session")
def site(example_data: Path) -> Iterator[TestClient]:
    """The web application in memory, over the bundled examples; redirects are not followed."""
    with TestClient(create_app(Settings(data=example_data)), follow_redirects=False) as made:
        yield made


@pytest.fixture
def client(running: TestClient) -> TestClient:
    """The same application, for a visitor who comes for the first time."""
    running.cookies.clear()
    return running
