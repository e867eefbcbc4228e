"""The sentences of each language, read from its catalogue when it is first spoken.

`app/translations/<tag>/LC_MESSAGES/messages.po` is what translators write and what is read: there
is nothing to build, so a fresh clone and an installed copy that nobody may write to speak alike.
English is what stands in the code and has none.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from markupsafe import Markup

from app.config import PROJECT

FOLDER = PROJECT / "app" / "translations"
DOMAIN = "messages"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`said` has the translation of each text, `forms` those of each pair by its singular; `which`
    tells the number of the form for so many. `thousands` stands between them in numbers, `decimal`
    before their tenths."""

    said: dict[str, str] = field(default_factory=dict)
    forms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    which: Callable[[int], int] = int
    thousands: str = ","
    decimal: str = "."
    marked: dict[str, Markup] = field(default_factory=dict)
    """Texts of templates as markup, made once."""

    def say(self, text: str) -> str:
        return self.said.get(text, text)

    def say_in(self, context: str, text: str) -> str:
        return self.said.get(f"{context}\4{text}", text)

    def say_many(self, one: str, many: str, number: int) -> str:
        forms = self.forms.get(one)
        if forms is None:
            return one if number == 1 else many
        return forms[self.which(number)]

    def mark(self, text: str) -> Markup:
        """A text of a template, whose markup is its own."""
        known = self.marked.get(text)
        if known is None:
            said = self.say(text)
            known = Markup(said % {} if "%" in said else said)  # noqa: S704  (ours, no values)
            self.marked[text] = known
        return known


@cache
def of(tag: str) -> Catalogue:
    """The catalogue of this language; an empty one for that of the code."""
    path = FOLDER / tag / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not path.is_file():
        return Catalogue()
    # Here, since a site that speaks English alone needs neither.
    from babel import Locale  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    with path.open("rb") as lines:
        read = read_po(lines, locale=tag, abort_invalid=True)
    which = gettext.c2py(read.plural_expr)
    said: dict[str, str] = {}
    forms: dict[str, tuple[str, ...]] = {}
    for message in read:
        name, string = message.id, message.string
        if not name or not string or message.fuzzy:
            continue
        if isinstance(string, str):
            said[f"{message.context}\4{name}" if message.context else str(name)] = string
        elif all(string):
            forms[name[0]] = tuple(string)
            said.setdefault(name[0], string[which(1)])  # where it stands without a number too
    signs = Locale.parse(tag).number_symbols["latn"]
    return Catalogue(said, forms, which, signs["group"], signs["decimal"])
