"""Who may ask now: the rate of one client, its queries at once, and those of all."""

from __future__ import annotations

import pytest

from server.admission import Admission, client_name
from server.problems import Problem
from server.settings import Settings

SETTINGS = Settings(query_workers=2, query_queue=1, query_per_client=2, query_rate=6)


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def refused(admission: Admission, address: str) -> Problem:
    with pytest.raises(Problem) as caught:
        admission.enter(address)
    return caught.value


def test_a_client_that_asks_too_often_waits_for_its_next_turn() -> None:
    clock = Clock()
    admission = Admission(SETTINGS, clock)
    for _ in range(6):
        admission.leave(admission.enter("192.0.2.1"))
    problem = refused(admission, "192.0.2.1")

    assert (problem.status, problem.limit, problem.headers["Retry-After"]) == (429, "query_rate", "11")
    assert admission.enter("192.0.2.2") == "192.0.2.2"
    clock.now = 10
    assert admission.enter("192.0.2.1") == "192.0.2.1"


def test_a_client_has_only_so_many_queries_at_once() -> None:
    admission = Admission(SETTINGS, Clock())
    first, _ = admission.enter("192.0.2.1"), admission.enter("192.0.2.1")
    problem = refused(admission, "192.0.2.1")
    assert (problem.status, problem.limit) == (429, "query_per_client")

    admission.leave(first)
    assert admission.enter("192.0.2.1")


def test_only_so_many_queries_wait_for_all() -> None:
    admission = Admission(SETTINGS, Clock())
    for number in range(3):
        admission.enter(f"192.0.2.{number}")
    problem = refused(admission, "192.0.2.9")

    assert (problem.status, problem.limit) == (503, "query_queue")
    assert (admission.running, admission.waiting) == (2, 1)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_a_client_has_its_whole_network(address: str, name: str) -> None:
    assert client_name(address) == name


def test_clients_that_are_quiet_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.admission._CLIENTS", 2)
    admission = Admission(SETTINGS, Clock())
    busy = admission.enter("192.0.2.1")
    for number in range(2, 9):
        admission.leave(admission.enter(f"192.0.2.{number}"))
    admission.leave(busy)

    assert admission.active == 0
