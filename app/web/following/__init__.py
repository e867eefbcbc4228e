"""Following a thing, and the page with all that somebody follows."""

from flask import Blueprint, Response

from app.infra.http.headers import keep_nowhere

blueprint = Blueprint("following", __name__)


@blueprint.after_request
def keep_secret(answer: Response) -> Response:
    """These pages say what a person follows, and some have a key in their address: nobody keeps
    them, and other sites hear of the site's name alone."""
    answer = keep_nowhere(answer)
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer


from app.web.following import pages, views  # noqa: E402  (they register on it)

__all__ = ["blueprint", "pages", "views"]
