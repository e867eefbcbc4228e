"""A sentence with its values apart, so that it can be said in the language of whoever reads it.

Engines say what they found in English; which language is spoken is known at the door alone. What is
kept (a verdict, a rule's reason) is kept so, and said anew to everybody who looks at it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

Value: TypeAlias = "str | int | float | Said | tuple[Value, ...]"
"""A name or word as it is, a number, a sentence of its own, or a row of these with commas between
them. A float is said with one decimal."""
Framing = Callable[[str], str]


class Tongue(Protocol):
    """What is known of a language (`infra.catalogues.Catalogue`): its sentences, and the signs in
    its numbers."""

    @property
    def thousands(self) -> str: ...
    @property
    def decimal(self) -> str: ...
    def say(self, text: str) -> str: ...
    def say_many(self, one: str, many: str, number: int) -> str: ...


@dataclass(frozen=True, slots=True)
class Said:
    """`text` is the English sentence, whole, with a place (`%(name)s`) for each of its `values`.
    Where it has another form for more than one, `many` is that, and the value `num` tells which.

    Without values nothing is laid in, and a percent sign stands for itself. As text it is English.
    """

    text: str
    values: Mapping[str, Value] = field(default_factory=dict)
    many: str = ""

    def __str__(self) -> str:
        return told(self, ENGLISH)

    def as_stored(self) -> dict[str, Any]:
        """What JSON can keep of it; `of_stored` reads that."""
        stored = {"text": self.text, "many": self.many} if self.many else {"text": self.text}
        return {**stored, "values": {name: _stored(one) for name, one in self.values.items()}}


def says(text: str, **values: Value) -> Said:
    """A marked sentence; the text is a literal, which `make messages` finds."""
    return Said(text, values)


def says_many(one: str, many: str, number: int, **values: Value) -> Said:
    """The same for so many (`%(num)s`); both texts are literals."""
    return Said(one, {"num": number, **values}, many)


def told(said: Said, tongue: Tongue, *, frame: Framing = str, word: Framing = str) -> str:
    """The sentence in this language. `frame` makes what is ours fit for where it is shown, and
    `word` what is laid in: for HTML both give markup."""
    text = tongue.say(said.text)
    if said.many:
        text = tongue.say_many(said.text, said.many, _number(said))
    if not said.values:
        return frame(text)
    laid_in = {
        name: _laid_in(one, tongue, frame=frame, word=word) for name, one in said.values.items()
    }
    return frame(text) % laid_in


def _laid_in(value: Value, tongue: Tongue, *, frame: Framing, word: Framing) -> str:
    if isinstance(value, str):
        return word(value)
    if isinstance(value, Said):
        return told(value, tongue, frame=frame, word=word)
    if isinstance(value, tuple):
        row = ((one, _laid_in(one, tongue, frame=frame, word=word)) for one in value)
        parts = (word(part) if isinstance(one, Said) else part for one, part in row)
        return frame(tongue.say(COMMA.text)).join(parts)
    return _digits(value, tongue)


def of_stored(stored: Mapping[str, Any]) -> Said:
    """What `as_stored` kept."""
    values = {name: _read(one) for name, one in stored["values"].items()}
    return Said(stored["text"], values, stored.get("many", ""))


def values_in(text: str, sentence: str) -> dict[str, str] | None:
    """What stands at the places of a text in a finished English sentence; None where the sentence
    was made of another text."""
    escaped = re.escape(text)
    found = re.fullmatch(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+)", escaped), sentence)
    return None if found is None else found.groupdict()


def _number(said: Said) -> int:
    number = said.values["num"]
    if not isinstance(number, int):
        raise TypeError(f"no number of things: {number!r}")
    return number


def _digits(number: float, tongue: Tongue) -> str:
    written = f"{number:,.1f}" if isinstance(number, float) else f"{number:,}"
    whole, point, part = written.partition(".")
    return f"{whole.replace(',', tongue.thousands)}{tongue.decimal if point else ''}{part}"


def _stored(value: Value) -> Any:
    if isinstance(value, Said):
        return value.as_stored()
    return [_stored(one) for one in value] if isinstance(value, tuple) else value


def _read(value: Any) -> Value:
    if isinstance(value, Mapping):
        return of_stored(value)
    read: Value = tuple(map(_read, value)) if isinstance(value, list) else value
    return read


class _English:
    """The language of the code."""

    thousands = ","
    decimal = "."

    def say(self, text: str) -> str:
        return text

    def say_many(self, one: str, many: str, number: int) -> str:
        return one if number == 1 else many


ENGLISH: Tongue = _English()
COMMA = says(", ")
