"""Mail: who follows what, what was sent, and where none arrives."""

from __future__ import annotations

from app.domains.privacy.terms import GONE, Names, Table

ACCOUNT, ADDRESS = Names.ACCOUNT, Names.ADDRESS

TABLES = {
    "follow": Table(
        matter="following",
        theirs={"address_id": ADDRESS, "author_id": ACCOUNT},
        given="article_id question_id tag_id card_id often confirmed_at",
        plain="id",
        erased={"address_id": GONE, "author_id": GONE},
        others="author_id",
    ),
    "follower_told": Table(
        matter="mails",
        theirs={"address_id": ADDRESS},
        given="cause at",
        erased={"address_id": GONE},
    ),
    "mail_refusal": Table(
        matter="following",
        theirs={"address_id": ADDRESS},
        given="topic at",
        erased={"address_id": GONE},
    ),
    "mail_stop": Table(
        matter="stops",
        theirs={"address_id": ADDRESS},
        given="kind why at until times",
        erased={"address_id": GONE},
    ),
    "mailed_reply": Table(
        matter="answers",
        theirs={"address_id": ADDRESS},
        given="at outcome why sender files comment_id reply_id",
        held="key text_key",
        plain="id",
        erased={"address_id": GONE},
    ),
    # `payload` of a mail names rows alone, but for one: the address of somebody who was erased
    # stands in that of their last mail, until it is sent or given up (`notifications.last_word`).
    "job": Table(
        matter="mails",
        theirs={"address_id": ADDRESS},
        given="kind created_at done_at failed_at",
        held="payload unique_key once_key last_error",
        plain="id run_at attempts locked_until request_id",
        by="mails",
    ),
    "happening": Table(matter="mails", held="facts", plain="id kind request_id at", by="passing"),
}
