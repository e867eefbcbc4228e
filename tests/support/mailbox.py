"""Somebody's mail program, which answers a mail that it got."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid, parseaddr

from tests.support.smtp import text_of


def answer(
    mail: EmailMessage,
    words: str,
    *,
    sender: str | None = None,
    quotes: bool = True,
    **fields: str,
) -> EmailMessage:
    """The answer to a mail, as programs make it: above the quoted text, to its `Reply-To`. A field
    is named with `_` for `-`; one that is empty is left out."""
    made = EmailMessage(policy=SMTP)
    known = {
        "From": sender or str(mail["To"]),
        "To": str(mail["Reply-To"]),
        "Subject": f"Re: {str(mail['Subject']).strip()}",
        "Message-ID": make_msgid(domain="mailbox.example"),
        "In-Reply-To": str(mail["Message-ID"]),
        **{name.replace("_", "-"): said for name, said in fields.items()},
    }
    for name, said in known.items():
        if said:
            made[name] = said
    made.set_content(f"{words}\n\n{quoted(mail)}" if quotes else words)
    return made


def quoted(mail: EmailMessage) -> str:
    """A mail's words as programs put them below an answer."""
    lines = "\n".join(f"> {line}" for line in text_of(mail).splitlines())
    return f"On Tue, 3 Mar 2026 at 10:30, Standing Well <site@example.org> wrote:\n\n{lines}\n"


def reply_box(mail: EmailMessage) -> str:
    """The bare address at which a mail is answered."""
    return parseaddr(str(mail["Reply-To"]))[1]
