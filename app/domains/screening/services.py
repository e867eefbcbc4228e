"""Intake: gather the facts about a new text and let the rules speak."""

from __future__ import annotations

from app.domains.accounts.models import Account
from app.domains.accounts.queries import name_looks_like_staff
from app.domains.screening import queries
from app.engines.spam.first_rules import Facts
from app.engines.spam.first_rules import assess as judge
from app.engines.spam.verdict import Verdict
from app.engines.text.links import link_hosts


def assess(
    *,
    account: Account | None,
    proven: bool,
    approved_before: int,
    source: str,
    html: str,
    trap_filled: bool,
    seconds_to_fill: float | None,
    said_elsewhere: bool,
) -> Verdict:
    """The verdict on a text: pass, hold or spam, each reason with its weight and sentence.

    `proven` is whether the writer's address was proven in this browser; `approved_before` counts
    published texts of the same account or address; `html` is the safe rendering, so that every way
    to write a link counts; the model reads the `source`, and nothing of staff's. A guest whose name
    looks like that of staff was refused before; an account may have come to look so since.
    """
    is_staff = account is not None and account.is_staff
    reader = account if account is not None and not is_staff else None
    looks_like_staff = reader is not None and name_looks_like_staff(reader.name)
    opinion = None if is_staff else queries.opinion(source)
    return judge(
        Facts(
            is_staff=is_staff,
            proven=proven,
            approved_before=approved_before,
            link_count=len(link_hosts(html)),
            name_looks_like_staff=looks_like_staff,
            honeypot_filled=trap_filled,
            seconds_to_fill=seconds_to_fill,
            duplicate_of_recent=said_elsewhere,
            spam_chance=opinion.chance if opinion else None,
            spam_words=tuple(word.shown for word in opinion.speaking()) if opinion else (),
        )
    )
