"""Reports about mails that came back, as mail servers write them."""

from __future__ import annotations

NAME = "<received.1.1772530200.0@questions.example.org>"

_FRAME = """From: MAILER-DAEMON@mx.example.net
To: threshold@example.com
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="b1"

--b1
Content-Type: text/plain; charset=utf-8

I am sorry to have to tell you.

--b1
Content-Type: message/{kind}

{blocks}

--b1
Content-Type: {quoted}

To: {to}
Message-ID: {name}
Subject: Your question was received

--b1--
"""


def delivery_status(
    to: str,
    *,
    name: str = NAME,
    status: str = "5.1.1",
    said: str = "550 5.1.1 no such person",
    action: str = "failed",
    final: str = "",
    quoted: str = "text/rfc822-headers",
) -> bytes:
    """A delivery status about one mail; `final` where it was forwarded to another mailbox."""
    recipient = f"Original-Recipient: rfc822;{to}\n" if final else ""
    blocks = (
        "Reporting-MTA: dns; mx.example.net\n\n"
        f"{recipient}Final-Recipient: rfc822; {final or to}\nAction: {action}\n"
        f"Status: {status}\nDiagnostic-Code: smtp; {said}"
    )
    frame = _FRAME.format(kind="delivery-status", blocks=blocks, to=to, name=name, quoted=quoted)
    return frame.encode()


def complaint(to: str, *, name: str = NAME, kind: str = "abuse") -> bytes:
    """A complaint about one mail, whose recipient only the quoted mail names."""
    blocks = f"Feedback-Type: {kind}\nUser-Agent: SomeLoop/1.0\nVersion: 1"
    frame = _FRAME.format(
        kind="feedback-report", blocks=blocks, to=to, name=name, quoted="message/rfc822"
    )
    return frame.encode()
