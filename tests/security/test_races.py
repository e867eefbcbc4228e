"""Many at once, in real threads on real connections: one act wins, and nobody sees a fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.domains.accounts import mailed_links
from app.domains.accounts.factors.models import AuthenticatorApp, Passkey
from app.domains.accounts.models import Account, LoginSession
from app.domains.accounts.states import Role
from app.domains.comments.models import Comment, CommentRevision
from app.domains.comments.states import Status
from app.infra import clock, tokens
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work
from tests import factories
from tests.support import second_step
from tests.support.client import Browser

As = Callable[..., Browser]
Act = Callable[[], TestResponse]
TEXT = "My left hip clicks when I swing the leg, what does that mean?"


def at_once(acts: Sequence[Act]) -> list[TestResponse]:
    """Each act in a thread of its own, all let go in the same moment."""
    db.session.commit()
    barrier = Barrier(len(acts), timeout=20)

    def run(act: Act) -> TestResponse:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        answers = list(threads.map(run, acts))
    db.session.rollback()
    return answers


def statuses(answers: Sequence[TestResponse]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def copies(browser: Browser, count: int) -> list[Browser]:
    """The same browser's cookies in several clients, since one client answers one at a time."""
    with browser.session_transaction() as stored:
        given = dict(stored)
    made = []
    for _ in range(count):
        copy = browser.application.test_client()
        assert isinstance(copy, Browser)
        with copy.session_transaction() as stored:
            stored.update(given)
        made.append(copy)
    return made


def posting(browser: Browser, path: str, **fields: str) -> Act:
    token = browser.csrf_token()
    return lambda: browser.post(path, data={"csrf_token": token, **fields})


def ticket_of(client: Browser) -> str:
    """The ticket of a fresh form, as the page's script gets it."""
    form = client.get("/fresh-form").text
    return form.split('name="ticket"')[1].split('value="')[1].split('"')[0]


def acts_on(comment: Comment) -> list[str]:
    rows = db.session.scalars(
        select(AuditEntry.act)
        .where(AuditEntry.subject == "comment", AuditEntry.subject_id == comment.id)
        .order_by(AuditEntry.id)
    )
    return list(rows)


def now_of(comment: Comment) -> Comment:
    return db.session.get_one(Comment, comment.id, populate_existing=True)


def test_s18_r04_twenty_clicks_of_one_form_are_one_comment(client: Browser) -> None:
    path = f"/articles/{factories.make_article().slug}"
    ticket = ticket_of(client)
    token = client.csrf_token()
    fields = {"csrf_token": token, "ticket": ticket, "name": "Bo", "email": "bo@example.com"}

    answers = at_once(
        [
            lambda one=one: one.post(f"{path}/ask", data={**fields, "body": TEXT})  # type: ignore[misc]
            for one in copies(client, 20)
        ]
    )

    assert statuses(answers) == {303: 20}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert db.session.scalar(select(func.count(Comment.id))) == 1


def test_r04_another_browser_with_the_same_ticket_is_not_led_to_the_first_ones_page(
    app: Flask, client: Browser
) -> None:
    path = f"/articles/{factories.make_article().slug}"
    ticket = ticket_of(client)
    other = app.test_client()
    assert isinstance(other, Browser)

    first = client.submit(f"{path}/ask", ticket=ticket, body=TEXT, name="Bo", email="bo@ex.org")
    second = other.submit(f"{path}/ask", ticket=ticket, body=TEXT, name="Al", email="al@ex.org")

    assert first.headers["Location"] != second.headers["Location"]


def test_another_text_from_the_same_form_is_kept_as_its_own(client: Browser) -> None:
    """Who goes back, changes the words and sends again must not lose them."""
    path = f"/articles/{factories.make_article().slug}"
    ticket = ticket_of(client)
    guest = {"name": "Bo", "email": "bo@example.com", "ticket": ticket}

    for body in (TEXT, "And my right one?", TEXT):
        assert client.submit(f"{path}/ask", body=body, **guest).status_code == 303

    assert sorted(db.session.scalars(select(Comment.source))) == ["And my right one?", TEXT]


def test_s05_one_text_sent_from_many_forms_at_once_is_taken_once(client: Browser) -> None:
    path = f"/articles/{factories.make_article().slug}/ask"
    fields = {"body": TEXT, "name": "Bo", "email": "bo@example.com"}

    answers = at_once([posting(one, path, **fields) for one in copies(client, 8)])

    assert statuses(answers) == {303: 1, 409: 7}
    assert db.session.scalar(select(func.count(Comment.id))) == 1


@pytest.mark.parametrize(("mine", "theirs"), [("approve", "spam"), ("approve", "approve")])
def test_r12_of_two_moderators_at_once_one_decides_and_the_other_is_told(
    as_: As, mine: str, theirs: str
) -> None:
    comments = [factories.make_comment(status=Status.PENDING) for _ in range(6)]
    first, second = (as_(factories.make_account(Role.MODERATOR)) for _ in range(2))

    for comment in comments:
        item = f"{comment.id}:{comment.version}"
        answers = at_once(
            [
                posting(first, "/moderation/decide", verb=mine, item=item),
                posting(second, "/moderation/decide", verb=theirs, item=item),
            ]
        )

        assert statuses(answers) == {303: 1, 409: 1}
        assert len(acts_on(comment)) == 1
        last = db.session.scalars(
            select(AuditEntry.to_state).where(AuditEntry.subject_id == comment.id)
        ).one()
        assert now_of(comment).status == last


def test_r12_of_two_who_decide_on_the_same_fifty_each_text_is_decided_once(as_: As) -> None:
    article = factories.make_article()
    comments = [factories.make_comment(article=article, status=Status.PENDING) for _ in range(12)]
    items = [f"{comment.id}:{comment.version}" for comment in comments]
    acts = []
    for verb, order in (("approve", items), ("spam", items[::-1])):
        browser = as_(factories.make_account(Role.MODERATOR))
        data = {"csrf_token": browser.csrf_token(), "verb": verb, "item": order}
        acts.append(
            lambda browser=browser, data=data: browser.post("/moderation/decide", data=data)
        )

    answers = at_once(acts)

    assert statuses(answers) == {303: 1, 409: 1}
    assert [len(acts_on(comment)) for comment in comments] == [1] * 12
    assert len({now_of(comment).status for comment in comments}) == 1


def test_r12_a_text_taken_back_in_the_moment_of_its_approval_is_one_or_the_other(
    app: Flask, as_: As
) -> None:
    """And what the writer took back is not to be read, whichever came first."""
    moderator = as_(factories.make_account(Role.MODERATOR))
    for _ in range(4):
        comment = factories.make_comment(status=Status.PENDING)
        key = tokens.private_key("asked", comment.id, comment.nonce)
        writer = app.test_client()
        assert isinstance(writer, Browser)
        item = f"{comment.id}:{comment.version}"
        approved, withdrawn = at_once(
            [
                posting(moderator, "/moderation/decide", verb="approve", item=item),
                posting(writer, f"/asked/{comment.id}/{key}/withdraw"),
            ]
        )

        assert withdrawn.status_code == 303
        assert approved.status_code in (303, 409)
        assert now_of(comment).status == Status.WITHDRAWN
        assert app.test_client().get(f"/comments/{comment.id}").status_code == 404


def test_r12_an_edit_in_the_moment_of_the_decision_is_seen_or_refused(app: Flask, as_: As) -> None:
    """Nobody ever publishes a text that no moderator saw."""
    moderator = as_(factories.make_account(Role.MODERATOR))
    for _ in range(4):
        comment = factories.make_comment(status=Status.PENDING)
        key = tokens.private_key("asked", comment.id, comment.nonce)
        writer = app.test_client()
        assert isinstance(writer, Browser)
        item = f"{comment.id}:{comment.version}"
        approved, edited = at_once(
            [
                posting(moderator, "/moderation/decide", verb="approve", item=item),
                posting(writer, f"/asked/{comment.id}/{key}/edit", body="Buy my pills."),
            ]
        )

        found = now_of(comment)
        if approved.status_code == 303:
            assert (found.status, edited.status_code) == (Status.APPROVED, 409)
            assert "pills" not in found.source
        else:
            assert (approved.status_code, edited.status_code) == (409, 303)
            assert found.status == Status.PENDING
        revisions = select(func.count()).where(CommentRevision.comment_id == comment.id)
        assert db.session.scalar(revisions) == (0 if approved.status_code == 303 else 1)


def test_r12_two_editors_at_once_lose_no_text(as_: As) -> None:
    comment = factories.make_comment(status=Status.PENDING)
    path = f"/moderation/{comment.id}/edit"
    version = str(comment.version)

    answers = at_once(
        [
            posting(
                as_(factories.make_account(Role.MODERATOR)),
                path,
                body=f"Text {number}",
                version=version,
            )
            for number in range(4)
        ]
    )

    assert statuses(answers) == {303: 1, 409: 3}


def test_r12_one_decision_is_undone_once(as_: As) -> None:
    comment = factories.make_comment(status=Status.PENDING)
    moderator = as_(factories.make_account(Role.MODERATOR))
    moderator.submit("/moderation/decide", verb="spam", item=f"{comment.id}:{comment.version}")
    entry = db.session.scalars(select(AuditEntry.id)).one()

    answers = at_once(
        [posting(one, "/moderation/undo", entry=str(entry)) for one in copies(moderator, 4)]
    )

    assert statuses(answers) == {303: 1, 409: 3}
    assert acts_on(comment) == ["spam", "undo"]
    assert now_of(comment).status == Status.PENDING


def test_s18_a_decision_raced_by_eight_mails_its_writer_once(as_: As) -> None:
    question = factories.make_question(
        status=Status.PENDING, address=factories.make_address(proven=True)
    )
    item = f"{question.id}:{question.version}"

    at_once(
        [
            posting(
                as_(factories.make_account(Role.MODERATOR)),
                "/moderation/decide",
                verb="approve",
                item=item,
            )
            for _ in range(8)
        ]
    )

    kinds = Counter(db.session.scalars(select(Job.kind)))
    assert all(count == 1 for count in kinds.values()), kinds


def test_one_code_of_an_app_lets_one_of_many_in(app: Flask, as_: As) -> None:
    account = factories.make_account()
    phone, codes = second_step.set_up(as_(account))
    with unit_of_work():
        app_row = db.session.get_one(AuthenticatorApp, account.id)
        app_row.last_step -= 1  # the code that set it up counts as unused
    for code in (phone.code(), codes[0]):
        # Eight tries in all, fewer than an account has before it waits.
        browsers = [halfway(app, account) for _ in range(4)]

        answers = at_once([posting(one, second_step.STEP, code=code) for one in browsers])

        assert statuses(answers) == {303: 1, 422: 3}


def test_an_app_that_is_confirmed_by_two_clicks_is_set_up_once(as_: As) -> None:
    account = factories.make_account()
    browser = as_(account)
    phone, field = second_step.offered(browser)
    two = copies(browser, 2)

    answers = at_once([posting(one, second_step.APP, **field, code=phone.code()) for one in two])

    assert statuses(answers) == {200: 1, 303: 1}


def test_of_two_passkeys_removed_at_once_none_leaves_a_second_step_behind(as_: As) -> None:
    account = factories.make_account()
    browser = as_(account)
    with unit_of_work():
        keys = [passkey_of(account, number) for number in range(6)]
        db.session.get_one(Account, account.id).factor_since = clock.now()
        db.session.add_all(keys)
        db.session.flush()
        paths = [f"/account/passkeys/{key.id}/remove" for key in keys]
    six = copies(browser, len(paths))

    at_once([posting(one, path) for one, path in zip(six, paths, strict=True)])

    assert not db.session.get_one(Account, account.id, populate_existing=True).has_second_step


def test_an_app_set_up_as_its_bearer_is_thrown_out_is_taken_away_or_never_there(
    app: Flask, as_: As
) -> None:
    account = factories.make_account()
    phone, field = second_step.offered(thief := as_(account))
    with unit_of_work():
        link = mailed_links.make(mailed_links.NOT_ME, db.session.get_one(Account, account.id))
        secret = mailed_links.secret_for_mail(mailed_links.NOT_ME, link.id)
    setting_up = posting(thief, second_step.APP, **field, code=phone.code())
    owner = app.test_client()
    assert isinstance(owner, Browser)

    answers = at_once([setting_up, posting(owner, f"/account/not-me/{secret}")])

    assert answers[1].status_code == 303
    assert answers[0].status_code in (200, 401)
    assert not db.session.get_one(Account, account.id, populate_existing=True).has_second_step


def test_a03_who_signs_in_as_the_owner_throws_everybody_out_is_out_or_never_in(
    app: Flask, as_: As
) -> None:
    """Nor does anybody who comes in by a link keep the owner from it, as a deadlock would."""
    account = factories.make_account()
    secrets = []
    with unit_of_work():
        found = db.session.get_one(Account, account.id)
        for purpose in (mailed_links.NOT_ME, *[mailed_links.SIGN_IN] * 4):
            link = mailed_links.make(purpose, found)
            secrets.append(mailed_links.secret_for_mail(purpose, link.id))
    owner, *thieves = copies(as_(factories.make_account()), 5)
    entering = [
        posting(thief, f"/sign-in/link/{secret}")
        for thief, secret in zip(thieves, secrets[1:], strict=True)
    ]

    answers = at_once([posting(owner, f"/account/not-me/{secrets[0]}"), *entering])

    assert answers[0].status_code == 303
    assert {answer.status_code for answer in answers[1:]} <= {303, 410}
    theirs = select(LoginSession.id).where(LoginSession.account_id == account.id)
    assert not db.session.scalars(theirs).all()


def passkey_of(account: Account, number: int) -> Passkey:
    name = f"key {number}"
    return Passkey(
        account_id=account.id,
        name=name,
        fingerprint=tokens.fingerprint(name),
        credential=name,
        public_key=name,
        handle="handle",
    )


def halfway(app: Flask, account: Account) -> Browser:
    """A browser in which the password was given."""
    browser = app.test_client()
    assert isinstance(browser, Browser)
    assert second_step.first_step(browser, account.username).status_code == 302
    return browser
