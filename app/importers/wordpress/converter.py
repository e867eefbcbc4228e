"""Tidy HTML to Markdown, by the markdownify library.

What is changed here is where the library's Markdown would draw something else than the HTML did:
links and pictures with awkward addresses, emphasis that CommonMark would not see, code with fences
in it, tables without a head.
"""

import re
import unicodedata

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag
from markdownify import ATX, BACKSLASH, MarkdownConverter

from app.importers.wordpress.escaping import bare_link, escape_text

_BACKTICKS = re.compile("`+")
_ENTITY = re.compile(r"&(?=#?\w{1,32};)")


# The library's stub leaves most of its methods out; hence the ignored "misc" below.


class Converter(MarkdownConverter):
    """Converts the output of `tidy`, which bounds its nesting: the library recurses.

    `tables` says whether the dialect of the text has tables; without them a row is a paragraph.
    """

    def __init__(self, *, tables: bool) -> None:
        super().__init__(
            heading_style=ATX, newline_style=BACKSLASH, bullets="-", table_infer_header=True
        )
        self._tables = tables

    def to_markdown(self, tidy_html: str) -> str:
        soup = BeautifulSoup(tidy_html, "html.parser")
        for table in soup.find_all("table"):
            _square(table)
        return str(self.convert_soup(soup))

    def escape(self, text: str, _parent_tags: set[str]) -> str:
        return escape_text(text, pipes=self._tables)

    def process_text(self, el: NavigableString, parent_tags: set[str]) -> str:
        text = str(super().process_text(el, parent_tags))  # type: ignore[misc]
        following = el.next_sibling
        if text.endswith("!") and isinstance(following, Tag) and following.name == "a":
            return f"{text[:-1]}\\!"  # it would make a picture of the link
        return text

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        before, after, text = _chomped(text)
        href = str(el.get("href", ""))
        if "_noformat" in parent_tags or not text or not href:
            return f"{before}{text}{after}"
        title = str(el.get("title", ""))
        words = el.get_text()
        if not title and href in (words, f"mailto:{words}"):
            is_alone = el.parent is not None and len(el.parent.contents) == 1
            link = bare_link(words) if is_alone else f"<{words.replace('|', '%7C')}>"
            return f"{before}{link}{after}"
        return f"{before}[{text}]({self._target(href, title)}){after}"

    def convert_img(self, el: Tag, _text: str, **_: object) -> str:
        alt = escape_text(str(el.get("alt", "")), pipes=self._tables)
        return f"![{alt}]({self._target(str(el.get('src', '')), str(el.get('title', '')))})"

    def _target(self, address: str, title: str) -> str:
        """What stands between the brackets of a link; `absolute` wrote out spaces and quotes."""
        address = _ENTITY.sub(r"\\&", address.replace("|", "%7C"))
        if "(" in address or ")" in address:
            address = f"<{address}>"
        if not title:
            return address
        escaped = escape_text(title, pipes=self._tables).replace('"', '\\"')
        return f'{address} "{escaped}"'

    def convert_strong(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _emphasised(el, text, parent_tags, "**")

    def convert_em(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _emphasised(el, text, parent_tags, "*")

    def convert_del(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _emphasised(el, text, parent_tags, "~~")

    def convert_br(self, _el: Tag, _text: str, parent_tags: set[str]) -> str:
        return " " if parent_tags & {"_noformat", "_inline"} else "\\\n"

    def convert_code(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        code = str(super().convert_code(el, text, parent_tags))  # type: ignore[misc]
        return code.replace("|", "\\|") if parent_tags & {"td", "th"} else code

    def convert_hr(self, _el: Tag, _text: str, **_: object) -> str:
        return "\n\n***\n\n"  # dashes after a list's dash would be one rule with it

    def convert_pre(self, el: Tag, _text: str, **_: object) -> str:
        code = el.get_text().rstrip("\n")
        longest = max((len(run) for run in _BACKTICKS.findall(code)), default=0)
        fence = "`" * max(3, longest + 1)
        return f"\n\n{fence}\n{code}\n{fence}\n\n"

    def convert_tr(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if self._tables:
            return str(super().convert_tr(el, text, parent_tags))  # type: ignore[misc]
        return f"\n\n{text.strip()}\n\n"

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if self._tables:
            return str(super().convert_td(el, text, parent_tags))  # type: ignore[misc]
        return f" {text.strip()} "

    convert_th = convert_td


def _square(table: Tag) -> None:
    """Give the first row as many cells as the longest: Markdown drops what is beyond its head."""
    rows = table.find_all("tr")
    widths = [sum(_columns(cell) for cell in row.find_all(["td", "th"])) for row in rows]
    for row, width in zip(rows, widths, strict=True):
        if not width:
            row.decompose()
    if not any(widths):
        table.decompose()
        return
    first, width = next(found for found in zip(rows, widths, strict=True) if found[1])
    for _ in range(max(widths) - width):
        first.append(Tag(name="th" if first.find("th") else "td"))


def _columns(cell: Tag) -> int:
    return int(str(cell.get("colspan", "1")))


def _emphasised(el: Tag, text: str, parent_tags: set[str], mark: str) -> str:
    """The text between marks, unless CommonMark would show the marks themselves."""
    before, after, text = _chomped(text)
    if not text:
        return str(before or after)
    if "_noformat" not in parent_tags and _is_seen(el, text.strip(mark[0]), before, after):
        text = f"{mark}{text}{mark}"
    return f"{before}{text}{after}"


def _chomped(text: str) -> tuple[str, str, str]:
    """A space before, a space after, and the words between: marks stand beside words."""
    return " " * text.startswith(" "), " " * text.endswith(" "), text.strip()


def _is_seen(el: Tag, text: str, before: str, after: str) -> bool:
    """A mark beside a sign counts only where a space or another sign is on its far side, and two
    equal marks that touch are read as one."""
    previous, following = el.previous_sibling, el.next_sibling
    if isinstance(previous, Tag) and previous.name == el.name:
        return False
    starts = before or not _is_sign(text[:1]) or not _is_letter(_text(previous)[-1:])
    ends = after or not _is_sign(text[-1:]) or not _is_letter(_text(following)[:1])
    return bool(starts and ends)


def _text(node: PageElement | None) -> str:
    return str(node) if isinstance(node, NavigableString) else ""


def _is_sign(character: str) -> bool:
    return character != "" and unicodedata.category(character)[0] in "PS"


def _is_letter(character: str) -> bool:
    return character != "" and not character.isspace() and not _is_sign(character)
