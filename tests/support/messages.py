"""`make messages`: bring every catalogue up to what is marked in the code and the templates.

What is new comes in empty, what nobody marks any more goes, and nothing is guessed from what is
nearly the same. Entries are sorted and bear no places and no dates, so that two changes seldom
meet in one line.
"""

from __future__ import annotations

import io
import tomllib
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.config import PROJECT
from app.infra import catalogues
from app.infra.language import ENGLISH, LANGUAGES

KEYWORDS = {
    **DEFAULT_KEYWORDS,
    **dict.fromkeys(("sentence", "UnfitText", "says")),
    **dict.fromkeys(("pair", "says_many"), (1, 2)),
    "Check": (4,),
}
TRANSLATED = tuple(tag for tag in LANGUAGES if tag != ENGLISH)


@cache
def marked(inside: str = "") -> Catalog:
    """Every marked sentence, or those of the files whose path in the project begins so."""
    found = Catalog()
    for path, said, context in _found():
        if path.startswith(inside):
            found.add(said, context=context)
    return found


@cache
def _found() -> list[tuple[str, str | tuple[str, ...], str | None]]:
    told = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    found = []
    for one in told:
        folder, _, inside = one["pattern"].partition("/")
        options = {name: one[name] for name in one.keys() - {"pattern", "method"}}
        for path, _, said, _, context in extract_from_dir(
            PROJECT / folder, [(inside, one["method"])], {inside: options}, keywords=KEYWORDS
        ):
            found.append((f"{folder}/{path}", said, context))
    return found


def path_of(tag: str) -> Path:
    return catalogues.FOLDER / tag / "LC_MESSAGES" / f"{catalogues.DOMAIN}.po"


def catalogue_of(tag: str) -> Catalog:
    with path_of(tag).open("rb") as lines:
        return read_po(lines, locale=tag, abort_invalid=True)


def write(tag: str) -> None:
    """The catalogue of this language with exactly the marked sentences."""
    known = catalogue_of(tag) if path_of(tag).exists() else Catalog(locale=tag)
    fresh = Catalog(locale=tag)
    for one in marked():
        if one.id:
            before = known.get(one.id, one.context)
            fresh.add(one.id, before.string if before else None, context=one.context)
    body = io.BytesIO()
    write_po(body, fresh, omit_header=True, no_location=True, sort_output=True, width=100)
    path_of(tag).parent.mkdir(parents=True, exist_ok=True)
    path_of(tag).write_text(_head(fresh, tag) + body.getvalue().decode())


def _head(catalogue: Catalog, tag: str) -> str:
    return (
        f"# {Locale.parse(tag).english_name}\n"
        'msgid ""\nmsgstr ""\n'
        f'"Language: {tag}\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    )


if __name__ == "__main__":
    for each in TRANSLATED:
        write(each)
