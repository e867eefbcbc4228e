"""The one way in: whatever showed who somebody is ends here."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts.models import Account
from app.web.accounts import halfway
from app.web.accounts.session import enter
from app.web.safe_redirects import safe_next


def come_in(account: Account, wanted: str | None, *, status: int = 303) -> ResponseReturnValue:
    """Somebody has shown, by a password, a mailed link or another site, that this account is
    theirs. Where that is enough they are signed in and led to the path `wanted`; where there is a
    second step they are led to it. Inside a unit of work."""
    if account.has_second_step:
        halfway.begin(account, safe_next(wanted))
        return redirect(url_for("accounts.second_step"), status)
    return arrive(account, wanted, status=status)


def arrive(account: Account, wanted: str | None, *, status: int = 303) -> ResponseReturnValue:
    """Nothing is left to be shown: signed in, and led to the path `wanted`; to where
    it is taken back, if all of the account is to be erased. Inside a unit of work,
    by nobody but `come_in` and the second step itself."""
    enter(account)
    if account.leaving_at is not None:
        return redirect(url_for("privacy.leave"), status)
    return redirect(safe_next(wanted) or url_for("accounts.profile"), status)
