"""The JSON interface as its description promises it, asked with what no person would ask."""

from __future__ import annotations

from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from server.app import create_app
from server.settings import Settings

# A request may be refused although each of its parameters fits the description: only the vocabulary says which
# words name an outcome, and only the graph which words name a trial.
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ADDRESSES = (
    ("/api/v1/compare", "get"),
    ("/api/v1/papers", "post"),
    ("/api/v1/papers/{file_id}", "get"),
    ("/api/v1/question", "get"),
    ("/api/v1/search", "get"),
    ("/api/v1/search.csv", "get"),
    ("/api/v1/search.xlsx", "get"),
    ("/api/v1/trials/{key}", "get"),
    ("/api/v1/trials/{key}/fhir", "get"),
    ("/api/v1/trials/{key}/nanopublications", "get"),
)


@pytest.fixture(scope="module")
def described(made_data: Path) -> schemathesis.schemas.BaseSchema:
    """The interface over the hand-made papers, in this process."""
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", create_app(Settings(data=made_data)))


def test_every_address_is_described(described: schemathesis.schemas.BaseSchema) -> None:
    assert sorted((path, method) for path in described for method in described[path]) == list(ADDRESSES)


@pytest.mark.parametrize(("path", "method"), ADDRESSES)
def test_every_answer_is_as_described(described: schemathesis.schemas.BaseSchema, path: str, method: str) -> None:
    @given(case=described[path][method.upper()].as_strategy())
    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS)

    ask()
