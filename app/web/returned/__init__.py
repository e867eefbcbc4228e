"""Where a mail server tells which mail came back, and brings answers by mail, once the site has a
token for that."""

from flask import Blueprint

blueprint = Blueprint("returned", __name__)

from app.web.returned import answers, views  # noqa: E402  (they register on it)

__all__ = ["answers", "blueprint", "views"]
