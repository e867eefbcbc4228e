"""The model that learns from a site's own verdicts: counts that forget exactly, and a leaning.

Multinomial naive Bayes counts in how many good and spam texts each feature stood. It is sure too
soon, because neighbours say the same thing twice, so its sum is divided by the root of the number
of features. A logistic regression on the same features (AdaGrad, earlier lessons replayed beside
each new one) is added to it. Figures: benchmarks/README.md. Counts are exact under learning and
unlearning in any order; weights are not, and training again makes them anew.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.engines.said import Said, says
from app.engines.spam.features import FEATURES_VERSION, described

LEARNT_ENOUGH = 10
"""Texts of each kind before the model says anything."""
REPLAYS = 2
"""Earlier lessons gone through again beside each new one."""
TEXTS = f"#texts {FEATURES_VERSION}"
TERMS = f"#terms {FEATURES_VERSION}"
"""Two names no feature has: how many texts were learnt, and the features of all of them. Counts of
other features than today's are not found under them, so the model is silent until it is retrained.
"""
SHOWN_AT_MOST = 6.0
TELLING = 0.5
"""Log-odds from which a word is named: the odds are then five to three at least."""
_SMOOTHING = 0.3
_COUNTED = 1.5
"""How much the counts say beside the regression; chosen by the learning parts alone."""
_STEP = 1.0
_FIRST_SLOPE = 1e-3


@dataclass(slots=True)
class Term:
    """What is known of a feature: texts of each kind, its weight, its summed squared slopes."""

    good: int = 0
    spam: int = 0
    weight: float = 0.0
    slopes: float = 0.0


@dataclass(frozen=True, slots=True)
class Word:
    """One feature's part in a score; ``log_odds`` is that of its counts, not clipped."""

    feature: str
    part: float
    log_odds: float

    @property
    def shown(self) -> Said:
        """As a moderator reads it, clipped to six either way."""
        what, odds = described(self.feature), min(SHOWN_AT_MOST, abs(self.log_odds))
        if self.log_odds < 0:
            return says("%(what)s -%(odds)s", what=what, odds=odds)
        return says("%(what)s +%(odds)s", what=what, odds=odds)


@dataclass(frozen=True, slots=True)
class Opinion:
    """``score`` above zero leans to spam; it is ``base`` and the words' parts added up."""

    score: float
    base: float
    words: tuple[Word, ...]

    @property
    def chance(self) -> float:
        """The score between 0 and 1."""
        return _squashed(self.score)

    def speaking(self, most: int = 5) -> tuple[Word, ...]:
        """The words that speak for spam, the loudest first."""
        loudest = sorted(self.words, key=lambda word: (-word.part, word.feature))
        return tuple(word for word in loudest[:most] if word.part > 0 and word.log_odds >= TELLING)

    def loudest(self, most: int = 6) -> tuple[Word, ...]:
        """The words that say most, for spam or against it."""
        telling = (word for word in self.words if abs(word.log_odds) >= TELLING)
        return tuple(sorted(telling, key=lambda word: (-abs(word.part), word.feature))[:most])


@dataclass(slots=True)
class Model:
    """All that was learnt, or as much of it as one text needs."""

    terms: dict[str, Term] = field(default_factory=dict)

    def learn(self, features: Sequence[str], *, is_spam: bool) -> None:
        """Count a text."""
        for name, times in counted(features).items():
            self._add(name, times, is_spam=is_spam)

    def unlearn(self, features: Sequence[str], *, is_spam: bool) -> None:
        """Take a counted text back: the counts are what they were, unknown features are gone."""
        for name, times in counted(features).items():
            self._add(name, -times, is_spam=is_spam)
            if not (self.terms[name].good or self.terms[name].spam):
                del self.terms[name]

    def lean(self, features: Sequence[str], *, is_spam: bool) -> None:
        """Move the regression's weights one step towards this verdict."""
        share = 1 / math.sqrt(len(features))
        error = is_spam - _squashed(self._leaning(features, share))
        for name in (*features, TEXTS):
            slope = error if name == TEXTS else error * share
            term = self.terms.setdefault(name, Term())
            term.slopes += slope * slope
            term.weight += _STEP * slope / (math.sqrt(term.slopes) + _FIRST_SLOPE)

    def opinion(self, features: Sequence[str]) -> Opinion | None:
        """The score with every feature's part in it; None before enough was learnt."""
        texts = self.terms.get(TEXTS, Term())
        if min(texts.good, texts.spam) < LEARNT_ENOUGH:
            return None
        return self.score(features)

    def score(self, features: Sequence[str]) -> Opinion:
        """The same without asking whether it learnt enough: a blank model says nought."""
        texts = self.terms.get(TEXTS, Term())
        scale = _COUNTED / math.sqrt(len(features) + 1)
        share = 1 / math.sqrt(len(features))
        base = scale * math.log((texts.spam + 1) / (texts.good + 1)) + texts.weight
        unequal = self._unequal()
        words = []
        for name in features:
            term = self.terms.get(name)
            if term is not None:
                odds = _log_odds(term) - unequal
                words.append(Word(name, scale * odds + share * term.weight, odds))
        return Opinion(base + sum(word.part for word in words), base, tuple(words))

    def _unequal(self) -> float:
        """What a feature's log-odds owe to one kind having more features in all."""
        terms = self.terms.get(TERMS, Term())
        smooth = _SMOOTHING * (terms.good + terms.spam + 1)
        return math.log((max(terms.spam, 0) + smooth) / (max(terms.good, 0) + smooth))

    def _leaning(self, features: Sequence[str], share: float) -> float:
        nothing = Term()
        weights = sum(self.terms.get(name, nothing).weight for name in features)
        return weights * share + self.terms.get(TEXTS, nothing).weight

    def _add(self, name: str, times: int, *, is_spam: bool) -> None:
        term = self.terms.setdefault(name, Term())
        if is_spam:
            term.spam += times
        else:
            term.good += times


def counted(features: Sequence[str]) -> Mapping[str, int]:
    """What one text adds to the counts."""
    return {TEXTS: 1, TERMS: len(features), **dict.fromkeys(features, 1)}


def replayed(number: int) -> Sequence[int]:
    """Which earlier lessons to go through again beside the lesson of this number (from 1 on): the
    same ones each time, so that training again takes the same way. None beside the first."""
    if number < 2:
        return ()
    digest = hashlib.sha256(str(number).encode()).digest()
    return tuple(
        1 + int.from_bytes(digest[8 * turn : 8 * turn + 8]) % (number - 1)
        for turn in range(REPLAYS)
    )


def _log_odds(term: Term) -> float:
    return math.log((max(term.spam, 0) + _SMOOTHING) / (max(term.good, 0) + _SMOOTHING))


def _squashed(score: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))
