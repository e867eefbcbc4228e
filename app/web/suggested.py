"""What already answers a question, as the desk and the author's inbox list it: what was found by
likeness when it came in, best first, and after it what carries the same tags."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.domains.articles.pointers import Pointer, pointers_for
from app.engines.said import Said, says
from app.infra.language import sentence
from app.search import offers, stored
from app.search.alike import Alike
from app.search.stored import Asked

MOST = 4
LABELS = {
    "card": sentence("Answer"),
    "question": sentence("Earlier question"),
    "article": sentence("Article"),
    "resource": sentence("Resource"),
}


@dataclass(frozen=True, slots=True)
class Suggested:
    """One thing that may answer. `why` is said to whoever looks; `card_id` is set for a card, which
    answers by itself and needs no reply around it, `same_as` for another question whose answer
    can be given to this one."""

    kind: str
    title: str
    href: str
    why: Said
    card_id: int | None = None
    same_as: int | None = None

    @property
    def label(self) -> str:
        """What a page calls its kind."""
        return str(LABELS.get(self.kind, self.kind.capitalize()))


def suggested(
    comments: Sequence[Asked],
    tag_ids: Mapping[int, Collection[int]],
    *,
    most: int = MOST,
    on_the_spot: int = 0,
) -> dict[int, list[Suggested]]:
    """For each of these texts, by its id; `tag_ids` are the tags that each carries. Up to
    `on_the_spot` of those that no worker has looked at yet are looked at now: a list takes none."""
    alike = stored.for_comments(comments, limit=most, on_the_spot=on_the_spot)
    asked = {one.ref for found in alike.values() for one in found if one.kind == "question"}
    answered = offers.answered_among(asked) if asked else set()
    tagged = pointers_for(tag_ids, limit=most)
    return {
        one.id: _both(alike[one.id], answered, tagged.get(one.id, ()), most) for one in comments
    }


def _both(
    alike: Sequence[Alike], answered: Collection[int], tagged: Sequence[Pointer], most: int
) -> list[Suggested]:
    found = {
        one.href: Suggested(
            one.kind,
            one.title,
            one.href,
            one.why_both,
            one.ref if one.kind == "card" else None,
            one.ref if one.kind == "question" and one.ref in answered else None,
        )
        for one in alike
    }
    for pointer in tagged:
        known = found.get(pointer.href)
        why = known.why if known else says("because both are about the same")
        found[pointer.href] = Suggested(pointer.kind, pointer.title, pointer.href, why)
    return list(found.values())[:most]
