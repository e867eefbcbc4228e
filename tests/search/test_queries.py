"""What a search finds, on both databases alike."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domains.articles.models import Article
from app.domains.comments.states import Status
from app.infra import clock
from app.infra.db import db
from app.search import bounds, services
from app.search.queries import Results, search
from tests.factories import (
    make_answer,
    make_article,
    make_card,
    make_question,
    make_resource,
    make_tag,
)

pytestmark = pytest.mark.usefixtures("app")

HOSTILE = (
    '"', '""', "'", "''", "*", "hip*", "^hip", "hip^2", "NEAR(", "NEAR(hip click, 2)", "hip AND",
    "OR", "NOT", "hip OR", "NOT hip", "title:hip", "{title body}:hip", "-hip", "- - -", "hip -",
    "(", ")", "((((((", "hip)", "hip & | ! <->", "!hip", "hip <-> <->", "hip:*", "hip:A", ":*",
    "%", "_", "h_p", "hip%", "\\", "\\'", "\\\\", "\x00", "hip\x00click", "\ud800", "hip\udfff",
    "\u202ehip", "\ufeff", "\ufffe\uffff", "'; DROP TABLE search_document; --", "$$", "$1", ":p",
    "%s", "%(x)s", "{}", "{0}", "\t\n\r", " ", "", "ﬁ", "İ", "ß", "naïve", "नमस्ते", "膝が痛い",
    "a", "or", "and", "the", "x" * 10_000, "a " * 5_000, '" OR "' * 500, "\U0001f600", "e\u0301",
    "٣", "Ⅷ", "²", "ª", "'hip", "hip'", "o'o'o", "\u2019", "rock\u2019n\u2019roll",
)  # fmt: skip


def index(article: Article) -> Article:
    services.index_article(article.id)
    db.session.commit()
    return article


def titles(results: Results) -> list[str]:
    return ["".join(text for text, _ in hit.title) for hit in results.hits]


def test_all_words_must_be_there_when_something_has_them_all() -> None:
    index(make_article("Left hip clicks"))
    index(make_article("Left shoulder", text="Nothing else."))
    found = search("left hip")
    assert titles(found) == ["Left hip clicks"]
    assert not found.is_loose


def test_some_of_the_words_do_when_nothing_has_all() -> None:
    index(make_article("Shoulder", text="Nothing else."))
    found = search("shoulder elbow")
    assert titles(found) == ["Shoulder"]
    assert found.is_loose


def test_another_form_of_the_word_finds_it() -> None:
    index(make_article("It clicked", text="Once."))
    assert titles(search("clicking")) == ["It clicked"]


def test_a_word_in_the_title_stands_before_one_in_the_text() -> None:
    index(make_article("Something else", text="About the hip and a few other things."))
    index(make_article("The hip", text="About it and a few other things, none of them said."))
    assert titles(search("hip")) == ["The hip", "Something else"]


def test_a_tags_synonym_finds_what_carries_the_tag() -> None:
    tag = make_tag("iliopsoas", synonyms=["hip clicks"])
    index(make_article("A tendon that slides", text="No such word here.", tags=[tag]))
    found = search("why does my hip always click at night")
    assert titles(found) == ["A tendon that slides"]
    assert not found.is_loose


def test_a_kind_narrows_the_results() -> None:
    index(make_article("Hip article"))
    resource = make_resource("Hip exercise")
    services.index_resource(resource.id)
    assert titles(search("hip", kind="resource")) == ["Hip exercise"]
    assert search("hip").total == 2


def test_an_unknown_kind_is_no_filter() -> None:
    index(make_article("Hip article"))
    assert search("hip", kind="' OR 1=1").total == 1


def test_a_hit_leads_to_the_thing() -> None:
    article = index(make_article("Hip article"))
    question = make_question("Does the elbow matter?")
    services.index_question(question.id)
    (hit,) = search("article").hits
    assert (hit.kind, hit.ref, hit.slug) == ("article", article.id, "hip-article")
    (hit,) = search("elbow").hits
    assert (hit.kind, hit.ref, hit.slug) == ("question", question.id, "does-the-elbow-matter")


def test_pages_follow_each_other_without_a_gap() -> None:
    for number in range(5):
        index(make_article(f"Hip {number}", text="The same."))
    pages = [titles(search("hip", page=page, size=2)) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert len({title for page in pages for title in page}) == 5


def test_a_page_beyond_the_last_is_the_last() -> None:
    index(make_article("Hip"))
    assert search("hip", page=10**12).bounds.number == 1


def many(monkeypatch: pytest.MonkeyPatch, matching: int, **limits: int) -> list[str]:
    """So many questions with the same word, of which more than three are many."""
    given = {"MOST_RANKED": 3, "RANKED_OF_MANY": 2, "ASKED": 5, "ENOUGH": 2, **limits}
    for name, value in given.items():
        monkeypatch.setattr(bounds, name, value)
    return [asked(f"Hip {n}") for n in range(matching)]


def asked(title: str) -> str:
    question = make_question("The same.", title=title)
    services.index_question(question.id)
    db.session.commit()
    return title


WALKED_OR_INDEXED = pytest.mark.parametrize(
    "looked_through", [20_000, 0], ids=["by a walk", "by the index"]
)


@WALKED_OR_INDEXED
def test_of_many_the_newest_are_ranked_and_no_page_leads_further(
    monkeypatch: pytest.MonkeyPatch, looked_through: int
) -> None:
    made = many(monkeypatch, 9, LOOKED_THROUGH=looked_through)
    found = search("hip", page=99, size=1)
    assert (found.is_many, found.total, found.bounds.count) == (True, 2, 2)
    assert {*titles(found), *titles(search("hip", size=1))} == set(made[-2:])


OF_LEGS = "It moves in every way that a leg can. " * 10
OF_HIPS = (OF_LEGS + "A hip bears the weight. ") * 9


@WALKED_OR_INDEXED
def test_an_old_article_that_only_mentions_the_word_stands_behind_the_questions_about_it(
    monkeypatch: pytest.MonkeyPatch, looked_through: int
) -> None:
    index(make_article("The leg", text=OF_LEGS * 9 + "A hip too."))
    many(monkeypatch, 9, LOOKED_THROUGH=looked_through)
    assert titles(search("hip", size=9))[-1] == "The leg"


@WALKED_OR_INDEXED
def test_an_old_article_stands_first_although_many_newer_questions_have_its_word(
    monkeypatch: pytest.MonkeyPatch, looked_through: int
) -> None:
    index(make_article("The hip", text=OF_HIPS))
    many(monkeypatch, 9, LOOKED_THROUGH=looked_through)
    found = search("hip", size=1)
    assert titles(found) == ["The hip"]
    assert (found.is_many, found.total, found.older) == (True, 3, 1)
    assert len({title for page in (1, 2, 3) for title in titles(search("hip", None, page, 1))}) == 3


@WALKED_OR_INDEXED
def test_of_each_kind_that_answers_something_old_is_ranked(
    monkeypatch: pytest.MonkeyPatch, looked_through: int
) -> None:
    services.index_article(make_article("Hip article").id)
    services.index_resource(make_resource("Hip exercise").id)
    card = make_card("Why does the hip click?")
    services.index_card(card.id)
    index(make_article("Knee article", text="Another."))
    many(monkeypatch, 9, LOOKED_THROUGH=looked_through)
    found = search("hip", size=9)
    assert {"Hip article", "Hip exercise", card.title} < set(titles(found))
    assert (found.total, found.older) == (5, 3)


@WALKED_OR_INDEXED
def test_of_many_old_articles_the_newest_are_ranked(
    monkeypatch: pytest.MonkeyPatch, looked_through: int
) -> None:
    for number in range(3):
        index(make_article(f"Hip article {number}"))
    many(monkeypatch, 9, LOOKED_THROUGH=looked_through, RANKED_OF_WRITTEN=2)
    found = search("hip", size=9)
    assert {"Hip article 1", "Hip article 2"} < set(titles(found))
    assert (found.total, found.older) == (4, 2)


@WALKED_OR_INDEXED
def test_an_article_among_the_newest_is_ranked_once(
    monkeypatch: pytest.MonkeyPatch, looked_through: int
) -> None:
    made = many(monkeypatch, 9, LOOKED_THROUGH=looked_through)
    index(make_article("The hip", text="The same."))
    found = search("hip", size=9)
    assert sorted(titles(found)) == [made[-1], "The hip"]
    assert (found.total, found.older) == (2, 0)


@WALKED_OR_INDEXED
def test_under_a_kind_only_that_kind_is_ranked(
    monkeypatch: pytest.MonkeyPatch, looked_through: int
) -> None:
    index(make_article("The hip", text="The same."))
    made = many(monkeypatch, 9, LOOKED_THROUGH=looked_through)
    assert titles(search("hip", kind="article")) == ["The hip"]
    found = search("hip", kind="question")
    assert set(titles(found)) == set(made[-2:])
    assert (found.is_many, found.total, found.older) == (True, 2, 0)


def test_of_few_all_are_ranked(monkeypatch: pytest.MonkeyPatch) -> None:
    made = many(monkeypatch, 3)
    found = search("hip", size=9)
    assert (found.is_many, found.total) == (False, 3)
    assert set(titles(found)) == set(made)


def test_what_only_old_things_say_is_found_beneath_many_newer_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = many(monkeypatch, 5)
    for number in range(9):
        index(make_article(f"Knee {number}", text="Another."))
    assert set(titles(search("hip"))) == set(old[-2:])
    assert titles(search("hip 2")) == ["Hip 2"]


def test_v03_of_many_what_is_not_published_yet_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    soon = clock.now() + timedelta(hours=2)
    index(make_article("Hip tomorrow", published_at=soon))
    made = many(monkeypatch, 5)
    found = search("hip")
    assert set(titles(found)) == set(made[-2:])
    assert set(titles(search("hip", kind="question"))) == set(made[-2:])
    assert search("hip", kind="article").total == 0


def test_a_scheduled_article_is_found_once_its_time_has_come() -> None:
    soon = clock.now() + timedelta(hours=2)
    article = index(make_article("Hip tomorrow", published_at=soon))
    question = make_question("Will the hip be there?", article=article)
    services.index_question(question.id)
    db.session.commit()
    assert search("hip").total == 0
    with time_machine.travel(soon + timedelta(minutes=1), tick=False):
        assert search("hip").total == 2


def test_v03_text_that_was_hidden_again_is_found_no_more() -> None:
    question = make_question("Where is the zanzibarcanary?")
    answer = make_answer(question, "The pembacanary knows.")
    services.index_question(question.id)
    assert search("zanzibarcanary").total == 1
    assert search("pembacanary").total == 1
    answer.status = Status.REJECTED
    services.index_question(question.id)
    assert search("pembacanary").total == 0
    question.status = Status.DELETED
    services.index_question(question.id)
    assert search("zanzibarcanary").total == 0


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_i01_no_query_is_an_error(text: str) -> None:
    index(make_article("Hip click", tags=[make_tag("hip")]))
    assert search(text).total in (0, 1)


@pytest.mark.parametrize("text", ["%", "_", "h_p", "hi%", "hi*", '"', "\\"])
def test_i01_signs_are_no_wildcards(text: str) -> None:
    index(make_article("Hip click"))
    assert search(text).total == 0


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.text(alphabet=st.characters(), max_size=60)
    | st.text(alphabet="hip \"'*^()-:&|!<>{}\\%_\x00", max_size=40)
)
def test_i01_any_text_at_all_is_a_query(text: str) -> None:
    assert search(text).total == 0


def test_s14_a_long_query_is_cut_and_answered() -> None:
    index(make_article("Hip click"))
    found = search("hip " + "x" * 10_000)
    assert len(found.query) <= 200
    assert found.total == 1
