"""Finished elements of an export as records: authors, terms, entries with their comments."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from app.importers.wordpress.fields import OWN_PREFIX, moment, number, plain_name
from app.importers.wordpress.records import (
    Author,
    Comment,
    Entry,
    Label,
    OwnFields,
    Record,
    Term,
    TermKind,
)

_HELD_COMMENTS = 500  # an entry waits for its end until it has this many
_ENTRY_NEEDS = ("wp:post_id", "wp:post_type", "wp:status", "content:encoded")
_TERM_KINDS: dict[str, TermKind] = {
    "post_tag": "tag",
    "tag": "tag",  # WXR 1.0
    "category": "category",
}


@dataclass(slots=True)
class Item:
    """The entry that is being read."""

    fields: dict[str, str] = field(default_factory=dict)
    terms: dict[Label, None] = field(default_factory=dict)
    bare_terms: list[str] = field(default_factory=list)
    own: list[tuple[str, str]] = field(default_factory=list)
    held: list[Comment] = field(default_factory=list)
    is_out: bool = False

    def take(self, name: str, element: Element) -> Iterator[Record]:
        """One finished child. WordPress puts comments last, so a long thread can flow already."""
        if name == "wp:comment":
            self.held.append(_comment(element))
            if len(self.held) >= _HELD_COMMENTS and self.has_all_it_needs():
                yield from self.release()
        elif name == "category":
            self._label(element)
        elif name == "wp:postmeta":
            self.own.extend(_own_field(element))
        else:
            self.fields.setdefault(name, element.text or "")

    def has_all_it_needs(self) -> bool:
        return all(name in self.fields for name in _ENTRY_NEEDS)

    def release(self) -> Iterator[Record]:
        entry_id = number(self.fields.get("wp:post_id", ""))
        if not self.is_out:
            self.is_out = True
            yield _entry(entry_id, self)
        held, self.held = self.held, []
        for comment in held:
            yield replace(comment, entry_old_id=entry_id)

    def labels(self) -> tuple[Label, ...]:
        """The entry's terms; WXR 1.0 names each category once more without saying what it is."""
        named = {label.name for label in self.terms}
        bare = (Label("category", "", name) for name in self.bare_terms if name not in named)
        return tuple(dict.fromkeys((*self.terms, *bare)))

    def _label(self, element: Element) -> None:
        name = (element.text or "").strip()
        domain = element.get("domain")
        if domain is None:
            self.bare_terms.append(name)
        elif kind := _TERM_KINDS.get(domain):
            self.terms[Label(kind, unquote(element.get("nicename", "").strip()), name)] = None


def fields_of(element: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for child in element:
        found.setdefault(plain_name(child.tag), child.text or "")
    return found


def _own_field(element: Element) -> OwnFields:
    fields = fields_of(element)
    key = fields.get("wp:meta_key", "")
    if not key.startswith(OWN_PREFIX):
        return ()
    return ((key.removeprefix(OWN_PREFIX), fields.get("wp:meta_value", "")),)


def definition(name: str, fields: dict[str, str]) -> Iterator[Author | Term]:
    def text(key: str) -> str:
        return fields.get("wp:" + key, "").strip()

    def slug(key: str) -> str:
        return unquote(text(key))

    if name == "wp:author":
        author_id = number(text("author_id"))
        login, shown = text("author_login"), text("author_display_name")
        yield Author(login, text("author_email"), shown or login, author_id)
    elif name == "wp:tag":
        yield Term("tag", slug("tag_slug"), text("tag_name"), text("tag_description"), "")
    elif name == "wp:category":
        description, parent = text("category_description"), slug("category_parent")
        yield Term("category", slug("category_nicename"), text("cat_name"), description, parent)
    elif kind := _TERM_KINDS.get(text("term_taxonomy")):
        description, parent = text("term_description"), slug("term_parent")
        yield Term(kind, slug("term_slug"), text("term_name"), description, parent)


def _entry(entry_id: int, item: Item) -> Entry:
    fields = item.fields

    def text(name: str) -> str:
        return fields.get(name, "").strip()

    return Entry(
        old_id=entry_id,
        kind=text("wp:post_type"),
        status=text("wp:status"),
        title=fields.get("title", ""),
        slug=unquote(text("wp:post_name")),
        link=text("link"),
        guid=text("guid"),
        body_html=fields.get("content:encoded", ""),
        excerpt=fields.get("excerpt:encoded", ""),
        author_login=text("dc:creator"),
        published_at=moment(fields, "wp:post_date_gmt", "wp:post_date", "pubDate"),
        comments_open=text("wp:comment_status") == "open",
        is_password_protected=bool(text("wp:post_password")),
        terms=item.labels(),
        own=tuple(item.own),
    )


def _comment(element: Element) -> Comment:
    fields = fields_of(element)

    def text(name: str) -> str:
        return fields.get("wp:comment_" + name, "").strip()

    own = [pair for meta in element for pair in _comment_meta(meta)]
    return Comment(
        entry_old_id=0,  # known once the entry is
        old_id=number(text("id")),
        parent_old_id=number(text("parent")),
        author_name=text("author"),
        author_email=text("author_email"),
        author_url=text("author_url"),
        author_ip=text("author_IP"),
        at=moment(fields, "wp:comment_date_gmt", "wp:comment_date"),
        body_html=fields.get("wp:comment_content", ""),
        approved=text("approved"),
        kind=text("type") or "comment",
        user_id=number(text("user_id")),
        own=tuple(own),
    )


def _comment_meta(element: Element) -> OwnFields:
    return _own_field(element) if plain_name(element.tag) == "wp:commentmeta" else ()
