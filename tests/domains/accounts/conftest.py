"""What was told while a unit of work ended."""

from __future__ import annotations

import pytest
from flask import Flask

from app.domains.accounts import events


@pytest.fixture
def told(app: Flask) -> list[object]:
    """The events of accounts, in the order in which they were dispatched."""
    heard: list[object] = []
    kinds = (
        events.AddressClaimed,
        events.PasswordChanged,
        events.PasswordResetAsked,
        events.SignUpOnKnownAddress,
    )
    app.extensions["reactions"] = {kind: [heard.append] for kind in kinds}
    return heard
