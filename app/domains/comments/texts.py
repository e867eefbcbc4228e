"""What is made of a typed text: safe HTML, a title, and a fingerprint that finds it again."""

from __future__ import annotations

import hashlib
import unicodedata

from app.domains.accounts.models import Account
from app.domains.comments import policy
from app.domains.comments.models import Comment, CommentRevision
from app.engines.text.excerpt import title_from
from app.engines.text.render import RENDER_VERSION, render_comment, render_reply, render_titled
from app.infra import clock
from app.infra.db import db


def rendered(source: str, *, by_staff: bool) -> str:
    """Safe HTML of a text in a thread: readers link outside, staff also to pages of this site."""
    return render_reply(source) if by_staff else render_comment(source)


def titled(source: str, *, by_staff: bool) -> tuple[str, str]:
    """The same with a title, for a text that needs one."""
    return (render_reply(source), title_from(source)) if by_staff else render_titled(source)


def fingerprint(source: str) -> str:
    """The same for texts that differ in case, spaces, signs and invisible characters only."""
    folded = unicodedata.normalize("NFKC", source).casefold()
    letters = "".join(filter(str.isalnum, folded)) or folded
    return hashlib.sha256(letters.encode()).hexdigest()


def put(comment: Comment, source: str) -> None:
    """Give a comment this text, with all that is made of it."""
    comment.source = source
    comment.html = rendered(source, by_staff=is_by_staff(comment))
    comment.render_version = RENDER_VERSION
    comment.title = title_from(source) if policy.needs_title(comment.kind) else ""


def is_by_staff(comment: Comment) -> bool:
    return comment.account is not None and comment.account.is_staff


def revise(
    comment: Comment, source: str, *, editor: Account | None, editor_name: str
) -> CommentRevision:
    """Give a comment another text; the one it had is kept, in the row that is returned."""
    former = CommentRevision(
        comment_id=comment.id,
        source=comment.source,
        editor_id=editor.id if editor else None,
        editor_name=editor_name,
    )
    db.session.add(former)
    put(comment, source)
    comment.edited_at = clock.now()
    comment.version += 1
    db.session.flush()
    return former


def render_again(comment: Comment) -> bool:
    """Render the source by today's rules; whether the HTML changed."""
    html = rendered(comment.source, by_staff=is_by_staff(comment))
    changed = html != comment.html
    comment.html = html
    comment.render_version = RENDER_VERSION
    return changed
