"""Who is erased is told so once it is done, by the last mail that they get."""

from __future__ import annotations

from app.domains.accounts import mail_stops, preferences
from app.domains.accounts.models import Address
from app.domains.privacy import choices
from app.domains.privacy.events import Erased
from app.domains.privacy.models import Erasure
from app.infra.events import record


def record_for(erasure: Erasure, address: Address) -> None:
    """Have the owner of this address told, unless mail to it is stopped. Called before the address
    and the account go, in the transaction in which they do."""
    if mail_stops.in_force(address.id) is not None:
        return
    manner = preferences.of_address(address.id)
    record(
        Erased(
            erasure.id,
            email=address.email,
            language=manner.language.tag,
            zone=manner.zone,
            texts_go=choices.current().texts_go,
        )
    )
