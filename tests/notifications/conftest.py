"""The program on a clock that stands still, since every mail has its time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from tests.support.settings import change_settings


@pytest.fixture
def app(app: Flask, clock: time_machine.Traveller) -> Flask:
    change_settings(app, public_url="https://questions.example.org")
    return app


@pytest.fixture
def pass_time(deliver: Callable[[], int], clock: time_machine.Traveller) -> Callable[..., None]:
    """Let what is due happen, some time go by, and what is due then."""

    def run(*times: timedelta) -> None:
        for time in times or (timedelta(minutes=1), timedelta(minutes=3)):
            deliver()
            clock.shift(time)
        deliver()

    return run
