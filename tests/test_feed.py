"""The feed of new and changed trials: valid Atom, bounded, and made from what each publication found."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from graph_fixtures import article, other_trial, papers, reading, record, write

from kg import summary as published
from kg.ingest import ingest
from kg.rows import Counts, Name
from kg.store import Store
from kg.stores import WritableStore
from kg.summary import CHANGES_KEPT, Change, Summary, read_summary
from server.feed import atom
from server.urls import Urls

ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client: TestClient, language: str) -> ElementTree.Element:
    response = client.get(f"/{language}/feed.atom")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)


def required(element: ElementTree.Element) -> None:
    """What RFC 4287, sections 4.1.1 and 4.1.2, ask of a feed and of an entry."""
    for name in ("id", "title", "updated"):
        (found,) = element.findall(f"{ATOM}{name}")
        assert found.text
    assert element.find(f"{ATOM}updated").text[-1] == "Z"  # type: ignore[union-attr, index]
    assert element.find(f"{ATOM}id").text.startswith("https://")  # type: ignore[union-attr]
    alternates = [link for link in element.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
    assert len(alternates) == 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_feed_is_atom_and_leads_to_the_trials(client: TestClient, language: str) -> None:
    found = feed(client, language)
    entries = found.findall(f"{ATOM}entry")

    assert found.tag == f"{ATOM}feed"
    required(found)
    assert found.findtext(f"{ATOM}author/{ATOM}name")
    assert found.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    (itself,) = (link.get("href") for link in found.findall(f"{ATOM}link") if link.get("rel") == "self")
    assert str(itself).endswith(f"/{language}/feed.atom")
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries) == 2
    for entry in entries:
        required(entry)
        address = str(entry.find(f"{ATOM}link").get("href"))  # type: ignore[union-attr]
        path = address.removeprefix("https://w3id.org/evidence-kg")
        assert path.startswith(f"/{language}/trial/")
        assert client.get(path, headers={"accept": "text/html"}).status_code == 200
    tag = client.get(f"/{language}/feed.atom").headers["etag"]
    assert client.get(f"/{language}/feed.atom", headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize("path", ["/en/", "/zh/about", "/en/trial/NCT01234567"])
def test_pages_name_the_feed(client: TestClient, path: str) -> None:
    page = BeautifulSoup(client.get(path, headers={"accept": "text/html"}).text, "html.parser")
    address = f"/{path[1:3]}/feed.atom"

    assert page.select_one(f'head link[type="application/atom+xml"][href="{address}"]')
    assert bool(page.select_one(f'main a[href="{address}"]')) == path.endswith("about")


def changes(folder: Path) -> list[tuple[str, str, str]]:
    name = (folder / "published" / "CURRENT").read_text(encoding="ascii")
    found = read_summary(folder / "published" / name)
    assert found is not None
    return [(change.key, change.kind, change.time) for change in found.changes]


def test_each_publication_puts_what_it_changed_before_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter(f"2024-01-0{day}T00:00:00Z" for day in (1, 2, 3))
    monkeypatch.setattr(published, "_now", lambda: next(times))
    store: WritableStore = Store.open(tmp_path / "data")
    first, both, last = papers()[:1], papers()[:2], papers()

    for some in (first, both, last):
        folder = tmp_path / f"papers-{len(some)}"
        folder.mkdir()
        ingest(store, [write(folder, *some)], reading=reading(*some))
    found = changes(tmp_path / "data")

    assert first[0].document.id == record().document.id
    assert both[1].document.id == article().document.id
    assert last[2].document.id == other_trial().document.id
    assert found == [
        ("ISRCTN00000002", "new", "2024-01-03T00:00:00Z"),
        ("NCT00000001", "changed", "2024-01-02T00:00:00Z"),
    ]


def test_a_feed_is_bounded_and_escapes_what_papers_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trials = {f"https://example.org/{n:04}": (f"NCT{n:04}", "digest") for n in range(3 * CHANGES_KEPT)}
    monkeypatch.setattr(published, "trial_texts", lambda _: trials)
    monkeypatch.setattr("kg.summary.queries.reports", lambda *_: ())
    published.write_summary(tmp_path, Store.memory(), None)
    found = read_summary(tmp_path)

    assert found is not None
    assert len(found.changes) == CHANGES_KEPT
    hostile = Change("https://example.org/1", "A", "new", found.time, (Name("a < b & \x00 ]]> <c>", "en"),))
    made = atom(Summary(found.time, Counts(1, 1, 1, 1, 1, 1), found.holdings, (hostile,)), "en", Urls("https://e.org/"))
    assert ElementTree.fromstring(made).findtext(f"{ATOM}entry/{ATOM}title") == "a < b &  ]]> <c>"
