"""Articles: the front page, one article with its thread, the archive, authors, old addresses."""

from flask import Blueprint

blueprint = Blueprint("articles", __name__)

from app.web.articles import addresses, lists, media, reading  # noqa: E402  (they register on it)

__all__ = ["addresses", "blueprint", "lists", "media", "reading"]
