"""What each kind of mail is about, for the admin who reads of one that did not arrive."""

from __future__ import annotations

from collections.abc import Mapping

from app.notifications.states import Mail

ABOUT: Mapping[Mail, str] = {
    Mail.RECEIVED: "A text was received",
    Mail.APPROVED: "A text was published",
    Mail.ANSWERED: "The author answered",
    Mail.CARD_ANSWERED: "An answer was found for a question",
    Mail.CARD_CHANGED: "An answer changed",
    Mail.CARD_NO_HELP: "An answer did not help",
    Mail.REPLIED: "Somebody replied",
    Mail.REJECTED: "A text was not published",
    Mail.DESK: "Texts wait for a moderator",
    Mail.INBOX: "Questions wait for the author",
    Mail.WEEK: "A week of questions for their author",
    Mail.HELD: "A text is held for a colleague",
    Mail.REPORT_OUTCOME: "What came of reports",
    Mail.WARNED: "A warning",
    Mail.SHUT_OUT: "A suspension or a ban",
    Mail.PROVE: "A link to confirm an address",
    Mail.ME_TOO: "A link to confirm “I have this too”",
    Mail.ME_TOO_ANSWERED: "A question that somebody has too was answered",
    Mail.FOLLOW: "A link to follow something",
    Mail.FOLLOWED: "What is new for a follower",
    Mail.KNOWN: "Somebody signed up with a known address",
    Mail.RESET: "A link to set a new password",
    Mail.NEW_PASSWORD: "The password was changed",
    Mail.NEW_ADDRESS: "A link to a new address",
    Mail.ADDRESS_CHANGED: "The address was changed",
    Mail.SIGN_IN: "A link to sign in",
    Mail.NEW_DEVICE: "A new browser signed in",
    Mail.LEAVING: "Somebody is to be erased",
    Mail.COPY_READY: "A copy of all data of a person is ready",
    Mail.OVERDUE: "Texts have waited too long",
    Mail.REPLY_REFUSED: "An answer by mail was not taken",
    Mail.REPLY_WITHOUT_FILES: "An answer by mail was taken without attachments",
}
