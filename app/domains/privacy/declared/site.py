"""The site itself: settings, what was imported, what is counted without anybody's name."""

from __future__ import annotations

from app.domains.privacy.terms import Table, plain

TABLES = {
    "imported_item": plain("source kind old_key new_id"),
    "outside_circuit": plain("id failures open_until"),
    "page_mark": plain("name version changes"),
    "schema_floor": plain("id revision"),
    "stored_setting": plain("name value version changed_at"),
    "search_miss": Table(
        matter="searches", held="asked", plain="times first_at last_at", by="nameless"
    ),
    "suggestion_outcome": Table(
        matter="searches",
        held="asked",
        plain="id at place kind ref rank by_words by_meaning taken",
        by="nameless",
    ),
}
