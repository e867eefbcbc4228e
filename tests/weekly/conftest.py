"""The program on a clock that stands still, since every digest has its week."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine
from flask import Flask

from app.infra import jobs
from app.weekly import sending
from tests.support.settings import change_settings


@pytest.fixture
def app(app: Flask, clock: time_machine.Traveller) -> Flask:
    change_settings(app, public_url="https://questions.example.org")
    return app


@pytest.fixture
def look(deliver: Callable[[], int]) -> Callable[[], None]:
    """What a worker does when the hour comes: it looks whose week is over, and sends."""

    def run() -> None:
        jobs.plan({sending.JOB: sending.AGAIN})
        deliver()

    return run
