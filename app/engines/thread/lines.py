"""A thread as the flat list that a template draws: nested to a depth, level beyond it."""

from dataclasses import dataclass
from typing import Generic

from app.engines.thread.tree import Node, R, walk


@dataclass(frozen=True, slots=True)
class Line(Generic[R]):
    """One comment's place in the drawing.

    ``depth`` is 0 for the thread's root and at most the depth asked for. ``parent_id`` is
    the true parent. ``in_reply_to`` is the parent's node where the indentation no longer
    shows it, and its ``row`` is ``None`` where the parent may not be seen. ``descendants``
    counts the rows below, near and far, placeholders left out.
    """

    node: Node[R]
    depth: int
    parent_id: int | None
    in_reply_to: Node[R] | None
    descendants: int

    @property
    def row(self) -> R | None:
        """The comment itself; ``None`` on a placeholder for one that may not be seen."""
        return self.node.row


def lines(node: Node[R], max_depth: int = 4) -> list[Line[R]]:
    """``node`` and all that is below it in document order, indented to ``max_depth``."""
    order = list(walk([node]))
    parents = {child.id: parent for parent in order for child in parent.children}
    below = _descendants(order)
    depths: dict[int, int] = {}
    drawn: list[Line[R]] = []
    for member in order:
        parent = parents.get(member.id)
        depth = 0 if parent is None else depths[parent.id] + 1
        depths[member.id] = depth
        drawn.append(
            Line(
                node=member,
                depth=min(depth, max_depth),
                parent_id=member.parent_id,
                in_reply_to=parent if depth > max_depth else None,
                descendants=below[member.id],
            )
        )
    return drawn


def _descendants(order: list[Node[R]]) -> dict[int, int]:
    """Rows below each node. Backwards, since every child comes after its parent."""
    below: dict[int, int] = {}
    for node in reversed(order):
        below[node.id] = sum(below[child.id] + (child.row is not None) for child in node.children)
    return below
