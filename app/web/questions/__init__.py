"""Questions and threads: reading them, asking, replying, and the writer's private page."""

from flask import Blueprint

blueprint = Blueprint("questions", __name__)

from app.web.questions import collected, me_too, private, reading, reporting, writing  # noqa: E402  (they register)

__all__ = ["blueprint", "collected", "me_too", "private", "reading", "reporting", "writing"]
