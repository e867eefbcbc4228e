"""How well the model tells spam: public labelled comments, one CSV file a set.

    .venv/bin/python -m benchmarks.screening --data DIR

Each file needs the columns CONTENT and CLASS (1 is spam); DATE, where there is one, orders the
stream over all sets. Published split: the first 70 % of a file to learn, in its order, the rest to
test. Online: start blank, say what each text is, then learn it. A score above zero is spam, where
no chance is named.
"""

from __future__ import annotations

import argparse
import csv
import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from app.engines.spam.features import features
from app.engines.spam.model import Model, replayed
from app.engines.spam.plan import LEANS_TO_SPAM, LOOKS_LIKE_SPAM

LEARNT = 0.7
PUBLISHED = {
    "linear SVM": {"youtube-01": 0.910, "youtube-04": 0.838, "youtube-07": 0.955},
    "logistic regression": {"youtube-01": 0.907, "youtube-04": 0.855, "youtube-07": 0.925},
    "multinomial naive Bayes": {"youtube-01": 0.869, "youtube-04": 0.830, "youtube-07": 0.819},
    "Bernoulli naive Bayes": {"youtube-01": 0.872, "youtube-04": 0.842, "youtube-07": 0.955},
}
"""MCC in the published split (TubeSpam), by the beginning of a file's name."""


@dataclass(frozen=True, slots=True)
class Text:
    source: str
    features: tuple[str, ...]
    is_spam: bool
    date: str


@dataclass(slots=True)
class Learner:
    """The model as a site teaches it: counts, and earlier lessons replayed beside each new one."""

    leans: bool = True
    model: Model = field(default_factory=Model)
    lessons: list[Text] = field(default_factory=list)

    def learn(self, text: Text) -> None:
        self.model.learn(text.features, is_spam=text.is_spam)
        self.lessons.append(text)
        if self.leans:
            earlier = (self.lessons[number - 1] for number in replayed(len(self.lessons)))
            for lesson in (*earlier, text):
                self.model.lean(lesson.features, is_spam=lesson.is_spam)

    def score(self, text: Text) -> float:
        return self.model.score(text.features).score


@dataclass(frozen=True, slots=True)
class Guess:
    score: float
    is_spam: bool


@dataclass(frozen=True, slots=True)
class Figures:
    accuracy: float
    f1: float
    mcc: float
    auc: float
    good_held: float

    def __str__(self) -> str:
        return (
            f"accuracy {self.accuracy:.3f}  F1 {self.f1:.3f}  MCC {self.mcc:.3f}  "
            f"AUC {self.auc:.3f}  good held {self.good_held:.1%}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with the CSV files")
    folder: Path = parser.parse_args().data
    sets = {file.stem: read(file) for file in sorted(folder.glob("*.csv"))}
    if not sets:
        raise SystemExit(f"No CSV file in {folder}.")
    found = [report(name, texts) for name, texts in sets.items()]
    stream = sorted((text for texts in sets.values() for text in texts), key=lambda one: one.date)
    said = online(stream)
    click.echo(f"all sets in one stream, by date ({len(stream):,} texts)")
    click.echo(f"  online, counts alone      {figures(online(stream, leans=False))}")
    click.echo(f"  online                    {figures(said)}")
    for doing, least in (("weighs", LEANS_TO_SPAM), ("holds all", LOOKS_LIKE_SPAM)):
        at = math.log(least / (1 - least))
        click.echo(f"  from chance {least:.2f}, {doing:9} {figures(said, threshold=at)}")
    click.echo("  the target for it         MCC 0.885  AUC 0.985  good held 2.5%")
    click.echo(f"  scoring and explaining {timed(stream, _explain):.2f} ms (p50), ", nl=False)
    click.echo(f"learning {timed(stream, _learn):.2f} ms (p50)")
    click.echo(f"mean MCC {statistics.fmean(found):.3f}")


def report(name: str, texts: Sequence[Text]) -> float:
    """Print one set's figures; its MCC in the published split."""
    spam = sum(text.is_spam for text in texts)
    click.echo(f"{name} ({len(texts)} texts, {spam} spam)")
    split = figures(published(texts))
    click.echo(f"  split, counts alone       {figures(published(texts, leans=False))}")
    click.echo(f"  split                     {split}")
    for method, by_set in PUBLISHED.items():
        for start, mcc in by_set.items():
            if name.startswith(start):
                click.echo(f"  published, {method:24} MCC {mcc:.3f}")
    click.echo(f"  online from blank         {figures(online(texts))}")
    return split.mcc


def read(file: Path) -> list[Text]:
    """A file's texts in its order; one without a date has that of the text before it."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    texts: list[Text] = []
    for row in rows:
        date = row.get("DATE") or (texts[-1].date if texts else "")
        source = row["CONTENT"]
        texts.append(Text(source, features(source), row["CLASS"].strip() == "1", date))
    return texts


def published(texts: Sequence[Text], *, leans: bool = True) -> list[Guess]:
    """Learn the first 70 %, guess the rest."""
    learner = Learner(leans)
    end = int(len(texts) * LEARNT)
    for text in texts[:end]:
        learner.learn(text)
    return [Guess(learner.score(text), text.is_spam) for text in texts[end:]]


def online(texts: Sequence[Text], *, leans: bool = True) -> list[Guess]:
    """Guess each text before learning it."""
    learner = Learner(leans)
    guesses = []
    for text in texts:
        guesses.append(Guess(learner.score(text), text.is_spam))
        learner.learn(text)
    return guesses


def figures(guesses: Sequence[Guess], *, threshold: float = 0.0) -> Figures:
    """The usual figures; spam is the positive kind, and what scores above the threshold."""
    hits = sum(one.score > threshold and one.is_spam for one in guesses)
    passed = sum(one.score <= threshold and not one.is_spam for one in guesses)
    spam = sum(one.is_spam for one in guesses)
    good = len(guesses) - spam
    held, missed = good - passed, spam - hits
    product = (hits + held) * (hits + missed) * (passed + held) * (passed + missed)
    return Figures(
        accuracy=(hits + passed) / len(guesses),
        f1=2 * hits / (2 * hits + held + missed) if hits else 0.0,
        mcc=(hits * passed - held * missed) / math.sqrt(product) if product else 0.0,
        auc=area(guesses),
        good_held=held / good if good else 0.0,
    )


def area(guesses: Sequence[Guess]) -> float:
    """The chance that a spam text scores above a good one; equal scores count half."""
    ordered = sorted(guesses, key=lambda one: one.score)
    spam = sum(one.is_spam for one in guesses)
    good = len(guesses) - spam
    if not spam or not good:
        return math.nan
    ranks, start = 0.0, 0
    while start < len(ordered):
        end = start
        while end < len(ordered) and ordered[end].score == ordered[start].score:
            end += 1
        ranks += (start + 1 + end) / 2 * sum(one.is_spam for one in ordered[start:end])
        start = end
    return (ranks - spam * (spam + 1) / 2) / (spam * good)


def timed(texts: Sequence[Text], act: Callable[[Learner, Text], object]) -> float:
    """Milliseconds of an act, from the text on, on a model that learnt those before; the median."""
    learner = Learner()
    taken = []
    for text in texts:
        started = time.perf_counter()
        act(learner, text)
        taken.append((time.perf_counter() - started) * 1000)
        if act is not _learn:
            learner.learn(text)
    return statistics.median(taken)


def _explain(learner: Learner, text: Text) -> list[str]:
    return [str(word.shown) for word in learner.model.score(features(text.source)).speaking()]


def _learn(learner: Learner, text: Text) -> None:
    learner.learn(replace(text, features=features(text.source)))


if __name__ == "__main__":
    main()
