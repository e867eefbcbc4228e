"""The name of a mail, by which it is known when it comes back.

It is the same on every try of one job and no other job's, even where a row's id comes again. Its
last part is made with the site's secret and the address: a report that quotes it is about a mail
that we sent to that very address, since nobody else has seen its name.
"""

from __future__ import annotations

import re

from app.domains.accounts.models import Address
from app.infra import tokens
from app.infra.jobs import Job
from app.notifications.states import Mail

_NAME = re.compile(r"(?P<about>[a-z_]{1,40}\.[0-9]{1,19}\.[0-9]{1,12})\.(?P<sign>[0-9a-f]{40})")


def name_of(job: Job, email_key: str) -> str:
    """What stands before the @ of its Message-ID; `email_key` is that of the address it goes to."""
    about = f"{Mail(job.kind).template}.{job.id}.{int(job.created_at.timestamp())}"
    return f"{about}.{tokens.private_key('mail', about, email_key)}"


def is_of_mail_to(name: str, address: Address) -> bool:
    """Whether a mail of this Message-ID went to this address."""
    found = _NAME.fullmatch(name.strip().strip("<>").partition("@")[0])
    if found is None:
        return False
    return tokens.opens(found["sign"], "mail", found["about"], address.email_key)
