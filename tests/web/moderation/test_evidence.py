"""What the desk shows of the intake's verdict on a text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.domains.accounts.models import Account
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.engines.said import says
from app.engines.spam.model import Word
from app.engines.spam.verdict import Reason
from app.infra.db import db
from app.web.moderation.evidence import weighty_reasons
from tests.factories import make_account, make_comment
from tests.support.client import Browser

pytestmark = pytest.mark.one_database
As = Callable[[Account], Browser]
FLAG = {"name": "red flag", "weight": 0, "sentence": "It says “numb” (rule “See somebody”)."}
LINKS = {"name": "links", "weight": 35, "sentence": "It has 2 links."}


def shown(as_: As, *, language: str | None = None, **verdict: object) -> str:
    comment: Comment = make_comment(status=Status.PENDING)
    comment.verdict = {"outcome": "hold", "score": 35, "reasons": [LINKS], **verdict}
    moderator = make_account("moderator")
    moderator.language = language
    db.session.commit()
    return as_(moderator).get(f"/moderation/{comment.id}").text


def test_every_reason_stands_there_with_its_weight(as_: As) -> None:
    page = shown(as_)
    assert '<span class="unseen">Weight </span>35</span> <span dir="auto">It has 2 links.' in page


def test_the_words_of_the_model_stand_below_the_reasons(as_: As) -> None:
    page = shown(as_, chance=0.034, words=["“hip” -3.1", "“channel” +2.0"])
    assert "Chance of spam 3 %, by what was decided before" in page
    assert "“hip” -3.1, “channel” +2.0" in page


def test_a_row_names_the_first_two_of_what_was_found_each_once() -> None:
    found = [("spam rule", 100), ("spam rule", 100), ("red flag", 50), ("script", 5)]
    found += [("links", 35), ("disguise", 30)]
    reasons = [{"name": name, "weight": weight} for name, weight in found]
    assert weighty_reasons({"reasons": reasons}) == ["spam rule", "links"]


def test_a_red_flag_is_said_first_and_once(as_: As) -> None:
    flag = {"rule": 1, "line": "numb", "note": "See a doctor."}
    page = shown(as_, reasons=[LINKS, FLAG], red_flag=flag)
    assert page.count("It says “numb”") == 1
    assert page.index("Red flag.") < page.index("It has 2 links.")
    assert "The writer was told at once to see a professional." in page


def test_a_verdict_is_said_in_the_language_of_whoever_looks(as_: As) -> None:
    """What was kept as a finished sentence stays as it was written."""
    rule = says("It says “%(line)s” (rule “%(rule)s”).", line="numb", rule="<b>Arms</b>")
    quick = says("The form was sent %(seconds)s seconds after it opened.", seconds=1.5)
    kept = [Reason("rule", 40, rule).as_stored(), Reason("too quick", 30, quick).as_stored()]
    loud = Word("w:channel", 4.1, 4.1).shown
    page = shown(
        as_,
        reasons=[LINKS, *kept],
        chance=0.9,
        words=[str(loud)],
        words_said=[loud.as_stored()],
        language="de",
    )
    assert "It has 2 links." in page
    isolated = "„<bdi>numb</bdi>“ (Regel „<bdi>&lt;b&gt;Arms&lt;/b&gt;</bdi>“)."
    assert f'<span dir="auto">Darin steht {isolated}</span>' in page
    assert "Das Formular wurde 1,5 Sekunden nach dem Öffnen abgeschickt." in page
    assert "<bdi>„<bdi>channel</bdi>“ +4,1</bdi>" in page


def test_an_older_verdict_without_the_models_words_is_shown(as_: As) -> None:
    assert "Chance of spam" not in shown(as_)
