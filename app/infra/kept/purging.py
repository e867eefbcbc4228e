"""Telling a cache in front of the site what has changed: one signed POST, made by a job.

Off unless PURGE_URL is set. The body is `{"marks": ["article:7", "threads"]}`, the names that
every kept page carries in its headers Surrogate-Key and Cache-Tag; the header
`X-Threshold-Signature` is the HMAC-SHA256 of the body, made with SECRET_KEY as 40 digits.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from app.infra import jobs, running, tokens
from app.infra.outside import calling

JOB = "purge"
SECONDS = 5.0
SIGNATURE = "X-Threshold-Signature"


def plan(marks: Sequence[str]) -> None:
    """Add the job that tells of these marks, in the caller's transaction, where anybody is told."""
    if marks and running.settings().purge_url:
        jobs.enqueue(JOB, {"marks": list(marks)})


def body_of(marks: Sequence[str]) -> bytes:
    return json.dumps({"marks": list(marks)}, separators=(",", ":")).encode()


def run(job: Any) -> None:
    """Raises NoAnswer where the cache does not say 200; the job is then tried again."""
    url = running.settings().purge_url
    if not url:
        return
    body = body_of(job.payload["marks"])
    signed = tokens.private_key("purge", body.decode())
    calling.post(
        url, body, {"Content-Type": "application/json", SIGNATURE: signed}, seconds=SECONDS
    )
