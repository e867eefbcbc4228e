"""How long the site keeps what it need not keep, as far as an admin chooses.

What is promised to readers is the most: a site may forget sooner, and never later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from app.infra import clock, stored_settings

SETTING = "privacy"


@dataclass(frozen=True, slots=True)
class Bounds:
    """In whole days. A site begins with the most."""

    least: int
    most: int


class Period(Enum):
    """What has a period of its own, by the name under which it is stored."""

    NETWORKS = "networks"
    """From which network something was written or done."""
    REFUSED = "refused"
    """What guests wrote and was refused or taken for spam, and what decided texts taught."""


BOUNDS = {Period.NETWORKS: Bounds(1, 30), Period.REFUSED: Bounds(7, 90)}


def days(period: Period) -> int:
    """How long it is kept here, in days."""
    value, _ = stored_settings.read(SETTING)
    bounds = BOUNDS[period]
    chosen = int((value or {}).get("periods", {}).get(period.value, bounds.most))
    return min(max(chosen, bounds.least), bounds.most)


def before(period: Period) -> datetime:
    """What is older than this is to be forgotten."""
    return clock.now() - timedelta(days=days(period))
