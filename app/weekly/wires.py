"""What `app.wiring` connects: the jobs that find whose week is over, and send it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from app.infra.jobs import JobFunction
from app.notifications.jobs import mailing
from app.notifications.states import Mail
from app.weekly import letters, sending

JOBS: Mapping[str, JobFunction] = {
    Mail.WEEK: mailing(letters.week),
    sending.JOB: sending.look,
}
PERIODS: Mapping[str, timedelta] = {sending.JOB: sending.AGAIN}
"""The kinds of job that come back by themselves, and how often."""
