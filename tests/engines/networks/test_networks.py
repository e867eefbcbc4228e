"""Addresses and networks as texts."""

from __future__ import annotations

import pytest

from app.engines.networks import as_network, is_within, shortened


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2::5", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("unknown", None),
        ("", None),
    ],
)
def test_only_the_street_is_kept_of_an_address(address: str, kept: str | None) -> None:
    assert shortened(address) == kept


@pytest.mark.parametrize(
    ("typed", "network"),
    [
        (" 203.0.113.9/24 ", "203.0.113.0/24"),
        ("203.0.113.9", "203.0.113.9/32"),
        ("2001:db8::/32", "2001:db8::/32"),
        ("10.0.0.0/99", None),
        ("everybody", None),
    ],
)
def test_a_typed_network_is_put_in_its_usual_form(typed: str, network: str | None) -> None:
    assert as_network(typed) == network


@pytest.mark.parametrize(
    ("inner", "outer", "lies_within"),
    [
        ("203.0.113.77", "203.0.113.0/24", True),
        ("203.0.113.0/24", "203.0.0.0/16", True),
        ("203.0.113.0/24", "203.0.113.0/25", False),
        ("::ffff:203.0.113.77", "203.0.113.0/24", True),
        ("2001:db8::1", "203.0.113.0/24", False),
        ("nobody", "203.0.113.0/24", False),
        ("203.0.113.77", "nowhere", False),
    ],
)
def test_an_address_lies_within_a_network(inner: str, outer: str, lies_within: bool) -> None:
    assert is_within(inner, outer) is lies_within
