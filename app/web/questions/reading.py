"""Reading: all questions, one question with its answers, one comment in its thread."""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domains.comments import listed, me_too, queries, threads
from app.domains.comments.faces import Shown, faces_of
from app.domains.comments.me_too import Person
from app.domains.comments.models import Comment
from app.domains.comments.queries import View
from app.engines.text.slug import slugify
from app.infra.http.links import absolute
from app.infra.kept.keeping import kept
from app.infra.kept.marking import QUESTIONS, SITE
from app.infra.language import _
from app.search.related import related_to
from app.web.accounts.session import proven_addresses, viewer
from app.web.numbers import wanted_page, wanted_place
from app.web.questions import blueprint
from app.web.questions.laid import branch
from app.web.questions.thread import (
    box_under,
    looker,
    may_ask,
    red_flag_note,
    takes_replies,
    wanted_view,
)
from app.web.structured import json_ld, question_json


@blueprint.get("/questions/")
@kept(SITE, QUESTIONS, query=("view", "after", "before"))
def index() -> ResponseReturnValue:
    view = wanted_view()
    questions, ways = listed.questions(view=view, wanted=wanted_place())
    return render_template(
        "questions/index.html",
        questions=questions,
        ways=ways,
        view=view,
        views=list(View),
        canonical=absolute("/questions/") if ways.is_first else None,
    )


@blueprint.get("/questions/<int(max=2147483647):comment_id>-<slug>")
@blueprint.get("/questions/<int(max=2147483647):comment_id>", defaults={"slug": ""})
@kept(SITE, under=queries.ARTICLE_OF, query=("page",))
def show(comment_id: int, slug: str) -> ResponseReturnValue:
    question = queries.find_visible(comment_id)
    if question is None:
        abort(404)
    if not question.is_question:
        return redirect(url_for("questions.permalink", comment_id=comment_id), 301)
    if slug != slugify(question.title):
        return redirect(question.href, 301)
    lines, bounds = threads.published_branch(question, page=wanted_page())
    top = lines[0].row if lines and lines[0].id == question.id else None
    face = top or faces_of([question.id])[question.id]
    replies = lines[1:] if bounds.number == 1 else lines
    return render_template(
        "questions/show.html",
        question=question,
        face=face,
        replies=branch(replies, looker(question.article), above=face.cards),
        bounds=bounds,
        box=box_under(
            url_for("questions.reply", comment_id=question.id),
            here=f"question:{question.id}",
            label=_("Send the reply"),
        ),
        may_ask=may_ask(),
        takes_comments=takes_replies(question.article),
        red_flag_note=red_flag_note(question),
        standing=me_too.standing(question, Person(viewer(), proven_addresses())),
        related=related_to("question", question.id, shown=_shown_beside(question, face)),
        structured=json_ld(
            question_json(face, queries.answers_told(question.id), question.article)
        ),
    )


def _shown_beside(question: Comment, face: Shown) -> list[str]:
    """The paths that the page of a question leads to anyway."""
    cards = [one.card for one in face.cards]
    pointers = [*face.resources, *(pointer for card in cards for pointer in card.pointers)]
    return [
        question.article.href,
        *(card.href for card in cards),
        *(pointer.href for pointer in pointers),
    ]


@blueprint.get("/comments/<int(max=2147483647):comment_id>")
@kept(SITE, under=queries.ARTICLE_OF, query=("page",))
def permalink(comment_id: int) -> ResponseReturnValue:
    comment = queries.find_visible(comment_id)
    if comment is None:
        abort(404)
    if comment.is_question:
        return redirect(comment.href, 301)
    top = queries.find_visible(comment.thread_id) or comment
    lines, bounds = threads.published_branch(top, page=wanted_page(), around=comment.id)
    return render_template(
        "questions/comment.html",
        comment=comment,
        top=top,
        lines=branch(lines, looker(comment.article), level=2),
        bounds=bounds,
    )
