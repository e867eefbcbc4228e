"""In which language the program speaks, for parts that know no request.

Sentences stand in the code in English, whole, with named places (`%(name)s`), and are marked: `_`
and `ngettext` say them now, `sentence` says them when they are shown, for what is written down once
(refusals, labels). Which language that is decides the request (`http.speaking`), or `speaking`
around a mail. Where nobody decides it is the site's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from flask import has_app_context, has_request_context
from markupsafe import Markup, escape

from app.infra import catalogues, running
from app.infra.catalogues import Catalogue

ENGLISH = "en"
UTC = "UTC"
NO_THEME = ""
THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Language:
    """`tag` is what pages name it by (BCP 47), `name` what its speakers call it, `direction`
    the way it is written."""

    tag: str
    name: str
    direction: str = "ltr"

    @property
    def catalogue(self) -> Catalogue:
        return catalogues.of(self.tag)


LANGUAGES = {
    one.tag: one
    for one in (
        Language(ENGLISH, "English"),
        Language("de", "Deutsch"),
        Language("es", "Español"),
        Language("ar", "العربية", "rtl"),
    )
}


@dataclass(frozen=True, slots=True)
class Manner:
    """How somebody is spoken to: the language, the time zone that times are told in (IANA), and the
    theme of the pages ("" for what the machine prefers)."""

    language: Language
    zone: str = UTC
    theme: str = NO_THEME

    @property
    def key(self) -> str:
        """What is drawn for several people is kept under it: no word differs by the theme."""
        return f"{self.language.tag} {self.zone}"


Deciding = Callable[[], Manner]
DECIDES = "decides the manner"
"""Where the door keeps how it knows in which manner to speak to whoever asks."""
OF_SITE = "manner of the site"
"""Where it keeps how it knows the site's own (`site_language`)."""
_spoken: ContextVar[Manner | None] = ContextVar("manner", default=None)


def current() -> Manner:
    """The manner that is spoken in now; found out once in a request, when first asked for."""
    return _spoken.get() or _decided()


def _decided() -> Manner:
    usual = of_site()
    if not has_request_context():
        return usual
    _spoken.set(usual)  # whoever is asked below may have to say something
    manner: Manner = running.kept().get(DECIDES, of_site)()
    _spoken.set(manner)
    return manner


def settle(manner: Manner | None) -> None:
    """Speak so from here on; with None it is found out when first asked for."""
    _spoken.set(manner)


def of_site() -> Manner:
    """The site's own manner: for whoever chose nothing, and for what machines read."""
    if not has_app_context():
        return Manner(LANGUAGES[ENGLISH])
    manner: Manner = running.kept()[OF_SITE]()
    return manner


def of_tag(tag: str) -> Language:
    """The language of this tag, or of its first part ("de-AT"); English where we have none."""
    return LANGUAGES.get(tag.partition("-")[0].casefold(), LANGUAGES[ENGLISH])


@contextmanager
def speaking(manner: Manner) -> Iterator[None]:
    """Speak so inside of this: a mail's recipient reads another language than who caused it."""
    before = _spoken.set(manner)
    try:
        yield
    finally:
        _spoken.reset(before)


def _(text: str, **values: object) -> str:
    """This sentence in the language that is spoken, with its values laid in."""
    said = current().language.catalogue.say(text)
    return said % values if values else said


def pgettext(context: str, text: str, **values: object) -> str:
    """The same for a word that means several things; `context` says to the translator which."""
    said = current().language.catalogue.say_in(context, text)
    return said % values if values else said


def ngettext(one: str, many: str, number: int, **values: object) -> str:
    """The sentence for so many; `%(num)s` is the number as it is written there."""
    language = current().language
    return language.catalogue.say_many(one, many, number) % {
        "num": grouped(number),
        **values,
    }


def grouped(number: int) -> str:
    """A whole number with its thousands apart: "1,204", "1.204"."""
    written = f"{number:,}"
    return written.replace(",", current().language.catalogue.thousands) if number > 999 else written


def tenths(number: float) -> str:
    """A number with one place behind the point: "1,204.5", "1.204,5"."""
    whole, place = f"{number:,.1f}".split(".")
    signs = current().language.catalogue
    return f"{whole.replace(',', signs.thousands)}{signs.decimal}{place}"


def pair(one: str, many: str) -> tuple[str, str]:
    """A marked sentence for one and for many, for a table; `ngettext` takes it apart."""
    return one, many


class sentence(str):  # noqa: N801  (it is used as a word around a literal)
    """A marked sentence that is written down before anybody asks for it. It is shown in the
    language of its moment; to the program it is the English text."""

    __slots__ = ()

    def __str__(self) -> str:
        return _(str.__str__(self))

    def __html__(self) -> Markup:
        return escape(str(self))

    def __format__(self, how: str) -> str:
        return format(str(self), how)
