"""Looking: one text with all that is known of it. The lists are in `listing`."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from app.domains.comments import queries as comments
from app.domains.comments.models import Comment
from app.domains.moderation import reasons, services
from app.domains.moderation.acts import record, record_words, undoing
from app.domains.moderation.people import senders
from app.domains.moderation.queue import holding, queries, sections
from app.domains.moderation.reported import reporting
from app.domains.tags import queries as tags
from app.web.accounts.session import member
from app.web.moderation import bar, blueprint
from app.web.moderation.forms import EditForm
from app.web.suggested import suggested


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
    history = record.history(comment.id)
    page = render_template(
        "moderation/item.html",
        item=comment,
        form=form,
        problem=problem,
        sender=senders.sender_records([comment])[comment.id],
        history=history,
        said=record_words,
        undo_ids=undoing.undoable(history),
        undoable=bar.shown(),
        colleagues=holding.colleagues(comment),
        revisions=queries.revisions(comment.id),
        suggestions=suggested(
            [comment], {comment.id: [link.tag_id for link in comment.tags]}, on_the_spot=1
        )[comment.id],
        reports=reporting.open_about([comment]),
        reasons=reasons.listed(),
        verbs=services.verbs_for(comment),
    )
    return page, status


def _wanted(comment_id: int) -> Comment:
    comment = comments.find(comment_id)
    if comment is None or not sections.may_decide_on(member(), comment):
        abort(404)
    return comment
