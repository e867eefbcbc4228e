"""A tree from flat rows in four passes, none of them recursive: chains may be 10,000 deep."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar


class Row(Protocol):
    """What a tree needs to know of a comment. ``root_id`` is ``None`` or its own id on a root."""

    @property
    def id(self) -> int: ...
    @property
    def parent_id(self) -> int | None: ...
    @property
    def root_id(self) -> int | None: ...
    @property
    def created_at(self) -> datetime: ...


R = TypeVar("R", bound=Row)


@dataclass(slots=True, eq=False, repr=False)
class Node(Generic[R]):
    """A row and its replies. ``row`` is ``None`` where the row exists but may not be seen.

    Such a placeholder is there only to hold replies; ``created_at`` is then its earliest
    reply's. ``parent_id`` is the true parent, at any depth.
    """

    id: int
    parent_id: int | None
    created_at: datetime
    row: R | None
    children: list["Node[R]"] = field(default_factory=list)


def build(rows: Iterable[R]) -> list[Node[R]]:
    """The roots of ``rows``, children under parents, siblings by ``(created_at, id)``.

    Every row appears exactly once (the first of several with one id). A row whose parent
    is not among them hangs under a placeholder, which hangs under the thread's root.
    Rows in a ring, which no door should let in, are cut loose.
    """
    nodes: dict[int, Node[R]] = {}
    for row in rows:
        nodes.setdefault(row.id, Node(row.id, row.parent_id, row.created_at, row))
    _add_placeholders(nodes)
    _cut_rings(nodes)
    roots: list[Node[R]] = []
    for node in nodes.values():
        siblings = roots if node.parent_id is None else nodes[node.parent_id].children
        siblings.append(node)
    for siblings in (roots, *(node.children for node in nodes.values())):
        siblings.sort(key=lambda node: (node.created_at, node.id))
    return roots


def _add_placeholders(nodes: dict[int, Node[R]]) -> None:
    """Stand-ins for absent parents, and for absent roots above those."""
    for row in [node.row for node in nodes.values() if node.row is not None]:
        if row.parent_id is None or _is_known(nodes, row.parent_id, row.created_at):
            continue
        root_id = row.root_id if row.root_id not in {row.id, row.parent_id} else None
        nodes[row.parent_id] = Node(row.parent_id, root_id, row.created_at, None)
        if root_id is not None and not _is_known(nodes, root_id, row.created_at):
            nodes[root_id] = Node(root_id, None, row.created_at, None)


def _is_known(nodes: dict[int, Node[R]], node_id: int, seen_at: datetime) -> bool:
    """Whether there is such a node; a placeholder learns of an earlier reply by the way."""
    node = nodes.get(node_id)
    if node is not None and node.row is None:
        node.created_at = min(node.created_at, seen_at)
    return node is not None


def _cut_rings(nodes: dict[int, Node[R]]) -> None:
    """Give every node a way up to a root: a placeholder or else the earliest of each ring.

    A placeholder first, since it is there for the reply below it and for nothing above.
    """
    settled: set[int] = set()
    for start in nodes.values():
        path: dict[int, Node[R]] = {}
        node: Node[R] | None = start
        while node is not None and node.id not in settled and node.id not in path:
            path[node.id] = node
            node = None if node.parent_id is None else nodes[node.parent_id]
        if node is not None and node.id in path:
            ring = list(path.values())[list(path).index(node.id) :]
            loose = min(ring, key=lambda one: (one.row is not None, one.created_at, one.id))
            loose.parent_id = None
        settled.update(path)


def walk(roots: Iterable[Node[R]]) -> Iterator[Node[R]]:
    """Every node in document order: a parent, then each child with all that is below it."""
    waiting = list(roots)[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children))
