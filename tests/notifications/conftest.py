"""The program on a clock that stands still, since every mail has its time."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask

from tests.support.settings import change_settings


@pytest.fixture
def app(app: Flask, clock: time_machine.Traveller) -> Flask:
    change_settings(app, public_url="https://questions.example.org")
    return app
