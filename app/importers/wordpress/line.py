"""The words of one paragraph while it is being tidied: text, emphasis, links, line breaks."""

import re
from dataclasses import dataclass
from html import escape

_WHITE = re.compile(r"\s+")
_MOST_OPEN = 12


@dataclass(slots=True)
class _Open:
    """A tag that is open; its start is written only once something is said in it."""

    name: str
    start: str  # "" inside another of the same name
    is_written: bool = False


class Line:
    """Collects inline HTML. White space, line breaks and start tags are written only when words
    follow, so no line begins or ends with any, emphasis holds no outer space (Markdown has no
    `** word**`), and what has no word and no picture comes out empty."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._open: list[_Open] = []
        self._has_content = False
        self._space = False
        self.is_breaking = False
        self.was_too_deep = False

    def open(self, name: str, start: str) -> None:
        """Begin emphasis, code or a link. Links do not nest; the second ends the first."""
        if name == "a":
            self.close("a")
        if len(self._open) >= _MOST_OPEN:
            self.was_too_deep = True
            return
        is_inside_itself = any(name == other.name for other in self._open)
        self._open.append(_Open(name, "" if is_inside_itself else start))

    def close(self, name: str) -> None:
        """End the innermost `name`; what was opened inside it and goes on is opened again."""
        if all(name != other.name for other in self._open):
            return
        going_on: list[_Open] = []
        while (inner := self._open.pop()).name != name:
            self._end(inner)
            going_on.append(inner)
        self._end(inner)
        for again in reversed(going_on):
            self.open(again.name, again.start)

    def text(self, text: str) -> None:
        words = text.strip()
        self._space = self._space or text[:1].isspace()
        if words:
            self.element(escape(_WHITE.sub(" ", words), quote=False))
            self._space = text[-1:].isspace()

    def element(self, html: str) -> None:
        """Content that is HTML already: a picture."""
        if self._has_content and self.is_breaking:
            self._pieces.append("<br>")
        elif self._has_content and self._space:
            self._pieces.append(" ")
        for waiting in self._open:
            if not waiting.is_written:
                self._pieces.append(waiting.start)
                waiting.is_written = True
        self._pieces.append(html)
        self._has_content = True
        self._space = self.is_breaking = False

    def break_line(self) -> None:
        self.is_breaking = True

    def continued(self) -> "Line":
        """A new line in which the emphasis that is open goes on; a link does not."""
        line = Line()
        for going_on in self._open:
            if going_on.start and going_on.name != "a":
                line.open(going_on.name, going_on.start)
        return line

    def finish(self) -> str:
        """The line's HTML, everything closed; empty without content. The line is used up."""
        while self._open:
            self._end(self._open.pop())
        return "".join(self._pieces)

    def _end(self, ended: _Open) -> None:
        if ended.is_written and ended.start:
            self._pieces.append(f"</{ended.name}>")
