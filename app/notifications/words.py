"""What is said in mails of somebody who is gone; and what each kind of mail is about, for the admin
who reads of one that did not arrive."""

from __future__ import annotations

from collections.abc import Mapping

from app.infra.language import sentence
from app.notifications.states import Mail

BY_NOBODY = sentence("The author")
"""Who speaks on a card whose owner is gone."""
ABOUT: Mapping[Mail, str] = {
    Mail.RECEIVED: sentence("A text was received"),
    Mail.APPROVED: sentence("A text was published"),
    Mail.ANSWERED: sentence("The author answered"),
    Mail.CARD_ANSWERED: sentence("An answer was found for a question"),
    Mail.CARD_CHANGED: sentence("An answer changed"),
    Mail.CARD_NO_HELP: sentence("An answer did not help"),
    Mail.REPLIED: sentence("Somebody replied"),
    Mail.REJECTED: sentence("A text was not published"),
    Mail.DESK: sentence("Texts wait for a moderator"),
    Mail.INBOX: sentence("Questions wait for the author"),
    Mail.WEEK: sentence("A week of questions for their author"),
    Mail.HELD: sentence("A text is held for a colleague"),
    Mail.REPORT_OUTCOME: sentence("What came of reports"),
    Mail.WARNED: sentence("A warning"),
    Mail.SHUT_OUT: sentence("A suspension or a ban"),
    Mail.PROVE: sentence("A link to confirm an address"),
    Mail.ME_TOO: sentence("A link to confirm “I have this too”"),
    Mail.ME_TOO_ANSWERED: sentence("A question that somebody has too was answered"),
    Mail.FOLLOW: sentence("A link to follow something"),
    Mail.FOLLOWED: sentence("What is new for a follower"),
    Mail.KNOWN: sentence("Somebody signed up with a known address"),
    Mail.RESET: sentence("A link to set a new password"),
    Mail.NEW_PASSWORD: sentence("The password was changed"),
    Mail.NEW_ADDRESS: sentence("A link to a new address"),
    Mail.ADDRESS_CHANGED: sentence("The address was changed"),
    Mail.SIGN_IN: sentence("A link to sign in"),
    Mail.NEW_DEVICE: sentence("A new browser signed in"),
    Mail.IDENTITY_LINKED: sentence("Another way to sign in was added"),
    Mail.IDENTITY_UNLINKED: sentence("A way to sign in was taken away"),
    Mail.SECOND_STEP: sentence("Something about the second step changed"),
    Mail.LEAVING: sentence("Somebody is to be erased"),
    Mail.ERASED: sentence("Somebody was erased"),
    Mail.COPY_READY: sentence("A copy of all data of a person is ready"),
    Mail.OVERDUE: sentence("Texts have waited too long"),
    Mail.REPLY_REFUSED: sentence("An answer by mail was not taken"),
    Mail.REPLY_WITHOUT_FILES: sentence("An answer by mail was taken without attachments"),
}
