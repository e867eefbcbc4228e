"""The desk: what waits, the verdicts, the record. Every route here is behind one guard."""

from flask import Blueprint

from app.domains.moderation.policy import may_moderate
from app.domains.moderation.queries import waiting_count
from app.web.accounts.session import viewer
from app.web.guards import guard

blueprint = Blueprint("moderation", __name__, url_prefix="/moderation")
NOT_HERE = (
    "This account does not sit at the desk. If it did until now, its role was taken away "
    "meanwhile; nothing was done. An admin of the site can tell more."
)
guard(blueprint, may_moderate, NOT_HERE)


def may_decide() -> bool:
    """Whether whoever looks at the page may sit at the desk; threads show the way there."""
    return may_moderate(viewer())


blueprint.add_app_template_global(may_decide)
blueprint.add_app_template_global(waiting_count, "desk_waiting")

from app.web.moderation import (  # noqa: E402  (they register on it)
    acts,
    deciding,
    people,
    rechecking,
    record,
    rules,
    views,
)

__all__ = ["acts", "blueprint", "deciding", "people", "rechecking", "record", "rules", "views"]
