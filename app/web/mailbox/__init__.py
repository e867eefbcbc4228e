"""What the links in moderators' mails open. The link is the authority: nobody signs in here."""

from flask import Blueprint, Response

from app.infra.http.headers import keep_nowhere

blueprint = Blueprint("mailbox", __name__, url_prefix="/from-mail")


@blueprint.after_request
def keep_secret(answer: Response) -> Response:
    """Nobody keeps, lists or hears of these addresses. `no-referrer` would make browsers send the
    pages' own forms with `Origin: null`, which are refused; so others hear of the site's name."""
    answer = keep_nowhere(answer)
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer


from app.web.mailbox import views  # noqa: E402  (they register on it)

__all__ = ["blueprint", "views"]
