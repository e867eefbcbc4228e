"""The search page."""

from flask import Blueprint

blueprint = Blueprint("search", __name__)

from app.web.search import views  # noqa: E402  (they register on it)

__all__ = ["blueprint", "views"]
