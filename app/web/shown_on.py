"""Where the rows of every table show: the marks that a change of them raises.

Kept pages (`infra.kept`) are drawn anew when a mark they depend on is raised. A table that is
missing here fails a test. What nobody but its owner and the staff may read raises nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import func, or_, select
from sqlalchemy.orm.util import identity_key

from app.domains.accounts.states import STAFF
from app.domains.articles.states import ArticleStatus
from app.domains.comments.models import Comment
from app.domains.comments.queries import published
from app.domains.comments.states import Kind, Status
from app.infra.db import db
from app.infra.kept.marking import INTAKE, QUESTIONS, SITE, THREADS, Row, Shown, thread_mark

NOWHERE = Shown()
BY_HEART = Shown(marks=frozenset({INTAKE}))
EVERYWHERE = Shown(marks=frozenset({SITE}))
"""On pages that nobody can name beforehand: titles, tags and names stand in many places."""

UNSEEN_OF_COMMENTS = frozenset(
    {
        *("source", "render_version", "author_url", "decided_at", "reject_reason", "text_key"),
        *("version", "nonce", "submit_key", "network", "language", "certainty"),
        *("people_waiting", "held_for_id", "held_note", "report_weight", "reported_at"),
        *("recheck_at", "recheck_reason", "held_for", "parent", "forgotten_at"),
        "disowned_at",
    }
)
UNSEEN_OF_CARDS = frozenset(
    {
        *("render_version", "recheck_at", "recheck_reason", "version"),
        *("people", "questions", "not_helped"),  # whoever counts raises the lists alone
    }
)
UNSEEN_OF_ACCOUNTS = frozenset(
    {
        "leaving_at",
        "password_hash",
        "proven_at",
        "name_key",
        "address",
        "device_nonce",
        "factor_since",
        "language",
        "time_zone",
        "theme",
    }
)


def _comment(row: Row) -> Iterable[str]:
    """A published comment shows under its article and in lists, in those of questions if it is one
    or answers one; what is taken away or said in other words is besides named by pages elsewhere.
    Any other shows nowhere."""
    was = row.before("status") == Status.APPROVED
    kind, home = row.before("kind"), row.before("article_id")
    if not was and row.after("status") != Status.APPROVED:
        return ()
    articles = {home, row.after("article_id")} - {None}
    threads = _threads(row)
    marks = {THREADS, *(thread_mark(one, thread) for one in articles for thread in threads)}
    is_question = Kind.QUESTION in (kind, row.after("kind"))
    was_answer = row.is_gone or (not row.is_new and "by_author" in row.changed)
    if is_question or was_answer or row.after("by_author"):
        marks.add(QUESTIONS)
    if was and is_question:
        marks.add(SITE)
    return marks


def _threads(row: Row) -> set[int]:
    """The thread that a comment stands in, and the one where it stood."""
    number = row.before("id") or row.after("id")
    found = {row.before("root_id") or number}
    if not row.is_gone:
        found.add(row.after("root_id") or number)
    return found


def _article(row: Row) -> Iterable[str]:
    """Drafts show nowhere."""
    published_ = ArticleStatus.PUBLISHED in (row.before("status"), row.after("status"))
    return (SITE,) if published_ else ()


def _account(row: Row) -> Iterable[str]:
    """Somebody new stands on no page yet; the names of staff are nobody else's."""
    if row.is_new:
        return (INTAKE,) if row.after("role") in STAFF else ()
    return SITE, INTAKE


_ON_COMMENT = Shown(marks=frozenset({SITE}), through="comment_id")

SHOWN_ON: dict[str, Shown] = {
    "account": Shown(frozenset({SITE, INTAKE}), UNSEEN_OF_ACCOUNTS, _account),
    "answer_card": Shown(EVERYWHERE.marks, UNSEEN_OF_CARDS),
    "article": Shown(EVERYWHERE.marks, frozenset({"render_version", "version"}), _article),
    "article_tag": EVERYWHERE,
    "card_article": EVERYWHERE,
    "card_link": Shown(EVERYWHERE.marks, frozenset({"because", "reason"}), through="comment_id"),
    "card_resource": EVERYWHERE,
    "card_tag": EVERYWHERE,
    "comment": Shown(EVERYWHERE.marks, UNSEEN_OF_COMMENTS, _comment),
    "comment_tag": _ON_COMMENT,
    "me_too": _ON_COMMENT,
    "resource": Shown(EVERYWHERE.marks, frozenset({"render_version"})),
    "resource_tag": EVERYWHERE,
    "stored_setting": Shown(marks=frozenset({SITE, INTAKE})),
    "tag": EVERYWHERE,
    "tag_synonym": EVERYWHERE,
    # Known by heart where texts come in, and shown to staff alone:
    "measure": BY_HEART,
    "screening_rule": BY_HEART,
    # Known to their owner, to the staff or to the program alone:
    "account_name": NOWHERE,
    "address": NOWHERE,
    "answered_request": NOWHERE,
    "audit_entry": NOWHERE,
    "authenticator_app": NOWHERE,
    "card_revision": NOWHERE,
    "comment_revision": NOWHERE,
    "data_copy": NOWHERE,
    "data_copy_piece": NOWHERE,
    "desk_batch": NOWHERE,
    "desk_link": NOWHERE,
    "desk_opening": NOWHERE,
    "desk_section": NOWHERE,
    "drafted_for": NOWHERE,
    "erasure": NOWHERE,
    "follow": NOWHERE,
    "follower_told": NOWHERE,
    "gap": NOWHERE,
    "happening": NOWHERE,
    "identity": NOWHERE,
    "image": NOWHERE,
    "imported_item": NOWHERE,
    "job": NOWHERE,
    "link_check": NOWHERE,
    "login_session": NOWHERE,
    "mail_refusal": NOWHERE,
    "mail_stop": NOWHERE,
    "mailed_link": NOWHERE,
    "mailed_reply": NOWHERE,
    "outside_circuit": NOWHERE,
    "page_mark": NOWHERE,
    "passkey": NOWHERE,
    "passkey_challenge": NOWHERE,
    "phrase_proposal": NOWHERE,
    "recovery_code": NOWHERE,
    "report": NOWHERE,
    "saved_view": NOWHERE,
    "schema_floor": NOWHERE,
    "sign_in_try": NOWHERE,
    "spam_lesson": NOWHERE,
    "spam_term": NOWHERE,
    "suggestion": NOWHERE,
    "suggestion_outcome": NOWHERE,
    "text_trace": NOWHERE,
    # Redirects, which are never kept:
    "former_card_slug": NOWHERE,
    "former_slug": NOWHERE,
    "former_tag_slug": NOWHERE,
    "redirect": NOWHERE,
    # Follow the rows they were made of, in the same transaction or within a minute:
    "search_document": NOWHERE,
    "search_miss": NOWHERE,
    "search_posting": NOWHERE,
    "search_stem": NOWHERE,
    "search_vector": NOWHERE,
}


def marks_of_comments(comment_ids: Collection[int]) -> set[str]:
    """What those of these comments show on that everyone may read."""
    session = db.session()
    held = (session.identity_map.get(identity_key(Comment, one)) for one in comment_ids)
    known = [comment for comment in held if comment is not None and _is_loaded(comment)]
    places = {
        (one.article_id, one.thread_id, one.is_question or one.by_author)
        for one in known
        if one.is_published
    }
    missing = set(comment_ids) - {one.id for one in known}
    if missing:
        thread_id = func.coalesce(Comment.root_id, Comment.id)
        is_listed = or_(Comment.kind == Kind.QUESTION, Comment.by_author)
        rows = (
            select(Comment.article_id, thread_id, is_listed)
            .where(Comment.id.in_(missing), published(of_few=True))
            .distinct()
        )
        places |= {(row[0], row[1], bool(row[2])) for row in db.session.execute(rows)}
    marks = {thread_mark(article_id, thread) for article_id, thread, _ in places}
    if places:
        marks.add(THREADS)
    if any(is_listed for _, _, is_listed in places):
        marks.add(QUESTIONS)
    return marks


def _is_loaded(comment: Comment) -> bool:
    """Whether its state and place stand in memory as they are in this transaction."""
    wanted = {"id", "status", "article_id", "root_id", "kind", "by_author"}
    return wanted <= comment.__dict__.keys()
