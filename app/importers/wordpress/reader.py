"""A WordPress export as a stream of records, in the file's order and in flat memory.

Every element is dropped as soon as it has been understood, so the size of the file does not matter.
The XML comes from strangers: document types, entities and outside references are refused, nothing
is fetched, and nesting is bounded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO
from urllib.parse import unquote

# The parser is defusedxml's; only the plain builder of elements comes from the standard library,
# because defusedxml would otherwise build its elements in Python, at several times the memory.
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers.expat import errors as expat

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError, iterparse

from app.importers.wordpress.errors import BrokenExport, ForbiddenXml, NotAnExport
from app.importers.wordpress.fields import OWN_PREFIX, moment, number, plain_name
from app.importers.wordpress.records import (
    Author,
    Comment,
    Entry,
    Label,
    OwnFields,
    Record,
    Site,
    Term,
    TermKind,
)
from app.importers.wordpress.source import CountingSource

VERSIONS = ("1.0", "1.1", "1.2")

_CHANNEL_CHILD = 3  # rss > channel > item
_ITEM_CHILD = 4
_DEEPEST = 32  # an export has seven levels
_HELD_COMMENTS = 500  # an entry waits for its end until it has this many
_ENTRY_NEEDS = ("wp:post_id", "wp:post_type", "wp:status", "content:encoded")
_TERM_KINDS: dict[str, TermKind] = {
    "post_tag": "tag",
    "tag": "tag",  # WXR 1.0
    "category": "category",
}
_HEAD = {"title", "wp:wxr_version", "wp:base_site_url", "wp:base_blog_url"}
_REASONS = {
    expat.codes[expat.XML_ERROR_NO_ELEMENTS]: "the file ends before its closing tags",
    expat.codes[expat.XML_ERROR_UNCLOSED_TOKEN]: "the file ends in the middle of a tag",
    expat.codes[expat.XML_ERROR_PARTIAL_CHAR]: "the text is not valid UTF-8",
    expat.codes[expat.XML_ERROR_UNCLOSED_CDATA_SECTION]: "the file ends in the middle of a text",
    expat.codes[expat.XML_ERROR_TAG_MISMATCH]: "a closing tag does not match the open one",
    expat.codes[expat.XML_ERROR_MISPLACED_XML_PI]: "something stands before the XML declaration",
    expat.codes[expat.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]: "something stands after its end",
}


class ExportReader:
    """Reads one export, once. Iterating yields the records.

    Raises NotAnExport, ForbiddenXml or BrokenExport while it is iterated, always after everything
    that was complete before that point has been yielded: of a cut-off article, its finished
    comments too. `bytes_read` grows with the reading; `mended` and `mended_lines` tell of control
    characters that were replaced by spaces.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._source = CountingSource(file)
        self._parser = DefusedXMLParser(target=TreeBuilder(), forbid_dtd=True)
        self._head: dict[str, str] = {}
        self._site: Site | None = None
        self._item = _Item()

    @property
    def bytes_read(self) -> int:
        return self._source.bytes_read

    @property
    def mended(self) -> int:
        return self._source.mended

    @property
    def mended_lines(self) -> tuple[int, ...]:
        return tuple(self._source.mended_lines)

    def __iter__(self) -> Iterator[Record]:
        try:
            yield from self._records()
        except BrokenExport:
            if self._item.held and self._item.has_all_it_needs():
                yield from self._item.release()
            raise

    def _records(self) -> Iterator[Record]:
        open_elements: list[Element] = []
        for event, element in self._events():
            if event == "start":
                open_elements.append(element)
                yield from self._opened(element, len(open_elements))
                continue
            depth = len(open_elements)
            open_elements.pop()
            if depth in (_CHANNEL_CHILD, _ITEM_CHILD):
                yield from self._closed(element, depth)
                if depth == _CHANNEL_CHILD or self._is_in_item(open_elements):
                    open_elements[-1].remove(element)
        yield from self._begin()

    def _events(self) -> Iterator[tuple[str, Element]]:
        try:
            yield from iterparse(self._source, ("start", "end"), parser=self._parser)
        except ParseError as error:
            line, column = error.position
            byte = self._parser.parser.ErrorByteIndex
            reason = self._reason(error, byte)
            raise BrokenExport(reason, line=line, column=column + 1, byte=byte) from error
        except DefusedXmlException as error:
            raise ForbiddenXml(self._parser.parser.CurrentLineNumber) from error
        except (LookupError, ValueError) as error:
            raise BrokenExport("its encoding is not known", line=1, column=1, byte=0) from error

    def _reason(self, error: ParseError, byte: int) -> str:
        if error.code == expat.codes[expat.XML_ERROR_INVALID_TOKEN]:
            found = self._source.byte_at(byte)
            if found is not None and found >= 0x80:
                return f"the text is not valid UTF-8 (byte 0x{found:02X})"
            if found is not None and found < 0x20:
                return f"XML does not allow the control character 0x{found:02X}"
            return "the XML is not well-formed"
        if self._source.bytes_read == 0:
            return "the file is empty"
        # expat's own words otherwise; it ends them with the position, which is told apart.
        return _REASONS.get(error.code) or str(error).partition(": line")[0]

    def _opened(self, element: Element, depth: int) -> Iterator[Record]:
        if depth > _DEEPEST:
            raise NotAnExport("The file nests deeper than any WordPress export does.")
        if depth == 1 and element.tag != "rss":
            raise NotAnExport("This is not a WordPress export: its outermost element is not <rss>.")
        if depth == _CHANNEL_CHILD and plain_name(element.tag) == "item":
            yield from self._begin()
            self._item = _Item()

    def _closed(self, element: Element, depth: int) -> Iterator[Record]:
        name = plain_name(element.tag)
        if depth == _ITEM_CHILD:
            yield from self._item.take(name, element)
        elif name == "item":
            yield from self._item.release()
            self._item = _Item()
        elif name in _HEAD:
            self._head.setdefault(name, element.text or "")
        elif name in ("wp:author", "wp:category", "wp:tag", "wp:term"):
            yield from self._begin()
            yield from _definition(name, _fields(element))

    def _is_in_item(self, open_elements: list[Element]) -> bool:
        return open_elements[-1].tag == "item"

    def _begin(self) -> Iterator[Record]:
        if self._site is not None:
            return
        version = self._head.get("wp:wxr_version", "").strip()
        if not version:
            raise NotAnExport("This is not a WordPress export: it does not tell its WXR version.")
        if version not in VERSIONS:
            raise NotAnExport(
                f"This export says it is WXR {version[:20]!r}; 1.0, 1.1 and 1.2 are understood."
            )
        self._site = Site(
            title=self._head.get("title", ""),
            base_url=self._head.get("wp:base_site_url", "").strip(),
            base_blog_url=self._head.get("wp:base_blog_url", "").strip(),
            wxr_version=version,
        )
        yield self._site


@dataclass(slots=True)
class _Item:
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


def _fields(element: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for child in element:
        found.setdefault(plain_name(child.tag), child.text or "")
    return found


def _own_field(element: Element) -> OwnFields:
    fields = _fields(element)
    key = fields.get("wp:meta_key", "")
    if not key.startswith(OWN_PREFIX):
        return ()
    return ((key.removeprefix(OWN_PREFIX), fields.get("wp:meta_value", "")),)


def _definition(name: str, fields: dict[str, str]) -> Iterator[Author | Term]:
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


def _entry(entry_id: int, item: _Item) -> Entry:
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
    fields = _fields(element)

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
