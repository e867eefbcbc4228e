"""What a moderator sends: which texts, as they were seen, and the verdict on them."""

from __future__ import annotations

import re

from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField

from app.domains.comments.drafts import BODY_LIMIT
from app.domains.comments.models import REASON_LENGTH, TITLE_LENGTH
from app.domains.moderation.errors import UnfitReason
from app.engines.text.admission import admit_line
from app.engines.text.errors import UnfitText
from app.infra.admitted import said
from app.infra.language import _, sentence
from app.web.forms import Body, Form, Line
from app.web.numbers import whole_number

_SEEN = re.compile(r"([0-9]{1,9}):([0-9]{1,9})")
_NUMBER = re.compile(r"[0-9]{1,10}")
MOST_IN_BULK = 200


def seen_versions(items: list[str]) -> dict[int, int]:
    """Comment ids and the versions that the page showed, from `id:version` fields; what is not of
    that shape is no item."""
    found = (_SEEN.fullmatch(item) for item in items[:MOST_IN_BULK])
    return {int(match[1]): int(match[2]) for match in found if match}


def entry_numbers(texts: list[str]) -> list[int]:
    """The entries of the record that are to be undone; what is no number of one is none."""
    return [int(text) for text in texts[:MOST_IN_BULK] if _NUMBER.fullmatch(text)]


def chosen_reason(own: str, listed: str) -> str:
    """Why a text is refused: what the moderator typed, else what was chosen from the list.

    Raises UnfitReason for more than fits or what no database would keep.
    """
    reason = own.strip() or listed.strip()
    if not reason:
        return ""
    try:
        return admit_line(reason, limit=REASON_LENGTH)
    except UnfitText as unfit:
        raise UnfitReason(_("The reason: %(problem)s", problem=said(unfit))) from unfit


def short_note(typed: str) -> str:
    """A word to a colleague, or none. Raises UnfitReason."""
    if not typed.strip():
        return ""
    try:
        return admit_line(typed, limit=REASON_LENGTH)
    except UnfitText as unfit:
        raise UnfitReason(_("The note: %(problem)s", problem=said(unfit))) from unfit


class EditForm(Form):
    """A text as a moderator mends it before or after it is published."""

    body = TextAreaField(sentence("Text"), [Body(BODY_LIMIT)])
    title = StringField(sentence("Title of the question"), [Line(TITLE_LENGTH, may_be_empty=True)])
    version = HiddenField()
    tags = SelectMultipleField(sentence("Tags"), coerce=int)

    @property
    def seen_version(self) -> int:
        """The version that the page was drawn from; 0, which no text has, for anything else."""
        return whole_number(self.version.data or "") or 0
