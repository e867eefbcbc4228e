"""What the two kinds of service are sent, and what of their answers is believed."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import fields
from datetime import UTC, datetime

import pytest
import time_machine

from app.config import PROJECT
from app.infra.outside.akismet import Akismet
from app.infra.outside.hook import LONGEST_WORDS, Hook
from app.infra.outside.questions import NoAnswer, Opinion, Question, Said
from tests.opinions.conftest import SECRET
from tests.opinions.stranger import Stranger, answering

QUESTION = Question(
    comment_id=7,
    kind="question",
    title="My hip clicks",
    text="My hip clicks & ülkt. 🦴",
    name="Ines",
    email="ines@example.com",
    has_account=False,
    written_at=datetime(2026, 3, 3, 9, 30, tzinfo=UTC),
    page="https://questions.example.org/articles/hips",
    article="Hips",
    language="en",
    address="198.51.100.7",
    agent="Browser/1.0",
    referrer="https://search.example/",
)


def hook_at(server: Stranger) -> Hook:
    return Hook(server.url, SECRET, 5)


def akismet_at(server: Stranger) -> Akismet:
    return Akismet(
        key="0123456789ab",
        site="https://questions.example.org",
        language="en",
        seconds=5,
        url=server.url.removesuffix("/opinion") + "/1.1",
    )


def test_the_hook_is_sent_the_text_and_its_facts_as_json(stranger: Stranger) -> None:
    stranger.manner = answering()
    hook_at(stranger).ask(QUESTION)
    sent = json.loads(stranger.asked[0].body)
    assert sent["text"] == QUESTION.text
    assert sent["written_at"] == "2026-03-03T09:30:00+00:00"
    assert set(sent) == {field.name for field in fields(Question)}


def test_the_readme_names_everything_that_a_service_is_told() -> None:
    readme = (PROJECT / "README.md").read_text()
    part = readme.partition("## An outside opinion")[2].partition("\n## ")[0]
    assert [field.name for field in fields(Question) if f"`{field.name}`" not in part] == []


@time_machine.travel("2026-03-03T09:30:00+00:00", tick=False)
def test_the_hook_can_check_who_asks_and_when(stranger: Stranger) -> None:
    stranger.manner = answering()
    hook_at(stranger).ask(QUESTION)
    asked = stranger.asked[0]
    at = asked.headers["threshold-timestamp"]
    signed = hmac.new(SECRET.encode(), f"{at}.".encode() + asked.body, hashlib.sha256)
    assert at == "1772530200"
    assert asked.headers["threshold-signature"] == f"sha256={signed.hexdigest()}"


@pytest.mark.parametrize("said", list(Said))
def test_the_hook_answers_with_a_verdict_and_words(stranger: Stranger, said: Said) -> None:
    stranger.manner = answering(f'{{"verdict": "{said}", "words": "because of this"}}'.encode())
    assert hook_at(stranger).ask(QUESTION) == Opinion(said, "because of this")


def test_words_are_not_needed(stranger: Stranger) -> None:
    stranger.manner = answering(b'{"verdict": "spam"}')
    assert hook_at(stranger).ask(QUESTION) == Opinion(Said.SPAM, "")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"ham", id="no JSON"),
        pytest.param(b'{"verdict": "ham"', id="cut JSON"),
        pytest.param(b'{"verdict": "ham"} {"verdict": "spam"}', id="two answers"),
        pytest.param(b'["ham"]', id="a list"),
        pytest.param(b'"ham"', id="a word"),
        pytest.param(b"null", id="null"),
        pytest.param(b"1e999", id="a number"),
        pytest.param(b"{}", id="an empty answer"),
        pytest.param(b'{"verdict": null}', id="no verdict"),
        pytest.param(b'{"verdict": true}', id="a truth"),
        pytest.param(b'{"verdict": ["ham"]}', id="a verdict in a list"),
        pytest.param(b'{"verdict": {"a": 1}}', id="a verdict in an object"),
        pytest.param(b'{"verdict": "HAM"}', id="loud"),
        pytest.param(b'{"verdict": "approve"}', id="another word"),
        pytest.param(b'{"verdict": "ham", "words": ["a"]}', id="words in a list"),
        pytest.param(b'{"verdict": "ham", "words": null}', id="words that are null"),
        pytest.param(b'{"verdict": "ham", "words": "\xff"}', id="bytes that are no text"),
        pytest.param(b"[" * 60_000, id="a deep well"),
        pytest.param(b'{"a":' * 10_000, id="a deep well of objects"),
        pytest.param(b"9" * 60_000, id="an endless number"),
    ],
)
def test_a_tampered_or_garbled_answer_is_none(stranger: Stranger, body: bytes) -> None:
    stranger.manner = answering(body)
    with pytest.raises(NoAnswer):
        hook_at(stranger).ask(QUESTION)


@pytest.mark.parametrize("kind", ["text/html", "text/plain", "application/xml", ""])
def test_an_answer_of_another_type_is_none(stranger: Stranger, kind: str) -> None:
    stranger.manner = answering(b'{"verdict": "ham"}', content_type=kind)
    with pytest.raises(NoAnswer, match="content type"):
        hook_at(stranger).ask(QUESTION)


@pytest.mark.parametrize("words", ["\\u0000\\u001b[31m", "\\ud800", "   "])
def test_words_that_cannot_be_shown_are_left_out(stranger: Stranger, words: str) -> None:
    stranger.manner = answering(f'{{"verdict": "spam", "words": "{words}"}}'.encode())
    assert hook_at(stranger).ask(QUESTION) == Opinion(Said.SPAM, "")


def test_long_words_are_cut(stranger: Stranger) -> None:
    stranger.manner = answering(json.dumps({"verdict": "ham", "words": "ab " * 500}).encode())
    assert len(hook_at(stranger).ask(QUESTION).words) <= LONGEST_WORDS


@pytest.mark.parametrize(("word", "said"), [("true", Said.SPAM), ("false", Said.HAM)])
def test_akismet_answers_true_for_spam(stranger: Stranger, word: str, said: Said) -> None:
    stranger.manner = answering(word.encode(), content_type="text/plain; charset=utf-8")
    assert akismet_at(stranger).ask(QUESTION) == Opinion(said)
    assert stranger.asked[0].line == "POST /1.1/comment-check HTTP/1.1"


def test_akismet_is_sent_its_own_names(stranger: Stranger) -> None:
    stranger.manner = answering(b"false", content_type="text/plain")
    akismet_at(stranger).ask(QUESTION)
    assert stranger.asked[0].form == {
        "api_key": "0123456789ab",
        "blog": "https://questions.example.org",
        "blog_lang": "en",
        "blog_charset": "UTF-8",
        "user_ip": "198.51.100.7",
        "user_agent": "Browser/1.0",
        "referrer": "https://search.example/",
        "permalink": "https://questions.example.org/articles/hips",
        "comment_type": "forum-post",
        "comment_author": "Ines",
        "comment_author_email": "ines@example.com",
        "comment_content": "My hip clicks & ülkt. 🦴",
        "comment_date_gmt": "2026-03-03T09:30:00+00:00",
    }


@pytest.mark.parametrize("word", [b"invalid", b"", b"True", b"truefalse", b"<html>", b"\xff\xfe"])
def test_any_other_word_of_akismet_is_no_answer(stranger: Stranger, word: bytes) -> None:
    stranger.manner = answering(word, content_type="text/plain")
    with pytest.raises(NoAnswer, match="neither true nor false"):
        akismet_at(stranger).ask(QUESTION)


def test_an_image_is_no_answer_of_akismets(stranger: Stranger) -> None:
    stranger.manner = answering(b"false", content_type="image/gif")
    with pytest.raises(NoAnswer, match="content type"):
        akismet_at(stranger).ask(QUESTION)


@pytest.mark.parametrize(("said", "verb"), [(Said.SPAM, "submit-spam"), (Said.HAM, "submit-ham")])
def test_akismet_is_told_what_people_took_a_text_for(
    stranger: Stranger, said: Said, verb: str
) -> None:
    stranger.manner = answering(
        b"Thanks for making the web a better place.", content_type="text/html"
    )
    akismet_at(stranger).tell(QUESTION, said)
    assert stranger.asked[0].line == f"POST /1.1/{verb} HTTP/1.1"


def test_telling_that_is_not_thanked_for_failed(stranger: Stranger) -> None:
    stranger.manner = answering(b"invalid", content_type="text/plain")
    with pytest.raises(NoAnswer, match="submit-ham"):
        akismet_at(stranger).tell(QUESTION, Said.HAM)


def test_neither_keys_nor_texts_are_shown_when_they_are_printed(stranger: Stranger) -> None:
    printed = f"{hook_at(stranger)!r} {akismet_at(stranger)!r} {QUESTION!r}"
    for secret in (SECRET, "0123456789ab", stranger.url, "ines@example.com", QUESTION.text):
        assert secret not in printed
