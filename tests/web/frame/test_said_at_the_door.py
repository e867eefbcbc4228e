"""What is stored as a name, or refused below, is said in the language of whoever looks."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Flask, get_template_attribute

from app.domains.moderation import errors, services
from app.domains.moderation.acts import undoing
from app.domains.moderation.services import Decision, Verb
from app.infra.language import LANGUAGES, Manner, speaking
from app.infra.outside.fetching import Problem
from tests.factories import make_account, make_comment

GERMAN = Manner(LANGUAGES["de"])
OF_BEFORE = "it leads on and on, more than 5 times"


def link_state(app: Flask, problem: str) -> str:
    """What the list of resources says of a link whose last look failed with this problem."""
    check = SimpleNamespace(dead_since=None, failures=0, status=None, problem=problem)
    with app.test_request_context(), speaking(GERMAN):
        return str(get_template_attribute("macros/links.html", "link_state")(check, True)).strip()


@pytest.mark.one_database
def test_every_problem_of_a_link_is_said_and_sentences_of_before_stand(app: Flask) -> None:
    said = {problem: link_state(app, problem) for problem in Problem}
    assert all(words.startswith("nicht geprüft: ") for words in said.values()), said
    assert [problem for problem, words in said.items() if words.endswith(f": {problem}")] == []
    assert len(set(said.values())) == len(Problem)
    assert link_state(app, OF_BEFORE) == f"nicht geprüft: {OF_BEFORE}"


@pytest.mark.usefixtures("app")
def test_why_nothing_was_undone_is_whole_sentences_of_the_readers_language() -> None:
    comment = make_comment()
    ruth, tomasz = make_account("moderator"), make_account("moderator", name="Tomasz")
    entry = services.decide(comment, Decision(Verb.SPAM, ruth), version=comment.version)
    services.decide(comment, Decision(Verb.APPROVE, tomasz), version=comment.version)
    with speaking(GERMAN), pytest.raises(errors.NothingToUndo) as refused:
        undoing.undo(entry, by=ruth)
    assert refused.value.public == (
        "Nichts wurde rückgängig gemacht. Tomasz hat ihn inzwischen freigegeben."
    )
