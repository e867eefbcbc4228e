"""Plain text whose long lines were folded by the writer's program (RFC 3676)."""

from __future__ import annotations

from itertools import takewhile

SIGNATURE = "-- "


def unflowed(text: str, *, joins_words: bool) -> str:
    """The lines as they were typed. `joins_words`: the space at a fold belongs to the fold
    (`DelSp=yes`)."""
    done: list[str] = []
    open_line: list[str] | None = None
    open_depth = 0
    for raw in text.split("\n"):
        depth = sum(1 for _ in takewhile(">".__eq__, raw))
        line = raw[depth:].removeprefix(" ")
        flows = line.endswith(" ") and line != SIGNATURE
        if open_line is not None and (depth != open_depth or line == SIGNATURE):
            done.append(_quoted(open_depth, "".join(open_line)))
            open_line = None
        if open_line is None:
            open_line, open_depth = [], depth
        open_line.append(line[:-1] if flows and joins_words else line)
        if not flows:
            done.append(_quoted(depth, "".join(open_line)))
            open_line = None
    if open_line is not None:
        done.append(_quoted(open_depth, "".join(open_line)))
    return "\n".join(done)


def _quoted(depth: int, line: str) -> str:
    return f"{'>' * depth} {line}" if depth else line
