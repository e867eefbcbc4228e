"""What is found out about a text as it comes in, and what is kept of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.domains.accounts.models import Account
from app.domains.comments import errors, services
from app.domains.comments.drafts import Draft, Origin, Writer
from app.domains.comments.events import OpinionWanted
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.domains.measures.models import Measure
from app.domains.measures.states import MeasureKind
from app.domains.screening.models import Rule, SpamTerm
from app.infra import clock, events
from app.infra.db import db
from tests.domains.screening.lessons import teach_enough
from tests.factories import make_account, make_address, make_article, make_comment, make_tag
from tests.support.settings import change_settings

pytestmark = pytest.mark.usefixtures("app")
TEXT = "My left hip clicks when I swing the leg, what does that mean?"
MACHINE = "203.0.113.7"


def send(text: str = TEXT, writer: Writer | None = None, **others: object) -> Comment:
    facts = {"name": "Anna", "email": "anna@example.com", "kind": Kind.QUESTION, **others}
    draft = Draft(source=text, **facts)  # type: ignore[arg-type]
    return services.submit(make_article(), None, draft, writer or Writer(origin=Origin(MACHINE)))


def trusted() -> Writer:
    account = make_account()
    for number in range(2):
        make_comment(f"Thank you {number}", account=account)
    return Writer(account, frozenset({account.address_id} - {None}), Origin(MACHINE))


def make_rule(kind: str, line: str, effect: str, **others: object) -> Rule:
    rule = Rule(name="Pain", kind=kind, lines=line, effect=effect, is_live=True, **others)
    db.session.add(rule)
    db.session.commit()
    return rule


def measure(kind: MeasureKind, until: datetime | None = None, **about: object) -> None:
    row = Measure(kind=kind, reason="Rude twice", by_name="Ruth", until=until, **about)
    db.session.add(row)
    db.session.commit()


def reasons(comment: Comment) -> list[str]:
    return [reason["name"] for reason in comment.verdict["reasons"]]


def test_the_verdict_is_kept_with_every_reason_and_weight() -> None:
    comment = send()
    assert comment.verdict["outcome"] == "hold"
    assert comment.verdict["score"] == 10
    assert comment.verdict["reasons"] == [
        {
            "name": "first comments",
            "weight": 5,
            "sentence": "Nothing by this writer has been approved yet.",
        },
        {
            "name": "address not proven",
            "weight": 5,
            "sentence": "The e-mail address has not been confirmed.",
        },
    ]


def test_language_and_certainty_are_kept_for_the_desk() -> None:
    comment = send()
    assert (comment.language, comment.certainty, comment.verdict["chance"]) == ("en", 0.0, None)
    teach_enough()
    taught = send(TEXT, email="bo@example.com")
    assert taught.certainty == pytest.approx(abs(taught.verdict["chance"] - 0.5) * 2, abs=1e-3)
    assert taught.verdict["words"]


def test_a_red_flag_marks_the_text_and_keeps_the_note_for_its_writer() -> None:
    rule = make_rule("phrase", "hip clicks", "red flag", note="Please see a doctor.")
    comment = send(TEXT, trusted())
    assert (comment.status, comment.red_flag) == (Status.PENDING, True)
    assert comment.verdict["red_flag"] == {
        "rule": rule.id,
        "line": "hip clicks",
        "note": "Please see a doctor.",
    }


def test_a_red_flag_waits_for_people_even_where_the_hidden_field_was_filled() -> None:
    make_rule("phrase", "hip clicks", "red flag")
    assert send(trap_filled=True).status == Status.PENDING


def test_an_edit_raises_the_flag_or_takes_it_down() -> None:
    make_rule("phrase", "chest pain", "red flag")
    comment = send()
    services.edit_own(comment, "I have chest pain when I run, is that bad?", None, Writer())
    assert comment.red_flag
    services.edit_own(comment, TEXT, None, Writer())
    assert not comment.red_flag
    assert "red_flag" not in comment.verdict


def test_s07_a_rule_sees_through_invisible_signs_and_lookalikes() -> None:
    make_rule("phrase", "hip clicks", "spam")
    assert send("My h\u200bip cli\u0441ks when I swing it").status == Status.SPAM


def test_a_rule_tags_a_question_and_leaves_the_tag_of_its_words() -> None:
    tag, other = make_tag("Snapping hip"), make_tag("Hip", synonyms=["left hip"])
    make_rule("phrase", "hip clicks", "tag", tag_id=tag.id)
    found = {link.tag_id: (link.words, link.by_hand) for link in send().tags}
    assert found == {tag.id: ("hip clicks", False), other.id: ("left hip", False)}


def test_a_rule_tags_no_remark() -> None:
    make_rule("phrase", "hip clicks", "tag", tag_id=make_tag("Snapping hip").id)
    assert send(kind=Kind.COMMENT).tags == []


def test_a_rule_about_networks_sees_the_machine() -> None:
    make_rule("network", "203.0.113.0/24", "spam")
    assert send().status == Status.SPAM


def test_s06_a_host_is_new_until_a_text_with_it_was_let_in() -> None:
    text = f"{TEXT} I read https://www.knees.example/hip about it."
    assert "new host" in reasons(send(text))
    db.session.add(SpamTerm(term="h:knees.example", good=1, spam=0))
    assert "new host" not in reasons(send(text, email="bo@example.com"))


def test_links_to_this_site_are_not_new() -> None:
    assert "new host" not in reasons(send(f"{TEXT} http://localhost/articles/hips"))


def test_s06_a_short_link_holds_a_trusted_writer() -> None:
    assert reasons(send(f"{TEXT} https://bit.ly/abc", trusted()))[0] == "short link"


def test_letters_of_another_script_are_measured_by_the_sites_language(app: Flask) -> None:
    text = "Болит колено, что делать?"
    assert "script" in reasons(send(text))
    change_settings(app, site_language="ru")
    assert "script" not in reasons(send(text, email="bo@example.com"))


def decided(address_id: int, status: Status, days_ago: int) -> None:
    from_there = make_comment(status=status)
    from_there.address_id = address_id
    from_there.decided_at = clock.now() - timedelta(days=days_ago)
    db.session.commit()


def test_what_was_turned_down_within_thirty_days_weighs() -> None:
    address = make_address("anna@example.com")
    decided(address.id, Status.APPROVED, 3)
    decided(address.id, Status.REJECTED, 2)
    decided(address.id, Status.SPAM, 1)
    (sentence,) = [
        reason["sentence"] for reason in send().verdict["reasons"] if reason["name"] == "record"
    ]
    assert sentence == "Of 3 texts by this sender in 30 days, 2 were rejected or spam."


def test_what_was_turned_down_longer_ago_is_forgiven() -> None:
    address = make_address("anna@example.com")
    for status in (Status.REJECTED, Status.SPAM, Status.SPAM):
        decided(address.id, status, 31)
    assert "record" not in reasons(send())


def test_a_measure_that_holds_everything_holds_a_trusted_writer() -> None:
    writer = trusted()
    assert writer.account is not None
    measure(MeasureKind.HOLD, account_id=writer.account.id)
    comment = send(TEXT, writer)
    assert comment.status == Status.PENDING
    assert comment.verdict["reasons"][0]["sentence"].endswith("Rude twice.")


@pytest.mark.parametrize(
    "about",
    [{"pattern": "*@example.com"}, {"network": "203.0.113.0/24"}],
    ids=["pattern", "network"],
)
def test_p09_whoever_is_shut_out_is_told_until_when_and_why(about: dict[str, str]) -> None:
    measure(MeasureKind.SUSPEND, datetime.fromisoformat("2999-01-01T00:00:00+00:00"), **about)
    with pytest.raises(errors.ShutOut, match=r"until 1 January 2999.*Rude twice"):
        send()


def test_p09_whoever_is_shut_out_changes_no_waiting_text() -> None:
    comment = send()
    measure(MeasureKind.BAN, address_id=comment.address_id)
    with pytest.raises(errors.ShutOut):
        services.edit_own(comment, "Something else entirely.", None, Writer())


def test_staff_are_read_by_no_check() -> None:
    make_rule("phrase", "hip clicks", "spam")
    moderator: Account = make_account("moderator")
    comment = send(TEXT, Writer(moderator, origin=Origin(MACHINE)))
    assert (comment.status, reasons(comment)) == (Status.APPROVED, ["staff"])


def test_what_would_pass_waits_for_the_opinion_that_decides(app: Flask) -> None:
    change_settings(app, opinion_service="hook", opinion_url="http://127.0.0.1:9/")
    comment = send(TEXT, trusted())
    assert (comment.status, reasons(comment)) == (Status.PENDING, ["outside opinion"])
    (wish,) = [one for one in events.recorded() if isinstance(one, OpinionWanted)]
    assert (wish.comment_id, wish.decides, wish.address) == (comment.id, True, MACHINE)


def test_on_what_waits_anyway_an_opinion_is_asked_that_decides_nothing(app: Flask) -> None:
    change_settings(app, opinion_service="hook", opinion_url="http://127.0.0.1:9/")
    send()
    (wish,) = [one for one in events.recorded() if isinstance(one, OpinionWanted)]
    assert not wish.decides


@pytest.mark.parametrize("trap_filled", [True, False])
def test_nobody_outside_is_asked_where_nobody_was_chosen(trap_filled: bool) -> None:
    send(trap_filled=trap_filled)
    assert not [one for one in events.recorded() if isinstance(one, OpinionWanted)]
