"""Answer cards for everyone: all of them, and one with the questions that it answers."""

from flask import Blueprint

blueprint = Blueprint("answers", __name__)

from app.web.answers import views  # noqa: E402  (it registers on it)

__all__ = ["blueprint", "views"]
