"""A typed code, of the app or from paper: counted before it is looked at, good once."""

from __future__ import annotations

from collections.abc import Sequence

from app.domains.accounts import tries
from app.domains.accounts.errors import TooManyTries
from app.domains.accounts.factors import authenticator, recovery_codes, services
from app.domains.accounts.factors.states import News
from app.domains.accounts.models import Account
from app.domains.accounts.policy import GUESSES_TOLD
from app.engines import one_time_codes


def open_try(account_id: int, network: str, *, is_known: bool) -> Sequence[int]:
    """Count a try; the rows to forget where it succeeds. Raises TooManyTries, whether the code
    would have been right or not. These are counted apart from passwords, so that a new password
    forgets none of them, and apart for browsers that were signed in before (`is_known`)."""
    limits = tries.code_limits(account_id, network, is_known=is_known)
    tries.take_turns(limits)
    wait = tries.longest_wait(limits)
    if wait:
        raise TooManyTries(wait)
    return tries.count([*limits])


def tell_of_guesses(account: Account) -> None:
    """Somebody who has passed the first step typed wrong codes until they were shut out: its owner
    is told, once a day at most."""
    once = {f"code-told:{account.id}": GUESSES_TOLD}
    tries.take_turns(once)
    if tries.count_if_it_fits(once):
        services.tell(account, News.CODES_GUESSED)


def use(account: Account, typed: str, tried: Sequence[int]) -> None:
    """Use a code and forget this try; the failed ones before it stay counted. Raises WrongCode."""
    if one_time_codes.is_of_app(one_time_codes.tidy(typed)):
        authenticator.use(account, typed)
    else:
        recovery_codes.use(account, typed)
        services.tell(account, News.CODE_USED)
    tries.take_back(tried)
