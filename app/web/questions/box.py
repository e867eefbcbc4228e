"""The box as a page first shows it: drawn once in each process for each kind of person.

It differs from page to page by where it sends to and what it is about, and from person to person by
the token and the ticket. Those are laid into gaps; the rest costs as much as a page of comments.
"""

from __future__ import annotations

from flask import Flask, current_app, render_template, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from app.infra import running
from app.infra.http.stamp import stamp_of
from app.infra.kept.keeping import FOR_KEEPING
from app.web.addresses import known_url_for
from app.web.questions.forms import GuestForm, WriteForm
from app.web.repeats import new_ticket

_DRAWN = "drawn_boxes"
_ACTION, _ABOUT, _TOKEN, _TICKET = (f"\0{number}\0" for number in range(4))


def fresh_box(*, action: str, here: str, is_guest: bool, suggests: bool, label: str) -> Markup:
    """The empty box that sends to the path `action`, on a page about `here` ("article:3"). In a
    page that is kept for everybody it has neither token nor ticket: a script asks for them
    (`writing.fresh`), or the server when the text comes."""
    for_keeping = FOR_KEEPING in request.environ
    box = _drawn(is_guest, for_keeping, suggests, label)
    about = known_url_for("questions.suggest", here=here)
    box = box.replace(_ACTION, escape(action)).replace(_ABOUT, escape(about))
    if not for_keeping:
        box = box.replace(_TOKEN, escape(generate_csrf())).replace(_TICKET, escape(new_ticket()))
    return Markup(box)  # noqa: S704  (drawn by our own template)


def _drawn(is_guest: bool, for_keeping: bool, suggests: bool, label: str) -> str:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    known: dict[object, str] = running.kept().setdefault(_DRAWN, {})
    kind = stamp_of(app), is_guest, for_keeping, suggests, label
    if kind not in known:
        known[kind] = _draw(is_guest, for_keeping, suggests, label)
    return known[kind]


def _draw(is_guest: bool, for_keeping: bool, suggests: bool, label: str) -> str:
    form_type = GuestForm if is_guest else WriteForm
    form = form_type(formdata=None, meta={"csrf": not for_keeping})
    if not for_keeping:
        form.csrf_token.current_token = _TOKEN
        form.ticket.data = _TICKET
    return render_template(
        "questions/_box.html",
        form=form,
        action=_ACTION,
        suggest=_ABOUT if suggests else "",
        label=label,
    )
