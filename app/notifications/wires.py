"""What `app.wiring` connects: the events that lead to mail, and the jobs that send it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domains.accounts.events import (
    AddressClaimed,
    PasswordChanged,
    PasswordResetAsked,
    SignUpOnKnownAddress,
)
from app.domains.comments.events import (
    CommentHeld,
    CommentHidden,
    CommentPublished,
    CommentRejected,
)
from app.domains.moderation.events import ReportsClosed, SentBack
from app.infra.events import Handler
from app.notifications import handlers, report_handlers
from app.notifications.jobs import JOBS

__all__ = ["JOBS", "REACTIONS"]

REACTIONS: Mapping[type, Sequence[Handler]] = {
    CommentHeld: (handlers.comment_held,),
    CommentPublished: (handlers.comment_published,),
    CommentHidden: (handlers.comment_hidden,),
    CommentRejected: (handlers.comment_rejected,),
    ReportsClosed: (report_handlers.reports_closed,),
    SentBack: (report_handlers.sent_back,),
    AddressClaimed: (handlers.address_claimed,),
    SignUpOnKnownAddress: (handlers.sign_up_on_known_address,),
    PasswordResetAsked: (handlers.password_reset_asked,),
    PasswordChanged: (handlers.password_changed,),
}
