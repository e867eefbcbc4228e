"""The record in the browser: looking, reading what changed, taking it along."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.infra import audit
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.unnamed import NOBODY
from app.web.moderation import record as pages
from app.web.moderation.record import Change, changes
from tests.architecture.routes import MAY_USE
from tests.factories import make_account, make_comment
from tests.security import forms
from tests.support.client import Browser

As = Callable[[Account], Browser]


def write(act: str = "reject", **facts: object) -> AuditEntry:
    entry = audit.write(act, "comment", make_comment().id, by=None, **facts)  # type: ignore[arg-type]
    db.session.commit()
    return entry


def exported(as_: As, form: str, **filters: str) -> str:
    browser = as_(make_account(Role.ADMIN))
    return browser.get(f"/moderation/log/export/{form}", query_string=filters).text


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_filters_narrow_the_page_and_stay_in_it(as_: As) -> None:
    write(reason="Plain advertising", actor_name="Ruth")
    write(reason="Not kind", actor_name="Tomasz")
    page = as_(make_account(Role.MODERATOR)).get("/moderation/log?words=advert").text
    assert "Plain advertising" in page
    assert "Not kind" not in page
    assert 'value="advert"' in page


def test_the_record_speaks_to_its_reader_and_stays_as_it_is_stored(as_: As) -> None:
    write("hold", actor_name=NOBODY, from_state="approved", to_state="pending")
    write("reports", actor_name="readers", reason="reported by 3 readers")
    write("undo", reason="undoes approve", detail={"before": {"status": "spam"}, "after": {}})
    moderator = make_account(Role.MODERATOR)
    moderator.language = "de"
    db.session.commit()
    page = as_(moderator).get("/moderation/log?act=hold&who=jemand").text
    for said in (
        "<bdi>jemand</bdi>",
        "Zurückstellen: <a",
        "freigegeben → wartet",
        "jemand, Zurückstellen.",
    ):
        assert said in page
    write("edit", detail={"recheck_reason": "“Knees” was changed."})
    page = as_(moderator).get("/moderation/log").text
    assert "„Knees“ wurde geändert." in page
    for said in ("von 3 Personen gemeldet", "macht rückgängig: Freigeben", "<dt>Stand</dt>"):
        assert said in page
    acts = [page.index(f">{act}</option>") for act in ("Ältere Fragen beantworten", "Ausschließen")]
    assert acts == sorted(acts)
    stored = rows_of(exported(as_, "csv", act="hold"))
    assert [(row["who"], row["from"]) for row in stored] == [("a reader", "approved")]


def test_d12_before_and_after_are_told(as_: As) -> None:
    write("edit", detail={"before": "It clik.", "after": "It clicks."})
    page = as_(make_account(Role.MODERATOR)).get("/moderation/log").text
    assert "<del>It clik.</del>" in page
    assert "<ins>It clicks.</ins>" in page


def test_from_where_is_shown_to_admins_alone(as_: As) -> None:
    entry = write()
    db.session.execute(
        AuditEntry.__table__.update().values(network="203.0.113.0/24")  # type: ignore[attr-defined]
    )
    assert entry.id
    assert "203.0.113.0/24" in as_(make_account(Role.ADMIN)).get("/moderation/log").text
    assert "203.0.113" not in as_(make_account(Role.MODERATOR)).get("/moderation/log").text


def test_x05_what_strangers_typed_is_text_in_the_record(as_: As) -> None:
    write(actor_name="<b>Bo</b>", detail={"after": "<img src=x>"}, reason="<i>x</i>")
    page = as_(make_account(Role.MODERATOR)).get("/moderation/log").text
    assert not any(tag in page for tag in ("<b>Bo", "<img src=x", "<i>x"))


@pytest.mark.parametrize(
    "query",
    [
        "before=x",
        "before=-1",
        "before=99999999999999999999",
        "id=nine",
        "since=yesterday",
        "until=9999-12-31&since=0001-01-01",
        "who=%00&act=%00&words=%00&batch=%00&subject=%00",
        "words=%25%5C_",
        "batch=" + "x" * 900,
    ],
)
def test_p11_broken_filters_are_no_fault(as_: As, query: str) -> None:
    write()
    assert as_(make_account(Role.ADMIN)).get(f"/moderation/log?{query}").status_code == 200


def test_nothing_found_says_so(as_: As) -> None:
    page = as_(make_account(Role.MODERATOR)).get("/moderation/log?act=dance").text
    assert "Nothing in the record is of this kind" in page


def test_i04_the_table_runs_nothing_and_loses_nothing(as_: As) -> None:
    reasons = ["=1+1", "+1", "-1", "@SUM(A1)", "\ttab", "\rreturn", 'say "no"', "a,b;c", "x\r\ny"]
    for reason in reasons:
        write(reason=reason)
    back = [row["why"] for row in rows_of(exported(as_, "csv"))][::-1]
    assert back == [f"'{reason}" for reason in reasons[:6]] + reasons[6:]


def test_json_lines_hold_everything_as_it_is(as_: As) -> None:
    entry = write(reason="=1+1\n", detail={"before": "a", "after": "b"}, from_state="pending")
    (line,) = exported(as_, "jsonl").splitlines()
    assert json.loads(line) == {
        **json.loads(line),
        "id": entry.id,
        "why": "=1+1\n",
        "from": "pending",
        "detail": {"before": "a", "after": "b"},
    }


def test_the_file_holds_what_the_filters_let_through_in_parts(
    as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "ROWS_A_PART", 2)
    wanted = [write(reason=f"Advertising {number}").id for number in range(5)]
    write(reason="Not kind")
    rows = rows_of(exported(as_, "csv", words="advertising"))
    assert [int(row["id"]) for row in rows] == wanted[::-1]


@pytest.mark.parametrize("role", [Role.READER, Role.MODERATOR, Role.AUTHOR])
def test_v11_who_is_no_admin_exports_nothing(as_: As, role: Role) -> None:
    write(reason="A canary sings")
    answer = as_(make_account(role)).get("/moderation/log/export/csv")
    assert answer.status_code == 403
    assert "canary" not in answer.text


def test_an_unknown_form_of_the_file_is_not_there(as_: As) -> None:
    assert as_(make_account(Role.ADMIN)).get("/moderation/log/export/xls").status_code == 404


def test_d12_no_route_changes_an_entry(app, as_: As) -> None:  # type: ignore[no-untyped-def]
    """Every form of the site is sent by somebody who may send all of them, whatever it answers;
    entries may be added and none may change or go."""
    house = forms.build(app)
    entry = audit.write("reject", "comment", house.waiting.id, by=house.admin, reason="Plain")
    db.session.commit()
    entry_id = entry.id
    table = AuditEntry.__table__
    before = db.session.execute(table.select()).all()
    for endpoint, path in house.paths.items():
        as_(db.session.get_one(Account, house.admin.id)).submit(
            path, **house.fields(endpoint) | {"entry": str(entry_id)}
        )
        after = db.session.execute(table.select().order_by(table.c.id)).all()
        assert after[: len(before)] == before, endpoint
        before = after
    assert any(route.startswith("POST ") for route in MAY_USE)


@pytest.mark.parametrize(
    ("detail", "lines"),
    [
        ({}, []),
        (
            {"before": {"a": 1, "b": 2}, "after": {"a": 1, "b": 3}},
            [Change("B", "2", "3")],
        ),
        ({"before": None, "after": {"is_on": True}}, [Change("Turned on", "nothing", "yes")]),
        ({"after": {"status": "spam"}}, [Change("State", "nothing", "spam")]),
        (
            {"until": "2026-03-01T09:00Z"},
            [Change("Until", None, "1 March 2026, 09:00 UTC")],
        ),
        ({"until": "for ever"}, [Change("Until", None, "for ever")]),
        ({"before": ["x"], "after": []}, [Change("", "x", "nothing")]),
        ({"tags": ["hip", "knee"]}, [Change("Tags", None, "hip, knee")]),
        (
            {"after": {"deep": {"in_it": [1, {"x": False}]}}},
            [Change("Deep", "nothing", "In it: 1, X: no")],
        ),
    ],
)
def test_what_changed_is_read_out(detail: dict[str, object], lines: list[Change]) -> None:
    assert changes(detail) == lines


def test_a_long_list_in_an_entry_is_cut_and_says_how_much_more_there_is() -> None:
    (change,) = changes({"moved": list(range(10_000))})
    assert change.after.startswith("0, 1, 2")
    assert change.after.endswith("49 and 9,950 more")
