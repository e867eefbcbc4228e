"""Kept pages in this process: those that were asked for last, as many as fit."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Generic, Protocol, TypeVar

from app.infra.kept.pages import Page

SHARE_OF_ASKED = 4
"""Pages with a query get one part in four: whoever asks for page 1, 2, 3 and so on of everything
cannot drive out the pages that all others read."""


class Sized(Protocol):
    @property
    def size(self) -> int:
        """Bytes."""
        ...


Thing = TypeVar("Thing", bound=Sized)


class Shelf(Generic[Thing]):
    """A store bounded by bytes; what was not asked for longest goes first."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._held = 0
        self._pages: OrderedDict[str, Thing] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Thing | None:
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: str, page: Thing) -> None:
        with self._lock:
            old = self._pages.pop(key, None)
            self._held -= old.size if old is not None else 0
            if page.size > self._most:
                return
            self._pages[key] = page
            self._held += page.size
            while self._held > self._most:
                self._held -= self._pages.popitem(last=False)[1].size

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._held = 0

    @property
    def held(self) -> int:
        """Bytes."""
        return self._held


class Memory:
    """Two shelves: one for plain addresses, a smaller one for those with a query."""

    def __init__(self, most_bytes: int) -> None:
        asked = most_bytes // SHARE_OF_ASKED
        self._plain: Shelf[Page] = Shelf(most_bytes - asked)
        self._asked: Shelf[Page] = Shelf(asked)

    def _shelf(self, key: str) -> Shelf[Page]:
        return self._asked if "?" in key else self._plain

    def get(self, key: str) -> Page | None:
        return self._shelf(key).get(key)

    def put(self, key: str, page: Page) -> None:
        self._shelf(key).put(key, page)

    def clear(self) -> None:
        self._plain.clear()
        self._asked.clear()

    @property
    def held(self) -> int:
        """Bytes."""
        return self._plain.held + self._asked.held
