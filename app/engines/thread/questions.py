"""Which question each comment of a thread stands under."""

from collections.abc import Iterable

Asked = tuple[int, int | None, bool]
"""A comment's id, its parent's, and whether it is a question."""


def questions_above(thread: Iterable[Asked]) -> dict[int, int | None]:
    """The nearest question above every comment, by id; ``None`` where there is none.

    In any order, and without recursion, since chains may be 10,000 deep. What hangs on a comment
    that is not in ``thread`` stands under no question.
    """
    known = {member[0]: member for member in thread}
    above: dict[int, int | None] = {}
    for start in known:
        chain: list[Asked] = []
        met: set[int] = set()
        at: int | None = start
        while at in known and at not in above and at not in met:
            met.add(at)
            chain.append(known[at])
            at = known[at][1]
        for member_id, parent_id, _ in reversed(chain):
            parent = known.get(parent_id) if parent_id is not None else None
            asks = parent is not None and parent[2]
            above[member_id] = parent_id if asks else above.get(parent_id or 0)
    return above
