"""What may stand in the variable parts of addresses: a language, the file extension of data."""

from __future__ import annotations

from starlette.convertors import Convertor, register_url_convertor

from server.negotiation import DATA_FORMATS, FILE_FORMATS, Language


class LanguageConvertor(Convertor[Language]):
    """The first segment of a page's path."""

    regex = "en|zh"

    def convert(self, value: str) -> Language:
        """The language of the segment."""
        return language_of(value)

    def to_string(self, value: Language) -> str:
        """The segment of the language."""
        return value


class _ExtensionConvertor(Convertor[str]):
    def convert(self, value: str) -> str:
        """The extension itself."""
        return value

    def to_string(self, value: str) -> str:
        """The extension itself."""
        return value


class DataExtensionConvertor(_ExtensionConvertor):
    """The file extension of an address of data."""

    regex = "|".join(wanted.name for wanted in DATA_FORMATS)


class FileExtensionConvertor(_ExtensionConvertor):
    """The file extension of a table, a figure or references."""

    regex = "|".join(wanted.name for wanted in FILE_FORMATS)


class PartConvertor(_ExtensionConvertor):
    """The part of a trial's page that has a page of its own."""

    regex = "text|checks|results|baseline|references"


def register() -> None:
    """Make all known to the router; routes that use them come after."""
    register_url_convertor("language", LanguageConvertor())
    register_url_convertor("data", DataExtensionConvertor())
    register_url_convertor("file", FileExtensionConvertor())
    register_url_convertor("part", PartConvertor())


def language_of(segment: str) -> Language:
    """The language that a segment of an address names."""
    return "zh" if segment == "zh" else "en"
