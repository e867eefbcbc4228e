"""Looking: the lanes of the queue, one text with all that is known of it, the record."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import abort, render_template, request, session
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from app.domains.comments import queries as comments
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation import queries, reasons, record, senders, services
from app.domains.tags import queries as tags
from app.web.moderation import blueprint
from app.web.moderation.forms import EditForm
from app.web.numbers import whole_number

LANES = {
    "waiting": Status.PENDING,
    "spam": Status.SPAM,
    "approved": Status.APPROVED,
    "rejected": Status.REJECTED,
    "deleted": Status.DELETED,
}


@blueprint.get("/")
def queue() -> ResponseReturnValue:
    lane = request.args.get("lane", "waiting")
    if lane not in LANES:
        abort(404)
    items, more = queries.queue(LANES[lane], after=_place(request.args.get("after", "")))
    counts = queries.lane_counts()
    return render_template(
        "moderation/queue.html",
        lane=lane,
        lanes=[(name, counts[status]) for name, status in LANES.items()],
        items=items,
        more=more,
        senders=senders.sender_records(items),
        suggestions=comments.pointers_for_all(items, limit=4),
        reasons=reasons.listed(),
        verbs=services.possible_verbs(LANES[lane]),
        undoable=session.get("undoable"),
    )


@blueprint.get("/<int(max=2147483647):comment_id>")
def item(comment_id: int) -> ResponseReturnValue:
    return draw_item(_wanted(comment_id), None)


def draw_item(
    comment: Comment, form: EditForm | None, *, problem: str | None = None, status: int = 200
) -> ResponseReturnValue:
    """One text with its record, its former texts and the form to mend it."""
    form = form or EditForm(
        body=comment.source,
        title=comment.title,
        version=str(comment.version),
        tags=[link.tag_id for link in comment.tags],
    )
    form.tags.choices = [SelectChoice(*choice) for choice in tags.tag_choices()]
    page = render_template(
        "moderation/item.html",
        item=comment,
        form=form,
        problem=problem,
        sender=senders.sender_records([comment])[comment.id],
        history=record.history(comment.id),
        revisions=queries.revisions(comment.id),
        suggestions=comments.pointers_behind(comment),
        reasons=reasons.listed(),
        verbs=services.verbs_for(comment),
    )
    return page, status


def _wanted(comment_id: int) -> Comment:
    comment = comments.find(comment_id)
    if comment is None:
        abort(404)
    return comment


def _place(text: str) -> queries.Place | None:
    """Where a page begins, from the address; the beginning for anything that is no place."""
    at, _, number = text.partition("_")
    comment_id = whole_number(number)
    if comment_id is None:
        return None
    try:
        return queries.Place(datetime.fromtimestamp(float(at), UTC), comment_id)
    except (ValueError, OverflowError, OSError):
        return None
