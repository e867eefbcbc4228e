"""Words that say by themselves why two texts go together. "Often" and "let" stand in both, and no
reader learns anything from it."""

from __future__ import annotations

from app.engines.matching.likeness import FEW, Library, Profile, is_telling
from app.engines.matching.stems import tokens, words

COMMON = 1 / 3
"""The share of all texts from where a stem says too little to stand above a few of them."""
_WEAK_WORDS = (
    # where something goes
    "up down out off over under back away around along through across forward again apart"
    # what can be said of anything
    " turn go going come get put take give make keep let move start stop try use look see seem feel"
    " felt happen begin become bring hold set find found think know want need say tell mean work"
    # how much of it, and when
    " thing way bit lot kind sort time day week month year much many more most less little big"
    " small new old good bad better worse well really always never sometimes often still just"
    " even also"
)
WEAK = frozenset(tokens(_WEAK_WORDS))


def says_what(stem: str, library: Library) -> bool:
    """Whether a stem says something by itself: it is none of the weak words, and stands in less
    than a third of all texts."""
    is_common = library.texts >= FEW and library.spread.get(stem, 0) > COMMON * library.texts
    return is_telling(stem) and stem not in WEAK and not is_common


def because(asked: str, found: Profile, library: Library, most: int = 3) -> tuple[str, ...]:
    """The asker's own words that stand in what was found too, the rarest first: the reason that
    is shown beside a suggestion. Words that say little are told only where there are no others."""
    said: dict[str, str] = {}
    for word in words(asked):
        if is_telling(word.stem) and found.whole.get(word.stem):
            said.setdefault(word.stem, asked[word.start : word.end])
    strong = [stem for stem in said if says_what(stem, library)]
    rarest = sorted(strong or said, key=lambda stem: -library.rarity(stem))
    return tuple(said[stem] for stem in rarest[:most])
