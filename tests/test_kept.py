"""Pages that are kept in memory: made once, given back whole, and forgotten when they are too many."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.kept import KeptPages

ASKED = st.lists(st.tuples(st.sampled_from("vw"), st.sampled_from("abcd"), st.integers(0, 40)))


@given(ASKED)
def test_a_page_is_the_one_that_was_made_for_the_version_and_address(asked: list[tuple[str, str, int]]) -> None:
    kept = KeptPages(most_bytes=60)
    sizes = {(version, address): size for version, address, size in reversed(asked)}
    for version, address, _ in asked:
        page = f"{version}{address}".encode() + b"x" * sizes[version, address]
        assert kept.page(version, address, page.decode) == page


def test_a_page_is_made_once_while_there_is_room() -> None:
    kept = KeptPages(most_bytes=10)
    made: list[str] = []

    def make(name: str) -> bytes:
        def content() -> str:
            made.append(name)
            return name * 4

        return kept.page("1", name, content)

    for name in ("a", "b", "a", "c", "a", "b"):
        assert make(name) == name.encode() * 4
    # Asking for "a" again kept it, so "b" made room for "c".
    assert made == ["a", "b", "c", "b"]
    assert kept.page("1", "long", lambda: "x" * 11) == b"x" * 11
    assert make("b") == b"bbbb"
    assert made == ["a", "b", "c", "b"]
