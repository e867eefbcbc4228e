"""`flask --app wsgi screening …`: what the spam model knows."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import String, cast, exists, or_, select

from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.screening import queries, training
from app.domains.screening.models import SpamLesson
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work

BATCH = 500
VERDICTS = ("approve", "spam")
SPAM_WORDS = {"1": True, "spam": True, "0": False, "ham": False, "good": False}

group = AppGroup("screening", help="What the spam model learnt.")


@group.command("retrain")
def retrain() -> None:
    """Make the model anew from the record.

    Brings in comments that people approved or marked as spam before there was a model, and those
    moved in from another system. Safe to stop and to repeat.
    """
    found = gather()
    if found:
        click.echo(f"{found} earlier decisions found.")
    _train()


@group.command("seed")
@click.option(
    "--data",
    "folder",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with CSV files: CONTENT, and CLASS (1 or spam, 0 or good).",
)
@click.option(
    "--most", default=500, type=click.IntRange(min=1), help="Texts of each kind; 500 by default."
)
def seed(folder: Path, most: int) -> None:
    """Start with labelled texts from elsewhere, in place of an earlier seed.

    Takes the same number of good and spam texts, spread over all files. The site's own decisions
    stay, and outweigh the seed in time.
    """
    texts = list(_read(folder))
    kinds = [[text for text in texts if text[1] is is_spam] for is_spam in (False, True)]
    count = min(most, *map(len, kinds))
    if count == 0:
        raise click.ClickException(f"{folder} has not both good and spam texts.")
    good, spam = (_spread(kind, count) for kind in kinds)
    with unit_of_work():
        training.replace_seed(text for pair in zip(good, spam, strict=True) for text in pair)
    _train()


def gather() -> int:
    """Make lessons of decisions that have none yet, in batches; how many. Commits by itself."""
    decided = exists().where(
        AuditEntry.subject == "comment",
        AuditEntry.subject_id == Comment.id,
        AuditEntry.act.in_(VERDICTS),
        AuditEntry.to_state == Comment.status,
    )
    moved_in = cast(Comment.verdict, String) == "{}"  # the intake screens all, an import none
    found = last = 0
    while True:
        with unit_of_work():
            rows = db.session.execute(
                select(Comment.id, Comment.source, Comment.status)
                .where(
                    Comment.id > last,
                    Comment.status.in_((Status.APPROVED, Status.SPAM)),
                    or_(decided, moved_in & Comment.by_author.is_(False)),
                    Comment.forgotten_at.is_(None),
                    ~exists().where(SpamLesson.comment_id == Comment.id),
                )
                .order_by(Comment.id)
                .limit(BATCH)
            ).all()
            if not rows:
                return found
            training.add_lessons((id_, source, state == Status.SPAM) for id_, source, state in rows)
            last = rows[-1].id
            found += len(rows)


def _train() -> None:
    with click.progressbar(length=training.lesson_count(), label="Learning") as bar:
        training.retrain(bar.update)
    good, spam = queries.learnt()
    click.echo(f"Learnt {good} good and {spam} spam texts.")


def _read(folder: Path) -> Iterator[training.Labelled]:
    files = sorted(folder.glob("*.csv"))
    if not files:
        raise click.ClickException(f"There is no CSV file in {folder}.")
    for file in files:
        try:
            with file.open(encoding="utf-8-sig", newline="") as opened:
                yield from _rows(csv.DictReader(opened), file.name)
        except (UnicodeDecodeError, csv.Error) as fault:
            raise click.ClickException(f"{file.name} cannot be read: {fault}") from fault


def _rows(reader: csv.DictReader[str], name: str) -> Iterator[training.Labelled]:
    if not {"CONTENT", "CLASS"} <= set(reader.fieldnames or ()):
        raise click.ClickException(f"{name} has no columns CONTENT and CLASS.")
    for row in reader:
        label = (row["CLASS"] or "").strip().casefold()
        if label not in SPAM_WORDS:
            raise click.ClickException(
                f"{name}, line {reader.line_num}: the class must be 1 or 0, not {label!r}."
            )
        yield (row["CONTENT"] or "").replace("\0", ""), SPAM_WORDS[label]


def _spread(texts: Sequence[training.Labelled], count: int) -> list[training.Labelled]:
    return [texts[place * len(texts) // count] for place in range(count)]
