"""All vectors of one model in memory, a row each, searched by brute force.

Good to about 100,000 documents: 154 MB, and some 30 ms a search on one core.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np

from app.infra.meaning import Vectors
from app.search import vectors

_FIRST_ROOM = 1024


class Matrix:
    """Only one thread may change it; any may search it meanwhile."""

    def __init__(self, model: str) -> None:
        self.model = model
        self._ids: list[int] = []
        self._places: dict[int, int] = {}
        self._rows: Vectors = np.zeros((0, 0), np.float32)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._ids)

    def nearest(self, asked: Vectors, limit: int, also: Sequence[int] = ()) -> dict[int, float]:
        """The documents whose vectors are nearest, with the cosine of each, and the cosines of
        those of `also` that have a vector."""
        with self._lock:
            ids, places = self._ids, self._places
            count = len(ids)
            rows = self._rows[:count]
        if not count:
            return {}
        scores = rows @ asked
        best = np.argpartition(-scores, limit)[:limit] if count > limit else np.arange(count)
        found = {ids[place]: float(scores[place]) for place in best}
        for one in also:
            place = places.get(one, count)
            if place < count:
                found[one] = float(scores[place])
        return found

    def of(self, document_id: int) -> Vectors | None:
        """One document's own vector."""
        with self._lock:
            place = self._places.get(document_id)
            return None if place is None else self._rows[place].copy()

    def put(self, ids: Sequence[int], rows: Vectors) -> None:
        """Add documents, or put other vectors in the place of theirs."""
        with self._lock:
            self._make_room(len(ids), rows.shape[1] if len(ids) else 0)
            for one, row in zip(ids, rows, strict=True):
                place = self._places.get(one)
                if place is None:
                    place = self._places[one] = len(self._ids)
                    self._rows[place] = row
                    self._ids.append(one)
                else:
                    self._rows[place] = row

    def refresh(self) -> None:
        """Fetch what is kept and not here, and drop what is kept no more."""
        if vectors.made_by(self.model) == len(self):
            return
        kept = vectors.ids_of(self.model)
        gone = self._places.keys() - kept
        if gone:
            self._drop(gone)
        for part in vectors.loaded(self.model, sorted(kept - self._places.keys())):
            rows = np.frombuffer(b"".join(vector for _, vector in part), np.float32)
            self.put([one for one, _ in part], rows.reshape(len(part), -1))

    def _drop(self, gone: set[int]) -> None:
        staying = [place for place, one in enumerate(self._ids) if one not in gone]
        ids = [self._ids[place] for place in staying]
        rows = self._rows[staying]
        with self._lock:  # new objects: whoever searches now keeps the old ones
            self._ids, self._rows = ids, rows
            self._places = {one: place for place, one in enumerate(ids)}

    def _make_room(self, more: int, width: int) -> None:
        needed = len(self._ids) + more
        if needed <= len(self._rows) or not more:
            return
        room = max(needed, len(self._rows) * 3 // 2, _FIRST_ROOM)
        rows = np.zeros((room, width), np.float32)
        rows[: len(self._ids)] = self._rows[: len(self._ids)] if self._ids else 0
        self._rows = rows
