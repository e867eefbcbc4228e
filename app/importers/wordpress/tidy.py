"""Any HTML as a small, well-nested dialect that can be turned into Markdown safely.

Blog bodies are what twenty years of editors and readers left: unclosed tags, lists without a list,
tables in tables, four thousand quotes inside each other. One pass over the tags, without recursion,
leaves paragraphs, headings, lists, quotes, tables, code and a few kinds of emphasis, nested no
deeper than `DEEPEST`, with the attributes that Markdown can express. No text is lost but that of
scripts and styles.
"""

import re
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser

from app.importers.wordpress.addresses import absolute, watch_page
from app.importers.wordpress.line import Line
from app.importers.wordpress.precheck import bounded

DEEPEST = 20  # levels; what nests deeper is kept, at this depth
_WIDEST_CELL = 20  # columns; a larger colspan would only write empty cells
_LONGEST_TITLE = 300  # characters

_INLINE = {
    **dict.fromkeys(("b", "strong"), "strong"),
    **dict.fromkeys(("i", "em", "cite", "dfn", "var"), "em"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "code"),
    **dict.fromkeys(("del", "s", "strike"), "del"),
}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ONE_LINE = frozenset({"td", "th"}) | _HEADINGS
_ENDS_A_LINE = frozenset(
    {
        *("address", "article", "aside", "body", "caption", "center", "dd", "details", "dialog"),
        *("div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "head"),
        *("header", "hgroup", "html", "legend", "main", "nav", "noscript", "option", "p"),
        *("section", "select", "summary", "textarea"),
    }
)
_TABLE_PARTS = frozenset({"thead", "tbody", "tfoot", "tr", "td", "th"})
_DROPPED = frozenset({"script", "style", "template", "title"})
_PLAYERS = frozenset({"iframe", "embed", "video", "audio", "object", "source"})
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_SMALL_NUMBER = re.compile(r"[0-9]{1,8}", re.ASCII)

Attributes = dict[str, str]


class Tidy(HTMLParser):
    """One body from a page at `base`, which relative addresses are joined to.

    An empty line ends a paragraph everywhere, as in WordPress's old editor; with `line_breaks` a
    single newline breaks the line.
    """

    def __init__(self, *, base: str = "", line_breaks: bool = True) -> None:
        super().__init__(convert_charrefs=True)
        self.was_too_deep = False
        self._base = base
        self._line_breaks = line_breaks
        self._out: list[str] = []
        self._blocks: list[str] = []  # open blocks, outermost first
        self._line = Line()
        self._item_is_new = False
        self._dropping = ""
        self._verbatim: list[str] | None = None  # the text of an open <pre>
        self._tables_inside = 0  # open tables inside a cell
        self._before_table = (0, list[str]())  # where text belongs that stands between cells
        self._player_is_told = False
        self._starts: dict[str, Callable[[str, Attributes], None]] = {
            "br": self._start_break,
            "img": self._start_image,
            "a": self._start_link,
            "hr": self._start_rule,
            "pre": self._start_verbatim,
            "li": self._start_item,
            "table": self._start_table,
            "figcaption": self._start_emphasised_line,
            "dt": self._start_emphasised_line,
            "q": self._quote_mark,
            **dict.fromkeys(_INLINE, self._start_emphasis),
            **dict.fromkeys(_DROPPED, self._start_dropping),
            **dict.fromkeys(_PLAYERS, self._start_player),
            **dict.fromkeys(_TABLE_PARTS, self._start_table_part),
            **dict.fromkeys(_HEADINGS | {"ul", "ol", "blockquote"}, self._start_block),
        }

    def tidy(self, html: str) -> str:
        """The tidy HTML of `html`. A Tidy is used once."""
        self.feed(bounded(html))
        self.close()
        self._end_verbatim()
        self._close_to(0)
        return "".join(self._out)

    # What the parser finds

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._dropping:
            return
        if self._verbatim is not None:
            self._verbatim.append("\n" if tag == "br" else "")
        elif start := self._starts.get(tag):
            start(tag, {name: value or "" for name, value in reversed(attrs)})
        elif tag in _ENDS_A_LINE:
            self._end_line()

    def handle_endtag(self, tag: str) -> None:
        if self._dropping:
            self._dropping = "" if tag == self._dropping else self._dropping
        elif self._verbatim is not None:
            if tag == "pre":
                self._end_verbatim()
        elif tag in _INLINE or tag == "a":
            self._line.close(_INLINE.get(tag, tag))
        elif tag == "q":
            self._line.text('"')
        elif tag == "table":
            self._end_table()
        elif tag in _ENDS_A_LINE:
            self._end_line()
        elif tag in self._blocks and (tag in _ONE_LINE or not self._is_one_line()):
            self._close_to(self._place(tag))

    def handle_data(self, data: str) -> None:
        if self._dropping:
            return
        if self._verbatim is not None:
            self._verbatim.append(data)
        elif self._is_one_line():
            self._line.text(data)
        else:
            for number, paragraph in enumerate(_BLANK_LINE.split(data)):
                if number:
                    self._end_line(going_on=True)
                self._lines(paragraph)

    def _lines(self, paragraph: str) -> None:
        if not self._line_breaks:
            self._line.text(paragraph)
            return
        for number, words in enumerate(paragraph.split("\n")):
            if number:
                self._line.break_line()
            self._line.text(words)

    # Words

    def _start_break(self, _tag: str, _attributes: Attributes) -> None:
        if self._is_one_line():
            self._line.text(" ")
        elif self._line.is_breaking:
            self._end_line(going_on=True)
        else:
            self._line.break_line()

    def _start_emphasis(self, tag: str, _attributes: Attributes) -> None:
        self._line.open(_INLINE[tag], f"<{_INLINE[tag]}>")

    def _start_emphasised_line(self, tag: str, _attributes: Attributes) -> None:
        """A caption in italics, a defined term in bold: Markdown has neither."""
        self._end_line()
        name = "strong" if tag == "dt" else "em"
        self._line.open(name, f"<{name}>")

    def _quote_mark(self, _tag: str, _attributes: Attributes) -> None:
        self._line.text('"')

    def _start_link(self, _tag: str, attributes: Attributes) -> None:
        address = absolute(attributes.get("href", ""), self._base)
        if address:
            self._line.open("a", f'<a href="{escape(address)}"{_title(attributes)}>')
        else:
            self._line.close("a")

    def _start_image(self, _tag: str, attributes: Attributes) -> None:
        alt = attributes.get("alt", "").strip()
        address = absolute(attributes.get("src", ""), self._base)
        if not address or "wp-smiley" in attributes.get("class", ""):
            self._line.text(alt)
            return
        # A picture on another host is drawn as a link, whose words this is.
        alt = alt or attributes.get("title", "") or address.partition("?")[0].rpartition("/")[2]
        alt = escape(" ".join(alt.split())[:_LONGEST_TITLE])
        self._line.element(f'<img src="{escape(address)}" alt="{alt}"{_title(attributes)}>')

    def _start_player(self, tag: str, attributes: Attributes) -> None:
        """What a player shows, as a link alone on its line; once for a player's many sources."""
        if tag in ("video", "audio", "object", "iframe"):
            self._player_is_told = False
        raw = attributes.get("src") or attributes.get("data") or ""
        address = watch_page(absolute(raw, self._base or "https:"))
        if not address or self._player_is_told:
            return
        self._player_is_told = True
        self._end_line()
        self._line.open("a", f'<a href="{escape(address)}">')
        self._line.text(address)
        self._end_line()

    # Blocks

    def _start_dropping(self, tag: str, _attributes: Attributes) -> None:
        self._dropping = tag

    def _start_rule(self, _tag: str, _attributes: Attributes) -> None:
        self._end_line()
        if not self._is_one_line() and not self._is_between_cells():
            self._out.append("<hr>")

    def _start_verbatim(self, _tag: str, _attributes: Attributes) -> None:
        self._leave_heading()
        if self._is_one_line() or self._is_between_cells():
            self._line.open("code", "<code>")
            return
        self._end_line()
        self._verbatim = []

    def _end_verbatim(self) -> None:
        if self._verbatim is None:
            return
        text, self._verbatim = "".join(self._verbatim), None
        if text.strip():
            self._out.append(f"<pre>{escape(text.removeprefix(chr(10)), quote=False)}</pre>")

    def _start_block(self, tag: str, attributes: Attributes) -> None:
        self._leave_heading()
        if self._is_one_line() or self._is_between_cells():
            self._end_line()
            return
        start = attributes.get("start", "")
        is_numbered = tag == "ol" and _SMALL_NUMBER.fullmatch(start)
        self._push(tag, f' start="{start}"' if is_numbered else "")

    def _start_item(self, _tag: str, _attributes: Attributes) -> None:
        self._leave_heading()
        if self._is_one_line() or self._is_between_cells():
            self._end_line()
            return
        lists = [place for place, tag in enumerate(self._blocks) if tag in ("ul", "ol")]
        if not lists or "blockquote" in self._blocks[lists[-1] :]:
            self._push("ul")
        else:
            self._close_to(lists[-1] + 1)
        self._push("li")
        self._item_is_new = True

    def _start_table(self, _tag: str, _attributes: Attributes) -> None:
        self._leave_heading()
        if self._is_one_line():
            self._tables_inside += 1
            self._line.text(" ")
        elif not self._is_between_cells():
            self._end_line()
            self._before_table = (len(self._out), [])
            self._out.append("")
            self._push("table")

    def _end_table(self) -> None:
        if self._tables_inside:
            self._tables_inside -= 1
            self._line.text(" ")
        elif "table" in self._blocks:
            self._close_to(self._place("table"))

    def _start_table_part(self, tag: str, attributes: Attributes) -> None:
        if self._tables_inside or "table" not in self._blocks:
            self._end_line()
            return
        if tag not in ("td", "th"):
            self._close_to(self._place("table") + 1)
        if tag in ("thead", "tbody", "tfoot"):
            return
        if "tr" in self._blocks:
            self._close_to(self._place("tr") + 1)
        else:
            self._push("tr")
        if tag != "tr":
            columns = attributes.get("colspan", "")
            is_wide = _SMALL_NUMBER.fullmatch(columns) and 1 < int(columns) <= _WIDEST_CELL
            self._push(tag, f' colspan="{columns}"' if is_wide else "")

    # The stack

    def _is_one_line(self) -> bool:
        return bool(self._blocks) and self._blocks[-1] in _ONE_LINE

    def _is_between_cells(self) -> bool:
        return bool(self._blocks) and self._blocks[-1] in ("table", "tr")

    def _leave_heading(self) -> None:
        """No block belongs into a heading; whoever forgot its end gets it here."""
        if self._blocks and self._blocks[-1] in _HEADINGS:
            self._close_to(len(self._blocks) - 1)

    def _place(self, tag: str) -> int:
        return len(self._blocks) - 1 - self._blocks[::-1].index(tag)

    def _push(self, tag: str, attributes: str = "") -> None:
        self._end_line()
        if len(self._blocks) >= DEEPEST:
            self.was_too_deep = True
            return
        self._blocks.append(tag)
        self._out.append(f"<{tag}{attributes}>")

    def _close_to(self, level: int) -> None:
        """Close blocks until `level` of them are open."""
        while len(self._blocks) > level:
            self._end_line(closing=True)
            tag = self._blocks.pop()
            self._out.append(f"</{tag}>")
            if tag == "table":
                place, lines = self._before_table
                self._out[place] = "".join(lines)
        self._end_line()

    def _end_line(self, *, going_on: bool = False, closing: bool = False) -> None:
        """The paragraph ends here; `going_on` keeps its emphasis open for the next one."""
        if self._is_one_line() and not closing:
            self._line.text(" ")
            return
        line = self._line
        self._line = line.continued() if going_on else Line()
        self.was_too_deep = self.was_too_deep or line.was_too_deep
        words = line.finish()
        if not words:
            return
        if self._is_between_cells():
            self._before_table[1].append(f"<p>{words}</p>")
        elif self._is_one_line() or self._item_is_new:
            self._out.append(words)
        else:
            self._out.append(f"<p>{words}</p>")
        self._item_is_new = False


def _title(attributes: Attributes) -> str:
    title = " ".join(attributes.get("title", "").split())[:_LONGEST_TITLE]
    return f' title="{escape(title)}"' if title else ""
