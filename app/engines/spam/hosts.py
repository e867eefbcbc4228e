"""What the hosts of a text's links tell: whether they hide where they lead, or are new here."""

from __future__ import annotations

from collections.abc import Collection, Iterable

_SHORTENERS = """
adf.ly bit.do bit.ly bitly.com bl.ink buff.ly chilp.it clck.ru cutt.ly dlvr.it dub.sh fb.me
goo.gl goo.su hyperurl.co is.gd j.mp kutt.it lc.chat lnkd.in ln.run lnk.bio mcaf.ee n9.cl ow.ly
po.st qr.ae rb.gy rebrand.ly s.id shor.by short.io shorturl.at shrtco.de snip.ly soo.gd surl.li
t.co t.ly t2m.io tiny.cc tiny.one tinyurl.com tr.im trib.al u.nu u.to url.ie urlz.fr v.gd v.ht
vk.cc wp.me x.co yourls.org zpr.io
"""
SHORTENERS = frozenset(_SHORTENERS.split())
"""Hosts whose links say nothing of where they lead. A list of our own, not a complete one."""
SHOWN = 3


def shortened(hosts: Iterable[str]) -> tuple[str, ...]:
    """Those hosts that hide where their links lead, each once, three at most."""
    found = [host for host in dict.fromkeys(hosts) if host.removeprefix("www.") in SHORTENERS]
    return tuple(found[:SHOWN])


def unseen(hosts: Iterable[str], *, known: Collection[str], own: str) -> tuple[str, ...]:
    """Those hosts that are neither known nor the site's own, each once, three at most."""
    bare = dict.fromkeys(host.removeprefix("www.") for host in hosts)
    found = [host for host in bare if host not in known and host != own.removeprefix("www.")]
    return tuple(found[:SHOWN])
