"""What shows that no person wrote a mail: an answering machine, a list, a report, or this program.

To answer such a mail could begin a storm, and to publish it would put "I am away until Monday"
below a question.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message

Fields = Callable[[str], list[str]]
"""The fields of a name, as one line each."""
_ANSWERING = (
    *("X-Autoreply", "X-Autorespond", "X-Autoresponse", "X-AutoReply-From", "X-Mail-Autoreply"),
    *("X-Away-Message", "X-Vacation", "X-MS-Exchange-Inbox-Rules-Loop"),
)
_OF_A_LIST = ("List-Id", "List-Post", "List-Unsubscribe", "Mailing-List", "X-Mailing-List")
_PRECEDENCE = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_AWAY = re.compile(
    r"(?:auto(?:matic)?[ -]?(?:reply|response|antwort)|auto(?:matische)? ?:|out of (?:the )?office"
    r"|(?:automatische|abwesenheits)[ -]?(?:antwort|notiz|nachricht|benachrichtigung)"
    r"|abwesend|nicht im (?:büro|haus)|respuesta autom[aá]tica|fuera de (?:la )?oficina"
    r"|(?:mail )?delivery (?:status|failure|has failed)|undeliver(?:able|ed)|unzustellbar"
    r"|returned mail|failure notice|mail delivery failed)",
    re.IGNORECASE,
)
_MACHINES = re.compile(
    r"(?:^|<|\s)(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply)@", re.IGNORECASE
)
_REPORTS = frozenset({"multipart/report", "message/delivery-status", "message/feedback-report"})


def shown_by(fields: Fields, message: Message) -> str | None:
    """The name of the field that shows it; None for a mail that a person wrote."""
    if message.get_content_type() in _REPORTS:
        return "Content-Type"
    return _by_a_rule(fields) or _by_its_own_words(fields)


def _by_a_rule(fields: Fields) -> str | None:
    """Of those that are there to say so."""
    sent_by = [said.partition(";")[0].strip().lower() for said in fields("Auto-Submitted")]
    if any(said not in ("", "no") for said in sent_by):
        return "Auto-Submitted"
    if any(said.replace(" ", "") == "<>" for said in fields("Return-Path")):
        return "Return-Path"
    if any(said.lower() in _PRECEDENCE for said in fields("Precedence")):
        return "Precedence"
    return next((name for name in _OF_A_LIST if fields(name)), None)


def _by_its_own_words(fields: Fields) -> str | None:
    """Of those that programs write which know no rules."""
    for name in _ANSWERING:
        if any(said.lower() not in ("", "no") for said in fields(name)):
            return name
    if any(map(_MACHINES.search, fields("From"))):
        return "From"
    if any(_AWAY.match(readable(said)) for said in fields("Subject")):
        return "Subject"
    return None


def readable(said: str) -> str:
    """A field with its encoded words (RFC 2047) as letters; as it came where they are none."""
    try:
        return str(make_header(decode_header(said)))
    except (HeaderParseError, LookupError, ValueError):
        return said
