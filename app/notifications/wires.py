"""What `app.wiring` connects: the events that lead to mail, and the jobs that send it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from app.domains.accounts.events import (
    AccountMoved,
    AddressChanged,
    AddressClaimed,
    IdentityLinked,
    IdentityUnlinked,
    NewAddressAsked,
    NewDevice,
    PasswordChanged,
    PasswordResetAsked,
    ResetLinkAsked,
    SecondStepChanged,
    SignInLinkAsked,
    SignUpOnKnownAddress,
    ZoneChosen,
)
from app.domains.answers.events import CardDidNotHelp, CardLinked, CardReworded
from app.domains.articles.events import ArticlePublished, ArticleTagged
from app.domains.comments.events import (
    CommentHeld,
    CommentHidden,
    CommentPublished,
    CommentRejected,
    MeTooClaimed,
    QuestionTagged,
)
from app.domains.measures.events import MeasureTaken
from app.domains.moderation.events import ReportsClosed, SentBack, TextHeldFor
from app.domains.privacy.events import CopyMade, Erased, ErasureAsked
from app.infra.events import Handler
from app.infra.jobs import JobFunction
from app.notifications import (
    alarm,
    card_changes,
    card_letters,
    handlers,
    held_texts,
    jobs,
    last_word,
    me_too_letters,
    measure_letters,
    privacy_letters,
    report_handlers,
    services,
)
from app.notifications.following import gathering, telling
from app.notifications.replies import listing

__all__ = ["JOBS", "LATER", "PERIODS", "REACTIONS"]

JOBS: Mapping[str, JobFunction] = {
    **jobs.JOBS,
    "desk.overdue": alarm.look,
    card_changes.TELLING: card_changes.tell,
    me_too_letters.TELLING: me_too_letters.tell,
    telling.TELLING: telling.tell,
    telling.FORGETTING: telling.forget,
    gathering.RETIMING: gathering.retime,
    listing.FORGETTING: listing.forget,
    last_word.FORGETTING: last_word.forget,
}
PERIODS: Mapping[str, timedelta] = {
    "desk.overdue": timedelta(hours=1),
    telling.FORGETTING: timedelta(days=1),
    listing.FORGETTING: listing.PERIOD,
    last_word.FORGETTING: timedelta(days=1),
}
"""The kinds of job that come back by themselves, and how often."""

REACTIONS: Mapping[type, Sequence[Handler]] = {
    CommentHidden: (handlers.comment_hidden,),
    CommentRejected: (handlers.comment_rejected,),
    ReportsClosed: (report_handlers.reports_closed,),
    TextHeldFor: (held_texts.text_held_for,),
    SentBack: (report_handlers.sent_back,),
    MeasureTaken: (measure_letters.measure_taken,),
    MeTooClaimed: (me_too_letters.me_too_claimed,),
    CardLinked: (
        card_letters.card_linked,
        me_too_letters.card_linked,
        telling.card_linked,
    ),
    CardDidNotHelp: (card_letters.card_did_not_help,),
    CardReworded: (card_changes.card_reworded, telling.card_reworded),
    ArticlePublished: (telling.article_published,),
    ArticleTagged: (telling.article_tagged,),
    QuestionTagged: (telling.question_tagged,),
    AddressClaimed: (handlers.address_claimed,),
    SignUpOnKnownAddress: (handlers.sign_up_on_known_address,),
    PasswordResetAsked: (handlers.password_reset_asked,),
    PasswordChanged: (handlers.password_changed,),
    NewAddressAsked: (handlers.new_address_asked,),
    ZoneChosen: (gathering.zone_chosen,),
    AccountMoved: (telling.account_moved, services.account_moved),
    AddressChanged: (handlers.address_changed,),
    NewDevice: (handlers.new_device,),
    SecondStepChanged: (handlers.second_step_changed,),
    ErasureAsked: (privacy_letters.erasure_asked,),
    Erased: (last_word.erased,),
    CopyMade: (privacy_letters.copy_made,),
    IdentityLinked: (handlers.identity_linked,),
    IdentityUnlinked: (handlers.identity_unlinked,),
}
LATER: Mapping[type, Sequence[Handler]] = {
    SignInLinkAsked: (handlers.sign_in_link_asked,),
    ResetLinkAsked: (handlers.reset_link_asked,),
    CommentHeld: (handlers.comment_held,),
    CommentPublished: (
        handlers.comment_published,
        me_too_letters.comment_published,
        telling.comment_published,
    ),
}
"""What a worker does a moment later. What calls a mail off does so at once."""
