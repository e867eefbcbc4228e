"""Whole numbers that a setting may be."""

from __future__ import annotations

from wtforms import Field
from wtforms.validators import StopValidation

from app.infra.language import _, grouped
from app.web.forms import Form


class Between:
    """A whole number from `least` to `most`; whatever else was typed has this one refusal."""

    def __init__(self, least: int, most: int) -> None:
        self._least, self._most = least, most
        self.field_flags = {"required": True, "min": least, "max": most}

    def __call__(self, _form: Form, field: Field) -> None:
        if field.data is None or not self._least <= field.data <= self._most:
            field.errors = []
            raise StopValidation(
                _(
                    "Give a whole number from %(least)s to %(most)s.",
                    least=self._least,
                    most=grouped(self._most),
                )
            )
