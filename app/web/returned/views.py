"""`POST /mail/returned`: a report as it is, or a form with `address`, `kind` and `why`."""

from __future__ import annotations

from flask import Response, abort, request

from app.domains.accounts.states import Stop
from app.engines.returned_mail import MOST_BYTES
from app.engines.text.admission import admit_line
from app.engines.text.errors import UnfitText
from app.infra.http.bodies import KIBIBYTE, body_limit
from app.infra.http.csrf import protect
from app.infra.http.limits import limiter
from app.infra.refusal import Refusal
from app.notifications import returned
from app.notifications.returned import Stopped
from app.web.returned import blueprint
from app.web.returned.hook import answer, is_known

SOURCE = "mail hook"
FORM = "application/x-www-form-urlencoded"
LONGEST_WHY = 300
KINDS = frozenset(str(kind) for kind in Stop)


class UnfitForm(Refusal):
    public = "The form has an address, a kind (hard, soft or complaint) and a line that says why."


@blueprint.post("/mail/returned")
@limiter.exempt
@body_limit(MOST_BYTES // KIBIBYTE)
def take() -> Response:
    """By the token of the settings alone; nobody else finds such a page."""
    if not is_known():
        abort(404)
    try:
        found = [_by_hand()] if request.mimetype == FORM else _by_report()
    except Refusal as refusal:
        return answer(refusal.status, problem=refusal.public)
    return answer(200, stopped=sum(one.is_new for one in found))


protect.exempt(take)  # a program calls, which has no form of ours; the token is its protection


def _by_report() -> list[Stopped]:
    return returned.take(request.get_data(cache=False), source=SOURCE)


def _by_hand() -> Stopped:
    """Raises UnfitForm, NobodysAddress."""
    kind = request.form.get("kind", "")
    try:
        why = admit_line(request.form.get("why", ""), limit=LONGEST_WHY)
    except UnfitText as unfit:
        raise UnfitForm from unfit
    if kind not in KINDS or not why:
        raise UnfitForm
    return returned.stop_by_hand(request.form.get("address", ""), Stop(kind), why, source=SOURCE)
