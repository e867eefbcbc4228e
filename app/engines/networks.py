"""Addresses of machines and the networks they are in, as texts."""

from __future__ import annotations

import ipaddress

KEPT_BITS = {4: 24, 6: 48}
"""What is kept of an address: a street, not a house."""


def shortened(address: str) -> str | None:
    """The network of an address as it is stored (`203.0.113.0/24`); None for no address."""
    parsed = _address(address)
    if parsed is None:
        return None
    return str(ipaddress.ip_network((parsed, KEPT_BITS[parsed.version]), strict=False))


def as_network(text: str) -> str | None:
    """A network as a person typed it, in its usual form; a single address is a network of one.
    None for anything else."""
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError:
        return None


def is_within(address: str, network: str) -> bool:
    """Whether an address, or a whole network, lies in a network; False for what is neither."""
    try:
        outer = ipaddress.ip_network(network, strict=False)
        inner = ipaddress.ip_network(_plain(address), strict=False)
    except ValueError:
        return False
    if isinstance(inner, ipaddress.IPv4Network) and isinstance(outer, ipaddress.IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(inner, ipaddress.IPv6Network) and isinstance(outer, ipaddress.IPv6Network):
        return inner.subnet_of(outer)
    return False


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(_plain(text))
    except ValueError:
        return None


def _plain(text: str) -> str:
    """Without an interface's name, and an IPv4 address out of the IPv6 one that carries it."""
    text = text.split("%", 1)[0].strip()
    try:
        parsed = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return text
