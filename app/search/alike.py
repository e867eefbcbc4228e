"""What already answers a question: everything on the site that is like it, and why it was chosen.

Found by words (the rarest of the question's, in a posting table that both databases share), by
meaning (where the model is there) and by tags, whose synonyms stand in what carries them. All that
either found is weighed together (`engines.matching.likeness`).
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, case, func, select

from app.domains.tags import queries as tags
from app.engines.matching.likeness import (
    Library,
    Profile,
    because,
    joined,
    likeness,
    pieces,
    profile,
    telling,
)
from app.engines.text.excerpt import title_from
from app.infra import clock, running
from app.infra.db import db
from app.search import places, seat
from app.search.models import SearchDocument, SearchPosting, SearchStem

KINDS = ("card", "article", "resource", "question")
CANDIDATES = 100
"""Of each sort, by words and by meaning."""
RAREST = 8
"""Stems of a question that candidates are looked up by."""
TITLE_COUNTS = 3.0
"""A word in the title says as much as three in the text (measured with FTS5 weights)."""
SHORT = 300
"""Characters of a question that is compared as a whole with titles; of a longer one, its title."""
LONGEST_ASKED = 4_000
WORDS_ENOUGH = 0.4
"""The share of what a question says (by rarity) that something must say too, to be shown."""
MEANING_ENOUGH = 0.45
"""The cosine that is enough by itself: below it, unrelated texts of one site begin."""
MEANING_TOO_LITTLE = 0.25
"""The cosine below which shared words are an accident, where there is a model to say so."""
LIBRARY_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """One thing that may answer. `because` are the asker's own words that it shares, `tags` the
    names of tags that both carry; without either it was found by its meaning."""

    kind: str
    ref: int
    title: str
    href: str
    score: float
    by_words: float
    by_meaning: float
    because: tuple[str, ...]
    tags: tuple[str, ...]

    @property
    def why(self) -> str:
        """One sentence for whoever asked."""
        if self.because:
            return f"because you wrote {_listed([f'“{word}”' for word in self.because])}"
        if self.tags:
            return f"because it is about {_listed(self.tags)}"
        return "because it says much the same in other words"


@dataclass(frozen=True, slots=True)
class _Asked:
    text: str
    title: str
    profile: Profile
    tags: Mapping[str, str]
    """Names of the tags it speaks of, by stem."""

    @property
    def stems(self) -> set[str]:
        return {*self.profile.whole, *self.tags}


def alike(
    text: str,
    *,
    title: str = "",
    kinds: Collection[str] = KINDS,
    limit: int = 3,
    without: Collection[tuple[str, int]] = (),
) -> list[Alike]:
    """What is most like a text, best first; empty where nothing is like it enough.

    Only what everyone may read is found. `without` leaves things out by kind and id.
    """
    asked = _asked(title, text[:LONGEST_ASKED])
    library = _library(asked.stems)
    chosen = _by_words(asked, library)
    by_meaning = seat.nearest(asked.title, asked.text, CANDIDATES, also=chosen)
    documents = {
        row.id: row
        for row in _documents([*chosen, *by_meaning], kinds)
        if (row.kind, row.ref) not in without
    }
    profiles = _profiles([one for one in chosen if one in documents], documents, asked)
    words = likeness(asked.profile, profiles, library)
    near = {one: score for one, score in by_meaning.items() if one in documents}
    scores = joined(words, near) if near else words
    kept = [
        one
        for one in sorted(scores, key=lambda one: (-scores[one], one))
        if _is_enough(
            near.get(one, 0.0) if near else None,
            _share_said(asked, profiles.get(one), library),
        )
    ][:limit]
    found = [documents[one] for one in kept]
    paths = places.paths((row.kind, row.ref, row.title) for row in found)
    return [
        Alike(
            kind=row.kind,
            ref=row.ref,
            title=row.title,
            href=paths[row.kind, row.ref],
            score=scores[row.id],
            by_words=words.get(row.id, 0.0),
            by_meaning=near.get(row.id, 0.0),
            because=_because(asked, profiles.get(row.id), library),
            tags=_shared_tags(asked, profiles.get(row.id)),
        )
        for row in found
        if (row.kind, row.ref) in paths
    ]


def _asked(title: str, text: str) -> _Asked:
    whole = f"{title}\n{text}".strip()
    short = title or (whole if len(whole) <= SHORT else title_from(whole))
    rest = text if title or len(whole) > SHORT else ""
    matched = tags.lexicon().match(whole)
    names = [tag.name for tag in tags.tags_with_ids([match.tag_id for match in matched])]
    return _Asked(
        whole, short, profile(short, rest), {stem: name for name in names for stem in telling(name)}
    )


def _library(stems: Collection[str]) -> Library:
    """What is known of all texts, a minute ago at most, with the spread of these stems."""
    known: tuple[float, int, float, float] | None = running.kept().get("library")
    if known is None or time.monotonic() - known[0] > LIBRARY_SECONDS:
        count, mean_title, mean_text = db.session.execute(
            select(
                func.count(),
                func.avg(SearchDocument.title_stems),
                func.avg(SearchDocument.text_stems),
            ).where(SearchDocument.text_stems > 0)
        ).one()
        known = (time.monotonic(), count, float(mean_title or 0), float(mean_text or 0))
        running.kept()["library"] = known
    spread = db.session.execute(
        select(SearchStem.stem, SearchStem.spread).where(SearchStem.stem.in_(stems))
    )
    return Library(known[1], known[2], known[3], {row.stem: row.spread for row in spread})


def _by_words(asked: _Asked, library: Library) -> list[int]:
    """The documents that say the most of the question's rarest words, best first."""
    known = [stem for stem in asked.stems if library.spread.get(stem)]
    rarest = sorted(known, key=lambda stem: (library.spread[stem], stem))[:RAREST]
    if not rarest:
        return []
    rarity = case({stem: library.rarity(stem) for stem in rarest}, value=SearchPosting.stem)
    in_title = case((SearchPosting.in_title > 0, TITLE_COUNTS), else_=1.0)
    score = func.sum(rarity * in_title)
    found = db.session.scalars(
        select(SearchPosting.document_id)
        .where(SearchPosting.stem.in_(rarest))
        .group_by(SearchPosting.document_id)
        .order_by(score.desc(), SearchPosting.document_id.desc())
        .limit(CANDIDATES)
    )
    return list(found)


def _documents(ids: Sequence[int], kinds: Collection[str]) -> Sequence[Row[tuple[int, str]]]:
    return db.session.execute(
        select(
            SearchDocument.id,
            SearchDocument.kind,
            SearchDocument.ref,
            SearchDocument.title,
            SearchDocument.title_stems,
            SearchDocument.text_stems,
        ).where(
            SearchDocument.id.in_(ids),
            SearchDocument.kind.in_(kinds),
            SearchDocument.visible_from <= clock.now(),
        )
    ).all()  # type: ignore[return-value]


def _profiles(
    ids: Sequence[int], documents: Mapping[int, Row[tuple[int, str]]], asked: _Asked
) -> dict[int, Profile]:
    """The candidates as far as the question's stems go; what else they say has no part in it."""
    titles: dict[int, dict[str, int]] = {one: {} for one in ids}
    texts: dict[int, dict[str, int]] = {one: {} for one in ids}
    rows = db.session.execute(
        select(
            SearchPosting.document_id,
            SearchPosting.stem,
            SearchPosting.in_title,
            SearchPosting.in_text,
        ).where(SearchPosting.document_id.in_(ids), SearchPosting.stem.in_(asked.stems))
    )
    for row in rows:
        titles[row.document_id][row.stem] = row.in_title
        texts[row.document_id][row.stem] = row.in_text
    return {
        one: Profile(
            titles[one],
            texts[one],
            documents[one].title_stems,
            documents[one].text_stems,
            pieces(documents[one].title),
        )
        for one in ids
    }


def _is_enough(cosine: float | None, share_said: float) -> bool:
    """Whether something is like the question enough to be shown; no cosine where there is no
    model."""
    if cosine is None:
        return share_said >= WORDS_ENOUGH
    if cosine >= MEANING_ENOUGH:
        return True
    return share_said >= WORDS_ENOUGH and cosine >= MEANING_TOO_LITTLE


def _share_said(asked: _Asked, found: Profile | None, library: Library) -> float:
    """How much of what is asked this says too, each word by its rarity: 0 to 1."""
    if found is None:
        return 0.0
    total = sum(library.rarity(stem) for stem in asked.profile.whole)
    said = sum(library.rarity(stem) for stem in asked.profile.whole if found.whole.get(stem))
    return said / total if total else 0.0


def _because(asked: _Asked, found: Profile | None, library: Library) -> tuple[str, ...]:
    return because(asked.text, found, library) if found else ()


def _shared_tags(asked: _Asked, found: Profile | None) -> tuple[str, ...]:
    if found is None:
        return ()
    names = [name for stem, name in asked.tags.items() if found.whole.get(stem)]
    return tuple(dict.fromkeys(names))


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
