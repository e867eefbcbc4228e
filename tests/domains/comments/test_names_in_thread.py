"""A guest's name beside the names that stand in the same thread."""

from __future__ import annotations

import pytest

from app.domains.accounts.errors import MixedAlphabets
from app.domains.accounts.models import Account
from app.domains.comments import errors, services
from app.domains.comments.drafts import Draft, Writer
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_address, make_comment

pytestmark = pytest.mark.usefixtures("app")
ALIKE = [
    "Hanne Vos",
    "hanne vos",
    "\uff28\uff41\uff4e\uff4e\uff45 Vos",
    "Hanne\u200b Vos",
    "HanneVos",
    "H4nne V0s",
]


def reply(
    parent: Comment,
    name: str,
    *,
    email: str = "guest@example.com",
    proven: frozenset[int] = frozenset(),
    sent: frozenset[int] = frozenset(),
) -> Comment:
    draft = Draft(source="And what about the left side?", name=name, email=email)
    with unit_of_work():
        return services.submit(parent.article, parent, draft, Writer(proven=proven, sent=sent))


@pytest.mark.parametrize("name", ALIKE)
def test_u01_a18_a_guest_named_like_somebody_in_the_thread_is_told(name: str) -> None:
    question = make_comment(name="Hanne Vos")
    with pytest.raises(errors.NameInThread):
        reply(question, name)


def test_u01_everybody_in_the_thread_counts_wherever_the_reply_hangs() -> None:
    question = make_comment(name="Somebody")
    make_comment(parent=question, account=make_account(name="Hanne Vos"))
    beside = make_comment(parent=question, name="Third")
    with pytest.raises(errors.NameInThread):
        reply(beside, "Hanne Vos")


def test_the_same_name_in_another_thread_is_free() -> None:
    question = make_comment(name="Hanne Vos")
    other = make_comment(article=question.article, name="Somebody")
    assert reply(other, "Hanne Vos").author_name == "Hanne Vos"


@pytest.mark.parametrize(
    "status", [Status.PENDING, Status.SPAM, Status.REJECTED, Status.WITHDRAWN, Status.DELETED]
)
def test_v05_a_name_that_nobody_can_read_is_not_told_of(status: Status) -> None:
    question = make_comment(name="Somebody")
    make_comment(parent=question, name="Hanne Vos", status=status)
    assert reply(question, "Hanne Vos").author_name == "Hanne Vos"


def test_who_wrote_from_this_browser_goes_on_under_their_name() -> None:
    question = make_comment(name="Hanne Vos")
    assert reply(question, "Hanne Vos", sent=frozenset({question.id})).parent_id == question.id


def test_who_proved_the_address_here_goes_on_under_their_name() -> None:
    address = make_address("hanne@example.com", proven=True)
    question = make_comment(name="Hanne Vos", address=address)
    proven = frozenset({address.id})
    assert reply(question, "Hanne Vos", email=address.email, proven=proven).parent_id == question.id


def test_v14_typing_somebodys_address_tells_nobody_that_it_is_theirs() -> None:
    address = make_address("hanne@example.com", proven=True)
    question = make_comment(name="Hanne Vos", address=address)
    with pytest.raises(errors.NameInThread):
        reply(question, "Hanne Vos", email=address.email)


def test_a18_an_address_proven_here_lends_nobody_a_members_name() -> None:
    member = make_account(name="Hanne Vos")
    question = make_comment(account=member)
    with pytest.raises(errors.NameInThread):
        reply(question, "Hanne Vos", proven=frozenset({member.address_id}))


def test_u01_a_guests_name_keeps_to_one_alphabet_in_each_word() -> None:
    with pytest.raises(MixedAlphabets):
        reply(make_comment(), "Gr\u0435ta")


def member_replies(parent: Comment, member: Account) -> Comment:
    """A member whose words are let in without anybody looking."""
    for _ in range(2):
        make_comment(account=member)
    account_id, parent_id = member.id, parent.id
    with unit_of_work():
        member, parent = (
            db.session.get_one(Account, account_id),
            db.session.get_one(Comment, parent_id),
        )
        writer = Writer(member, frozenset({member.address_id}))
        draft = Draft(source="And what about the left side of it?")
        reply_id = services.submit(parent.article, parent, draft, writer).id
    return db.session.get_one(Comment, reply_id)


@pytest.mark.parametrize("name", ALIKE)
def test_u01_a_member_named_like_somebody_in_the_thread_waits_and_the_desk_reads_why(
    name: str,
) -> None:
    question = make_comment(name="Hanne Vos")
    said = member_replies(question, make_account(name=name))
    assert said.status == Status.PENDING
    assert [one["name"] for one in said.verdict["reasons"]] == ["namesake"]
    assert "“Hanne Vos”" in said.verdict["reasons"][0]["sentence"]


def test_a_member_goes_on_in_a_thread_where_they_wrote_themselves() -> None:
    member = make_account(name="Hanne Vos")
    question = make_comment(account=member)
    make_comment(parent=question, name="Hanne Vos", address=member.address)
    assert member_replies(question, member).status == Status.APPROVED
