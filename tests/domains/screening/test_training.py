"""The commands: the model made anew from the record, and a seed to start with."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import delete, func, select

from app.cli import screening
from app.domains.comments.states import Status
from app.domains.moderation.services import Verb
from app.domains.screening import queries, training
from app.domains.screening.models import SpamLesson, SpamTerm
from app.engines.spam.features import features
from app.infra.db import db
from tests.domains.screening.lessons import (
    GOOD,
    SPAM,
    counts,
    decide,
    teach_enough,
    undo,
    waiting,
    weights,
)
from tests.factories import make_comment

HEAD = "COMMENT_ID,CONTENT,CLASS\n"


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(screening.group, list(words))


def write(folder: Path, *rows: str, name: str = "a.csv", head: str = HEAD) -> None:
    (folder / name).write_text(head + "\n".join(rows), encoding="utf-8")


def pairs(count: int) -> list[str]:
    return [
        row
        for number in range(count)
        for row in (f'{number},"{GOOD} {number}",0', f'{number},"{SPAM} {number}",1')
    ]


def test_training_again_equals_learning_one_by_one(app: Flask) -> None:
    teach_enough()
    learnt, leaning = counts(), weights()

    said = run(app, "retrain")

    assert said.exit_code == 0, said.output
    assert said.output.splitlines()[-1] == "Learnt 10 good and 10 spam texts."
    assert counts() == learnt
    assert weights() == pytest.approx(leaning)


def test_training_again_after_undoing_equals_what_is_left(app: Flask) -> None:
    teach_enough()
    undo(decide(waiting("Quite other words")[0], Verb.SPAM))
    decide(waiting("My channel helps hips")[0], Verb.APPROVE)
    learnt = counts()
    run(app, "retrain")
    assert counts() == learnt


def test_decisions_older_than_the_model_are_found_once(app: Flask) -> None:
    teach_enough()
    learnt = counts()
    db.session.execute(delete(SpamLesson))
    db.session.execute(delete(SpamTerm))
    db.session.commit()

    first, second = run(app, "retrain"), run(app, "retrain")

    assert "20 earlier decisions found." in first.output
    assert "found" not in second.output
    assert counts() == learnt


def test_what_moved_in_is_learnt_and_what_passed_by_itself_is_not(app: Flask) -> None:
    make_comment(GOOD)
    make_comment(SPAM, status=Status.SPAM)
    make_comment("The author's own answer", by_author=True)
    make_comment("A trusted reader's", verdict={"outcome": "pass"})
    make_comment("A honeypot's", status=Status.SPAM, verdict={"outcome": "spam"})
    make_comment("Rejected over there", status=Status.REJECTED)

    run(app, "retrain")

    assert queries.learnt() == (1, 1)


def test_a_decision_made_while_training_is_not_lost(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    teach_enough()
    (late,) = waiting("This came while it was training")
    undecided = [late]

    def progress(_done: int) -> None:
        if undecided:
            decide(undecided.pop(), Verb.APPROVE)

    training.retrain(progress)

    assert queries.learnt() == (11, 10)
    assert counts()["w:training"] == (1, 0)


def test_a_seed_lets_the_model_speak_at_once(app: Flask, tmp_path: Path) -> None:
    write(tmp_path, *pairs(12))
    said = run(app, "seed", "--data", str(tmp_path))
    assert said.exit_code == 0, said.output
    opinion = queries.look(features(SPAM), ())[0]
    assert opinion is not None
    assert opinion.chance > 0.99


def test_a_seed_is_balanced_bounded_and_replaces_the_one_before(app: Flask, tmp_path: Path) -> None:
    teach_enough()
    write(tmp_path, *pairs(20), '99,"one good text more",0')
    for _ in range(2):
        run(app, "seed", "--data", str(tmp_path), "--most", "7")
    assert queries.learnt() == (17, 17)
    assert db.session.scalar(select(func.count(SpamLesson.id))) == 34


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("head", "rows", "sentence"),
    [
        ("A,B\n", ["1,2"], "a.csv has no columns CONTENT and CLASS."),
        (HEAD, ['1,"x",0', '2,"y",maybe'], "a.csv, line 3: the class must be 1 or 0"),
        (HEAD, ['1,"x",0'], "has not both good and spam texts."),
        (HEAD, ['1,"x"'], "a.csv, line 2: the class must be 1 or 0"),
        ("", [""], "a.csv has no columns"),
    ],
)
def test_bad_seed_data_is_refused_in_a_line_and_changes_nothing(
    app: Flask, tmp_path: Path, head: str, rows: list[str], sentence: str
) -> None:
    write(tmp_path, *rows, head=head)
    said = run(app, "seed", "--data", str(tmp_path))
    assert said.exit_code == 1
    assert sentence in said.output
    assert counts() == {}


@pytest.mark.one_database
def test_a_folder_without_csv_and_a_file_that_is_not_utf8_are_refused(
    app: Flask, tmp_path: Path
) -> None:
    assert "There is no CSV file in" in run(app, "seed", "--data", str(tmp_path)).output
    (tmp_path / "a.csv").write_bytes(HEAD.encode() + b'1,"\xff\xfe",0\n')
    said = run(app, "seed", "--data", str(tmp_path))
    assert said.exit_code == 1
    assert "a.csv cannot be read" in said.output


def test_a_comment_decided_while_the_record_is_read_keeps_its_lesson(app: Flask) -> None:
    (comment,) = waiting(SPAM)
    decide(comment, Verb.SPAM)
    training.add_lessons([(comment.id, GOOD, False)])
    lesson = queries.lesson_of(comment.id)
    assert lesson is not None
    assert lesson.is_spam
