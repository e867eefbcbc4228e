"""A batch of prepared comments as rows: few statements for many of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.domains.comments.models import WORDS_LENGTH, Comment, CommentTag
from app.domains.comments.states import Kind
from app.domains.tags import queries as tags
from app.engines.text.render import RENDER_VERSION
from app.importers.wordpress.prepared import Prepared
from app.infra.db import db
from app.search import services as search


@dataclass(frozen=True, slots=True)
class Placed:
    """What a reply needs to know of its parent: `question_id` is the nearest question at or above
    it."""

    comment_id: int
    thread_id: int
    question_id: int | None


def placed_before(article_id: int, ids: Sequence[int]) -> dict[int, Placed]:
    """Comments that earlier runs wrote under this article, by their id here."""
    rows = db.session.execute(
        select(Comment.id, Comment.root_id, Comment.kind, Comment.question_id).where(
            Comment.id.in_(ids), Comment.article_id == article_id
        )
    )
    return {
        row.id: Placed(
            row.id,
            row.root_id or row.id,
            row.id if row.kind == Kind.QUESTION else row.question_id,
        )
        for row in rows
    }


def place(
    batch: Sequence[Prepared],
    article_id: int,
    parents: dict[int, Placed],
    address_ids: dict[str, int],
) -> list[tuple[Prepared, int]]:
    """Write the batch in the caller's unit of work and index it; each comment with its new id.

    `parents` are the comments above by old id; the batch's own are added to it. A parent in the
    batch stands before its replies.
    """
    made: list[tuple[Prepared, int]] = []
    for level in _levels(batch):
        rows = [_row(one, article_id, parents, address_ids) for one in level]
        db.session.add_all(rows)
        db.session.flush()
        for one, row in zip(level, rows, strict=True):
            made.append((one, row.id))
            if one.old_id:
                question_id = row.id if row.is_question else row.question_id
                parents[one.old_id] = Placed(row.id, row.thread_id, question_id)
    _tag(made)
    _index(made, parents)
    return made


def _levels(batch: Sequence[Prepared]) -> Iterator[list[Prepared]]:
    """The batch cut so that no comment is in one level with its parent."""
    depths: dict[int, int] = {}
    levels: list[list[Prepared]] = []
    for one in batch:
        depth = depths.get(one.parent_old_id, -1) + 1 if one.parent_old_id else 0
        if one.old_id:
            depths[one.old_id] = depth
        if depth == len(levels):
            levels.append([])
        levels[depth].append(one)
    yield from levels


def _row(
    one: Prepared, article_id: int, parents: dict[int, Placed], address_ids: dict[str, int]
) -> Comment:
    parent = parents.get(one.parent_old_id)
    return Comment(
        article_id=article_id,
        parent_id=parent.comment_id if parent else None,
        root_id=parent.thread_id if parent else None,
        question_id=parent.question_id if parent else None,
        kind=one.kind,
        status=one.status,
        title=one.title,
        account_id=one.writer.account_id if one.writer else None,
        address_id=one.writer.address_id if one.writer else address_ids.get(one.email),
        author_name=one.name,
        author_url=one.url,
        by_author=one.by_author,
        source=one.source,
        html=one.html,
        render_version=RENDER_VERSION,
        created_at=one.at,
        edited_at=one.edited_at,
        published_at=one.published_at,
        reject_reason=one.reject_reason,
        text_key=one.text_key,
        version=1,
    )


def _tag(made: list[tuple[Prepared, int]]) -> None:
    """Questions by their words, as new ones are, and whatever was tagged by hand."""
    lexicon = tags.lexicon()
    for one, comment_id in made:
        by_hand = {tag.id for slug in one.tags_by_hand if (tag := tags.find_tag(slug)) is not None}
        matches = lexicon.match(one.source) if one.kind == Kind.QUESTION else ()
        words = {match.tag_id: match.words[:WORDS_LENGTH] for match in matches}
        db.session.add_all(
            CommentTag(
                comment_id=comment_id,
                tag_id=tag_id,
                by_hand=tag_id in by_hand,
                words=words.get(tag_id, ""),
            )
            for tag_id in sorted(by_hand | words.keys())
        )
    db.session.flush()


def _index(made: list[tuple[Prepared, int]], parents: dict[int, Placed]) -> None:
    """Bring the questions that were written, or answered, into the search."""
    touched: set[int] = set()
    for one, comment_id in made:
        if one.kind == Kind.QUESTION:
            touched.add(comment_id)
        elif (parent := parents.get(one.parent_old_id)) and parent.question_id:
            touched.add(parent.question_id)
    for question_id in sorted(touched):
        search.index_question(question_id)
