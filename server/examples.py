"""Finds the bundled example papers, in a checkout and in an installation."""

from __future__ import annotations

from importlib.metadata import distribution
from pathlib import Path

# Where the wheel puts them below the installation's prefix.
_INSTALLED = "share/evidence-kg/examples/"


class NoExamples(FileNotFoundError):
    """The installation came without the example papers."""


def examples_folder() -> Path:
    """The folder of the example papers; raises NoExamples."""
    checkout = Path(__file__).resolve().parents[1] / "examples"
    if checkout.is_dir() and (checkout.parent / "pyproject.toml").is_file():
        return checkout
    for file in distribution("evidence-kg").files or ():
        if _INSTALLED in file.as_posix():
            return Path(str(file.locate())).resolve().parent
    raise NoExamples(2, "this installation came without the example papers; install it from its wheel", "examples")
