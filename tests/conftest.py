"""Fixtures that more than one test file uses."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


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


@pytest.fixture(scope="session")
def examples() -> Path:
    """The bundled example papers."""
    return ROOT / "examples"
