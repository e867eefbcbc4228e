"""Who is asking: the host name a request may bear, and the network it comes from."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from functools import lru_cache

from flask import Flask, current_app, request

from app.config import Network, Settings


def install(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    app.config["TRUSTED_HOSTS"] = settings.allowed_hosts


def client_address() -> str:
    """The address the request came from, as far as the configured proxies can be believed."""
    return believed_address(*_claimed())


def is_passed_on() -> bool:
    """Whether that address says that it asks for somebody else, and is no proxy that we believe."""
    _, others = _walked(*_claimed())
    return bool(others)


def _claimed() -> tuple[str, Sequence[str], Sequence[Network]]:
    settings: Settings = current_app.extensions["settings"]
    forwarded = request.headers.getlist("X-Forwarded-For")
    return request.remote_addr or "", forwarded, settings.trusted_proxies


def client_network() -> str:
    """The bucket a client's requests are counted in: an IPv4 address, or an IPv6 /64."""
    return network_of(client_address())


def believed_address(peer: str, forwarded: Sequence[str], proxies: Sequence[Network]) -> str:
    """The right-most address that is not a configured proxy's; the peer's own when it is no proxy.

    A hop that is not an address ends the walk: what stands before it was written by anyone.
    """
    return _walked(peer, forwarded, proxies)[0]


def _walked(
    peer: str, forwarded: Sequence[str], proxies: Sequence[Network]
) -> tuple[str, list[str]]:
    """That address, and the hops before it that nobody believes."""
    believed = peer
    hops = [hop.strip() for line in forwarded for hop in line.split(",")]
    while hops and _within(believed, proxies):
        hop = hops.pop()
        if _parsed(hop) is None:
            break
        believed = hop
    return believed, hops


@lru_cache(maxsize=1024)  # a post asks several times where it comes from
def network_of(address: str) -> str:
    """An IPv4 address as itself, an IPv6 address as its /64, IPv4 inside IPv6 as IPv4."""
    parsed = _parsed(address)
    if parsed is None:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def is_proxy(peer: str, proxies: Sequence[Network]) -> bool:
    """Whether what this peer says about a request is believed."""
    return _within(peer, proxies)


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text.split("%", 1)[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _within(address: str, networks: Sequence[Network]) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(
        parsed in network for network in networks if network.version == parsed.version
    )
