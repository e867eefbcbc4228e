"""Whether whoever sits here has shown lately who they are: by signing in, or the password again.

It stands in the signed cookie beside the session's secret and goes with it; while it holds,
requests carry it on, in steps of five minutes.
"""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, session

from app.config import Settings
from app.domains.accounts import policy
from app.infra import clock

PROOF = "shown"
STEP_SECONDS = 300
"""How exactly the last request is known; a finer step would set a cookie on more answers. The least
of PROOF_IDLE_MINUTES is twice that, or who is at work all the time would be asked."""


def show() -> None:
    """Somebody has just shown who they are."""
    now = _now()
    session[PROOF] = [now, now]


def forget() -> None:
    """Whoever came in did not show it themselves just now."""
    session.pop(PROOF, None)


def is_fresh() -> bool:
    """Whether nothing has to be asked before an act that reaches far."""
    proof = _proof()
    if proof is None:
        return False
    settings: Settings = current_app.extensions["settings"]
    proven, active = proof
    return policy.is_fresh(
        proven,
        active,
        _now(),
        idle=timedelta(minutes=settings.proof_idle_minutes),
        longest=timedelta(hours=settings.proof_hours),
    )


def carry_on() -> None:
    """There was a request: a proof that still holds does so from now on again."""
    proof = _proof()
    if proof is not None and _now() - proof[1] > STEP_SECONDS and is_fresh():
        session[PROOF] = [proof[0], _now()]


def _proof() -> tuple[int, int] | None:
    match session.get(PROOF):
        case [int(proven), int(active)]:
            return proven, active
    return None


def _now() -> int:
    return int(clock.now().timestamp())
