"""The machine that a request came from, as the domains want to know it."""

from __future__ import annotations

from flask import request

from app.domains.comments.drafts import Origin
from app.infra.http.hosts import client_address

LONGEST = 300


def origin() -> Origin:
    """Where this request came from, as far as the configured proxies can be believed."""
    return Origin(
        client_address(), request.user_agent.string[:LONGEST], (request.referrer or "")[:LONGEST]
    )
