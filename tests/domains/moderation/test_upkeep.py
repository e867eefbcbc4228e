"""What is forgotten, when, and what is kept."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.domains.accounts.mail_stops import MailStop
from app.domains.accounts.models import SignInTry
from app.domains.comments.models import Comment
from app.domains.moderation import upkeep
from app.domains.moderation.models import DeskLink, Opening
from app.domains.screening.models import TextTrace
from app.infra import audit, clock
from app.infra.audit import AuditEntry
from app.infra.db import Model, db
from app.infra.jobs import Job
from tests.factories import make_account, make_address, make_article, make_comment

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)


def ago(**span: float) -> datetime:
    return clock.now() - timedelta(**span)


def kept(*rows: Model) -> None:
    db.session.add_all(rows)
    db.session.commit()


def count(model: type[Model]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def link(mark: str, **times: datetime) -> DeskLink:
    comment, account = make_comment(), make_account()
    times = {"expires_at": ago(days=-3), **times}
    return DeskLink(
        fingerprint=mark, comment_id=comment.id, account_id=account.id, version=1, **times
    )


def test_jobs_done_long_ago_go_and_open_and_failed_ones_stay() -> None:
    kept(
        Job(kind="old", done_at=ago(days=91)),
        Job(kind="new", done_at=ago(days=89)),
        Job(kind="open", created_at=ago(days=200)),
        Job(kind="failed", failed_at=ago(days=200)),
        Job(kind="failed long ago", failed_at=ago(days=366)),
    )
    gone = upkeep.forget_old()
    assert (gone["jobs done"], gone["jobs given up"]) == (1, 1)
    assert set(db.session.scalars(select(Job.kind))) == {"new", "open", "failed"}


def test_tries_openings_and_traces_go_when_their_time_is_over() -> None:
    one, two, account = make_comment(), make_comment(), make_account()
    kept(
        SignInTry(bucket="old", at=ago(days=2, minutes=1)),
        SignInTry(bucket="new", at=ago(days=1)),
        Opening(comment_id=one.id, account_id=account.id, at=ago(hours=25)),
        Opening(comment_id=two.id, account_id=account.id, at=ago(hours=23)),
        TextTrace(trace=1, comment_id=one.id, at=ago(days=8)),
        TextTrace(trace=1, comment_id=two.id, at=ago(days=6)),
    )
    upkeep.forget_old()
    assert [count(model) for model in (SignInTry, Opening, TextTrace)] == [1, 1, 1]


def test_mailed_links_stay_a_month_after_their_end() -> None:
    kept(
        link("used long ago", used_at=ago(days=31)),
        link("ended long ago", expires_at=ago(days=31)),
        link("used", used_at=ago(days=29)),
        link("ended", expires_at=ago(days=29)),
        link("alive"),
    )
    upkeep.forget_old()
    assert set(db.session.scalars(select(DeskLink.fingerprint))) == {"used", "ended", "alive"}


def test_a_text_forgets_its_network_after_a_month_and_nothing_else() -> None:
    article = make_article()
    network = "203.0.113.0/24"
    old = make_comment(article=article, network=network, created_at=ago(days=31))
    new = make_comment(article=article, network=network, created_at=ago(days=29))
    version = old.version
    assert upkeep.forget_old()["networks of texts"] == 1
    db.session.expire_all()
    assert (old.network, old.version, new.network) == (None, version, network)
    assert count(Comment) == 2


def test_d12_the_record_forgets_networks_after_30_days_and_nothing_else() -> None:
    entries = [audit.write("reject", "comment", 1, by=None, reason="Plain") for _ in range(2)]
    for entry, days in zip(entries, (31, 29), strict=True):
        entry.network, entry.at = "203.0.113.0/24", ago(days=days)
    db.session.commit()
    columns = [one for one in AuditEntry.__table__.columns if one.name != "network"]
    everything = select(*columns).order_by(AuditEntry.id)
    before = db.session.execute(everything).all()
    assert upkeep.forget_old()["networks of acts"] == 1
    assert db.session.execute(everything).all() == before
    networks = select(AuditEntry.network).order_by(AuditEntry.id)
    assert list(db.session.scalars(networks)) == ["", "203.0.113.0/24"]


def test_more_than_a_piece_goes_in_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "PIECE", 2)
    article = make_article()
    for number in range(5):
        make_comment(article=article, network="10.0.0.0/8", created_at=ago(days=40))
        kept(SignInTry(bucket=str(number), at=ago(days=3)))
    gone = upkeep.forget_old()
    assert (gone["networks of texts"], gone["sign-in tries"]) == (5, 5)


def test_a_turn_ends_before_all_is_gone_and_another_follows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(upkeep, "PIECE", 2)
    monkeypatch.setattr(upkeep, "MOST_PIECES", 2)
    article, old = make_article(), ago(days=100)
    for _ in range(5):
        make_comment(article=article, network="10.0.0.0/8", created_at=old)
        audit.write("reject", "comment", 1, by=None).network = "10.0.0.0/8"
    for entry in db.session.scalars(select(AuditEntry)):
        entry.at = old
    kept(*(SignInTry(bucket=str(number), at=old) for number in range(5)))

    upkeep.run(Job(kind="upkeep"))

    assert [count(SignInTry), with_network(Comment), with_network(AuditEntry)] == [1, 1, 1]
    (next_turn,) = db.session.scalars(select(Job))
    assert (next_turn.kind, next_turn.run_at > clock.now()) == ("upkeep", True)
    upkeep.run(next_turn)
    assert [count(SignInTry), with_network(Comment), with_network(AuditEntry)] == [0, 0, 0]
    assert count(Job) == 1


def with_network(model: type[Comment | AuditEntry]) -> int:
    known = model.network.is_not(None) & (model.network != "")
    return db.session.scalar(select(func.count()).select_from(model).where(known)) or 0


def test_a_soft_stop_that_is_long_over_is_forgotten_and_a_hard_one_is_not() -> None:
    addresses = [make_address() for _ in range(3)]
    for address, kind, days in zip(addresses, ("soft", "soft", "hard"), (31, 29, 900), strict=True):
        until = ago(days=days - 1) if kind == "soft" else None
        kept(MailStop(address_id=address.id, kind=kind, why="-", at=ago(days=days), until=until))
    assert upkeep.forget_old()["stops of mail"] == 1
    assert set(db.session.scalars(select(MailStop.address_id))) == {one.id for one in addresses[1:]}


def test_the_log_has_one_line_of_it(caplog: pytest.LogCaptureFixture) -> None:
    kept(SignInTry(bucket="old", at=ago(days=3)))
    with caplog.at_level(logging.INFO, logger=upkeep.__name__):
        upkeep.run(Job(kind="upkeep"))
        upkeep.run(Job(kind="upkeep"))
    assert [record.getMessage() for record in caplog.records] == [
        "upkeep: 1 sign-in tries",
        "upkeep: nothing to forget",
    ]
