"""A WordPress export as a stream of records, in the file's order and in flat memory.

Every element is dropped as soon as it has been understood, so the size of the file does not matter.
The XML comes from strangers: document types, entities and outside references are refused, nothing
is fetched, and nesting is bounded.
"""

from collections.abc import Iterator
from typing import BinaryIO

# The parser is defusedxml's; only the plain builder of elements comes from the standard library,
# because defusedxml would otherwise build its elements in Python, at several times the memory.
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers.expat import errors as expat

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError, iterparse

from app.importers.wordpress.elements import Item, definition, fields_of
from app.importers.wordpress.errors import BrokenExport, ForbiddenXml, NotAnExport
from app.importers.wordpress.fields import plain_name
from app.importers.wordpress.records import Record, Site
from app.importers.wordpress.source import CountingSource

VERSIONS = ("1.0", "1.1", "1.2")

_CHANNEL_CHILD = 3  # rss > channel > item
_ITEM_CHILD = 4
_DEEPEST = 32  # an export has seven levels
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
        self._item = Item()

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
            self._item = Item()

    def _closed(self, element: Element, depth: int) -> Iterator[Record]:
        name = plain_name(element.tag)
        if depth == _ITEM_CHILD:
            yield from self._item.take(name, element)
        elif name == "item":
            yield from self._item.release()
            self._item = Item()
        elif name in _HEAD:
            self._head.setdefault(name, element.text or "")
        elif name in ("wp:author", "wp:category", "wp:tag", "wp:term"):
            yield from self._begin()
            yield from definition(name, fields_of(element))

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
