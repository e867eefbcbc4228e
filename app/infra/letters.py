"""Letters: three small files of words for each mail, filled with facts, and no request in sight.

`templates/mail/<name>/` holds `subject.txt`, `body.txt` and `body.html`. Only the last one is HTML
and escapes what it is given; a fact that is missing is an error, never a gap in a letter.
"""

from __future__ import annotations

import re

from flask import current_app
from jinja2 import Environment, StrictUndefined

from app.config import Settings
from app.infra import mail
from app.infra.http.links import absolute
from app.infra.mail import Letter, one_line

_MANY_EMPTY_LINES = re.compile(r"\n{3,}")
_SPACE_AT_LINE_ENDS = re.compile(r"[ \t]+$", re.MULTILINE)


def write(
    name: str,
    *,
    key: str,
    to: str,
    unsubscribe_url: str | None = None,
    reply_to: str | None = None,
    **facts: object,
) -> Letter:
    """The letter `name` to one address. `key` names it for ever (see `mail.Letter`)."""
    environment = _environment()
    subject = one_line(environment.get_template(f"mail/{name}/subject.txt").render(facts))
    known = {
        **facts,
        "subject": subject,
        "unsubscribe_url": unsubscribe_url,
        "reply_to": reply_to,
        "home": absolute("/"),
    }
    text = environment.get_template(f"mail/{name}/body.txt").render(known)
    return Letter(
        key=key,
        to=to,
        subject=subject,
        text=_tidy(text),
        html=environment.get_template(f"mail/{name}/body.html").render(known),
        unsubscribe_url=unsubscribe_url,
        reply_to=reply_to,
    )


def path_to(endpoint: str, **values: str | int) -> str:
    """The path of one of our pages. Raises werkzeug's BuildError for a page that is not there."""
    return current_app.url_map.bind("localhost").build(endpoint, values)


def link_to(endpoint: str, **values: str | int) -> str:
    """The full address of one of our pages, on the configured site whoever asks."""
    return absolute(path_to(endpoint, **values))


def send(letter: Letter) -> None:
    """Send the letter by this site's settings; raises what `mail.send` raises."""
    settings: Settings = current_app.extensions["settings"]
    mail.send(letter, settings)


def _environment() -> Environment:
    """The pages' own templates and filters, stricter, and with tidy lines around blocks."""
    known: Environment | None = current_app.extensions.get("letters")
    if known is None:
        known = current_app.jinja_env.overlay(
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        current_app.extensions["letters"] = known
    return known


def _tidy(text: str) -> str:
    lines = _SPACE_AT_LINE_ENDS.sub("", text)
    return _MANY_EMPTY_LINES.sub("\n\n", lines).strip() + "\n"
