"""Where a mail server tells which mail came back, once the site has a token for that."""

from flask import Blueprint

blueprint = Blueprint("returned", __name__)

from app.web.returned import views  # noqa: E402  (they register on it)

__all__ = ["blueprint", "views"]
