"""Whether the program is well, for whoever watches over it."""

from flask import Blueprint

blueprint = Blueprint("health", __name__)

from app.web.health import views  # noqa: E402  (they register on it)

__all__ = ["blueprint", "views"]
