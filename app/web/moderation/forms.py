"""What a moderator sends: which texts, as they were seen, and the verdict on them."""

from __future__ import annotations

import re

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from app.domains.comments.drafts import BODY_LIMIT
from app.domains.moderation.errors import UnfitReason
from app.domains.moderation.services import REASON_LENGTH
from app.engines.text.admission import admit, admit_line
from app.engines.text.errors import UnfitText

_SEEN = re.compile(r"([0-9]{1,9}):([0-9]{1,9})")
_NUMBER = re.compile(r"[0-9]{1,10}")
MOST_IN_BULK = 200
TITLE_LENGTH = 120


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
        raise UnfitReason(f"The reason: {unfit.message}") from unfit


class EditForm(FlaskForm):  # type: ignore[misc]  # (flask_wtf brings no types)
    """A text as a moderator mends it before or after it is published."""

    body = TextAreaField("Text")
    title = StringField("Title of the question", validators=[Length(max=TITLE_LENGTH)])
    version = HiddenField()
    tags = SelectMultipleField("Tags", coerce=int)

    def validate_body(self, field: TextAreaField) -> None:
        try:
            field.data = admit(field.data or "", limit=BODY_LIMIT)
        except UnfitText as unfit:
            raise ValidationError(str(unfit)) from unfit

    def validate_title(self, field: StringField) -> None:
        if not (field.data or "").strip():
            field.data = ""
            return
        try:
            field.data = admit_line(field.data, limit=TITLE_LENGTH)
        except UnfitText as unfit:
            raise ValidationError(str(unfit)) from unfit

    @property
    def seen_version(self) -> int:
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
