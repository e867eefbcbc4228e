"""Which moderators are limited to which sections."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from app.domains.accounts import queries as accounts
from app.domains.accounts.errors import NoSuchAccount
from app.domains.accounts.models import Account
from app.domains.moderation.queue import sections
from app.domains.tags import queries as tags
from app.infra.language import _, sentence
from app.web.accounts.session import member
from app.web.forms import Form
from app.web.settings import DOORS, Door, blueprint

DOORS.append(
    Door(
        "settings.moderators",
        sentence("Moderators and their sections"),
        sentence("Who decides on everything, and who only under articles with certain tags."),
    )
)


class SectionsForm(Form):
    tags = SelectMultipleField(
        sentence("Only under articles with these tags"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self, choices: list[tuple[int, str]]) -> SectionsForm:
        self.tags.choices = [SelectChoice(*choice) for choice in choices]
        return self


@blueprint.get("/moderators")
def moderators() -> ResponseReturnValue:
    return _draw()


@blueprint.post("/moderators/<int(max=2147483647):account_id>")
def save_moderator(account_id: int) -> ResponseReturnValue:
    try:
        moderator = accounts.get_account(account_id)
    except NoSuchAccount:
        abort(404)
    form = SectionsForm(prefix=f"m{moderator.id}-").offer(tags.tag_choices())
    if not form.validate():
        return _draw(moderator, form), 422
    sections.limit(moderator, form.tags.data or [], by=member())
    flash(_("Saved for %(name)s.", name=moderator.name))
    return redirect(url_for("settings.moderators"), 303)


def _draw(refused: Account | None = None, sent: SectionsForm | None = None) -> str:
    """Every moderator with a form; the one that was refused as it was sent."""
    choices = tags.tag_choices()
    names = dict(choices)
    people = []
    for account, tag_ids in sections.moderators().items():
        form = SectionsForm(formdata=None, prefix=f"m{account.id}-").offer(choices)
        form.tags.data = sorted(tag_ids)
        limits = sorted(names[tag_id] for tag_id in tag_ids)
        people.append((account, limits, sent if sent and account == refused else form))
    return render_template("settings/moderators.html", people=people, refused=sent)
