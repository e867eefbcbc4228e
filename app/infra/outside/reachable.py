"""Which addresses of machines may be called where a stranger chose the name: public ones alone."""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv6Address

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""A whole network's way to IPv4: the last 32 bits are who is called."""
_OTHER_WAYS_IN = (
    ipaddress.IPv6Network("::/96"),  # compatible with IPv4, of old
    ipaddress.IPv6Network("64:ff9b:1::/48"),  # NAT64 within one's own walls
    ipaddress.IPv6Network("fec0::/10"),  # site-local, of old
)


def is_public(address: str) -> bool:
    """Whether this is the address of a machine that anybody can reach: none of this machine, of
    the networks around it, or of those that only stand for others."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(known, IPv4Address):
        return _is_open(known)
    if known in NAT64:
        return _is_open(IPv4Address(int(known) & 0xFFFFFFFF))
    stands_for_another = (known.ipv4_mapped, known.sixtofour, known.teredo)
    if any(one is not None for one in stands_for_another):
        return False
    return _is_open(known) and not any(known in one for one in _OTHER_WAYS_IN)


def _is_open(known: IPv4Address | IPv6Address) -> bool:
    return known.is_global and not (
        known.is_multicast
        or known.is_reserved
        or known.is_loopback
        or known.is_link_local
        or known.is_unspecified
    )
