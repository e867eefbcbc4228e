"""One comment made ready to be written: its text converted, rendered and titled.

That is most of an import's work, and it happens before a transaction begins, so that readers can go
on writing meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domains.comments import policy, texts
from app.domains.comments.models import REASON_LENGTH, TITLE_LENGTH
from app.domains.comments.states import Kind, Status
from app.engines.text.admission import admit
from app.engines.text.errors import UnfitText
from app.engines.text.excerpt import title_from
from app.engines.text.kinds import guess_kind
from app.importers.wordpress.judgement import comment_key, moment_of, name_of, url_of
from app.importers.wordpress.markup import COMMENT_MARKDOWN_LIMIT, Converted, comment_markdown
from app.importers.wordpress.records import Comment


@dataclass(frozen=True, slots=True)
class Writer:
    """An author who was signed in. `speaks_as_author` is under this article."""

    account_id: int
    address_id: int
    name: str
    speaks_as_author: bool
    is_staff: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Everything about a comment but the ids that only the database can give."""

    key: str
    old_id: int
    parent_old_id: int
    status: Status
    kind: Kind
    name: str
    url: str | None
    email: str
    writer: Writer | None
    by_author: bool
    source: str
    html: str
    title: str
    text_key: str
    at: datetime
    published_at: datetime | None
    edited_at: datetime | None
    reject_reason: str
    tags_by_hand: tuple[str, ...]


def text_of(record: Comment) -> Converted:
    """The text as Markdown: the comment's own, where Threshold exported it, else its HTML's. Empty
    where nothing of it can be seen."""
    own = dict(record.own).get("source")
    converted = Converted(own) if own is not None else comment_markdown(record.body_html)
    try:
        return Converted(admit(converted.markdown, limit=COMMENT_MARKDOWN_LIMIT), converted.notes)
    except UnfitText:
        return Converted("", converted.notes)


def prepare(
    record: Comment, source: str, *, status: Status, writer: Writer | None, undated: datetime
) -> Prepared:
    """`source` is the text by `text_of`; `undated` is the date of a comment that has none."""
    own = dict(record.own)
    by_author = writer is not None and writer.speaks_as_author
    if writer is not None and "by_author" in own:
        by_author = own["by_author"] == "yes"  # the badge of the time of writing
    kind = _kind(own.get("kind"), source, by_author=by_author)
    at = moment_of(own.get("at")) or record.at or undated
    published_at = at if status == Status.APPROVED else None
    title = title_from(source) if policy.needs_title(kind) else ""
    return Prepared(
        key=comment_key(record),
        old_id=record.old_id,
        parent_old_id=record.parent_old_id,
        status=status,
        kind=kind,
        name=writer.name if writer and not own else name_of(record),
        url=url_of(record),
        email=record.author_email,
        writer=writer,
        by_author=by_author,
        source=source,
        html=texts.rendered(source, by_staff=writer is not None and writer.is_staff),
        title=own.get("title", title)[:TITLE_LENGTH],
        text_key=texts.fingerprint(source),
        at=at,
        published_at=moment_of(own.get("published_at")) or published_at,
        edited_at=moment_of(own.get("edited_at")),
        reject_reason=own.get("reject_reason", "")[:REASON_LENGTH],
        tags_by_hand=tuple(own.get("tags", "").split()),
    )


def _kind(own: str | None, source: str, *, by_author: bool) -> Kind:
    """What Threshold exported, else a guess from the text; an author's reply asks nothing."""
    if own in set(Kind):
        return Kind(own)
    return Kind.COMMENT if by_author else Kind(guess_kind(source))
