"""The library: tags in readers' words, and the resources and questions behind each."""

from flask import Blueprint

blueprint = Blueprint("library", __name__)

from app.web.library import views  # noqa: E402  (it registers on it)

__all__ = ["blueprint", "views"]
