"""What tables, columns and values are called in the page of a copy. The data beside it keeps their
own names, since programs read it."""

from __future__ import annotations

from collections.abc import Mapping

from app.domains.moderation.acts import record_words
from app.infra.language import sentence

TABLES: Mapping[str, str] = {
    "account": sentence("Your account"),
    "account_name": sentence("Names that you had"),
    "address": sentence("Your mail address"),
    "authenticator_app": sentence("Your authenticator app"),
    "identity": sentence("Your other ways to sign in"),
    "login_session": sentence("Where you are signed in"),
    "mailed_link": sentence("Links that were mailed to you"),
    "passkey": sentence("Your passkeys"),
    "recovery_code": sentence("Your recovery codes"),
    "article": sentence("Your articles"),
    "comment": sentence("What you asked and wrote"),
    "comment_revision": sentence("Earlier versions of what you wrote"),
    "comment_tag": sentence("Tags of what you wrote"),
    "me_too": sentence("Questions that you have too"),
    "answer_card": sentence("Your answer cards"),
    "card_link": sentence("Cards that answered you"),
    "card_revision": sentence("Earlier versions of your answer cards"),
    "image": sentence("Your pictures"),
    "audit_entry": sentence("What you did, by the record"),
    "desk_batch": sentence("Your acts on many texts"),
    "desk_opening": sentence("Texts that you opened at the desk"),
    "desk_section": sentence("The sections that you moderate"),
    "measure": sentence("What you were told by those who run the site"),
    "report": sentence("What you reported"),
    "saved_view": sentence("Lists that you keep at the desk"),
    "follow": sentence("What you follow"),
    "follower_told": sentence("What you were told of what you follow"),
    "mail_refusal": sentence("Mail that you want no more"),
    "mail_stop": sentence("Mail that is stopped"),
    "mailed_reply": sentence("What you answered by mail"),
    "job": sentence("Mails to you"),
}
PARTS: Mapping[str, str] = {
    "act": sentence("Act"),
    "article": sentence("Article"),
    "article_id": sentence("Number of the article"),
    "at": sentence("At"),
    "author_name": sentence("Your name"),
    "author_url": sentence("Your web address"),
    "bio": sentence("About you"),
    "browser": sentence("Browser"),
    "card_id": sentence("Number of the answer card"),
    "cause": sentence("Cause"),
    "comment_id": sentence("Number of the text"),
    "confirmed_at": sentence("Confirmed"),
    "created_at": sentence("When made"),
    "decided_at": sentence("When decided"),
    "disabled_at": sentence("Closed since"),
    "done": sentence("How many were done"),
    "done_at": sentence("Sent"),
    "edited_at": sentence("When edited"),
    "email": sentence("Mail address"),
    "expires_at": sentence("Ends"),
    "factor_since": sentence("Second step since"),
    "failed_at": sentence("Failed"),
    "files": sentence("Files"),
    "finished_at": sentence("Finished"),
    "from_state": sentence("State before"),
    "helped": sentence("Helped"),
    "helped_at": sentence("Said whether it helped"),
    "id": sentence("Its number"),
    "issuer": sentence("Confirmed by"),
    "kind": sentence("Kind"),
    "language": sentence("Language"),
    "lifted_at": sentence("Lifted"),
    "linked_at": sentence("Linked"),
    "name": sentence("Name"),
    "network": sentence("Network"),
    "new_name": sentence("New name"),
    "often": sentence("How often"),
    "old_name": sentence("Old name"),
    "outcome": sentence("Outcome"),
    "parent_id": sentence("Reply to"),
    "proven_at": sentence("Proven"),
    "published_at": sentence("When published"),
    "purpose": sentence("What for"),
    "question_id": sentence("Number of the question"),
    "reason": sentence("Reason"),
    "refused": sentence("How many were left as they were"),
    "reject_reason": sentence("Reason"),
    "reply_id": sentence("Number of your reply"),
    "role": sentence("Role"),
    "seen_at": sentence("Last used"),
    "sender": sentence("Sender"),
    "slug": sentence("Address of the page"),
    "source": sentence("Text"),
    "state": sentence("State"),
    "status": sentence("State"),
    "subject": sentence("On a"),
    "subject_id": sentence("Its number"),
    "summary": sentence("Summary"),
    "system": sentence("System"),
    "tag_id": sentence("Number of the tag"),
    "theme": sentence("Colours"),
    "time_zone": sentence("Time zone"),
    "times": sentence("How often"),
    "title": sentence("Title"),
    "to_state": sentence("State after"),
    "topic": sentence("About"),
    "total": sentence("How many in all"),
    "until": sentence("Until"),
    "updated_at": sentence("Last changed"),
    "used_at": sentence("Last used"),
    "username": sentence("User name"),
    "why": sentence("Why"),
    "wish": sentence("List"),
    "words": sentence("Words"),
}
STATES = frozenset({"from_state", "kind", "outcome", "role", "state", "status", "to_state"})
OFTEN: Mapping[str, str] = {
    "at-once": sentence("at once"),
    "daily": sentence("daily"),
    "weekly": sentence("weekly"),
}


def table(name: str) -> str:
    return str(TABLES[name])


def part(name: str) -> str:
    return str(PARTS[name])


def value(name: str, text: str) -> str:
    """What stands in this column: words of ours are said, all other text stands."""
    if name in STATES:
        return record_words.state(text)
    if name == "act":
        return record_words.act(text)
    if name == "subject":
        return record_words.subject(text)
    return str(OFTEN.get(text, text)) if name == "often" else text
