"""How much a text says itself, beside what it links to and quotes."""

import re
from html.parser import HTMLParser

_WORD = re.compile(r"[^\W\d_]+")
_NOT_OWN = frozenset({"a", "blockquote", "figure"})


class _OwnWords(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words = 0
        self._inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._inside += tag in _NOT_OWN

    def handle_endtag(self, tag: str) -> None:
        self._inside -= tag in _NOT_OWN

    def handle_data(self, data: str) -> None:
        if self._inside <= 0:
            self.words += len(_WORD.findall(data))


def own_words(html: str) -> int:
    """How many words of safe HTML stand outside its links, quotations and videos."""
    counted = _OwnWords()
    counted.feed(html)
    counted.close()
    return counted.words
