"""The page on which the site tells everybody, in months and without names, how it moderates."""

from flask import Blueprint

from app.domains.moderation.figures import openness

blueprint = Blueprint("openness", __name__)
blueprint.add_app_template_global(openness.is_on, "tells_how_it_moderates")

from app.web.openness import views  # noqa: E402  (they register on it)

__all__ = ["blueprint", "views"]
