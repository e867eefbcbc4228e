"""Who is asking: which hops are believed, and which host names are answered."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_network

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.infra.http.hosts import believed_address, client_network, network_of
from tests.support.client import Browser

pytestmark = pytest.mark.one_database

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def test_s02_a_forwarded_address_from_anyone_is_not_believed() -> None:
    assert believed_address("203.0.113.5", ["1.2.3.4"], PROXIES) == "203.0.113.5"


@pytest.mark.parametrize(
    ("forwarded", "believed"),
    [
        (["198.51.100.7"], "198.51.100.7"),
        (["1.1.1.1, 198.51.100.7"], "198.51.100.7"),  # what the client wrote stands on the left
        (["1.1.1.1", "198.51.100.7"], "198.51.100.7"),  # two headers are one list
        (["1.1.1.1, 198.51.100.7, 10.9.9.9"], "198.51.100.7"),  # a second proxy of ours
        (["198.51.100.7, unknown"], "10.0.0.1"),
        (["198.51.100.7, 10.0.0.x"], "10.0.0.1"),
        ([""], "10.0.0.1"),
        ([], "10.0.0.1"),
        (["2001:db8::7"], "2001:db8::7"),
    ],
)
def test_s02_a_proxy_of_ours_is_believed_up_to_the_first_stranger(
    forwarded: list[str], believed: str
) -> None:
    assert believed_address("10.0.0.1", forwarded, PROXIES) == believed


def test_s02_a_hundred_spoofed_addresses_share_one_bucket(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app()
    buckets = set()
    for last in range(100):
        with app.test_request_context(
            headers={"X-Forwarded-For": f"192.0.2.{last}"},
            environ_base={"REMOTE_ADDR": "203.0.113.5"},
        ):
            buckets.add(client_network())

    assert buckets == {"203.0.113.5"}


@pytest.mark.parametrize(
    ("address", "bucket"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_s02_ipv6_is_counted_by_its_64_and_mapped_ipv4_as_ipv4(address: str, bucket: str) -> None:
    assert network_of(address) == bucket


@given(st.lists(st.text(max_size=60), max_size=5), st.text(max_size=60))
def test_s02_no_forwarded_header_is_a_fault(forwarded: list[str], peer: str) -> None:
    assert network_of(believed_address(peer, forwarded, PROXIES))


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "localhost.evil.example"},
        {"Host": "localhost@evil.example"},
        {"Host": "localhost evil.example"},
        {"Host": ""},
    ],
)
def test_c06_another_sites_host_name_is_refused_in_words(
    visitor: Browser, headers: dict[str, str]
) -> None:
    answer = visitor.get("/bench/read", headers=headers)

    assert answer.status_code == 400
    assert "That request was not clear" in answer.text


@pytest.mark.parametrize(
    "name", ["X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "Forwarded", "X-Host"]
)
def test_c06_forwarded_names_never_reach_a_page(visitor: Browser, name: str) -> None:
    answer = visitor.get("/no/such/page", headers={name: "evil.example"})

    assert answer.status_code == 404
    assert "evil.example" not in answer.text
    assert "evil.example" not in str(answer.headers)
