"""The old site's tags and categories as tags here."""

from __future__ import annotations

from collections.abc import Iterable

from app.domains.tags import queries, services
from app.domains.tags.models import PHRASE_LENGTH, SLUG_LENGTH
from app.domains.tags.services import DESCRIPTION_LENGTH
from app.engines.text.excerpt import plain_text
from app.engines.text.slug import slugify
from app.importers.memory import Memory
from app.importers.report import Report
from app.importers.wordpress.judgement import line_of
from app.importers.wordpress.records import Label, Term
from app.infra.unit_of_work import unit_of_work

_WITHOUT_MEANING = "uncategorized"  # what WordPress gives to what nobody sorted


class Labels:
    """One tag for each slug, whether it was a tag, a category or both; the tree of categories is
    not kept. With `is_dry`, nothing is written."""

    def __init__(self, memory: Memory, report: Report, *, is_dry: bool) -> None:
        self._memory = memory
        self._report = report
        self._is_dry = is_dry
        self._ids: dict[str, int] = {}  # by slug here

    def meet(self, term: Term | Label) -> int | None:
        """The id of the tag that a term is here; None for one that says nothing."""
        name = line_of(plain_text(term.name), PHRASE_LENGTH)
        slug = slugify(term.slug or name, SLUG_LENGTH)
        if not name or slug == _WITHOUT_MEANING:
            return None
        if slug not in self._ids:
            description = term.description if isinstance(term, Term) else ""
            self._ids[slug] = self._bring_in(slug, name, plain_text(description))
        return self._ids[slug]

    def ids(self, labels: Iterable[Label]) -> tuple[int, ...]:
        """The tags of an entry, each once."""
        found = (self.meet(label) for label in labels)
        return tuple(dict.fromkeys(tag_id for tag_id in found if tag_id is not None))

    def _bring_in(self, slug: str, name: str, description: str) -> int:
        known = self._memory.find("tag", slug)
        if known is not None and queries.find_tag_by_id(known) is not None:
            self._report.knew("tags")
            return known
        standing = queries.find_tag(slug)
        if standing is not None:
            self._report.note("tags that stood here already under that address", name)
            return standing.id
        called = queries.find_named(name) or queries.find_meant(name)
        if called is not None:
            self._report.note("tags that stood here already under that name", name)
            return called.id
        self._report.took("tags")
        if self._is_dry:
            return 0
        with unit_of_work():
            tag = services.create_tag(name, slug=slug, description=description[:DESCRIPTION_LENGTH])
            if known is None:
                self._memory.remember("tag", [(slug, tag.id)])
            return tag.id
