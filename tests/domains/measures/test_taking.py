"""Taking and lifting measures: what is refused, what is kept, who hears of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domains.accounts.states import Role
from app.domains.measures import errors, services
from app.domains.measures.events import MeasureTaken
from app.domains.measures.models import Measure
from app.domains.measures.queries import told_to
from app.domains.measures.services import About
from app.domains.measures.states import MeasureKind
from app.infra import clock, events
from app.infra.audit import AuditEntry
from app.infra.db import db
from tests.factories import make_account, make_address

pytestmark = pytest.mark.usefixtures("app")

TOMORROW = timedelta(days=1)


def take(kind: MeasureKind, about: About | None = None, **others: object) -> Measure:
    given: dict[str, object] = {"reason": "Advertises again.", **others}
    return services.take(
        kind,
        about or About(address=make_address()),
        by=make_account("moderator"),
        **given,  # type: ignore[arg-type]
    )


def rows() -> list[AuditEntry]:
    found = select(AuditEntry).where(AuditEntry.subject == "measure").order_by(AuditEntry.id)
    return list(db.session.scalars(found))


@pytest.mark.parametrize("kind", list(MeasureKind))
def test_every_measure_keeps_who_and_why_and_stands_in_the_record(kind: MeasureKind) -> None:
    measure = take(kind, until=clock.now() + TOMORROW)
    (row,) = rows()
    assert (measure.by_id, measure.reason) == (row.actor_id, "Advertises again.")
    assert (row.act, row.subject_id, row.reason) == (kind, measure.id, "Advertises again.")


def test_v14_the_record_keeps_a_number_for_an_address() -> None:
    address = make_address("secret@example.com")
    take(MeasureKind.BAN, About(address=address))
    (row,) = rows()
    assert row.detail == {"address": address.id}


@pytest.mark.parametrize("kind", list(MeasureKind))
def test_no_measure_is_taken_without_a_reason(kind: MeasureKind) -> None:
    with pytest.raises(errors.NoReason):
        take(kind, reason="  ", until=clock.now() + TOMORROW)
    assert rows() == []


def test_a_suspension_needs_an_end_and_a_ban_does_not() -> None:
    with pytest.raises(errors.EndNeeded):
        take(MeasureKind.SUSPEND)
    assert take(MeasureKind.BAN).until is None


@pytest.mark.parametrize("kind", [MeasureKind.HOLD, MeasureKind.SUSPEND, MeasureKind.BAN])
def test_an_end_in_the_past_is_refused(kind: MeasureKind) -> None:
    with pytest.raises(errors.EndIsPast):
        take(kind, until=clock.now() - timedelta(seconds=1))


@pytest.mark.parametrize("kind", list(MeasureKind))
@pytest.mark.parametrize("role", [Role.MODERATOR, Role.AUTHOR, Role.ADMIN])
def test_p05_no_measure_reaches_staff(kind: MeasureKind, role: Role) -> None:
    colleague = make_account(role)
    for about in (
        About(account=colleague),
        About(address=colleague.address),
        About(pattern=colleague.address.email[:-3] + "*"),
    ):
        with pytest.raises(errors.AboutStaff):
            take(kind, about, until=clock.now() + TOMORROW)
    assert rows() == []


@pytest.mark.parametrize("pattern", ["*@*", "*@*.*", "*@*.com", "*@.", "a*@*.de"])
def test_a_pattern_that_fits_everybody_is_refused(pattern: str) -> None:
    with pytest.raises(errors.AboutEverybody):
        take(MeasureKind.BAN, About(pattern=pattern))


@pytest.mark.parametrize(
    "pattern", ["one@two.example", "*", "* @x.example", "a@b@*", "*" * 6 + "@abcd"]
)
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(errors.UnfitPattern):
        take(MeasureKind.BAN, About(pattern=pattern))


def test_a_pattern_is_kept_in_small_letters() -> None:
    assert take(MeasureKind.BAN, About(pattern="*@Shop.Example")).pattern == "*@shop.example"


@pytest.mark.parametrize("network", ["0.0.0.0/0", "::/0", "10.0.0.0/8", "2001::/16"])
def test_a_network_of_everybody_is_refused(network: str) -> None:
    with pytest.raises(errors.AboutEverybody):
        take(MeasureKind.BAN, About(network=network))


@pytest.mark.parametrize("network", ["here", "", "203.0.113.0/33"])
def test_what_is_no_network_is_refused(network: str) -> None:
    with pytest.raises(errors.UnfitNetwork):
        take(MeasureKind.BAN, About(network=network))


@pytest.mark.parametrize("seat", ["203.0.113.9", "::ffff:203.0.113.9"])
def test_a_moderator_does_not_shut_out_the_network_they_sit_in(seat: str) -> None:
    with pytest.raises(errors.AboutYourself):
        take(MeasureKind.BAN, About(network="203.0.113.0/24"), seat=seat)
    assert take(MeasureKind.BAN, About(network="198.51.100.0/24"), seat=seat).network


@pytest.mark.parametrize("kind", [MeasureKind.WARN, MeasureKind.SUSPEND, MeasureKind.BAN])
def test_the_person_is_told(kind: MeasureKind) -> None:
    measure = take(kind, until=clock.now() + TOMORROW)
    assert events.recorded() == [MeasureTaken(measure.id)]


def test_nobody_is_told_of_notes_holds_patterns_and_networks() -> None:
    take(MeasureKind.NOTE)
    take(MeasureKind.HOLD)
    take(MeasureKind.BAN, About(pattern="*@shop.example"))
    take(MeasureKind.BAN, About(network="203.0.113.0/24"))
    assert events.recorded() == []


def test_lifting_ends_a_measure_and_is_written_down() -> None:
    measure = take(MeasureKind.BAN)
    services.lift(measure, make_account("moderator", name="Tomasz"))
    assert (measure.lifted_at is not None, measure.lifted_by) == (True, "Tomasz")
    assert [row.act for row in rows()] == ["ban", "lift ban"]


def test_a_measure_is_lifted_once() -> None:
    measure = take(MeasureKind.BAN)
    services.lift(measure, make_account("moderator"))
    with pytest.raises(errors.LiftedAlready):
        services.lift(measure, make_account("moderator"))


def test_a_person_sees_warnings_and_what_shuts_them_out_and_no_notes() -> None:
    person = make_account()
    for kind in MeasureKind:
        take(kind, About(account=person), until=clock.now() + TOMORROW)
    told = told_to(person, None)
    assert [one.kind for one in told] == [MeasureKind.BAN, MeasureKind.SUSPEND, MeasureKind.WARN]
    assert told_to(make_account(), make_address().id) == []
    assert told_to(None, None) == []


def test_a_warning_is_shown_for_ninety_days() -> None:
    person = make_account()
    measure = take(MeasureKind.WARN, About(account=person))
    measure.at = clock.now() - timedelta(days=91)
    db.session.commit()
    assert told_to(person, None) == []
