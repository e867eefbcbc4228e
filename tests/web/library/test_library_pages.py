"""Tags and resources as readers see them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from app.domains.comments.states import Status
from app.domains.resources.states import ResourceKind
from tests.factories import make_article, make_comment, make_question, make_resource, make_tag
from tests.support.client import Browser
from tests.support.queries import Counted

Counting = Callable[[], AbstractContextManager[Counted]]
CANARY = "canary-7f3a"


def test_a_tag_shows_its_words_resources_articles_and_questions(client: Browser) -> None:
    tag = make_tag(
        "Clicking hip", description="Clicks and clunks.", synonyms=["hip clicks", "snapping hip"]
    )
    make_resource("Clamshell", tags=[tag])
    article = make_article("Why hips click", tags=[tag])
    make_question(title="Is it bad?", article=article, tags=[tag])
    page = client.get("/tags/clicking-hip").text
    for shown in (
        "Clicks and clunks.",
        "hip clicks, snapping hip",
        'href="/resources/clamshell"',
        'href="/articles/why-hips-click"',
        "Is it bad?",
    ):
        assert shown in page


def test_answered_and_open_questions_are_shown_apart(client: Browser) -> None:
    tag = make_tag("Hip")
    open_one = make_question(title="Still open?", tags=[tag])
    answered = make_question(title="Long answered?", article=open_one.article, tags=[tag])
    make_comment(
        parent=answered, account=answered.article.author, by_author=True, text="No harm done."
    )
    still_open = client.get("/tags/hip?view=unanswered").text
    assert "Still open?" in still_open
    assert "Long answered?" not in still_open
    done = client.get("/tags/hip?view=answered").text
    assert "Long answered?" in done
    assert "Still open?" not in done


def test_the_list_of_tags_counts_published_questions(client: Browser) -> None:
    tag = make_tag("Hip")
    make_question(tags=[tag])
    answered = make_question(tags=[tag])
    make_comment(parent=answered, account=answered.article.author, by_author=True)
    page = client.get("/tags/").text
    assert "1 question answered" in page
    assert "1 open" in page


def test_v05_waiting_and_hidden_questions_move_no_count_and_are_on_no_tags_page(
    client: Browser,
) -> None:
    tag = make_tag("Hip")
    before = client.get("/tags/").text
    for status in Status:
        if status != Status.APPROVED:
            make_question(CANARY, title=CANARY, status=status, tags=[tag])
    make_question(CANARY, title=CANARY, article=make_article(status="draft"), tags=[tag])
    assert client.get("/tags/").text == before
    for view in ("newest", "unanswered", "answered"):
        assert CANARY not in client.get(f"/tags/hip?view={view}").text


def test_a_site_without_tags_or_resources_says_so(client: Browser) -> None:
    assert "There are no tags yet." in client.get("/tags/").text
    assert "The library is empty." in client.get("/resources/").text
    make_tag("Hip")
    assert "Nobody has asked about this yet." in client.get("/tags/hip").text


def test_resources_are_listed_by_kind(client: Browser) -> None:
    make_resource("A film", kind=ResourceKind.VIDEO, url="https://vimeo.com/76979871")
    make_resource("A stretch")
    everything = client.get("/resources/").text
    assert "A film" in everything
    assert "A stretch" in everything
    videos = client.get("/resources/?kind=video").text
    assert "A film" in videos
    assert "A stretch" not in videos


def test_p11_a_kind_that_does_not_exist_shows_all(client: Browser) -> None:
    make_resource("A stretch")
    assert "A stretch" in client.get("/resources/?kind=%00'").text


def test_a_video_is_a_card_that_is_a_plain_link_and_loads_nothing(client: Browser) -> None:
    make_resource("A film", kind=ResourceKind.VIDEO, url="https://youtu.be/dQw4w9WgXcQ")
    page = client.get("/resources/a-film").text
    assert 'href="https://www.youtube.com/watch?v=dQw4w9WgXcQ"' in page
    assert 'data-video="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"' in page
    assert "<iframe" not in page


def test_a_page_elsewhere_is_linked_by_its_address(client: Browser) -> None:
    make_resource("A page", kind=ResourceKind.PAGE, url="https://example.org/?a=1&b=<2>")
    page = client.get("/resources/a-page").text
    assert '<a href="https://example.org/?a=1&amp;b=&lt;2&gt;" rel="noopener">' in page


def test_a_tag_in_other_letters_has_a_page(client: Browser) -> None:
    tag = make_tag("Hüfte 股関節")
    page = client.get(f"/tags/{tag.slug}")
    assert page.status_code == 200
    assert '<link rel="canonical" href="http://localhost/tags/hufte-%E8%82%A1' in page.text


def test_a_tags_page_costs_the_same_for_one_question_as_for_ten(
    client: Browser, count_queries: Counting
) -> None:
    tag = make_tag("Hip", synonyms=["hips"])

    def fill() -> None:
        make_question(article=make_article(tags=[tag]), tags=[tag])
        make_resource(tags=[tag])

    fill()
    with count_queries() as one:
        client.get("/tags/hip")
    for _ in range(9):
        fill()
    with count_queries() as ten:
        client.get("/tags/hip")
    assert ten.total == one.total, ten


def test_p11_a_place_in_a_tags_list_as_it_was_written_once_shows_the_beginning(
    client: Browser,
) -> None:
    question = make_question(title="Is it bad?", tags=[make_tag("Hip")])
    former = f"{int(question.created_at.timestamp() * 10**6)}_{question.id}"
    assert "Is it bad?" in client.get(f"/tags/hip?after={former}").text


def test_the_lists_of_tags_and_resources_cost_the_same_for_one_as_for_ten(
    client: Browser, count_queries: Counting
) -> None:
    make_question(tags=[make_tag(synonyms=["word"])])
    make_resource(tags=[make_tag()])
    for path in ("/tags/", "/resources/"):
        with count_queries() as one:
            client.get(path)
        for number in range(9):
            tag = make_tag(synonyms=[f"word {number}"])
            make_question(tags=[tag])
            make_resource(tags=[tag])
        with count_queries() as ten:
            client.get(path)
        assert ten.total == one.total <= 4, ten
