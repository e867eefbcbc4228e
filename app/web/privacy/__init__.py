"""What the site keeps about people, for everybody to read; and what a person does with theirs."""

from flask import Blueprint

blueprint = Blueprint("privacy", __name__)

from app.web.privacy import leave, told, yours  # noqa: E402  (they register on it)

__all__ = ["blueprint", "leave", "told", "yours"]
