"""What becomes of each thing in an export: decisions without a database."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from html import unescape

from app.domains.accounts.models import NAME_LENGTH
from app.domains.comments.states import Status
from app.engines.text.admission import admit_line
from app.engines.text.errors import UnfitText
from app.engines.text.excerpt import plain_text, title_from
from app.importers.wordpress.addresses import absolute
from app.importers.wordpress.records import Comment, Entry

ANONYMOUS = "Anonymous"
_LONGEST_URL = 200
_ANY_LENGTH = 1_000_000
_STATUSES = {
    "1": Status.APPROVED,
    "approve": Status.APPROVED,
    "0": Status.PENDING,
    "hold": Status.PENDING,
    "spam": Status.SPAM,
    "trash": Status.DELETED,
    "post-trashed": Status.DELETED,
}
_PINGS = {"pingback": "pingbacks", "trackback": "trackbacks"}


class Place(StrEnum):
    """How an article is brought in."""

    PUBLISHED = "published"
    SCHEDULED = "scheduled"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Left:
    """Not brought in; `why` begins with what it is, for the report."""

    why: str


def judge_entry(entry: Entry, now: datetime) -> Place | Left:
    """Posts and pages become articles. What few could read, nobody reads before its author says so:
    private and password-protected texts become drafts."""
    if entry.kind == "attachment":
        return Left("attachments: pictures stay where they are and are linked to")
    if entry.kind not in ("post", "page"):
        return Left(f"entries of the kind {entry.kind[:40]!r}: neither post nor page")
    if entry.status in ("trash", "auto-draft", "inherit"):
        return Left(f"posts and pages with the status {entry.status!r}")
    if entry_key(entry) is None:
        return Left("posts and pages without an id and an address")
    if entry.is_password_protected or entry.status not in ("publish", "future"):
        return Place.DRAFT
    if entry.published_at is not None and entry.published_at > now:
        return Place.SCHEDULED
    return Place.PUBLISHED


def judge_comment(comment: Comment, *, with_pings: bool) -> Status | Left:
    """The state a comment has here. A state that WordPress does not know waits in the queue."""
    if comment.kind in _PINGS and not with_pings:
        return Left(f"{_PINGS[comment.kind]}: not asked for (--with-pings)")
    if comment.kind not in ("comment", *_PINGS):
        return Left(f"comments of the kind {comment.kind[:40]!r}: not written by readers")
    own = dict(comment.own).get("status", "")
    if own in set(Status):
        return Status(own)
    return _STATUSES.get(comment.approved, Status.PENDING)


def entry_key(entry: Entry) -> str | None:
    """What makes an entry the same one in the next run: its id, else its address."""
    if entry.old_id:
        return str(entry.old_id)
    return f"at {_digest(entry.link)}" if entry.link else None


def comment_key(comment: Comment) -> str:
    """The same for a comment: its id, else a fingerprint of what it says, and where."""
    if comment.old_id:
        return str(comment.old_id)
    facts = (comment.entry_old_id, comment.author_name, comment.at, comment.body_html)
    return f"is {_digest(repr(facts))}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def title_of(entry: Entry, markdown: str, limit: int) -> str:
    """The title as plain text; an untitled entry is called by its first words."""
    return (
        line_of(plain_text(entry.title), limit)
        or line_of(title_from(markdown), limit)
        or f"Untitled {entry.kind}"
    )


def name_of(comment: Comment) -> str:
    """The name a comment is signed with; WordPress keeps it as HTML."""
    return line_of(unescape(comment.author_name), NAME_LENGTH) or ANONYMOUS


def url_of(comment: Comment) -> str | None:
    """The writer's own address, where it is one that a link may lead to."""
    address = absolute(comment.author_url, "")
    is_fit = address.startswith(("http://", "https://")) and len(address) <= _LONGEST_URL
    return address if is_fit else None


def line_of(text: str, limit: int) -> str:
    """Text as one admitted line, cut with an ellipsis; empty where nothing can be seen."""
    kept = "".join(letter for letter in text if letter.isprintable() or letter.isspace())
    try:
        line = admit_line(kept, limit=_ANY_LENGTH)
    except UnfitText:
        return ""
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def moment_of(text: str | None) -> datetime | None:
    """A moment as Threshold's export writes it, with its microseconds; None for anything else."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
