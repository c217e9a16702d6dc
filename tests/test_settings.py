"""Settings: which source wins, what is refused, and that each is documented."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from server.settings import SETTINGS, SettingError, Settings, load_settings

ROOT = Path(__file__).resolve().parents[1]


def test_the_defaults_are_those_of_the_dataclass(tmp_path: Path) -> None:
    assert load_settings({}, {}, tmp_path) == Settings()


def test_every_field_has_its_setting() -> None:
    assert {field.name for field in fields(Settings)} == {setting.name for setting in SETTINGS}


@pytest.mark.parametrize(
    ("options", "environment", "written", "expected"),
    [
        ({}, {}, "", 8000),
        ({}, {}, "port = 1", 1),
        ({}, {"KG_PORT": "2"}, "port = 1", 2),
        ({"port": "3"}, {"KG_PORT": "2"}, "port = 1", 3),
        ({"port": None}, {"KG_PORT": "2"}, "", 2),
    ],
    ids=["default", "file", "variable over file", "option over variable", "option not given"],
)
def test_an_option_wins_over_a_variable_over_the_file_over_the_default(
    tmp_path: Path, options: dict[str, object], environment: dict[str, str], written: str, expected: int
) -> None:
    (tmp_path / "kg.toml").write_text(written, encoding="utf-8")

    assert load_settings(options, environment, tmp_path).port == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "70000"),
        ("port", "http"),
        ("base_iri", "https://example.org/no-slash"),
        ("base_iri", "example.org/"),
        ("query_seconds", "0"),
        ("query_seconds", "nan"),
        ("query_memory_mib", "-1"),
        ("query_workers", "1.5"),
        ("log_level", "loud"),
    ],
)
def test_a_value_that_cannot_be_used_names_its_source(tmp_path: Path, name: str, value: str) -> None:
    variable = f"KG_{name.upper()}"

    with pytest.raises(SettingError, match=variable):
        load_settings({}, {variable: value}, tmp_path)


def test_an_unknown_key_of_the_file_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_text("prot = 1", encoding="utf-8")

    with pytest.raises(SettingError, match=r"'prot'.*port"):
        load_settings({}, {}, tmp_path)


def test_a_malformed_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_text("port = = 1", encoding="utf-8")

    with pytest.raises(SettingError, match=r"kg\.toml"):
        load_settings({}, {}, tmp_path)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_each_setting_is_documented_with_its_default_and_its_variable(setting: object) -> None:
    documentation = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")

    default = f"`{setting.default}`" if setting.default else "none"  # type: ignore[attr-defined]
    row = f"| `{setting.name}` | `{setting.variable}` | {default} | {setting.help} |"  # type: ignore[attr-defined]
    assert row in documentation
