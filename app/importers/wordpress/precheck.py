"""One linear look at HTML before the parser sees it.

Python's HTML parser looks for the end of every comment, declaration and tag to the end of the text,
so a megabyte of openings without ends would hold it for hours. What has no end is text.
"""

import re

_ANGLE = re.compile("[<>]")
_DECLARATION = re.compile(r"<!--|<!\[CDATA\[|<[!?]", re.IGNORECASE)
_ENDS = {"<!--": "-->", "<![cdata[": "]]>"}
_LONGEST_TAG = 20_000  # characters; a picture in a data: address is longer, and is not kept


def bounded(html: str) -> str:
    """The HTML without comments and declarations, its endless tags turned into text."""
    return _without_endless_tags(_without_declarations(html))


def _without_declarations(html: str) -> str:
    pieces: list[str] = []
    endless: set[str] = set()
    start = 0
    while match := _DECLARATION.search(html, start):
        pieces.append(html[start : match.start()])
        end = _ENDS.get(match[0].lower(), ">")
        found = -1 if end in endless else html.find(end, match.end())
        if found < 0:
            endless.add(end)
        start = match.end() if found < 0 else found + len(end)
    pieces.append(html[start:])
    return "".join(pieces)


def _without_endless_tags(html: str) -> str:
    waiting: list[int] = []
    pieces: list[str] = []
    done = 0
    for match in _ANGLE.finditer(html):
        place = match.start()
        if match[0] == "<":
            waiting.append(place)
            continue
        for opening in waiting:
            if place - opening > _LONGEST_TAG:
                pieces += (html[done:opening], "&lt;")
                done = opening + 1
        waiting.clear()
    for opening in waiting:
        pieces += (html[done:opening], "&lt;")
        done = opening + 1
    return "".join(pieces) + html[done:]
