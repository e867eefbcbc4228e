"""Who sends slowly, or nothing at all, holds up nobody else and is let go."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from flask import Flask

from app.cli.serving import MANNERS
from tests.support.server import serving
from tests.support.settings import change_settings

pytestmark = pytest.mark.one_database

HALVES = (
    b"",
    b"GET / HT",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\nname=",
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nna",
)
MANY = 200


def connected(address: str, sent: bytes) -> socket.socket:
    place = urlsplit(address)
    wire = socket.create_connection((place.hostname, place.port), 10)
    wire.sendall(sent)
    return wire


def test_s11_two_hundred_who_never_come_to_an_end_hold_up_nobody(app: Flask) -> None:
    with serving(app, **MANNERS) as address, ExitStack() as held:
        change_settings(app, public_url=address)
        for number in range(MANY):
            held.enter_context(connected(address, HALVES[number % len(HALVES)]))

        with urlopen(f"{address}/sign-in", timeout=5) as answer:  # noqa: S310  (our own server)
            assert answer.status == 200


def test_s11_who_says_nothing_any_more_is_let_go(app: Flask) -> None:
    soon = {**MANNERS, "channel_timeout": 1, "cleanup_interval": 1}
    with serving(app, **soon) as address, ExitStack() as held:
        wires = [held.enter_context(connected(address, half)) for half in HALVES]

        assert [wire.recv(1) for wire in wires] == [b""] * len(HALVES)


def test_s11_the_server_lets_go_within_thirty_seconds_and_holds_a_thousand_at_most() -> None:
    assert MANNERS["channel_timeout"] + MANNERS["cleanup_interval"] <= 30
    assert MANY < MANNERS["connection_limit"] <= 1000
