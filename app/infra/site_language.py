"""The language and the time zone of the site: of whoever chose none, of feeds, and of what machines
read. An admin sets them; until then the language is that of `SITE_LANGUAGE`, and the zone UTC."""

from __future__ import annotations

from dataclasses import dataclass

from app.infra import audit, language, running, stored_settings
from app.infra.language import Manner

SETTING = "language"


@dataclass(frozen=True, slots=True)
class SiteLanguage:
    """`version` is what a change must have seen."""

    tag: str
    zone: str
    version: int


def with_version() -> SiteLanguage:
    value, version = stored_settings.read(SETTING)
    told = value or {}
    usual = language.of_tag(running.settings().site_language).tag
    # "tag" is what it was called before; in the record that read as a tag of questions.
    tag = told.get("language") or told.get("tag") or usual
    return SiteLanguage(tag, told.get("zone", language.UTC), version)


def manner() -> Manner:
    found = with_version()
    return Manner(language.of_tag(found.tag), found.zone)


def change(*, tag: str, zone: str, seen: int, by: audit.Person) -> None:
    """Raises ChangedMeanwhile."""
    stored_settings.write(SETTING, {"language": tag, "zone": zone}, seen=seen, by=by)
