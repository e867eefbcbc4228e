"""Which slice of a list a page shows, whatever number was asked for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageBounds:
    """``number`` of ``count`` pages, both from 1; the slice is ``[offset:offset + limit]``."""

    number: int
    count: int
    offset: int
    limit: int

    @property
    def previous(self) -> int | None:
        """The page before, or ``None`` on the first."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The page after, or ``None`` on the last."""
        return self.number + 1 if self.number < self.count else None


def page_bounds(total: int, page: int, size: int) -> PageBounds:
    """The page nearest to ``page`` that exists among ``total`` things, ``size`` on each.

    An empty list has one empty page. Raises :class:`ValueError` for a size below 1, which
    is a fault of the program and never a reader's.
    """
    if size < 1:
        raise ValueError(f"a page holds at least one thing, not {size}")
    count = max(1, -(-total // size))
    number = min(max(page, 1), count)
    offset = (number - 1) * size
    return PageBounds(number, count, offset, limit=max(0, min(size, total - offset)))
