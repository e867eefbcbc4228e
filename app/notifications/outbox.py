"""A mail as a row beside its cause: one for each recipient and cause, whoever asks how often.

What is not queued here is once by itself: a link that somebody asks for is written in the very act
of asking, and of a digest one waits for a person at a time, which tells all that came meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.infra.jobs import Job, enqueue
from app.notifications.states import Mail

AT_ONCE = timedelta(0)


def queue(
    kind: Mail, payload: Mapping[str, Any], *, to: int, cause: str, after: timedelta = AT_ONCE
) -> Job | None:
    """Have this mail sent to the address `to` because of `cause`, in the caller's transaction.

    None where it waits, was sent or was laid aside; one that was given up is tried anew. What a
    cause is called holds for ever, so a row's id is not enough where it can come again.
    """
    return enqueue(kind, dict(payload), after=after, once_key=f"{kind}:{to}:{cause}")


def queue_for_account(
    kind: Mail,
    payload: Mapping[str, Any],
    *,
    account_id: int,
    cause: str,
    after: timedelta = AT_ONCE,
) -> Job | None:
    """The same for the owner of an account, whatever their address is when it goes out."""
    once_key = key_of_account(kind, account_id, cause)
    return enqueue(kind, dict(payload), after=after, once_key=once_key)


def key_of_account(kind: Mail, account_id: int, cause: str) -> str:
    """By what `Job.once_key` the owner of an account is told of a cause."""
    return f"{kind}:account {account_id}:{cause}"
