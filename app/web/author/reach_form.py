"""What the author says when reaching back: which questions, in which words or with which card."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import request
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice

from app.domains.answers.choices import live_choices
from app.domains.comments.drafts import BODY_LIMIT
from app.engines.text.escaping import as_markdown
from app.infra import tokens
from app.infra.language import sentence
from app.search.reach import Asked, Thing
from app.web.forms import Body, Form
from app.web.numbers import whole_number

REPLY, CARD = "reply", "card"
WAYS = [
    SelectChoice(REPLY, sentence("With a reply of mine below each")),
    SelectChoice(CARD, sentence("With an answer card")),
]
FIRST_WORDS = {
    "article": sentence("There is an article now that answers this:"),
    "resource": sentence("There is something in the library now that answers this:"),
}
_KEY = re.compile(r"[\w-]{1,32}", re.ASCII)


def _cards() -> list[SelectChoice]:
    return [
        SelectChoice(0, sentence("Choose a card")),
        *(SelectChoice(*one) for one in live_choices()),
    ]


class ReachForm(Form):
    how = RadioField(sentence("Answer them"), choices=WAYS, default=REPLY)
    body = TextAreaField(sentence("Your reply"), [Body(BODY_LIMIT, may_be_empty=True)])
    card = SelectField(sentence("The card"), coerce=int, choices=_cards, default=0)
    key = HiddenField()  # of the batch: a second click on the same form finds the first

    @classmethod
    def fresh(cls, thing: Thing) -> ReachForm:
        link = f"[{as_markdown(thing.title)}]({thing.href})"
        return cls(body=f"{FIRST_WORDS[thing.kind]} {link}", key=tokens.new_nonce())

    @property
    def chosen(self) -> frozenset[int]:
        """The ids of the ticked questions."""
        numbers = (whole_number(text) for text in request.form.getlist("question"))
        return frozenset(number for number in numbers if number is not None)

    @property
    def batch(self) -> str:
        typed = self.key.data or ""
        return typed if _KEY.fullmatch(typed) else tokens.new_nonce()

    @property
    def by_card(self) -> bool:
        return bool(self.how.data == CARD)

    def ticked(self, found: Sequence[Asked]) -> frozenset[int]:
        """What stands ticked: as it was sent, or as it is proposed."""
        if request.method == "POST":
            return self.chosen
        return frozenset(one.question.id for one in found if one.is_ticked)
